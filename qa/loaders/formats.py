"""Which reader reads which kind of file, and files packed together."""

import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Protocol

from qa.errors import DocumentError, UnsupportedFormat
from qa.loaders import markdown, plain
from qa.loaders.content import Content
from qa.loaders.encoding import decode
from qa.loaders.limits import bounds, check_characters, check_size, check_time
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


def _late(module: str, name: str = "read") -> Reader:
    """Return a reader whose module is imported when a file is read by it."""

    def read(data: bytes, source: str) -> Iterable[Content]:
        reader: Reader = getattr(import_module(f"qa.loaders.{module}"), name)
        return reader(data, source)

    return read


def _read_page(data: bytes, source: str) -> Iterable[Content]:
    check_size(len(data), source, bounds().markup_bytes)
    return _late("html")(data, source)


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
    ".pdf": _late("pdf"),
    ".docx": _late("docx"),
    ".epub": _late("epub"),
    ".xlsx": _late("xlsx"),
    ".pptx": _late("pptx"),
    ".json": _late("records", "read_json"),
    ".jsonl": _late("records", "read_json_lines"),
    ".ndjson": _late("records", "read_json_lines"),
    ".csv": _late("records", "read_csv"),
    ".tsv": _late("records", "read_csv"),
}
PACKED = ".zip"
"""The kind of file that holds other files."""
KINDS = (*_READERS, PACKED)
"""Every kind of file that is read."""
# What people have instead, and what it can be saved as.
_INSTEAD = {
    ".docx": (".doc", ".docm", ".wps", ".odt", ".rtf", ".pages"),
    ".xlsx": (".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"),
    ".pptx": (".ppt", ".pps", ".ppsx", ".pptm", ".dps", ".odp", ".key"),
    ".html": (".mht", ".mhtml"),
    ".pdf": (".caj", ".ofd", ".djvu"),
    ".epub": (".mobi", ".azw3"),
    ".zip": (".rar", ".7z", ".tar", ".gz"),
}
_PICTURES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".avif"),
    ".svg",
)
_ADVICE = {other: f"save it as {kind}" for kind, others in _INSTEAD.items() for other in others} | {
    PACKED: "an archive inside an archive is not opened; unpack it first"
}
_ADVICE |= dict.fromkeys(
    _PICTURES,
    "it is a picture; run text recognition (OCR) on it and load the text as .txt or .docx",
)


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
    most = bounds().files
    if len(packed.infolist()) > most:
        raise DocumentError(
            source, f"it holds {len(packed.infolist()):,} files, at most {most:,} are read"
        )
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
    check_time(source)
    return read_bytes(read_member(packed, member, source), kind, source)
