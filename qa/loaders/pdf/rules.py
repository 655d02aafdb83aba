"""The lines drawn on a page, and the cells of tables that they make.

Places are in points as the page is turned to be read, counted from its left and from below.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Box", "Rules"]

_THIN = 3.0
"""What is no thicker is a line."""
_SHORTEST = 4.0
_NEAR = 2.0
_MOST_RULES = 2_000
_MOST_TRIED = 200


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle; ``top`` is above ``bottom``."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True, order=True)
class _Rule:
    """A line at ``place`` across its direction, from ``start`` to ``end`` along it."""

    place: float
    start: float
    end: float


class Rules:
    """The lines of a page, each whole, from left to right and from below."""

    def __init__(self, drawn: Iterable[Box]) -> None:
        """Take the thin ones of the boxes that are drawn; none of a drawing with very many."""
        upright, level = [], []
        for box in drawn:
            width, height = box.right - box.left, box.top - box.bottom
            if width <= _THIN and height >= _SHORTEST:
                upright.append(_Rule((box.left + box.right) / 2, box.bottom, box.top))
            elif height <= _THIN and width >= _SHORTEST:
                level.append(_Rule((box.bottom + box.top) / 2, box.left, box.right))
        few = len(upright) <= _MOST_RULES and len(level) <= _MOST_RULES
        self._upright = _whole(upright) if few else []
        self._level = _whole(level) if few else []

    def cell(self, x: float, y: float) -> Box | None:
        """Return the cell around a place; None where it is not closed on all sides."""
        beside = _around(self._upright, x, y)
        if beside is None:
            return None
        above = _around(self._level, y, x)
        return None if above is None else Box(beside[0], above[0], beside[1], above[1])


def _whole(rules: Sequence[_Rule]) -> list[_Rule]:
    """Return the lines with the pieces of one joined, by their place."""
    lines: list[list[_Rule]] = []
    for rule in sorted(rules):
        if lines and rule.place - lines[-1][0].place <= _NEAR:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    whole: list[_Rule] = []
    for pieces in lines:
        place = pieces[0].place
        start, end = None, 0.0
        for piece in sorted(pieces, key=lambda one: one.start):
            if start is not None and piece.start <= end + _THIN:
                end = max(end, piece.end)
                continue
            if start is not None:
                whole.append(_Rule(place, start, end))
            start, end = piece.start, piece.end
        if start is not None:
            whole.append(_Rule(place, start, end))
    return whole


def _around(rules: Sequence[_Rule], place: float, along: float) -> tuple[float, float] | None:
    """Return the places of the lines next to a place on both sides that pass it."""
    at = bisect_left(rules, place, key=lambda rule: rule.place)
    before = (rule for rule in reversed(rules[max(at - _MOST_TRIED, 0) : at]))
    behind = iter(rules[at : at + _MOST_TRIED])
    found = [
        next((rule.place for rule in side if rule.start - _NEAR <= along <= rule.end + _NEAR), None)
        for side in (before, behind)
    ]
    return None if found[0] is None or found[1] is None else (found[0], found[1])
