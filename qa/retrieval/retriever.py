"""From questions to the candidates of an index; what is asked at the same time shares a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from qa.embedding import Embedder
from qa.index import Candidates, Index
from qa.question.analysis import Question
from qa.question.terms import Terms, weigh
from qa.retrieval.batching import Batcher

__all__ = ["Retriever", "Searched"]

_LARGEST_BATCH = 8
"""The last one in a batch waits for all of it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A question with its terms in an index, and the candidates that were found for it."""

    question: Question
    terms: Terms
    candidates: Candidates


@dataclass(frozen=True, slots=True)
class _Wanted:
    text: str
    tokens: Sequence[str]
    limit: int


class Retriever:
    """Finds candidates in an index, for questions from several threads.

    A batch costs less than its questions one by one: the model computes them together, and the
    vectors of the index are read once.
    """

    def __init__(self, embedder: Embedder, index: Index) -> None:
        self.embedder = embedder
        self.index = index
        # Of both, not of this object: what refers to itself is freed late.
        self._all: Callable[[Sequence[_Wanted]], list[Candidates]] = partial(
            _found, embedder, index
        )
        self._one = Batcher(self._all, _LARGEST_BATCH)

    def search(
        self, questions: Sequence[Question], limit: int, *, related: bool = True
    ) -> list[Searched]:
        """Return what dense and lexical search find for each question, ``limit`` of each.

        A single question shares a batch with those of other threads. Without ``related`` only
        its own words are searched for, and none that mean the same.

        Raises:
            QAError: what embedder and index raise.

        """
        count, frequencies = len(self.index), self.index.document_frequencies
        terms = [
            weigh(question.with_full_years(frequencies), frequencies, count)
            for question in questions
        ]
        wanted = [
            _Wanted(one.question.text, one.searched if related else one.tokens, limit)
            for one in terms
        ]
        found = [self._one(wanted[0])] if len(wanted) == 1 else self._all(wanted)
        return [
            Searched(one.question, one, candidates)
            for one, candidates in zip(terms, found, strict=True)
        ]


def _found(embedder: Embedder, index: Index, wanted: Sequence[_Wanted]) -> list[Candidates]:
    if not wanted:
        return []
    vectors = embedder.encode_queries([one.text for one in wanted])
    found: dict[int, Candidates] = {}
    for limit in {one.limit for one in wanted}:
        places = [place for place, one in enumerate(wanted) if one.limit == limit]
        tokens = [wanted[place].tokens for place in places]
        found |= zip(places, index.candidates(vectors[places], tokens, limit), strict=True)
    return [found[place] for place in range(len(wanted))]
