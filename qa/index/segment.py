"""A part of an index that never changes: what was indexed together, or merged.

An index is one segment or several; a document indexed again makes its older place void.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.index.content import Prepared, to_json
from qa.index.lexical import Postings, token_hash
from qa.split import search_context
from qa.text import tokens
from qa.types import Floats, Integers

__all__ = [
    "Allocate",
    "Segment",
    "Texts",
    "Whereabouts",
    "from_arrays",
    "in_memory",
    "locate",
    "merge",
    "per_document",
    "to_arrays",
]

_POSTINGS_AT_ONCE = 8_000_000

Allocate = Callable[[str, tuple[int, ...], type[np.generic]], NDArray[Any]]
"""Makes an array to be filled, by name, shape and kind: in memory, or as a file."""


def in_memory(name: str, shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    """Return an array in memory: an :data:`Allocate` that makes no file."""
    del name
    return np.empty(shape, kind)


Whereabouts = NDArray[np.int32]
"""``(n_documents, 2)``: the segment of each document and its place in it."""


class Texts(NamedTuple):
    """Texts behind each other in one array of bytes.

    ``data`` is ``(n_bytes,)`` uint8; text ``i`` is from ``starts[i]`` to ``starts[i + 1]``.
    """

    data: NDArray[np.uint8]
    starts: Integers

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Return the texts in UTF-8, each on a line."""
        lines = [text.encode("utf-8", "surrogatepass") + b"\n" for text in texts]
        return cls(np.frombuffer(b"".join(lines), np.uint8), bounds(list(map(len, lines))))

    def text(self, place: int) -> str:
        """Return one text."""
        first, last = self.starts[place : place + 2]
        return bytes(self.data[first:last]).decode("utf-8", "surrogatepass")[:-1]


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents with their paragraphs, embeddings and postings.

    ``embeddings`` is ``(n_windows, dimension)`` float32, unit rows; paragraph ``i`` has the
    rows from ``window_starts[i]`` to ``window_starts[i + 1]``, document ``d`` the paragraphs
    from ``paragraph_starts[d]`` to ``paragraph_starts[d + 1]``. ``digests`` is
    ``(n_documents, 16)`` uint8, the content hashes. ``id_hashes`` is ``(n_documents,)`` uint64
    ascending, ``id_places`` int32 the document of each.
    """

    embeddings: Floats
    window_starts: Integers
    paragraph_starts: Integers
    documents: Texts
    ids: Texts
    digests: NDArray[np.uint8]
    id_hashes: NDArray[np.uint64]
    id_places: NDArray[np.int32]
    postings: Postings

    @classmethod
    def build(cls, batch: Sequence[Prepared]) -> "Segment":
        """Return the segment of prepared documents, in memory."""
        paragraphs = [paragraph for one in batch for paragraph in one.paragraphs]
        windows = [len(texts) for one in batch for texts in one.windows]
        vectors = [one.vectors for one in batch if len(one.vectors)]
        names = [one.document.id for one in batch]
        hashes = np.fromiter(map(token_hash, names), np.uint64, len(names))
        order = np.argsort(hashes, kind="stable")
        digests = b"".join(bytes.fromhex(one.digest) for one in batch)
        return cls(
            np.concatenate(vectors) if vectors else np.empty((0, 0), np.float32),
            bounds(windows),
            bounds([len(one.paragraphs) for one in batch]),
            Texts.of([to_json(one.document) for one in batch]),
            Texts.of(names),
            np.frombuffer(digests, np.uint8).reshape(len(batch), 16),
            hashes[order],
            order.astype(np.int32),
            Postings.build(tokens(f"{search_context(one)}\n{one.text}") for one in paragraphs),
        )

    @property
    def n_documents(self) -> int:
        """The number of documents, void ones included."""
        return len(self.digests)

    @property
    def n_paragraphs(self) -> int:
        """The number of paragraphs, those of void documents included."""
        return len(self.window_starts) - 1

    def places(self, names: Sequence[str]) -> NDArray[np.int32]:
        """Return ``(n_names,)``: the place of each document id; -1 if it is not here."""
        wanted = np.fromiter(map(token_hash, names), np.uint64, len(names))
        found = np.full(len(names), -1, np.int32)
        if not len(self.id_hashes):
            return found
        nearest = np.minimum(np.searchsorted(self.id_hashes, wanted), len(self.id_hashes) - 1)
        for number in np.flatnonzero(self.id_hashes[nearest] == wanted).tolist():
            place = int(self.id_places[nearest[number]])
            if self.ids.text(place) == names[number]:
                found[number] = place
        return found

    def digest(self, place: int) -> str:
        """Return the content hash of a document as 32 hexadecimal digits."""
        return bytes(self.digests[place]).hex()


def locate(segments: Sequence[Segment], names: Sequence[str]) -> Whereabouts:
    """Return where each document id is, the newest segment first; (-1, -1) if nowhere."""
    found = np.full((len(names), 2), -1, np.int32)
    for owner in reversed(range(len(segments))):
        missing = np.flatnonzero(found[:, 0] < 0)
        places = segments[owner].places([names[number] for number in missing.tolist()])
        here = missing[places >= 0]
        found[here, 0] = owner
        found[here, 1] = places[places >= 0]
    return found


def to_arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the arrays of a segment by the names that they are saved under."""
    return {
        "embeddings": segment.embeddings,
        "window_starts": segment.window_starts,
        "paragraph_starts": segment.paragraph_starts,
        "documents": segment.documents.data,
        "document_starts": segment.documents.starts,
        "ids": segment.ids.data,
        "id_starts": segment.ids.starts,
        "digests": segment.digests,
        "id_hashes": segment.id_hashes,
        "id_places": segment.id_places,
        "token_hashes": segment.postings.hashes,
        "posting_starts": segment.postings.starts,
        "posting_paragraphs": segment.postings.paragraphs,
        "posting_counts": segment.postings.counts,
        "lengths": segment.postings.lengths,
    }


