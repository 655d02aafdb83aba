"""The text of a paragraph as HTML that shows what it means: emphasis, links, cells of a row.

The texts of all elements joined are the text, to the character: nothing is added, left out,
moved or interpreted as HTML, so that offsets and copied text stay what they are. What is seen
of a mark, and how cells are laid out, is up to the page's style.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import PurePosixPath

from qa.loaders.addresses import is_address
from qa.loaders.rows import Cell, cells_of
from qa.render.emphasis import Stretch, stretches
from qa.render.formats import escape_html, segments
from qa.types import Document, Paragraph, Passage, Span

__all__ = ["Layout", "marked_html", "part_html"]

_MARKDOWN = (".md", ".markdown")
_AS_WRITTEN = (*_MARKDOWN, ".txt", ".text", "")
_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})", re.MULTILINE)
_WIDEST_TABLE = 6
"""Columns up to which the rows of a table stand below each other; those of more run on."""
_LEAST_WIDTH, _MOST_WIDTH = 4, 24
"""Characters that a column is as wide as at least and at most, beside the others."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: its cells, and what share of the width each column has, in percent.

    ``heads`` tells whether the names of the columns are shown in it, ``begins`` and ``ends``
    whether it is the first or last one.
    """

    cells: tuple[Cell, ...]
    columns: tuple[str, ...]
    shares: tuple[float, ...]
    heads: bool
    begins: bool = False
    ends: bool = False

    def place(self, cell: Cell) -> int:
        """Return the column of a cell; of the empty ones some are left out."""
        return self.columns.index(cell.column) if cell.is_labelled else cell.number


class Layout:
    """How the paragraphs of a document are shown one below the other."""

    def __init__(self, document: Document, paragraphs: Sequence[Paragraph]) -> None:
        """Find the tables, and what is code; ``paragraphs`` are all of the document."""
        self._code = _code_of(document, paragraphs) if _is_markdown(document.source) else set()
        self._rows = {
            paragraphs[place].position: row for place, row in _rows_of(paragraphs).items()
        }

    def paragraph(self, paragraph: Paragraph, tag: str, attributes: str) -> str:
        """Return a paragraph as an element with attributes, inside of its table if it has one."""
        row = self._rows.get(paragraph.position)
        kinds = f"paragraph {paragraph.kind}"
        if row is None:
            inner = _inner(paragraph, is_code=paragraph.position in self._code)
            return f'<{tag} class="{kinds}" {attributes}>{inner}</{tag}>'
        kinds += " row heads" if row.heads else " row"
        inner = _html(paragraph.text, _meanings(paragraph), [_whole(paragraph)], row.cells, row)
        return (
            '<div class="table" role="table">' * row.begins
            + f'<{tag} class="{kinds}" role="row" {attributes}>{inner}</{tag}>'
            + "</div>" * row.ends
        )


def marked_html(passage: Passage) -> str:
    """Return a passage as HTML, its sentence in ``<mark>``, its words in ``<strong>`` there."""
    paragraph = passage.paragraph
    strengths = []
    start = 0
    for segment in segments(passage):
        end = start + len(segment.text)
        strengths.append((Span(start, end), segment.strength))
        start = end
    return _html(paragraph.text, _meanings(paragraph), strengths, _cells(paragraph))


def part_html(paragraph: Paragraph, span: Span) -> str:
    """Return some characters of a paragraph as HTML."""
    return _html(paragraph.text, _meanings(paragraph), [(span, 0)])


def _inner(paragraph: Paragraph, *, is_code: bool) -> str:
    whole = _whole(paragraph)
    meanings = [Stretch(whole[0], "code")] if is_code else _meanings(paragraph)
    return _html(paragraph.text, meanings, [whole], () if is_code else _cells(paragraph))


def _whole(paragraph: Paragraph) -> tuple[Span, int]:
    return Span(0, len(paragraph.text)), 0


def _kind(source: str) -> str:
    return ".html" if is_address(source) else PurePosixPath(source).suffix.lower()


def _is_markdown(source: str) -> bool:
    return _kind(source) in _MARKDOWN


def _meanings(paragraph: Paragraph) -> list[Stretch]:
    return stretches(paragraph.text) if _is_markdown(paragraph.source) else []


def _cells(paragraph: Paragraph) -> tuple[Cell, ...]:
    if paragraph.kind != "text":
        return ()
    return cells_of(paragraph, as_written=_kind(paragraph.source) in _AS_WRITTEN)


def _code_of(document: Document, paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the positions of the paragraphs that stand between fences as code."""
    found = set()
    inside = False
    end = 0
    for paragraph in paragraphs:
        fences = _FENCE.findall(document.text[end : paragraph.start])
        inside ^= len(fences) % 2 == 1
        end = paragraph.end
        if inside:
            found.add(paragraph.position)
    return found


def _rows_of(paragraphs: Sequence[Paragraph]) -> dict[int, _Row]:
    """Return the paragraphs that are rows of one table with others, by their place."""
    found: dict[int, _Row] = {}
    start = 0
    while start < len(paragraphs):
        cells = _table_at(paragraphs, start)
        if len(cells) > 1:
            found |= dict(enumerate(_table(cells), start))
        start += max(len(cells), 1)
    return found


