"""Uploads on the disk: so many bytes and files for all, none that was cut off, none left behind."""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from gradio import route_utils
from python_multipart.exceptions import MultipartParseError
from starlette.formparsers import MultiPartException

from qa.web.gate.bodies import Share

__all__ = ["UPLOAD_BYTES", "UploadFolder", "UploadParser", "Uploaded", "note_arrived"]

UPLOAD_BYTES = 100_000_000
"""Largest upload, all its files together."""

UNREAD_BYTES = 400_000_000
"""Uploads that are arriving or have not been read yet, of all visitors."""

UNREAD_FILES = 1_000
FILES_AT_ONCE = 100
"""Files of one upload."""

_PREFIX = "article-qa-uploads-"
_TOLD = "there are too many files that were not read yet; try again in a moment"
_arrived: ContextVar[list[str] | None] = ContextVar("arrived", default=None)


def note_arrived(paths: Iterable[str]) -> None:
    """Count files that have arrived whole, if an upload is going on."""
    arrived = _arrived.get()
    if arrived is not None:
        arrived += paths


class Uploaded:
    """Counts what visitors have uploaded until it is read, which deletes it."""

    def __init__(self) -> None:
        self._bytes = Share(UNREAD_BYTES, _TOLD)
        self._count = Share(UNREAD_FILES, _TOLD)
        self._unread: dict[str, tuple[str, int]] = {}

    @contextlib.contextmanager
    def coming(self, visitor: str, length: int) -> Iterator[None]:
        """Make room for an upload of so many bytes, 0 if that is not known, and count its files.

        Raises:
            Refusal: if there is no room for it.

        """
        self._forget_read()
        arrived: list[str] = []
        entered = _arrived.set(arrived)
        try:
            with self._bytes.held(visitor) as holding:
                holding.add(length or UPLOAD_BYTES)
                self._count.take(visitor, 0)
                yield
        finally:
            _arrived.reset(entered)
            for path in arrived:
                self._note(path, visitor)

    def _note(self, path: str, visitor: str) -> None:
        try:
            size = Path(path).stat().st_size
        except OSError:
            # It has been read and deleted already.
            return
        self._bytes.note(visitor, size)
        self._count.note(visitor, 1)
        self._unread[path] = (visitor, size)

    def _forget_read(self) -> None:
        # All of them with each upload: an object for each path would be most of what a server does.
        for path in [path for path in self._unread if not os.access(path, os.F_OK)]:
            visitor, size = self._unread.pop(path)
            self._bytes.give_back(visitor, size)
            self._count.give_back(visitor, 1)


class UploadParser(route_utils.GradioMultiPartParser):
    """Receives files and nothing else, and leaves nothing of an upload that breaks off."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as gradio has it
        super().__init__(*given, **named | {"max_files": FILES_AT_ONCE})

    def on_headers_finished(self) -> None:
        """Begin with a file."""
        super().on_headers_finished()
        part = self._current_part
        if part.file is None or part.field_name != "files":
            raise MultiPartException("Expected files only, in fields with the name files.")

    async def parse(self) -> Any:  # noqa: ANN401 - as gradio has it
        """Return what was received."""
        try:
            return await super().parse()
        except (MultiPartException, MultipartParseError):
            raise
        except BaseException:
            for file in self._files_to_close_on_error:
                file.close()
                Path(file.name).unlink(missing_ok=True)
            raise


class UploadFolder:
    """A folder of this process alone for uploads, there while any of its servers is.

    What a process that was killed has left is deleted by the next one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._path: Path | None = None
        self._held: int | None = None
        self._base = os.environ.get("GRADIO_TEMP_DIR")

    def enter(self) -> Callable[[], None]:
        """Make the folder, unless it is there, and let gradio use it.

        What is returned ends the use, and does nothing when it is called again.
        """
        with self._lock:
            self._users += 1
            if self._path is None:
                base = self._base or tempfile.gettempdir()
                Path(base).mkdir(parents=True, exist_ok=True)
                for left in Path(base).glob(f"{_PREFIX}*"):
                    _delete_if_left(left)
                self._path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base)).resolve()
                self._held = _lock_folder(self._path)
                os.environ["GRADIO_TEMP_DIR"] = str(self._path)
        return cache(self._leave)

    def _leave(self) -> None:
        """Delete the folder with all that is in it, if no other server uses it."""
        with self._lock:
            self._users -= 1
            if self._users or self._path is None:
                return
            shutil.rmtree(self._path, ignore_errors=True)
            if self._held is not None:
                os.close(self._held)
            self._path = self._held = None
            if self._base is None:
                os.environ.pop("GRADIO_TEMP_DIR", None)
            else:
                os.environ["GRADIO_TEMP_DIR"] = self._base


def _lock_folder(folder: Path) -> int | None:
    """Hold a folder so that others see it is in use; None where another one holds it.

    Where there are no such locks, nothing is ever taken for left behind.
    """
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _delete_if_left(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = _lock_folder(folder)
        if handle is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)
