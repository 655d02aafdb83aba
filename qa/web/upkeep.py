"""What gradio would do beside the questions, for as long as it runs: held within bounds."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import route_utils, routes
from gradio.components import Component
from gradio.utils import LRUCache

__all__ = [
    "SESSIONS",
    "STATES",
    "UPLOADS",
    "bound_sessions",
    "bound_uploads",
    "keep_apart_uploads",
    "keep_no_statistics",
]

SESSIONS = 2_000
"""Connections that gradio remembers; every question of a program is one of its own."""

STATES = 100
"""Connections of which gradio keeps the parts of the page, and what was last shown in them.

Each takes at least 60 KB, with a long article much more. This page needs none of it: what belongs
to a visit is in its :class:`qa.web.visits.Visit`.
"""

UPLOADS = 500
"""Uploads that gradio tells the progress of."""


def keep_no_statistics() -> None:
    """Turn off what gradio computes anew after each event, from up to 10,000 of them.

    It is for the monitoring page, which is closed.
    """
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"


def bound_sessions(page: gr.Blocks) -> None:
    """Let a page with a queue forget the connections that were not used for longest.

    Gradio itself forgets those whose first event is longest ago, in the middle of a question
    or not, and of another list none at all, which it searches for each program that asks.
    """
    queue: Any = page._queue  # noqa: SLF001 - gradio has no public name for it
    queue.pending_messages_per_session = _Recent(SESSIONS)
    queue.pending_event_ids_session = _Recent(SESSIONS)


def bound_uploads(page: gr.Blocks) -> None:
    """Let gradio forget uploads whose progress nobody reads, and files that are deleted.

    Gradio itself forgets the progress of an upload only when somebody has read it to its end,
    keeps a signal for every upload that was ever asked after, and the path of every file: once
    as uploaded and once as given to a part of the page.
    """
    progress: Any = routes.file_upload_statuses
    progress._statuses = _Recent(UPLOADS)  # noqa: SLF001 - gradio has no public name for it
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


class _Upload(route_utils.GradioUploadFile):
    """A file that is being received; its hash, which names its folder, begins at random."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as gradio has it
        super().__init__(*given, **named)
        self.sha.update(secrets.token_bytes(16))


class _Recent(LRUCache[str, Any]):
    """Gradio's own bounded dictionary, but reading an entry keeps it as well as writing does."""

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as gradio has it
        found = super().__getitem__(key)
        self.move_to_end(key)
        return found


class _Signals(_Recent):
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
        super().update(*paths)
        if len(self) > self._most:
            gone = {path for path in self if not Path(path).exists()}
            self.difference_update(gone)
            # The more there are, the longer a look takes and the less often there is one.
            self._most = max(UPLOADS, 2 * len(self))
            for path in gone:
                with contextlib.suppress(OSError):
                    Path(path).parent.rmdir()
