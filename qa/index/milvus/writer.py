"""Writing documents to Milvus: in batches, and so that being stopped anywhere does no harm.

A document's first row carries its content hash only after all its paragraphs are stored; one
without it is written again. Rows have names of their own, so that writing twice changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from qa.embedding import Embedder
from qa.index import Named
from qa.index.content import Prepared, document_key
from qa.index.milvus import schema
from qa.index.milvus.connection import Connection
from qa.index.milvus.rows import NewRow, document_rows, name_of, window_rows

__all__ = ["MilvusStore"]

_ROWS_AT_ONCE = 1_000
_BYTES_AT_ONCE = 16_000_000
_KEYS_AT_ONCE = 200


class MilvusStore:
    """Where documents are put for :class:`qa.index.milvus.reader.MilvusIndex` to find.

    Several processes may write to one collection at once, each document by one of them. All
    reads that decide what is written see every finished write (Milvus' ``Strong`` consistency).
    """

    def __init__(self, connection: Connection, collection: str, *, words: bool) -> None:
        self._connection = connection
        self._windows = collection
        self._documents = schema.documents_of(collection)
        self._words = words

    @classmethod
    def open(
        cls,
        uri: str,
        embedder: Embedder,
        *,
        collection: str = "articles",
        token: str = "",
        approximate: bool = False,
    ) -> "MilvusStore":
        """Return the store of a collection, made if there is none of that name.

        Raises:
            IndexMismatch: if the collection was made by another model or program.
            IndexUnavailable: if the server does not answer.
            MissingExtra: if pymilvus is not installed.

        """
        connection = Connection(uri, token)
        if not schema.exists(connection, collection):
            schema.create(connection, collection, embedder, approximate=approximate)
        words = schema.check(connection, collection, embedder).words
        for name in (collection, schema.documents_of(collection)):
            connection.call("load_collection", name)
        return cls(connection, collection, words=words)

    def digests(self, document_ids: Sequence[str]) -> dict[str, str]:
        """Return the content hash of each of these documents that is stored completely."""
        found = {key: digest for key, digest in self._stored(document_ids).items() if digest}
        named = {name: document_key(name) for name in document_ids}
        return {name: found[key] for name, key in named.items() if key in found}

    def put(self, batch: Sequence[Prepared]) -> None:
        """Store documents; all of it is there when this returns."""
        before = self._stored([one.document.id for one in batch])
        rows = [document_rows(one) for one in batch]
        marks = [row[0] for row in rows]
        self._upsert(
            self._documents,
            (row | {"digest": ""} if row["part"] == 0 else row for own in rows for row in own),
        )
        self._upsert(
            self._windows, (row for one in batch for row in window_rows(one, words=self._words))
        )
        for one in batch:
            if (key := document_key(one.document.id)) in before:
                self._delete_where(
                    f'document == "{key}" and digest != "{one.digest}" and digest != ""'
                )
        self._upsert(self._documents, marks)

    def finish(self, order: Sequence[str], holds: Callable[[str], bool]) -> Named:
        """Delete the documents whose id ``holds`` and that are not in ``order``.

        The order itself is not kept. Returns those deleted.
        """
        wanted = set(order)
        rows = self._connection.query_all(self._documents, "part == 0", ["name"])
        gone = [name for name in map(name_of, rows) if name not in wanted and holds(name)]
        for keys in _parts(list(map(document_key, gone)), _KEYS_AT_ONCE):
            self._delete_where(f"document in {json.dumps(keys)}")
        return Named().and_more(sorted(gone))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _stored(self, document_ids: Sequence[str]) -> dict[str, str]:
        """Return the content hash under the key of each document that is there, in any state."""
        stored: dict[str, str] = {}
        for keys in _parts([document_key(name) for name in document_ids], _KEYS_AT_ONCE):
            wanted = json.dumps([f"{key}-0" for key in keys])
            rows = self._connection.query(
                self._documents, f"id in {wanted}", ["document", "digest"]
            )
            stored |= {row["document"]: row["digest"] for row in rows}
        return stored

    def _delete_where(self, condition: str) -> None:
        for name in (self._windows, self._documents):
            self._connection.call("delete", name, filter=condition)

    def _upsert(self, collection: str, rows: Iterable[NewRow]) -> None:
        for batch in _batches(rows):
            self._connection.call("upsert", collection, batch)


def _batches(rows: Iterable[NewRow]) -> Iterator[list[NewRow]]:
    """Yield rows in batches that fit into one request."""
    batch: list[NewRow] = []
    size = 0
    for row in rows:
        own = 4 * sum(len(value) for value in row.values() if not isinstance(value, int))
        if batch and (len(batch) == _ROWS_AT_ONCE or size + own > _BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += own
    if batch:
        yield batch


def _parts(keys: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])
