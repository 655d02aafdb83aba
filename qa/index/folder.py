"""An index folder: written as a whole, or filled in steps."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.config import FLOAT32
from qa.embedding import Embedder
from qa.errors import IndexDamaged, IndexMismatch
from qa.index import Named, storage
from qa.index.check import check_rows
from qa.index.content import Prepared
from qa.index.files import Part
from qa.index.opened import check_content, check_model, open_folder, open_segment
from qa.index.parts import (
    commit_segments,
    in_a_row,
    write_merged,
    write_segment,
)
from qa.index.segment import Segment, Whereabouts, check_format, locate, vector_format
from qa.index.writing import locked, tidying
from qa.types import Integers

__all__ = ["FolderStore", "Merged", "merge_folders", "write_whole"]

_MOST_SEGMENTS = 8
_MOST_UNFINISHED = 8
"""Segments while an index is being made; each holds some twenty files open."""
_MOST_VOID = 0.25
_CHEAP_TO_MERGE = 50_000
"""Paragraphs that are merged in a moment, so that a smaller index is always one segment."""


def write_whole(
    folder: Path,
    segments: Sequence[Segment],
    order: Whereabouts,
    model: Embedder,
    vectors: str = FLOAT32,
) -> None:
    """Save documents as an index of one segment, in their order, in place of what is there.

    Raises:
        QAError: if the folder cannot be written; what was there before is kept.

    """
    storage.prepare_folder(folder)
    with locked(folder), tidying(folder):
        part = write_merged(folder, segments, order, vectors)
        made = [open_segment(folder, part)]
        commit_segments(folder, [part], made, in_a_row(len(order)), model, vectors)


@dataclass(frozen=True, slots=True)
class Merged:
    """How many documents an index of several has, and of which ids it left out another one."""

    documents: int
    replaced: Named


def merge_folders(
    folders: Sequence[Path], to: Path, embedder: Embedder, vectors: str | None = None
) -> Merged:
    """Write the documents of several indexes as one, in the place of what is there.

    A document that several have is taken from the last of them. Without a format for its
    vectors, the index has the one that all of them have, or float32.

    Raises:
        IndexDamaged: if one of them is not whole.
        IndexMismatch: if one of them was made by another model or format version.

    """
    segments: list[Segment] = []
    digests: dict[str, str] = {}
    replaced: dict[str, None] = {}
    for folder in folders:
        opened = open_folder(folder, embedder)
        # What is copied has new hashes: damage must not go along.
        opened.unchecked.check()
        segments += opened.segments
        for owner, place in opened.order.tolist():
            segment = opened.segments[owner]
            name, digest = segment.ids.text(place), segment.digest(place)
            if digests.setdefault(name, digest) != digest:
                replaced[name] = None
            digests[name] = digest
    own_format = vectors or vector_format(segments)
    check_format(own_format)
    write_whole(to, segments, locate(segments, list(digests)), embedder, own_format)
    return Merged(len(digests), Named().and_more(replaced))


class FolderStore:
    """Fills an index folder in steps, each one safe on the disk when it returns.

    What was done is kept under a manifest of its own until ``finish``, so that the index that
    was there before answers meanwhile, and a process that was killed can go on where it was.
    Without a format for its vectors the index keeps the one it has; a new one has float32.
    """

    def __init__(self, folder: Path, embedder: Embedder, vectors: str | None = None) -> None:
        check_format(vectors or FLOAT32)
        storage.prepare_folder(folder)
        self._folder = folder
        self._model = embedder
        self._vectors = FLOAT32
        self._lock = contextlib.ExitStack()
        self._lock.enter_context(locked(folder))
        self._parts: list[Part] = []
        self._segments: list[Segment] = []
        for name in (storage.UNFINISHED, storage.MANIFEST):
            if self._resume(name):
                break
        self._vectors = vectors or self._vectors

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
        with tidying(self._folder):
            part = write_segment(self._folder, Segment.build(batch), self._vectors)
            self._keep([*self._parts, part], [*self._segments, open_segment(self._folder, part)])
            if len(self._parts) > _MOST_UNFINISHED:
                self._merge_newest()

    def finish(self, order: Sequence[str], holds: Callable[[str], bool]) -> Named:
        """Make the index these documents, in this order, behind those that it does not hold.

        Returns those that the index had before and has no more.
        Segments are merged when they are many, mostly void, small, or keep their vectors in
        another format; otherwise nothing but the list of documents is written.
        """
        gone = self._not_among(order)
        dropped = Named().and_more(name for name in gone if holds(name))
        others = locate(self._segments, [name for name in gone if not holds(name)])
        # What could not be taken over, since it is damaged, is not there to keep.
        found = np.concatenate([others[others[:, 0] >= 0], locate(self._segments, order)])
        with tidying(self._folder):
            parts, segments = self._parts, self._segments
            if self._should_merge(found):
                parts = [write_merged(self._folder, segments, found, self._vectors)]
                segments = [open_segment(self._folder, parts[0])]
                found = in_a_row(len(found))
            commit_segments(self._folder, parts, segments, found, self._model, self._vectors)
        self._parts, self._segments = parts, segments
        return dropped

    def _not_among(self, order: Sequence[str]) -> list[str]:
        """Return the documents of the index that is in the folder, but for those in ``order``."""
        try:
            before = open_folder(self._folder, self._model)
        except (IndexDamaged, IndexMismatch):
            return []
        kept = _numbered(locate(before.segments, order))
        gone = before.order[~np.isin(_numbered(before.order), kept)]
        return [before.segments[owner].ids.text(place) for owner, place in gone.tolist()]

    def _keep(self, parts: list[Part], segments: list[Segment]) -> None:
        """Make these what a later run goes on with."""
        commit_segments(
            self._folder,
            parts,
            segments,
            np.empty((0, 2), np.int32),
            self._model,
            self._vectors,
            name=storage.UNFINISHED,
        )
        self._parts, self._segments = parts, segments

    def _merge_newest(self) -> None:
        """Make one segment of the newest, so that however many are put few files are open.

        Older ones are left alone while they are more than twice as large as all after them, so
        that each document is written again a few times only.
        """
        first = len(self._segments) - 2
        size = sum(one.n_paragraphs for one in self._segments[first:])
        while first and self._segments[first - 1].n_paragraphs <= 2 * size:
            first -= 1
            size += self._segments[first].n_paragraphs
        newest = self._segments[first:]
        names = dict.fromkeys(
            one.ids.text(place) for one in newest for place in range(one.n_documents)
        )
        part = write_merged(self._folder, newest, locate(newest, list(names)), self._vectors)
        self._keep(
            [*self._parts[:first], part],
            [*self._segments[:first], open_segment(self._folder, part)],
        )

    def close(self) -> None:
        """Let others write to the folder."""
        self._lock.close()

    def _resume(self, name: str) -> bool:
        """Take over what an earlier run or index left; False if nothing of it can be used."""
        try:
            manifest = storage.read_manifest(self._folder, name, whole=True)
            check_model(self._folder, manifest, self._model)
            segments = [open_segment(self._folder, part) for part in manifest.segments]
            for segment in segments:
                check_content(self._folder, segment)
            check_rows(self._folder, [one.embeddings for one in segments], manifest.dimension)
        except (IndexDamaged, IndexMismatch):
            return False
        self._parts, self._segments = list(manifest.segments), segments
        self._vectors = manifest.vectors
        return True

    def _should_merge(self, order: Whereabouts) -> bool:
        if any(vector_format([one]) != self._vectors for one in self._segments):
            return True
        n_paragraphs = sum(one.n_paragraphs for one in self._segments)
        n_documents = sum(one.n_documents for one in self._segments)
        in_place = len(self._segments) == 1 and np.array_equal(order, in_a_row(n_documents))
        if in_place:
            return False
        return (
            n_paragraphs <= _CHEAP_TO_MERGE
            or len(self._segments) > _MOST_SEGMENTS
            or len(order) < (1 - _MOST_VOID) * n_documents
        )


def _numbered(places: Whereabouts) -> Integers:
    """Return ``(n,)``: one number for the segment and place of each document."""
    numbers: Integers = places[:, 0].astype(np.int64) << 32 | places[:, 1]
    return numbers
