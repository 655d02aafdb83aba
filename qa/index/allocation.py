"""Where the arrays of an index are put while they are filled."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Allocate", "in_memory"]

Allocate = Callable[[str, tuple[int, ...], type[np.generic]], NDArray[Any]]
"""Makes an array to be filled, by name, shape and kind: in memory, or as a file."""


def in_memory(name: str, shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    """Return an array in memory: an :data:`Allocate` that makes no file."""
    del name
    return np.empty(shape, kind)
