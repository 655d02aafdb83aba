"""Who is looking at the page: one visit per browser tab, and what it must not outlive."""

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from qa.text import Language
from qa.web.service import Service
from qa.web.visit.conversation import Conversation, Turn
from qa.web.visit.library import OWN, Library
from qa.web.visit.uploads import Reading, Told

__all__ = ["Asking", "Visit", "Visits"]

Asking = Literal["this", "own", "all"]
"""Which articles questions go to: the one being read, the own ones, or all."""

GRACE_SECONDS = 120.0
"""How long a tab may be away, as while it is loaded again, before its visit is over."""

AWAY_SECONDS = 15.0
"""How long a tab may be away before what it is having read in is stopped."""

IDLE_SECONDS = 6 * 3600.0
"""How long an open tab may do nothing."""

MOST_VISITS = 1_000
MOST_SESSIONS = 32
"""Sessions of one tab; each time that it is loaded it has another."""

OWN_CHARACTERS = 8_000_000
"""Characters of own articles held for all visits together, of which half for one visitor's."""

JOINED_BYTES = 300_000_000
"""Vectors of built-in articles that are held once more, to be searched with own ones."""

_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Visit:
    """What one browser tab has asked and added; changed in place, never shared with another.

    ``reading`` is the id of the article in the reading view, ``asking`` which articles questions
    go to, ``taking`` what is being taken in, ``told`` what became of articles since nothing was,
    ``sessions`` those of the tab that were not left, ``drawn`` number and hash of the conversation
    as it was drawn last. Times are seconds of :func:`time.monotonic`.
    """

    library: Library
    conversation: Conversation = field(default_factory=Conversation)
    language: Language | None = None
    reading: str = ""
    asking: Asking = "all"
    taking: list[Reading] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    used: float = 0.0
    drawn: tuple[int, int] = (0, 0)

    @property
    def visitor(self) -> str:
        """Who it is on the network."""
        return self.library.owner

    @property
    def scope(self) -> str | None:
        """The article that questions go to, or ``OWN`` for all own ones; None for all of them."""
        if self.asking == "own" and self.library.own_count > 1:
            return OWN
        return self.reading or None if self.asking == "this" else None

    def may_judge(self, turn: Turn) -> bool:
        """Tell whether a judgement is of use and would give away nothing of an own article.

        What an article tells about itself has no right passage to learn from.
        A follow-up is written down with the questions before it, so their answers count too.
        """
        if turn.answer is None or not turn.answer.passages or turn.answer.kind != "passages":
            return False
        stands_alone = turn.answer.question == turn.answer.asked
        written = [turn] if stands_alone else self.conversation.turns
        return not any(
            self.library.shows_own(one.answer) for one in written if one.answer is not None
        )

    def stop_reading(self) -> None:
        """Stop all that is being taken in."""
        for reading in tuple(self.taking):
            reading.stop()


class Visits:
    """Finds the visit of a connection.

    A tab proves that it is the same one after a reload by a random key that it keeps for
    itself; nothing else leads to a visit. One that was left, or does nothing for hours, is
    forgotten with all its articles; so is, after a moment, one whose page never kept a connection
    open. Where there are too many, one goes of the visitor who has most, those with a connection
    after those without, and those that hold articles last.
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
                visit = self._begin()
                self._visits[key] = visit
            known = self._service.connections.visitor(session)
            visit.library.owner = known or visit.library.owner
            self._keys[session] = key
            visit.sessions.add(session)
            if len(visit.sessions) > MOST_SESSIONS:
                self._forget_sessions(visit, but=session)
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
        _later(AWAY_SECONDS, partial(_stop_if_left, visit))
        _later(GRACE_SECONDS + 1, self.forget)

    def forget(self, now: float | None = None) -> None:
        """Drop the visits that are over at a time of :func:`time.monotonic`."""
        with self._lock:
            self._forget(time.monotonic() if now is None else now)

    def _begin(self) -> Visit:
        visit = Visit(Library(self._service, lambda: self._room(visit), self._may_join))
        return visit

    def _forget(self, now: float) -> None:
        is_open = {key: self._is_open(visit) for key, visit in self._visits.items()}
        for key, visit in tuple(self._visits.items()):
            if now - visit.used > (IDLE_SECONDS if is_open[key] else GRACE_SECONDS):
                self._visits.pop(key).stop_reading()
        while len(self._visits) >= MOST_VISITS:
            visits = self._visits
            greediest, _ = Counter(one.visitor for one in visits.values()).most_common(1)[0]
            least = min(
                (key for key, visit in visits.items() if visit.visitor == greediest),
                key=lambda key: (
                    visits[key].library.own_count > 0,
                    is_open[key],
                    visits[key].used,
                ),
            )
            visits.pop(least).stop_reading()
        self._keys = {session: key for session, key in self._keys.items() if key in self._visits}

    def _forget_sessions(self, visit: Visit, but: str) -> None:
        is_open = self._service.connections.is_open
        gone = {one for one in visit.sessions if one != but and not is_open(one)}
        visit.sessions -= gone
        for session in gone:
            self._keys.pop(session, None)

    def _is_open(self, visit: Visit) -> bool:
        return any(map(self._service.connections.is_open, visit.sessions))

    def _room(self, visit: Visit) -> int:
        """Return how many characters of articles a visit may add."""
        visits = tuple(self._visits.values())
        own = sum(one.library.characters for one in visits if one.visitor == visit.visitor)
        others = sum(one.library.characters for one in visits if one.visitor != visit.visitor)
        return min(OWN_CHARACTERS - own - others, OWN_CHARACTERS // 2 - own)

    def _may_join(self, size: int) -> bool:
        """Tell whether so many bytes of vectors may be held once more."""
        held = sum(one.library.joined_bytes for one in tuple(self._visits.values()))
        return held + size <= JOINED_BYTES


def _stop_if_left(visit: Visit) -> None:
    if not visit.sessions:
        visit.stop_reading()


def _later(seconds: float, what: Callable[[], object]) -> None:
    """Do something after so many seconds, unless the program has ended."""
    timer = threading.Timer(seconds, what)
    timer.daemon = True
    timer.start()
