"""Waiting for what comes in the end, however busy the machine is."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

__all__ = ["PATIENCE", "interruptible", "run_apart"]

_Result = TypeVar("_Result")

PATIENCE = 240.0
"""Seconds after which something that is neither done nor refused counts as hanging.

Longer than anything takes where other work is done on every core, and shorter than the time
that pytest gives a test: what hangs is told by name.
"""


def run_apart(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Return what a coroutine gives, run in a thread of its own.

    The browser of the tests keeps an event loop running in the thread that they are in.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a process that is started hear SIGINT, which a shell has its background jobs ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
