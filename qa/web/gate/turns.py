"""Taking turns: nobody waits for all that one visitor alone has begun."""

import asyncio
import threading
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from qa.web.gate.asgi import Refusal

__all__ = ["OneAtATime", "Turns"]

_REMEMBERED = 1_000
_SECONDS_BETWEEN_LOOKS = 0.2


class Turns:
    """Lets ``most`` things go on at once, half of them for one visitor, and ``waiting`` wait.

    Whose turn it is: the visitor's for whom least goes on, then who came first. To be used in one
    event loop.
    """

    def __init__(self, most: int, waiting: int) -> None:
        self._most = most
        self._share = max(1, most // 2)
        self._most_waiting = waiting
        self._running: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, visitor: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises:
            Refusal: if too many wait, of this visitor or, unless it is the first, of all.

        """
        await self._begin(visitor)
        try:
            yield
        finally:
            self._running[visitor] -= 1
            if not self._running[visitor]:
                del self._running[visitor]
            self._call_next()

    async def _begin(self, visitor: str) -> None:
        if not self._waiting and self._may_run(visitor):
            self._running[visitor] += 1
            return
        own = sum(1 for one, _ in self._waiting if one == visitor)
        if own >= self._most_waiting // 2 or (own and len(self._waiting) >= self._most_waiting):
            raise Refusal(503, "too much is asked at once; try again in a moment", wait=1)
        called = asyncio.get_running_loop().create_future()
        self._waiting.append((visitor, called))
        self._call_next()
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._running[visitor] -= 1
                self._call_next()
            else:
                self._waiting.remove((visitor, called))
            raise

    def _may_run(self, visitor: str) -> bool:
        return self._running.total() < self._most and self._running[visitor] < self._share

    def _call_next(self) -> None:
        while True:
            ready = [one for one in self._waiting if self._may_run(one[0])]
            if not ready:
                return
            visitor, called = min(ready, key=lambda one: self._running[one[0]])
            self._waiting.remove((visitor, called))
            self._running[visitor] += 1
            called.set_result(None)


class OneAtATime:
    """A lock for several threads that goes to the visitor who has not had it for longest."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_held = False
        self._waiting: list[tuple[str, object]] = []
        self._served: OrderedDict[str, None] = OrderedDict()

    @contextmanager
    def turn(self, visitor: str, look: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Wait for the lock and hold it; whatever ``look`` raises meanwhile ends the waiting."""
        own = (visitor, object())
        with self._changed:
            self._waiting.append(own)
            try:
                while self._is_held or self._next() is not own:
                    look()
                    self._changed.wait(_SECONDS_BETWEEN_LOOKS)
                self._is_held = True
            finally:
                self._waiting.remove(own)
                self._changed.notify_all()
            self._served[visitor] = None
            self._served.move_to_end(visitor)
            if len(self._served) > _REMEMBERED:
                self._served.popitem(last=False)
        try:
            yield
        finally:
            with self._changed:
                self._is_held = False
                self._changed.notify_all()

    def _next(self) -> tuple[str, object]:
        served = {visitor: place for place, visitor in enumerate(self._served)}
        return min(self._waiting, key=lambda one: served.get(one[0], -1))
