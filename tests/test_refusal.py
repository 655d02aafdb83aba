"""Which words of a question are missing."""

import pytest
from test_question import question

from qa.refusal import missing_words


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
