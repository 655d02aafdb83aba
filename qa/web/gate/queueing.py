"""Gradio's queue, shared out fairly among visitors and bounded by what it holds."""

import asyncio
import random
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, Literal
from weakref import WeakKeyDictionary

import gradio as gr
from gradio.queueing import Event, EventQueue, Queue
from gradio.server_messages import ProcessCompletedMessage
from gradio.utils import LRUCache, error_payload

from qa.web.gate.visitors import Connections, visitor_of

__all__ = ["PROGRAMS", "FairQueue", "Recent"]

WAITING_BYTES = 64_000_000
"""What all events that wait carry with them."""

UNREAD_BYTES = 64_000_000
"""Replies that nobody has read yet, of all sessions."""

_FULL = "Queue is full: too many wait already; try again in a moment."
_RULE = 2
"""A visitor may have one of so many places where something goes on at the same time, and one of
twice as many by sessions without a connection, which a page has."""
PROGRAMS = "programs"
"""The lane of what programs ask, whose sessions have none."""

_Pushed = tuple[
    bool,
    str | list[dict[str, Any]],
    Literal["success", "error", "queue_full", "validator_error"],
]


class FairQueue(Queue):
    """Events wait in a lane each kind of their own, of which no visitor has more than the others.

    A lane holds ``waiting`` events. When it is full, whoever comes with fewer than another one
    takes the place of that one's latest. The next to go is of the visitor for whom least goes on,
    then of a session with a connection, then who came first. At most half of what goes on at the
    same time in a lane is one visitor's, a quarter if it comes from no page.
    """

    def __init__(
        self, page: gr.Blocks, waiting: int, sessions: int, connections: Connections
    ) -> None:
        super().__init__(
            live_updates=True,
            concurrency_count=page.max_threads,
            update_intervals=1,
            max_size=None,
            blocks=page,
        )
        self._most_waiting = waiting
        self._connections = connections
        self._sizes: WeakKeyDictionary[Event, int] = WeakKeyDictionary()
        self._inboxes = _Inboxes(sessions, connections.is_open)
        state: Any = self
        state.pending_messages_per_session = self._inboxes
        state.pending_event_ids_session = Recent(sessions, connections.is_open)

    async def push(self, body: Any, request: Any, username: str | None) -> _Pushed:  # noqa: ANN401
        """Let an event wait; where there is no room, the reply says so."""
        fn = self.blocks.fns.get(body.fn_index)
        if fn is None:
            return False, "No such event.", "error"
        lane = self.event_queue_per_concurrency_id.get(fn.concurrency_id or "")
        waiting = [] if lane is None else lane.queue
        size = _size(body.data) + _size(body.event_data)
        is_connected = self._connections.is_open(body.session_hash or "")
        if not self._make_room(waiting, visitor_of(request.scope), size, is_connected=is_connected):
            return False, _FULL, "queue_full"
        pushed: _Pushed = await super().push(body, request, username)
        event = self.event_ids_to_events.get(pushed[1]) if isinstance(pushed[1], str) else None
        if event is not None:
            self._sizes[event] = size
        return pushed

    def get_events(self) -> tuple[list[Event], bool, str] | None:
        """Return the event whose turn it is, and the lane that it waited in."""
        lanes = list(self.event_queue_per_concurrency_id.items())
        random.shuffle(lanes)
        for name, lane in lanes:
            event = self._next(lane)
            if event is not None:
                lane.queue.remove(event)
                return [event], False, name
        return None

    def send_message(self, event: Event, event_message: Any) -> None:  # noqa: ANN401 - as gradio has it
        """Put a message where its session reads it."""
        if event.session_hash in self._inboxes:
            super().send_message(event, event_message)
            # Most only tell how long it may take, one to each who waits.
            if _message_size(event_message):
                self._inboxes.bound()

    def _next(self, lane: EventQueue) -> Event | None:
        limit = lane.concurrency_limit
        if not lane.queue or (limit is not None and lane.current_concurrency >= limit):
            return None
        visitors, sessions = Counter[str](), Counter[str]()
        for job in self.active_jobs:
            for event in job or ():
                if event.concurrency_id == lane.concurrency_id:
                    visitors[_visitor(event)] += 1
                    sessions[event.session_hash] += 1

        def has_place(event: Event) -> bool:
            if limit is None:
                return True
            is_page = self._connections.is_open(event.session_hash)
            part = _RULE if is_page or lane.concurrency_id == PROGRAMS else 2 * _RULE
            return visitors[_visitor(event)] < max(1, limit // part)

        ready = list(filter(has_place, lane.queue))

        def rank(event: Event) -> tuple[int, bool, int]:
            known = self._connections.is_open(event.session_hash)
            return visitors[_visitor(event)], not known, sessions[event.session_hash]

        return min(ready, key=rank, default=None)

    def _make_room(
        self, waiting: list[Event], visitor: str, size: int, *, is_connected: bool
    ) -> bool:
        """Tell whether an event may wait, after one that waits gave way to it if need be."""
        carried = sum(
            self._sizes.get(event, 0)
            for lane in self.event_queue_per_concurrency_id.values()
            for event in lane.queue
        )
        if carried + size > WAITING_BYTES:
            return False
        if len(waiting) < self._most_waiting:
            return True
        counts = Counter(map(_visitor, waiting))
        if not counts:
            return False
        greediest, most = counts.most_common(1)[0]
        if most > counts[visitor] + 1:
            return self._drop_latest(waiting, greediest, only_unconnected=False)
        return is_connected and self._drop_latest(waiting, visitor, only_unconnected=True)

    def _drop_latest(self, waiting: list[Event], visitor: str, *, only_unconnected: bool) -> bool:
        own = [event for event in reversed(waiting) if _visitor(event) == visitor]
        unconnected = [one for one in own if not self._connections.is_open(one.session_hash)]
        candidates = unconnected or ([] if only_unconnected else own)
        if not candidates:
            return False
        dropped = candidates[0]
        waiting.remove(dropped)
        self.event_ids_to_events.pop(dropped._id, None)  # noqa: SLF001 - gradio has no public name
        failed = error_payload(gr.Error(_FULL, print_exception=False), False)
        self.send_message(dropped, ProcessCompletedMessage(output=failed, success=False))
        return True


class Recent(LRUCache[str, Any]):
    """Gradio's bounded dictionary, but using an entry keeps it, and so does a connection."""

    def __init__(self, most: int, is_open: Callable[[str], bool] | None = None) -> None:
        super().__init__(most)
        self._most = most
        self._is_open = is_open or (lambda _: False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as gradio has it
        found = super().__getitem__(key)
        self.move_to_end(key)
        return found

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - as gradio has it
        OrderedDict.__setitem__(self, key, value)
        self.move_to_end(key)
        while len(self) > self._most:
            self.forget_one()

    def forget_one(self) -> None:
        """Forget the entry that was not used for longest, one with a connection only at last.

        What was used just now stays.
        """
        latest = next(reversed(self))
        others = [key for key in self if key != latest]
        del self[next((key for key in others if not self._is_open(key)), others[0])]


class _Inbox(asyncio.Queue[Any]):
    """Messages for one session, and about how many bytes they have."""

    def __init__(self) -> None:
        super().__init__()
        self.size = 0

    def _put(self, item: Any) -> None:  # noqa: ANN401
        super()._put(item)
        self.size += _message_size(item)

    def _get(self) -> Any:  # noqa: ANN401
        item = super()._get()
        self.size -= _message_size(item)
        return item


class _Inboxes(Recent):
    """The messages of each session; those that nobody reads go when there are too many bytes."""

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - as gradio has it
        super().__setitem__(key, _Inbox() if isinstance(value, asyncio.Queue) else value)

    def bound(self) -> None:
        """Forget whole sessions until the rest is within bounds, never the last one."""
        while len(self) > 1 and sum(inbox.size for inbox in self.values()) > UNREAD_BYTES:
            self.forget_one()


def _visitor(event: Event) -> str:
    return visitor_of(event.request.scope)


def _message_size(message: Any) -> int:  # noqa: ANN401
    output = getattr(message, "output", None)
    return _size(output.get("data")) if isinstance(output, dict) else 0


def _size(value: Any) -> int:  # noqa: ANN401
    """Return about how many bytes a value takes that was made from JSON."""
    size, stack = 0, [value]
    while stack:
        one = stack.pop()
        size += sys.getsizeof(one)
        if isinstance(one, dict):
            stack += one.values()
        elif isinstance(one, list | tuple):
            stack += one
    return size
