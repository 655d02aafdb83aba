"""The parts of a chatbot, made ready: documents read, an index built, the models of its settings.

What is made here goes into the constructor of :class:`qa.chatbot.Chatbot`, which only stores it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from qa import loaders
from qa.calibration import Calibration, load_calibration
from qa.config import Config
from qa.embed import Embedder, Progress, model_folder
from qa.errors import EmptyCorpus
from qa.index import Index
from qa.index.content import content_hash
from qa.index.local import LocalIndex
from qa.loaders import Loaded
from qa.reader import Reader
from qa.types import Document

__all__ = ["build_index", "calibration_of", "load", "reader_of", "updated_index"]


def load(paths: Iterable[str | Path] | str | Path, config: Config) -> Loaded:
    """Return the documents of files and folders, and what could not be read.

    Raises:
        EmptyCorpus: if no document could be read.

    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    loaded = loaders.load_paths(given, allow_addresses=config.allow_addresses)
    if not loaded.documents:
        listed = "; ".join(map(str, loaded.problems)) or "no file in " + ", ".join(map(str, given))
        raise EmptyCorpus(f"there is nothing to answer from: {listed}")
    return loaded


def build_index(
    documents: Sequence[Document],
    embedder: Embedder,
    vectors: str,
    previous: Index | None,
    progress: Progress | None,
) -> LocalIndex:
    """Return an index in memory with ``vectors`` of a format of :class:`qa.config.Config`.

    Documents unchanged since ``previous`` are not embedded again.
    """
    before = previous if isinstance(previous, LocalIndex) else None
    return LocalIndex.build(
        documents, embedder, previous=before, progress=progress, vectors=vectors
    )


def updated_index(
    index: Index,
    documents: Sequence[Document],
    embedder: Embedder,
    config: Config,
    progress: Progress | None,
) -> Index:
    """Return ``index`` if it holds exactly these documents, else a new one that does.

    The format of its vectors stays what it is.
    """
    if not isinstance(index, LocalIndex):
        return build_index(documents, embedder, config.vectors, None, progress)
    if index.content_hashes() == [content_hash(document) for document in documents]:
        return index
    return build_index(documents, embedder, index.vectors, index, progress)


def calibration_of(config: Config) -> Calibration:
    """Return what was fitted for the embedding model of these settings."""
    return load_calibration(model_folder(config.model))


def reader_of(config: Config) -> Reader | None:
    """Return the reader of these settings, the same one for the same name; None for none.

    Raises:
        ModelError: if there is none of that name.

    """
    if config.reader is None:
        return None
    from qa.reader.cross import open_reader

    return open_reader(config.reader)
