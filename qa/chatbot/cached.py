"""Chatbots whose index is kept in a folder: opened, brought up to date, or made again."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from qa.chatbot import Chatbot
from qa.config import FLOAT32, Config, default_corpus
from qa.embedding import Progress
from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.loaders import list_files
from qa.types import Document

__all__ = ["default_chatbot", "open_or_build"]

_defaults: dict[Config, Chatbot] = {}
_default_lock = threading.Lock()


def default_chatbot(config: Config | None = None, *, progress: Progress | None = None) -> Chatbot:
    """Return the chatbot on the default corpus, made once per process and settings.

    Its index is kept in the user's cache folder and made again, as far as needed, when the
    corpus, the model or the index format changed.
    """
    settings = config or Config()
    with _default_lock:
        if settings not in _defaults:
            _defaults[settings] = open_or_build([default_corpus()], settings, progress=progress)
        return _defaults[settings]


def open_or_build(
    paths: Sequence[str | Path],
    config: Config,
    folder: Path | None = None,
    *,
    progress: Progress | None = None,
    without: Path | None = None,
) -> Chatbot:
    """Return a chatbot on ``paths``, with its index kept in ``folder``.

    Without a folder it is one of the user's cache folder. A saved index that no longer fits
    its sources is brought up to date; one that is damaged is made again. A file to do
    ``without`` is left out wherever it is.
    """
    left_out: dict[Path, tuple[Document, ...]] = {}
    if without is not None:
        left_out = {path: () for path, _ in list_files(paths) if _is_same(path, without)}
    kept = folder or _cache_folder(paths, config)
    try:
        saved = Chatbot.open(kept, config)
        # All sources are read anyhow; found later, damage could only be reported.
        saved.index.check()
    except (IndexDamaged, IndexMismatch):
        bot = Chatbot.from_paths(paths, config, progress=progress, kept=left_out)
    else:
        bot = saved.updated(paths, progress=progress, kept=left_out)
        if bot.index is saved.index:
            return bot
    try:
        bot.save(kept)
    except QAError:
        # A cache that cannot be written costs the next start some time, nothing else.
        if folder is not None:
            raise
    return bot


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def _cache_folder(paths: Sequence[str | Path], config: Config) -> Path:
    kept_as = [] if config.vectors == FLOAT32 else [config.vectors]
    named = "\n".join([config.model, *kept_as, *(str(Path(path).resolve()) for path in paths)])
    root = config.cache_folder or user_cache_path("article-qa", appauthor=False)
    return root / hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]
