"""Articles from files, folders and JSON lines, one after another, in bounded memory."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa import loaders
from qa.errors import DocumentError, QAError
from qa.types import Document

__all__ = ["Arrival", "Shard", "read", "total_bytes"]

_JSON_LINES = (".jsonl", ".ndjson")
_TEXT_FIELDS = ("text", "content")


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
    return sum(path.stat().st_size for path, _ in loaders.list_files(paths) if path.is_file())


def read(paths: Sequence[str | Path], shard: Shard) -> Iterator[Arrival]:
    """Yield the documents of a shard, in a stable order, each id once.

    A file ``.jsonl`` has an article a line: ``{"text": …}`` with ``id``, ``title`` and
    ``source`` if they are known; every other file is an article. Files of other shards are
    not even opened.
    """
    taken: set[str] = set()
    before = 0
    for path, source in loaders.list_files(paths):
        size = path.stat().st_size if path.is_file() else 0
        if size and path.suffix.lower() in _JSON_LINES:
            found = _lines(path, source, taken, shard)
        else:
            found = _file(path, source, taken, shard)
        for arrival in found:
            yield replace(arrival, bytes_read=before + arrival.bytes_read)
        before += size


def _file(path: Path, source: str, taken: set[str], shard: Shard) -> Iterator[Arrival]:
    name = _taking(source, taken)
    if not shard.holds(name):
        return
    try:
        document = loaders.load_file(path, source)
    except DocumentError as problem:
        yield Arrival(0, problem=problem)
    else:
        yield Arrival(path.stat().st_size, replace(document, id=name))


def _lines(path: Path, source: str, taken: set[str], shard: Shard) -> Iterator[Arrival]:
    done = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            done += len(line)
            if not line.strip():
                continue
            place = f"{source}:{number}"
            try:
                document = _article(place, source, line)
            except DocumentError as problem:
                if shard.holds(place):
                    yield Arrival(done, problem=problem)
                continue
            name = _taking(document.id, taken)
            if shard.holds(name):
                yield Arrival(done, replace(document, id=name))


def _article(name: str, source: str, line: bytes) -> Document:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise DocumentError(name, f"the line is no JSON ({error})") from error
    fields = raw if isinstance(raw, dict) else {}
    text = next((fields[field] for field in _TEXT_FIELDS if field in fields), None)
    if not isinstance(text, str):
        raise DocumentError(name, 'there is no article; expected {"text": "…"} on the line')
    document = loaders.from_text(str(fields.get("id") or name), text)
    title = fields.get("title")
    titled = replace(document, title=str(title)) if title else document
    return replace(titled, source=str(fields.get("source") or source))


def _taking(name: str, taken: set[str]) -> str:
    """Return ``name``, or with a number behind it if another document goes by it; it is taken."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    taken.add(candidate)
    return candidate
