"""Whether the arrays of an opened index fit together, so that no search reads beside them.

Files of an index may come from anywhere. Whoever made one can give it any content with the
right hash, so what is in it is looked at before it is used; all of it is arithmetic on arrays.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamaged
from qa.types import Document

__all__ = ["ARRAYS", "check_arrays", "check_blocks"]

ARRAYS: Mapping[str, tuple[type[np.generic], int]] = MappingProxyType(
    {
        "embeddings": (np.float32, 2),
        "window_starts": (np.int64, 1),
        "paragraph_starts": (np.int64, 1),
        "document_starts": (np.int64, 1),
        "token_hashes": (np.uint64, 1),
        "posting_starts": (np.int64, 1),
        "posting_paragraphs": (np.int32, 1),
        "posting_scores": (np.float32, 1),
    }
)
"""The kind of numbers and the number of axes of each array of an index."""

_KINDS = frozenset(["title", "byline", "heading", "text"])


def check_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]], n_bytes: int) -> None:
    """Raise IndexDamaged unless the arrays of an opened index fit together."""
    for name, (kind, axes) in ARRAYS.items():
        _check_kind(folder, name, arrays[name], kind, axes)
    n_paragraphs = len(arrays["window_starts"]) - 1
    n_postings = len(arrays["posting_paragraphs"])
    _check_bounds(folder, "window_starts", arrays["window_starts"], len(arrays["embeddings"]))
    _check_bounds(folder, "paragraph_starts", arrays["paragraph_starts"], n_paragraphs)
    _check_bounds(folder, "document_starts", arrays["document_starts"], n_bytes)
    _check_bounds(folder, "posting_starts", arrays["posting_starts"], n_postings)
    _check_below(folder, "posting_paragraphs", arrays["posting_paragraphs"], n_paragraphs)
    lengths = {
        "document_starts": (len(arrays["paragraph_starts"]), len(arrays["document_starts"])),
        "posting_starts": (len(arrays["token_hashes"]) + 1, len(arrays["posting_starts"])),
        "posting_scores": (n_postings, len(arrays["posting_scores"])),
    }
    for name, (expected, found) in lengths.items():
        _check_length(folder, name, expected, found)


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
