"""Many articles into an index, in steps: bounded memory, and what is done stays done."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.embedding import Embedder
from qa.errors import DocumentError, EmptyCorpus
from qa.index import Named, Store
from qa.index.content import content_hash, prepare
from qa.loaders import check_there
from qa.loaders.addresses import is_address
from qa.loaders.stream import Arrival, Shard, read, total_bytes
from qa.types import Document

__all__ = ["Ingested", "Pace", "ingest"]

CHARACTERS_A_STEP = 500_000
"""Characters of new articles that are embedded and stored together: about a minute's work."""
_LOOKED_UP_TOGETHER = 500

OnPace = Callable[["Pace"], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How far it is: the share of the sources that is done, in [0, 1], and how long it took.

    ``seconds`` counts from the first paragraph embedded; what an earlier run had done already
    is in ``share`` but says nothing about ``seconds_left``, which is None until it is known.
    """

    share: float
    paragraphs: int
    seconds: float
    seconds_left: float | None

    @property
    def rate(self) -> float:
        """Paragraphs embedded a second."""
        return self.paragraphs / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was done to an index, and what could not be read.

    ``added`` and ``changed`` were embedded: the store had nothing under their ids, or something
    else. ``dropped`` are those that the index had before and has no more. ``unchanged`` were in
    the store, be it because a run that was killed had put them there.
    """

    added: Named
    changed: Named
    dropped: Named
    unchanged: int
    problems: tuple[DocumentError, ...]

    @property
    def documents(self) -> int:
        """Number of documents that were read."""
        return self.embedded + self.unchanged

    @property
    def embedded(self) -> int:
        """Number of documents that were embedded now."""
        return self.added.count + self.changed.count


def ingest(
    paths: Sequence[str | Path],
    store: Store,
    embedder: Embedder,
    *,
    shard: Shard | None = None,
    allow_addresses: bool = False,
    on_pace: OnPace | None = None,
) -> Ingested:
    """Make a store hold the articles of files and folders (of one shard of them), and no others.

    What it holds unchanged is not embedded again. Killed at any moment, the same call goes on
    with what was not stored yet.

    Raises:
        DocumentError: if there is nothing at one of the paths, before anything else is done.
        EmptyCorpus: if there is not one article; the store is left as it was.

    """
    # What is not there for a moment must not be taken for deleted.
    check_there(paths)
    own = shard or Shard()
    names: list[str] = []
    problems: list[DocumentError] = []
    meter = _Meter(total_bytes(paths), own.count, on_pace)
    added = changed = Named()
    step: list[Document] = []
    for group in _groups(read(paths, own, allow_addresses=allow_addresses)):
        problems += [one.problem for one in group if one.problem is not None]
        documents = [one.document for one in group if one.document is not None]
        names += [document.id for document in documents]
        stored = store.digests([document.id for document in documents])
        fresh = [one for one in documents if stored.get(one.id) != content_hash(one)]
        added = added.and_more(one.id for one in fresh if one.id not in stored)
        changed = changed.and_more(one.id for one in fresh if one.id in stored)
        step += fresh
        if _characters(step) >= CHARACTERS_A_STEP:
            _put(step, store, embedder, meter, group[-1].bytes_read)
            step = []
    if step:
        _put(step, store, embedder, meter, meter.bytes_total)
    nothing_there = not meter.bytes_total and not any(map(is_address, paths))
    if not names and (own.count == 1 or nothing_there):
        listed = "; ".join(map(str, problems)) or "no file in " + ", ".join(map(str, paths))
        raise EmptyCorpus(f"there is nothing to answer from: {listed}")
    dropped = store.finish(names, own.holds)
    unchanged = len(names) - added.count - changed.count
    return Ingested(added, changed, dropped, unchanged, tuple(problems))


def _groups(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Yield what arrives in groups that are looked up in the store together."""
    group: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        group.append(arrival)
        size += len(arrival.document.text) if arrival.document is not None else 0
        if len(group) == _LOOKED_UP_TOGETHER or size >= CHARACTERS_A_STEP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _put(
    documents: Sequence[Document],
    store: Store,
    embedder: Embedder,
    meter: "_Meter",
    bytes_read: int,
) -> None:
    meter.begin()
    prepared = prepare(documents, embedder, meter.embedding)
    store.put(prepared)
    n_bytes = sum(len(one.text.encode("utf-8", "surrogatepass")) for one in documents)
    meter.done(bytes_read, n_bytes, sum(len(one.paragraphs) for one in prepared))


class _Meter:
    """Measures the pace of one run and reports it."""

    def __init__(self, bytes_total: int, shards: int, on_pace: OnPace | None) -> None:
        self.bytes_total = bytes_total
        self._shards = shards
        self._on_pace = on_pace
        self._begun: float | None = None
        self._bytes_read = 0
        self._bytes_embedded = 0
        self._paragraphs = 0

    def begin(self) -> None:
        """Start the clock, the first time."""
        if self._begun is None:
            self._begun = time.monotonic()

    def embedding(self, done: int, total: int) -> None:
        """Report that ``done`` of the ``total`` windows of this step are embedded."""
        del total
        self._report(self._paragraphs + done)

    def done(self, bytes_read: int, bytes_embedded: int, paragraphs: int) -> None:
        """Note that a step is stored."""
        self._bytes_read = bytes_read
        self._bytes_embedded += bytes_embedded
        self._paragraphs += paragraphs
        self._report(self._paragraphs)

    def _report(self, paragraphs: int) -> None:
        if self._on_pace is None or self._begun is None:
            return
        seconds = time.monotonic() - self._begun
        share = self._bytes_read / self.bytes_total if self.bytes_total else 1.0
        left = None
        if self._bytes_embedded:
            # A shard reads past what belongs to the others without a delay.
            bytes_left = (self.bytes_total - self._bytes_read) / self._shards
            left = seconds * bytes_left / self._bytes_embedded
        self._on_pace(Pace(share, paragraphs, seconds, left))


def _characters(documents: Sequence[Document]) -> int:
    return sum(len(document.text) for document in documents)
