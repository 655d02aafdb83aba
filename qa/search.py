"""Questions embedded and searched for; what is asked at the same time shares a batch.

A batch costs less than its questions one by one: the model computes them together, and the
vectors of the index are read once. Nobody waits for company: while one batch is computed, whoever
comes next is gathered in the following one.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from qa.embed import Embedder
from qa.index import Candidates, Index

__all__ = ["Batcher", "Search", "Sought"]

_LARGEST_BATCH = 8
"""The last one in a batch waits for all of it."""

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Sought:
    """A question: the text to embed, the tokens to search, how many candidates are wanted."""

    text: str
    tokens: Sequence[str]
    limit: int


class Search:
    """Finds candidates in an index for questions from several threads."""

    def __init__(self, embedder: Embedder, index: Index) -> None:
        self._all: Callable[[Sequence[Sought]], list[Candidates]] = partial(_all, embedder, index)
        self._one = Batcher(self._all, _LARGEST_BATCH)

    def candidates(self, sought: Sequence[Sought]) -> list[Candidates]:
        """Return the candidates of each question; a single one shares a batch with others'.

        Raises:
            QAError: what embedder and index raise.

        """
        return [self._one(sought[0])] if len(sought) == 1 else self._all(sought)


def _all(embedder: Embedder, index: Index, sought: Sequence[Sought]) -> list[Candidates]:
    vectors = embedder.encode_queries([one.text for one in sought])
    found: dict[int, Candidates] = {}
    for limit in {one.limit for one in sought}:
        places = [place for place, one in enumerate(sought) if one.limit == limit]
        tokens = [sought[place].tokens for place in places]
        found |= zip(places, index.candidates(vectors[places], tokens, limit), strict=True)
    return [found[place] for place in range(len(sought))]


class Batcher(Generic[_Asked, _Found]):
    """Does work for one request at a time or, where several threads ask at once, for several."""

    def __init__(self, work: Callable[[Sequence[_Asked]], Sequence[_Found]], largest: int) -> None:
        self._work = work
        self._largest = largest
        self._waiting: list[tuple[_Asked, Future[_Found]]] = []
        self._busy = False
        self._changed = threading.Condition()

    def __call__(self, request: _Asked) -> _Found:
        """Return what ``work`` finds for the request, or raise what it raises for its batch."""
        own: Future[_Found] = Future()
        with self._changed:
            self._waiting.append((request, own))
        while True:
            with self._changed:
                self._changed.wait_for(lambda: own.done() or not self._busy)
                if own.done():
                    return own.result()
                self._busy = True
                batch = self._waiting[: self._largest]
                del self._waiting[: self._largest]
            try:
                self._compute(batch)
            except BaseException:
                # Interrupted: the others' requests are for somebody else to work on.
                with self._changed:
                    self._waiting[:0] = [
                        one for one in batch if one[1] is not own and not one[1].done()
                    ]
                raise
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _compute(self, batch: Sequence[tuple[_Asked, "Future[_Found]"]]) -> None:
        try:
            found = self._work([request for request, _ in batch])
        except Exception as error:
            for _, future in batch:
                future.set_exception(error)
        else:
            for (_, future), one in zip(batch, found, strict=True):
                future.set_result(one)
