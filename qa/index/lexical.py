"""BM25 over search tokens: how often each stands in each paragraph, scored when asked.

Scores depend on the whole collection, counts do not: so paragraphs can be added, dropped and
merged without counting the others again, and score as if all had been counted together.
Tokens are kept as sorted 64-bit hashes, so that a large vocabulary opens memory-mapped.
"""

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.types import Floats, Integers

__all__ = ["K1", "B", "Lexical", "Postings", "token_hash"]

K1, B = 1.5, 0.75

_Kind = TypeVar("_Kind", bound=np.generic)
_MOST_COUNTED = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """The counts of tokens in paragraphs as a sparse matrix, one column a token.

    ``hashes`` is ``(n_tokens,)`` uint64, ascending; ``starts`` ``(n_tokens + 1,)`` int64 the
    bounds of each token's postings in ``paragraphs`` (int32, ascending within a token) and
    ``counts`` (uint16). ``lengths`` is ``(n_paragraphs,)`` int32: the tokens in each.
    """

    hashes: NDArray[np.uint64]
    starts: Integers
    paragraphs: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> "Postings":
        """Return the postings of paragraphs given as token lists."""
        vocabulary: dict[str, int] = {}
        places, paragraphs, counts, lengths = array("i"), array("i"), array("H"), array("i")
        for number, text in enumerate(texts):
            lengths.append(len(text))
            for token, count in Counter(text).items():
                places.append(vocabulary.setdefault(token, len(vocabulary)))
                paragraphs.append(number)
                counts.append(min(count, _MOST_COUNTED))
        hashes = np.fromiter(map(token_hash, vocabulary), np.uint64, len(vocabulary))
        distinct, columns = np.unique(hashes, return_inverse=True)
        own = columns[np.frombuffer(places, np.int32)] if vocabulary else np.empty(0, np.int64)
        order = np.argsort(own, kind="stable")
        return cls(
            distinct,
            np.searchsorted(own[order], np.arange(len(distinct) + 1)).astype(np.int64),
            np.frombuffer(paragraphs, np.int32)[order] if paragraphs else np.empty(0, np.int32),
            np.frombuffer(counts, np.uint16)[order] if counts else np.empty(0, np.uint16),
            np.frombuffer(lengths, np.int32) if lengths else np.empty(0, np.int32),
        )

    def find(self, wanted: NDArray[np.uint64]) -> Iterator[slice]:
        """Yield where the postings of each token hash are; an empty slice for an unknown one."""
        places = np.searchsorted(self.hashes, wanted)
        for place, token in zip(places.tolist(), wanted, strict=True):
            if place < len(self.hashes) and self.hashes[place] == token:
                yield slice(int(self.starts[place]), int(self.starts[place + 1]))
            else:
                yield slice(0, 0)


class Lexical:
    """BM25 over the postings of one segment or several, numbered on from each to the next.

    The formula is that of Lucene (Robertson and Zaragoza 2009, with
    idf ln(1 + (N - n + 0.5) / (n + 0.5))). ``alive`` is ``(n_paragraphs,)`` bool: paragraphs
    that are not count in nothing; None means that all are.
    """

    def __init__(
        self, segments: Sequence[Postings], alive: NDArray[np.bool_] | None = None
    ) -> None:
        self._segments = segments
        self._bounds = np.cumsum([0, *(len(one.lengths) for one in segments)]).tolist()
        self._alive = None if alive is None else self._parts(alive)
        self._n_alive = self._bounds[-1] if alive is None else int(np.count_nonzero(alive))
        average = self._total_length() / self._n_alive if self._n_alive else 0.0
        self._norms = [
            (K1 * (1 - B) + K1 * B / max(average, 1e-9) * one.lengths).astype(np.float32)
            for one in segments
        ]

    def _total_length(self) -> int:
        lengths = [one.lengths for one in self._segments]
        if self._alive is not None:
            lengths = [own[alive] for own, alive in zip(lengths, self._alive, strict=True)]
        return sum(int(own.sum(dtype=np.int64)) for own in lengths)

    def search(self, query: Sequence[str]) -> Floats:
        """Return ``(n_paragraphs,)``: the summed BM25 scores of the query's tokens."""
        total = np.zeros(self._bounds[-1], np.float32)
        parts = self._parts(total)
        for places in self._find(query):
            holding = self._holding(places)
            if not holding:
                continue
            idf = np.float32(math.log(1 + (self._n_alive - holding + 0.5) / (holding + 0.5)))
            for segment, norms, place, own in zip(
                self._segments, self._norms, places, parts, strict=True
            ):
                numbers = segment.paragraphs[place]
                scores = segment.counts[place].astype(np.float32)
                scores /= scores + norms[numbers]
                scores *= idf
                own[numbers] += scores
        if self._alive is not None:
            for own, alive in zip(parts, self._alive, strict=True):
                own *= alive
        return total

    def document_frequencies(self, query: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: the number of paragraphs that hold each token."""
        return np.array([self._holding(places) for places in self._find(query)], np.int64)

    def _find(self, query: Sequence[str]) -> Iterator[tuple[slice, ...]]:
        """Yield for each token where its postings are in each segment."""
        wanted = np.fromiter(map(token_hash, query), np.uint64, len(query))
        return zip(*(segment.find(wanted) for segment in self._segments), strict=True)

    def _holding(self, places: Sequence[slice]) -> int:
        if self._alive is None:
            return sum(place.stop - place.start for place in places)
        return sum(
            int(np.count_nonzero(alive[segment.paragraphs[place]]))
            for segment, alive, place in zip(self._segments, self._alive, places, strict=True)
        )

    def _parts(self, values: NDArray[_Kind]) -> list[NDArray[_Kind]]:
        """Return the view on ``(n_paragraphs,)`` ``values`` that belongs to each segment."""
        return [values[start:end] for start, end in pairwise(self._bounds)]


def token_hash(token: str) -> int:
    """Return the 64 bits that stand for a token, or any other short text."""
    raw = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "little")
