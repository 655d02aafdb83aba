"""How much of a file is read before it is refused: bounds on memory and time."""

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
    "MAX_UNPACKED_BYTES",
    "check_characters",
    "check_size",
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
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            source,
            f"its text has {len(text):,} characters, at most {MAX_CHARACTERS:,} are read; "
            "cut it into smaller files",
        )
