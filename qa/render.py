"""An answer as plain text or Markdown, and the pieces of its HTML: one look for every face.

What comes from an article or a question is always shown as the characters it has. Text
for a terminal loses its control characters, Markdown has every character escaped that
Markdown or HTML would interpret, HTML has every one escaped.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, pairwise
from typing import Literal

from qa.labels import LABELS, Labels
from qa.text import language
from qa.types import Answer, Paragraph, Passage

__all__ = [
    "SURE",
    "Certainty",
    "Segment",
    "certainty",
    "certainty_word",
    "elsewhere",
    "escape_html",
    "escape_markdown",
    "marked_html",
    "paragraph_anchor",
    "percent",
    "place",
    "printable",
    "segments",
    "shown_passages",
    "to_markdown",
    "to_text",
]

Certainty = Literal["sure", "unsure", "absent"]

SURE = 0.75
"""Confidence from which an answer is called certain."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a passage's characters: 0 plain, 1 answering sentence, 2 answering words."""

    text: str
    strength: int


def segments(passage: Passage) -> tuple[Segment, ...]:
    """Cut a passage at its marks; the texts joined are the passage, to the character.

    Words outside the marked sentence are marked all the same.
    """
    text = passage.text
    spans = [span for span in (passage.highlight, passage.answer) if span is not None]
    cuts = {0, len(text)}
    for span in spans:
        cuts |= {min(max(cut, 0), len(text)) for cut in (span.start, span.end)}
    edges = sorted(cuts)
    found = []
    for start, end in pairwise(edges):
        strength = 0
        if passage.highlight and passage.highlight.start <= start < passage.highlight.end:
            strength = 1
        if passage.answer and passage.answer.start <= start < passage.answer.end:
            strength = 2
        found.append(Segment(text[start:end], strength))
    return tuple(found)


def certainty(answer: Answer) -> Certainty:
    """Put the confidence into one of three degrees."""
    if not answer.answered:
        return "absent"
    return "sure" if answer.confidence >= SURE else "unsure"


def shown_passages(answer: Answer) -> tuple[Passage, ...]:
    """Return the passages as they are shown: nothing is marked in those that do not answer."""
    if answer.answered:
        return answer.passages
    return tuple(replace(one, highlight=None, answer=None) for one in answer.passages)


def certainty_word(answer: Answer, labels: Labels) -> str:
    """Return the plain word for how certain an answer is."""
    return {"sure": labels.sure, "unsure": labels.unsure, "absent": labels.absent}[
        certainty(answer)
    ]


def place(paragraph: Paragraph, labels: Labels, *, with_title: bool = False) -> str:
    """Say where a paragraph stands: document (if wanted), page, number from 1, section."""
    parts = [paragraph.title] if with_title else []
    if paragraph.page:
        parts.append(labels.page.format(page=paragraph.page))
    parts.append(labels.place.format(number=paragraph.position + 1))
    kinds = {"title": labels.title, "byline": labels.byline, "heading": labels.heading}
    if paragraph.kind in kinds:
        parts.append(kinds[paragraph.kind])
    elif paragraph.section:
        parts.append(paragraph.section)
    return " · ".join(parts)


def elsewhere(passage: Passage, labels: Labels, *, with_title: bool = False) -> str:
    """Say where else a passage stands; "" if nowhere.

    A place in another document has its title in any case.
    """
    own = passage.paragraph.document_id
    places = [
        place(other, labels, with_title=with_title or other.document_id != own)
        for other in passage.also_in
    ]
    return labels.elsewhere.format(places="; ".join(places)) if places else ""


def percent(answer: Answer) -> int:
    """Return the confidence in percent, a whole number from 0 to 100."""
    return round(100 * min(max(answer.confidence, 0.0), 1.0))


def _several(answer: Answer) -> bool:
    return len({passage.paragraph.document_id for passage in answer.passages}) > 1


def _labels(answer: Answer) -> Labels:
    return LABELS[language(answer.asked or answer.question)]


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STYLES = ("", "\x1b[33m", "\x1b[1;33m")


def printable(text: str) -> str:
    """Replace control characters, which could command a terminal, by visible symbols."""
    return _CONTROL.sub(_control_symbol, text)


