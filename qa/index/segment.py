"""A part of an index that never changes: what was indexed together, or merged.

An index is one segment or several; a document indexed again makes its older place void.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.config import FLOAT32, INT8, VECTOR_FORMATS
from qa.errors import IndexDamaged, QAError
from qa.index.codes import CODES, Codes
from qa.index.content import Prepared, to_json
from qa.index.files import REBUILD
from qa.index.lexical import Postings, token_hash
from qa.loaders.split import search_context
from qa.text import tokens
from qa.types import Floats, Integers

__all__ = [
    "NAMES",
    "Segment",
    "Texts",
    "Whereabouts",
    "bounds",
    "check_format",
    "from_arrays",
    "locate",
    "to_arrays",
    "vector_format",
]

NAMES = (
    "embeddings",
    "window_starts",
    "paragraph_starts",
    "documents",
    "document_starts",
    "ids",
    "id_starts",
    "digests",
    "id_hashes",
    "id_places",
    "token_hashes",
    "posting_starts",
    "posting_paragraphs",
    "posting_counts",
    "lengths",
)
"""The names of a segment's arrays, as they are saved; those of codes come on top."""


Whereabouts = NDArray[np.int32]
"""``(n_documents, 2)``: the segment of each document and its place in it."""


class Texts(NamedTuple):
    """Texts behind each other in one array of bytes.

    ``data`` is ``(n_bytes,)`` uint8; text ``i`` is from ``starts[i]`` to ``starts[i + 1]``.
    """

    data: NDArray[np.uint8]
    starts: Integers

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Return the texts in UTF-8, each on a line."""
        lines = [text.encode("utf-8", "surrogatepass") + b"\n" for text in texts]
        return cls(np.frombuffer(b"".join(lines), np.uint8), bounds(list(map(len, lines))))

    def text(self, place: int) -> str:
        """Return one text.

        Raises:
            IndexDamaged: if it is none.

        """
        first, last = self.starts[place : place + 2]
        try:
            return bytes(self.data[first:last]).decode("utf-8", "surrogatepass")[:-1]
        except UnicodeDecodeError as error:
            raise IndexDamaged(
                f"text {place} of the index cannot be read ({error}); {REBUILD}"
            ) from error


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents with their paragraphs, embeddings and postings.

    ``embeddings`` is ``(n_windows, dimension)`` float32, unit rows; paragraph ``i`` has the
    rows from ``window_starts[i]`` to ``window_starts[i + 1]``, document ``d`` the paragraphs
    from ``paragraph_starts[d]`` to ``paragraph_starts[d + 1]``. ``digests`` is
    ``(n_documents, 16)`` uint8, the content hashes. ``id_hashes`` is ``(n_documents,)`` uint64
    ascending, ``id_places`` int32 the document of each. ``codes`` are the embeddings in one byte
    a number, if there are any.
    """

    embeddings: Floats
    window_starts: Integers
    paragraph_starts: Integers
    documents: Texts
    ids: Texts
    digests: NDArray[np.uint8]
    id_hashes: NDArray[np.uint64]
    id_places: NDArray[np.int32]
    postings: Postings
    codes: Codes | None = None

    @classmethod
    def build(cls, batch: Sequence[Prepared]) -> "Segment":
        """Return the segment of prepared documents, in memory."""
        paragraphs = [paragraph for one in batch for paragraph in one.paragraphs]
        windows = [len(texts) for one in batch for texts in one.windows]
        vectors = [one.vectors for one in batch if len(one.vectors)]
        names = [one.document.id for one in batch]
        hashes = np.fromiter(map(token_hash, names), np.uint64, len(names))
        order = np.argsort(hashes, kind="stable")
        digests = b"".join(bytes.fromhex(one.digest) for one in batch)
        return cls(
            np.concatenate(vectors) if vectors else np.empty((0, 0), np.float32),
            bounds(windows),
            bounds([len(one.paragraphs) for one in batch]),
            Texts.of([to_json(one.document) for one in batch]),
            Texts.of(names),
            np.frombuffer(digests, np.uint8).reshape(len(batch), 16),
            hashes[order],
            order.astype(np.int32),
            Postings.build(tokens(f"{search_context(one)}\n{one.text}") for one in paragraphs),
        )

    @property
    def n_documents(self) -> int:
        """The number of documents, void ones included."""
        return len(self.digests)

    @property
    def n_paragraphs(self) -> int:
        """The number of paragraphs, those of void documents included."""
        return len(self.window_starts) - 1

    def places(self, names: Sequence[str]) -> NDArray[np.int32]:
        """Return ``(n_names,)``: the place of each document id; -1 if it is not here."""
        wanted = np.fromiter(map(token_hash, names), np.uint64, len(names))
        found = np.full(len(names), -1, np.int32)
        if not len(self.id_hashes):
            return found
        nearest = np.minimum(np.searchsorted(self.id_hashes, wanted), len(self.id_hashes) - 1)
        for number in np.flatnonzero(self.id_hashes[nearest] == wanted).tolist():
            place = int(self.id_places[nearest[number]])
            if self.ids.text(place) == names[number]:
                found[number] = place
        return found

    def digest(self, place: int) -> str:
        """Return the content hash of a document as 32 hexadecimal digits."""
        return bytes(self.digests[place]).hex()


