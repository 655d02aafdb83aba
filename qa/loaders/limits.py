"""How much of a file is read before it is refused: bounds on memory and time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from qa.errors import DocumentError

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DOWNLOAD_BYTES",
    "MAX_DOWNLOAD_SECONDS",
    "MAX_FILE_BYTES",
    "MAX_MARKUP_BYTES",
    "MAX_MEMBERS",
    "MAX_PAGES",
    "MAX_PDF_MEMORY",
    "MAX_PDF_SECONDS",
    "MAX_RECORDS",
    "MAX_SECONDS",
    "MAX_UNPACKED_BYTES",
    "Bounds",
    "bounds",
    "check_characters",
    "check_size",
    "check_time",
    "seconds_left",
    "within",
]

MAX_FILE_BYTES = 100 * 2**20
"""Largest file that is opened, in bytes."""

MAX_UNPACKED_BYTES = 200 * 2**20
"""What all parts of a packed file (zip, docx, epub) may hold together, in bytes."""

MAX_MARKUP_BYTES = 50 * 2**20
"""What HTML or XML is parsed at once, in bytes: a tree takes some ten times as much."""

MAX_DOWNLOAD_BYTES = 20 * 2**20
"""Largest file that is fetched from an address, in bytes."""

MAX_DOWNLOAD_SECONDS = 30.0
"""Time that fetching one address may take, redirects included."""

MAX_MEMBERS = 10_000
"""Parts of a packed file."""

MAX_RECORDS = 200_000
"""Records of a data file."""

MAX_PAGES = 5_000
"""Pages of a PDF."""

MAX_PDF_SECONDS = 120.0
"""Time that one PDF may take."""

MAX_PDF_MEMORY = 2 * 2**30
"""Address space that one PDF may take, in bytes."""

MAX_CHARACTERS = 10_000_000
"""Longest text of one document, in characters."""

MAX_SECONDS = 3_600.0
"""Time that all of an archive may take."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file or archive may take; whoever reads for strangers sets narrower ones.

    ``files`` are those in an archive, ``records`` those of a data file, ``characters`` the length
    of one document; ``end`` is the time of :func:`time.monotonic` at which reading has to end.
    """

    unpacked_bytes: int = MAX_UNPACKED_BYTES
    markup_bytes: int = MAX_MARKUP_BYTES
    files: int = MAX_MEMBERS
    records: int = MAX_RECORDS
    characters: int = MAX_CHARACTERS
    seconds: float = MAX_SECONDS
    end: float = float("inf")


_DEFAULT = Bounds()
_bounds: ContextVar[Bounds] = ContextVar("bounds", default=_DEFAULT)


def bounds() -> Bounds:
    """Return the bounds that hold here."""
    return _bounds.get()


@contextmanager
def within(narrower: Bounds | None = None) -> Iterator[None]:
    """Read one file within bounds, those that hold already if none are given.

    The time begins to run, unless it does already.
    """
    chosen = narrower or bounds()
    end = min(chosen.end, bounds().end, time.monotonic() + chosen.seconds)
    token = _bounds.set(replace(chosen, end=end))
    try:
        yield
    finally:
        _bounds.reset(token)


def seconds_left() -> float:
    """Return how much of the time is left."""
    return max(0.0, bounds().end - time.monotonic())


def check_time(source: str) -> None:
    """Raise DocumentError if the time is over."""
    if not seconds_left():
        raise DocumentError(
            source,
            f"it was not read, because what it is part of takes longer than {bounds().seconds:.0f} "
            "seconds; cut that into smaller files",
        )


def check_size(size: int, source: str, limit: int = MAX_FILE_BYTES) -> None:
    """Raise DocumentError if ``size`` bytes are more than are opened."""
    if size > limit:
        raise DocumentError(
            source,
            f"it has {size / 2**20:,.0f} MB, at most {limit / 2**20:,.0f} MB are read; "
            "cut it into smaller files",
        )


def check_characters(text: str, source: str) -> None:
    """Raise DocumentError if ``text`` is longer than one document may be."""
    if len(text) > bounds().characters:
        raise DocumentError(
            source,
            f"its text has {len(text):,} characters, at most {bounds().characters:,} are read; "
            "cut it into smaller files",
        )
