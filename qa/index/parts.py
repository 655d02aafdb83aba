"""Segments as data folders: written once, and committed as an index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.config import INT8
from qa.embedding import Embedder
from qa.index import storage
from qa.index.codes import Codes
from qa.index.files import Part, PartWriter
from qa.index.merging import merge
from qa.index.rows import inside, runs
from qa.index.segment import Segment, Whereabouts, to_arrays
from qa.index.storage import Manifest

__all__ = [
    "commit_segments",
    "in_a_row",
    "write_merged",
    "write_segment",
]


def write_merged(
    folder: Path, segments: Sequence[Segment], order: Whereabouts, vectors: str
) -> Part:
    """Write the documents at ``order`` as one segment, with vectors in this format."""
    writer = PartWriter(folder)
    merged = merge(segments, order, writer.allocate)
    if vectors == INT8:
        Codes.of(merged.embeddings, writer.allocate)
    return writer.finish()


def write_segment(folder: Path, segment: Segment, vectors: str) -> Part:
    """Write a segment that is in memory, with vectors in this format."""
    writer = PartWriter(folder)
    for name, array in to_arrays(segment).items():
        writer.allocate(name, array.shape, array.dtype.type)[...] = array
    if vectors == INT8:
        Codes.of(segment.embeddings, writer.allocate)
    return writer.finish()


def commit_segments(
    folder: Path,
    parts: Sequence[Part],
    segments: Sequence[Segment],
    order: Whereabouts,
    model: Embedder,
    vectors: str,
    name: str = storage.MANIFEST,
) -> None:
    """Make the documents at ``order`` the index, in one step; or what is under way, by ``name``.

    ``parts`` are the data folders of ``segments``.

    Raises:
        QAError: if the folder cannot be written; what was there before is kept.

    """
    writer = PartWriter(folder)
    writer.allocate("order", order.shape, np.int32)[...] = order
    paragraphs = inside(runs(order), [one.paragraph_starts for one in segments])
    manifest = Manifest(
        model=model.name,
        fingerprint=model.fingerprint,
        dimension=max((one.embeddings.shape[1] for one in segments), default=0),
        documents=len(order),
        paragraphs=sum(span.last - span.first for span in paragraphs),
        windows=sum(len(one.embeddings) for one in segments),
        segments=tuple(parts),
        catalog=writer.finish(),
        vectors=vectors,
    )
    storage.commit(folder, manifest, name)


def in_a_row(n_documents: int) -> Whereabouts:
    """Return the order of the documents of the only segment, as they stand in it."""
    places = np.arange(n_documents, dtype=np.int32)
    return np.stack([np.zeros_like(places), places], axis=1)
