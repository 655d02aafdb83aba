"""A saved index: a folder with a manifest and the data folders that it names.

Data folders are written once, under a new name, and never changed; then the manifest is
replaced in one step. So at any moment the folder holds a whole index, the old or the new one.
Work that goes on for long is kept under a manifest of its own, beside that of the whole index.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.config import FLOAT32, VECTOR_FORMATS
from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index.files import REBUILD, Part, check_file, open_regular, sync_folder

__all__ = [
    "FORMAT",
    "LARGE",
    "MANIFEST",
    "UNFINISHED",
    "WHOLE_CHECK_BYTES",
    "Manifest",
    "commit",
    "identity",
    "prepare_folder",
    "read_manifest",
    "sweep",
    "unwritable",
]

FORMAT = 4
MANIFEST = "manifest.json"
UNFINISHED = "unfinished.json"
"""The manifest of an index that is still being made."""
WHOLE_CHECK_BYTES = 256 * 1024 * 1024
"""Up to this size every byte of an index is checked when it is opened: about 0.4 seconds."""
LARGE = frozenset(
    [
        "embeddings.npy",
        "codes.npy",
        "posting_paragraphs.npy",
        "posting_counts.npy",
        "documents.jsonl",
    ]
)
"""What a large index consists of. All other files of a million paragraphs have 26 MB together."""
_DATA_NAME = re.compile(r"data-[0-9a-f]{8}")
_FILE_NAME = re.compile(r"[a-z_]+\.(?:npy|jsonl)")
_SUFFIXES = (".npy", ".jsonl", ".json")
_LARGEST_MANIFEST = 1024 * 1024
# What JSON that is no manifest leads to.
_UNFIT = (TypeError, ValueError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index folder says of itself.

    ``segments`` are the data folders of its segments; ``catalog`` is the one that tells which
    of their documents are the index, and in which order. ``vectors`` is one of
    ``VECTOR_FORMATS``.
    """

    model: str
    fingerprint: str
    dimension: int
    documents: int
    paragraphs: int
    windows: int
    segments: tuple[Part, ...]
    catalog: Part
    format: int = FORMAT
    vectors: str = FLOAT32

    @property
    def parts(self) -> tuple[Part, ...]:
        """All data folders."""
        return (*self.segments, self.catalog)

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(size for part in self.parts for size, _ in part.files.values())

    @property
    def is_small(self) -> bool:
        """Whether every byte is checked when the index is opened."""
        return self.size <= WHOLE_CHECK_BYTES


