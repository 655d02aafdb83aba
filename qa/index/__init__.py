"""What a chatbot asks of an index: dense search, lexical search and paragraph storage.

An engine implements :class:`Index` in a module of its own; it need not inherit from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa.types import Document, Floats, Integers, Paragraph

__all__ = ["NOTHING", "Candidates", "Index", "Named", "Store"]

_NAMED = 5

if TYPE_CHECKING:
    from qa.embedding import Embedder, Progress
    from qa.index.content import Prepared


@dataclass(frozen=True, slots=True)
class Candidates:
    """The paragraphs that dense or lexical search found for one question.

    All arrays are ``(n_candidates,)`` and sorted by ``numbers``. ``dense`` are cosines in
    [-1, 1], ``lexical`` BM25 scores from 0; both are exact for every candidate, whichever
    search found it. Mean and deviation of the cosine are over all paragraphs of the index.
    """

    numbers: Integers
    dense: Floats
    lexical: Floats
    dense_mean: float
    dense_deviation: float


_NO_SCORES = np.empty(0, np.float32)
NOTHING = Candidates(np.empty(0, np.int64), _NO_SCORES, _NO_SCORES, 0.0, 0.0)
"""Where nothing was searched, or nothing is there."""


@dataclass(frozen=True, slots=True)
class Named:
    """How many documents something was done to, and the ids of the first few."""

    count: int = 0
    first: tuple[str, ...] = ()

    def and_more(self, ids: Iterable[str]) -> "Named":
        """Return these and some more."""
        more = list(ids)
        return Named(self.count + len(more), (*self.first, *more[:_NAMED])[:_NAMED])

    def __str__(self) -> str:
        left = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {left:,} more" if left else "")


class Index(Protocol):
    """Paragraphs of documents, each with a number that stays while the index is open.

    In one document they are numbered in reading order; at a tie the lower number comes first.
    """

    @property
    def is_fixed(self) -> bool:
        """Whether what the index holds cannot change while it is open."""

    def __len__(self) -> int:
        """Return the number of paragraphs."""

    def candidates(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[Candidates]:
        """Return the best ``limit`` paragraphs of each search for each question, merged.

        ``vectors`` is ``(n_questions, dimension)`` float32 with unit rows, ``queries`` the
        search tokens of each question.
        """

    def document_frequencies(self, tokens: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: in how many paragraphs each token occurs."""

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number from :meth:`candidates`."""

    def document_ids(self, limit: int | None = None) -> Sequence[str]:
        """Return the ids of all documents in order, or of ``limit``: which ones is the engine's."""

    def document_count(self) -> int:
        """Return the number of documents."""

    def document(self, document_id: str) -> Document:
        """Return a document; raises KeyError if there is none of that id."""

    def check(self) -> None:
        """Read what is not checked yet; raises IndexDamaged if it is not as it was written."""

    def begin_check(self) -> None:
        """Begin to check in a thread of its own."""

    def rebuilt(
        self,
        documents: Sequence[Document],
        embedder: "Embedder",
        vectors: str | None = None,
        progress: "Progress | None" = None,
    ) -> "Index":
        """Return an index in memory of just these documents, itself if it is that already.

        What this one holds unchanged is not embedded again. ``vectors`` is a format of
        :class:`qa.config.Config`, or as they are here.
        """

    def save(self, folder: Path) -> None:
        """Write the index so that it can be opened again, replacing what is there at once."""


class Store(Protocol):
    """Where documents are put, batch by batch, for an :class:`Index` to search."""

    def digests(self, document_ids: Sequence[str]) -> dict[str, str]:
        """Return the content hash of each of these documents that is stored completely."""

    def put(self, batch: "Sequence[Prepared]") -> None:
        """Store documents, in place of older ones of the same ids, for good when it returns."""

    def finish(self, order: Sequence[str], holds: Callable[[str], bool]) -> Named:
        """Keep, of all documents whose id ``holds``, only those in ``order``.

        Returns the documents that the index had before and has no more.
        """

    def close(self) -> None:
        """Let go of the store."""