def locate(segments: Sequence[Segment], names: Sequence[str]) -> Whereabouts:
    """Return where each document id is, the newest segment first; (-1, -1) if nowhere."""
    found = np.full((len(names), 2), -1, np.int32)
    for owner in reversed(range(len(segments))):
        missing = np.flatnonzero(found[:, 0] < 0)
        places = segments[owner].places([names[number] for number in missing.tolist()])
        here = missing[places >= 0]
        found[here, 0] = owner
        found[here, 1] = places[places >= 0]
    return found


def check_format(vectors: str) -> None:
    """Raise QAError unless an index can keep its vectors in this format."""
    if vectors not in VECTOR_FORMATS:
        raise QAError(
            f"there is no vector format {vectors!r}; expected {' or '.join(VECTOR_FORMATS)}"
        )


def vector_format(segments: Sequence[Segment]) -> str:
    """Return how segments keep their vectors: "int8" if all of them have codes."""
    return INT8 if segments and all(one.codes is not None for one in segments) else FLOAT32


def to_arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the arrays of a segment by the names that they are saved under."""
    return {
        "embeddings": segment.embeddings,
        "window_starts": segment.window_starts,
        "paragraph_starts": segment.paragraph_starts,
        "documents": segment.documents.data,
        "document_starts": segment.documents.starts,
        "ids": segment.ids.data,
        "id_starts": segment.ids.starts,
        "digests": segment.digests,
        "id_hashes": segment.id_hashes,
        "id_places": segment.id_places,
        "token_hashes": segment.postings.hashes,
        "posting_starts": segment.postings.starts,
        "posting_paragraphs": segment.postings.paragraphs,
        "posting_counts": segment.postings.counts,
        "lengths": segment.postings.lengths,
        **({} if segment.codes is None else segment.codes.arrays()),
    }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Segment:
    """Return the segment that :func:`to_arrays` took apart."""
    return Segment(
        arrays["embeddings"],
        arrays["window_starts"],
        arrays["paragraph_starts"],
        Texts(arrays["documents"], arrays["document_starts"]),
        Texts(arrays["ids"], arrays["id_starts"]),
        arrays["digests"],
        arrays["id_hashes"],
        arrays["id_places"],
        Postings(
            arrays["token_hashes"],
            arrays["posting_starts"],
            arrays["posting_paragraphs"],
            arrays["posting_counts"],
            arrays["lengths"],
        ),
        Codes(*map(arrays.__getitem__, CODES)) if CODES[0] in arrays else None,
    )


def bounds(counts: "Sequence[int] | NDArray[Any]") -> Integers:
    """Return ``(n + 1,)``: where each of ``n`` parts of these sizes starts, and the end."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)
