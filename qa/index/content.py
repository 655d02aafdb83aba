"""What an index keeps of a document, and what it puts in once it is embedded."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from qa.embed import Embedder, Progress
from qa.split import search_context, split
from qa.text import without_surrogates
from qa.types import Block, Document, Floats, Paragraph

__all__ = ["Prepared", "content_hash", "document_key", "from_json", "prepare", "to_json"]


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
    windows = [
        tuple(tuple(embedder.windows(one.text, search_context(one))) for one in own)
        for own in split_up
    ]
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
