"""Files and pasted texts that a person adds: read, checked, taken in, with how far it is."""

import itertools
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from qa import loaders
from qa.errors import (
    DocumentError,
    EmptyDocument,
    NoArticle,
    PartlyRead,
    QAError,
    UndecodableText,
    UnsupportedFormat,
)
from qa.loaders import Loaded
from qa.loaders.apart import load_apart
from qa.loaders.limits import Bounds
from qa.types import Document
from qa.web.gate.bodies import ARTICLE_CHARACTERS
from qa.web.service import Service
from qa.web.visit.library import Library, Refused

__all__ = [
    "FILE_BYTES",
    "Reading",
    "State",
    "Taking",
    "Told",
    "from_file",
    "from_pasted",
    "minutes_left",
    "outcome",
    "progress_line",
    "refusal",
]

logger = logging.getLogger(__name__)

State = Literal["waiting", "busy", "failed", "unsupported", "stopped", "added", "removed"]

Told = tuple[State, str]
"""Something about an article, and what has become of it."""

FILE_BYTES = 20_000_000
"""Largest file that is taken."""

BOUNDS = Bounds(
    unpacked_bytes=100_000_000,
    markup_bytes=5_000_000,
    files=100,
    records=10_000,
    characters=4 * ARTICLE_CHARACTERS,
    seconds=120.0,
)
"""What one file may take to be read: a stranger's may have been made to take much."""

READER_MEMORY = 2 * 2**30
"""Address space of the process that reads it, in bytes; of that it uses a part."""

_WORTH_TELLING = 5.0
"""Seconds from which it is told how long an article takes, before it begins."""
_EARLIEST = 5.0
"""Seconds before a guess of the remaining time is worth showing."""
_TITLE_CHARACTERS = 30
_NAME_CHARACTERS = 200
_KEYS: Sequence[tuple[type[DocumentError], str]] = (
    (UnsupportedFormat, "unsupported"),
    (UndecodableText, "undecodable"),
    (NoArticle, "no_article"),
    (PartlyRead, "read_in_part"),
    (EmptyDocument, "empty_article"),
)
_PROBLEMS: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (f"problem_{key}", re.compile(words))
    for key, words in (
        ("protected", "encrypted|password|protected against copying"),
        ("scanned", r"\(OCR\)"),
        ("size", "at most .* (are|is) read|more than .* records|takes longer than"),
        ("extra", "not installed"),
        ("fields", "no record has a text|expected an object"),
        ("broken", "no whole|is broken|is no JSON|no row of a table|nested too deeply"),
        ("empty", "there is no text in it"),
    )
)
"""By the words of a loader's message, which is in English, the text that says it in any language;
the first that fits."""


def from_file(path: Path, look: Callable[[], None] = lambda: None) -> Loaded:
    """Return the documents of a file, and what in it could not be read.

    Whatever ``look`` raises, which is called again and again, ends it.

    Raises:
        Refused: if it is too large.
        DocumentError: if nothing in it can be read.

    """
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Refused(
            "too_large",
            name=path.name,
            size=f"{size / 1e6:.1f}",
            limit=f"{FILE_BYTES / 1e6:.0f}",
        )
    loaded = load_apart(path, BOUNDS, READER_MEMORY, look)
    if not loaded.documents:
        raise loaded.problems[0] if loaded.problems else EmptyDocument(path.name, "it is empty")
    return loaded


def from_pasted(name: str, text: str, fallback: str) -> Document:
    """Return the document of a pasted text; without a name it goes by its first line.

    Raises:
        Refused: if there is nothing, or too much.

    """
    if not text.strip():
        raise Refused("nothing_pasted")
    first = next(line.strip() for line in text.splitlines() if line.strip())
    called = " ".join(name.split())[:_NAME_CHARACTERS] or first[:_TITLE_CHARACTERS] or fallback
    if len(text) > ARTICLE_CHARACTERS:
        raise Refused(
            "too_long_article",
            name=called,
            length=f"{len(text):,}",
            limit=f"{ARTICLE_CHARACTERS:,}",
        )
    return replace(loaders.from_text(called, text), title=called)


def refusal(error: Exception, name: str, texts: Mapping[str, str]) -> str:
    """Return what a person is told about an article that was not taken."""
    if isinstance(error, Refused):
        return texts[error.key].format(**error.fields)
    if isinstance(error, DocumentError):
        name = error.source
    for kind, key in _KEYS:
        if isinstance(error, kind):
            return texts[key].format(name=name)
    if isinstance(error, DocumentError):
        message = texts[_problem_key(error.problem)]
        return texts["not_read"].format(name=name, message=message)
    if isinstance(error, QAError):
        return texts["not_read"].format(name=name, message=error)
    logger.error("an article could not be taken in", exc_info=error)
    return texts["unreadable"].format(name=name)


def _problem_key(problem: str) -> str:
    """Return the text that says what kind of problem a loader has told in English."""
    return next((key for key, words in _PROBLEMS if words.search(problem)), "problem_other")


class Stopped(Exception):
    """Reading was ended by whom it was for."""


