"""From files, texts and addresses to documents; one module per format.

A reader takes the documents out of a file's bytes (``qa.loaders.formats``). A folder or a zip
archive is read with everything in it; a file that cannot be read is reported and the others
are still loaded.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import DocumentError, EmptyDocument, MissingExtra, NoArticle, PartlyRead
from qa.loaders import plain
from qa.loaders.addresses import is_address
from qa.loaders.content import Content
from qa.loaders.formats import KINDS, PACKED, read_bytes, unpack
from qa.loaders.limits import check_characters, check_size, within
from qa.types import Document

__all__ = [
    "KINDS",
    "LABELS_NAME",
    "Loaded",
    "Names",
    "check_there",
    "documents_of",
    "from_text",
    "list_files",
    "load_address",
    "load_all",
    "load_file",
    "load_paths",
    "size_of",
]

LABELS_NAME = "questions.jsonl"
"""Labelled questions that may lie beside the articles they belong to; never a document."""

_INDEX_MANIFESTS = ("manifest.json", "unfinished.json")
_INDEX_DATA = re.compile(r"data-[0-9a-f]{8}")
"""What an index consists of, which may be kept in the folder of its articles."""

_LONGEST_NAME = 200
"""Characters of a path that are shown where it is none."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents that could be read, and why others could not."""

    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...] = ()


class Names:
    """The ids of documents, each one's own: with a number behind it what is taken already."""

    def __init__(self) -> None:
        # Of each the number that the next one of that name is tried with.
        self._taken: dict[str, int] = {}

    def unused(self, name: str) -> str:
        """Return ``name``, or with a number behind it if another document goes by it."""
        if name not in self._taken:
            return name
        while (numbered := f"{name} ({self._taken[name]})") in self._taken:
            self._taken[name] += 1
        return numbered

    def take(self, name: str) -> str:
        """Return an unused name, which is taken from now on."""
        unused = self.unused(name)
        self._taken[unused] = 2
        return unused


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
    documents = documents_of(contents, name)
    if len(documents) > 1:
        raise DocumentError(name, f"it holds {len(documents):,} documents; load it with load_paths")
    return documents[0]


def load_paths(
    paths: Iterable[str | Path],
    *,
    allow_addresses: bool = False,
    kept: Mapping[Path, Sequence[Document]] | None = None,
) -> Loaded:
    """Return the documents of files, folders and addresses, each id once, in a stable order.

    With ``allow_addresses`` a path may be an http or https address on the public internet;
    what is behind addresses comes after the files. Files in ``kept`` are not read; they have the
    documents given there.
    """
    given = list(paths)
    known = kept or {}
    loaded = [
        Loaded(tuple(known[path])) if path in known else load_all(path, source)
        for path, source in list_files(given)
    ]
    loaded += [
        load_address(path, allowed=allow_addresses) for path in map(str, given) if is_address(path)
    ]
    names = Names()
    documents = (document for one in loaded for document in one.documents)
    named = tuple(replace(document, id=names.take(document.id)) for document in documents)
    problems = [problem for one in loaded for problem in one.problems]
    return Loaded(named, tuple(problems))


def load_all(path: Path, source: str) -> Loaded:
    """Return the documents of one file or zip archive, and what could not be read of it."""
    with within():
        return _load_all(path, source)


def _load_all(path: Path, source: str) -> Loaded:
    try:
        data = _bytes_of(path, source)
        if path.suffix.lower() != PACKED:
            return _loaded(read_bytes(data, path.suffix, source), source)
        documents: list[Document] = []
        problems: list[DocumentError] = []
        for name, read in unpack(data, source):
            try:
                inside = _loaded(read(), name)
                documents += inside.documents
                problems += inside.problems
            except DocumentError as problem:
                problems.append(problem)
            except MissingExtra as missing:
                problems.append(_problem_of(name, missing))
        return Loaded(tuple(documents), tuple(problems))
    except DocumentError as problem:
        return Loaded((), (problem,))
    except MissingExtra as missing:
        return Loaded((), (_problem_of(source, missing),))


def load_address(address: str, *, allowed: bool) -> Loaded:
    """Return the documents behind an address, or why it was not read."""
    # Its libraries are imported by those who read one.
    from qa.loaders.download import download

    try:
        fetched = download(address, allowed=allowed)
        return _loaded(read_bytes(fetched.data, fetched.kind, address), address)
    except DocumentError as problem:
        return Loaded((), (problem,))
    except MissingExtra as missing:
        return Loaded((), (_problem_of(address, missing),))


