"""From runs of text on pages to parts: columns, running lines, paragraphs, headings.

All of it is arithmetic on places; lengths are in points, or in multiples of a text's size.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from statistics import median

from qa.loaders.content import Part
from qa.loaders.joining import join
from qa.loaders.pdf.cells import edges_of_cells, in_pieces, with_lines_of_tables
from qa.loaders.pdf.columns import find_columns, find_gutter, find_rows, group_near
from qa.loaders.pdf.runs import Page, Run
from qa.loaders.pdf.tables import Placed, are_below, rows_of, with_rows
from qa.text import BLANKS, ends_sentence

__all__ = ["parts_of_pages"]

_MARGIN = 0.1
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*\d{1,4}[-—–·\s]*|第?\s*\d{1,4}\s*页?\s*[,，/／共]+\s*\d{1,4}\s*页?|第\s*\d{1,4}\s*[页頁]"
    r"|page\s*\d+(?:\s*(?:of|/)\s*\d+)?|[ivxlc]{1,6}",
    re.IGNORECASE,
)
_BULLET = re.compile("[•·●○◦▪■□◆◇►▶➢\u2043\ue000-\uf8ff*–-][ \t]*(?=\\S)|[•●▪\ue000-\uf8ff]$")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MOST_NUMBERS = 8
_SAME_PLACE = 4.0
_INDENT = 1.2
_GAP = 1.3
_USUAL_PITCH = 1.5
_WIDEST_PITCH = 2.5
_OTHER_SIZE = 0.08
_HEADING_SIZE = 1.12
_LONGEST_HEADING = 60
_MOST_HEADING_LINES = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a column; ``cells`` are what stands far apart in it, if there are several.

    ``edges`` are where the columns end of the table that it is of, if it is of one without lines.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    page: int
    cells: tuple[Placed, ...] = ()
    bulleted: bool = False
    is_row: bool = False
    column_left: float = 0.0
    column_right: float = 0.0
    begins_column: bool = False
    edges: tuple[float, ...] = ()

    @property
    def indent(self) -> float:
        """How far it begins behind its column, in multiples of its size."""
        return (self.left - self.column_left) / self.size

    @property
    def rest(self) -> float:
        """How much of the column is empty behind it, in multiples of its size."""
        return (self.column_right - self.right) / self.size


def parts_of_pages(pages: Sequence[Page]) -> list[Part]:
    """Return the parts of a document in reading order, each with the page it begins on."""
    bodies = list(map(with_lines_of_tables, with_rows(_without_running_lines(pages))))
    gutters = [gutter for runs in bodies if (gutter := find_gutter(runs)) is not None]
    columns = [column for runs in bodies for column in find_columns(runs, gutters)]
    lines: list[_Line] = []
    for column in columns:
        lines += _lines(column, lines[-1] if lines else None)
    if not lines:
        return []
    return _parts(list(_with_rows(list(_paragraphs(lines)))), _body_size(lines))


def _without_running_lines(pages: Sequence[Page]) -> list[list[Run]]:
    """Return the runs of each page without page numbers and what repeats at the same place."""
    counts = Counter(
        key
        for page in pages
        for key in {key for row in find_rows(page.runs) for key in _keys(page, row)}
    )
    kept: list[list[Run]] = []
    for page in pages:
        own: list[Run] = []
        for row in find_rows(page.runs):
            text = " ".join(run.text for run in row)
            near_edge = not _MARGIN < row[0].baseline / max(page.height, 1.0) < 1 - _MARGIN
            repeats = near_edge and any(counts[key] > 1 for key in _keys(page, row))
            if not (near_edge and (repeats or _PAGE_NUMBER.fullmatch(text.strip()))):
                own.extend(row)
        kept.append(own)
    return kept


def _keys(page: Page, row: Sequence[Run]) -> Iterator[tuple[str, int]]:
    """Yield what a running line has in common on every page: its words and its height.

    One of its numbers may go up with the pages; those in the rows of a table go up faster.
    """
    text = "".join("".join(run.text for run in row).split())
    height = round((page.height - row[0].baseline) / _SAME_PLACE)
    yield text, height
    for number in islice(_NUMBER.finditer(text), _MOST_NUMBERS):
        start, end = number.span()
        yield f"{text[:start]}<{int(number[0]) - page.number}>{text[end:]}", height


def _lines(column: Sequence[Run], before: _Line | None) -> list[_Line]:
    """Return the lines of a column; ``before`` is the one before them, if there is one."""
    rows = find_rows(column)
    goes_on = before is not None and column[0].page == before.page + 1
    above = before.edges if before is not None and goes_on else ()
    lines = [
        _line(row, edges) for row, edges in zip(rows, edges_of_cells(rows, above), strict=True)
    ]
    own = [line for line in lines if not line.is_row] or lines
    left = min(line.left for line in own)
    right = max(line.right for line in own)
    return [
        replace(line, column_left=left, column_right=right, begins_column=place == 0)
        for place, line in enumerate(lines)
    ]


def _line(row: Sequence[Run], edges: tuple[float, ...]) -> _Line:
    """Return a line; ``edges`` are those of the columns where it is of a table."""
    bulleted = not edges and len(row) > 1 and _is_bullet(row[0])
    own = in_pieces(row) if edges else row[1:] if bulleted else row
    cells = group_near(own, edges)
    placed = tuple(
        Placed(join(run.text for run in cell), cell[0].left, cell[-1].right) for cell in cells
    )
    text = " | ".join(cell.text for cell in placed)
    longest = max(own, key=lambda run: len(run.text))
    bold = all(run.bold for run in own)
    return _Line(
        text, own[0].left, own[-1].right, longest.baseline, longest.size, bold, longest.page,
        placed if len(placed) > 1 else (), bulleted, own[0].is_row, edges=edges,
    )  # fmt: skip


def _is_bullet(run: Run) -> bool:
    return len(run.text) == 1 and _BULLET.match(f"{run.text} x") is not None


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    pitch = _pitch(lines)
    has_indents = sum(line.indent > _INDENT for line in lines) > 0.05 * len(lines)
    own: list[_Line] = []
    for line in lines:
        if own and _begins(own[-1], line, pitch, has_indents=has_indents):
            yield own
            own = []
        own.append(line)
    if own:
        yield own


def _with_rows(paragraphs: Sequence[list[_Line]]) -> Iterator[list[_Line]]:
    """Yield the paragraphs, lines of cells below each other as the rows of a table."""
    table: list[_Line] = []
    for own in paragraphs:
        if table and not _goes_on(table, own):
            yield from _rows(table)
            table = []
        if table or own[0].cells:
            table += own
        else:
            yield own
    yield from _rows(table)


def _goes_on(table: Sequence[_Line], own: Sequence[_Line]) -> bool:
    """Tell whether a line is a table's too: one of cells, or the rest of a long cell."""
    before, line = table[-1], own[0]
    if len(own) > 1:
        return False
    is_same = bool(line.edges) and line.edges == before.edges
    if line.begins_column:
        below = is_same or are_below(table[0].cells, line.cells)
        return line.page == before.page + 1 and below
    if line.baseline > before.baseline:
        return False
    if is_same:
        return True
    near = before.baseline - line.baseline <= _WIDEST_PITCH * line.size
    behind_first = line.left > table[0].cells[0].right and not line.bulleted
    return bool(line.cells) or (near and behind_first)


