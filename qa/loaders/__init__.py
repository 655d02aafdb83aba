"""From files, texts and addresses to documents; one module per format.

A reader takes the documents out of a file's bytes (``qa.loaders.formats``). A folder or a zip
archive is read with everything in it; a file that cannot be read is reported and the others
are still loaded.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.errors import DocumentError, EmptyDocument, MissingExtra
from qa.loaders import plain
from qa.loaders.content import Content
from qa.loaders.download import download, is_address
from qa.loaders.formats import KINDS, PACKED, problem_of, read_bytes, unpack
from qa.loaders.limits import check_characters, check_size
from qa.types import Document

__all__ = ["KINDS", "LABELS_NAME", "Loaded", "from_text", "load_file", "load_paths"]

LABELS_NAME = "questions.jsonl"
"""Labelled questions that may lie beside the articles they belong to; never a document."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents that could be read, and why others could not."""

    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...] = ()


def from_text(name: str, text: str) -> Document:
    """Return the document of a text in memory; ``name`` is its id, source and title.

    Raises:
        DocumentError: if there is no letter or digit in it, or too many.

    """
    check_characters(text, name)
    return _document(Content(text, plain.blocks(text)), name, title=name)


def load_file(path: Path, source: str | None = None) -> Document:
    """Return the document of one file; ``source`` is the name it goes by (its file name).

    Raises:
        DocumentError: if it cannot be read, with the reason, or holds several documents.
        MissingExtra: if a package that its format needs is not installed.

    """
    name = source or path.name
    contents = read_bytes(_bytes_of(path, name), path.suffix, name)
    documents = _documents(contents, name)
    if len(documents) > 1:
        raise DocumentError(name, f"it holds {len(documents):,} documents; load it with load_paths")
    return documents[0]


def load_paths(paths: Iterable[str | Path], *, allow_addresses: bool = False) -> Loaded:
    """Return the documents of files, folders and addresses, each id once, in a stable order.

    With ``allow_addresses`` a path may be an http or https address on the public internet.
    """
    collected = _Collected()
    for given in paths:
        if is_address(given):
            collected.add_address(str(given), allowed=allow_addresses)
        else:
            for path, source in _files(Path(given), collected.seen):
                collected.add_file(path, source)
    documents = (replace(document, id=name) for name, document in collected.documents.items())
    return Loaded(tuple(documents), tuple(collected.problems))


@dataclass(slots=True)
class _Collected:
    """Documents under ids of their own, and the problems of the files that gave none."""

    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[DocumentError] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)

    def add_address(self, address: str, *, allowed: bool) -> None:
        try:
            fetched = download(address, allowed=allowed)
            self._add(read_bytes(fetched.data, fetched.kind, address), address)
        except DocumentError as problem:
            self.problems.append(problem)
        except MissingExtra as missing:
            self.problems.append(problem_of(address, missing))

    def add_file(self, path: Path, source: str) -> None:
        try:
            data = _bytes_of(path, source)
            if path.suffix.lower() == PACKED:
                for name, contents in unpack(data, source):
                    self._add_or_report(contents, name)
            else:
                self._add(read_bytes(data, path.suffix, source), source)
        except DocumentError as problem:
            self.problems.append(problem)
        except MissingExtra as missing:
            self.problems.append(problem_of(source, missing))

    def _add_or_report(self, contents: tuple[Content, ...] | DocumentError, name: str) -> None:
        try:
            if isinstance(contents, DocumentError):
                raise contents
            self._add(contents, name)
        except DocumentError as problem:
            self.problems.append(problem)

    def _add(self, contents: tuple[Content, ...], source: str) -> None:
        for document in _documents(contents, source):
            self.documents[_unused(document.id, self.documents)] = document


def _bytes_of(path: Path, source: str) -> bytes:
    """Return the content of a file, unless it is too large or no file."""
    if "\0" in str(path) or not path.exists():
        raise DocumentError(str(path), "there is no such file or folder; check the path")
    if not path.is_file():
        raise DocumentError(source, "it is no file; give a file or a folder")
    try:
        check_size(path.stat().st_size, source)
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(source, f"cannot be opened ({error.strerror or error})") from error


def _files(root: Path, seen: set[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file not seen before with the name it goes by: its path below ``root``."""
    is_folder = "\0" not in str(root) and root.is_dir()
    inside = sorted(root.rglob("*")) if is_folder else [root]
    for path in inside:
        below = path.relative_to(root) if is_folder else Path(path.name)
        skipped = any(part.startswith(".") for part in below.parts)
        if is_folder and (not path.is_file() or skipped or path.name == LABELS_NAME):
            continue
        identity = path.absolute()
        if identity not in seen:
            seen.add(identity)
            yield path, unicodedata.normalize("NFC", below.as_posix())


def _unused(name: str, taken: dict[str, Document]) -> str:
    """Return ``name``, or with a number behind it if another file goes by it already."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def _documents(contents: Iterable[Content], source: str) -> list[Document]:
    """Return the documents of a file, those of several with the record's name in their id."""
    found = [content for content in contents if content.blocks]
    if not found:
        raise EmptyDocument(source, "there is no text in it; expected at least one sentence")
    title = Path(source).stem
    return [
        _document(content, f"{source}#{content.name}" if content.name else source, title, source)
        for content in found
    ]


def _document(content: Content, name: str, title: str, source: str = "") -> Document:
    if not content.blocks:
        raise EmptyDocument(name, "there is no text in it; expected at least one sentence")
    text = content.text
    titles = [text[block.start : block.end] for block in content.blocks if block.kind == "title"]
    chosen = titles[0] if titles else content.title or title
    return Document(name, chosen, source or name, text, content.blocks)
