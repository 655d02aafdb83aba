"""A conversation as a browser keeps it: turns to records, and records to turns again.

What comes back may have been changed or damaged meanwhile, so every value is checked. An answer
is taken only if each passage still stands at its place, or its article is not here any more.
"""

import json
from collections.abc import Mapping
from typing import Any, cast, get_args

from qa.types import (
    Answer,
    AnswerKind,
    Block,
    BlockKind,
    Counts,
    Difference,
    Document,
    Extent,
    Paragraph,
    Passage,
    Span,
)
from qa.web.visit.conversation import LONGEST_KEPT, KeptTurn, Turn
from qa.web.visit.library import Library

__all__ = [
    "KEPT_CHARACTERS",
    "OWN_KEPT",
    "clean",
    "read_document",
    "read_turns",
    "record_of",
    "stands",
]

KEPT_CHARACTERS = 1_500_000
"""Longest conversation that is taken from a browser."""

OWN_KEPT = 2_000_000
"""Characters of own articles that a browser keeps together."""

_MOST_LEFT_OUT = 10_000
"""Turns that may have been deleted between two."""


def clean(question: str) -> str:
    """Return a question that can be written as UTF-8: a lone surrogate becomes "?"."""
    return question.encode("utf-8", "replace").decode("utf-8")


def record_of(turn: Turn) -> dict[str, Any]:
    """Return what a browser is to keep of a turn besides its question: answer and history."""
    if turn.answer is None:
        return {}
    return {"answer": turn.answer.to_dict(), "history": turn.history}


def read_turns(text: str) -> list[KeptTurn]:
    """Return the turns of a JSON list; what is not of that form is left out."""
    try:
        listed = json.loads(text) if len(text) <= KEPT_CHARACTERS else []
    except (ValueError, RecursionError):
        return []
    found: list[KeptTurn] = []
    for one in listed if isinstance(listed, list) else ():
        turn = _turn(one, found[-1].number if found else 0)
        if turn is not None:
            found.append(turn)
    return found


def stands(answer: Answer, library: Library) -> bool:
    """Tell whether each passage is what its article has at that place, if it is here."""
    for passage in answer.passages:
        paragraph = passage.paragraph
        document = library.find(paragraph.document_id)
        if document and document.text[paragraph.start : paragraph.end] != paragraph.text:
            return False
    return True


def read_document(text: str) -> Document | None:
    """Return the article that ``to_json`` wrote; None if it is none."""
    try:
        return _document(_Record(json.loads(text))) if len(text) <= OWN_KEPT else None
    except (ValueError, RecursionError):
        return None


def _turn(kept: object, before: int) -> KeptTurn | None:
    """Return a turn, its number above the one before; None if there is no question."""
    try:
        record = _Record(kept)
        question = clean(record.text("question"))
    except _Unfit:
        return None
    if not question.strip() or len(question) > LONGEST_KEPT:
        return None
    number, scope = record.value.get("number"), record.value.get("scope")
    if not isinstance(number, int) or not before < number <= before + _MOST_LEFT_OUT:
        number = before + 1
    return KeptTurn(
        number,
        question,
        scope if isinstance(scope, str) and scope else None,
        bool(record.value.get("alone")),
        *_answer_and_history(record),
    )


def _answer_and_history(record: "_Record") -> tuple[Answer | None, tuple[str, ...]]:
    try:
        return _answer(_Record(record.value.get("answer"))), record.texts("history")
    except _Unfit:
        return None, ()


class _Unfit(ValueError):
    """A value is not of the kind that was written."""


class _Record:
    """A JSON object whose values are of the kind asked for, or raise ``_Unfit``."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise _Unfit
        self.value: Mapping[str, Any] = value

    def text(self, name: str) -> str:
        found = self.value.get(name)
        if not isinstance(found, str):
            raise _Unfit(name)
        return found

    def number(self, name: str) -> int:
        found = self.value.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise _Unfit(name)
        return found

    def share(self, name: str) -> float:
        found = self.value.get(name)
        if not isinstance(found, (int, float)) or isinstance(found, bool):
            raise _Unfit(name)
        return float(found)

    def flag(self, name: str) -> bool:
        found = self.value.get(name)
        if not isinstance(found, bool):
            raise _Unfit(name)
        return found

    def one_of(self, name: str, kinds: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Literal
        found = self.text(name)
        if found not in kinds:
            raise _Unfit(name)
        return found

    def items(self, name: str) -> list[Any]:
        found = self.value.get(name)
        if not isinstance(found, list):
            raise _Unfit(name)
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.items(name)
        if not all(isinstance(one, str) for one in found):
            raise _Unfit(name)
        return tuple(found)

    def span(self, name: str, length: int) -> Span | None:
        if self.value.get(name) is None:
            return None
        match self.items(name):
            case [int(start), int(end)] if 0 <= start <= end <= length:
                return Span(start, end)
        raise _Unfit(name)


def _answer(record: _Record) -> Answer:
    counts, extent = record.value.get("counts"), record.value.get("extent")
    return Answer(
        question=record.text("question"),
        answered=record.flag("answered"),
        confidence=record.share("confidence"),
        passages=tuple(_passage(_Record(one)) for one in record.items("passages")),
        reason=record.text("reason"),
        asked=record.text("asked"),
        missing=record.texts("missing"),
        differs=tuple(_difference(_Record(one)) for one in record.items("differs")),
        kind=record.one_of("kind", get_args(AnswerKind)),
        counts=None if counts is None else _counts(_Record(counts)),
        suggestions=record.texts("suggestions"),
        extent=None if extent is None else _extent(_Record(extent)),
    )


def _document(record: _Record) -> Document:
    text = record.text("text")
    blocks = tuple(_block(one, len(text)) for one in record.items("blocks"))
    edges = [edge for block in blocks for edge in (block.start, block.end)]
    document_id = record.text("id")
    if not (blocks and document_id) or edges != sorted(edges):
        raise _Unfit
    return Document(document_id, record.text("title"), record.text("source"), text, blocks)


def _block(kept: object, length: int) -> Block:
    match kept:
        case [int(start), int(end), str(kind), int(level), int(page)]:
            if 0 <= start < end <= length and kind in get_args(BlockKind) and min(level, page) >= 0:
                return Block(start, end, cast("BlockKind", kind), level, page)
    raise _Unfit


def _difference(record: _Record) -> Difference:
    return Difference(record.text("asked"), record.texts("said"))


def _counts(record: _Record) -> Counts:
    names = ("articles", "paragraphs", "headings", "characters", "paragraph")
    return Counts(*(record.number(name) for name in names))


def _extent(record: _Record) -> Extent:
    return Extent(record.number("read"), record.number("total"))


def _passage(record: _Record) -> Passage:
    text = record.text("text")
    kind = record.one_of("kind", get_args(BlockKind))
    return Passage(
        _paragraph(record, text, kind, record.text("header")),
        record.share("score"),
        record.span("highlight", len(text)),
        record.span("answer", len(text)),
        record.flag("answers"),
        tuple(_paragraph(_Record(one)) for one in record.items("also_in")),
    )


def _paragraph(
    record: _Record, text: str = "", kind: BlockKind = "text", header: str = ""
) -> Paragraph:
    return Paragraph(
        document_id=record.text("document_id"),
        title=record.text("title"),
        source=record.text("source"),
        section=record.text("section"),
        position=record.number("position"),
        start=record.number("start"),
        end=record.number("end"),
        text=text,
        kind=kind,
        page=record.number("page"),
        header=header,
        number=record.number("number"),
    )
