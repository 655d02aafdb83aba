"""Exact dense search: every row is compared, the best are chosen without sorting the rest."""

import numpy as np

from qa.errors import IndexMismatch
from qa.types import Floats, Integers

__all__ = ["best", "check_dimension", "cosines"]

_DIGITS = 6
_BLOCK = 128


def cosines(vectors: Floats, embeddings: Floats, window_starts: Integers) -> Floats:
    """Return ``(n_questions, n_paragraphs)`` float32: the cosine of each one's best window.

    ``vectors`` is ``(n_questions, dimension)``, ``embeddings`` ``(n_windows, dimension)``, both
    float32 with unit rows; paragraph ``i`` has the windows from ``window_starts[i]`` on.
    """
    if not len(embeddings):
        return np.zeros((len(vectors), 0), np.float32)
    scores: Floats = vectors @ embeddings.T
    # The last digits depend on a row's place in the matrix; they must not break ties.
    np.round(scores, _DIGITS, out=scores)
    if len(embeddings) == len(window_starts) - 1:
        return scores
    found: Floats = np.maximum.reduceat(scores, window_starts[:-1], axis=1)
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

    The scores are cut into blocks. At least ``limit`` of them are no lower than the
    ``limit``-th highest maximum of a block, so only those few are looked at one by one.
    """
    if len(scores) <= limit:
        return np.arange(len(scores), dtype=np.int64)
    blocks = len(scores) // _BLOCK
    if blocks > 4 * limit:
        maxima = scores[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
        near = np.flatnonzero(scores >= np.partition(maxima, blocks - limit)[blocks - limit])
        return near[_best(scores[near], limit)]
    return _best(scores, limit)


def _best(scores: Floats, limit: int) -> Integers:
    if len(scores) <= limit:
        return np.arange(len(scores), dtype=np.int64)
    lowest = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > lowest)
    level = np.flatnonzero(scores == lowest)[: limit - len(above)]
    return np.sort(np.concatenate((above, level))).astype(np.int64)