def prepare_folder(folder: Path) -> None:
    """Make the folder of an index, for its owner alone, if it is not there.

    Raises:
        QAError: if it cannot be written, holds something else than an index, or is a place in
            Milvus.

    """
    # A path has no two slashes behind the colon.
    if str(folder).startswith(("http:/", "https:/")) or folder.suffix == ".db":
        raise QAError(f"{folder} is a place in Milvus, which only qa index fills; give a folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # The whole texts are in it. Whoever wants to share it opens the folder to others.
        folder.mkdir(mode=0o700, exist_ok=True)
        allowed = _may_write(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    if not allowed:
        raise QAError(f"{folder} holds something else than an index; give an empty or new folder")


def commit(folder: Path, manifest: Manifest, name: str = MANIFEST) -> None:
    """Put a manifest in place of the old one, in one step, and delete what none names.

    A whole index ends the work that was under way.

    Raises:
        QAError: if the folder cannot be written; what was there before is kept.

    """
    raw = asdict(manifest)
    aside = folder / manifest.catalog.name / name
    try:
        with aside.open("wb") as file:
            file.write(json.dumps(raw | {"seal": _seal(raw)}, ensure_ascii=False).encode())
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder / name)
    except OSError as error:
        raise unwritable(folder, error) from error
    # The new state holds from here on; what tidies up must not be taken for a failure.
    with contextlib.suppress(OSError):
        if name == MANIFEST:
            (folder / UNFINISHED).unlink(missing_ok=True)
    sync_folder(folder)
    sweep(folder)


def unwritable(folder: Path, error: OSError) -> QAError:
    """Return the error of a folder that could not be written."""
    return QAError(
        f"the index could not be saved in {folder} ({error.strerror or error}); "
        "what was there before is unchanged. Choose a folder with room that you may write to"
    )


def read_manifest(folder: Path, name: str = MANIFEST, *, whole: bool = False) -> Manifest:
    """Return a manifest after checking the files that it names.

    The size of every file is always checked, and every byte (by its SHA-256) of an index of up
    to ``WHOLE_CHECK_BYTES``, or of any with ``whole``; of others that of all but ``LARGE`` files.

    Raises:
        IndexDamaged: if there is no index, or a file is missing or not as it was written.
        IndexMismatch: if a program of another format version wrote it.

    """
    manifest = _parse(folder, name)
    whole = whole or manifest.is_small
    for part in manifest.parts:
        if (folder / part.name).is_symlink():
            raise IndexDamaged(f"{folder / part.name} leads out of the index; {REBUILD}")
        for file, (size, sha) in part.files.items():
            is_read = whole or file not in LARGE
            check_file(folder / part.name / file, size, sha if is_read else None)
    return manifest


def identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells the manifest of an index from the one that replaces it; None for none."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _parse(folder: Path, name: str) -> Manifest:
    path = folder / name
    try:
        raw = _read_json(path)
    except FileNotFoundError as error:
        unfinished = (folder / UNFINISHED).is_file()
        reason = f"{folder} is no saved index (no {name} in it); {REBUILD}"
        if unfinished:
            reason = f"the index in {folder} was never finished; run the same qa index again"
        raise IndexDamaged(reason) from error
    except (OSError, ValueError, RecursionError) as error:
        raise IndexDamaged(f"{path} cannot be read ({error}); {REBUILD}") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        found = raw.get("format") if isinstance(raw, dict) else None
        known = found if isinstance(found, int) else "(none)"
        raise IndexMismatch(
            f"{folder} has index format {known}, this program reads format {FORMAT}; {REBUILD}"
        )
    try:
        seal = raw.pop("seal")
        sealed = _seal(raw)
        raw["segments"] = tuple(map(_part, raw["segments"]))
        manifest = Manifest(**raw | {"catalog": _part(raw["catalog"])})
        _check_fields(manifest)
    except _UNFIT as error:
        raise IndexDamaged(
            f"{path} is not the manifest of an index ({error}); {REBUILD}"
        ) from error
    if seal != sealed:
        raise IndexDamaged(f"{path} is not as it was written; {REBUILD}")
    if manifest.vectors not in VECTOR_FORMATS:
        raise IndexMismatch(
            f"{folder} keeps its vectors as {manifest.vectors!r}, this program reads "
            f"{' or '.join(VECTOR_FORMATS)}; {REBUILD}"
        )
    return manifest


def _part(raw: Mapping[str, Any]) -> Part:
    name, files = raw["name"], raw["files"]
    if not isinstance(name, str) or _DATA_NAME.fullmatch(name) is None:
        raise ValueError("it names a data folder outside the index")
    for file in files:
        if _FILE_NAME.fullmatch(file) is None:
            raise ValueError(f"it names a file outside the index, {file}")
    return Part(name, {file: (int(size), str(sha)) for file, (size, sha) in files.items()})


def _check_fields(manifest: Manifest) -> None:
    """Raise ValueError unless the counts of a manifest are counts and its names are texts."""
    counts = (manifest.dimension, manifest.documents, manifest.paragraphs, manifest.windows)
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError("its counts are none")
    if not all(isinstance(name, str) for name in (manifest.model, manifest.fingerprint)):
        raise ValueError("it names no model")


def _seal(raw: Mapping[str, Any]) -> str:
    content = json.dumps(raw, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def sweep(folder: Path) -> None:
    """Delete the data folders that no manifest names; call it only while nothing is written."""
    kept: set[str] = set()
    for name in (MANIFEST, UNFINISHED):
        # A manifest that cannot be read names nothing that could be used.
        with contextlib.suppress(IndexDamaged, IndexMismatch):
            kept |= {part.name for part in _parse(folder, name).parts}
    for entry in folder.iterdir():
        if _is_data(entry) and entry.name not in kept:
            shutil.rmtree(entry, ignore_errors=True)


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
    return any(_is_manifest(folder / name, entries) for name in (MANIFEST, UNFINISHED))


def _is_manifest(path: Path, entries: Sequence[Path]) -> bool:
    try:
        raw = _read_json(path)
    except (OSError, ValueError, RecursionError):
        # A manifest cut short by a crash still stands beside the data that it names.
        return path.is_file() and any(map(_is_data, entries))
    return isinstance(raw, dict) and {"format", "fingerprint"} <= raw.keys()


def _read_json(path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    """Return the content of a manifest, unless it is larger than one could be."""
    with open_regular(path) as file:
        data = file.read(_LARGEST_MANIFEST + 1)
    if len(data) > _LARGEST_MANIFEST:
        raise ValueError(f"it has more than {_LARGEST_MANIFEST:,} bytes")
    return json.loads(data.decode("utf-8"))
