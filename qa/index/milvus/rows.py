"""From documents to the rows of both collections and back. Pure functions."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from qa.index.content import Prepared, document_key, to_json
from qa.index.milvus.connection import Row
from qa.index.milvus.schema import LONGEST_VALUE, POSITION_BITS, SAMPLE_RANGE
from qa.text import HAN, search_copy, without_surrogates
from qa.types import Floats, Paragraph

__all__ = [
    "PARAGRAPH_FIELDS",
    "NewRow",
    "document_rows",
    "name_of",
    "paragraph_number",
    "paragraph_of",
    "phrases",
    "vectors_of",
    "window_rows",
]

PARAGRAPH_FIELDS = ("number", "windows", "document", "paragraph")
"""What of a window's row tells its paragraph."""

_KEY_DIGITS = 11
_UNUSED = [0.0, 0.0]
_HAN_PAIR = re.compile(f"[{HAN}]{{2}}")

NewRow = dict[str, Any]


def paragraph_number(key: str, position: int) -> int:
    """Return the number of a paragraph: 44 bits of its document's key, then its position."""
    return int(key[:_KEY_DIGITS], 16) << POSITION_BITS | position


def window_rows(prepared: Prepared, *, words: bool) -> Iterator[NewRow]:
    """Yield the rows of a document's windows; ``words`` adds the text that BM25 searches."""
    key = document_key(prepared.document.id)
    used = 0
    for paragraph, windows in zip(prepared.paragraphs, prepared.windows, strict=True):
        name = f"{key}-{paragraph.position}"
        stored = _to_json(asdict(paragraph))
        for window, text in enumerate(windows):
            row = {
                "id": f"{name}-{window}",
                "document": key,
                "digest": prepared.digest,
                "number": paragraph_number(key, paragraph.position),
                "window": window,
                "windows": len(windows),
                "sample": _sample(name),
                "paragraph": stored if len(stored.encode()) <= LONGEST_VALUE else "",
                "dense": prepared.vectors[used],
            }
            if words:
                row["words"] = _shortened(search_copy(text))
            used += 1
            yield row


def document_rows(prepared: Prepared) -> list[NewRow]:
    """Return the rows of a document: its JSON in parts that Milvus can hold."""
    key = document_key(prepared.document.id)
    name = _to_json(prepared.document.id)
    contents = _cut(to_json(prepared.document))
    return [
        {
            "id": f"{key}-{part}",
            "document": key,
            "digest": prepared.digest,
            "part": part,
            "parts": len(contents),
            "name": name if part == 0 else "",
            "content": content,
            "unused": _UNUSED,
        }
        for part, content in enumerate(contents)
    ]


def paragraph_of(row: Row) -> Paragraph | None:
    """Return the paragraph that a window's row holds; None if it was too long for it."""
    stored = row["paragraph"]
    return Paragraph(**json.loads(stored)) if stored else None


def vectors_of(rows: Sequence[Row]) -> Floats:
    """Return ``(n_rows, dimension)`` float32: the vectors of windows' rows."""
    return np.array([row["dense"] for row in rows], np.float32)


def name_of(row: Row) -> str:
    """Return the document's id from its first row."""
    return str(json.loads(row["name"]))


def phrases(tokens: Sequence[str]) -> str:
    """Return search tokens as text again, so that another tokenizer can split it in its way.

    Pairs of characters that overlap are joined; a single character is kept if no pair has it.
    """
    joined: list[str] = []
    singles: list[str] = []
    for token in tokens:
        if len(token) == 1:
            singles.append(token)
        elif joined and _HAN_PAIR.fullmatch(token) and joined[-1][-1] == token[0]:
            joined[-1] += token[1]
        else:
            joined.append(token)
    held = "".join(joined)
    return " ".join([*joined, *(single for single in singles if single not in held)])


def _cut(text: str) -> list[str]:
    """Return ``text`` in parts; a character has at most four bytes."""
    size = LONGEST_VALUE // 4
    return [text[start : start + size] for start in range(0, len(text), size)]


def _shortened(text: str) -> str:
    return text.encode()[:LONGEST_VALUE].decode(errors="ignore")


def _sample(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") % SAMPLE_RANGE


def _to_json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text == without_surrogates(text) else json.dumps(value)
