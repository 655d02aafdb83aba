"""Who is looking at the page: one visit per browser tab, and what it must not outlive."""

import re
import secrets
import threading
import time
from dataclasses import dataclass, field

from qa.text import Language
from qa.web.chat import Conversation
from qa.web.library import Library
from qa.web.service import Service

__all__ = ["Visit", "Visits"]

GRACE_SECONDS = 120.0
"""How long a tab may be away, as while it is loaded again, before its visit is over."""

IDLE_SECONDS = 6 * 3600.0
"""How long an open tab may do nothing."""

MOST_VISITS = 1_000
OWN_CHARACTERS = 8_000_000
"""Characters of own articles held for all visits together."""

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Visit:
    """What one browser tab has asked and added; changed in place, never shared with another.

    ``reading`` is the id of the article in the reading view, ``ask_all`` whether questions go
    to all articles, ``sessions`` the connections of the tab that are open. Times are seconds
    of :func:`time.monotonic`.
    """

    library: Library
    conversation: Conversation = field(default_factory=Conversation)
    language: Language | None = None
    reading: str = ""
    ask_all: bool = True
    sessions: set[str] = field(default_factory=set)
    used: float = 0.0

    @property
    def scope(self) -> str | None:
        """The article that questions go to; None for all of them."""
        return None if self.ask_all or not self.reading else self.reading


class Visits:
    """Finds the visit of a connection.

    A tab proves that it is the same one after a reload by a random key that it keeps for
    itself; nothing else leads to a visit. One that was left, or does nothing for hours, is
    forgotten with all its articles.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._visits: dict[str, Visit] = {}
        self._keys: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._visits)

    def enter(self, session: str, key: str) -> Visit:
        """Return the visit with the key of a tab, a new one if there is none."""
        with self._lock:
            now = time.monotonic()
            self._forget(now)
            early = self._keys.get(session)
            if not _KEY.fullmatch(key):
                key = early or secrets.token_hex(16)
            if early is not None and early != key and early in self._visits:
                # A question may come in before its tab has said who it is.
                self._visits.setdefault(key, self._visits.pop(early))
            visit = self._visits.get(key)
            if visit is None:
                visit = Visit(Library(self._service, self._room))
                self._visits[key] = visit
            self._keys[session] = key
            visit.sessions.add(session)
            visit.used = now
            return visit

    def of(self, session: str) -> Visit:
        """Return the visit of a connection, a new one if it has none yet."""
        with self._lock:
            visit = self._visits.get(self._keys.get(session, ""))
            if visit is not None:
                visit.used = time.monotonic()
                return visit
        return self.enter(session, "")

    def leave(self, session: str) -> None:
        """Note that a connection has ended; its visit follows unless the tab comes back."""
        with self._lock:
            visit = self._visits.get(self._keys.pop(session, ""))
            if visit is None:
                return
            visit.sessions.discard(session)
            visit.used = time.monotonic()
        later = threading.Timer(GRACE_SECONDS + 1, self.forget)
        later.daemon = True
        later.start()

    def forget(self, now: float | None = None) -> None:
        """Drop the visits that are over at a time of :func:`time.monotonic`."""
        with self._lock:
            self._forget(time.monotonic() if now is None else now)

    def _forget(self, now: float) -> None:
        over = {
            key
            for key, visit in self._visits.items()
            if now - visit.used > (IDLE_SECONDS if visit.sessions else GRACE_SECONDS)
        }
        left = sorted(
            (key for key in self._visits if key not in over),
            key=lambda key: self._visits[key].used,
        )
        over |= set(left[: max(0, len(left) - MOST_VISITS + 1)])
        for key in over:
            del self._visits[key]
        self._keys = {session: key for session, key in self._keys.items() if key in self._visits}

    def _room(self) -> int:
        return OWN_CHARACTERS - sum(
            visit.library.characters for visit in tuple(self._visits.values())
        )
