"""The embedded index: exact dense search in numpy, BM25, a memory-mapped folder."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.config import FLOAT32, INT8
from qa.embedding import Embedder, Progress
from qa.errors import IndexDamaged
from qa.index import Candidates
from qa.index.allocation import in_memory
from qa.index.check import check_blocks
from qa.index.codes import Codes
from qa.index.content import Prepared, content_hash, from_json, prepare
from qa.index.dense import best, check_dimension
from qa.index.files import expect_scattered_reads
from qa.index.folder import write_whole
from qa.index.lexical import Lexical
from qa.index.merging import merge
from qa.index.nearest import Dense
from qa.index.opened import Unchecked, open_folder
from qa.index.segment import Segment, Whereabouts, check_format, locate, vector_format
from qa.loaders.split import split
from qa.types import Document, Floats, Integers, Paragraph

__all__ = ["LocalIndex"]

_CACHED_DOCUMENTS = 64
_SCORES_AT_ONCE = 16_000_000
_MOST_QUESTIONS_AT_ONCE = 64


class LocalIndex:
    """An index in this process's memory or mapped from a folder; use ``build`` or ``open``.

    ``order`` tells where the documents are in the segments, in their order. Paragraphs are
    numbered through all segments, those of void documents included.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        order: Whereabouts,
        model: Embedder,
        unchecked: Unchecked | None = None,
    ) -> None:
        self.is_fixed = True
        self.segments = tuple(segments)
        self.vectors = vector_format(segments)
        self.fingerprint = model.fingerprint
        self._order = order
        self._model = model
        self._unchecked = unchecked or Unchecked()
        self._bounds = np.cumsum([0, *(one.n_paragraphs for one in segments)]).tolist()
        self._alive = _alive(segments, order)
        self._length = (
            self._bounds[-1] if self._alive is None else int(np.count_nonzero(self._alive))
        )
        self._dense = Dense(self.segments, self._alive)
        self._lexical = Lexical([one.postings for one in segments], self._alive)
        # Of the segments, not of this index: what refers to itself is freed late, and an index
        # may hold much.
        self._cached = lru_cache(maxsize=_CACHED_DOCUMENTS)(partial(_read, self.segments))

    @classmethod
    def build(
        cls,
        documents: Sequence[Document],
        embedder: Embedder,
        *,
        previous: "LocalIndex | None" = None,
        progress: Progress | None = None,
        vectors: str = FLOAT32,
    ) -> "LocalIndex":
        """Return the index of ``documents``; what ``previous`` holds unchanged is taken over.

        Raises:
            QAError: if there is no such format for ``vectors``.
            IndexDamaged: if ``previous`` is not whole.

        """
        check_format(vectors)
        names = [document.id for document in documents]
        before: Sequence[Segment] = ()
        kept: dict[str, str] = {}
        if previous is not None and previous.fingerprint == embedder.fingerprint:
            previous.check()
            before, kept = previous.segments, previous.digests(names)
        fresh = [one for one in documents if kept.get(one.id) != content_hash(one)]
        new = Segment.build(prepare(fresh, embedder, progress))
        if len(fresh) == len(documents):
            return cls([_kept_as(vectors, new)], locate([new], names), embedder)
        segments = [*before, new]
        merged = merge(segments, locate(segments, names), in_memory)
        return cls([_kept_as(vectors, merged)], locate([merged], names), embedder)

    @classmethod
    def of(
        cls, prepared: Sequence[Prepared], names: Sequence[str], embedder: Embedder, vectors: str
    ) -> "LocalIndex":
        """Return the index of documents that are embedded already, in the order of their ids."""
        segment = _kept_as(vectors, Segment.build(prepared))
        return cls([segment], locate([segment], names), embedder)

    def with_those_of(self, other: "LocalIndex") -> "LocalIndex":
        """Return an index of the documents of both, none of which has the same id in the other.

        Nothing is embedded or copied.
        """
        self.check()
        other.check()
        segments = [*self.segments, *other.segments]
        names = [*self.document_ids(), *other.document_ids()]
        return LocalIndex(segments, locate(segments, names), self._model)

    def rebuilt(
        self,
        documents: Sequence[Document],
        embedder: Embedder,
        vectors: str | None = None,
        progress: Progress | None = None,
    ) -> "LocalIndex":
        """Return an index of just these documents, itself if it is that already."""
        wanted = vectors or self.vectors
        same = wanted == self.vectors and self.fingerprint == embedder.fingerprint
        if same and self.content_hashes() == [content_hash(one) for one in documents]:
            return self
        return LocalIndex.build(
            documents, embedder, previous=self, progress=progress, vectors=wanted
        )

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "LocalIndex":
        """Return a saved index, its arrays memory-mapped.

        Of an index of up to 256 MB every byte is checked at once, of a larger one with the first
        question (:meth:`check`), and each document when it is read.

        Raises:
            IndexDamaged: if it is not whole.
            IndexMismatch: if another model or format version made it.

        """
        opened = open_folder(folder, embedder)
        for segment in opened.segments:
            if segment.codes is not None:
                expect_scattered_reads(segment.embeddings)
        return cls(opened.segments, opened.order, embedder, opened.unchecked)

    def check(self) -> None:
        """Read what of an opened index is not checked yet: once, a second for about 700 MB.

        Raises:
            IndexDamaged: if a file is not as it was written; names it.

        """
        self._unchecked.check()

    def begin_check(self) -> None:
        """Begin to check in a thread of its own, while models are loaded, say."""
        self._unchecked.begin()

    def save(self, folder: Path) -> None:
        """Write the index aside and put it in place of what ``folder`` holds.

        Raises:
            IndexDamaged: if it was opened and is not whole.

        """
        self.check()
        write_whole(folder, self.segments, self._order, self._model, self.vectors)

    def __len__(self) -> int:
        return self._length

    def candidates(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[Candidates]:
        """Return the best ``limit`` paragraphs of each search for each question, merged.

        Raises:
            IndexDamaged: if a file of it is not as it was written.
            IndexMismatch: if the vectors have another dimension than those of the index.

        """
        self.check()
        check_dimension(vectors, max(one.embeddings.shape[1] for one in self.segments))
        together = _SCORES_AT_ONCE // max(self._bounds[-1], 1)
        together = min(max(together, 1), _MOST_QUESTIONS_AT_ONCE)
        found: list[Candidates] = []
        for start in range(0, len(queries), together):
            part = slice(start, start + together)
            scan = self._dense.scan(vectors[part])
            found.extend(
                self._candidates(vector, dense, float(error), self._lexical.search(query), limit)
                for vector, dense, error, query in zip(
                    vectors[part], scan.cosines, scan.errors, queries[part], strict=True
                )
            )
        return found

    def document_frequencies(self, tokens: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: in how many paragraphs each token occurs."""
        self.check()
        return self._lexical.document_frequencies(tokens)

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number from :meth:`candidates`."""
        owner = bisect_right(self._bounds, number) - 1
        starts = self.segments[owner].paragraph_starts
        own = number - self._bounds[owner]
        place = int(np.searchsorted(starts, own, side="right")) - 1
        _, paragraphs = self._cached(owner, place)
        found: Paragraph = paragraphs[own - int(starts[place])]
        return found

    def document_ids(self, limit: int | None = None) -> list[str]:
        """Return the ids of the first ``limit`` documents, or of all, in order."""
        places = self._order[:limit].tolist()
        return [self.segments[owner].ids.text(place) for owner, place in places]

    def document_count(self) -> int:
        """Return the number of documents."""
        return len(self._order)

    def document(self, document_id: str) -> Document:
        """Return a document; raises KeyError if there is none of that id."""
        owner, place = locate(self.segments, [document_id])[0].tolist()
        if owner < 0 or not self._holds(owner, place):
            # By wrong hashes one that is there is not found.
            self.check()
            raise KeyError(document_id)
        return self._cached(owner, place)[0]

    def content_hashes(self) -> list[str]:
        """Return the content hash of every document, in order."""
        return [self.segments[owner].digest(place) for owner, place in self._order.tolist()]

    def digests(self, names: Sequence[str]) -> dict[str, str]:
        """Return the content hash of each of these documents that is in the index."""
        places = locate(self.segments, names).tolist()
        return {
            name: self.segments[owner].digest(place)
            for name, (owner, place) in zip(names, places, strict=True)
            if owner >= 0 and self._holds(owner, place)
        }

    def _candidates(
        self, vector: Floats, dense: Floats, error: float, lexical: Floats, limit: int
    ) -> Candidates:
        with_words = np.flatnonzero(lexical)
        worded = with_words[best(lexical[with_words], limit)]
        near = self._dense.nearest(vector, dense, error, worded, limit)
        numbers = np.union1d(near, worded).astype(np.int64)
        counted = dense
        if self._alive is not None:
            counted = dense[self._alive]
            numbers = numbers[self._alive[numbers]]
        return Candidates(
            numbers,
            dense[numbers],
            lexical[numbers],
            float(counted.mean()) if len(counted) else 0.0,
            float(counted.std()) if len(counted) else 0.0,
        )

    def _holds(self, owner: int, place: int) -> bool:
        """Tell whether a document of a segment is one of the index and not void."""
        if self._alive is None:
            return True
        first, last = self.segments[owner].paragraph_starts[place : place + 2]
        return first == last or bool(self._alive[self._bounds[owner] + first])


def _read(
    segments: Sequence[Segment], owner: int, place: int
) -> tuple[Document, tuple[Paragraph, ...]]:
    segment = segments[owner]
    try:
        document = from_json(segment.documents.text(place))
        first, last = segment.paragraph_starts[place : place + 2]
        check_blocks(document, int(last - first))
        if document.id != segment.ids.text(place):
            raise ValueError("it goes by another id")
        if content_hash(document) != segment.digest(place):
            raise ValueError("it is not as it was written")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(
            f"document {place} of the index cannot be read ({error}); build the index again "
            "from its sources (qa index FILE… --to FOLDER)"
        ) from error
    return document, split(document)


def _kept_as(vectors: str, segment: Segment) -> Segment:
    """Return a segment in memory that keeps its vectors in this format."""
    return replace(
        segment, codes=Codes.of(segment.embeddings, in_memory) if vectors == INT8 else None
    )


def _alive(segments: Sequence[Segment], order: Whereabouts) -> NDArray[np.bool_] | None:
    """Return which paragraphs belong to a document of the index; None if all do."""
    if len(order) == sum(one.n_documents for one in segments):
        return None
    masks = []
    for owner, segment in enumerate(segments):
        documents = np.zeros(segment.n_documents, np.bool_)
        documents[order[order[:, 0] == owner, 1]] = True
        masks.append(np.repeat(documents, np.diff(segment.paragraph_starts)))
    return np.concatenate(masks)
