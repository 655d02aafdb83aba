"""Memory that was freed, handed back to the system, where glibc allocates it.

glibc keeps what it expects to need again, some of it for ever, and in as many places as eight for
each processor. Elsewhere these functions do nothing.
"""

import ctypes
import os
from functools import cache

__all__ = ["few_arenas", "give_memory_back"]

_M_ARENA_MAX = -8
"""The number of that setting in glibc's ``malloc.h``."""
_FEWEST = 2


def give_memory_back() -> None:
    """Hand back what is free; takes about a millisecond for each 100 MB, if there is any."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def few_arenas() -> None:
    """Have threads share the places that memory is taken from: one for each processor."""
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, max(_FEWEST, os.cpu_count() or 1))


@cache
def _glibc() -> ctypes.CDLL | None:
    if os.name != "posix":
        return None
    try:
        library = ctypes.CDLL(None)
        library.malloc_trim.argtypes = [ctypes.c_size_t]
        library.mallopt.argtypes = [ctypes.c_int, ctypes.c_int]
    except (OSError, AttributeError):
        # A program without shared libraries, or another library.
        return None
    return library
