"""Values that a follow-up changes, over several turns, and when more is asked for."""

import pytest

from qa.question.follow_up import asks_for_more, more_asked, stand_alone


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["一线城市的利率是多少?"], "那二线城市呢？", "二线城市的利率是多少?"),
        (["一线城市的利率是多少?", "二线城市呢"], "三线城市呢?", "三线城市的利率是多少?"),
        (["2019年公司的营收是多少?"], "2020年呢？", "2020年公司的营收是多少?"),
        (["2019年公司的营收是多少?", "2020年呢?"], "2021年呢", "2021年公司的营收是多少?"),
        (["2023年公司的营收是多少?"], "22年呢?", "2022年公司的营收是多少?"),
        (["二〇〇二年公司的营收是多少?"], "98年呢?", "1998年公司的营收是多少?"),
        (["2023年公司的营收是多少?", "22年呢?"], "21年呢", "2021年公司的营收是多少?"),
        (["贷款20年的利率是多少?"], "30年呢?", "贷款30年的利率是多少?"),
        (["去年的销量是多少?"], "今年呢?", "今年的销量是多少?"),
        (["三月份来了多少游客?"], "四月呢?", "四月来了多少游客?"),
        (["男生的宿舍費是多少？"], "女生呢？", "女生的宿舍費是多少？"),
        (["北京的门店有几家?"], "上海呢?", "上海的门店有几家?"),
        (["乐信服务了多少人?", "小赢科技呢?"], "百融云创呢", "百融云创服务了多少人?"),
        (["第一步做什么?", "第二步呢?"], "第三步呢", "第三步做什么?"),
        (["第一步做什么?"], "第二个呢", "第二步做什么?"),
        (["安装的第一步做什么?"], "那最后一步呢", "安装的最后一步做什么?"),
        (["小型车停车多少钱?"], "大型车呢", "大型车停车多少钱?"),
        (["低保户补贴多少?"], "五保户呢?", "五保户补贴多少?"),
        (["What was the revenue in 2019?"], "and in 2020?", "What was the revenue in 2020?"),
        (["How much is it for adults?"], "and for children?", "How much is it for children?"),
        (["what's the first step?"], "and the second?", "what's the second step?"),
    ],
)
def test_a_value_takes_the_place_of_one_of_its_kind(
    history: list[str], follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, history) == expected


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["百融云创是怎么做风控的"], "贷前呢", "百融云创是怎么做风控的 贷前呢"),
        (["百融云创是怎么做风控的", "贷前呢"], "贷后呢?", "百融云创是怎么做风控的 贷后呢"),
        (["公司的营收是多少?", "2020年呢?"], "2021年呢?", "公司的营收是多少 2021年呢?"),
        (["县财政补贴多少?", "低保户呢?"], "五保户呢?", "县财政补贴多少 五保户呢?"),
        (["门店有几家?", "北京呢?"], "上海呢?", "门店有几家 上海呢?"),
    ],
)
def test_values_that_stand_in_no_place_do_not_pile_up(
    history: list[str], follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, history) == expected


def test_values_of_other_kinds_stay() -> None:
    found = stand_alone("女生呢?", ["学费是多少?", "2020年呢?"])
    assert "2020" in found
    assert "女生" in found


@pytest.mark.parametrize(
    "typed",
    [
        "还有别的吗?",
        "还有吗",
        "其他的呢",
        "還有嗎？",
        "那还有其他的吗",
        "anything else?",
        "more",
        "More?",
    ],
)
def test_more_of_the_same_is_the_question_before(typed: str) -> None:
    assert asks_for_more(typed)
    assert stand_alone(typed, ["乐信推出了哪些产品?"]) == "乐信推出了哪些产品?"
    assert more_asked(typed, ["乐信推出了哪些产品?"]) == 1
    assert more_asked(typed, ["乐信推出了哪些产品?", "还有吗?"]) == 2
    assert more_asked(typed, []) == 0


@pytest.mark.parametrize("typed", ["还有什么要求?", "其他费用呢", "还有多少人?", "more money?"])
def test_what_names_something_asks_for_that(typed: str) -> None:
    assert not asks_for_more(typed)
    assert more_asked(typed, ["乐信推出了哪些产品?"]) == 0