def _control_symbol(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def to_text(
    answer: Answer, *, color: bool = False, k: int | None = None, with_title: bool | None = None
) -> str:
    """Return an answer for a terminal, its first ``k`` passages (all when None).

    The answering sentence of the first one comes before them; with ``color`` it is also
    coloured where it stands, and its words bold. ``with_title``
    names the document of each passage; None does so when they come from several.
    """
    labels = _labels(answer)
    titled = _several(answer) if with_title is None else with_title
    head = certainty_word(answer, labels)
    if answer.answered:
        head += f" ({labels.confidence.format(percent=percent(answer))})"
    blocks = [f"\x1b[1m{head}\x1b[0m" if color else head]
    if answer.reason:
        blocks.append(printable(answer.reason))
    shown = shown_passages(answer)[:k]
    if shown and not answer.answered:
        blocks.append(f"{labels.nearest}:")
    if shown and shown[0].highlight:
        blocks.append(f"→ {printable(shown[0].highlight.of(shown[0].text))}")
    for number, passage in enumerate(shown, 1):
        heading = printable(place(passage.paragraph, labels, with_title=titled))
        heading = " ".join(heading.split())
        text = "".join(_colored(segment, color) for segment in segments(passage))
        lines = [f"{number}. {heading}", text]
        if passage.also_in:
            lines.append(" ".join(printable(elsewhere(passage, labels, with_title=titled)).split()))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _colored(segment: Segment, color: bool) -> str:
    text = printable(segment.text)
    return f"{_STYLES[segment.strength]}{text}\x1b[0m" if color and segment.strength else text


_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|$!#:@^=]")
_LIST_MARK = re.compile(r"^([+\-])|^(\d{1,9})([.)])")
_NO_REFERENCE = "\x0b\x1c\x1d\x1e\x1f\x85"
"""Blanks that are control characters: a reference to one would be shown as it is written."""
_WEB_ADDRESS = re.compile(r"\b(www)\.", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|[\r\n]")


def escape_markdown(text: str) -> str:
    """Return one line of Markdown that shows exactly the characters of ``text``.

    Line breaks become ``<br>``, blanks at the edges of a line character references.
    """
    return "<br>".join(_escape_markdown_line(line) for line in _LINE_END.split(text))


def _escape_markdown_line(line: str) -> str:
    escaped = _MARKDOWN.sub(r"\\\g<0>", line)
    escaped = _WEB_ADDRESS.sub(r"\1\\.", escaped)
    escaped = _LIST_MARK.sub(_escape_list_mark, escaped)
    inner = escaped.strip()
    before, _, after = escaped.partition(inner) if inner else (escaped, "", "")
    return f"{_references(before)}{inner}{_references(after)}"


def _references(blanks: str) -> str:
    return "".join(one if one in _NO_REFERENCE else f"&#{ord(one)};" for one in blanks)


def _escape_list_mark(match: re.Match[str]) -> str:
    sign, number, mark = match.groups()
    return f"\\{sign}" if sign else f"{number}\\{mark}"


def to_markdown(answer: Answer, *, with_title: bool | None = None) -> str:
    """Return an answer as Markdown, the answering sentence in ``<mark>``.

    Emphasis by asterisks is not put around article text: beside Chinese punctuation
    Markdown does not see it.
    """
    labels = _labels(answer)
    titled = _several(answer) if with_title is None else with_title
    question = " ".join((answer.asked or answer.question).split())
    head = f"**{certainty_word(answer, labels)}**"
    if answer.answered:
        head += f" ({labels.confidence.format(percent=percent(answer))})"
    blocks = [f"### {escape_markdown(question)}", head]
    if answer.reason:
        blocks.append(escape_markdown(answer.reason))
    if answer.passages and not answer.answered:
        blocks.append(f"*{labels.nearest}*")
    for passage in shown_passages(answer):
        where = " ".join(place(passage.paragraph, labels, with_title=titled).split())
        quoted = _marked(passage, escape_markdown)
        lines = [quoted, f"— {escape_markdown(where)}"]
        if passage.also_in:
            also = " ".join(elsewhere(passage, labels, with_title=titled).split())
            lines.append(escape_markdown(also))
        blocks.append("\n>\n".join(f"> {line}" for line in lines))
    return "\n\n".join(blocks) + "\n"


def _marked(passage: Passage, escape_text: Callable[[str], str]) -> str:
    """Return the escaped passage, its sentence in ``<mark>``, its words in ``<strong>`` there."""
    written = []
    for is_marked, run in groupby(segments(passage), key=lambda segment: segment.strength > 0):
        inner = "".join(
            f"<strong>{escape_text(segment.text)}</strong>"
            if segment.strength == 2
            else escape_text(segment.text)
            for segment in run
        )
        written.append(f"<mark>{inner}</mark>" if is_marked else inner)
    return "".join(written)


def escape_html(text: str) -> str:
    """Return HTML, for content and attributes, that shows exactly the characters of ``text``.

    A carriage return becomes a reference, since HTML reads a bare one as a line feed and
    offsets behind a CRLF would shift.
    """
    return escape(text, quote=True).replace("\r", "&#13;")


def paragraph_anchor(paragraph: Paragraph) -> str:
    """Return the id of a paragraph within the page of its document: ``p12`` is the twelfth."""
    return f"p{paragraph.position + 1}"


def marked_html(passage: Passage) -> str:
    """Return a passage as HTML, its sentence in ``<mark>``, its answering words in ``<strong>``."""
    return _marked(passage, escape_html)
