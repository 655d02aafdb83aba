"""One embedder for all chatbots with the same model and settings, so that it is loaded once."""

import threading
from pathlib import Path
from weakref import WeakValueDictionary

from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder

__all__ = ["shared_embedder"]

_Settings = tuple[str, int, float, tuple[tuple[str, int, int], ...]]

_embedders: WeakValueDictionary[_Settings, SentenceTransformerEmbedder] = WeakValueDictionary()
_lock = threading.Lock()


def shared_embedder(config: Config) -> SentenceTransformerEmbedder:
    """Return the embedder of a configuration: the one that a living chatbot uses, or a new one.

    A model folder whose files have changed since is another model.
    """
    folder = model_folder(config.model)
    name = config.model if folder is None else str(folder.resolve())
    files = _stamps(folder) if folder is not None else ()
    settings = (name, config.batch_size, config.window_overlap, files)
    with _lock:
        embedder = _embedders.get(settings)
        if embedder is None:
            embedder = SentenceTransformerEmbedder(
                config.model, batch_size=config.batch_size, overlap=config.window_overlap
            )
            _embedders[settings] = embedder
        return embedder


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of change of each file of a folder."""
    found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple(
        (path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)
        for path, status in found
    )
