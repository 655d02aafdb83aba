"""An embedder and a reader that do nothing twice, for articles that are asked many times."""

from collections.abc import Sequence

import numpy as np

from qa.embedding import Embedder, Progress
from qa.reader import Reader, Reading, Text
from qa.reader.calibration import Calibration
from qa.types import Floats

__all__ = ["RememberingEmbedder", "RememberingReader"]

_NONE = np.empty((0, 0), np.float32)


class RememberingEmbedder:
    """An embedder that encodes no text twice, for articles that are indexed many times."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[tuple[str, str], Floats] = {}

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model behind it."""
        return self._embedder.fingerprint

    def windows(self, text: str, context: str = "") -> list[str]:
        """Return what the model behind it returns."""
        return self._embedder.windows(text, context)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows."""
        fresh = [text for text in dict.fromkeys(texts) if ("document", text) not in self._vectors]
        vectors = self._embedder.encode_documents(fresh, progress) if fresh else _NONE
        self._vectors |= {
            ("document", text): vector for text, vector in zip(fresh, vectors, strict=True)
        }
        return np.stack([self._vectors["document", text] for text in texts])

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""
        fresh = [text for text in dict.fromkeys(questions) if ("query", text) not in self._vectors]
        vectors = self._embedder.encode_queries(fresh) if fresh else _NONE
        self._vectors |= {
            ("query", text): vector for text, vector in zip(fresh, vectors, strict=True)
        }
        return np.stack([self._vectors["query", text] for text in questions])


class RememberingReader:
    """A reader that reads the same passages for the same question once.

    Its ``calibration`` may be set, to try one on what was read.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._readings: dict[tuple[str, tuple[Text, ...]], list[Reading | None]] = {}
        self.calibration: Calibration = reader.calibration

    def begin(self) -> None:
        """Let the model behind it begin to load."""
        self._reader.begin()

    def read(self, question: str, passages: Sequence[Text]) -> list[Reading | None]:
        """Return a reading for each passage, in their order."""
        key = (question, tuple(passages))
        if key not in self._readings:
            self._readings[key] = self._reader.read(question, passages)
        return self._readings[key]
