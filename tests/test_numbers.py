"""Numbers in any form are the same number; what may be none stays what it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question.division import asks_for_division, begins_with, named_division
from qa.text import fold, query_tokens, tokens
from qa.text.numbers import asked_numbers, canonical, conflicts, in_forms_of, mentions

SAME = [
    ("第13条", "第十三条", "第１３条", "第十三條", "Article 13"),
    ("第108条", "第一百零八条", "第一百〇八條"),
    ("第3季度", "第三季度", "third quarter", "3rd quarter"),
    ("2021年", "二〇二一年", "二零二一年", "２０２１年"),
    ("1998年", "一九九八年"),
    ("98年", "九八年"),
    ("120000元", "12万元", "120,000元", "十二万元", "十二萬元", "壹拾贰万元"),
    ("120000000", "1.2亿", "一点二亿", "1亿2000万", "1.2億"),
    ("25000", "2.5万", "两万五", "两万五千", "兩萬五千", "25,000"),
    ("35000", "3万5千", "三万五千", "3万5", "三万五"),
    ("12000元", "1万2元", "一万二元", "1.2万元"),
    ("3500", "3千5", "三千五"),
    ("120000000", "1亿2", "一亿二"),
    ("3.5块", "3块5", "三块五", "3块5毛", "三块五毛"),
    ("3.5元", "3元5角", "三元五角"),
    ("12.8块", "12块8", "十二块八"),
    ("1.75米", "1米75", "一米七五"),
    ("1.8米", "1米8", "一米八"),
    ("50000元", "5w元", "5W元", "五万元"),
    ("贷100000", "贷10w", "贷10万"),
    ("月薪3000", "月薪3k", "月薪3K", "月薪三千"),
    ("2022年3月", "22年3月"),
    ("1998年7月1日", "98年7月1日", "九八年七月一日"),
    ("12000000000000", "12万亿", "十二万亿"),
    ("45%", "百分之四十五", "百分之45", "４５％", "45 percent", "forty-five per cent", "四成五"),
    ("3.5%", "百分之三点五"),
    ("100%", "百分之百", "百分之一百"),
    ("40%", "四成", "4成"),
    ("1/3", "三分之一", "3分之1"),
    ("5月23日", "五月二十三日", "5月23号", "05月23日", "5 月 23 日".replace(" ", "")),
    ("5月23日", "May 23", "23 May", "May 23rd", "23rd of May"),
    ("2022年5月23日", "2022-05-23", "2022/5/23", "2022.5.23", "二〇二二年五月二十三日"),
    ("2022年5月23日", "May 23, 2022", "23 May 2022"),
    ("2021年6月", "2021-06", "June 2021", "二〇二一年六月"),
    ("周一", "星期一", "礼拜一", "禮拜一", "Monday", "週一"),
    ("周日", "星期天", "星期日", "礼拜天", "Sunday"),
    ("9:30", "九点半", "9点30分", "9时30分", "09:30", "half past nine", "9:30 am", "九點三十分"),
    ("15:15", "3:15 pm", "3:15 p.m."),
    ("9:00", "九点钟", "9点整", "nine o'clock", "9 am"),
    ("3小时", "三小时", "三小時"),
    ("2个月", "两个月", "兩個月"),
    ("2人", "两人", "俩人", "二人"),
    ("3家", "三家"),
    ("15人", "十五人"),
    ("1年", "一年"),
    ("21世纪", "二十一世纪", "21st century"),
    ("300000", "three hundred thousand", "300 thousand", "三十万", "30万"),
]


@pytest.mark.parametrize(
    ("first", "other"), [(forms[0], other) for forms in SAME for other in forms[1:]]
)
def test_all_forms_of_a_number_give_the_same_tokens(first: str, other: str) -> None:
    assert tokens(other) == tokens(first)
    for around in ("{}", "甲在{}，", "（{}）", "about {}."):
        assert set(tokens(around.format(first))) == set(tokens(around.format(other)))


@pytest.mark.parametrize(
    "text",
    [
        *"一些 一样 统一 一起 万一 三明治 百姓 千万别 五一 十分 唯一 之一".split(),
        *"三亚 四川 九江 五四运动 百度 万达 一点 一时 一成不变 十几 三四个 二三十人".split(),
        *"三五年 七八年 十五六岁 柒财经 陆先生 零售 千里 九一八 三角 两岸 两会 周三家".split(),
        *"百货 三星 一定 一般 一直 一方面 一边".split(),
        *"数十人 数十万元 几十个 几十万 几百亿 数十亿元".split(),
        *"65w充电器 4k电视 卖4k电视 12k金 100米5秒 6块8个 10元8折 5元3个 康熙22年3月".split(),
        *"1块2毛5 3元5角2分 工作了22年3月离职 3块0 一块五一去".split(),
        "you may 3 times",
        "we march on",
        "v1.2.3",
        "010-2022-0523",
    ],
)
def test_what_may_be_no_number_is_left_as_it_is(text: str) -> None:
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第13条", "13条"),
        ("第13条", "第13章"),
        ("5月", "5个月"),
        ("45%", "45"),
        ("第3条", "第13条"),
        ("9:30", "9:03"),
    ],
)
def test_other_numbers_have_other_tokens(one: str, other: str) -> None:
    assert set(tokens(one)) != set(tokens(other))


def test_a_time_of_the_afternoon() -> None:
    assert "15:00" in tokens("下午三点")
    assert "15:00" in tokens("3 pm")
    assert "15:30" in tokens("下午3点半")
    assert "9:00" in tokens("上午九点")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("晚上12点开始", "0:00"),
        ("夜里十二点半开始", "0:30"),
        ("凌晨12:15出发", "0:15"),
        ("午夜12点钟", "0:00"),
        ("晚上11点开始", "23:00"),
        ("中午12点开始", "12:00"),
        ("12点开始", "12:00"),
    ],
)
def test_twelve_in_the_dark_is_the_beginning_of_a_day(text: str, told: str) -> None:
    assert told in tokens(text)


def test_a_weekday_is_told_from_a_count() -> None:
    assert canonical("每周三次") == "每周3次"
    assert canonical("每周三") == "每周三"


def test_question_tokens_match_in_any_form() -> None:
    assert set(query_tokens("第13条是什么？")) <= set(tokens("第十三条　摊主应当每日清扫。"))
    asked = set(query_tokens("What happened on May 23?")) - {"happened"}
    assert asked <= set(tokens("五月二十三日"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("二〇二一年五月三日", [("year", "2021", ""), ("month", "5", ""), ("day", "3", "5")]),
        ("第十三条", [("ordinal", "13", "条")]),
        ("十二万元", [("quantity", "120000", "元")]),
        ("18至60周岁", [("quantity", "18", "岁"), ("quantity", "60", "岁")]),
        ("星期三下午三点", [("weekday", "三", ""), ("time", "15:00", "")]),
        ("百分之五", [("percent", "5", "")]),
        ("in 2021", [("year", "2021", "")]),
        ("2000人", [("quantity", "2000", "人")]),
        ("乘十一号线", [("ordinal", "11", "号线")]),
        ("在6号楼三楼", [("ordinal", "6", "号楼"), ("ordinal", "3", "楼")]),
        ("二季度", [("ordinal", "2", "季度")]),
        ("哪一年，七十年代", []),
        ("三明治一些", []),
    ],
)
def test_mentions(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(one.kind, one.value, one.unit) for one in mentions(text)] == found


def test_a_mention_knows_its_place() -> None:
    text = "据悉，二〇二一年营收十二万元，第十三条"
    shown = [text[one.start : one.end] for one in mentions(text)]
    assert shown == ["二〇二一年", "十二万元", "第十三条"]


@pytest.mark.parametrize(
    ("question", "passage", "asked", "said"),
    [
        ("2019年的营收是多少", "公司2021年营收12亿元。", "2019年", ("2021年",)),
        ("二〇一九年的營收", "公司於二〇二一年發布", "二〇一九年", ("二〇二一年",)),
        ("What happened in 2019?", "公司2021年营收", "2019", ("2021年",)),
        ("第12条是什么", "第十三条 摊主应当", "第12条", ("第十三条",)),
        ("What does article 12 say?", "第十三条 摊主应当", "article 12", ("第十三条",)),
        ("5月24日有雨吗", "五月二十三日有雨", "5月24日", ("五月二十三日",)),
        ("周三开会吗", "星期一开会", "周三", ("星期一",)),
        ("九点开门吗", "八点半开门。", "九点", ("八点半",)),
        ("可以贷款12万元吗", "可以贷款二十万元", "12万元", ("二十万元",)),
        ("45%的人用过吗", "百分之六十的人", "45%", ("百分之六十",)),
        ("3号线到哪儿", "十一号线通到机场", "3号线", ("十一号线",)),
        ("中午12点开始的是什么班", "夜班从晚上12点开始。", "中午12点", ("晚上12点",)),
        ("二季度的营收", "公司第一季度营收", "二季度", ("第一季度",)),
        ("哪样卖9.9元", "每份卖三块五。", "9.9元", ("三块五",)),
        ("谁高1.75米", "身高一米八的", "1.75米", ("一米八",)),
        ("22年3月的营收", "21年3月的营收", "22年", ("21年",)),
        ("月薪12000元的人", "有12000人，月薪15000元。", "12000元", ("15000元",)),
        ("月薪12000元的人", "编号112000，月薪15000元。", "12000元", ("15000元",)),
    ],
)
def test_conflicts(question: str, passage: str, asked: str, said: tuple[str, ...]) -> None:
    (found,) = conflicts(asked_numbers(question), passage)
    assert (found.asked, found.said) == (asked, said)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("2021年的营收", "二〇二一年的营收"),
        ("2020年的营收", "2019年至2022年的营收"),
        ("2020年的营收", "2019-2022年的营收"),
        ("2019年以后的营收", "2018年的营收"),
        ("30岁能申请吗", "年龄18至60周岁"),
        ("30岁能申请吗", "年满18周岁"),
        ("10:30开门吗", "开放时间为9:00至17:00"),
        ("周三开门吗", "周一至周五开放"),
        ("第12条", "违反第十条至第十五条的"),
        ("第12章", "第十三条"),
        ("12万元", "3家银行"),
        ("营收是多少", "2021年营收"),
        ("一些人", "三个人"),
        ("哪个投入了50万元", "投入了数十万元"),
        ("20人的团队", "团队有数十人"),
        ("哪样卖3.5元", "每份卖三块五。"),
        ("谁高1.75米", "身高一米七五，"),
        ("月薪12000元的人", "月薪1万2元"),
        ("月薪12000元的人", "甲月薪1万2，乙月薪15000元。"),
    ],
)
def test_no_conflict(question: str, passage: str) -> None:
    assert conflicts(asked_numbers(question), passage) == ()


def test_conflicts_are_found_at_once() -> None:
    passage = "据悉，公司于2021年5月23日发布第十三条规定，营收十二万元，比去年增长百分之五。" * 4
    conflicts(asked_numbers("2019年"), passage)
    best = 1.0
    for _ in range(20):
        start = time.thread_time()
        conflicts(asked_numbers("第12条在2019年的规定"), passage)
        best = min(best, time.thread_time() - start)
    assert best < 0.002


def test_a_question_in_the_forms_of_a_text() -> None:
    assert in_forms_of("第13条是什么？", ["第九十条", "第十三条　甲"]) == "第十三条是什么？"
    assert in_forms_of("5月23日开会吗", ["五月二十三日开会"]) == "五月二十三日开会吗"
    assert in_forms_of("第13条和第2条", ["第13条", "第二条"]) == "第13条和第二条"
    assert in_forms_of("谁来了", ["第十三条"]) == "谁来了"


def test_a_division_that_is_named() -> None:
    division = named_division("青石县集市法第13条规定了什么")
    assert division is not None
    assert begins_with("第十三条　摊主应当", division)
    assert not begins_with("违反第十三条的", division)
    assert not begins_with("第十四条　违反第十三条的", division)
    assert named_division("第三名是谁") is None


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("第13条是什么？", True),
        ("第十三條的內容", True),
        ("集市法第十三条规定了什么内容", True),
        ("第13条的内容是什么", True),
        ("第13条怎么说的？", True),
        ("What does article 13 say?", True),
        ("第13条规定的罚款是多少", False),
        ("违反第13条会怎么样", False),
    ],
)
def test_whether_a_whole_division_is_asked_for(question: str, whole: bool) -> None:
    assert asks_for_division(question) is whole


@given(
    st.text(
        st.one_of(
            st.characters(exclude_categories=()),
            st.sampled_from(
                "0123456789一二三十百千万亿零〇两第年月日时点分半周星期成之.,:-/% 元to至May"
            ),
        ),
        max_size=50,
    )
)
def test_no_text_breaks_the_numbers(text: str) -> None:
    folded = fold(text)
    shown = text if len(text) == len(folded) else folded
    assert all(tokens(text))
    for one in mentions(text):
        assert 0 <= one.start < one.end <= len(shown)
    conflicts(asked_numbers(text), text[::-1])
    assert isinstance(in_forms_of(text, [text[::-1]]), str)


@pytest.mark.parametrize("text", ["三百.5", "十.2021年", "第十.1条", "3十.5.2万", "一.万点.五"])
def test_a_full_stop_behind_a_multiplier_makes_no_number(text: str) -> None:
    assert canonical(fold(text)).endswith(fold(text)[-1])


@given(st.text(st.sampled_from("05一三两十百万亿点.,年第"), max_size=9))
def test_what_numbers_are_made_of_in_any_order_is_read_or_left(text: str) -> None:
    assert all(tokens(text))


@pytest.mark.parametrize(
    "numeral",
    ["1", "三", "十", "〇1", "百分之", "2022-05-", "9点", "1,000", "第1", "two ", "1元w", "3块"],
)
def test_a_very_long_number_is_read_at_once(numeral: str) -> None:
    start = time.thread_time()
    tokens(numeral * 100_000)
    mentions(numeral * 10_000)
    assert time.thread_time() - start < 20


@pytest.mark.parametrize("behind", ["块", "米", "元", "w", "k", "年3月"])
def test_figures_without_end_before_a_unit_are_read_at_once(behind: str) -> None:
    start = time.thread_time()
    tokens("1" * 100_000 + behind)
    assert time.thread_time() - start < 5
