"""Statistics of a collection too large to count: taken from a sample of its paragraphs.

With a sample of everything they are exact, the same as those of the embedded index.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.index.lexical import K1, B
from qa.types import Floats, Integers

__all__ = ["Statistics"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What scoring needs to know of a collection of ``n_paragraphs``.

    ``vectors`` is ``(n_windows, dimension)`` float32, unit rows; sampled paragraph ``i`` has
    those from ``starts[i]`` to ``starts[i + 1]``. ``counts`` gives the number of sampled
    paragraphs that hold a token, ``average_length`` the tokens in a paragraph.
    """

    n_paragraphs: int
    vectors: Floats
    starts: Integers
    counts: Mapping[str, int]
    average_length: float

    @classmethod
    def of(
        cls,
        n_paragraphs: int,
        vectors: Floats,
        starts: Sequence[int],
        texts: Sequence[Sequence[str]],
    ) -> "Statistics":
        """Return the statistics of sampled paragraphs, given as vectors and token lists."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(text))
        average = sum(map(len, texts)) / len(texts) if texts else 0.0
        return cls(n_paragraphs, vectors, np.array(starts, np.int64), counts, average)

    @property
    def exact(self) -> bool:
        """Whether the sample holds every paragraph."""
        return len(self.starts) >= self.n_paragraphs

    def spread(self, vector: Floats) -> tuple[float, float]:
        """Return mean and standard deviation of the cosines of each one's best window."""
        if not len(self.starts):
            return 0.0, 0.0
        cosines = np.maximum.reduceat(self.vectors @ vector, self.starts)
        return float(cosines.mean()), float(cosines.std())

    def frequency(self, token: str) -> float:
        """Return in how many paragraphs a token is expected; 0 if none of the sample has it."""
        if not len(self.starts):
            return 0.0
        return self.counts.get(token, 0) * self.n_paragraphs / len(self.starts)

    def score(self, query: Sequence[str], text: Mapping[str, int]) -> float:
        """Return the BM25 score of a paragraph, given as its tokens with their counts.

        The formula is that of :class:`qa.index.lexical.Postings`. A token that the sample
        lacks counts as one of half a sampled paragraph.
        """
        least = 0.5 * self.n_paragraphs / max(len(self.starts), 1)
        length = sum(text.values())
        norm = K1 * (1 - B + B * length / self.average_length) if self.average_length else K1
        total = 0.0
        for token in query:
            count = text.get(token, 0)
            if count:
                holding = self.frequency(token) or least
                idf = math.log(1 + (self.n_paragraphs - holding + 0.5) / (holding + 0.5))
                total += idf * count / (count + norm)
        return float(np.float32(total))
