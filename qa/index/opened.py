"""An index folder, opened: its files mapped into memory, checked now or before the first search.

A large file is not read when an index is opened. What it holds is compared with its SHA-256 once,
before anything is searched, copied or saved; a document is compared with its own hash whenever it
is read, too.
"""

import contextlib
import mmap
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from qa.config import INT8
from qa.embedding import Embedder
from qa.errors import IndexDamaged, IndexMismatch
from qa.index import storage
from qa.index.check import check_arrays, check_ids, check_order, check_postings, check_rows
from qa.index.codes import CODES
from qa.index.files import REBUILD, TEXTS, Part, check_mapped, let_go, open_array, open_bytes
from qa.index.lexical import token_hash
from qa.index.segment import NAMES, Segment, Whereabouts, from_arrays, to_arrays, vector_format
from qa.index.storage import Manifest

__all__ = [
    "Opened",
    "Unchecked",
    "check_content",
    "check_model",
    "open_folder",
    "open_segment",
    "verify",
]

_MOST_REPLACED = 10
_Read = TypeVar("_Read")


class Unchecked:
    """What is not checked yet of an index; the first call of ``check`` does it."""

    def __init__(self, checks: Sequence[Callable[[], None]] = ()) -> None:
        self._checks = list(checks)
        self._damaged = ""
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Begin in a thread of its own; ``check`` waits for it and raises what it found."""
        if self._checks:
            threading.Thread(target=self._find_out, name="index-check", daemon=True).start()

    def _find_out(self) -> None:
        # Whoever asks the index is told.
        with contextlib.suppress(Exception):
            self.check()

    def check(self) -> None:
        """Check what is left; whoever else wants it meanwhile waits.

        Raises:
            IndexDamaged: if a file is not as it was written, every time.

        """
        with self._lock:
            if self._damaged:
                raise IndexDamaged(self._damaged)
            try:
                while self._checks:
                    self._checks[0]()
                    del self._checks[0]
            except IndexDamaged as error:
                self._damaged = str(error)
                raise


@dataclass(frozen=True, slots=True)
class Opened:
    """The segments of an index, where its documents are in them, and what is not checked yet."""

    segments: list[Segment]
    order: Whereabouts
    unchecked: Unchecked


def open_folder(folder: Path, embedder: Embedder) -> Opened:
    """Return a saved index, memory-mapped.

    Raises:
        IndexDamaged: if it is not whole, as far as that can be told at once.
        IndexMismatch: if another model or format version made it.

    """
    return _as_it_stays(folder, lambda: _open(folder, embedder))


def _open(folder: Path, embedder: Embedder) -> Opened:
    manifest = storage.read_manifest(folder)
    check_model(folder, manifest, embedder)
    segments = [open_segment(folder, part) for part in manifest.segments]
    if manifest.vectors == INT8 and vector_format(segments) != INT8:
        raise IndexDamaged(f"the index in {folder} lacks the small copy of its vectors; {REBUILD}")
    check_rows(folder, [one.embeddings for one in segments], manifest.dimension)
    order = open_array(folder, manifest.catalog, "order")
    check_order(folder, order, [one.n_documents for one in segments], manifest.documents)
    checks: list[Callable[[], None]] = []
    for part, segment in zip(manifest.segments, segments, strict=True):
        if not manifest.is_small:
            checks += _file_checks(folder, part, segment)
        checks.append(partial(check_content, folder, segment))
    unchecked = Unchecked(checks)
    if manifest.is_small:
        unchecked.check()
    return Opened(segments, order, unchecked)


def open_segment(folder: Path, part: Part) -> Segment:
    """Return a data folder as a segment, memory-mapped.

    Raises:
        IndexDamaged: if its files do not fit together, as far as that can be told at once.

    """
    arrays = {
        name: (open_bytes if name in TEXTS else open_array)(folder, part, name) for name in NAMES
    }
    if f"{CODES[0]}.npy" in part.files:
        arrays |= {name: open_array(folder, part, name, "c") for name in CODES}
    check_arrays(folder, arrays)
    return from_arrays(arrays)


def check_content(folder: Path, segment: Segment) -> None:
    """Raise IndexDamaged unless postings and ids of a segment fit, which takes a look at all."""
    check_postings(folder, segment.postings.paragraphs, segment.n_paragraphs)
    hashes = map(token_hash, map(segment.ids.text, range(segment.n_documents)))
    check_ids(folder, hashes, segment.id_hashes, segment.id_places)
    let_go(*to_arrays(segment).values())


def check_model(folder: Path, manifest: Manifest, embedder: Embedder) -> None:
    """Raise IndexMismatch unless an index was made by this model."""
    if manifest.fingerprint != embedder.fingerprint:
        raise IndexMismatch(
            f"{folder} was made with the model {manifest.model!r} ({manifest.fingerprint}), "
            f"this chatbot has {embedder.name!r} ({embedder.fingerprint}); open it with that "
            "model or build it again"
        )


def verify(folder: Path) -> Manifest:
    """Check every byte of a saved index, whatever its size, and return its manifest.

    Raises:
        IndexDamaged: if it is not whole; names the file.
        IndexMismatch: if another format version made it.

    """
    return _as_it_stays(folder, lambda: storage.read_manifest(folder, whole=True))


def _as_it_stays(folder: Path, read: Callable[[], _Read]) -> _Read:
    """Return what is read of an index, once more if it was replaced, and its files gone, meanwhile.

    Who replaces it again and again is not waited for without end.
    """
    for _ in range(_MOST_REPLACED):
        before = storage.identity(folder)
        try:
            return read()
        except IndexDamaged:
            if storage.identity(folder) == before:
                raise
    return read()


def _file_checks(folder: Path, part: Part, segment: Segment) -> list[Callable[[], None]]:
    """Return the checks of the files that :func:`storage.read_manifest` left out."""
    checks: list[Callable[[], None]] = []
    for name, array in to_arrays(segment).items():
        file = f"{name}.jsonl" if name in TEXTS else f"{name}.npy"
        mapped: object = array.base
        # What is empty is not mapped.
        if file in storage.LARGE and isinstance(mapped, mmap.mmap):
            _, sha = part.files[file]
            checks.append(partial(check_mapped, folder / part.name / file, mapped, sha))
    return checks