def _table_at(paragraphs: Sequence[Paragraph], start: int) -> list[tuple[Cell, ...]]:
    """Return the cells of the rows of the table that begins at a place; nothing for none."""
    first = paragraphs[start]
    header = paragraphs[start + 1].header if start + 1 < len(paragraphs) else ""
    if header and header == first.text:
        first = replace(first, header=header)
    cells = _cells(first)
    if not cells:
        return []
    names = {cell.column for cell in cells}
    rows = [cells]
    for place in range(start + 1, len(paragraphs)):
        cells = _cells(paragraphs[place])
        own = {cell.column for cell in cells}
        if paragraphs[place].header != first.header or 2 * len(own & names) <= len(own):
            break
        rows.append(cells)
        names |= own
    return rows


def _table(rows: Sequence[tuple[Cell, ...]]) -> Iterator[_Row]:
    longest = max(rows, key=len)
    if longest[0].is_labelled:
        columns = tuple(dict.fromkeys(cell.column for row in (longest, *rows) for cell in row))
    else:
        columns = ("",) * (max(cell.number for row in rows for cell in row) + 1)
    if len(columns) > _WIDEST_TABLE:
        return
    widths = [_LEAST_WIDTH] * len(columns)
    seen: set[str] = set()
    placed = []
    for cells in rows:
        row = _Row(cells, columns, (), not seen.issuperset(one.column for one in cells))
        seen.update(one.column for one in cells)
        for cell in cells:
            width = max(len(cell.column), cell.span.end - cell.named.end)
            widths[row.place(cell)] = min(max(widths[row.place(cell)], width), _MOST_WIDTH)
        placed.append(row)
    shares = tuple(100 * width / sum(widths) for width in widths)
    for number, row in enumerate(placed):
        last = number == len(placed) - 1
        yield replace(row, shares=shares, begins=number == 0, ends=last)


def _html(
    text: str,
    meanings: Sequence[Stretch],
    strengths: Sequence[tuple[Span, int]],
    cells: Sequence[Cell] = (),
    row: _Row | None = None,
) -> str:
    """Return the characters that ``strengths`` cover, in cells, in marks, in what they mean."""
    if not strengths:
        return ""
    written = []
    for number, own in groupby(_atoms(meanings, strengths, cells), key=lambda atom: atom.cell):
        inner = _marks(text, own)
        if number is not None:
            inner = f"<span {_cell(cells, number, row)}>{inner}</span>"
        elif cells:
            inner = f'<span class="mark">{inner}</span>'
        written.append(inner)
    return "".join(written)


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters of one cell (None for none), one strength and the same meanings."""

    span: Span
    cell: int | None
    strength: int
    meanings: tuple[str, ...]


def _atoms(
    meanings: Sequence[Stretch], strengths: Sequence[tuple[Span, int]], cells: Sequence[Cell]
) -> Iterator[_Atom]:
    start, end = strengths[0][0].start, strengths[-1][0].end
    changes = _changes(meanings, cells)
    edges = {start, end, *changes, *(span.start for span, _ in strengths)}
    inside = sorted(edge for edge in edges if start <= edge <= end)
    told: list[str] = []
    cell = strong = 0
    for edge, following in pairwise([*sorted(one for one in changes if one < start), *inside]):
        for meaning, begins in changes.get(edge, ()):
            told.append(meaning) if begins else told.remove(meaning)
        while cell < len(cells) and cells[cell].span.end <= edge:
            cell += 1
        while strong + 1 < len(strengths) and strengths[strong][0].end <= edge:
            strong += 1
        if edge >= start:
            is_in = cell < len(cells) and cells[cell].span.start <= edge
            own = tuple(sorted(set(told)))
            yield _Atom(Span(edge, following), cell if is_in else None, strengths[strong][1], own)


def _changes(
    meanings: Sequence[Stretch], cells: Sequence[Cell]
) -> Mapping[int, list[tuple[str, bool]]]:
    """Return what begins (True) and what ends at a place."""
    changes: dict[int, list[tuple[str, bool]]] = {}
    named = [Stretch(cell.named, "name") for cell in cells if cell.is_labelled]
    for one in (*meanings, *named):
        changes.setdefault(one.span.start, []).append((one.meaning, True))
        changes.setdefault(one.span.end, []).append((one.meaning, False))
    for cell in cells:
        changes.setdefault(cell.span.start, [])
        changes.setdefault(cell.span.end, [])
    return changes


def _marks(text: str, atoms: Iterator[_Atom]) -> str:
    written = []
    for is_marked, run in groupby(atoms, key=lambda atom: atom.strength > 0):
        inner = ""
        for strength, same in groupby(run, key=lambda atom: atom.strength):
            shown = "".join(_meant(text, atom) for atom in same)
            inner += f"<strong>{shown}</strong>" if strength == 2 else shown
        written.append(f"<mark>{inner}</mark>" if is_marked else inner)
    return "".join(written)


def _meant(text: str, atom: _Atom) -> str:
    shown = escape_html(atom.span.of(text))
    return f'<span class="{" ".join(atom.meanings)}">{shown}</span>' if atom.meanings else shown


def _cell(cells: Sequence[Cell], number: int, row: _Row | None) -> str:
    """Return the attributes of a cell: its column's name if it is not in the text, its place."""
    cell = cells[number]
    has_name = cell.column and not cell.is_labelled
    name = f' data-column="{escape_html(cell.column)}"' if has_name else ""
    if row is None:
        return f'class="cell"{name}'
    place = row.place(cell)
    behind = row.place(cells[number - 1]) + 1 if number else 0
    skipped = sum(row.shares[behind:place])
    skip = f";--skip:{skipped:.1f}%" if skipped else ""
    role = "columnheader" if row.heads and not cell.is_labelled else "cell"
    return f'class="cell" role="{role}"{name} style="--share:{row.shares[place]:.1f}%{skip}"'
