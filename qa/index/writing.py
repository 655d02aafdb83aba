"""Writing to an index folder: one writer at a time, and nothing half done left behind."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from qa.errors import QAError
from qa.index import storage

__all__ = ["locked", "tidying"]


@contextlib.contextmanager
def tidying(folder: Path) -> Iterator[None]:
    """Delete what was written in vain, if something fails."""
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(OSError):
            storage.sweep(folder)
        if isinstance(error, OSError):
            raise storage.unwritable(folder, error) from error
        raise


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to the folder; a process that dies lets go of it."""
    try:
        import fcntl
    except ImportError:
        # Where there are no such locks, two writers at once have to be avoided by their owner.
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise QAError(
            f"another process is writing to {folder}; wait for it, or give another folder"
        ) from error
    try:
        yield
    finally:
        os.close(handle)
