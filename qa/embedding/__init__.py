"""From texts to vectors: what the index and the retriever ask of an embedding model.

A model is put behind :class:`Embedder` in a module of its own; it need not inherit from it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from qa.types import Floats

__all__ = ["Embedder", "Progress"]

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


class Embedder(Protocol):
    """What the index and the retriever ask of a model."""

    @property
    def name(self) -> str:
        """The name an owner configured."""

    @property
    def fingerprint(self) -> str:
        """A hash that differs between models whose vectors must not be mixed."""

    def windows(self, text: str, context: str = "") -> list[str]:
        """Return what to embed for ``text``: ``context`` with all of it, or with each part."""

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows."""

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""
