"""Tables without drawn lines: lines of a page whose words stand in columns below names of columns.

A line of names says where the columns are. What follows is of the table as long as nothing crosses
from one column into the next; it is one only if its first line looks like names of columns.
"""

from bisect import bisect, bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.loaders.joining import join
from qa.loaders.pdf.columns import find_rows
from qa.loaders.pdf.runs import Run
from qa.loaders.table import Cell, names_surely, naming_rows

__all__ = ["edges_of_cells", "in_pieces", "with_lines_of_tables"]

# In multiples of a text's size.
_NARROWEST = 0.3
_WIDEST_PITCH = 2.5
_LOOKED_AT = 12
"""Lines of a table that tell whether it is one."""
_FEWEST_ROWS = 2
"""Below the names, with two cells or more."""

Row = Sequence[Run]


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is empty between two columns of all lines so far."""

    left: float
    right: float

    def beside(self, row: Row, lefts: Sequence[float]) -> "_Gap":
        """Return what is empty of it in one more line too, whose runs begin at ``lefts``."""
        left, right = self.left, self.right
        for run in reversed(row[: bisect_left(lefts, self.right)]):
            if run.right <= left:
                break
            if run.left + run.right < left + right:
                left = max(left, run.right)
            else:
                right = min(right, run.left)
        return _Gap(left, right)


def in_pieces(row: Row) -> list[Run]:
    """Return the runs of a line, cut wherever two cells may meet."""
    return [piece for run in row for piece in run.pieces or (run,)]


def with_lines_of_tables(runs: Sequence[Run]) -> list[Run]:
    """Return the runs of a page, those on a line of a table without lines as one.

    So the columns of a table are not taken for those of the page.
    """
    rows = find_rows(runs)
    found: list[Run] = []
    for row, edges in zip(rows, edges_of_cells(rows), strict=True):
        found += [_whole(row)] if edges else row
    return found


def _whole(row: Row) -> Run:
    longest = max(row, key=lambda run: len(run.text))
    return replace(
        longest,
        text=join(run.text for run in row),
        left=row[0].left,
        right=max(run.right for run in row),
        bold=all(run.bold for run in row),
        pieces=tuple(in_pieces(row)),
    )


def edges_of_cells(lines: Sequence[Row], above: tuple[float, ...] = ()) -> list[tuple[float, ...]]:
    """Return for each line where the columns of its table end; nothing for one of no table.

    ``above`` are those of a table that may go on in the first lines.
    """
    rows = list(map(in_pieces, lines))
    edges: list[tuple[float, ...]] = [() for _ in rows]
    place = _end_of_rest(rows, above) if above else 0
    edges[:place] = [above] * place
    while place < len(rows):
        found, end = _table(rows, place, place + _LOOKED_AT)
        if not found or not _has_names(rows[place:end], found):
            place += 1
            continue
        found, end = _table(rows, place, len(rows))
        edges[place:end] = [found] * (end - place)
        place = end
    return edges


def _end_of_rest(rows: Sequence[Row], edges: Sequence[float]) -> int:
    """Return how many of the first lines are of a table with these columns."""
    end = 0
    for place, row in enumerate(rows):
        near = not place or _is_near(rows[place - 1], row)
        filled = {bisect(edges, run.left) for run in row}
        crosses = any(bisect(edges, run.left) != bisect(edges, run.right) for run in row)
        if crosses or not near or row[0].is_row or (not place and len(filled) < 2):
            break
        end = place + 1 if filled != {0} else end
    return end


def _is_near(before: Row, row: Row) -> bool:
    return before[0].baseline - row[0].baseline <= _WIDEST_PITCH * row[0].size


def _table(rows: Sequence[Row], first: int, last: int) -> tuple[tuple[float, ...], int]:
    """Return where columns end below the names in a line, and the line that ends the table."""
    names = rows[first]
    gaps = [
        _Gap(before.right, after.left)
        for before, after in pairwise(names)
        if before.cell is None and not (before.is_row or after.is_row)
    ]
    if not gaps or len(gaps) < len(names) - 1:
        return (), first
    end = first + 1
    several = 0
    for place in range(first + 1, min(last, len(rows))):
        row = rows[place]
        lefts = [run.left for run in row]
        narrower = [gap.beside(row, lefts) for gap in gaps]
        is_open = all(gap.right - gap.left >= _NARROWEST * row[0].size for gap in narrower)
        if not _is_near(rows[place - 1], row) or not is_open or row[0].is_row:
            break
        gaps = narrower
        edges = [gap.left for gap in gaps]
        filled = {bisect(edges, left) for left in lefts}
        several += len(filled) > 1
        # A last line in the first column alone may be that of a text below.
        end = place + 1 if filled != {0} else end
    middles = tuple((gap.left + gap.right) / 2 for gap in gaps)
    return (middles, end) if several >= _FEWEST_ROWS else ((), first)


def _has_names(rows: Sequence[Row], edges: Sequence[float]) -> bool:
    """Tell whether the first line names the columns of the others."""
    grid: list[list[Cell]] = []
    for row in rows:
        own: list[list[str]] = [[] for _ in range(len(edges) + 1)]
        for run in row:
            own[bisect(edges, run.left)].append(run.text)
        grid.append([join(texts) for texts in own])
    names = naming_rows(grid)
    is_bold = all(run.bold for run in rows[0]) and not all(run.bold for run in rows[1])
    return len(names) == 1 and names[0] == grid[0] and (is_bold or names_surely(grid[0], grid[1:]))
