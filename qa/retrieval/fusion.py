"""Fusion of dense and lexical search into one ranking. Pure functions of scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.index import Candidates
from qa.types import Floats

__all__ = ["Hit", "fuse", "order_read", "rank"]


# BM25 points per standard deviation of the cosine, where a model has no scale of its own.
_POINTS_PER_DEVIATION = 3.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found for a question, best first in a ranking.

    ``score`` is the fused one in BM25 points, ``dense`` the cosine in [-1, 1], ``lexical``
    the BM25 score from 0.
    """

    number: int
    score: float
    dense: float
    lexical: float


def fuse(candidates: Candidates, dense_scale: float | None) -> Floats:
    """Return ``(n_candidates,)`` float32: the lexical score plus the scaled cosine.

    ``score = lexical + dense_scale * (dense - mean(dense))``, with ``dense_scale`` in BM25
    points per unit of cosine, fitted per model; without one, it is what makes a standard
    deviation of the cosine worth a fixed number of points.
    """
    scale = dense_scale
    if scale is None:
        deviation = candidates.dense_deviation
        scale = _POINTS_PER_DEVIATION / deviation if deviation > 1e-6 else 0.0
    fused = candidates.lexical + scale * (candidates.dense - candidates.dense_mean)
    return fused.astype(np.float32)


def rank(candidates: Candidates, dense_scale: float | None, k: int | None) -> list[Hit]:
    """Return the ``k`` best candidates (None: all); at a tie the earlier in the documents."""
    scores = fuse(candidates, dense_scale)
    order = np.lexsort((candidates.numbers, -scores))[:k]
    return [
        Hit(
            int(candidates.numbers[place]),
            float(scores[place]),
            float(candidates.dense[place]),
            float(candidates.lexical[place]),
        )
        for place in order
    ]


def order_read(hits: Sequence[Hit], readings: Sequence[float], point_worth: float) -> list[int]:
    """Return the places of ``hits`` in their final order, once a reader has read them.

    ``readings`` are its log-odds; the order is by ``reading + point_worth * score``, at a tie
    as it was.
    """
    worth = [reading + point_worth * hit.score for hit, reading in zip(hits, readings, strict=True)]
    return sorted(range(len(worth)), key=lambda place: (-worth[place], place))
