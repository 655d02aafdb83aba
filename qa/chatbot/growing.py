"""A long article that can be asked while it is still being read in."""

from collections.abc import Iterator

from qa.chatbot.bot import Chatbot
from qa.chatbot.build import calibration_of, reader_of
from qa.config import Config
from qa.embedding import Progress
from qa.embedding.cache import shared_embedder
from qa.index.content import Prepared, grow
from qa.index.local import LocalIndex
from qa.types import Document, Extent

__all__ = ["growing", "joined"]


def growing(
    document: Document, config: Config, progress: Progress | None = None
) -> Iterator[Chatbot]:
    """Yield chatbots on more and more of an article, from its beginning; the last one has it all.

    Answers of the others say how much they were found in.
    """
    embedder = shared_embedder(config)
    for part in grow(document, embedder, progress):
        index = LocalIndex.of([part], [document.id], embedder, config.vectors)
        yield Chatbot(
            index,
            embedder,
            calibration_of(config),
            config,
            reader=reader_of(config),
            extent=_extent(part, document),
        )


def joined(first: Chatbot, second: Chatbot) -> Chatbot:
    """Return a chatbot with the settings of the first one on the articles of both.

    Both have their index in memory, and no article in common.
    """
    assert isinstance(first.index, LocalIndex)
    assert isinstance(second.index, LocalIndex)
    index = first.index.with_those_of(second.index)
    return Chatbot(index, first.embedder, first.calibration, first.config, reader=first.reader)


def _extent(part: Prepared, document: Document) -> Extent | None:
    """Return how much of a document a part has; None if it is all of it."""
    if len(part.paragraphs) == len(document.blocks):
        return None
    read = sum(one.kind == "text" for one in part.paragraphs)
    return Extent(read, sum(one.kind == "text" for one in document.blocks))
