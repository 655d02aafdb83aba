"""Questions to start with, made from the article by rule and checked to have an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.chatbot import Chatbot
from qa.render import certainty
from qa.text import Language, language
from qa.types import Answer, Paragraph

__all__ = ["Candidate", "candidates", "suggest"]

_TEMPLATES: Mapping[Language, Mapping[str, str]] = {
    "zh-Hans": {
        "date": "这篇文章是什么时候发表的？",
        "meaning": "什么是{name}？",
        "example": "{name}做了什么？",
        "issued": "《{name}》是谁发布的？",
        "figure": "{name}是多少？",
        "when": "{name}是什么时候？",
        "section": "文章怎样谈“{name}”？",
    },
    "zh-Hant": {
        "date": "這篇文章是什麼時候發表的？",
        "meaning": "什麼是{name}？",
        "example": "{name}做了什麼？",
        "issued": "《{name}》是誰發布的？",
        "figure": "{name}是多少？",
        "when": "{name}是什麼時候？",
        "section": "文章怎樣談「{name}」？",
    },
    "en": {
        "date": "When was this article published?",
        "meaning": "What is {name}?",
        "example": "What did {name} do?",
        "issued": "Who published {name}?",
        "figure": "What is the {name}?",
        "when": "When was {name}?",
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
    ("meaning", re.compile(rf"(?:^|[。！？\n])([{_HAN}]{{2,8}})是一[种種个個]")),
    ("issued", re.compile(r"(?:发布|發布|印发|印發|出台|颁布|頒布)的?《([^《》\n]{4,30})》")),
    (
        "figure",
        re.compile(
            rf"(?:^|[，,。；;：:])([{_HAN}]{{1,6}}?"
            r"(?:[额額度率量价價积積数數长長高重温溫龄齡速]|规模|規模|面积|面積|人口|金额|金額|收入))"
            r"(?:已|约|約)?(?:达|達|达到|達到|超过|超過|为|為|是|约|約)了?(?:近|约|約|到)?\d"
        ),
    ),
    ("figure", re.compile(r"\b[Tt]he ([a-z]+(?: [a-z]+){0,3}) (?:is|was|reached) (?:about )?\d")),
    ("example", re.compile(rf"以([{_HAN}]{{2,8}})[为為]例")),
    ("example", re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+){1,4}) (?:said|announced|launched)\b")),
)
_SAYS_NOT_OF_WHAT = re.compile(
    "(?:整体|整體|总|總|平均|人均|累计|累計|其|该|該|同期|目前|全年)"
    "|What is the (?:average|total|overall)"
)
_LONGEST_HEADING = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the positions of the paragraphs of which one has to answer it."""

    question: str
    positions: frozenset[int]


def suggest(chatbot: Chatbot, document_id: str, count: int = 4) -> tuple[str, ...]:
    """Return up to ``count`` questions that the chatbot answers from where they were made.

    An answer also has to be certain. Asks until there are enough, which may take seconds.
    """
    limit = chatbot.config.max_question_characters
    made = candidates(chatbot.paragraphs(document_id))
    found = [one for one in made if len(one.question) <= limit][: 4 * count]
    kept: list[str] = []
    for start in range(0, len(found), count):
        tried = found[start : start + count]
        answers = chatbot.ask_many([one.question for one in tried])
        kept += [
            candidate.question
            for candidate, answer in zip(tried, answers, strict=True)
            if _is_answered_there(answer, candidate, document_id)
        ]
        if len(kept) >= count:
            break
    return tuple(kept[:count])


def _is_answered_there(answer: Answer, candidate: Candidate, document_id: str) -> bool:
    if certainty(answer) != "sure" or not answer.passages:
        return False
    first = answer.passages[0].paragraph
    return first.document_id == document_id and first.position in candidate.positions


def candidates(paragraphs: Iterable[Paragraph]) -> list[Candidate]:
    """Return questions made by rule from a document's paragraphs, the most telling first."""
    listed = list(paragraphs)
    body = [paragraph for paragraph in listed if paragraph.kind == "text"]
    templates = _TEMPLATES[language("".join(paragraph.text for paragraph in body[:20]))]
    found = list(_from_names(body, templates))
    bylines = frozenset(one.position for one in listed if one.kind == "byline")
    if bylines:
        found.insert(1, Candidate(templates["date"], bylines))
    found += _from_headings(listed, templates)
    found.sort(key=lambda candidate: _SAYS_NOT_OF_WHAT.match(candidate.question) is not None)
    first_of_each: dict[str, Candidate] = {}
    for candidate in found:
        first_of_each.setdefault(candidate.question, candidate)
    return list(first_of_each.values())


def _from_names(body: list[Paragraph], templates: Mapping[str, str]) -> Iterator[Candidate]:
    for rule, pattern in _RULES:
        for paragraph in body:
            for match in pattern.finditer(paragraph.text):
                question = templates[rule].format(name=match.group(1))
                yield Candidate(question, frozenset({paragraph.position}))


def _from_headings(listed: list[Paragraph], templates: Mapping[str, str]) -> Iterator[Candidate]:
    """Yield a question for each heading; what stands under it answers, or the heading itself."""
    under: defaultdict[str, set[int]] = defaultdict(set)
    headings: dict[str, int] = {}
    for one in listed:
        under[one.section].add(one.position)
        if one.kind == "heading" and len(one.text) <= _LONGEST_HEADING:
            headings.setdefault(one.text, one.position)
    for text, position in headings.items():
        question = templates["section"].format(name=_quotable(text))
        yield Candidate(question, frozenset(under[text] | {position}))


def _quotable(text: str) -> str:
    """Return a heading on one line, its quotation marks as they are inside others."""
    return " ".join(text.split()).translate(str.maketrans("“”「」", "‘’『』"))
