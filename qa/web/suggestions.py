"""Questions to start with, made from the article by rule and checked to have an answer."""

import re
from collections.abc import Iterable, Iterator, Mapping

from qa.chatbot import Chatbot
from qa.render import certainty
from qa.text import Language, language
from qa.types import Paragraph

__all__ = ["candidates", "suggest"]

_TEMPLATES: Mapping[Language, Mapping[str, str]] = {
    "zh-Hans": {
        "date": "这篇文章是什么时候发表的？",
        "meaning": "什么是{name}？",
        "example": "{name}做了什么？",
        "issued": "《{name}》是谁发布的？",
        "section": "文章怎样谈“{name}”？",
    },
    "zh-Hant": {
        "date": "這篇文章是什麼時候發表的？",
        "meaning": "什麼是{name}？",
        "example": "{name}做了什麼？",
        "issued": "《{name}》是誰發布的？",
        "section": "文章怎樣談「{name}」？",
    },
    "en": {
        "date": "When was this article published?",
        "meaning": "What is {name}?",
        "example": "What did {name} do?",
        "issued": "Who published {name}?",
        "section": "What does the article say about “{name}”?",
    },
}

_HAN = "\u4e00-\u9fff"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "meaning",
        re.compile(rf"(?:何为|何為|什么是|什麼是)[“「\"]?([{_HAN}A-Za-z]{{2,10}})[”」\"]?[?？]"),
    ),
    ("meaning", re.compile(rf"[“「]([{_HAN}]{{2,10}})[”」](?:是指|指的是)")),
    ("issued", re.compile(r"(?:发布|發布|印发|印發|出台|颁布|頒布)的?《([^《》\n]{4,30})》")),
    ("example", re.compile(rf"以([{_HAN}]{{2,8}})[为為]例")),
    ("example", re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+)+) (?:said|announced|launched)\b")),
)


def suggest(chatbot: Chatbot, count: int = 4) -> tuple[str, ...]:
    """Return up to ``count`` questions that the chatbot is certain to answer.

    Asks the first document only, so that it costs a fraction of a second.
    """
    documents = chatbot.documents
    if not documents:
        return ()
    found = candidates(chatbot.paragraphs(documents[0].id))[: 3 * count]
    answers = chatbot.ask_many(found) if found else []
    answered = [
        question
        for question, answer in zip(found, answers, strict=True)
        if certainty(answer) != "absent"
    ]
    return tuple(answered[:count])


def candidates(paragraphs: Iterable[Paragraph]) -> list[str]:
    """Return questions made by rule from a document's paragraphs, the most telling first."""
    listed = list(paragraphs)
    body = [paragraph for paragraph in listed if paragraph.kind == "text"]
    templates = _TEMPLATES[language("".join(paragraph.text for paragraph in body[:20]))]
    found = list(_from_names(body, templates))
    if any(paragraph.kind == "byline" for paragraph in listed):
        found.insert(1, templates["date"])
    found += [
        templates["section"].format(name=_quotable(paragraph.text))
        for paragraph in listed
        if paragraph.kind == "heading" and len(paragraph.text) <= 30
    ]
    return list(dict.fromkeys(found))


def _quotable(text: str) -> str:
    """Return a heading on one line, its quotation marks as they are inside others."""
    return " ".join(text.split()).translate(str.maketrans("“”「」", "‘’『』"))


def _from_names(body: list[Paragraph], templates: Mapping[str, str]) -> Iterator[str]:
    for rule, pattern in _RULES:
        for paragraph in body:
            for match in pattern.finditer(paragraph.text):
                yield templates[rule].format(name=match.group(1))
