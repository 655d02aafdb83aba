"""Questions to start with, made from the article by rule and checked to have an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.config import Config
from qa.index import Index
from qa.question.about_article import asked_about
from qa.question.intent import intent
from qa.render.formats import certainty
from qa.text import Language, fold, language
from qa.types import Answer, Paragraph, Span

__all__ = ["Candidate", "candidates", "follow_ups", "suggest", "suggest_on", "to_try"]

_TEMPLATES: Mapping[Language, Mapping[str, str]] = {
    "zh-Hans": {
        "date": "这篇文章是什么时候发表的？",
        "meaning": "什么是{name}？",
        "example": "{name}做了什么？",
        "issued": "《{name}》是谁发布的？",
        "figure": "{name}是多少？",
        "when": "{name}是什么时候？",
        "section": "文章怎样谈“{name}”？",
        "outline": "这篇文章讲了什么？",
        "outline_of_several": "这些文章讲了什么？",
        "paragraph": "第一段说什么？",
        "size": "有几段？",
    },
    "zh-Hant": {
        "date": "這篇文章是什麼時候發表的？",
        "meaning": "什麼是{name}？",
        "example": "{name}做了什麼？",
        "issued": "《{name}》是誰發布的？",
        "figure": "{name}是多少？",
        "when": "{name}是什麼時候？",
        "section": "文章怎樣談「{name}」？",
        "outline": "這篇文章講了什麼？",
        "outline_of_several": "這些文章講了什麼？",
        "paragraph": "第一段說什麼？",
        "size": "有幾段？",
    },
    "en": {
        "date": "When was this article published?",
        "meaning": "What is {name}?",
        "example": "What did {name} do?",
        "issued": "Who published {name}?",
        "figure": "What is the {name}?",
        "when": "When was {name}?",
        "section": "What does the article say about “{name}”?",
        "outline": "What is this article about?",
        "outline_of_several": "What are these articles about?",
        "paragraph": "What does the first paragraph say?",
        "size": "How many paragraphs are there?",
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
_CLAUSE = re.compile(r"[^，,。．！？!?；;：:、\n“”「」（）()]+")
_NUMERAL = "[0-9０-９〇零一二三四五六七八九十百千万亿兩两]"
_CLOZES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rule), question)
    for rule, question in (
        (rf"([{_HAN}]{{2,14}}于)\d{{4}}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?", "{0}哪一年？"),
        (
            rf"([{_HAN}]{{2,14}}?)(?:近|约|約|超过|超過|达|達)?[\d,.]*{_NUMERAL}+([多余餘]?"
            "(?:平方|立方)?(?:米|公里|千米|厘米|吨|噸|公斤|人|户|戶|岁|歲|年|天|小时|小時|分钟|分鐘|[万亿萬億]?元|"
            "公顷|公頃|亩|畝|个|個|家|层|層|级|級|篇|次|座|条|條|种|種|项|項|名|位|层|本|部|辆|輛|艘))",
            "{0}多少{1}？",
        ),
        (rf"([{_HAN}]{{2,10}}?)(?:名叫|叫做|叫|名为|名為)[{_HAN}A-Za-z]{{2,8}}", "{0}叫什么？"),
        (
            rf"([{_HAN}]{{2,12}})由[{_HAN}]{{2,12}}?(设计|設計|建造|创办|創辦|创立|創立|主持|编写|編寫|主办|主辦|"
            "发起|發起|投资|投資|拍摄|拍攝|发明|發明)",
            "{0}由谁{1}？",
        ),
    )
)
"""Clauses of which the answer can be asked for in the article's own words, and how."""
_SAYS_NOTHING_ALONE = re.compile(
    "^(?:[它他她其该該这這那此并並而但又也还還就才却卻则則且或和與与及在从從自由于於对對把被将將使让讓]|同时|同時|目前|如今|因此|"
    "所以|如果|虽|雖)|什么|什麼|多少|[谁誰哪几幾何]"
)
"""What leans on the words before it, or asks already."""
_LONGEST_CLAUSE = 40
_TRADITIONAL = str.maketrans("么谁", "麼誰")
_SAYS_NOT_OF_WHAT = re.compile(
    "(?:What is the )?(?:整体|整體|总|總|平均|人均|累计|累計|其|该|該|同期|目前|全年)"
    "|What is the (?:average|total|overall)"
)
_LONGEST_HEADING = 30


