"""How long it takes to embed an article here, told before it begins."""

import time

from qa.config import Config
from qa.embedding.cache import shared_embedder
from qa.index.content import windows_of
from qa.loaders.split import split
from qa.types import Document

__all__ = ["Pace"]

_SHORT = 20_000
"""Characters of articles that take so few seconds that nothing is told."""
_SAMPLE = 32


class Pace:
    """Characters embedded in a second: of the article before, or else of a few paragraphs."""

    def __init__(self) -> None:
        self._rate: float | None = None

    def seconds(self, document: Document, config: Config) -> float:
        """Return about how long it takes to embed an article, 0 for a short one."""
        size = len(document.text)
        if size < _SHORT:
            return 0.0
        if self._rate is None:
            self._rate = _measured(document, config)
        return size / self._rate

    def note(self, document: Document, seconds: float) -> None:
        """Note how long it took."""
        if len(document.text) >= _SHORT and seconds > 0:
            self._rate = len(document.text) / seconds


def _measured(document: Document, config: Config) -> float:
    """Return how many characters of an article are embedded in a second, by a sample of it."""
    embedder = shared_embedder(config)
    paragraphs = sorted(split(document), key=lambda one: len(one.text))
    # Every so many: as long as those of the article, taken together.
    sample = paragraphs[:: max(1, len(paragraphs) // _SAMPLE)]
    texts = [text for own in windows_of(sample, embedder) for text in own]
    # The first time the model is loaded.
    embedder.encode_documents(texts[:1])
    begun = time.perf_counter()
    embedder.encode_documents(texts)
    return sum(len(one.text) for one in sample) / (time.perf_counter() - begun)
