"""What was made before, kept as long as it is used and there is room for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["BoundedCache"]

Made = TypeVar("Made")


class BoundedCache(Generic[Made]):
    """Keeps the ``most`` values used last, as long as ``size`` of them together is in bounds.

    May be used from several threads; two that want the same value at once may both make it.
    """

    def __init__(self, most: int, most_size: int, size: Callable[[Made], int]) -> None:
        self._most = most
        self._most_size = most_size
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._held = 0

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the value of a key, made if it is not there (any more)."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = make()
        size = self._size(made)
        with self._lock:
            if size <= self._most_size and key not in self._kept:
                self._kept[key] = made, size
                self._held += size
            while self._kept and (len(self._kept) > self._most or self._held > self._most_size):
                _, (_, gone) = self._kept.popitem(last=False)
                self._held -= gone
        return made
