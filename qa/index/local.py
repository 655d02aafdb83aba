"""The embedded index: exact dense search in numpy, BM25, a memory-mapped folder."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qa.embed import Embedder, Progress
from qa.errors import IndexDamaged, IndexMismatch
from qa.index import Candidates, storage
from qa.index.check import ARRAYS, check_arrays, check_blocks
from qa.index.lexical import Lexical
from qa.split import search_context, split
from qa.text import tokens
from qa.types import Block, Document, Floats, Integers, Paragraph

__all__ = ["LocalIndex"]

_DOCUMENTS = "documents.jsonl"
_CACHED_DOCUMENTS = 64
_QUESTIONS_AT_ONCE = 64
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The numeric part of an index.

    ``embeddings`` is ``(n_windows, dimension)`` float32 with unit rows; paragraph ``i`` has
    the rows from ``window_starts[i]`` to ``window_starts[i + 1]``; document ``d`` has the
    paragraphs from ``paragraph_starts[d]`` on and the bytes from ``document_starts[d]`` on.
    """

    embeddings: Floats
    window_starts: Integers
    paragraph_starts: Integers
    document_starts: Integers
    lexical: Lexical


class LocalIndex:
    """An index in this process's memory or mapped from a folder; use ``build`` or ``open``."""

    def __init__(self, arrays: _Arrays, documents: NDArray[np.uint8], model: Embedder) -> None:
        self._arrays = arrays
        self._documents = documents
        self._model = model
        self._ids: list[str] | None = None
        self._cached = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._read)
        self._one_window_each = len(arrays.embeddings) == len(arrays.window_starts) - 1

    @classmethod
    def build(
        cls,
        documents: Sequence[Document],
        embedder: Embedder,
        *,
        previous: "LocalIndex | None" = None,
        progress: Progress | None = None,
    ) -> "LocalIndex":
        """Return the index of ``documents``; what ``previous`` holds unchanged is not embedded."""
        kept = previous.vectors_by_content() if previous is not None else {}
        paragraphs = [split(document) for document in documents]
        hashes = [content_hash(document) for document in documents]
        fresh: list[str] = []
        counts: list[list[int]] = []
        for own, digest in zip(paragraphs, hashes, strict=True):
            if digest in kept:
                counts.append(kept[digest].counts)
                continue
            cut = [_window_texts(paragraph, embedder) for paragraph in own]
            counts.append([len(texts) for texts in cut])
            fresh.extend(text for texts in cut for text in texts)
        encoded = _encode_once(fresh, embedder, progress) if fresh else None
        rows: list[Floats] = []
        used = 0
        for digest, own_counts in zip(hashes, counts, strict=True):
            if digest in kept:
                rows.append(kept[digest].rows)
            elif encoded is not None:
                rows.append(encoded[used : used + sum(own_counts)])
                used += sum(own_counts)
        lines = [
            _to_line(document, digest) for document, digest in zip(documents, hashes, strict=True)
        ]
        arrays = _Arrays(
            embeddings=np.concatenate(rows) if rows else np.empty((0, 0), np.float32),
            window_starts=_bounds([count for own in counts for count in own]),
            paragraph_starts=_bounds([len(own) for own in paragraphs]),
            document_starts=_bounds([len(line) for line in lines]),
            lexical=Lexical.build(
                tokens(f"{search_context(paragraph)}\n{paragraph.text}")
                for own in paragraphs
                for paragraph in own
            ),
        )
        return cls(arrays, np.frombuffer(b"".join(lines), np.uint8), embedder)

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "LocalIndex":
        """Return a saved index, its arrays memory-mapped.

        Raises:
            IndexDamaged: if it is not whole.
            IndexMismatch: if another model or format version made it.

        """
        manifest = storage.read_manifest(folder)
        if manifest.fingerprint != embedder.fingerprint:
            raise IndexMismatch(
                f"{folder} was made with the model {manifest.model!r} ({manifest.fingerprint}), "
                f"this chatbot has {embedder.name!r} ({embedder.fingerprint}); open it with that "
                "model or build it again"
            )
        arrays = {name: storage.open_array(folder, manifest, f"{name}.npy") for name in ARRAYS}
        documents = storage.open_bytes(folder, manifest, _DOCUMENTS)
        check_arrays(folder, arrays, len(documents))
        lexical = Lexical(
            arrays["token_hashes"],
            arrays["posting_starts"],
            arrays["posting_paragraphs"],
            arrays["posting_scores"],
        )
        return cls(
            _Arrays(
                arrays["embeddings"],
                arrays["window_starts"],
                arrays["paragraph_starts"],
                arrays["document_starts"],
                lexical,
            ),
            documents,
            embedder,
        )

    def save(self, folder: Path) -> None:
        """Write the index aside and put it in place of what ``folder`` holds."""
        own = self._arrays
        arrays: dict[str, NDArray[Any]] = {
            "embeddings.npy": own.embeddings,
            "window_starts.npy": own.window_starts,
            "paragraph_starts.npy": own.paragraph_starts,
            "document_starts.npy": own.document_starts,
            "token_hashes.npy": own.lexical.hashes,
            "posting_starts.npy": own.lexical.starts,
            "posting_paragraphs.npy": own.lexical.paragraphs,
            "posting_scores.npy": own.lexical.scores,
        }
        description = {
            "model": self._model.name,
            "fingerprint": self._model.fingerprint,
            "dimension": own.embeddings.shape[1],
            "documents": len(own.document_starts) - 1,
            "paragraphs": len(self),
            "windows": len(own.embeddings),
        }
        storage.write(folder, arrays, {_DOCUMENTS: self._documents.tobytes()}, description)

    def __len__(self) -> int:
        return len(self._arrays.window_starts) - 1

    def candidates(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[Candidates]:
        """Return the best ``limit`` paragraphs of each search for each question, merged."""
        own = self._arrays.embeddings.shape[1]
        if vectors.shape[1] != own:
            raise IndexMismatch(
                f"the index has vectors of {own} numbers, this model makes {vectors.shape[1]}; "
                "open it with the model that made it or build it again"
            )
        found: list[Candidates] = []
        for start in range(0, len(queries), _QUESTIONS_AT_ONCE):
            part = slice(start, start + _QUESTIONS_AT_ONCE)
            found.extend(
                _candidates(dense, self._arrays.lexical.search(query, len(self)), limit)
                for dense, query in zip(self._dense(vectors[part]), queries[part], strict=True)
            )
        return found

    def _dense(self, vectors: Floats) -> Floats:
        """Return ``(n_questions, n_paragraphs)``: the cosine of each one's best window."""
        # The last digits depend on a row's place in the matrix; they must not break ties.
        scores: Floats = np.round(vectors @ self._arrays.embeddings.T, _DIGITS)
        if self._one_window_each:
            return scores
        best: Floats = np.maximum.reduceat(scores, self._arrays.window_starts[:-1], axis=1)
        return best

    def document_frequencies(self, tokens: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: in how many paragraphs each token occurs."""
        return self._arrays.lexical.document_frequencies(tokens)

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number from :meth:`candidates`."""
        place = int(np.searchsorted(self._arrays.paragraph_starts, number, side="right")) - 1
        return self._cached(place)[1][number - int(self._arrays.paragraph_starts[place])]

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in order."""
        if self._ids is None:
            self._ids = [cast(str, raw["id"]) for raw in self._lines()]
        return self._ids

    def document(self, document_id: str) -> Document:
        """Return a document; raises KeyError if there is none of that id."""
        try:
            place = self.document_ids().index(document_id)
        except ValueError:
            raise KeyError(document_id) from None
        return self._cached(place)[0]

    def vectors_by_content(self) -> dict[str, "_Kept"]:
        """Return the rows of each document under the hash of its content."""
        own = self._arrays
        kept: dict[str, _Kept] = {}
        for place, raw in enumerate(self._lines()):
            first, last = own.paragraph_starts[place], own.paragraph_starts[place + 1]
            bounds = own.window_starts[first : last + 1]
            kept[raw["hash"]] = _Kept(
                own.embeddings[bounds[0] : bounds[-1]], np.diff(bounds).tolist()
            )
        return kept

    def content_hashes(self) -> list[str]:
        """Return the content hash of every document, in order."""
        return [raw["hash"] for raw in self._lines()]

    def _lines(self) -> Iterator[dict[str, Any]]:
        for place in range(len(self._arrays.document_starts) - 1):
            yield self._parsed(place)

    def _parsed(self, place: int) -> dict[str, Any]:
        try:
            raw = json.loads(self._line(place))
            if not isinstance(raw, dict) or not {"id", "hash", "blocks", "text"} <= raw.keys():
                raise ValueError("it is no document")
        except (ValueError, RecursionError) as error:
            raise _unreadable(place, error) from error
        return raw

    def _line(self, place: int) -> bytes:
        first, last = self._arrays.document_starts[place : place + 2]
        return self._documents[first:last].tobytes()

    def _read(self, place: int) -> tuple[Document, tuple[Paragraph, ...]]:
        raw = self._parsed(place)
        bounds = self._arrays.paragraph_starts
        try:
            blocks = tuple(Block(*block) for block in raw["blocks"])
            document = Document(raw["id"], raw["title"], raw["source"], raw["text"], blocks)
            check_blocks(document, int(bounds[place + 1] - bounds[place]))
        except (ValueError, TypeError, KeyError) as error:
            raise _unreadable(place, error) from error
        return document, split(document)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows of a document's windows, and how many each of its paragraphs has."""

    rows: Floats
    counts: list[int]


def _unreadable(place: int, error: Exception) -> IndexDamaged:
    return IndexDamaged(
        f"document {place} of the index cannot be read ({error}); build the index again from its "
        "sources (qa index FILE… --to FOLDER)"
    )


def content_hash(document: Document) -> str:
    """Return a hash of all that bears on a document's vectors and passages, rules included."""
    blocks = [_to_list(block) for block in document.blocks]
    searched = [search_context(paragraph) for paragraph in split(document)]
    content = [document.id, document.title, document.source, document.text, blocks, searched]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _to_list(block: Block) -> list[Any]:
    """Return a block as JSON; without a page as it was before there were pages."""
    fields = [block.start, block.end, block.kind, block.level]
    return [*fields, block.page] if block.page else fields


def _to_line(document: Document, digest: str) -> bytes:
    blocks = [_to_list(block) for block in document.blocks]
    line = {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "hash": digest,
        "blocks": blocks,
        "text": document.text,
    }
    # ASCII escapes keep lone surrogates, which no UTF-8 file can hold as they are.
    return json.dumps(line).encode() + b"\n"


def _window_texts(paragraph: Paragraph, embedder: Embedder) -> list[str]:
    return embedder.windows(paragraph.text, search_context(paragraph))


def _encode_once(texts: list[str], embedder: Embedder, progress: Progress | None) -> Floats:
    """Return one row a text; equal texts have equal rows, to the last digit."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    rows = embedder.encode_documents(list(places), progress)
    return rows[[places[text] for text in texts]]


def _bounds(counts: Sequence[int]) -> Integers:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


def _candidates(dense: Floats, lexical: Floats, limit: int) -> Candidates:
    if len(dense) <= limit:
        numbers = np.arange(len(dense), dtype=np.int64)
    else:
        numbers = np.union1d(_best(dense, limit), _best(lexical, limit)).astype(np.int64)
    return Candidates(
        numbers,
        dense[numbers],
        lexical[numbers],
        float(dense.mean()),
        float(dense.std()),
    )


def _best(scores: Floats, limit: int) -> Integers:
    """Return the ``limit`` highest, of equal ones those that come first."""
    lowest = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = np.flatnonzero(scores > lowest)
    level = np.flatnonzero(scores == lowest)[: limit - len(above)]
    return np.concatenate((above, level)).astype(np.int64)
