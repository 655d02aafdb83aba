"""A saved index: a folder with a manifest and one data folder that it names.

Data is written aside under a new name and the manifest replaced last, in one step, so that
at any moment the folder holds a whole index, the old or the new one.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import tokenize
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamaged, IndexMismatch, QAError

__all__ = ["FORMAT", "Manifest", "open_array", "open_bytes", "read_manifest", "write"]

FORMAT = 1
_MANIFEST = "manifest.json"
_DATA = "data-"
_DATA_NAME = re.compile(r"data-[0-9a-f]{8}")
_FILE_NAME = re.compile(r"[a-z_]+\.(?:npy|jsonl)")
_SUFFIXES = (".npy", ".jsonl", ".json")
_LARGEST_MANIFEST = 1024 * 1024
# What numpy meets in a header that somebody made up.
_UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    TypeError,
    OverflowError,
    RecursionError,
    MemoryError,
    SyntaxError,
    tokenize.TokenError,
)
_REBUILD = "build it again from its sources (qa index FILE… --to FOLDER)"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index folder says of itself.

    ``files`` gives the size in bytes and the SHA-256 of every file in the folder ``data``.
    """

    model: str
    fingerprint: str
    dimension: int
    documents: int
    paragraphs: int
    windows: int
    data: str
    files: dict[str, tuple[int, str]]
    format: int = FORMAT


def write(
    folder: Path,
    arrays: Mapping[str, NDArray[Any]],
    texts: Mapping[str, bytes],
    description: Mapping[str, Any],
) -> None:
    """Save arrays and texts as the new content of the index at ``folder``.

    Raises:
        QAError: if the folder cannot be written; what was there before is kept.

    """
    data = folder / f"{_DATA}{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _may_write(folder):
            raise QAError(
                f"{folder} holds something else than an index; give an empty or new folder"
            )
        data.mkdir()
        files = {name: _write_array(data / name, array) for name, array in arrays.items()}
        files |= {name: _write_bytes(data / name, text) for name, text in texts.items()}
        manifest = Manifest(data=data.name, files=files, **description)
        aside = data / _MANIFEST
        _write_bytes(aside, json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode())
        _sync_folder(data)
        aside.replace(folder / _MANIFEST)
        _sync_folder(folder)
    except OSError as error:
        shutil.rmtree(data, ignore_errors=True)
        raise QAError(
            f"the index could not be saved in {folder} ({error.strerror or error}); "
            "what was there before is unchanged. Choose a folder with room that you may write to"
        ) from error
    for entry in folder.iterdir():
        if _is_data(entry) and entry.name != data.name:
            shutil.rmtree(entry, ignore_errors=True)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a saved index after checking every file that it names.

    Raises:
        IndexDamaged: if there is no index, or a file is missing or not as it was written.
        IndexMismatch: if a program of another format version wrote it.

    """
    path = folder / _MANIFEST
    try:
        raw = _read_json(path)
    except FileNotFoundError as error:
        raise IndexDamaged(
            f"{folder} is no saved index (no {_MANIFEST} in it); {_REBUILD}"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}); {_REBUILD}") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        found = raw.get("format") if isinstance(raw, dict) else None
        raise IndexMismatch(
            f"{folder} has index format {found}, this program reads format {FORMAT}; {_REBUILD}"
        )
    try:
        raw["files"] = {name: (int(size), str(sha)) for name, (size, sha) in raw["files"].items()}
        manifest = Manifest(**raw)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise IndexDamaged(
            f"{path} is not the manifest of an index ({error}); {_REBUILD}"
        ) from error
    if not isinstance(manifest.data, str) or _DATA_NAME.fullmatch(manifest.data) is None:
        raise IndexDamaged(f"{path} names a data folder outside the index; {_REBUILD}")
    if (folder / manifest.data).is_symlink():
        raise IndexDamaged(f"{folder / manifest.data} leads out of the index; {_REBUILD}")
    for name, (size, sha) in manifest.files.items():
        _check(folder / manifest.data, name, size, sha)
    return manifest


def open_array(folder: Path, manifest: Manifest, name: str) -> NDArray[Any]:
    """Return a saved array, memory-mapped and read-only."""
    path = _named(folder, manifest, name)
    try:
        # Not np.load, which opens archives and pickles as well.
        with np.errstate(all="ignore"):
            array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except _UNREADABLE as error:
        raise IndexDamaged(f"{path} cannot be read ({error}); {_REBUILD}") from error
    return array


def open_bytes(folder: Path, manifest: Manifest, name: str) -> NDArray[np.uint8]:
    """Return a saved text as ``(n_bytes,)`` uint8, memory-mapped and read-only."""
    path = _named(folder, manifest, name)
    if manifest.files[name][0] == 0:
        return np.empty(0, np.uint8)
    return np.memmap(path, np.uint8, "r")


def _named(folder: Path, manifest: Manifest, name: str) -> Path:
    path = folder / manifest.data / name
    if name not in manifest.files:
        raise IndexDamaged(f"the manifest in {folder} lacks the file {name}; {_REBUILD}")
    return path


def _is_data(entry: Path) -> bool:
    """Tell whether an entry is a data folder of an index: by its name and by what is in it."""
    return (
        _DATA_NAME.fullmatch(entry.name) is not None
        and entry.is_dir()
        and all(file.suffix in _SUFFIXES and file.is_file() for file in entry.iterdir())
    )


def _may_write(folder: Path) -> bool:
    """Tell whether a folder is an index, the rest of one that was never finished, or empty."""
    entries = list(folder.iterdir())
    if all(_is_data(entry) for entry in entries):
        return True
    try:
        raw = _read_json(folder / _MANIFEST)
    except (OSError, ValueError, RecursionError):
        # A manifest cut short by a crash still stands beside the data that it names.
        return (folder / _MANIFEST).is_file() and any(map(_is_data, entries))
    return isinstance(raw, dict) and {"format", "fingerprint", "data", "files"} <= raw.keys()


def _check(folder: Path, name: str, size: int, sha: str) -> None:
    path = folder / name
    if _FILE_NAME.fullmatch(name) is None:
        raise IndexDamaged(f"the manifest names a file outside the index ({name}); {_REBUILD}")
    try:
        with _open_regular(path) as file:
            found = os.fstat(file.fileno()).st_size
            if found != size:
                raise IndexDamaged(f"{path} has {found} bytes instead of {size}; {_REBUILD}")
            if hashlib.file_digest(file, "sha256").hexdigest() != sha:
                raise IndexDamaged(f"{path} is not as it was written; {_REBUILD}")
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read ({error.strerror}); {_REBUILD}") from error


def _read_json(path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    """Return the content of a manifest, unless it is larger than one could be."""
    with _open_regular(path) as file:
        data = file.read(_LARGEST_MANIFEST + 1)
    if len(data) > _LARGEST_MANIFEST:
        raise ValueError(f"it has more than {_LARGEST_MANIFEST:,} bytes")
    return json.loads(data.decode("utf-8"))


def _open_regular(path: Path) -> BufferedReader:
    """Open a file of the index itself: no link to another place, and nothing that waits."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no file")
    return file


def _write_array(path: Path, array: NDArray[Any]) -> tuple[int, str]:
    with path.open("wb") as file:
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _size_and_hash(path)


def _write_bytes(path: Path, data: bytes) -> tuple[int, str]:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return _size_and_hash(path)


def _size_and_hash(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    # Not every system lets a folder be opened; there the rename has to do.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