def _rows(table: Sequence[_Line]) -> Iterator[list[_Line]]:
    own = [one for one in table if not _is_repeated(one, table[0])]
    lines = [line.cells or (Placed(line.text, line.left, line.right),) for line in own]
    gaps = [0.0, *(before.baseline - after.baseline for before, after in pairwise(own))]
    if len(table) < 3:
        yield from ([line] for line in table)
        return
    for text in rows_of(lines, gaps):
        yield [replace(table[0], text=text)]


def _is_repeated(line: _Line, first: _Line) -> bool:
    """Tell whether a line on a further page has the names of the columns once more."""
    return line.begins_column and line.page > first.page and line.text == first.text


def _pitch(lines: Sequence[_Line]) -> float:
    """Return the usual distance of two baselines in multiples of the size."""
    distances = [
        (before.baseline - after.baseline) / after.size
        for before, after in pairwise(lines)
        if not after.begins_column and abs(before.size - after.size) < _OTHER_SIZE * after.size
    ]
    return min(median(distances), _WIDEST_PITCH) if distances else _USUAL_PITCH


def _begins(before: _Line, line: _Line, pitch: float, *, has_indents: bool) -> bool:
    """Tell whether a line is the first of its paragraph."""
    ends = ends_sentence(before.text)
    if line.is_row or before.is_row or line.edges or before.edges:
        return True
    if line.cells or before.cells or line.bulleted or _BULLET.match(line.text):
        return True
    if abs(before.size - line.size) > _OTHER_SIZE * line.size:
        return True
    if line.begins_column:
        if not has_indents and ends:
            return True
    elif (before.baseline - line.baseline) / line.size > _GAP * pitch:
        return True
    if line.indent > _INDENT and (before.indent < line.indent - 0.8 or before.rest > 2 or ends):
        return True
    is_short = before.rest > 2
    wide_end = not before.text[-1:].isascii()
    width = before.column_right - before.column_left
    far_short = wide_end and before.right < before.column_left + 0.75 * width
    return (is_short and (ends or before.bold != line.bold)) or far_short


def _body_size(lines: Sequence[_Line]) -> float:
    """Return the size that most characters have, to half a point."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _parts(paragraphs: Sequence[Sequence[_Line]], body: float) -> list[Part]:
    bold_share = sum(all(line.bold for line in own) for own in paragraphs) / len(paragraphs)
    headings = [
        _is_large_heading(own, body) or (bold_share < 0.5 and _is_bold_heading(own))
        for own in paragraphs
    ]
    sizes = sorted(
        {_rounded(own[0].size) for own, is_one in zip(paragraphs, headings, strict=True) if is_one},
        reverse=True,
    )
    parts = []
    for own, is_heading in zip(paragraphs, headings, strict=True):
        text = join(line.text for line in own)
        text = _BULLET.sub("", text, count=1) if _listed(own) else text
        level = sizes.index(_rounded(own[0].size)) + 1 if is_heading else 0
        parts.append(
            Part(text.strip(BLANKS), "heading" if is_heading else "text", level, own[0].page)
        )
    return parts


def _listed(own: Sequence[_Line]) -> bool:
    return _BULLET.match(own[0].text) is not None


def _text_length(own: Sequence[_Line]) -> int:
    return sum(len(line.text) for line in own)


def _could_be_heading(own: Sequence[_Line]) -> bool:
    return (
        len(own) <= _MOST_HEADING_LINES
        and _text_length(own) <= _LONGEST_HEADING
        and not (own[0].cells or own[0].is_row)
        and not own[-1].text.endswith(("。", "，", "；", ",", ";", "、"))
    )


def _is_large_heading(own: Sequence[_Line], body: float) -> bool:
    return _could_be_heading(own) and own[0].size >= _HEADING_SIZE * body


def _is_bold_heading(own: Sequence[_Line]) -> bool:
    return (
        _could_be_heading(own)
        and all(line.bold for line in own)
        and not ends_sentence(own[-1].text)
        and not _listed(own)
    )
