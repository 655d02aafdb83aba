"""One segment of several: documents chosen and ordered, nothing split or counted again."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.index.lexical import Postings, token_hash
from qa.index.segment import Segment, Texts, Whereabouts, bounds
from qa.types import Floats, Integers

__all__ = ["Allocate", "in_memory", "merge", "per_document"]

_POSTINGS_AT_ONCE = 8_000_000

Allocate = Callable[[str, tuple[int, ...], type[np.generic]], NDArray[Any]]
"""Makes an array to be filled, by name, shape and kind: in memory, or as a file."""


def in_memory(name: str, shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    """Return an array in memory: an :data:`Allocate` that makes no file."""
    del name
    return np.empty(shape, kind)


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
