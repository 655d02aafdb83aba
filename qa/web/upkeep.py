"""What gradio would do beside the questions, for as long as it runs: held within bounds."""

import os
from typing import Any

import gradio as gr
from gradio.utils import LRUCache

__all__ = ["SESSIONS", "STATES", "bound_sessions", "keep_no_statistics"]

SESSIONS = 2_000
"""Connections that gradio remembers; every question of a program is one of its own."""

STATES = 100
"""Connections of which gradio keeps the parts of the page, and what was last shown in them.

Each takes at least 60 KB, with a long article much more. This page needs none of it: what belongs
to a visit is in its :class:`qa.web.visits.Visit`.
"""


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


class _Recent(LRUCache[str, Any]):
    """Gradio's own bounded dictionary, but reading an entry keeps it as well as writing does."""

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as gradio has it
        found = super().__getitem__(key)
        self.move_to_end(key)
        return found