def from_arrays(named: Callable[[str], NDArray[Any]]) -> Segment:
    """Return the segment whose arrays ``named`` returns."""
    return Segment(
        named("embeddings"),
        named("window_starts"),
        named("paragraph_starts"),
        Texts(named("documents"), named("document_starts")),
        Texts(named("ids"), named("id_starts")),
        named("digests"),
        named("id_hashes"),
        named("id_places"),
        Postings(
            named("token_hashes"),
            named("posting_starts"),
            named("posting_paragraphs"),
            named("posting_counts"),
            named("lengths"),
        ),
    )


def merge(segments: Sequence[Segment], order: Whereabouts, allocate: Allocate) -> Segment:
    """Return one segment with the documents at ``order``, in that order.

    Nothing is split, counted or embedded again. Memory stays bounded if ``allocate`` makes
    files: arrays are filled a document, or eight million postings, at a time.
    """
    segments = segments or [Segment.build([])]
    window_counts = _gathered([np.diff(one.window_starts) for one in segments], segments, order)
    paragraph_counts = per_document([np.diff(one.paragraph_starts) for one in segments], order)
    documents = _merged_texts([one.documents for one in segments], order, allocate, "documents")
    ids = _merged_texts([one.ids for one in segments], order, allocate, "ids")
    hashes = np.fromiter(map(token_hash, map(ids.text, range(len(order)))), np.uint64, len(order))
    by_hash = np.argsort(hashes, kind="stable")
    digests = allocate("digests", (len(order), 16), np.uint8)
    for owner, own in enumerate(segments):
        mask = order[:, 0] == owner
        digests[mask] = own.digests[order[mask, 1]]
    return Segment(
        _merged_embeddings(segments, order, int(window_counts.sum()), allocate),
        _filled(allocate, "window_starts", bounds(window_counts)),
        _filled(allocate, "paragraph_starts", bounds(paragraph_counts)),
        documents,
        ids,
        digests,
        _filled(allocate, "id_hashes", hashes[by_hash]),
        _filled(allocate, "id_places", by_hash.astype(np.int32)),
        _merged_postings(segments, order, allocate),
    )


