"""Rows of tables in a text that is kept as it was written: Markdown, and cells between tabs.

Such a row stands in the article without the names of its columns. They go with it where it is
searched, read and shown; what is found in it is a place in the row as it was written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.text import BLANKS, ends_sentence, has_content
from qa.types import Block, Paragraph, Span

__all__ = ["Cell", "Pieces", "as_read", "cells_of", "header_of", "labelled", "shown_header"]

_LONGEST_ROW = 2_000
_LONGEST_NAME = 30
_LINE_END = re.compile(r"[ \t]*(?:\r\n|\n|\r)[ \t>]*")
_RULE = re.compile(
    r"[ \t]*(?:\r\n|\n|\r)[ \t>]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-*:?[ \t]*"
    r"(?:\r\n|\n|\r)[ \t>]*"
)
_BAR = re.compile(r"(?<!\\)\|")
_TAB = re.compile("\t")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as it is read, and which of its stretches stand where in the paragraph.

    ``places`` are pairs of a stretch of the text read and the cell that it is of.
    """

    text: str
    places: tuple[tuple[Span, Span], ...] = ()

    def original(self, span: Span) -> Span:
        """Return the place in the paragraph of words in the text read, whole cells at the least.

        The name of a column stands for its value.
        """
        touched = [
            (read, own)
            for read, own in self.places
            if read.start < span.end > span.start < read.end
        ]
        if not touched:
            return span
        (first, start), (last, end) = touched[0], touched[-1]
        inside = max(span.start - (first.end - (start.end - start.start)), 0)
        behind = min(max(last.end - span.end, 0), end.end - end.start - 1)
        return Span(start.start + inside, max(end.end - behind, start.start + inside + 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row, and the name of its column ("" for none).

    ``number`` counts the values from 0; ``named`` is where the name stands in the row itself,
    empty where it does not.
    """

    span: Span
    number: int
    column: str
    named: Span

    @property
    def is_labelled(self) -> bool:
        """Whether the row itself has the name of the column."""
        return self.named.start < self.named.end


def labelled(names: Sequence[str], values: Sequence[str | None]) -> list[tuple[str, str]]:
    """Return each value of a row with what goes before it: a gap and the name of its column."""
    pairs = [
        (names[place] if place < len(names) else "", value)
        for place, value in enumerate(values)
        if value
    ]
    is_ascii = all(name.isascii() and value.isascii() for name, value in pairs)
    colon, gap = (": ", "; ") if is_ascii else ("：", "；")
    return [
        (f"{gap if place else ''}{name}{colon if name else ''}", value)
        for place, (name, value) in enumerate(pairs)
    ]


def header_of(text: str, blocks: Sequence[Block], place: int, above: str) -> str:
    """Return the row that names the columns of a block; "" if it is no row of a table.

    ``above`` is that of the block before it.
    """
    if not place:
        return ""
    before, block = blocks[place - 1], blocks[place]
    own = text[block.start : block.end]
    if before.kind != "text" or block.kind != "text" or len(own) > _LONGEST_ROW:
        return ""
    sign = _sign(own)
    if not sign or block.start - before.end > _LONGEST_ROW:
        return ""
    gap = text[before.end : block.start]
    row = text[before.start : before.end]
    if sign == "|" and "-" in gap and _RULE.fullmatch(gap):
        return row if "|" in row and len(row) <= _LONGEST_ROW else ""
    if not _LINE_END.fullmatch(gap):
        return ""
    if above:
        return above if _sign(above) == sign else ""
    return row if sign == "\t" and _names_columns(row, own) else ""


def shown_header(header: str) -> str:
    """Return a row that names columns without what is around its cells."""
    return " | ".join(span.of(header) for span in _cells(header) if span.start < span.end)


def as_read(paragraph: Paragraph) -> Pieces:
    """Return a paragraph as it is read: of a row, each value with the name of its column."""
    if not paragraph.header:
        return Pieces(paragraph.text)
    names = [span.of(paragraph.header) for span in _cells(paragraph.header)]
    cells = _cells(paragraph.text)
    shown = [cell for cell in cells if cell.start < cell.end]
    text = ""
    places: list[tuple[Span, Span]] = []
    values = [cell.of(paragraph.text) for cell in cells]
    for (name, value), cell in zip(labelled(names, values), shown, strict=True):
        places.append((Span(len(text), len(text) + len(name) + len(value)), cell))
        text += name + value
    return Pieces(text, tuple(places)) if places else Pieces(paragraph.text)


def cells_of(paragraph: Paragraph, *, as_written: bool) -> tuple[Cell, ...]:
    """Return the cells of a paragraph that is a row; none if it is no row.

    ``as_written`` tells whether rows stand in its document as they were written, and not with
    the names of their columns, as :func:`labelled` has them.
    """
    text = paragraph.text
    if not as_written:
        return _labelled_cells(text)
    if not paragraph.header and not (text.startswith("|") and text.endswith("|")):
        return ()
    names = _cells(paragraph.header)
    cells = [
        Cell(
            span,
            number,
            names[number].of(paragraph.header) if number < len(names) else "",
            Span(span.start, span.start),
        )
        for number, span in enumerate(_cells(text))
        if span.start < span.end
    ]
    return tuple(cells) if len(cells) > 1 else ()


def _labelled_cells(text: str) -> tuple[Cell, ...]:
    """Return what :func:`labelled` has joined: two values or more, each with a name of its own."""
    colon, gap = ("：", "；") if "：" in text else (": ", "; ")
    if "\n" in text or gap not in text or len(text) > _LONGEST_ROW:
        return ()
    cells: list[Cell] = []
    start = 0
    for number, piece in enumerate(text.split(gap)):
        name, between, value = piece.partition(colon)
        if not (between and value and has_content(name)) or len(name) > _LONGEST_NAME:
            return ()
        named = Span(start, start + len(name) + len(colon))
        cells.append(Cell(Span(start, start + len(piece)), number, name, named))
        start += len(piece) + len(gap)
    names = {cell.column for cell in cells}
    if len(names) < len(cells) or any(map(ends_sentence, names)):
        return ()
    return tuple(cells)


def _sign(row: str) -> str:
    """Return what is between the cells of a row; "" if it has none."""
    return "|" if _BAR.search(row) else "\t" if "\t" in row else ""


def _cells(row: str) -> list[Span]:
    sign = _BAR if _BAR.search(row) else _TAB
    edges = [(match.start(), match.end()) for match in sign.finditer(row)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(row)]
    cells = [_stripped(row, start, end) for start, end in zip(starts, ends, strict=True)]
    if sign is _BAR:
        # The bars at the edges of a row are around its cells, not between two of them.
        cells = cells[1:] if row.startswith("|") else cells
        cells = cells[:-1] if row.endswith("|") and cells else cells
    return cells


def _stripped(row: str, start: int, end: int) -> Span:
    own = row[start:end]
    left = len(own) - len(own.lstrip(BLANKS))
    return Span(start + left, max(start + left, start + len(own.rstrip(BLANKS))))


def _names_columns(row: str, below: str) -> bool:
    """Tell whether the first of two rows names the columns: words above figures."""
    names, values = _cells(row), _cells(below)
    shown = [span.of(row) for span in names]
    if len(names) != len(values) or not all(
        has_content(name) and len(name) <= _LONGEST_NAME for name in shown
    ):
        return False
    figures = [any(map(str.isdigit, span.of(below))) for span in values]
    return any(figures) and not any(name[0].isdigit() and not name.endswith("年") for name in shown)
