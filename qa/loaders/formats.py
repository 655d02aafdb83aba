"""Which reader reads which kind of file, and files packed together."""

import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

from qa.errors import UnsupportedFormat
from qa.loaders import docx, epub, html, markdown, pdf, plain, records
from qa.loaders.content import Content
from qa.loaders.encoding import decode
from qa.loaders.limits import MAX_MARKUP_BYTES, check_characters, check_size
from qa.loaders.packed import open_packed, read_member
from qa.types import Block

__all__ = ["KINDS", "PACKED", "Reader", "read_bytes", "unpack"]


class Reader(Protocol):
    """Takes the documents out of the bytes of a file; ``source`` names it in errors."""

    def __call__(self, data: bytes, source: str) -> Iterable[Content]:
        """Return the documents of a file; raises DocumentError if it cannot be read."""


def _text_reader(find: Callable[[str], tuple[Block, ...]]) -> Reader:
    def read(data: bytes, source: str) -> Iterator[Content]:
        text = decode(data, source)
        check_characters(text, source)
        yield Content(text, find(text))

    return read


def _read_page(data: bytes, source: str) -> Iterable[Content]:
    check_size(len(data), source, MAX_MARKUP_BYTES)
    return html.read(data, source)


_read_plain = _text_reader(plain.blocks)
_read_markdown = _text_reader(markdown.blocks)

_READERS: dict[str, Reader] = {
    ".txt": _read_plain,
    ".text": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_page,
    ".htm": _read_page,
    ".xhtml": _read_page,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".epub": epub.read,
    ".json": records.read_json,
    ".jsonl": records.read_json_lines,
    ".ndjson": records.read_json_lines,
    ".csv": records.read_csv,
    ".tsv": records.read_csv,
}
PACKED = ".zip"
"""The kind of file that holds other files."""
KINDS = (*_READERS, PACKED)
"""Every kind of file that is read."""
# What people have instead, and what it can be saved as.
_INSTEAD = {
    ".docx": (".doc", ".wps", ".odt", ".rtf"),
    ".html": (".mht", ".mhtml"),
    ".csv": (".xls", ".xlsx", ".ods"),
    ".pdf": (".ppt", ".pptx", ".odp", ".caj"),
    ".epub": (".mobi", ".azw3"),
    ".zip": (".rar", ".7z", ".tar", ".gz"),
}
_ADVICE = {other: f"save it as {kind}" for kind, others in _INSTEAD.items() for other in others} | {
    PACKED: "an archive inside an archive is not opened; unpack it first"
}


def read_bytes(data: bytes, kind: str, source: str) -> tuple[Content, ...]:
    """Return the documents of a file of a kind (``.pdf``); ``source`` names it in errors.

    Raises:
        UnsupportedFormat: if no reader reads this kind.
        MissingExtra: if a package that it needs is not installed.
        DocumentError: if it cannot be read, with the reason.

    """
    reader = _READERS.get(kind.lower())
    if reader is None:
        advice = _ADVICE.get(kind.lower(), f"expected one of {' '.join(KINDS)}")
        raise UnsupportedFormat(
            source, f"files of the kind {kind or '(none)'!r} cannot be read; {advice}"
        )
    check_size(len(data), source)
    contents = tuple(reader(data, source))
    for content in contents:
        check_characters(content.text, source)
    return contents


def unpack(data: bytes, source: str) -> Iterator[tuple[str, Callable[[], tuple[Content, ...]]]]:
    """Yield the name of each file in a zip archive, and what reads it as ``read_bytes`` does.

    Raises:
        DocumentError: if it is no archive or holds too much.

    """
    packed = open_packed(data, source, PACKED)
    for member in sorted(packed.infolist(), key=lambda one: one.filename):
        name = posixpath.normpath(f"/{member.filename}").lstrip("/")
        folders = name.split("/")
        # ZipInfo.is_dir fails for a file without a name.
        is_folder = not member.filename or member.filename.endswith("/")
        if is_folder or "__MACOSX" in folders or any(one.startswith(".") for one in folders):
            continue
        yield f"{source}/{name}", partial(_read_packed, packed, member, f"{source}/{name}")


def _read_packed(
    packed: zipfile.ZipFile, member: zipfile.ZipInfo, source: str
) -> tuple[Content, ...]:
    kind = posixpath.splitext(source)[1]
    return read_bytes(read_member(packed, member, source), kind, source)
