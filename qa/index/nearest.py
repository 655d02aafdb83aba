"""Dense search over the segments of an index, in the format that each keeps its vectors in."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamaged
from qa.index.codes import Scan
from qa.index.dense import best, cosines, cosines_of, of_best_windows
from qa.index.segment import Segment
from qa.types import Floats, Integers

__all__ = ["Dense"]

_DEVIATIONS = 5.0
"""The roundings of a row's numbers are independent: their sum has a normal distribution, whose
deviation is the bound over the root of how many they are. Beyond five it is 1 in a million."""


class Dense:
    """Cosines over one segment or several, numbered on from each to the next.

    ``alive`` is ``(n_paragraphs,)`` bool: paragraphs that are not are never found; None means
    that all are.
    """

    def __init__(self, segments: Sequence[Segment], alive: NDArray[np.bool_] | None = None) -> None:
        self._segments = segments
        self._bounds = np.cumsum([0, *(one.n_paragraphs for one in segments)]).tolist()
        self._alive = alive
        self._rough = any(one.codes is not None for one in segments)

    def scan(self, vectors: Floats) -> Scan:
        """Return the cosines of all paragraphs, minus infinity for void ones.

        ``vectors`` is ``(n_questions, dimension)`` float32 with unit rows.
        """
        parts = [_scan(vectors, one) for one in self._segments]
        # Joining takes as long as a scan of a thousand.
        found = parts[0] if len(parts) == 1 else _joined(parts)
        if self._alive is not None:
            found.cosines[:, ~self._alive] = -np.inf
        return found

    def nearest(
        self, vector: Floats, scanned: Floats, error: float, others: Integers, limit: int
    ) -> Integers:
        """Return the ``limit`` nearest paragraphs, ascending.

        Where small copies were scanned, one of them may be missed with the chance that
        :data:`_DEVIATIONS` tells.

        ``scanned`` ``(n_paragraphs,)`` and ``error`` are what :meth:`scan` found for ``vector``
        ``(dimension,)``; the exact cosines of what is returned, and of ``others``, are put
        into ``scanned``.

        Raises:
            IndexDamaged: if a cosine was further off than it can be.

        """
        near = best(scanned, limit)
        if not self._rough:
            return near
        # Each of the nearest may be off by the error, and so may the last one wanted.
        likely = error * min(1.0, _DEVIATIONS / math.sqrt(len(vector)))
        lowest = scanned[near].min(initial=np.inf) - 2 * likely
        near = np.flatnonzero(scanned >= lowest)
        if self._alive is not None:
            near = near[self._alive[near]]
        looked_up = np.union1d(near, others)
        exact = self._exactly(vector, looked_up)
        # Damage to a large index, or a processor that computes it wrong, must not go unseen.
        if not (np.abs(scanned[looked_up] - exact) <= error).all():
            raise IndexDamaged(
                "the small copy of the vectors does not agree with them; find the file by qa "
                "verify, or make the index again (with --vectors float32 if no file is damaged)"
            )
        scanned[looked_up] = exact
        found: Integers = near[best(scanned[near], limit)]
        return found

    def _exactly(self, vector: Floats, numbers: Integers) -> Floats:
        """Return ``(n_numbers,)``: the exact cosines of paragraphs in ascending order."""
        cuts = np.searchsorted(numbers, self._bounds).tolist()
        parts = [
            cosines_of(numbers[first:last] - start, vector, one.embeddings, one.window_starts)
            for one, start, (first, last) in zip(
                self._segments, self._bounds[:-1], pairwise(cuts), strict=True
            )
        ]
        return np.concatenate(parts)


def _joined(parts: Sequence[Scan]) -> Scan:
    return Scan(
        np.concatenate([one.cosines for one in parts], axis=1),
        np.max([one.errors for one in parts], axis=0),
    )


def _scan(vectors: Floats, segment: Segment) -> Scan:
    if segment.codes is None or not len(segment.embeddings):
        found = cosines(vectors, segment.embeddings, segment.window_starts)
        return Scan(found, np.zeros(len(vectors), np.float32))
    scores, errors = segment.codes.scan(vectors)
    return Scan(of_best_windows(scores, segment.window_starts), errors)
