"""What an index keeps of a document, and what it puts in once it is embedded."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from qa.embedding import Embedder, Progress
from qa.loaders.split import search_context, split
from qa.text import without_surrogates
from qa.types import Block, Document, Floats, Paragraph

__all__ = [
    "Prepared",
    "content_hash",
    "document_key",
    "from_json",
    "grow",
    "prepare",
    "to_json",
    "windows_of",
]

_FIRST_PART = 64
_GROWTH = 1.5
"""Each part is so many times as large as the one before: what is made of all of them together costs
three times what is made of the whole."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with all that an index stores of it.

    ``windows`` holds the embedded texts of each paragraph, ``vectors`` is
    ``(n_windows, dimension)`` float32, unit rows, in their order; ``digest`` is the
    :func:`content_hash` of the document.
    """

    document: Document
    digest: str
    paragraphs: tuple[Paragraph, ...]
    windows: tuple[tuple[str, ...], ...]
    vectors: Floats


def prepare(
    documents: Sequence[Document], embedder: Embedder, progress: Progress | None = None
) -> list[Prepared]:
    """Return the documents split and embedded, all in one go.

    Equal texts are embedded once and have equal rows, to the last digit.
    """
    split_up = [split(document) for document in documents]
    windows = [windows_of(own, embedder) for own in split_up]
    texts = [text for own in windows for paragraph in own for text in paragraph]
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    encoded = embedder.encode_documents(list(places), progress)
    rows = encoded[[places[text] for text in texts]]
    counts = [sum(map(len, own)) for own in windows]
    parts = np.split(rows, np.cumsum(counts)[:-1]) if counts else []
    return [
        Prepared(document, content_hash(document), paragraphs, own, vectors)
        for document, paragraphs, own, vectors in zip(
            documents, split_up, windows, parts, strict=True
        )
    ]


def grow(
    document: Document, embedder: Embedder, progress: Progress | None = None
) -> Iterator[Prepared]:
    """Yield more and more of the beginning of a document, all of it at last.

    Each part has the whole text and the first of its blocks; nothing is embedded twice.
    ``progress`` is called before the first text is embedded, too.
    """
    paragraphs = split(document)
    windows = windows_of(paragraphs, embedder)
    total = len({text for own in windows for text in own})
    rows: dict[str, Floats] = {}
    for count in _parts(len(paragraphs)):
        texts = [text for own in windows[:count] for text in own]
        fresh = [text for text in dict.fromkeys(texts) if text not in rows]
        told = _after(len(rows), total, progress)
        told(0, len(fresh))
        rows |= zip(fresh, embedder.encode_documents(fresh, told), strict=True)
        vectors = np.stack([rows[text] for text in texts])
        part = replace(document, blocks=document.blocks[:count])
        yield Prepared(part, content_hash(part), paragraphs[:count], windows[:count], vectors)


def _parts(count: int) -> Iterator[int]:
    """Yield how many of ``count`` paragraphs each part has."""
    part = _FIRST_PART
    # What is left for the last part alone would not be worth the one before.
    while part * _GROWTH < count:
        yield part
        part = max(part + _FIRST_PART, int(part * _GROWTH))
    yield count


def _after(before: int, total: int, progress: Progress | None) -> Progress:
    """Return a progress that goes on, of ``total``, after what is done already."""

    def told(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, total)

    return told


def windows_of(paragraphs: Sequence[Paragraph], embedder: Embedder) -> tuple[tuple[str, ...], ...]:
    """Return the texts that are embedded for each paragraph."""
    return tuple(tuple(embedder.windows(one.text, search_context(one))) for one in paragraphs)


def content_hash(document: Document) -> str:
    """Return 32 hexadecimal digits for all that bears on vectors and passages, rules included."""
    blocks = [list(astuple(block)) for block in document.blocks]
    searched = [search_context(paragraph) for paragraph in split(document)]
    content = [document.id, document.title, document.source, document.text, blocks, searched]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def document_key(document_id: str) -> str:
    """Return 32 hexadecimal digits that stand for a document's id."""
    return hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def to_json(document: Document) -> str:
    """Return a document as one line of JSON that any encoding of Unicode can hold."""
    fields = {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "blocks": [list(astuple(block)) for block in document.blocks],
        "text": document.text,
    }
    line = json.dumps(fields, ensure_ascii=False)
    # Only lone surrogates need escapes, which would double the size of Chinese text.
    return line if line == without_surrogates(line) else json.dumps(fields)


def from_json(line: str | bytes) -> Document:
    """Return the document that :func:`to_json` wrote."""
    fields = json.loads(line)
    blocks = tuple(Block(*block) for block in fields["blocks"])
    return Document(fields["id"], fields["title"], fields["source"], fields["text"], blocks)
