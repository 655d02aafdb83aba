"""From files and texts to documents; one module per format.

A loader is a function from a decoded text to its blocks. A folder is read with everything
below it; a file that cannot be read is reported and the others are still loaded.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import DocumentError, EmptyDocument, UnsupportedFormat
from qa.loaders import markdown, plain
from qa.loaders.encoding import decode
from qa.types import Block, Document

__all__ = ["LABELS_NAME", "Loaded", "from_text", "list_files", "load_file", "load_paths"]

LABELS_NAME = "questions.jsonl"
"""Labelled questions that may lie beside the articles they belong to; never a document."""

_LOADERS: dict[str, Callable[[str], tuple[Block, ...]]] = {
    ".txt": plain.blocks,
    ".text": plain.blocks,
    ".md": markdown.blocks,
    ".markdown": markdown.blocks,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents that could be read, and why others could not."""

    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...] = ()


def from_text(name: str, text: str) -> Document:
    """Return the document of a text in memory; ``name`` is its id, source and title.

    Raises:
        EmptyDocument: if there is no letter or digit in it.

    """
    return _document(name, name, text, plain.blocks(text), title=name)


def load_file(path: Path, source: str | None = None) -> Document:
    """Return the document of one file; ``source`` is the name it goes by (its file name).

    Raises:
        DocumentError: if it cannot be read, with the reason.

    """
    name = source or path.name
    if "\0" in str(path) or not path.exists():
        raise DocumentError(str(path), "there is no such file or folder; check the path")
    loader = _LOADERS.get(path.suffix.lower())
    if loader is None:
        raise UnsupportedFormat(
            name,
            f"files of the kind {path.suffix or '(none)'!r} cannot be read; "
            f"expected one of {' '.join(_LOADERS)}",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(name, f"cannot be opened ({error.strerror or error})") from error
    text = decode(data, name)
    return _document(name, name, text, loader(text), title=path.stem)


def load_paths(paths: Iterable[str | Path]) -> Loaded:
    """Return the documents of files and folders, each id once, in a stable order."""
    documents: dict[str, Document] = {}
    problems: list[DocumentError] = []
    for path, source in list_files(paths):
        try:
            document = load_file(path, source)
        except DocumentError as problem:
            problems.append(problem)
            continue
        documents[_unused(document.id, documents)] = document
    named = tuple(replace(document, id=name) for name, document in documents.items())
    return Loaded(named, tuple(problems))


def list_files(paths: Iterable[str | Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file once with the name it goes by: its path below the folder given."""
    seen: set[Path] = set()
    for given in paths:
        root = Path(given)
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


def _unused(name: str, taken: Iterable[str]) -> str:
    """Return ``name``, or with a number behind it if another file goes by it already."""
    candidate, number = name, 2
    while candidate in set(taken):
        candidate, number = f"{name} ({number})", number + 1
    return candidate


def _document(name: str, source: str, text: str, blocks: tuple[Block, ...], title: str) -> Document:
    if not blocks:
        raise EmptyDocument(source, "there is no text in it; expected at least one sentence")
    titles = [text[block.start : block.end] for block in blocks if block.kind == "title"]
    return Document(name, titles[0] if titles else title, source, text, blocks)
