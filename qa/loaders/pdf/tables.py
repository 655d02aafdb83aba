"""Tables on a page: in drawn cells, or in lines of cells that stand far apart.

Each cell is read with its column's name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from qa.loaders.joining import join
from qa.loaders.pdf.columns import find_rows
from qa.loaders.pdf.rules import Box
from qa.loaders.pdf.runs import Run
from qa.loaders.table import Cell, naming_rows, row_texts

__all__ = ["Placed", "are_below", "rows_of", "with_rows"]

_LONGEST_CELL = 400
"""Characters of a cell; one with more holds an article."""
_FEWEST_CELLS = 4
_SAME_EDGE = 2.0
_SAME_CELL = 1.2
"""Times the least distance of two lines in a column within which they are of one cell."""
_FEWEST_ROWS = 3
_NEXT_PAGE = 1_000.0


@dataclass(frozen=True, slots=True)
class Placed:
    """The text of a cell and where it stands, in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Names:
    """The rows that name the columns of a drawn table, and where the columns begin."""

    lefts: tuple[float, ...] = ()
    rows: Sequence[Sequence[Cell]] = ()

    def fits(self, lefts: Sequence[float]) -> bool:
        """Tell whether columns that begin there may be the same ones."""
        return (
            bool(self.rows)
            and len(lefts) == len(self.lefts)
            and all(abs(a - b) < _SAME_EDGE for a, b in zip(lefts, self.lefts, strict=True))
        )


def rows_of(lines: Sequence[Sequence[Placed]], gaps: Sequence[float]) -> list[str]:
    """Return the rows of a table as lines of text; its first line has the most columns.

    ``gaps`` are the distances of each line from the one before it, none above 0 to one on the
    page before. A line without a first cell
    that stands closer to the line before than rows do goes on with that one's cells.
    """
    columns = max(lines[:2], key=len)
    own = [_in_columns(line, columns) for line in lines]
    cells: list[list[Cell]] = [list(row) for row in _by_cells(own, gaps) or _by_lines(own, gaps)]
    return row_texts(cells)


def _in_columns(line: Sequence[Placed], columns: Sequence[Placed]) -> list[str]:
    own = [""] * len(columns)
    for cell in line:
        place = _column(cell, columns)
        own[place] = join((own[place], cell.text))
    return own


def _by_lines(lines: Sequence[Sequence[str]], gaps: Sequence[float]) -> list[list[str]]:
    """Return the rows of a table, each of which begins with a line that has a first cell."""
    grid: list[list[str]] = []
    rows = [gap for line, gap in zip(lines, gaps, strict=True) if line[0] and gap > 0]
    pitch = min(rows, default=0.0)
    for own, gap in zip(lines, gaps, strict=True):
        if grid and not own[0] and 0 < gap < 0.9 * pitch:
            grid[-1] = [join(pair) for pair in zip(grid[-1], own, strict=True)]
        else:
            grid.append(list(own))
    return grid


def _by_cells(lines: Sequence[Sequence[str]], gaps: Sequence[float]) -> list[list[str]]:
    """Return the rows of a table whose cells are set apart by more than their own lines.

    Cells of one row stand beside each other, however many lines each has. None if that is not so.
    """
    pages = sum(gap <= 0 for gap in gaps)
    heights = list(accumulate(gap if gap > 0 else _NEXT_PAGE for gap in gaps))
    columns = [
        [(height, line[place]) for height, line in zip(heights, lines, strict=True) if line[place]]
        for place in range(len(lines[0]))
    ]
    distances = [b[0] - a[0] for own in columns for a, b in pairwise(own)]
    pitch = min(distances, default=0.0)
    cells = sorted(
        (top, bottom, place, text)
        for place, own in enumerate(columns)
        for top, bottom, text in _cells(own, _SAME_CELL * pitch)
    )
    grid: list[list[str]] = []
    reach = float("-inf")
    for top, bottom, place, text in cells:
        if top > reach:
            grid.append([""] * len(columns))
        reach = max(reach, bottom + pitch / 2)
        if grid[-1][place]:
            return []
        grid[-1][place] = text
    # Each page begins with another row in any case.
    return grid if len(grid) - pages >= _FEWEST_ROWS - 1 and all(grid[0]) else []


def _cells(
    column: Sequence[tuple[float, str]], farthest: float
) -> Iterator[tuple[float, float, str]]:
    """Yield the cells of a column: where each begins and ends, and its text."""
    own: list[tuple[float, str]] = []
    for height, text in column:
        if own and height - own[-1][0] > farthest:
            yield own[0][0], own[-1][0], join(text for _, text in own)
            own = []
        own.append((height, text))
    if own:
        yield own[0][0], own[-1][0], join(text for _, text in own)


