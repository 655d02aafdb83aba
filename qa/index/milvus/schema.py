"""The two collections of an index: its windows, which are searched, and its documents.

A window is a paragraph, or a part of one that is longer than the model reads. Its row holds
the whole paragraph, so that an answer needs no second look-up. A document is there to be
shown as a whole; its text is cut into rows of the length that Milvus allows.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from qa.embedding import Embedder
from qa.errors import IndexMismatch, QAError
from qa.index.milvus.connection import Connection

__all__ = [
    "KEY_LENGTH",
    "LAST_POSITION",
    "LONGEST_VALUE",
    "POSITION_BITS",
    "SAMPLE_RANGE",
    "Description",
    "check",
    "create",
    "documents_of",
    "exists",
]

FORMAT = 3
LONGEST_VALUE = 65_535
"""Bytes of the longest text that Milvus stores in one value."""
SAMPLE_RANGE = 1 << 31
"""A paragraph's ``sample`` is evenly spread over this range; all its windows have it."""
KEY_LENGTH = 32
POSITION_BITS = 19
LAST_POSITION = (1 << POSITION_BITS) - 1
"""A paragraph's number ends with its position in the document, in this many bits."""
_LONGEST_ID = 64
_NAME = re.compile(r"[A-Za-z_]\w{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Description:
    """The dimension of a collection's vectors, and whether its words can be searched."""

    dimension: int
    words: bool


def documents_of(collection: str) -> str:
    """Return the name of the collection that holds the documents of ``collection``."""
    return f"{collection}_documents"


def exists(connection: Connection, collection: str) -> bool:
    """Tell whether both collections of an index are there.

    Raises:
        QAError: if the name is none that Milvus allows.

    """
    if _NAME.fullmatch(collection) is None:
        raise QAError(
            f"{collection!r} is no name of a collection; expected letters, digits and "
            "underscores, the first one no digit"
        )
    return all(
        connection.call("has_collection", name) for name in (collection, documents_of(collection))
    )


def create(
    connection: Connection, collection: str, embedder: Embedder, *, approximate: bool
) -> None:
    """Make both collections for the vectors of ``embedder``, empty.

    ``approximate`` leaves the kind of vector index to Milvus (a graph on its servers, made for
    many millions); otherwise every vector is compared.
    """
    from pymilvus import DataType

    dimension = embedder.encode_documents([]).shape[1]
    documents = connection.schema()
    documents.add_field("id", DataType.VARCHAR, max_length=_LONGEST_ID, is_primary=True)
    documents.add_field("document", DataType.VARCHAR, max_length=KEY_LENGTH)
    documents.add_field("digest", DataType.VARCHAR, max_length=KEY_LENGTH)
    documents.add_field("part", DataType.INT64)
    documents.add_field("parts", DataType.INT64)
    documents.add_field("name", DataType.VARCHAR, max_length=LONGEST_VALUE)
    documents.add_field("content", DataType.VARCHAR, max_length=LONGEST_VALUE)
    # Milvus before 2.6 takes no collection without a vector.
    documents.add_field("unused", DataType.FLOAT_VECTOR, dim=2)
    indexes = connection.index_parameters()
    indexes.add_index(field_name="unused", index_type="FLAT", metric_type="L2")
    _make(connection, documents_of(collection), documents, indexes)

    description = json.dumps(
        {
            "article-qa": FORMAT,
            "model": embedder.name,
            "fingerprint": embedder.fingerprint,
            "dimension": dimension,
        }
    )
    windows = connection.schema(description)
    windows.add_field("id", DataType.VARCHAR, max_length=_LONGEST_ID, is_primary=True)
    windows.add_field("document", DataType.VARCHAR, max_length=KEY_LENGTH)
    windows.add_field("digest", DataType.VARCHAR, max_length=KEY_LENGTH)
    for field in ("number", "window", "windows", "sample"):
        windows.add_field(field, DataType.INT64)
    windows.add_field("paragraph", DataType.VARCHAR, max_length=LONGEST_VALUE)
    windows.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
    indexes = connection.index_parameters()
    kind = "AUTOINDEX" if approximate else "FLAT"
    indexes.add_index(field_name="dense", index_type=kind, metric_type="COSINE")
    if connection.matches_words:
        _add_words(windows, indexes)
    _make(connection, collection, windows, indexes)


def _add_words(windows: Any, indexes: Any) -> None:  # noqa: ANN401
    from pymilvus import DataType, Function, FunctionType

    windows.add_field(
        "words",
        DataType.VARCHAR,
        max_length=LONGEST_VALUE,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "jieba", "filter": ["lowercase", "cnalphanumonly"]},
    )
    windows.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    windows.add_function(
        Function(
            name="bm25",
            function_type=FunctionType.BM25,
            input_field_names=["words"],
            output_field_names=["sparse"],
        )
    )
    indexes.add_index(field_name="sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")


def _make(connection: Connection, name: str, schema: Any, indexes: Any) -> None:  # noqa: ANN401
    if not connection.call("has_collection", name):
        connection.call(
            "create_collection",
            name,
            schema=schema,
            index_params=indexes,
            consistency_level="Strong",
        )


def check(connection: Connection, collection: str, embedder: Embedder) -> Description:
    """Return what a collection says of itself, if it fits the model.

    Raises:
        IndexMismatch: if it was made by another program, version or model.

    """
    described = connection.call("describe_collection", collection)
    try:
        made = dict(json.loads(described["description"]))
        version = made["article-qa"]
    except (ValueError, TypeError, KeyError) as error:
        raise IndexMismatch(
            f"the collection {collection!r} at {connection.uri} was not made by this program; "
            "give another name for the collection"
        ) from error
    if version != FORMAT:
        raise IndexMismatch(
            f"the collection {collection!r} at {connection.uri} has format {version}, this "
            f"program reads format {FORMAT}; index the articles into a new collection"
        )
    if made.get("fingerprint") != embedder.fingerprint:
        raise IndexMismatch(
            f"the collection {collection!r} at {connection.uri} was made with the model "
            f"{made.get('model')!r} ({made.get('fingerprint')}), this chatbot has "
            f"{embedder.name!r} ({embedder.fingerprint}); open it with that model or index the "
            "articles into a new collection"
        )
    fields = {field["name"]: field for field in described["fields"]}
    return Description(int(fields["dense"]["params"]["dim"]), "words" in fields)