class Reading:
    """One file or text that is taken in; a file is deleted once it is read.

    ``percent`` is None while it waits for another one, ``minutes`` how many are left: 0 if less
    than one is, or it is too early to tell. Before the first percent ``expected`` is how many
    seconds all of it takes, 0 if few, and ``paragraphs`` how many there are. ``opened`` is the id
    of what can be asked already in part. Afterwards ``added`` has what was taken, and ``errors``
    why something was not.
    """

    _numbers = itertools.count(1)

    def __init__(
        self,
        library: Library,
        service: Service,
        name: str,
        source: Path | Document,
    ) -> None:
        self.key = str(next(self._numbers))
        self.name = name
        self.percent: int | None = None
        self.minutes = 0
        self.expected = 0.0
        self.paragraphs = 0
        self.opened = ""
        self.added: list[Document] = []
        self.errors: list[Exception] = []
        self._library = library
        self._service = service
        self._source = source
        self._begun = 0.0
        self._stopped = threading.Event()

    @property
    def is_stopped(self) -> bool:
        """Whether it is to end, or has ended, before it was read."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End it as soon as what is being done allows; nothing of what is not read yet is kept."""
        self._stopped.set()

    def run(self, instead_of: str = "") -> None:
        """Read, check and embed, unless it is stopped.

        The first article takes the place of an own one with the id ``instead_of``.
        """
        try:
            found = self._read()
            self.errors += found.problems
            for document in found.documents:
                self._take(document, "" if self.added else instead_of)
        except Stopped:
            pass
        except Exception as error:  # the page has to say so, whatever it is
            self.errors.append(error)
        finally:
            if isinstance(self._source, Path):
                self._source.unlink(missing_ok=True)

    def _read(self) -> Loaded:
        if not isinstance(self._source, Path):
            return Loaded((self._source,))
        with self._service.one_reading.turn(self._library.owner, self._look):
            self.percent = 0
            return from_file(self._source, self._look)

    def _take(self, document: Document, instead_of: str) -> None:
        with self._service.one_reading.turn(self._library.owner, self._look):
            self.percent = 0
            config = self._service.ready_chatbot().config
            self.paragraphs = sum(block.kind == "text" for block in document.blocks)
            self.expected = self._service.pace.seconds(document, config)
            added = self._library.add(
                document, self._progress, instead_of=instead_of, opened=self._open
            )
            self._service.pace.note(document, time.monotonic() - self._begun)
        self.added.append(added)

    def _open(self, document_id: str) -> None:
        self.opened = document_id

    def _look(self) -> None:
        if self.is_stopped:
            raise Stopped

    def _progress(self, done: int, total: int) -> None:
        self._look()
        if not done:
            self._begun = time.monotonic()
        self.percent = 100 * done // max(total, 1)
        self.minutes = minutes_left(time.monotonic() - self._begun, done, total)


class Taking(threading.Thread):
    """Takes in, one after the other, what was brought together.

    It goes on while the page is loaded again. ``finished`` is told of each as it ends;
    ``instead_of`` is the id of an own article whose place the first one takes.
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        finished: Callable[[Reading], None],
        instead_of: str = "",
    ) -> None:
        super().__init__(name="article-reader", daemon=True)
        self.readings = readings
        self._finished = finished
        self._instead_of = instead_of

    def run(self) -> None:
        """Take in what was not stopped."""
        instead_of = self._instead_of
        for reading in self.readings:
            reading.run(instead_of)
            instead_of = "" if reading.added else instead_of
            self._finished(reading)


def outcome(reading: Reading, texts: Mapping[str, str]) -> list[Told]:
    """Return what is told of a reading that has ended."""
    told: list[Told] = []
    for document in reading.added:
        count = sum(block.kind == "text" for block in document.blocks)
        told.append(("added", texts["added"].format(name=document.title, count=count)))
    for error in reading.errors:
        kind: State = "unsupported" if isinstance(error, UnsupportedFormat) else "failed"
        told.append((kind, refusal(error, reading.name, texts)))
    if reading.is_stopped and not told:
        told.append(("stopped", texts["stopped"].format(name=reading.name)))
    return told


def progress_line(reading: Reading, texts: Mapping[str, str]) -> Told:
    """Return how far a reading is."""
    name, minutes = reading.name, reading.minutes
    if reading.is_stopped:
        return "busy", texts["stopping"].format(name=name)
    if reading.percent is None:
        return "waiting", texts["queued"].format(name=name)
    if reading.percent:
        key = "embedding_long" if minutes else "embedding"
        told = texts[key].format(name=name, percent=reading.percent, minutes=minutes)
        return "busy", f"{told}{texts['read_can_be_asked']}" if reading.opened else told
    if reading.expected < _WORTH_TELLING:
        return "busy", texts["reading"].format(name=name)
    minutes = round(reading.expected / 60)
    key = "embedding_takes_long" if minutes else "embedding_takes"
    return "busy", texts[key].format(name=name, count=reading.paragraphs, minutes=minutes)


def minutes_left(taken: float, done: int, total: int) -> int:
    """Return how many minutes the rest takes if ``done`` of ``total`` took so many seconds.

    0 if it is less than one, or too early to tell.
    """
    return round(taken * (total - done) / done / 60) if taken >= _EARLIEST and done else 0
