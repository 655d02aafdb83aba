"""Rows of several segments, one after another: which they are, and copying them."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.index.files import let_go
from qa.index.segment import Whereabouts
from qa.types import Integers

__all__ = ["Rows", "copy", "inside", "joined", "runs"]

_BYTES_AT_ONCE = 32 * 1024 * 1024

_Kind = TypeVar("_Kind", bound=np.generic)


class Rows(NamedTuple):
    """Rows of segment ``owner`` that follow each other: from ``first`` to ``last``, without it."""

    owner: int
    first: int
    last: int


def runs(order: Whereabouts) -> list[Rows]:
    """Return the documents at ``order``, in that order, in as few spans as there can be."""
    if not len(order):
        return []
    owners, places = order.T
    follows = (owners[1:] == owners[:-1]) & (places[1:] == places[:-1] + 1)
    starts = np.flatnonzero(np.concatenate(([True], ~follows)))
    lengths = np.diff(starts, append=len(order))
    return [
        Rows(owner, place, place + length)
        for (owner, place), length in zip(order[starts].tolist(), lengths.tolist(), strict=True)
    ]


def inside(spans: Sequence[Rows], starts: Sequence[Integers]) -> list[Rows]:
    """Return the spans of what is in these, by the bounds that each segment has for it.

    For example the paragraphs of documents.
    """
    return [
        Rows(owner, int(starts[owner][first]), int(starts[owner][last]))
        for owner, first, last in spans
    ]


def joined(values: Sequence[NDArray[_Kind]], spans: Sequence[Rows]) -> NDArray[_Kind]:
    """Return the values at ``spans``, of those that each segment has, as an array in memory."""
    return np.concatenate(
        [values[0][:0], *(values[owner][first:last] for owner, first, last in spans)]
    )


def copy(sources: Sequence[NDArray[Any]], spans: Sequence[Rows], to: NDArray[Any]) -> None:
    """Fill ``to`` with the rows at ``spans``, of those that each segment has.

    Of mapped arrays, some 32 MB are in memory at a time.
    """
    at_once = max(1, _BYTES_AT_ONCE // max(1, to[:1].nbytes))
    used = held = 0
    for owner, first, last in spans:
        for start in range(first, last, at_once):
            rows = sources[owner][start : min(start + at_once, last)]
            to[used : used + len(rows)] = rows
            used += len(rows)
            held += len(rows)
            if held >= at_once:
                let_go(to, *sources)
                held = 0
    let_go(to, *sources)
