"""A corpus that changes while its chatbot is in use: a changed file is picked up by itself.

The files are looked at again and again, since notifications from the system do not come for
network folders and in many containers.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence, Set
from pathlib import Path

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.loaders import list_files
from qa.types import Document

__all__ = ["Watcher", "keep_up"]

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 1.0
_LARGEST_SHARE = 0.1

Snapshot = dict[Path, tuple[int, int, int]]
"""Size in bytes, time of the last change in nanoseconds and inode of each file."""


class Watcher:
    """Calls ``on_change`` in a thread of its own when files have changed and are at rest.

    It is given the files that are still being written; what they will hold is not taken over yet,
    and keeps nothing else from being so. A folder so large that a look takes long is looked at less
    often: looking never takes more than a tenth of one core.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        on_change: Callable[[Set[Path]], None],
        seconds: float = _SECONDS_BETWEEN_LOOKS,
    ) -> None:
        self._paths = list(paths)
        self._on_change = on_change
        self._seconds = seconds
        self._stopped = threading.Event()
        self._known = self._latest = _snapshot(self._paths)
        self._unsettled: Set[Path] = frozenset()

    def start(self) -> None:
        """Begin to watch for changes since the watcher was made."""
        threading.Thread(target=self._watch, name="corpus-watcher", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()

    def look(self) -> bool:
        """Look once; tell whether files that have come to rest differ from before.

        A file is at rest when two looks in a row find the same, so that it is not read while it is
        being written.
        """
        found, latest = _snapshot(self._paths), self._latest
        self._latest = found
        self._unsettled = {
            path for path in found.keys() | latest if found.get(path) != latest.get(path)
        }
        settled = {path: state for path, state in found.items() if path not in self._unsettled}
        settled |= {path: self._known[path] for path in self._unsettled if path in self._known}
        if settled == self._known:
            return False
        self._known = settled
        return True

    def _watch(self) -> None:
        pause = self._seconds
        while not self._stopped.wait(pause):
            begun = time.monotonic()
            changed = self.look()
            pause = max(self._seconds, (time.monotonic() - begun) / _LARGEST_SHARE)
            if changed:
                self._report()

    def _report(self) -> None:
        try:
            self._on_change(self._unsettled)
        except QAError as error:
            logger.warning("the change of the corpus is not taken over: %s", error)
        except Exception:  # whatever it is, the chat goes on with what it had
            logger.exception("the change of the corpus could not be taken over")


def keep_up(
    paths: Sequence[str | Path],
    current: Callable[[], Chatbot],
    replace: Callable[[Chatbot], None],
    seconds: float = _SECONDS_BETWEEN_LOOKS,
) -> Watcher:
    """Return a started watcher that replaces a chatbot when its files change.

    Only what changed is embedded. A question under way ends with the chatbot it began with.
    """

    def take_over(unsettled: Set[Path]) -> None:
        bot = current()
        updated = bot.updated(paths, kept=_kept(bot, paths, unsettled))
        for problem in updated.problems:
            logger.warning("%s", problem.notice)
        replace(updated)
        logger.info("the corpus changed: %s paragraphs", f"{len(updated.index):,}")

    watcher = Watcher(paths, take_over, seconds)
    watcher.start()
    return watcher


def _kept(
    bot: Chatbot, paths: Sequence[str | Path], unsettled: Set[Path]
) -> dict[Path, list[Document]]:
    """Return the documents, as they were, of files that are being written."""
    sources = {source: path for path, source in list_files(paths) if path in unsettled}
    kept: dict[Path, list[Document]] = {path: [] for path in sources.values()}
    for document in bot.documents if kept else ():
        if document.source in sources:
            kept[sources[document.source]].append(document)
    return kept


def _snapshot(paths: Sequence[str | Path]) -> Snapshot:
    found: Snapshot = {}
    for path, _ in list_files(paths):
        try:
            state = path.stat()
        except (OSError, ValueError):
            # It went between the listing and the look, or never was.
            continue
        found[path] = (state.st_size, state.st_mtime_ns, state.st_ino)
    return found
