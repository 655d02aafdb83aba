"""An answer as plain text or Markdown, and the pieces of its HTML: one look for every face.

What comes from an article or a question is always shown as the characters it has. Text
for a terminal loses its control characters, Markdown has every character escaped that
Markdown or HTML would interpret, HTML has every one escaped.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, pairwise, takewhile
from typing import Literal

from qa.answering.refusal import counted, reason_in, searched_so_far
from qa.loaders.rows import shown_header
from qa.question.forms import leads_in
from qa.render.phrases import LABELS, Labels
from qa.text import Language, language
from qa.types import Answer, Paragraph, Passage, Span

__all__ = [
    "SURE",
    "Certainty",
    "Segment",
    "certainty",
    "certainty_word",
    "deciding",
    "elsewhere",
    "escape_html",
    "escape_markdown",
    "excerpt",
    "is_list",
    "paragraph_anchor",
    "percent",
    "place",
    "printable",
    "remark",
    "segments",
    "shown_passages",
    "to_brief_text",
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


def deciding(answer: Answer, k: int | None = None) -> list[tuple[Passage, Span]]:
    """Return the passage and sentence that decide; of a list that is led in to, those of its items.

    Nothing where nothing is marked.
    """
    shown = shown_passages(answer)[:k]
    chosen = shown[:1]
    if shown and leads_in(shown[0].text) and shown[0].answers:
        chosen = tuple(takewhile(lambda one: one.answers, shown[1:])) or chosen
    return [(one, one.highlight) for one in chosen if one.highlight is not None]


def certainty_word(answer: Answer, labels: Labels) -> str:
    """Return the plain word for how certain an answer is."""
    absent = labels.absent if answer.extent is None else labels.absent_so_far
    return {"sure": labels.sure, "unsure": labels.unsure, "absent": absent}[certainty(answer)]


def place(paragraph: Paragraph, labels: Labels, *, with_title: bool = False) -> str:
    """Say where a paragraph stands: document (if wanted), page, number, section, columns.

    Titles, bylines and headings have no number and are named as what they are.
    """
    parts = [paragraph.title] if with_title else []
    if paragraph.page:
        parts.append(labels.page.format(page=paragraph.page))
    if paragraph.number:
        parts.append(labels.place.format(number=paragraph.number))
    kinds = {"title": labels.title, "byline": labels.byline, "heading": labels.heading}
    if paragraph.kind in kinds:
        parts.append(kinds[paragraph.kind])
    elif paragraph.section:
        parts.append(paragraph.section)
    if paragraph.header:
        parts.append(shown_header(paragraph.header))
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


def is_list(answer: Answer) -> bool:
    """Tell whether the passages are lines of the article: shown one by one, only what is marked."""
    return answer.kind == "about" and len(answer.passages) > 1


def excerpt(passage: Passage) -> str:
    """Return what is marked in a passage; all of it where nothing is."""
    return passage.text if passage.highlight is None else passage.highlight.of(passage.text)


def remark(answer: Answer, shown: Language) -> str:
    """Return what is told with or in place of an answer: a reason, a count; "" if nothing is."""
    if not answer.answered:
        return reason_in(shown, answer)
    told = [] if answer.counts is None else [counted(answer.counts, shown)]
    if answer.extent is not None:
        told.insert(0, searched_so_far(answer.extent, shown, answered=True))
    return " ".join(told)


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
    blocks = _opening(answer, labels, color)
    shown = shown_passages(answer)[:k]
    if shown and not answer.answered:
        blocks.append(f"{labels.nearest}:")
    if not is_list(answer):
        blocks += [f"→ {printable(span.of(one.text))}" for one, span in deciding(answer, k)]
    for number, passage in enumerate(shown, 1):
        heading = printable(place(passage.paragraph, labels, with_title=titled))
        heading = " ".join(heading.split())
        runs = [Segment(excerpt(passage), 0)] if is_list(answer) else segments(passage)
        text = "".join(_colored(segment, color) for segment in runs)
        lines = [f"{number}. {heading}", text]
        if passage.also_in:
            lines.append(" ".join(printable(elsewhere(passage, labels, with_title=titled)).split()))
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, *_to_try(answer, labels)])


def to_brief_text(answer: Answer, *, color: bool = False) -> str:
    """Return an answer for a terminal without its passages: the words, their sentence, its place.

    A list of lines of the article is whole; of a refusal there is only what is told.
    """
    labels = _labels(answer)
    decided = deciding(answer)
    if answer.answered and (is_list(answer) or not decided):
        return to_text(answer, color=color)
    blocks = _opening(answer, labels, color)
    for passage, sentence in decided if answer.answered else ():
        where = place(passage.paragraph, labels, with_title=_several(answer))
        inside = [one for one in segments(passage) if one.strength]
        words = passage.answer.of(passage.text).strip() if passage.answer else ""
        if words and words != sentence.of(passage.text).strip():
            blocks.append(_colored(Segment(words, 2), color))
        marked = "".join(_colored(one, color) for one in inside)
        blocks.append(f"→ {marked}\n  {' '.join(printable(where).split())}")
    return "\n\n".join([*blocks, *_to_try(answer, labels)])


def _opening(answer: Answer, labels: Labels, color: bool) -> list[str]:
    """Return how certain an answer is, and what is told with it or in its place."""
    head = _certainty_line(answer, labels)
    told = _told(answer)
    shown = f"\x1b[1m{head}\x1b[0m" if color else head
    return ([shown] if head else []) + ([printable(told)] if told else [])


def _to_try(answer: Answer, labels: Labels) -> list[str]:
    if not answer.suggestions:
        return []
    return ["\n".join([f"{labels.examples}:", *(f"- {one}" for one in answer.suggestions)])]


def _certainty_line(answer: Answer, labels: Labels, form: str = "{}") -> str:
    """Return how certain an answer is, its word in a form; "" where nothing was searched for."""
    if answer.kind != "passages":
        return ""
    word = form.format(certainty_word(answer, labels))
    if not answer.answered:
        return word
    return f"{word} ({labels.confidence.format(percent=percent(answer))})"


def _told(answer: Answer) -> str:
    """Return what is told with an answer, in the language of the question."""
    return answer.reason or remark(answer, language(answer.asked or answer.question))


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


def to_markdown(
    answer: Answer, *, with_title: bool | None = None, shown_in: Language | None = None
) -> str:
    """Return an answer as Markdown, the answering sentence in ``<mark>``.

    The words around it are in the language ``shown_in``, None for that of the question.
    Emphasis by asterisks is not put around article text: beside Chinese punctuation
    Markdown does not see it.
    """
    labels = _labels(answer) if shown_in is None else LABELS[shown_in]
    titled = _several(answer) if with_title is None else with_title
    question = " ".join((answer.asked or answer.question).split())
    head = _certainty_line(answer, labels, "**{}**")
    blocks = [f"### {escape_markdown(question)}", *([head] if head else [])]
    told = _told(answer)
    if told:
        blocks.append(escape_markdown(told))
    if answer.passages and not answer.answered:
        blocks.append(f"*{labels.nearest}*")
    for passage in shown_passages(answer):
        where = " ".join(place(passage.paragraph, labels, with_title=titled).split())
        quoted = (
            escape_markdown(excerpt(passage))
            if is_list(answer)
            else _marked(passage, escape_markdown)
        )
        lines = [quoted, f"— {escape_markdown(where)}"]
        if passage.also_in:
            also = " ".join(elsewhere(passage, labels, with_title=titled).split())
            lines.append(escape_markdown(also))
        blocks.append("\n>\n".join(f"> {line}" for line in lines))
    if answer.suggestions:
        listed = "\n".join(f"- {escape_markdown(one)}" for one in answer.suggestions)
        blocks.append(f"{labels.examples}:\n\n{listed}")
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
    """Return the id of a paragraph within the page of its document.

    ``p12`` is paragraph 12; what has no number goes by its place among all: ``l1`` is the first.
    """
    return f"p{paragraph.number}" if paragraph.number else f"l{paragraph.position + 1}"
