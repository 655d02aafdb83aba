"""The files of an index: written once into a data folder, checked, and mapped into memory."""

import contextlib
import errno
import hashlib
import math
import mmap
import os
import secrets
import stat
import tokenize
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamaged

__all__ = [
    "REBUILD",
    "TEXTS",
    "Part",
    "PartWriter",
    "check_file",
    "check_mapped",
    "expect_scattered_reads",
    "let_go",
    "open_array",
    "open_bytes",
    "open_regular",
    "sync_folder",
]

REBUILD = "build it again from its sources (qa index FILE… --to FOLDER)"
"""What to do about an index that cannot be used."""
TEXTS = ("documents", "ids")
"""What is saved as lines of text and not as an array."""
_BLOCK = 1 << 26
"""Bytes of a mapped file that are read together."""
_NUMBERS = "iuf"
"""The kinds of numbers that an array may have: whole ones, and those with a fraction."""
# What numpy meets in a header that somebody made up.
_UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    OverflowError,
    RecursionError,
    MemoryError,
    SyntaxError,
    tokenize.TokenError,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A data folder: its name, and the size in bytes and SHA-256 of every file in it."""

    name: str
    files: dict[str, tuple[int, str]]


class PartWriter:
    """Writes one new data folder, which belongs to nothing until a manifest names it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"data-{secrets.token_hex(4)}"
        self._path.mkdir()
        self._names: list[str] = []

    def allocate(self, name: str, shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
        """Return an array to be filled that is a file."""
        text = name in TEXTS
        file = f"{name}.jsonl" if text else f"{name}.npy"
        self._names.append(file)
        if text and not shape[0]:
            (self._path / file).touch()
            return np.empty(shape, kind)
        if text:
            made: NDArray[Any] = np.memmap(self._path / file, kind, "w+", shape=shape)
        elif 0 in shape:
            # An empty file cannot be mapped; what stands before the data is written anyhow.
            np.save(self._path / file, np.empty(shape, kind), allow_pickle=False)
            return np.empty(shape, kind)
        else:
            made = np.lib.format.open_memmap(self._path / file, "w+", np.dtype(kind), shape)
        _reserve(self._path / file)
        return made

    def finish(self) -> Part:
        """Return the part when all its files are on the disk."""
        files = {}
        for name in self._names:
            with (self._path / name).open("rb") as file:
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
                files[name] = (size, hashlib.file_digest(file, "sha256").hexdigest())
        sync_folder(self._path)
        return Part(self._path.name, files)


def open_array(folder: Path, part: Part, name: str, mode: Literal["r", "c"] = "r") -> NDArray[Any]:
    """Return a saved array, memory-mapped and read-only.

    With the mode "c" it may be written to, which changes no file: torch takes no other.
    """
    path = _named(folder, part, f"{name}.npy")
    try:
        with open_regular(path) as file:
            return _mapped(file, mode)
    except _UNREADABLE as error:
        raise IndexDamaged(f"{path} cannot be read ({error}); {REBUILD}") from error


def _mapped(file: BufferedReader, mode: Literal["r", "c"]) -> NDArray[Any]:
    """Return the array of an open file.

    Its header is looked at before anything is made of it: numpy itself opens pickles, and a
    size that somebody made up may end the process.
    """
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it is no array of this program")
    shape, is_by_column, kind = np.lib.format.read_array_header_1_0(file)
    size = os.fstat(file.fileno()).st_size - file.tell()
    if kind.kind not in _NUMBERS or any(length < 0 for length in shape):
        raise ValueError(f"it holds {kind} of shape {shape}")
    if math.prod(shape) * kind.itemsize != size:
        raise ValueError(f"it has {size:,} bytes for {kind} of shape {shape}")
    array: NDArray[Any] = np.memmap(
        file, kind, mode, file.tell(), shape, "F" if is_by_column else "C"
    )
    return array


def expect_scattered_reads(array: NDArray[Any]) -> None:
    """Let the system read no more of a mapped array than the pages that are looked at."""
    mapped: object = array.base
    if isinstance(mapped, mmap.mmap):
        _advise(mapped, "MADV_RANDOM")


def check_mapped(path: Path, mapped: mmap.mmap, sha: str) -> None:
    """Raise IndexDamaged unless a file that is mapped as a whole has this SHA-256.

    The mapping is what will be read, whatever stands at the path by now. Memory holds one block
    of it at a time.
    """
    digest = hashlib.sha256()
    with memoryview(mapped) as whole:
        for start in range(0, len(whole), _BLOCK):
            _advise(mapped, "MADV_WILLNEED", start)
            with whole[start : start + _BLOCK] as block:
                digest.update(block)
            _advise(mapped, "MADV_DONTNEED", start)
    if digest.hexdigest() != sha:
        raise _changed(path)


def _advise(mapped: mmap.mmap, advice: str, start: int | None = None) -> None:
    """Tell the system how a mapped file, or the block of it from ``start`` on, will be read."""
    number = getattr(mmap, advice, None)
    if number is None:
        return
    if start is None:
        mapped.madvise(number)
    else:
        mapped.madvise(number, start, _BLOCK)


def _changed(path: Path) -> IndexDamaged:
    return IndexDamaged(f"{path} is not as it was written; {REBUILD}")


def let_go(*arrays: NDArray[Any]) -> None:
    """Give back the memory of mapped arrays; what they hold is in their files and is read again.

    Whatever was written is kept, but not what was written to an array of the mode "c".
    """
    for array in arrays:
        mapped: object = array.base
        if isinstance(mapped, mmap.mmap):
            _advise(mapped, "MADV_DONTNEED")


def open_bytes(folder: Path, part: Part, name: str) -> NDArray[np.uint8]:
    """Return a saved text as ``(n_bytes,)`` uint8, memory-mapped and read-only."""
    path = _named(folder, part, f"{name}.jsonl")
    if part.files[path.name][0] == 0:
        return np.empty(0, np.uint8)
    return np.memmap(path, np.uint8, "r")


def _named(folder: Path, part: Part, name: str) -> Path:
    if name not in part.files:
        raise IndexDamaged(f"the manifest in {folder} lacks the file {name}; {REBUILD}")
    return folder / part.name / name


def check_file(path: Path, size: int, sha: str | None) -> None:
    """Raise IndexDamaged unless a file has this size and, if it is given, this SHA-256."""
    try:
        with open_regular(path) as file:
            found = os.fstat(file.fileno()).st_size
            if found != size:
                raise IndexDamaged(f"{path} has {found} bytes instead of {size}; {REBUILD}")
            if sha is not None and hashlib.file_digest(file, "sha256").hexdigest() != sha:
                raise _changed(path)
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read ({error.strerror}); {REBUILD}") from error


def open_regular(path: Path) -> BufferedReader:
    """Open a file of the index itself: no link to another place, and nothing that waits."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no file")
    return file


def _reserve(path: Path) -> None:
    """Take the room that a mapped file needs: a disk that is full later would be a crash."""
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size)


def sync_folder(folder: Path) -> None:
    """See to it that what a folder holds is on the disk."""
    # Not every system lets a folder be opened; there the rename has to do.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
