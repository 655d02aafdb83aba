"""Exact dense search: every row is compared, the best are chosen without sorting the rest."""

import numpy as np

from qa.errors import IndexMismatch
from qa.types import Floats, Integers

__all__ = ["best", "check_dimension", "cosines", "cosines_of", "of_best_windows"]

_DIGITS = 6
_BLOCK = 128
_ROWS_AT_ONCE = 65_536


def cosines(vectors: Floats, embeddings: Floats, window_starts: Integers) -> Floats:
    """Return ``(n_questions, n_paragraphs)`` float32: the cosine of each one's best window.

    ``vectors`` is ``(n_questions, dimension)``, ``embeddings`` ``(n_windows, dimension)``, both
    float32 with unit rows; paragraph ``i`` has the windows from ``window_starts[i]`` on.
    """
    if not len(embeddings):
        return np.zeros((len(vectors), 0), np.float32)
    scores: Floats = vectors @ embeddings.T
    # The last digits depend on a row's place in the matrix; they must not break ties.
    scores.round(_DIGITS, out=scores)
    return of_best_windows(scores, window_starts)


def of_best_windows(scores: Floats, window_starts: Integers) -> Floats:
    """Return ``(n_questions, n_paragraphs)`` of the cosines ``(n_questions, n_windows)``."""
    if scores.shape[1] == len(window_starts) - 1:
        return scores
    found: Floats = np.maximum.reduceat(scores, window_starts[:-1], axis=1)
    return found


def cosines_of(
    paragraphs: Integers, vector: Floats, embeddings: Floats, window_starts: Integers
) -> Floats:
    """Return ``(n_chosen,)`` float32: the cosines of these paragraphs, reading no other rows.

    ``paragraphs`` are ``(n_chosen,)``, ``vector`` is ``(dimension,)`` float32 of length 1.
    """
    found = np.empty(len(paragraphs), np.float32)
    for begin in range(0, len(paragraphs), _ROWS_AT_ONCE):
        chosen = paragraphs[begin : begin + _ROWS_AT_ONCE]
        counts = window_starts[chosen + 1] - window_starts[chosen]
        starts = np.concatenate(([0], np.cumsum(counts)))
        rows = np.arange(starts[-1]) + np.repeat(window_starts[chosen] - starts[:-1], counts)
        found[begin : begin + len(chosen)] = cosines(vector[None], embeddings[rows], starts)[0]
    return found


def check_dimension(vectors: Floats, dimension: int) -> None:
    """Compare ``(n_questions, dimension)`` vectors with what an index holds; 0 is nothing.

    Raises:
        IndexMismatch: if they cannot be compared.

    """
    if dimension and vectors.shape[1] != dimension:
        raise IndexMismatch(
            f"the index holds vectors of {dimension} numbers, the model makes "
            f"{vectors.shape[1]}; open it with the model that made it, or build it again"
        )


def best(scores: Floats, limit: int) -> Integers:
    """Return the places of the ``limit`` highest, ascending; of equal ones those that come first.

    Of many scores blocks are looked at first: at least ``limit`` scores are no lower than the
    ``limit``-th highest maximum of a block, and only those few are compared one by one.
    """
    if len(scores) <= limit:
        return np.arange(len(scores), dtype=np.int64)
    blocks = len(scores) // _BLOCK
    if blocks <= 4 * limit:
        return _best(scores, limit)
    maxima = scores[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
    near: Integers = (scores >= np.partition(maxima, blocks - limit)[blocks - limit]).nonzero()[0]
    return near if len(near) <= limit else near[_best(scores[near], limit)]


def _best(scores: Floats, limit: int) -> Integers:
    lowest = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    found: Integers = (scores >= lowest).nonzero()[0]
    if len(found) > limit:
        # Equal scores at the end of the list: the later ones are too many.
        level = (scores[found] == lowest).nonzero()[0]
        found = np.delete(found, level[limit - len(found) :])
    return found