class Asked(Protocol):
    """The chatbot that questions are tried on."""

    index: Index
    config: Config

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of a document."""

    def ask(self, question: str) -> Answer:
        """Return the answer to a question."""

    def ask_many(self, questions: Iterable[str]) -> list[Answer]:
        """Return an answer for each question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the positions of the paragraphs of which one has to answer it."""

    question: str
    positions: frozenset[int]


def suggest(chatbot: Asked, count: int = 4) -> tuple[str, ...]:
    """Return questions that the chatbot answers: of several articles of the first ones in turn."""
    ids = chatbot.index.document_ids(count)
    if len(ids) == 1:
        return suggest_on(chatbot, ids[0], count)
    return tuple(question for one in ids for question in suggest_on(chatbot, one, 1))


def suggest_on(
    chatbot: Asked, document_id: str, count: int = 4, *, reader: Language | None = None
) -> tuple[str, ...]:
    """Return up to ``count`` questions that the chatbot answers from where they were made.

    They are in the language of ``reader``, None for that of the article. An answer also has to be
    certain. Asks until there are enough, which may take seconds.
    """
    found = _usable(chatbot, document_id, reader)[: 4 * count]
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


def follow_ups(
    chatbot: Asked, answers: Sequence[Answer], reader: Language, count: int = 3
) -> Iterator[str]:
    """Yield up to ``count`` questions to go on with that the chatbot answers, the nearest first.

    ``answers`` are those of the conversation. The questions are made from paragraphs near the first
    passage of the last one, in the language of ``reader``; none was asked before or is answered by
    a sentence that was shown before. Each is asked before it is yielded, which takes a moment; who
    does not want to wait for more ends the iteration.
    """
    first = answers[-1].passages[0].paragraph
    before = {_bare(one) for answer in answers for one in (answer.asked, answer.question)}
    shown = {_sentence(answer) for answer in answers if answer.answered}
    near = sorted(
        _usable(chatbot, first.document_id, reader),
        key=lambda one: (_is_vague(one), min(abs(at - first.position) for at in one.positions)),
    )
    for one in near[: 5 * count]:
        if _bare(one.question) in before:
            continue
        found = chatbot.ask(one.question)
        if _is_answered_there(found, one, first.document_id) and _sentence(found) not in shown:
            shown.add(_sentence(found))
            yield one.question
            count -= 1
            if not count:
                return


def _sentence(answer: Answer) -> tuple[str, int, Span | None]:
    """Return where the sentence stands that is shown first."""
    first = answer.passages[0]
    return first.paragraph.document_id, first.paragraph.position, first.highlight


def _is_vague(candidate: Candidate) -> bool:
    """Tell whether a question is on the article as a whole, or does not say of what."""
    question = candidate.question
    return asked_about(question) is not None or _SAYS_NOT_OF_WHAT.match(question) is not None


def _bare(question: str) -> str:
    """Return a question without what does not tell it apart from another."""
    return "".join(sign for sign in fold(question) if sign.isalnum())


def _usable(chatbot: Asked, document_id: str, reader: Language | None) -> list[Candidate]:
    """Return the candidates that the chatbot can be asked, the most telling first."""
    limit = chatbot.config.max_question_characters
    made = [
        one
        for one in candidates(chatbot.paragraphs(document_id), reader)
        if intent(one.question) is None and len(one.question) <= limit
    ]
    if chatbot.index.document_count() > 1:
        made = [one for one in made if asked_about(one.question) is None]
    return made


def to_try(chatbot: Asked, made: Sequence[str], count: int) -> tuple[str, ...]:
    """Return ``count`` questions for somebody who does not know what to ask.

    Where too few were made from what the article says, some are about the article itself.
    """
    first = chatbot.index.document_ids(1)[0]
    beginning = "".join(one.text for one in chatbot.paragraphs(first)[:20])
    templates = _TEMPLATES[language(beginning)]
    several = chatbot.index.document_count() > 1
    always = ("outline_of_several",) if several else ("outline", "paragraph", "size")
    return (*made[:count], *(templates[one] for one in always))[:count]


def _is_answered_there(answer: Answer, candidate: Candidate, document_id: str) -> bool:
    if certainty(answer) != "sure" or not answer.passages:
        return False
    first = answer.passages[0].paragraph
    return first.document_id == document_id and first.position in candidate.positions


def candidates(paragraphs: Iterable[Paragraph], reader: Language | None = None) -> list[Candidate]:
    """Return questions made by rule from a document's paragraphs, the most telling first.

    They are in the language of ``reader``, None for that of the document.
    """
    listed = list(paragraphs)
    body = [paragraph for paragraph in listed if paragraph.kind == "text"]
    written = language("".join(paragraph.text for paragraph in body[:20]))
    # Who reads one script of Chinese reads the names of the other one too.
    templates = _TEMPLATES[reader or written]
    found = list(_from_names(body, templates))
    if written != "en" and reader != "en":
        found += _from_clauses(body, written)
    bylines = frozenset(one.position for one in listed if one.kind == "byline")
    if bylines:
        found.insert(1, Candidate(templates["date"], bylines))
    found += _from_headings(listed, templates)
    found += _about_it(listed, body, templates)
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


def _from_clauses(body: list[Paragraph], written: Language) -> Iterator[Candidate]:
    """Yield questions that are a clause with a question word in the place of its answer."""
    for paragraph in body:
        for clause in map(str.strip, _CLAUSE.findall(paragraph.text)):
            if len(clause) <= _LONGEST_CLAUSE and not _SAYS_NOTHING_ALONE.search(clause):
                question = _cloze(clause)
                if written == "zh-Hant":
                    question = question.translate(_TRADITIONAL)
                if question:
                    yield Candidate(question, frozenset({paragraph.position}))


def _cloze(clause: str) -> str:
    """Return a clause with a question word in the place of its answer; "" if no rule fits."""
    if any(rule == "figure" and pattern.search(clause) for rule, pattern in _RULES):
        return ""
    for rule, question in _CLOZES:
        match = rule.fullmatch(clause)
        if match is not None:
            return question.format(*match.groups())
    return ""


def _about_it(
    listed: list[Paragraph], body: list[Paragraph], templates: Mapping[str, str]
) -> Iterator[Candidate]:
    """Yield questions about the article itself, which any article answers."""
    if len(body) > 1:
        yield Candidate(templates["outline"], frozenset(one.position for one in listed))
        yield Candidate(templates["paragraph"], frozenset({body[0].position}))


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