def are_below(columns: Sequence[Placed], line: Sequence[Placed]) -> bool:
    """Tell whether the cells of a line are below those of another one, each below its own."""
    return len(columns) == len(line) > 1 and all(
        min(cell.right, column.right) > max(cell.left, column.left)
        for column, cell in zip(columns, line, strict=True)
    )


def _column(cell: Placed, columns: Sequence[Placed]) -> int:
    """Return the column that a cell shares most width with, else the nearest one."""
    return max(
        range(len(columns)),
        key=lambda place: (
            min(cell.right, columns[place].right) - max(cell.left, columns[place].left)
        ),
    )


def with_rows(pages: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """Return the runs of each page, those in the cells of a drawn table as one run a row.

    A table that goes on on the next page has the names of its columns there too.
    """
    found: list[list[Run]] = []
    names = _Names()
    for runs in pages:
        inside: dict[Box, list[Run]] = defaultdict(list)
        for run in runs:
            if run.cell is not None:
                inside[run.cell].append(run)
        texts = {cell: _text(own) for cell, own in inside.items()}
        tables = [table for table in _tables(list(texts)) if _is_data(table, texts)]
        tables.sort(key=lambda table: -max(cell.top for cell in table))
        read = {cell for table in tables for cell in table}
        kept = [run for run in runs if run.cell not in read]
        if not tables or any(run.baseline > max(cell.top for cell in tables[0]) for run in kept):
            names = _Names()
        for table in tables:
            own = [run for cell in table for run in inside[cell]]
            rows, names = _rows(table, texts, own, names)
            kept += rows
        if tables and any(run.baseline < min(cell.bottom for cell in tables[-1]) for run in kept):
            names = _Names()
        found.append(kept)
    return found


def _text(runs: Sequence[Run]) -> str:
    return join(run.text for row in find_rows(runs) for run in row)


def _tables(cells: Sequence[Box]) -> list[list[Box]]:
    """Return the cells that touch each other at a corner, together."""
    at: dict[tuple[float, float], list[Box]] = defaultdict(list)
    for cell in cells:
        for corner in _corners(cell):
            at[corner].append(cell)
    found: list[list[Box]] = []
    seen: set[Box] = set()
    for first in cells:
        table, waiting = [], [first]
        while waiting:
            cell = waiting.pop()
            if cell in seen:
                continue
            seen.add(cell)
            table.append(cell)
            for corner in _corners(cell):
                # Taken out: each corner leads on once.
                waiting += at.pop(corner, ())
        if table:
            found.append(table)
    return found


def _corners(cell: Box) -> list[tuple[float, float]]:
    return [(x, y) for x in (cell.left, cell.right) for y in (cell.bottom, cell.top)]


def _is_data(table: Sequence[Box], texts: Mapping[Box, str]) -> bool:
    """Tell whether cells are those of a table, and not of a form around a page or a text."""
    columns, rows = {cell.left for cell in table}, {cell.top for cell in table}
    longest = max(len(texts[cell]) for cell in table)
    several = min(len(columns), len(rows)) > 1 and len(table) >= _FEWEST_CELLS
    return several and longest <= _LONGEST_CELL


def _rows(
    table: Sequence[Box], texts: Mapping[Box, str], runs: Sequence[Run], above: _Names
) -> tuple[list[Run], _Names]:
    """Return the rows of a table, and what names the columns of one that goes on from it."""
    lefts = sorted({cell.left for cell in table})
    tops = sorted({cell.top for cell in table}, reverse=True)
    grid: list[list[Cell]] = [[""] * len(lefts) for _ in tops]
    for cell in table:
        columns = [place for place, left in enumerate(lefts) if cell.left <= left < cell.right]
        rows = [place for place, top in enumerate(tops) if cell.bottom < top <= cell.top]
        for row in rows:
            for number, column in enumerate(columns):
                grid[row][column] = None if number else texts[cell]
    own = naming_rows(grid)
    goes_on = above.fits(lefts) and own != above.rows
    names = above if goes_on else _Names(tuple(lefts), own)
    lines = row_texts([*names.rows, *grid], len(names.rows)) if goes_on else row_texts(grid)
    left, right = lefts[0], max(cell.right for cell in table)
    top, bottom = tops[0], min(cell.bottom for cell in table)
    size = median(run.size for run in runs)
    step = (top - bottom) / max(len(lines), 1)
    found = [
        Run(line, left, right, top - (place + 0.5) * step, size, False, runs[0].page, is_row=True)
        for place, line in enumerate(lines)
    ]
    return found, names
