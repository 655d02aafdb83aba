"""Why there is no answer, in words for people: nothing was asked, or the article does not say."""

from qa.errors import QuestionTooLong
from qa.question import Question, parts_without
from qa.text import (
    Language,
    has_content,
    language,
    without_question_words,
)
from qa.types import Answer

__all__ = ["missing_words", "not_said", "reason_in", "refuse_blank"]

_SHOWN_MISSING = 4

_NOTHING_ASKED: dict[Language, str] = {
    "zh-Hans": "没有看到问题，请输入一个问题。",
    "zh-Hant": "沒有看到問題，請輸入一個問題。",
    "en": "There is no question; type one.",
}
_NOT_SAID: dict[Language, tuple[str, str]] = {
    "zh-Hans": (
        "文中没有提到“{}”，所以没有找到能回答这个问题的段落。",
        "文中有与此相近的段落，但没有一段回答了这个问题。",
    ),
    "zh-Hant": (
        "文中沒有提到「{}」，所以沒有找到能回答這個問題的段落。",
        "文中有與此相近的段落，但沒有一段回答了這個問題。",
    ),
    "en": (
        "The article does not mention “{}”, and no passage answers the question.",
        "There are passages on something close, but none of them answers the question.",
    ),
}


def refuse_blank(typed: str, longest: int) -> Answer | None:
    """Return the answer to what holds no word; None to a question.

    Raises:
        QuestionTooLong: if it has more than ``longest`` characters.

    """
    if len(typed) > longest:
        raise QuestionTooLong(len(typed), longest)
    if has_content(typed):
        return None
    # What holds no word is in no language.
    reason = f"{_NOTHING_ASKED['en']} {_NOTHING_ASKED['zh-Hans']}"
    return Answer(typed.strip(), answered=False, confidence=0.0, reason=reason, asked=typed)


def not_said(asked: str, missing: tuple[str, ...]) -> str:
    """Return the reason not to answer a question, naming its words that occur nowhere."""
    return _not_said(asked, missing, language(asked))


def reason_in(shown: Language, answer: Answer) -> str:
    """Return the reason of an answer in the language it is shown in; "" if there is none."""
    if answer.answered:
        return ""
    asked = answer.asked or answer.question
    return _not_said(asked, answer.missing, shown) if has_content(asked) else _NOTHING_ASKED[shown]


def _not_said(asked: str, missing: tuple[str, ...], shown: Language) -> str:
    # An English question need not share a word with a Chinese article.
    if language(asked) == "en" or not missing:
        return _NOT_SAID[shown][1]
    separator = {"zh-Hans": "”“", "zh-Hant": "」「", "en": "”, “"}[shown]
    return _NOT_SAID[shown][0].format(separator.join(missing))


def missing_words(question: Question) -> tuple[str, ...]:
    """Return the parts of the question that occur nowhere, as it has them, longest first.

    A Han character counts as missing if no pair that it is part of occurs; a Latin word or
    number if it does not occur itself.
    """
    folded = without_question_words(question.text)
    shown = question.text if len(question.text) == len(folded) else folded
    pairs = list(zip(question.tokens, question.known, strict=True))
    parts = parts_without(
        folded,
        [token for token, known in pairs if not known],
        [token for token, known in pairs if known],
    )
    words = {part.of(shown) for part in parts}
    return tuple(sorted(words, key=lambda word: (-len(word), word))[:_SHOWN_MISSING])
