"""Which words of a question are missing."""

import pytest
from test_question import question

from qa.refusal import missing_words, reason_in
from qa.text import Language
from qa.types import Answer


@pytest.mark.parametrize(
    ("asked", "document", "missing"),
    [
        ("蚂蚁集团的额度是多少?", "乐信的额度很高", {"蚂蚁集团"}),
        ("螞蟻集團的額度是多少?", "乐信的额度很高", {"螞蟻集團"}),
        ("Did Google buy 乐信?", "乐信的额度很高", {"google", "buy"}),
        ("乐信2019年的额度?", "乐信2021年的额度很高", {"2019"}),
        ("乐信的额度?", "乐信的额度很高", set()),
        ("什么?", "乐信的额度很高", set()),
    ],
)
def test_missing_words(asked: str, document: str, missing: set[str]) -> None:
    found = missing_words(question(asked, document))
    assert {word.casefold() for word in found} == missing


def test_missing_words_are_shown_as_they_were_typed() -> None:
    assert missing_words(question("腾讯QQ是否赚钱?", "乐信")) == ("腾讯QQ", "赚钱")


@pytest.mark.parametrize(
    ("asked", "missing", "shown", "reason"),
    [
        ("行长是谁?", ("行长",), "en", "The article does not mention “行长”"),
        ("招商的行长?", ("招商", "行长"), "zh-Hant", "文中沒有提到「招商」「行长」"),
        ("Who runs it?", ("runs",), "zh-Hans", "文中有与此相近的段落"),
        ("？！", (), "en", "There is no question; type one."),
        ("？！", (), "zh-Hant", "沒有看到問題"),
    ],
)
def test_a_reason_is_told_in_the_language_it_is_shown_in(
    asked: str, missing: tuple[str, ...], shown: Language, reason: str
) -> None:
    answer = Answer(asked, False, 0.0, asked=asked, missing=missing)
    assert reason_in(shown, answer).startswith(reason)


def test_an_answer_has_no_reason() -> None:
    assert reason_in("en", Answer("谁?", True, 0.9, asked="谁?")) == ""
