"""How the models compute: with how many threads, and in which number format."""

import atexit
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from qa.errors import ModelError

if TYPE_CHECKING:
    import torch
    from threadpoolctl import ThreadpoolController

__all__ = [
    "all_threads",
    "computing",
    "fast_precision",
    "free_threads",
    "one_blas_thread",
    "one_thread",
    "thread_count",
    "threads_sleep",
    "torch_is_there",
]

_ROUNDS = 5
_MOST_THREADS = 4
_counting = threading.Lock()
_sharing = threading.Lock()
_sharers = 0
_limiting = threading.Lock()
_idle = threading.Condition()
_busy = 0
_is_over = False
_own = threading.local()
_SECONDS_AT_THE_END = 10.0


@cache
def threads_sleep() -> bool:
    """Have torch's threads sleep while they wait for each other; tell whether they do.

    With other busy processes a question took several times as long on two threads that spin as on
    one. To be called before torch is imported for a model: its library asks the environment once,
    then. Where torch was there before, or its owner wants it otherwise, it stays as it is.
    """
    if not torch_is_there():
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"


def torch_is_there() -> bool:
    """Tell whether torch was imported, which takes a second: longer than a first question."""
    return "torch" in sys.modules


def thread_count() -> int:
    """Return how many threads torch had when it was first used for a model."""
    # Two models may be used first at once, and one would count what the other has set.
    with _counting:
        return _counted()


@cache
def _counted() -> int:
    threads_sleep()
    import torch

    return torch.get_num_threads()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Compute in this thread alone: so little that others would hardly help."""
    with _threads(1):
        yield


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have numpy compute in this thread alone.

    Beside busy processes its threads wait for each other twenty times as long as one computes.
    """
    # One at a time: of limits that overlap the last to end would set that of another.
    with _limiting, _blas().limit(limits=1):
        yield


@cache
def _blas() -> "ThreadpoolController":
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


@contextlib.contextmanager
def free_threads() -> Iterator[None]:
    """Compute with all threads, or with a share of them if others are in here too.

    Where threads spin while they wait, with one.
    """
    global _sharers
    with _sharing:
        _sharers += 1
        share = thread_count() // _sharers if threads_sleep() else 1
    try:
        with _threads(max(1, min(share, _MOST_THREADS))):
            yield
    finally:
        with _sharing:
            _sharers -= 1


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    import torch

    everywhere = thread_count()
    with computing():
        _set_threads(count)
        try:
            yield
        finally:
            torch.set_num_threads(everywhere)


@contextlib.contextmanager
def computing() -> Iterator[None]:
    """Be waited for at the end of the program, which aborts if a thread ends inside torch.

    Who comes later waits for that end.
    """
    global _busy
    depth = getattr(_own, "depth", 0)
    if depth == 0:
        with _idle:
            while _is_over and threading.current_thread() is not threading.main_thread():
                _idle.wait()
            _busy += 1
    _own.depth = depth + 1
    try:
        yield
    finally:
        _own.depth = depth
        if depth == 0:
            with _idle:
                _busy -= 1
                _idle.notify_all()


@atexit.register
def _end() -> None:
    global _is_over
    with _idle:
        _is_over = True
        _idle.wait_for(lambda: not _busy, _SECONDS_AT_THE_END)


def all_threads(processes: int = 1) -> None:
    """Let this thread compute with as many threads as torch had at first.

    A thread that first uses torch while another is in :func:`one_thread` has only one. Of several
    ``processes`` at work each has its share.
    """
    _set_threads(max(1, thread_count() // processes))


def _set_threads(count: int) -> None:
    import torch

    # A thread takes over the number of the whole process when it is first asked for its own.
    torch.get_num_threads()
    torch.set_num_threads(count)


def fast_precision(precision: str) -> "torch.dtype":
    """Return the type to compute in; ``auto`` measures a matrix product in both.

    Processors without bfloat16 arithmetic emulate it, at a small part of the speed.

    Raises:
        ModelError: if ``precision`` is none of ``auto``, ``float32``, ``bfloat16``.

    """
    import torch

    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    if precision in known:
        return known[precision]
    if precision != "auto":
        raise ModelError(f"no precision {precision!r}; expected auto, {' or '.join(known)}")
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    # In turn, so that other work on the machine slows both alike.
    rounds = [{dtype: _product_seconds(dtype) for dtype in known.values()} for _ in range(_ROUNDS)]
    seconds = {dtype: min(one[dtype] for one in rounds) for dtype in known.values()}
    # Autocast also converts back and forth; a small lead in the product alone is none.
    return min(seconds, key=lambda d: seconds[d] * (1.5 if d == torch.bfloat16 else 1.0))


def _product_seconds(dtype: "torch.dtype") -> float:
    """Return the time of a product as in a feed-forward layer."""
    import torch

    left, right = torch.ones(256, 384, dtype=dtype), torch.ones(384, 1536, dtype=dtype)
    start = time.perf_counter()
    left @ right
    return time.perf_counter() - start


def _compute_alone() -> None:
    global _counting, _sharing, _sharers, _idle, _busy
    # The threads of the parent are not there, and what would wait for them waits for ever.
    if "torch" in sys.modules:
        _counting, _sharing, _sharers = threading.Lock(), threading.Lock(), 0
        _idle, _busy = threading.Condition(), 0
        _counted.cache_clear()
        _set_threads(1)


# Not every system can fork.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_compute_alone)
