"""What gradio would do beside the questions, for as long as it runs: held within bounds."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import processing_utils, route_utils, routes
from gradio.components import Component
from gradio.state_holder import SessionState

from qa.web.gate.queueing import FairQueue, Recent
from qa.web.gate.uploaded import UploadParser, note_arrived
from qa.web.gate.visitors import Connections

__all__ = [
    "SESSIONS",
    "STATES",
    "UPLOADS",
    "bound_sessions",
    "bound_states",
    "bound_uploads",
    "fetch_nothing",
    "keep_apart_uploads",
    "keep_no_statistics",
    "keep_no_values",
]

SESSIONS = 2_000
"""Connections that gradio remembers; every question of a program is one of its own."""

STATES = 100
"""Connections of which gradio keeps the parts of the page, and what was last shown in them.

Each takes at least 60 KB, with a long article much more. This page needs none of it: what belongs
to a visit is in its :class:`qa.web.visit.visits.Visit`.
"""

UPLOADS = 500
"""Uploads that gradio tells the progress of."""


def keep_no_statistics() -> None:
    """Turn off what gradio computes anew after each event, from up to 10,000 of them.

    It is for the monitoring page, which is closed.
    """
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"


def bound_sessions(page: gr.Blocks, waiting: int, connections: Connections) -> None:
    """Let a page have a fair queue, and forget the sessions that were not used for longest.

    Gradio itself forgets those whose first event is longest ago, in the middle of a question
    or not, and of another list none at all, which it searches for each program that asks.
    """
    # Closed, so that nothing goes past the queue that belongs into it.
    page.queue(api_open=False)
    page._queue = FairQueue(page, waiting, SESSIONS, connections)  # noqa: SLF001


def bound_states(page: gr.Blocks, connections: Connections) -> None:
    """Let a launched page keep its parts for sessions with a connection rather than for others."""
    states: Any = page.app.state_holder
    states.session_data = Recent(STATES, connections.is_open)
    states.time_last_used = Recent(STATES, connections.is_open)


def bound_uploads(page: gr.Blocks) -> None:
    """Let gradio forget uploads whose progress nobody reads, and files that are deleted.

    Gradio itself forgets the progress of an upload only when somebody has read it to its end,
    keeps a signal for every upload that was ever asked after, and the path of every file: once
    as uploaded and once as given to a part of the page.
    """
    progress: Any = routes.file_upload_statuses
    progress._statuses = Recent(UPLOADS)  # noqa: SLF001 - gradio has no public name for it
    progress._signals = _Signals(UPLOADS)  # noqa: SLF001
    page.upload_file_set = _Files(page.upload_file_set)
    page.temp_file_sets = [page.upload_file_set]
    for block in page.blocks.values():
        if isinstance(block, Component):
            block.temp_files = _Files(block.temp_files)
            page.temp_file_sets.append(block.temp_files)


def keep_apart_uploads() -> None:
    """Let every upload have a folder of its own, whose name nobody can guess.

    Gradio names it by the content, so that the same file of two people is one file, which is
    gone for the second when the first has been read and deleted.
    """
    receiving: Any = route_utils
    receiving.GradioUploadFile = _Upload
    receiving.GradioMultiPartParser = UploadParser


def fetch_nothing() -> None:
    """Let gradio fetch no address, which it does where an event names one in place of a file."""
    fetching: Any = processing_utils

    async def refuse(url: str, *_: object) -> str:
        raise gr.Error("No address is fetched.", print_exception=False)

    def refuse_at_once(url: str, *_: object) -> str:
        raise gr.Error("No address is fetched.", print_exception=False)

    fetching.async_ssrf_protected_get = fetching.async_ssrf_protected_download = refuse
    fetching.ssrf_protected_download = fetching.save_url_to_cache = refuse_at_once
    fetching.unsafe_download = refuse_at_once


def keep_no_values() -> None:
    """Let gradio keep of a session no more than which parts of its page are not as for others.

    It would describe every part anew for each session, in the thread that all wait for, and keep
    what was typed and shown in it, for links that this page has not.
    """
    state: Any = SessionState
    state.__init__ = _begin_state
    state.__setitem__ = _put_block
    state._update_config = state._update_value_in_config = lambda *_: None  # noqa: SLF001


def _begin_state(state: Any, blocks: gr.Blocks) -> None:  # noqa: ANN401 - as gradio has it
    state.blocks_config = copy(blocks.default_config)
    state.config_values = {}
    state.state_data = {}
    state._state_ttl = {}  # noqa: SLF001
    state.is_closed = False
    state.STATE_TTL_WHEN_CLOSED = 0


def _put_block(state: Any, key: int, value: object) -> None:  # noqa: ANN401 - as gradio has it
    state.blocks_config.blocks[key] = value


class _Upload(route_utils.GradioUploadFile):
    """A file that is being received; its hash, which names its folder, begins at random."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as gradio has it
        super().__init__(*given, **named)
        self.sha.update(secrets.token_bytes(16))


class _Signals(Recent):
    """Makes the signal of an upload when it is first asked for, as gradio's own does."""

    def __missing__(self, key: str) -> asyncio.Event:
        self[key] = asyncio.Event()
        found: asyncio.Event = self[key]
        return found


class _Files(set[str]):
    """Paths of files that were uploaded; those of deleted ones go, with their folders.

    Gradio walks through it in one thread and adds to it in another.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__(paths)
        self._most = UPLOADS

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(super().__iter__()))

    def add(self, path: str) -> None:
        self.update((path,))

    def update(self, *paths: Iterable[str]) -> None:
        for some in paths:
            note_arrived(some)
        super().update(*paths)
        if len(self) > self._most:
            gone = {path for path in self if not Path(path).exists()}
            self.difference_update(gone)
            # The more there are, the longer a look takes and the less often there is one.
            self._most = max(UPLOADS, 2 * len(self))
            for path in gone:
                with contextlib.suppress(OSError):
                    Path(path).parent.rmdir()
