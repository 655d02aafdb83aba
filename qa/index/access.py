"""Which engine holds an index, told by its address; and its documents as a sequence."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from qa.embedding import Embedder
from qa.errors import QAError
from qa.index import Index, Store
from qa.index.folder import FolderStore
from qa.index.local import LocalIndex
from qa.types import Document

__all__ = ["DocumentList", "open_index", "open_store"]

_FEW = 100


def open_index(
    place: str | Path, embedder: Embedder, *, collection: str = "articles", token: str = ""
) -> Index:
    """Return the index in a folder, at the address of a Milvus server or in a ``.db`` file."""
    if not _is_milvus(place):
        return LocalIndex.open(Path(place), embedder)
    from qa.index.milvus import MilvusIndex

    return MilvusIndex.open(str(place), embedder, collection=collection, token=token)


def open_store(
    place: str | Path,
    embedder: Embedder,
    *,
    collection: str = "articles",
    token: str = "",
    approximate: bool = False,
    vectors: str | None = None,
) -> Store:
    """Return what puts documents into a folder, a Milvus server or a ``.db`` file.

    Raises:
        QAError: if ``vectors`` is no format of a folder's vectors, or given for another place,
            or ``approximate`` for a folder.

    """
    if not _is_milvus(place):
        if approximate:
            raise QAError(
                f"{place} is a folder, which is only searched exactly; leave out the approximate "
                "search, or give the address of a Milvus server"
            )
        return FolderStore(Path(place), embedder, vectors)
    if vectors is not None:
        raise QAError(
            f"{place} keeps vectors in Milvus' own way; leave out their format, or give a folder"
        )
    from qa.index.milvus import MilvusStore

    return MilvusStore.open(
        str(place), embedder, collection=collection, token=token, approximate=approximate
    )


def _is_milvus(place: str | Path) -> bool:
    return str(place).startswith(("http://", "https://")) or str(place).endswith(".db")


class DocumentList(Sequence[Document]):
    """The documents of an index and then some more, each read when it is looked at."""

    def __init__(self, index: Index, more: Sequence[Document] = ()) -> None:
        self._index = index
        self._more = tuple(more)
        self._ids: Sequence[str] = ()

    def __len__(self) -> int:
        return self._index.document_count() + len(self._more)

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | Sequence[Document]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        inside = range(len(self))[place]
        count = self._index.document_count()
        if inside >= count:
            return self._more[inside - count]
        if inside >= len(self._ids):
            # A few are wanted at a time, or all of them.
            self._know(_FEW if inside < _FEW else None)
        return self._index.document(self._ids[inside])

    def __iter__(self) -> Iterator[Document]:
        self._know(None)
        yield from map(self._index.document, self._ids)
        yield from self._more

    def _know(self, limit: int | None) -> None:
        """Ask for ids; those known keep their places, whichever few a server gave first."""
        found = dict.fromkeys(self._index.document_ids(limit))
        kept = [one for one in self._ids if one in found]
        self._ids = list(dict.fromkeys([*kept, *found]))

    def find(self, document_id: str) -> Document | None:
        """Return the document of that id, without looking at the others; None if none has it."""
        for document in self._more:
            if document.id == document_id:
                return document
        try:
            return self._index.document(document_id)
        except KeyError:
            return None

    def with_more(self, more: Sequence[Document]) -> "DocumentList":
        """Return a list that goes on with these."""
        return DocumentList(self._index, (*self._more, *more))
