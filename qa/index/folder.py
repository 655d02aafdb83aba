"""An index folder: opened for searching, written as a whole, or filled in steps."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from qa.embed import Embedder
from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index import storage
from qa.index.check import check_arrays, check_ids, check_order, check_rows
from qa.index.content import Prepared
from qa.index.files import TEXTS, Part, PartWriter, open_array, open_bytes
from qa.index.lexical import token_hash
from qa.index.merging import merge, per_document
from qa.index.segment import NAMES, Segment, Whereabouts, from_arrays, locate, to_arrays
from qa.index.storage import Manifest

__all__ = ["FolderStore", "merge_folders", "open_folder", "verify", "write_whole"]

_MOST_SEGMENTS = 8
_MOST_VOID = 0.25
_CHEAP_TO_MERGE = 50_000
"""Paragraphs that are merged in a moment, so that a smaller index is always one segment."""


def open_folder(folder: Path, embedder: Embedder) -> tuple[list[Segment], Whereabouts]:
    """Return the segments of a saved index, memory-mapped, and where its documents are.

    Raises:
        IndexDamaged: if it is not whole.
        IndexMismatch: if another model or format version made it.

    """
    manifest = storage.read_manifest(folder)
    _check_model(folder, manifest, embedder)
    whole = manifest.size <= storage.WHOLE_CHECK_BYTES
    segments = [_open_segment(folder, part, whole=whole) for part in manifest.segments]
    check_rows(folder, [one.embeddings for one in segments], manifest.dimension)
    order = open_array(folder, manifest.catalog, "order")
    check_order(folder, order, [one.n_documents for one in segments], manifest.documents)
    return segments, order


def verify(folder: Path) -> Manifest:
    """Check every byte of a saved index, whatever its size, and return its manifest.

    Raises:
        IndexDamaged: if it is not whole; names the file.
        IndexMismatch: if another format version made it.

    """
    return storage.read_manifest(folder, whole=True)


def write_whole(
    folder: Path, segments: Sequence[Segment], order: Whereabouts, model: Embedder
) -> None:
    """Save documents as an index of one segment, in their order, in place of what is there.

    Raises:
        QAError: if the folder cannot be written; what was there before is kept.

    """
    storage.prepare_folder(folder)
    with _locked(folder), _tidying(folder):
        part = _merged(folder, segments, order)
        _commit(folder, [part], _in_a_row(len(order)), model)


def merge_folders(folders: Sequence[Path], to: Path, embedder: Embedder) -> int:
    """Write the documents of several indexes as one; return how many there are.

    A document that several have is taken from the last of them.

    Raises:
        IndexDamaged: if one of them is not whole.
        IndexMismatch: if one of them was made by another model or format version.

    """
    segments: list[Segment] = []
    names: dict[str, None] = {}
    for folder in folders:
        own, order = open_folder(folder, embedder)
        segments += own
        names |= dict.fromkeys(own[owner].ids.text(place) for owner, place in order.tolist())
    write_whole(to, segments, locate(segments, list(names)), embedder)
    return len(names)


class FolderStore:
    """Fills an index folder in steps, each one safe on the disk when it returns.

    What was done is kept under a manifest of its own until ``finish``, so that the index that
    was there before answers meanwhile, and a process that was killed can go on where it was.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        storage.prepare_folder(folder)
        self._folder = folder
        self._model = embedder
        self._lock = contextlib.ExitStack()
        self._lock.enter_context(_locked(folder))
        self._parts: list[Part] = []
        self._segments: list[Segment] = []
        for name in (storage.UNFINISHED, storage.MANIFEST):
            if self._resume(name):
                break

    def digests(self, document_ids: Sequence[str]) -> dict[str, str]:
        """Return the content hash of each of these documents that is stored."""
        places = locate(self._segments, document_ids).tolist()
        return {
            name: self._segments[owner].digest(place)
            for name, (owner, place) in zip(document_ids, places, strict=True)
            if owner >= 0
        }

    def put(self, batch: Sequence[Prepared]) -> None:
        """Store documents; they are on the disk when this returns."""
        with _tidying(self._folder):
            part = _written(self._folder, Segment.build(batch))
            parts = [*self._parts, part]
            _commit(
                self._folder,
                parts,
                np.empty((0, 2), np.int32),
                self._model,
                name=storage.UNFINISHED,
            )
        self._parts = parts
        self._segments.append(_open_segment(self._folder, part))

    def finish(self, order: Sequence[str], holds: Callable[[str], bool]) -> None:
        """Make the index these documents, in this order, and no others.

        Segments are merged when they are many, mostly void, or small; otherwise nothing but
        the list of documents is written.
        """
        del holds
        found = locate(self._segments, order)
        with _tidying(self._folder):
            parts = self._parts
            if self._should_merge(found):
                parts, found = [_merged(self._folder, self._segments, found)], _in_a_row(len(found))
            _commit(self._folder, parts, found, self._model)
        self._parts = parts
        self._segments = [_open_segment(self._folder, part) for part in parts]

    def close(self) -> None:
        """Let others write to the folder."""
        self._lock.close()

    def _resume(self, name: str) -> bool:
        """Take over what an earlier run or index left; False if nothing of it can be used."""
        try:
            manifest = storage.read_manifest(self._folder, name)
            _check_model(self._folder, manifest, self._model)
            segments = [_open_segment(self._folder, part, whole=True) for part in manifest.segments]
            check_rows(self._folder, [one.embeddings for one in segments], manifest.dimension)
        except (IndexDamaged, IndexMismatch):
            return False
        self._parts, self._segments = list(manifest.segments), segments
        return True

    def _should_merge(self, order: Whereabouts) -> bool:
        n_paragraphs = sum(one.n_paragraphs for one in self._segments)
        n_documents = sum(one.n_documents for one in self._segments)
        in_place = len(self._segments) == 1 and np.array_equal(order, _in_a_row(n_documents))
        if in_place:
            return False
        return (
            n_paragraphs <= _CHEAP_TO_MERGE
            or len(self._segments) > _MOST_SEGMENTS
            or len(order) < (1 - _MOST_VOID) * n_documents
        )


