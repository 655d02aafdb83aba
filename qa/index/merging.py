"""One segment of several: documents chosen and ordered, nothing split or counted again."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.index.allocation import Allocate
from qa.index.files import let_go
from qa.index.lexical import Postings, token_hash
from qa.index.rows import Rows, copy, inside, joined, runs
from qa.index.segment import Segment, Texts, Whereabouts, bounds
from qa.types import Integers

__all__ = ["merge"]

_POSTINGS_AT_ONCE = 2_000_000


def merge(segments: Sequence[Segment], order: Whereabouts, allocate: Allocate) -> Segment:
    """Return one segment with the documents at ``order``, in that order.

    Nothing is split, counted or embedded again. Memory stays bounded if segments are mapped and
    ``allocate`` makes files: some megabytes, or two million postings, are held at a time, and
    beyond them a few numbers a paragraph and a document.
    """
    segments = segments or [Segment.build([])]
    documents = runs(order)
    paragraphs = inside(documents, [one.paragraph_starts for one in segments])
    windows = inside(paragraphs, [one.window_starts for one in segments])
    window_counts = joined([np.diff(one.window_starts) for one in segments], paragraphs)
    paragraph_counts = joined([np.diff(one.paragraph_starts) for one in segments], documents)
    ids = _merged_texts([one.ids for one in segments], documents, allocate, ("ids", "id_starts"))
    hashes = np.fromiter(map(token_hash, map(ids.text, range(len(order)))), np.uint64, len(order))
    by_hash = np.argsort(hashes, kind="stable")
    dimension = max(one.embeddings.shape[1] for one in segments)
    embeddings = allocate("embeddings", (int(window_counts.sum()), dimension), np.float32)
    copy([one.embeddings for one in segments], windows, embeddings)
    return Segment(
        embeddings,
        _filled(allocate, "window_starts", bounds(window_counts)),
        _filled(allocate, "paragraph_starts", bounds(paragraph_counts)),
        _merged_texts(
            [one.documents for one in segments],
            documents,
            allocate,
            ("documents", "document_starts"),
        ),
        ids,
        _filled(allocate, "digests", joined([one.digests for one in segments], documents)),
        _filled(allocate, "id_hashes", hashes[by_hash]),
        _filled(allocate, "id_places", by_hash.astype(np.int32)),
        _merged_postings([one.postings for one in segments], paragraphs, allocate),
    )


def _filled(allocate: Allocate, name: str, values: NDArray[Any]) -> NDArray[Any]:
    array = allocate(name, values.shape, values.dtype.type)
    array[...] = values
    return array


def _merged_texts(
    texts: Sequence[Texts], documents: Sequence[Rows], allocate: Allocate, names: tuple[str, str]
) -> Texts:
    """Return one text a document; ``names`` are those of the texts and of where they start."""
    starts = bounds(joined([np.diff(one.starts) for one in texts], documents))
    data = allocate(names[0], (int(starts[-1]),), np.uint8)
    copy([one.data for one in texts], inside(documents, [one.starts for one in texts]), data)
    return Texts(data, _filled(allocate, names[1], starts))


def _merged_postings(
    segments: Sequence[Postings], paragraphs: Sequence[Rows], allocate: Allocate
) -> Postings:
    numbers = _new_numbers(segments, paragraphs)
    size = sum(map(_count, segments, numbers))
    places = allocate("posting_paragraphs", (size,), np.int32)
    counts = allocate("posting_counts", (size,), np.uint16)
    hashes: list[NDArray[np.uint64]] = []
    sizes: list[Integers] = []
    used = 0
    for low, high in pairwise(_ranges(sum(len(one.paragraphs) for one in segments))):
        found = _between(segments, numbers, low, high)
        hashes.append(found.hashes)
        sizes.append(found.sizes)
        end = used + len(found.paragraphs)
        places[used:end] = found.paragraphs
        counts[used:end] = found.counts
        used = end
        let_go(places, counts)
        for one in segments:
            let_go(one.hashes, one.starts, one.paragraphs, one.counts)
    lengths = joined([one.lengths for one in segments], paragraphs)
    return Postings(
        _filled(allocate, "token_hashes", np.concatenate(hashes)),
        _filled(allocate, "posting_starts", bounds(np.concatenate(sizes))),
        places,
        counts,
        _filled(allocate, "lengths", lengths),
    )


def _new_numbers(
    segments: Sequence[Postings], paragraphs: Sequence[Rows]
) -> list[NDArray[np.int32]]:
    """Return the new number of each segment's paragraphs; -1 for those that are void."""
    numbers = [np.full(len(one.lengths), -1, np.int32) for one in segments]
    used = 0
    for owner, first, last in paragraphs:
        numbers[owner][first:last] = np.arange(used, used + last - first)
        used += last - first
    return numbers


def _count(segment: Postings, numbers: NDArray[np.int32]) -> int:
    """Return how many postings of a segment are of paragraphs that are not void."""
    if bool(np.all(numbers >= 0)):
        return len(segment.paragraphs)
    count = 0
    for start in range(0, len(segment.paragraphs), _POSTINGS_AT_ONCE):
        new = numbers[segment.paragraphs[start : start + _POSTINGS_AT_ONCE]]
        count += int(np.count_nonzero(new >= 0))
        let_go(segment.paragraphs)
    return count


def _ranges(total: int) -> list[int]:
    """Return bounds of token hashes between which there are few enough of ``total`` postings."""
    parts = total // _POSTINGS_AT_ONCE + 1
    step = (1 << 64) // parts
    return [*(part * step for part in range(parts)), 1 << 64]


class _MergedPostings(NamedTuple):
    """Postings as they are merged: of each token hash so many, one token after another."""

    hashes: NDArray[np.uint64]
    sizes: Integers
    paragraphs: NDArray[np.int32]
    counts: NDArray[np.uint16]


def _between(
    segments: Sequence[Postings], numbers: Sequence[NDArray[np.int32]], low: int, high: int
) -> _MergedPostings:
    """Return the postings of tokens whose hashes are from ``low`` to ``high``, without it."""
    tokens = [slice(_place(one.hashes, low), _place(one.hashes, high)) for one in segments]
    parts = [one.hashes[own] for one, own in zip(segments, tokens, strict=True)]
    hashes = np.unique(np.concatenate(parts))
    keys, counts = [], []
    for one, own, part, renumbered in zip(segments, tokens, parts, numbers, strict=True):
        starts = one.starts[own.start : own.stop + 1]
        held = slice(int(starts[0]), int(starts[-1]))
        new = renumbered[one.paragraphs[held]]
        # Sorts by token and then by paragraph.
        key = np.repeat(np.searchsorted(hashes, part) << 32, np.diff(starts)) | new
        valid = new >= 0
        keys.append(key[valid])
        counts.append(one.counts[held][valid])
    key = np.concatenate(keys)
    # Those of each segment are in order already, if its documents keep their order.
    by_token = np.argsort(key, kind="stable")
    sizes = np.bincount(key >> 32, minlength=len(hashes))
    return _MergedPostings(
        hashes[sizes > 0],
        sizes[sizes > 0],
        (key[by_token] & 0xFFFFFFFF).astype(np.int32),
        np.concatenate(counts)[by_token],
    )


def _place(hashes: NDArray[np.uint64], bound: int) -> int:
    """Return how many of the ascending ``hashes`` are below ``bound``, of 0 to 2 ** 64."""
    return len(hashes) if bound == 1 << 64 else int(np.searchsorted(hashes, np.uint64(bound)))
