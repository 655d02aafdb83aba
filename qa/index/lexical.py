"""BM25 over search tokens: built by bm25s, searched in its arrays without importing it.

Tokens are kept as sorted 64-bit hashes, so that a large vocabulary opens memory-mapped.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.types import Floats, Integers

__all__ = ["K1", "B", "Lexical"]

K1, B = 1.5, 0.75


@dataclass(frozen=True, slots=True)
class Lexical:
    """A BM25 index as a sparse matrix of scores, one column a token.

    ``hashes`` is ``(n_tokens,)`` uint64, ascending; ``starts`` ``(n_tokens + 1,)`` int64 the
    bounds of each token's postings in ``paragraphs`` (int32, ascending within a token) and
    ``scores`` (float32, the token's BM25 score in that paragraph).
    """

    hashes: NDArray[np.uint64]
    starts: Integers
    paragraphs: NDArray[np.int32]
    scores: Floats

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> "Lexical":
        """Return the index of paragraphs given as token lists.

        BM25 as in Lucene (Robertson and Zaragoza 2009, with idf ln(1 + (N - n + 0.5) / (n + 0.5))).
        """
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(token, len(vocabulary)) for token in text] for text in texts]
        if not vocabulary:
            none = np.empty(0, np.int64)
            return cls(
                none.astype(np.uint64),
                np.zeros(1, np.int64),
                none.astype(np.int32),
                none.astype(np.float32),
            )
        engine = bm25s.BM25(k1=K1, b=B, method="lucene")
        engine.index(
            bm25s.tokenization.Tokenized(ids=ids, vocab=dict(vocabulary)), show_progress=False
        )
        bounds = np.asarray(engine.scores["indptr"], np.int64)
        hashes = np.fromiter(map(_hash, vocabulary), np.uint64, len(vocabulary))
        order = np.argsort(hashes, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.diff(bounds)[order]))).astype(np.int64)
        paragraphs = np.asarray(engine.scores["indices"], np.int32)
        scores = np.asarray(engine.scores["data"], np.float32)
        taken = [slice(bounds[token], bounds[token + 1]) for token in order]
        return cls(
            hashes[order],
            starts,
            np.concatenate([paragraphs[part] for part in taken] or [paragraphs[:0]]),
            np.concatenate([scores[part] for part in taken] or [scores[:0]]),
        )

    def search(self, query: Sequence[str], n_paragraphs: int) -> Floats:
        """Return ``(n_paragraphs,)``: the summed BM25 scores of the query's tokens."""
        total = np.zeros(n_paragraphs, np.float32)
        for token, found in zip(*self._locate(query), strict=True):
            if found:
                part = slice(self.starts[token], self.starts[token + 1])
                total[self.paragraphs[part]] += self.scores[part]
        return total

    def document_frequencies(self, query: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: the number of paragraphs that hold each token."""
        places, found = self._locate(query)
        counts = np.zeros(len(query), np.int64)
        known = places[found]
        counts[found] = self.starts[known + 1] - self.starts[known]
        return counts

    def _locate(self, query: Sequence[str]) -> tuple[Integers, NDArray[np.bool_]]:
        wanted = np.fromiter(map(_hash, query), np.uint64, len(query))
        places = np.searchsorted(self.hashes, wanted).astype(np.int64)
        inside = np.minimum(places, max(len(self.hashes) - 1, 0))
        if not len(self.hashes):
            return inside, np.zeros(len(query), np.bool_)
        return inside, np.asarray(self.hashes[inside] == wanted)


def _hash(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")
