"""Vectors in one byte a number: a quarter of the memory, and a scan that reads a quarter.

A scan gives every cosine to within a bound that is known. Who looks up the rows within twice the
bound of the last one wanted has what an exact scan finds; :mod:`qa.index.nearest` looks up fewer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numkong
import numpy as np
from numpy.typing import NDArray

from qa.index.allocation import Allocate
from qa.index.files import let_go
from qa.types import Floats

__all__ = ["CODES", "Codes", "Scan"]

CODES = ("codes", "code_scales", "code_offsets", "code_centre", "code_limits")
"""The names of the arrays, as they are saved."""

_LARGEST = 127
_ROWS_AT_ONCE = 65_536
_ROWS_ROUNDED_AT_ONCE = 8_192
_ROUNDING = 2e-6
"""What sums in 32 bits may be off, and cosines that are rounded to six digits."""


class Scan(NamedTuple):
    """Cosines ``(n_questions, n_rows)`` and ``(n_questions,)`` how far off they may be."""

    cosines: Floats
    errors: Floats


@dataclass(frozen=True, slots=True)
class Codes:
    """Unit rows, less their mean, in whole numbers of one byte.

    ``numbers`` is ``(n_rows, dimension)`` int8 and ``scales`` ``(n_rows,)`` float32: a row is
    about ``centre + scale * numbers``, and ``offsets`` ``(n_rows,)`` float32 its product with
    ``centre`` ``(dimension,)``, the mean of all rows. What rows have in common is most of many
    models' vectors, and is not rounded so. ``limits`` is ``(2,)`` float32: the longest rest
    that such a row leaves out, and the longest ``scale * numbers``.
    """

    numbers: NDArray[np.int8]
    scales: Floats
    offsets: Floats
    centre: Floats
    limits: Floats

    @classmethod
    def of(cls, embeddings: Floats, allocate: Allocate) -> "Codes":
        """Return the codes of ``(n_rows, dimension)`` unit rows, made block by block."""
        n_rows, dimension = embeddings.shape
        made = cls(
            allocate(CODES[0], (n_rows, dimension), np.int8),
            allocate(CODES[1], (n_rows,), np.float32),
            allocate(CODES[2], (n_rows,), np.float32),
            allocate(CODES[3], (dimension,), np.float32),
            allocate(CODES[4], (2,), np.float32),
        )
        total = np.zeros(dimension)
        for part in _blocks(n_rows, _ROWS_ROUNDED_AT_ONCE):
            total += embeddings[part].sum(axis=0, dtype=np.float64)
            let_go(embeddings)
        made.centre[...] = total / max(n_rows, 1)
        made.limits[...] = 0
        for part in _blocks(n_rows, _ROWS_ROUNDED_AT_ONCE):
            rows = embeddings[part] - made.centre
            numbers, scales = _rounded(rows)
            kept = numbers * scales[:, None]
            longest = [np.linalg.norm(one, axis=1).max() for one in (rows - kept, kept)]
            made.limits[...] = np.maximum(made.limits, longest)
            made.numbers[part] = numbers
            made.scales[part] = scales
            made.offsets[part] = embeddings[part] @ made.centre
            let_go(embeddings, made.numbers)
        return made

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by the names that they are saved under."""
        arrays = (self.numbers, self.scales, self.offsets, self.centre, self.limits)
        return dict(zip(CODES, arrays, strict=True))

    def scan(self, vectors: Floats) -> Scan:
        """Return the cosines of ``(n_questions, dimension)`` unit vectors, roughly.

        With ``q`` for the question and ``r`` for the row, both less the centre, and both
        rounded in the product ``q' r'``: ``|q r - q' r'| <= |q| |r - r'| + |q - q'| |r'|``.
        """
        own = vectors - self.centre
        numbers, scales = _rounded(own)
        lost = np.linalg.norm(own - numbers * scales[:, None], axis=1)
        cosines = np.zeros((len(vectors), len(self.numbers)), np.float32)
        packed = numkong.dots_pack(numbers)
        for part in _blocks(len(self.numbers), _ROWS_AT_ONCE):
            products = np.asarray(numkong.dots_packed(self.numbers[part], packed))
            np.multiply(products.T.astype(np.float32), self.scales[part], out=cosines[:, part])
        cosines *= scales[:, None]
        cosines += self.offsets
        cosines += (own @ self.centre)[:, None]
        errors = np.linalg.norm(own, axis=1) * self.limits[0] + lost * self.limits[1] + _ROUNDING
        return Scan(cosines, errors.astype(np.float32))


def _blocks(n_rows: int, at_once: int) -> Iterator[slice]:
    for start in range(0, n_rows, at_once):
        yield slice(start, start + at_once)


def _rounded(rows: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return each row as ``scale * numbers``: ``(n_rows, dimension)`` and ``(n_rows,)``."""
    scales = np.abs(rows).max(axis=1, initial=0.0) / np.float32(_LARGEST)
    shares = rows / np.maximum(scales, np.finfo(np.float32).tiny)[:, None]
    return np.rint(shares).astype(np.int8), scales
