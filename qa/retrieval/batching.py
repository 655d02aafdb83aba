"""Work that several threads ask for at once, done together.

Nobody waits for company: while one batch is computed, whoever comes next is gathered in the
following one.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Batcher"]

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


class Batcher(Generic[_Asked, _Found]):
    """Does work for one request at a time or, where several threads ask at once, for several."""

    def __init__(self, work: Callable[[Sequence[_Asked]], Sequence[_Found]], largest: int) -> None:
        self._work = work
        self._largest = largest
        self._waiting: list[tuple[_Asked, Future[_Found]]] = []
        self._busy = False
        self._changed = threading.Condition()

    def __call__(self, request: _Asked) -> _Found:
        """Return what ``work`` finds for the request, or raise what it raises for its batch."""
        own: Future[_Found] = Future()
        with self._changed:
            self._waiting.append((request, own))
        while True:
            with self._changed:
                self._changed.wait_for(lambda: own.done() or not self._busy)
                if own.done():
                    return own.result()
                self._busy = True
                batch = self._waiting[: self._largest]
                del self._waiting[: self._largest]
            try:
                self._compute(batch)
            except BaseException:
                # Interrupted: the others' requests are for somebody else to work on.
                with self._changed:
                    self._waiting[:0] = [
                        one for one in batch if one[1] is not own and not one[1].done()
                    ]
                raise
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _compute(self, batch: Sequence[tuple[_Asked, "Future[_Found]"]]) -> None:
        try:
            found = self._work([request for request, _ in batch])
        except Exception as error:
            for _, future in batch:
                future.set_exception(error)
        else:
            for (_, future), one in zip(batch, found, strict=True):
                future.set_result(one)
