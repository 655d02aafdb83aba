"""What form of answer is asked for, and what lines ask, lead in or are numbered: by rule."""

import pytest

from qa.question.forms import (
    Mark,
    asked_item,
    asks_for_all,
    asks_whether,
    chosen,
    either_or,
    leads_in,
    mark_before,
    mark_of,
    only_asks,
    yes_or_no,
)
from qa.types import Span


@pytest.mark.parametrize(
    ("question", "number", "unit"),
    [
        ("第二步做什么？", 2, "步"),
        ("安裝的第三個步驟是什麼？", 3, "个"),
        ("第十二条规定了什么", 12, "条"),
        ("最后一步呢", -1, "步"),
        ("倒数第二项材料是什么", -2, "项"),
        ("步骤3怎么做", 3, "步"),
        ("表格第2行写的什么", 2, "行"),
        ("What is step 4?", 4, "step"),
        ("what's the third item", 3, "item"),
        ("the last requirement?", -1, "requirement"),
        ("What does the 2nd clause say?", 2, "clause"),
    ],
)
def test_an_item_is_asked_for_by_its_number(question: str, number: int, unit: str) -> None:
    asked = asked_item(question)
    assert asked is not None
    assert (asked.number, asked.unit) == (number, unit)


@pytest.mark.parametrize(
    "question",
    [
        "第一次会议在哪开?",
        "2021年第三季度营收多少",
        "第二天去哪儿",
        "有几个步骤?",
        "the first time?",
    ],
)
def test_other_numbers_ask_for_no_item(question: str) -> None:
    assert asked_item(question) is None


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("第二步：交表。", Mark("步", 2)),
        ("第十一条 乙方应当按时付款。", Mark("条", 11)),
        ("（三）房屋租赁合同；", Mark("bracket han", 3)),
        ("(2) 照片", Mark("bracket digit", 2)),
        ("二、报名时间", Mark("plain han", 2)),
        ("4. 收汁", Mark("plain digit", 4)),
        ("②拧紧螺丝", Mark("circled", 2)),
        ("Step 3: Hand over the keys.", Mark("step", 3)),
        ("• 冰糖", Mark("bullet", 0)),
        ("3.5亿元", None),
        ("2021年公司成立。", None),
        ("一个人走了。", None),
    ],
)
def test_the_mark_of_an_item(line: str, mark: Mark | None) -> None:
    assert mark_of(line) == mark


def test_a_mark_may_stand_before_the_paragraph_as_in_markdown() -> None:
    assert mark_before("3. ") == Mark("plain digit", 3)
    assert mark_before("- ") == Mark("bullet", 0)
    assert mark_before("共3. ") is None
    assert mark_before("") is None


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("问：多久发货？", True),
        ("Q: Do you open on Sundays?", True),
        ("Q3. How to pay", True),
        ("记者：去年产量降了三成。是什么原因？", True),
        ("主持人：请您谈谈童年。", True),
        ("多久换一次滤芯？", True),
        ("問題二：可以退票嗎？", True),
        ("答：可以，不是很方便吗？", False),
        ("问：能退吗？答：能。", False),
        ("去年产量降了三成，很多人离开了村子。为什么？", False),
        ("他说：“你去哪儿？”我没有回答。", False),
    ],
)
def test_lines_that_only_ask(line: str, *, asks: bool) -> None:
    assert only_asks(line) is asks


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("申请需要以下材料：", True),
        ("退货流程如下。", True),
        ("You need the following documents:", True),
        ("他带来了下列文件中的一份，今天交给了我们的同事。", False),
        ("利率为8%。", False),
    ],
)
def test_lines_that_lead_in(line: str, *, leads: bool) -> None:
    assert leads_in(line) is leads


def test_questions_for_all_of_a_list_and_for_yes_or_no() -> None:
    assert all(map(asks_for_all, ["需要哪些材料?", "怎么安装", "what are the steps?", "列出用料"]))
    assert not any(map(asks_for_all, ["多少钱?", "谁写的?", "How much is it?"]))
    assert all(map(asks_whether, ["能退吗?", "是否收费", "要不要抵押", "Can I bring a dog?"]))
    assert not any(map(asks_whether, ["多少钱?", "What is it?"]))


@pytest.mark.parametrize(
    ("text", "word"),
    [("答：可以。填写税号。", "可以"), ("不行，猫不接待。", "不行"), ("A: No, it is free.", "No")],
)
def test_the_word_that_says_yes_or_no(text: str, word: str) -> None:
    span = yes_or_no(text)
    assert span is not None
    assert span.of(text) == word


def test_no_word_says_yes_or_no() -> None:
    assert yes_or_no("可以预订的房间有三间。") is None


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("停车场是收费还是免费的？", "馆前的停车场免费开放，晚上九点关门。", "免费"),
        ("報名要現金還是刷卡?", "报名时只收现金，不找零。", "现金"),
        ("船票在码头买还是网上买？", "船票只能在网上买，不设窗口。", "网上买"),
        ("会议在三楼还是五楼？", "会议改在五楼的小厅。", "五楼"),
        ("Is the museum open or closed on Mondays?", "It is closed.", None),
        ("Is the garden free or paid?", "The garden is free for all.", "free"),
        ("停车场是收费还是免费的？", "这里不收费。", None),
        ("喝茶还是喝咖啡？", "喝茶喝咖啡都行。", None),
        ("票价是多少？", "票价是十元。", None),
    ],
)
def test_the_side_that_is_chosen(question: str, text: str, words: str | None) -> None:
    sides = either_or(question)
    span = None if sides is None else chosen(sides, text, Span(0, len(text)))
    assert (None if span is None else span.of(text)) == words


@pytest.mark.parametrize(
    ("question", "is_choice"),
    [
        ("公司为什么还是亏损？", False),
        ("怎麼還是不能登錄？", False),
        ("工厂还是不愿意扩建的原因是什么？", False),
        ("去年谁还是没有交表？", False),
        ("他还是学生吗？", False),
        ("How many teachers or students?", False),
        ("Why is the road narrow or closed?", False),
        ("Tell me, who founded the school or club?", False),
        ("会议在哪里开，三楼还是五楼？", True),
        ("会议在哪里开 三楼还是五楼？", True),
        ("是坐船还是坐车呢？", True),
        ("Who founded it, the town or the church?", True),
        ("Which is heavier, lead or gold?", True),
    ],
)
def test_a_clause_that_asks_otherwise_is_no_choice(question: str, *, is_choice: bool) -> None:
    assert (either_or(question) is not None) is is_choice