def _check_model(folder: Path, manifest: Manifest, embedder: Embedder) -> None:
    if manifest.fingerprint != embedder.fingerprint:
        raise IndexMismatch(
            f"{folder} was made with the model {manifest.model!r} ({manifest.fingerprint}), "
            f"this chatbot has {embedder.name!r} ({embedder.fingerprint}); open it with that "
            "model or build it again"
        )


def _open_segment(folder: Path, part: Part, *, whole: bool = False) -> Segment:
    arrays = {
        name: (open_bytes if name in TEXTS else open_array)(folder, part, name) for name in NAMES
    }
    check_arrays(folder, arrays, whole=whole)
    segment = from_arrays(arrays)
    if whole:
        hashes = map(token_hash, map(segment.ids.text, range(segment.n_documents)))
        check_ids(folder, hashes, segment.id_hashes, segment.id_places)
    return segment


def _merged(folder: Path, segments: Sequence[Segment], order: Whereabouts) -> Part:
    writer = PartWriter(folder)
    merge(segments, order, writer.allocate)
    return writer.finish()


def _written(folder: Path, segment: Segment) -> Part:
    writer = PartWriter(folder)
    for name, array in to_arrays(segment).items():
        writer.allocate(name, array.shape, array.dtype.type)[...] = array
    return writer.finish()


def _commit(
    folder: Path,
    parts: Sequence[Part],
    order: Whereabouts,
    model: Embedder,
    name: str = storage.MANIFEST,
) -> None:
    segments = [_open_segment(folder, part) for part in parts]
    writer = PartWriter(folder)
    writer.allocate("order", order.shape, np.int32)[...] = order
    counts = per_document([np.diff(one.paragraph_starts) for one in segments], order)
    manifest = Manifest(
        model=model.name,
        fingerprint=model.fingerprint,
        dimension=max((one.embeddings.shape[1] for one in segments), default=0),
        documents=len(order),
        paragraphs=int(counts.sum()),
        windows=sum(len(one.embeddings) for one in segments),
        segments=tuple(parts),
        catalog=writer.finish(),
    )
    storage.commit(folder, manifest, name)


def _in_a_row(n_documents: int) -> Whereabouts:
    places = np.arange(n_documents, dtype=np.int32)
    return np.stack([np.zeros_like(places), places], axis=1)


@contextlib.contextmanager
def _tidying(folder: Path) -> Iterator[None]:
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
def _locked(folder: Path) -> Iterator[None]:
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
