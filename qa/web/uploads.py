"""Files and pasted texts that a person adds: read, checked, taken in, with how far it is."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa import loaders
from qa.errors import DocumentError, EmptyDocument, QAError, UndecodableText, UnsupportedFormat
from qa.loaders import Loaded
from qa.types import Document
from qa.web.library import ARTICLE_CHARACTERS, Library, Refused
from qa.web.service import Service

__all__ = ["FILE_BYTES", "Reading", "from_file", "from_pasted", "minutes_left", "refusal"]

logger = logging.getLogger(__name__)

FILE_BYTES = 20_000_000
"""Largest file that is taken."""

_EARLIEST = 5.0
"""Seconds before a guess of the remaining time is worth showing."""
_TITLE_CHARACTERS = 30
_KEYS: Sequence[tuple[type[DocumentError], str]] = (
    (UnsupportedFormat, "unsupported"),
    (UndecodableText, "undecodable"),
    (EmptyDocument, "empty_article"),
)


def from_file(path: Path) -> Loaded:
    """Return the documents of a file, and what in it could not be read.

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
    loaded = loaders.load_paths([path])
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
    called = " ".join(name.split()) or first[:_TITLE_CHARACTERS] or fallback
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
        return texts["not_read"].format(name=name, message=error.problem)
    if isinstance(error, QAError):
        return texts["not_read"].format(name=name, message=error)
    logger.error("an article could not be taken in", exc_info=error)
    return texts["unreadable"].format(name=name)


class Reading(threading.Thread):
    """Takes one file or text in, in a thread of its own.

    ``percent`` is None while it waits for another one, and ``minutes_left`` 0 if less than one
    is left or it is too early to tell. Afterwards ``added`` has what was
    taken, and ``errors`` why something was not.
    """

    def __init__(self, library: Library, service: Service, source: Path | Document) -> None:
        super().__init__(name="article-reader", daemon=True)
        self._library = library
        self._service = service
        self._source = source
        self.percent: int | None = None
        self.minutes_left = 0
        self._begun = 0.0
        self.added: list[Document] = []
        self.errors: list[Exception] = []

    def run(self) -> None:
        """Read, check and embed."""
        try:
            with self._service.one_reading:
                self.percent = 0
                source = self._source
                found = from_file(source) if isinstance(source, Path) else Loaded((source,))
                self.errors += found.problems
                for document in found.documents:
                    self._begun = time.monotonic()
                    self.added.append(self._library.add(document, self._progress))
        except Exception as error:  # the page has to say so, whatever it is
            self.errors.append(error)

    def _progress(self, done: int, total: int) -> None:
        self.percent = 100 * done // max(total, 1)
        self.minutes_left = minutes_left(time.monotonic() - self._begun, done, total)


def minutes_left(taken: float, done: int, total: int) -> int:
    """Return how many minutes the rest takes if ``done`` of ``total`` took so many seconds.

    0 if it is less than one, or too early to tell.
    """
    return round(taken * (total - done) / done / 60) if taken >= _EARLIEST and done else 0
