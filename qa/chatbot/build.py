"""The parts of a chatbot, made ready: documents read, an index built, the models of its settings.

What is made here goes into the constructor of :class:`qa.chatbot.Chatbot`, which only stores it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qa import loaders
from qa.config import Config
from qa.embedding import Embedder, Progress
from qa.embedding.sentence_transformer import model_folder
from qa.errors import EmptyCorpus
from qa.index import Index
from qa.index.local import LocalIndex
from qa.loaders import Loaded
from qa.reader import Reader
from qa.reader.calibration import Calibration, load_calibration
from qa.types import Document

__all__ = ["build_index", "calibration_of", "load", "reader_of"]


def load(
    paths: Iterable[str | Path] | str | Path,
    config: Config,
    kept: Mapping[Path, Sequence[Document]] | None = None,
) -> Loaded:
    """Return the documents of files and folders, and what could not be read.

    Files in ``kept`` are not read; they have the documents given there.

    Raises:
        EmptyCorpus: if no document could be read.

    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    loaded = loaders.load_paths(given, allow_addresses=config.allow_addresses, kept=kept)
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
) -> Index:
    """Return an index in memory with ``vectors`` of a format of :class:`qa.config.Config`.

    Documents unchanged since ``previous`` are not embedded again.
    """
    if previous is not None:
        return previous.rebuilt(documents, embedder, vectors, progress)
    return LocalIndex.build(documents, embedder, progress=progress, vectors=vectors)


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
