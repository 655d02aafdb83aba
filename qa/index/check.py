"""Whether the arrays of an opened index fit together, so that no search reads beside them.

Files of an index may come from anywhere. Whoever made one can give it any content with the
right hash, so what is in it is looked at before it is used; all of it is arithmetic on arrays.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.arguments import shown, wrong
from qa.errors import DocumentError, IndexDamaged, QAError
from qa.index.codes import CODES
from qa.types import Document

__all__ = [
    "check_arrays",
    "check_blocks",
    "check_documents",
    "check_ids",
    "check_order",
    "check_postings",
    "check_rows",
]

_ARRAYS: Mapping[str, tuple[type[np.generic], int]] = MappingProxyType(
    {
        "embeddings": (np.float32, 2),
        "window_starts": (np.int64, 1),
        "paragraph_starts": (np.int64, 1),
        "document_starts": (np.int64, 1),
        "id_starts": (np.int64, 1),
        "digests": (np.uint8, 2),
        "id_hashes": (np.uint64, 1),
        "id_places": (np.int32, 1),
        "token_hashes": (np.uint64, 1),
        "posting_starts": (np.int64, 1),
        "posting_paragraphs": (np.int32, 1),
        "posting_counts": (np.uint16, 1),
        "lengths": (np.int32, 1),
    }
)
"""The kind of numbers and the number of axes of each array of a segment."""

_CODE_ARRAYS: Mapping[str, tuple[type[np.generic], int]] = MappingProxyType(
    dict.fromkeys(CODES, (np.float32, 1)) | {CODES[0]: (np.int8, 2)}
)
_LONGEST = 4.0
"""Unit rows less a mean of unit rows, or what bytes leave out of them, are never so long."""

_KINDS = frozenset(["title", "byline", "heading", "text"])
_DIGEST_BYTES = 16


def check_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raise IndexDamaged unless the arrays of an opened segment fit together.

    No large array is read for it: see :func:`check_postings` and :func:`check_ids`.
    """
    for name, (kind, axes) in _ARRAYS.items():
        _check_kind(folder, name, arrays[name], kind, axes)
    n_documents = len(arrays["id_hashes"])
    n_paragraphs = len(arrays["window_starts"]) - 1
    n_postings = len(arrays["posting_paragraphs"])
    ends = {
        "window_starts": len(arrays["embeddings"]),
        "paragraph_starts": n_paragraphs,
        "document_starts": len(arrays["documents"]),
        "id_starts": len(arrays["ids"]),
        "posting_starts": n_postings,
    }
    for name, end in ends.items():
        _check_bounds(folder, name, arrays[name], end)
    lengths = {
        "paragraph_starts": n_documents + 1,
        "document_starts": n_documents + 1,
        "id_starts": n_documents + 1,
        "digests": n_documents,
        "id_places": n_documents,
        "posting_starts": len(arrays["token_hashes"]) + 1,
        "posting_counts": n_postings,
        "lengths": n_paragraphs,
    }
    for name, expected in lengths.items():
        _check_length(folder, name, expected, len(arrays[name]))
    if arrays["digests"].shape[1] != _DIGEST_BYTES:
        raise _unfit(folder, f"digests have {arrays['digests'].shape[1]} bytes")
    if bool(np.any(np.diff(arrays["window_starts"]) < 1)):
        raise _unfit(folder, "window_starts has a paragraph without a window")
    if not np.array_equal(np.sort(arrays["id_places"]), np.arange(n_documents)):
        raise _unfit(folder, "id_places does not name every document once")
    if CODES[0] in arrays:
        _check_codes(folder, arrays)


def check_rows(folder: Path, embeddings: Sequence[NDArray[np.float32]], dimension: int) -> None:
    """Raise IndexDamaged unless all rows of the segments have as many numbers as is said."""
    for rows in embeddings:
        if len(rows) and rows.shape[1] != dimension:
            raise _unfit(folder, f"embeddings has {rows.shape[1]} columns, expected {dimension}")
    if dimension == 0 and any(len(rows) for rows in embeddings):
        raise _unfit(folder, "embeddings has rows without numbers")


