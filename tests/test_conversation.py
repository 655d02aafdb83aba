"""What a follow-up takes from the questions before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import stand_alone, topic


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["微乐贷是什么?"], "那额度呢?", "微乐贷 那额度呢?"),
        (["微乐贷是什么?"], "它的额度是多少?", "微乐贷 它的额度是多少?"),
        (["乐信推出了哪些产品?"], "还有吗?", "乐信推出 产品 还有吗?"),
        (["What is 微乐贷?"], "What about its limit?", "微乐贷 What about its limit?"),
    ],
)
def test_a_follow_up_carries_its_subject(history: list[str], follow_up: str, expected: str) -> None:
    assert stand_alone(follow_up, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "小赢科技服务了多少个体户?",
        "文章什么时候发表的?",
        "那些新市民是谁?",
        "其实新市民是谁?",
        "What does Lexin offer?",
    ],
)
def test_a_changed_subject_takes_nothing(question: str) -> None:
    assert stand_alone(question, ["微乐贷是什么?"]) == question


@pytest.mark.parametrize("history", [[], [""], [" \n"], ["", "\u3000"]])
def test_without_earlier_questions_nothing_is_added(history: list[str]) -> None:
    assert stand_alone("那额度呢?", history) == "那额度呢?"


def test_a_chain_keeps_the_first_subject() -> None:
    question = stand_alone("那期限呢?", ["微乐贷是什么?", "那额度呢?"])
    assert "微乐贷" in question
    assert question.endswith("那期限呢?")


def test_a_new_subject_ends_the_chain() -> None:
    history = ["微乐贷是什么?", "那额度呢?", "小赢科技有什么计划?"]
    question = stand_alone("它服务了多少人?", history)
    assert "小赢科技" in question
    assert "微乐贷" not in question


def test_what_is_said_already_is_not_said_again() -> None:
    assert stand_alone("那微乐贷呢?", ["微乐贷是什么?"]) == "那微乐贷呢?"


def test_a_very_long_conversation_is_no_trouble() -> None:
    question = stand_alone("那额度呢?", ["微乐贷是什么?", *["那额度呢?"] * 3_000])
    assert question.endswith("那额度呢?")


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("微乐贷是什么?", "微乐贷"),
        ("何为新市民?", "新市民"),
        ("请问小赢科技?", "小赢科技"),
        ("What is Lexin?", "Lexin"),
        ("在线教育是什么?", "在线教育"),
        ("有道词典是什么?", "有道词典"),
        ("什么?", ""),
    ],
)
def test_the_topic_of_a_question(question: str, about: str) -> None:
    assert topic(question) == about


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_a_question_always_ends_as_it_was_typed(question: str, history: list[str]) -> None:
    assert stand_alone(question, history).endswith(question)
