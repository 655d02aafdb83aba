"""Whole documents, read back from the collection that keeps them."""

from qa.errors import IndexDamaged
from qa.index.content import from_json
from qa.index.milvus.connection import Connection, Row
from qa.index.milvus.rows import name_of, paragraph_of
from qa.index.milvus.schema import LAST_POSITION, documents_of
from qa.loaders.split import split
from qa.types import Document, Paragraph

__all__ = ["Documents"]


class Documents:
    """The documents of one collection; nothing of them is kept."""

    def __init__(self, connection: Connection, collection: str) -> None:
        self._connection = connection
        self._collection = collection
        self._name = documents_of(collection)

    def __len__(self) -> int:
        rows = self._connection.query(self._name, "part == 0", ["count(*)"])
        return int(rows[0]["count(*)"])

    def ids(self, limit: int | None) -> list[str]:
        """Return the ids of ``limit`` documents, or of all, sorted. Reads one row of each."""
        if limit is not None:
            rows = self._connection.query(self._name, "part == 0", ["name"], limit=limit)
        else:
            rows = self._connection.query_all(self._name, "part == 0", ["name"])
        return sorted(map(name_of, rows))

    def find(self, key: str) -> Document | None:
        """Return the document of a key; None if there is none."""
        rows = self._connection.query(
            self._name, f'document == "{key}"', ["part", "parts", "content"]
        )
        contents = {row["part"]: row["content"] for row in rows}
        if 0 not in contents:
            return None
        parts = next(row["parts"] for row in rows if row["part"] == 0)
        return from_json("".join(contents[part] for part in range(parts)))

    def paragraph(self, row: Row) -> Paragraph:
        """Return the paragraph of a window's row, from its document where the row lacks it.

        Raises:
            IndexDamaged: if the document is not there.

        """
        held = paragraph_of(row)
        if held is not None:
            return held
        document = self.find(row["document"])
        if document is None:
            raise IndexDamaged(
                f"a paragraph in the collection {self._collection!r} at {self._connection.uri} "
                "has no document; index the articles again"
            )
        return split(document)[int(row["number"]) & LAST_POSITION]
