"""Of values side by side the one that a question names: by rule, and with the bundled reader."""

import pytest

from qa.answering.siblings import named_value
from qa.question.analysis import Question
from qa.types import Span
from support.models import BotMaker

TEA = (
    "2019年、2020年、2021年公司营业收入分别为1.2亿、1.5亿、1.9亿元，"
    "净利润分别为800万、1100万和1500万元。"
)
CUP = "本届比赛的冠军、亚军、季军分别由陆思远、何冰和郑小满获得，奖金分别为五万元、三万元和一万元。"
FARM = "今年小麦、玉米的播种面积分别为 42万亩 和 1,350亩，平均亩产依次达到430公斤、510公斤。"
COURSES = "書法班、烹飪班、日語班的學費分別為1200元、2500元、3000元。"
LOANS = "微乐贷平均额度12万元，快乐贷平均额度8万元，易乐贷平均额度5万元，审批都在一天之内。"


def moved(text: str, question: str, marked: str) -> str | None:
    """Return the value in place of the words marked; None where they stay."""
    start = text.index(marked)
    words = Span(start, start + len(marked))
    value = named_value(Question(question), text, words, Span(0, len(text)))
    return None if value is None else value.of(text)


@pytest.mark.parametrize(
    ("text", "question", "marked", "value"),
    [
        (TEA, "2020年公司营业收入是多少？", "1.2亿、1.5亿、1.9亿元", "1.5亿"),
        (TEA, "2021年的净利润是多少？", "800万", "1500万元"),
        (TEA, "2019年净利润多少？", "1500万元", "800万"),
        (TEA, "那2019年呢？", "1.5亿", "1.2亿"),
        (CUP, "亚军是谁？", "陆思远、何冰和郑小满", "何冰"),
        (CUP, "季军由谁获得？", "陆思远、何冰和郑小满", "郑小满"),
        (CUP, "冠军由谁获得？", "何冰", "陆思远"),
        (CUP, "冠军的奖金是多少？", "三万元和一万元", "五万元"),
        (
            "导演顾海、编剧苏唯、摄影梁实分别谈了选景、剧本和布光。",
            "苏唯谈了什么？",
            "选景",
            "剧本",
        ),
        (FARM, "玉米的播种面积是多少？", "42万亩", "1,350亩"),
        (FARM, "小麦的亩产是多少？", "510公斤", "430公斤"),
        ("上午、下午分别在9:30、14:00开讲。", "下午几点开讲？", "9:30", "14:00开讲"),
        (COURSES, "烹飪班學費多少？", "1200元、2500元、3000元", "2500元"),
        (COURSES, "日语班学费多少？", "2500元", "3000元"),
    ],
)
def test_a_value_belongs_to_the_name_at_its_place(
    text: str, question: str, marked: str, value: str
) -> None:
    assert moved(text, question, marked) == value


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        # It is marked already.
        (TEA, "2020年公司营业收入是多少？", "1.5亿"),
        (LOANS, "快乐贷的平均额度是多少？", "快乐贷平均额度8万元"),
        (TEA, "2020年公司的收入和利润是多少？", TEA[23:]),
        # Several are asked for, or others than the one named.
        (TEA, "2019年和2020年的营业收入是多少？", "1.2亿、1.5亿"),
        (TEA, "近三年的营业收入是多少？", "1.2亿、1.5亿、1.9亿元"),
        (TEA, "2020年以外的营业收入是多少？", "1.2亿、1.5亿、1.9亿元"),
        (CUP, "冠军、季军的奖金分别是多少？", "五万元、三万元和一万元"),
        (TEA, "2020年之前一年的净利润是多少？", "800万"),
        (TEA, "与2020年相比，去年的净利润是多少？", "800万"),
        (TEA, "2020年的下一年净利润是多少？", "1500万元"),
        # Characters that search folds into one, and takes apart.
        ("ﬁ产品、乙产品的额度分别为12万元和8万元e\u0301", "乙产品的额度是多少？", "12万元"),
        # No name is in the question, or a part that several names have.
        (TEA, "2029年的净利润是多少？", "800万"),
        (LOANS, "这种贷款的平均额度是多少？", "12万元"),
        ("豆腐串3元，肉卷串5元，鱼丸串6元。", "卷心菜多少元？", "3元"),
        (LOANS, "三种乐贷在一天之内审批的平均额度是多少？", "12万元"),
        ("买3天、7天、15天的依次为12元、20元、36元。", "买13天的多少钱？", "20元"),
        ("高技术制造业和高技术服务业分别增长11%和13%。", "高技术产业增长多少？", "11%"),
        ("收费一千元，买三次送一次，买五次送两次。", "三次收费多少？", "一千元"),
        # Names and values are not as many, or something else is marked.
        ("东岭、西坪和南川的产量分别为18万吨、11万吨。", "西坪的产量是多少？", "18万吨"),
        (TEA, "2020年发生了什么？", "公司"),
        # What stands before the first may belong to all; another unit is another thing.
        ("定期存款利率一年为1%，两年为2%，三年为3%。", "定期存款三载的利率是多少？", "3%"),
        ("安济桥长46米，宽7米，重900吨。", "安济桥有多重？", "7米"),
        # What goes before the values differs.
        ("上市首月卖了900台，低于预计的1500台。", "比预计少卖多少？", "900台"),
        ("警情下降2%，伤人数、亡人数分别下降4%、5%。", "亡人数下降多少？", "2%"),
        # The question is in another language.
        ("去年卖出900台，前三季度卖出500台。", "How many were sold in three years?", "900台"),
    ],
)
def test_where_it_is_not_clear_nothing_is_moved(text: str, question: str, marked: str) -> None:
    assert moved(text, question, marked) is None


@pytest.mark.parametrize(
    ("title", "text", "question", "value"),
    [
        ("云岭茶业年报", TEA, "2020年公司营业收入是多少？", "1.5亿"),
        ("云岭茶业年报", TEA, "2019年净利润多少？", "800万"),
        ("青禾杯围棋赛", CUP, "亚军是谁？", "何冰"),
        ("青禾杯围棋赛", CUP, "季军的奖金是多少？", "一万元"),
        ("社區大學", COURSES, "日語班學費多少？", "3000元"),
    ],
)
def test_the_marked_words_are_the_value_of_what_is_asked(
    make_bot: BotMaker, title: str, text: str, question: str, value: str
) -> None:
    other = "大会在市文化宫举行，来宾签到后领取资料，午餐自理。"
    first = make_bot({title: f"{title}\n\n{text}\n\n{other}"}).ask(question).passages[0]
    assert first.text == text
    assert first.answer is not None
    assert first.answer.of(text) == value


def test_a_whole_list_stays_marked(make_bot: BotMaker) -> None:
    text = f"云岭茶业年报\n\n{TEA}\n\n公司现有员工320人，茶园2.6万亩。"
    first = make_bot({"云岭茶业年报": text}).ask("近三年的营业收入分别是多少？").passages[0]
    assert first.answer is not None
    assert "1.2亿、1.5亿、1.9亿元" in first.answer.of(first.text)
