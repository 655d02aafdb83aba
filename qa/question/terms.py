"""What is searched for: a question's tokens, what they weigh, what else means the same."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.question.analysis import Question
from qa.question.thesaurus import related_tokens
from qa.text import FUNCTION_CHARACTERS, tokens
from qa.types import Floats, Integers, Span

__all__ = ["Terms", "parts_without", "weigh"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The search tokens of a question and their weights among the documents of an index.

    ``weights`` is ``(n_tokens,)`` float32, each token's inverse document frequency;
    ``known`` ``(n_tokens,)`` tells which tokens occur in the documents at all. ``related``
    are tokens of other words of the same meaning: searched, but no evidence for an answer.
    """

    question: Question
    weights: Floats
    known: Integers
    related: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The question's own tokens."""
        return self.question.tokens

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

    def only_elsewhere(self, here: str) -> float:
        """Return the weight share in [0, 1] of the longest part that a text lacks.

        Only parts count that occur in the documents: in a question that a text seems to answer,
        such a part is often the name of something else.
        """
        present = set(tokens(here))
        absent = {
            token: float(weight)
            for token, weight, known in zip(self.tokens, self.weights, self.known, strict=True)
            if known and token not in present
        }
        text = self.question.content
        parts = parts_without(text, absent, [token for token in self.tokens if token in present])
        total = float(self.weights.sum())
        heaviest = max(
            (sum(absent[token] for token in absent if token in part.of(text)) for part in parts),
            default=0.0,
        )
        return heaviest / total if total > 0 else 0.0

    def _share(self, counted: Integers) -> float:
        total = float(self.weights.sum())
        return float((self.weights * counted).sum()) / total if total > 0 else 0.0


def parts_without(text: str, absent: Iterable[str], present: Iterable[str]) -> list[Span]:
    """Return the parts of a folded question that ``absent`` tokens make up and no others.

    A Han character counts if no present pair holds it; function words never do.
    """
    gone, there = _marked(text, absent), _marked(text, present)
    flags = [
        missing and not found and character not in FUNCTION_CHARACTERS
        for missing, found, character in zip(gone, there, text, strict=True)
    ]
    runs = re.finditer("1{2,}", "".join("1" if flag else "0" for flag in flags))
    return [Span(run.start(), run.end()) for run in runs]


def _marked(text: str, tokens: Iterable[str]) -> list[bool]:
    """Return which characters of ``text`` belong to a token of two characters or more."""
    marks = [False] * len(text)
    for token in tokens:
        for start in _occurrences(text, token) if len(token) > 1 else ():
            marks[start : start + len(token)] = [True] * len(token)
    return marks


def _occurrences(text: str, token: str) -> Iterator[int]:
    start = text.find(token)
    while start >= 0:
        yield start
        start = text.find(token, start + 1)


def weigh(
    question: Question, frequencies: Callable[[Sequence[str]], Integers], n_paragraphs: int
) -> Terms:
    """Return the terms of a question, each token weighing ln(1 + N / (n + 0.5)).

    A pair of characters weighs twice its value, since it says more than its two characters.
    """
    found = question.tokens
    counts = frequencies(found)
    weights = np.array(
        [
            math.log(1 + n_paragraphs / (count + 0.5)) * min(len(token), 2)
            for token, count in zip(found, counts, strict=True)
        ],
        np.float32,
    )
    known = (counts > 0).astype(np.int64)
    return Terms(question, weights, known, related_tokens(question.text, frequencies))
