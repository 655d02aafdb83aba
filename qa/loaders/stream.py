"""Articles from files, folders and JSON lines, one after another, in bounded memory."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa import loaders
from qa.errors import DocumentError, PartlyRead, QAError
from qa.loaders import Loaded, Names
from qa.loaders.addresses import is_address
from qa.loaders.records import read_json_line
from qa.types import Document

__all__ = ["Arrival", "Shard", "read", "total_bytes"]

_JSON_LINES = (".jsonl", ".ndjson")
_SEVERAL = (*_JSON_LINES, ".json", ".csv", ".tsv", ".xlsx", ".zip")
"""Kinds of files that hold several articles, of any shard."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The part ``number``, from 1, of ``count`` parts of all documents, told by their ids."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard written as ``3/16``.

        Raises:
            QAError: if it is not of that form.

        """
        number, _, count = text.partition("/")
        if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
            return cls(int(number), int(count))
        raise QAError(f"{text!r} is no shard; expected for example 3/16, the third of 16 parts")

    def holds(self, document_id: str) -> bool:
        """Tell whether a document belongs to this part."""
        raw = hashlib.blake2b(document_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(raw, "big") % self.count == self.number - 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that was read, or why there is none, and the bytes read up to it."""

    bytes_read: int
    document: Document | None = None
    problem: DocumentError | None = None


def total_bytes(paths: Sequence[str | Path]) -> int:
    """Return the bytes of all files below ``paths``."""
    return sum(loaders.size_of(path) for path, _ in loaders.list_files(paths))


def read(
    paths: Sequence[str | Path], shard: Shard, *, allow_addresses: bool = False
) -> Iterator[Arrival]:
    """Yield the documents of a shard, in a stable order, each id once.

    They are those of :func:`qa.loaders.load_paths`, but JSON lines in UTF-8 are read line by
    line, however large the file is, and a line without an article is a problem of its own. A
    file of another shard that holds one article is not even opened.
    """
    names = Names()
    before = 0
    for path, source in loaders.list_files(paths):
        size = loaders.size_of(path)
        lines = path.suffix.lower() in _JSON_LINES and size and _is_utf8(path)
        found = _lines(path, source) if lines else _file(path, source, names, shard)
        yield from _named(found, names, shard, before)
        before += size
    for address in filter(is_address, map(str, paths)):
        loaded = loaders.load_address(address, allowed=allow_addresses)
        yield from _named(_arrivals(loaded, 0), names, shard, before)


def _named(found: Iterator[Arrival], names: Names, shard: Shard, before: int) -> Iterator[Arrival]:
    """Yield what belongs to the shard, each document under an id of its own."""
    for arrival in found:
        document = arrival.document
        if document is not None:
            document = replace(document, id=names.take(document.id))
        name = document.id if document is not None else str(arrival.problem)
        if shard.holds(name):
            yield Arrival(before + arrival.bytes_read, document, arrival.problem)


def _file(path: Path, source: str, names: Names, shard: Shard) -> Iterator[Arrival]:
    holds_one = path.suffix.lower() not in _SEVERAL
    if holds_one and not shard.holds(names.unused(source)):
        names.take(source)
        return iter(())
    loaded = loaders.load_all(path, source)
    if holds_one and not loaded.documents:
        # The shards that do not open it cannot know that it is none.
        names.take(source)
    return _arrivals(loaded, loaders.size_of(path))


def _arrivals(loaded: Loaded, size: int) -> Iterator[Arrival]:
    for problem in loaded.problems:
        yield Arrival(0, problem=problem)
    for document in loaded.documents:
        yield Arrival(size, document)


def _lines(path: Path, source: str) -> Iterator[Arrival]:
    done = number = 0
    try:
        with path.open("rb") as file:
            for line in file:
                done += len(line)
                if line.strip():
                    number += 1
                    yield _line(line, number, source, done)
    except OSError as error:
        problem = DocumentError(source, f"cannot be read ({error.strerror or error})")
        yield Arrival(done, problem=problem)


def _line(line: bytes, number: int, source: str, done: int) -> Arrival:
    """Return the document on a line, or as a problem of the file why there is none."""
    try:
        content = read_json_line(line.decode("utf-8-sig").rstrip("\n"), number, source)
        if content is not None:
            (document,) = loaders.documents_of([content], source)
            return Arrival(done, document)
        reason = f"line {number}: it has no text; expected a field such as text, content or 正文"
    except UnicodeDecodeError:
        reason = f"line {number}: it is not UTF-8"
    except DocumentError as problem:
        reason = problem.problem
    return Arrival(done, problem=PartlyRead(source, reason))


def _is_utf8(path: Path) -> bool:
    """Tell whether the first line that could be of another encoding is UTF-8.

    Other encodings are found by reading all of a file, which tells what cannot be opened, too.
    """
    try:
        with path.open("rb") as file:
            telling = next((line for line in file if not line.isascii()), b"")
        telling.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return False
    return True