def _check_codes(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raise IndexDamaged unless codes are those of so many embeddings, and finite."""
    for name, (kind, axes) in _CODE_ARRAYS.items():
        _check_kind(folder, name, arrays[name], kind, axes)
    numbers, *others = (arrays[name] for name in CODES)
    n_rows, dimension = arrays["embeddings"].shape
    if numbers.shape != (n_rows, dimension):
        raise _unfit(folder, f"codes are {numbers.shape}, expected {(n_rows, dimension)}")
    lengths = (n_rows, n_rows, dimension, 2)
    for name, array, expected in zip(CODES[1:], others, lengths, strict=True):
        _check_length(folder, name, expected, len(array))
        # What is not a number is not below either.
        if len(array) and not float(np.abs(array).max()) <= _LONGEST:
            raise _unfit(folder, f"{name} has numbers that unit vectors do not have")


def check_postings(folder: Path, paragraphs: NDArray[np.int32], n_paragraphs: int) -> None:
    """Raise IndexDamaged unless all postings are of paragraphs that there are."""
    _check_below(folder, "posting_paragraphs", paragraphs, n_paragraphs)


def check_ids(
    folder: Path,
    hashes: Iterable[int],
    sorted_hashes: NDArray[np.uint64],
    places: NDArray[np.int32],
) -> None:
    """Raise IndexDamaged unless every document is found by the hash of its id.

    ``places`` are those of all documents, each once, as :func:`check_arrays` sees to.
    """
    found = np.fromiter(hashes, np.uint64, len(places))
    if not np.array_equal(found[places], sorted_hashes) or bool(
        np.any(sorted_hashes[1:] <= sorted_hashes[:-1])
    ):
        raise _unfit(folder, "id_hashes are not those of the ids in their order")


def check_order(folder: Path, order: NDArray[Any], documents: Sequence[int], expected: int) -> None:
    """Raise IndexDamaged unless each of the ``expected`` documents is in a segment, and once.

    ``documents`` is the number of documents of each segment.
    """
    _check_kind(folder, "order", order, np.int32, 2)
    _check_length(folder, "order", expected, len(order))
    if order.shape[1] != 2:
        raise _unfit(folder, f"order has {order.shape[1]} columns, expected 2")
    _check_below(folder, "order", order[:, 0], len(documents))
    for owner, count in enumerate(documents):
        own = order[order[:, 0] == owner, 1]
        _check_below(folder, "order", own, count)
        if len(own) and int(np.bincount(own).max()) > 1:
            raise _unfit(folder, "order names a document twice")


def _check_kind(
    folder: Path, name: str, array: NDArray[np.generic], kind: type[np.generic], axes: int
) -> None:
    """Raise IndexDamaged unless an array has this kind of numbers and this many axes."""
    if array.dtype != np.dtype(kind) or array.ndim != axes:
        raise _unfit(
            folder,
            f"{name} is {array.ndim}-dimensional {array.dtype}, expected {axes}-dimensional "
            f"{np.dtype(kind)}",
        )


def _check_bounds(folder: Path, name: str, starts: NDArray[np.int64], end: int) -> None:
    """Raise IndexDamaged unless ``starts`` goes from 0 to ``end`` and never back."""
    fits = len(starts) > 0 and starts[0] == 0 and starts[-1] == end
    if not fits or bool(np.any(starts[1:] < starts[:-1])):
        raise _unfit(folder, f"{name} does not rise from 0 to {end:,}")


def _check_below(folder: Path, name: str, values: NDArray[np.integer], end: int) -> None:
    """Raise IndexDamaged unless all ``values`` are from 0 to ``end``, without it."""
    if len(values) and (int(values.min()) < 0 or int(values.max()) >= end):
        raise _unfit(folder, f"{name} points beyond the {end:,} that there are")


def _check_length(folder: Path, name: str, expected: int, found: int) -> None:
    """Raise IndexDamaged unless an array has as many entries as belong to the others."""
    if found != expected:
        raise _unfit(folder, f"{name} has {found:,} entries, expected {expected:,}")


def check_blocks(document: Document, expected: int) -> None:
    """Raise ValueError unless a document has as many blocks as expected, in order, inside it."""
    texts = (document.id, document.title, document.source, document.text)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("it has no text")
    if len(document.blocks) != expected:
        raise ValueError(f"it has {len(document.blocks)} paragraphs instead of {expected}")
    end = 0
    for block in document.blocks:
        numbers = (block.start, block.end, block.level, block.page)
        if block.kind not in _KINDS or not all(type(number) is int for number in numbers):
            raise ValueError("a paragraph of it is none")
        if not end <= block.start <= block.end <= len(document.text):
            raise ValueError("a paragraph lies outside its text")
        end = block.end


def _unfit(folder: Path, problem: str) -> IndexDamaged:
    return IndexDamaged(
        f"the files of the index in {folder} do not fit together: {problem}; build it again from "
        "its sources (qa index FILE… --to FOLDER)"
    )


def check_documents(documents: object) -> list[Document]:
    """Return documents that are loaded already, each with an id of its own."""
    if isinstance(documents, str | bytes) or not isinstance(documents, Iterable):
        raise wrong("documents", documents, "a list of documents")
    found: list[Document] = []
    names: set[str] = set()
    for document in documents:
        if not isinstance(document, Document):
            raise wrong("a document", document, "a qa.Document")
        _check_document(document)
        if document.id in names:
            raise QAError(f"two documents have the id {shown(document.id)}; give each its own")
        names.add(document.id)
        found.append(document)
    return found


def _check_document(document: Document) -> None:
    try:
        check_blocks(document, len(document.blocks))
    except (ValueError, TypeError, AttributeError) as error:
        raise DocumentError(
            shown(document.id), f"it is no whole document ({error}); load it from its source"
        ) from error
