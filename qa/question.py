"""A stand-alone question as it is searched: its tokens, what they weigh, what else to look for."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.text import query_tokens, tokens
from qa.thesaurus import related_tokens
from qa.types import Floats, Integers

__all__ = ["Question", "weigh"]


@dataclass(frozen=True, slots=True)
class Question:
    """A stand-alone question with its search tokens and their weights.

    ``weights`` is ``(n_tokens,)`` float32, each token's inverse document frequency;
    ``known`` ``(n_tokens,)`` tells which tokens occur in the documents at all. ``related``
    are tokens of other words of the same meaning: searched, but no evidence for an answer.
    """

    text: str
    tokens: tuple[str, ...]
    weights: Floats
    known: Integers
    related: tuple[str, ...] = ()

    @property
    def searched(self) -> tuple[str, ...]:
        """All tokens that the paragraphs are searched for."""
        return self.tokens + self.related

    @property
    def missing(self) -> float:
        """The share in [0, 1] of the question's weight that occurs nowhere in the documents."""
        return self._share(1 - self.known)

    def covered_by(self, text: str) -> float:
        """Return the share in [0, 1] of the question's weight that a text has."""
        present = set(tokens(text))
        return self._share(np.array([token in present for token in self.tokens], np.int64))

    def _share(self, counted: Integers) -> float:
        total = float(self.weights.sum())
        return float((self.weights * counted).sum()) / total if total > 0 else 0.0


def weigh(
    text: str, frequencies: Callable[[Sequence[str]], Integers], n_paragraphs: int
) -> Question:
    """Return a question with the weight of each of its tokens: ln(1 + N / (n + 0.5)).

    A pair of characters weighs twice its value, since it says more than its two characters.
    """
    found = query_tokens(text)
    counts = frequencies(found)
    weights = np.array(
        [
            math.log(1 + n_paragraphs / (count + 0.5)) * min(len(token), 2)
            for token, count in zip(found, counts, strict=True)
        ],
        np.float32,
    )
    known = (counts > 0).astype(np.int64)
    return Question(text, tuple(found), weights, known, related_tokens(text, frequencies))
