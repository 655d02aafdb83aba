"""Words of one scale: who asks for one is not answered by a passage that has only others."""

import pytest

from qa.question.analysis import Question
from qa.text.scales import opposites


@pytest.mark.parametrize(
    ("question", "passage", "asked", "said"),
    [
        ("果园前年的产值是多少？", "果园去年的产值是四十万元。", "前年", ("去年",)),
        ("上半年卖了多少辆？", "下半年卖了三万辆。", "上半年", ("下半年",)),
        ("出口了多少吨?", "全年進口大豆九十萬噸。", "出口", ("進口",)),
        ("利润增长了多少？", "利润下滑4%，营收减少9%。", "增长", ("下滑", "减少")),
        ("換A級鎖芯多少錢", "B级一百六，C级两百二。", "A級", ("B级", "C级")),
        ("乙组用了几天？", "甲组用了九天。", "乙组", ("甲组",)),
        ("最高的一座塔在哪儿？", "最低的一座塔在河边。", "最高", ("最低",)),
        ("最高额度是多少？", "额度最低为一万元。", "最高", ("最低",)),
        ("最高额度是多少？", "最低额度为一万元。", "最高", ("最低",)),
        ("出口额怎么样，增长多少？", "出口额下降了3%。", "增长", ("下降",)),
        ("How much did sales grow?", "Sales fell by 5%.", "grow", ("fell",)),
        ("How did it do last year?", "It did well this year.", "last year", ("this year",)),
        ("果园本年产值是多少？", "果园去年产值四十万。", "本年", ("去年",)),
        ("他前天几点到？", "他昨天三点到。", "前天", ("昨天",)),
        ("How much did sales fall last year?", "今年销量增长了一成。", "last year", ("今年",)),
    ],
)
def test_a_passage_has_others_of_the_scale(
    question: str, passage: str, asked: str, said: tuple[str, ...]
) -> None:
    found = opposites(question, passage)
    assert {one.kind for one in found} == {"scale"}
    assert (asked, said) in [(one.asked, one.said) for one in found]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("去年的产值是多少？", "去年的产值是四十万元，今年还没有算。"),
        ("今年的产值增长多少？", "产值较去年增长一成。"),
        ("今年的销量呢？", "销量是三千台，比上年同期多出五成。"),
        ("去年比今年多多少？", "今年是三百万。"),
        ("什么时候升级？", "系统将于三月下降到地下室。"),
        ("初一放几天假？", "高中放三天假。"),
        ("左右两边各有几棵树？", "右边有三棵。"),
        ("A股收盘多少点？", "港股收盘一万九千点。"),
        ("公司怎么提高用户满意度？", "公司降低了费用，减少了等待时间。"),
        ("如何减少浪费？", "食堂提高了菜的质量。"),
        ("How did sales increase?", "Costs fell by 5%."),
        ("最多能贷多少？", "额度为20万元，最低年利率7.2%。"),
        ("最高额度是多少？", "额度为20万元，最低利率7.2%。"),
        ("增长率是多少？", "营收下降5%。"),
        ("Who fell ill in May?", "In May prices rose."),
        ("日本年产多少？", "去年产了三万辆。"),
        ("去年产了多少？", "日本年产三万辆。"),
        ("目前天气怎样？", "今天有雨。"),
        ("今天天气怎样？", "目前天气不错。"),
        ("以前年度亏损多少？", "今年亏损三万元。"),
        ("今年亏损多少？", "以前年度亏损三万元。"),
        ("日本周边有什么？", "上周去了海边。"),
        ("高等教育法何时颁布？", "中等教育有所发展。"),
    ],
)
def test_nothing_speaks_against_these(question: str, passage: str) -> None:
    assert opposites(question, passage) == ()


def test_whether_something_grew_is_answered_by_its_fall() -> None:
    passage = "今年的利润下降了4%。"
    assert Question("利润增长了吗？").conflicts_with(passage) == ()
    (conflict,) = Question("利润增长多少？").conflicts_with(passage)
    assert (conflict.asked, conflict.said) == ("增长", ("下降",))


def test_of_two_to_choose_from_one_is_enough() -> None:
    assert Question("退30%还是50%？").conflicts_with("退培训费的百分之三十。") == ()
    (conflict,) = Question("什么时候退50%？").conflicts_with("退培训费的百分之三十。")
    assert (conflict.asked, conflict.said) == ("50%", ("百分之三十",))