def check_there(paths: Iterable[str | Path]) -> None:
    """Raise DocumentError if there is nothing at a path that somebody gave; addresses may be."""
    for given in paths:
        if not is_address(given) and _looked_at(Path(given)) is None:
            raise _absent(given)


def list_files(paths: Iterable[str | Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file once with the name it goes by: its path below the folder given.

    What in a folder cannot be looked at (a link to nothing, a folder that may not be read) is
    among them; hidden files, labelled questions and a saved index are not.
    """
    seen: set[Path] = set()
    folders: dict[Path, Path] = {}
    for given in paths:
        if is_address(given):
            continue
        root = Path(given)
        is_folder = _looked_at(root) == stat.S_IFDIR
        for path in _inside(root) if is_folder else [root]:
            below = path.relative_to(root) if path != root else Path(path.name)
            if path.parent not in folders:
                folders[path.parent] = _resolved(path.parent)
            identity = folders[path.parent] / path.name
            if identity not in seen:
                seen.add(identity)
                yield path, unicodedata.normalize("NFC", below.as_posix())


def _resolved(folder: Path) -> Path:
    """Return a folder without links and steps back, so that it is told from others."""
    try:
        return Path(os.path.realpath(folder))
    except ValueError:
        # It is no path at all.
        return folder


def _inside(root: Path) -> list[Path]:
    """Return what is in a folder and all below it, linked folders too, each folder once."""
    found: list[Path] = []
    seen: set[str] = set()
    waiting = [root]

    def report(error: OSError) -> None:
        found.append(Path(error.filename))

    # What is linked goes by its own place if it has one in here, so that goes first.
    for begin in waiting:
        for name, folders, files in os.walk(begin, onerror=report):
            folder, real = Path(name), os.path.realpath(name)
            index = [one for one in folders if _is_index_data(folder / one)]
            folders[:] = sorted(
                one for one in folders if not one.startswith(".") and one not in index
            )
            if real in seen:
                folders.clear()
                continue
            seen.add(real)
            waiting += [folder / one for one in folders if (folder / one).is_symlink()]
            skipped = {LABELS_NAME, *(_INDEX_MANIFESTS if index else ())}
            shown = (folder / one for one in files if one[0] != "." and one not in skipped)
            found += [one for one in shown if _looked_at(one) in (None, stat.S_IFREG)]
    return sorted(found)


def _is_index_data(folder: Path) -> bool:
    """Tell whether a folder is one of those in which an index keeps its arrays."""
    return _INDEX_DATA.fullmatch(folder.name) is not None and any(folder.glob("*.npy"))


def size_of(path: Path) -> int:
    """Return how many bytes a file has; 0 for what is no file."""
    return path.stat().st_size if _looked_at(path) == stat.S_IFREG else 0


def _looked_at(path: Path) -> int | None:
    """Return the kind of what is at a path, None for nothing.

    What somebody gives as a path may be a text, which no file could be called.
    """
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except (OSError, ValueError):
        return None


def _loaded(contents: Sequence[Content], source: str) -> Loaded:
    """Return the documents of a file, and what is missing of them."""
    documents = documents_of(contents, source)
    missing = (PartlyRead(source, content.problem) for content in contents if content.problem)
    return Loaded(tuple(documents), tuple(missing))


def _problem_of(source: str, missing: MissingExtra) -> DocumentError:
    """Return a missing package as the problem of the file that needs it."""
    problem = DocumentError(source, str(missing))
    problem.__cause__ = missing
    return problem


def _bytes_of(path: Path, source: str) -> bytes:
    """Return the content of a file, unless it is too large or no file."""
    kind = _looked_at(path)
    if kind is None:
        raise _absent(path)
    try:
        if kind == stat.S_IFDIR:
            # One is listed as a file only if it cannot be looked into, which raises.
            os.scandir(path).close()
        if kind != stat.S_IFREG:
            raise DocumentError(source, "it is no file; give a file or a folder")
        check_size(path.stat().st_size, source)
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(source, f"cannot be opened ({error.strerror or error})") from error


def _absent(path: str | Path) -> DocumentError:
    """Return the error of a path where there is nothing."""
    name = str(path)
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return DocumentError(shown, "there is no such file or folder; check the path")


def documents_of(contents: Iterable[Content], source: str) -> list[Document]:
    """Return the documents of a file, those of several with the record's name in their id."""
    given = list(contents)
    found = [content for content in given if content.blocks]
    for content in given:
        # What is missing of one record of several may be another one.
        of_page = content.problem and not content.name
        if of_page and not any(block.kind == "text" for block in content.blocks):
            raise NoArticle(source, content.problem)
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
