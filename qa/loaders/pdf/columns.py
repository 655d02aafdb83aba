"""Rows and columns on a page: which runs stand side by side, and in which order they are read."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from qa.loaders.pdf.runs import Run

__all__ = ["find_columns", "find_gutter", "find_rows", "group_near"]

_SHORTEST_COLUMN = 4
_FULL_SHARE = 0.55
_COLUMN_CHARACTERS = 6
_MOST_COLUMNS = 8
_MOST_CROSSING = 0.3
# In multiples of a text's size.
_CELL_GAP = 2.0
_SAME_ROW = 0.25


def find_rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs that stand on one baseline, from left to right; rows from the top."""
    found: list[list[Run]] = []
    for run in sorted(runs, key=lambda one: (-one.baseline, one.left)):
        if found and abs(found[-1][0].baseline - run.baseline) <= _SAME_ROW * run.size:
            found[-1].append(run)
        else:
            found.append([run])
    return [sorted(row, key=lambda one: one.left) for row in found]


def find_gutter(runs: Sequence[Run]) -> float | None:
    """Return the place between two columns of running text, or before further ones, if any."""
    two = _gutter_of_two(runs)
    if two is not None:
        return two
    # Beside one column there may be several.
    for edge in _clear_edges(runs):
        left, _, right = _sides(runs, edge)
        if _is_column(left) and _gutter_of_two(right) is not None:
            return edge
    return None


def _clear_edges(runs: Sequence[Run]) -> list[float]:
    """Return where several runs begin and none goes on, from the left."""
    found: list[float] = []
    reach = float("inf")
    starts = Counter(run.left for run in runs)
    for run in sorted(runs, key=lambda one: one.left):
        if run.left >= reach - 0.5 and starts[run.left] >= _SHORTEST_COLUMN:
            found.append(run.left)
        reach = run.right if reach == float("inf") else max(reach, run.right)
    return list(dict.fromkeys(found))[:_MOST_COLUMNS]


def _gutter_of_two(runs: Sequence[Run]) -> float | None:
    edges = sorted({run.left for run in runs})
    best: tuple[int, float] | None = None
    for edge in edges[1:]:
        left, crossing, right = _sides(runs, edge)
        few = len(crossing) <= _MOST_CROSSING * len(runs)
        if few and _is_column(left) and _is_column(right):
            candidate = (len(crossing), edge)
            best = candidate if best is None else min(best, candidate)
    return None if best is None else best[1]


def _sides(runs: Sequence[Run], edge: float) -> tuple[list[Run], list[Run], list[Run]]:
    """Return the runs left of an edge, those across it and those right of it."""
    left = [run for run in runs if run.right <= edge - 0.5]
    right = [run for run in runs if run.left >= edge - 0.5]
    crossing = [run for run in runs if run.left < edge - 0.5 < run.right]
    return left, crossing, right


def _is_column(runs: Sequence[Run]) -> bool:
    """Tell whether runs fill a column as running text does, unlike the cells of a table."""
    lines = [line for row in find_rows(runs) for line in group_near(row)]
    if len(lines) < _SHORTEST_COLUMN:
        return False
    extent = max(run.right for run in runs) - min(run.left for run in runs)
    return (
        median(line[-1].right - line[0].left for line in lines) >= _FULL_SHARE * extent
        and median(sum(len(run.text) for run in line) for line in lines) >= _COLUMN_CHARACTERS
    )


def group_near(row: Sequence[Run], edges: Sequence[float] = ()) -> list[list[Run]]:
    """Return the runs of a row in groups that stand close, as the words of a line do.

    In a table ``edges`` are where its columns end, and only there a group does.
    """
    groups: list[list[Run]] = []
    for run in row:
        if groups and _are_together(groups[-1][-1], run, edges):
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _are_together(before: Run, run: Run, edges: Sequence[float]) -> bool:
    if edges:
        return bisect(edges, before.left) == bisect(edges, run.left)
    return run.left - before.right <= _CELL_GAP * run.size


def find_columns(runs: Sequence[Run], gutters: Sequence[float]) -> Iterator[list[Run]]:
    """Yield the columns in reading order; what crosses the gutter stands between them."""
    gutter = find_gutter(runs)
    if gutter is None:
        # On a last page too short to show it, the gutter is where it was before.
        known = [edge for edge in gutters if _splits(runs, edge)]
        gutter = known[0] if known else None
    if gutter is None:
        if runs:
            yield list(runs)
        return
    band: list[Run] = []
    for run in sorted(runs, key=lambda one: (-one.baseline, one.left)):
        if run.left < gutter - 0.5 < run.right:
            yield from _halves(band, gutter)
            yield [run]
            band = []
        else:
            band.append(run)
    yield from _halves(band, gutter)


def _splits(runs: Sequence[Run], edge: float) -> bool:
    left, crossing, right = _sides(runs, edge)
    return bool(left and right) and not crossing


def _halves(band: Sequence[Run], gutter: float) -> Iterator[list[Run]]:
    left, _, right = _sides(band, gutter)
    for half in (left, right):
        yield from find_columns(half, ())