def bounds(counts: "Sequence[int] | NDArray[Any]") -> Integers:
    """Return ``(n + 1,)``: where each of ``n`` parts of these sizes starts, and the end."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


def _filled(allocate: Allocate, name: str, values: NDArray[Any]) -> NDArray[Any]:
    array = allocate(name, values.shape, values.dtype.type)
    array[...] = values
    return array


def per_document(values: Sequence[NDArray[Any]], order: Whereabouts) -> NDArray[Any]:
    """Return the value of each document at ``order``."""
    found = np.zeros(len(order), np.int64)
    for owner, own in enumerate(values):
        mask = order[:, 0] == owner
        found[mask] = own[order[mask, 1]]
    return found


def _gathered(
    values: Sequence[NDArray[Any]], segments: Sequence[Segment], order: Whereabouts
) -> NDArray[Any]:
    """Return the values of the paragraphs of the documents at ``order``."""
    parts = []
    for owner, place in order.tolist():
        first, last = segments[owner].paragraph_starts[place : place + 2]
        parts.append(values[owner][first:last])
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _merged_texts(
    texts: Sequence[Texts], order: Whereabouts, allocate: Allocate, name: str
) -> Texts:
    starts = bounds(per_document([np.diff(one.starts) for one in texts], order))
    data = allocate(name, (int(starts[-1]),), np.uint8)
    for (owner, place), (start, end) in zip(order.tolist(), pairwise(starts.tolist()), strict=True):
        first, last = texts[owner].starts[place : place + 2]
        data[start:end] = texts[owner].data[first:last]
    singular = {"documents": "document_starts", "ids": "id_starts"}[name]
    return Texts(data, _filled(allocate, singular, starts))


def _merged_embeddings(
    segments: Sequence[Segment], order: Whereabouts, n_windows: int, allocate: Allocate
) -> Floats:
    dimension = max((one.embeddings.shape[1] for one in segments), default=0)
    merged: Floats = allocate("embeddings", (n_windows, dimension), np.float32)
    used = 0
    for owner, place in order.tolist():
        own = segments[owner]
        first, last = own.window_starts[own.paragraph_starts[place : place + 2]]
        merged[used : used + last - first] = own.embeddings[first:last]
        used += last - first
    return merged


def _merged_postings(
    segments: Sequence[Segment], order: Whereabouts, allocate: Allocate
) -> Postings:
    numbers = _new_numbers(segments, order)
    lengths = _gathered([one.postings.lengths for one in segments], segments, order)
    total = sum(len(one.postings.paragraphs) for one in segments)
    void = sum(
        int(np.count_nonzero(own[one.postings.paragraphs] < 0))
        for one, own in zip(segments, numbers, strict=True)
    )
    paragraphs = allocate("posting_paragraphs", (total - void,), np.int32)
    counts = allocate("posting_counts", (total - void,), np.uint16)
    hashes: list[NDArray[np.uint64]] = []
    sizes: list[Integers] = []
    used = 0
    for low, high in pairwise(_ranges(segments, total)):
        found = _postings_between(segments, numbers, low, high)
        owners, starts = np.unique(found[0], return_index=True)
        hashes.append(owners)
        sizes.append(np.diff([*starts, len(found[0])]).astype(np.int64))
        end = used + len(found[0])
        paragraphs[used:end] = found[1]
        counts[used:end] = found[2]
        used = end
    return Postings(
        _filled(allocate, "token_hashes", np.concatenate(hashes)),
        _filled(allocate, "posting_starts", bounds(np.concatenate(sizes))),
        paragraphs,
        counts,
        _filled(allocate, "lengths", lengths.astype(np.int32)),
    )


def _new_numbers(segments: Sequence[Segment], order: Whereabouts) -> list[NDArray[np.int32]]:
    """Return the new number of each segment's paragraphs; -1 for those that are void."""
    numbers = [np.full(one.n_paragraphs, -1, np.int32) for one in segments]
    used = 0
    for owner, place in order.tolist():
        first, last = segments[owner].paragraph_starts[place : place + 2]
        numbers[owner][first:last] = np.arange(used, used + last - first)
        used += int(last - first)
    return numbers


def _ranges(segments: Sequence[Segment], total: int) -> list[int]:
    """Return bounds of token hashes between which there are few enough postings."""
    parts = total // _POSTINGS_AT_ONCE + 1
    step = (1 << 64) // parts
    return [*(part * step for part in range(parts)), 1 << 64]


def _postings_between(
    segments: Sequence[Segment], numbers: Sequence[NDArray[np.int32]], low: int, high: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint16]]:
    """Return token hash, new paragraph number and count of the postings, sorted."""
    hashes, paragraphs, counts = [], [], []
    for own, renumbered in zip((one.postings for one in segments), numbers, strict=True):
        first = int(np.searchsorted(own.hashes, np.uint64(low)))
        last = (
            len(own.hashes)
            if high == 1 << 64
            else int(np.searchsorted(own.hashes, np.uint64(high)))
        )
        part = slice(int(own.starts[first]), int(own.starts[last]))
        new = renumbered[own.paragraphs[part]]
        valid = new >= 0
        repeated = np.repeat(own.hashes[first:last], np.diff(own.starts[first : last + 1]))
        hashes.append(repeated[valid])
        paragraphs.append(new[valid])
        counts.append(own.counts[part][valid])
    tokens_found, found = np.concatenate(hashes), np.concatenate(paragraphs)
    order = np.lexsort((found, tokens_found))
    return tokens_found[order], found[order], np.concatenate(counts)[order]
