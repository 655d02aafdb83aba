"""Searching in Milvus: it finds candidates, their scores are worked out here.

Cosines come from the stored vectors and BM25 points from the stored texts, by the same
formulas as in the embedded index, so that one calibration serves both.
"""

import json
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from qa.config import FLOAT32
from qa.embedding import Embedder, Progress
from qa.errors import IndexMismatch, QAError
from qa.index import NOTHING, Candidates
from qa.index.content import Prepared, content_hash, document_key, prepare, windows_of
from qa.index.dense import check_dimension
from qa.index.local import LocalIndex
from qa.index.milvus import schema
from qa.index.milvus.connection import CONSISTENCY, Connection, Row
from qa.index.milvus.documents import Documents
from qa.index.milvus.recent import Recent
from qa.index.milvus.rows import PARAGRAPH_FIELDS, phrases, vectors_of
from qa.index.milvus.sample import Sample
from qa.index.sampled import Statistics
from qa.loaders.split import split
from qa.types import Document, Floats, Integers, Paragraph

__all__ = ["MilvusIndex"]

logger = logging.getLogger(__name__)

_QUESTIONS_AT_ONCE = 16
_DIGITS = 6


class MilvusIndex:
    """The paragraphs of one collection; holds nothing of them but a sample and recent finds.

    Every search sees all finished writes (``Strong`` consistency). Statistics (mean and
    deviation of cosines, frequencies of words) come from a sample of 8,192 paragraphs, taken
    again every ten minutes; of a smaller collection they are exact. On a server without BM25
    only paragraphs near in meaning are candidates; their words count as elsewhere.
    """

    def __init__(
        self, connection: Connection, collection: str, description: schema.Description
    ) -> None:
        self.is_fixed = False
        self.matches_words = description.words
        self._dimension = description.dimension
        self._connection = connection
        self._collection = collection
        self._documents = Documents(connection, collection)
        self._recent = Recent(self._documents)
        self._sample = Sample(connection, collection, self._recent, matches_words=description.words)

    @classmethod
    def open(
        cls, uri: str, embedder: Embedder, *, collection: str = "articles", token: str = ""
    ) -> "MilvusIndex":
        """Return the index in a collection that :class:`MilvusStore` filled.

        Raises:
            IndexMismatch: if there is none, or another model or program made it.
            IndexUnavailable: if the server does not answer.
            MissingExtra: if pymilvus is not installed.

        """
        connection = Connection(uri, token)
        if not schema.exists(connection, collection):
            raise IndexMismatch(
                f"{uri} has no collection {collection!r} of articles; make it with "
                f"qa index FILE… --to {uri} --collection {collection}"
            )
        description = schema.check(connection, collection, embedder)
        if not description.words:
            logger.warning(
                "the collection %r at %s cannot search for words (Milvus %s; that takes 2.5 or "
                "later): only paragraphs near in meaning are looked at, their words count as ever",
                collection,
                uri,
                connection.version,
            )
        for name in (collection, schema.documents_of(collection)):
            connection.call("load_collection", name)
        return cls(connection, collection, description)

    def check(self) -> None:
        """Do nothing: the server keeps its files whole."""

    def begin_check(self) -> None:
        """Do nothing, as :meth:`check`."""

    def rebuilt(
        self,
        documents: Sequence[Document],
        embedder: Embedder,
        vectors: str | None = None,
        progress: Progress | None = None,
    ) -> LocalIndex:
        """Return an index in memory of just these documents; their vectors are fetched."""
        kept = [one for one in map(partial(self._prepared, embedder), documents) if one]
        known = {one.document.id for one in kept}
        fresh = [one for one in documents if one.id not in known]
        prepared = [*kept, *prepare(fresh, embedder, progress)]
        names = [one.id for one in documents]
        return LocalIndex.of(prepared, names, embedder, vectors or FLOAT32)

    def _prepared(self, embedder: Embedder, document: Document) -> Prepared | None:
        """Return a document as it was embedded, None if it is not here unchanged."""
        digest = content_hash(document)
        condition = f'document == "{document_key(document.id)}" and digest == "{digest}"'
        rows = self._connection.query_all(
            self._collection, condition, ("number", "window", "dense")
        )
        paragraphs = split(document)
        windows = windows_of(paragraphs, embedder)
        if not rows or len(rows) != sum(map(len, windows)):
            return None
        rows.sort(key=lambda row: (row["number"], row["window"]))
        return Prepared(document, digest, paragraphs, windows, vectors_of(rows))

    def __len__(self) -> int:
        return self._sample.statistics().n_paragraphs

    def candidates(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[Candidates]:
        """Return the best ``limit`` windows of each search for each question, as paragraphs.

        Raises:
            IndexMismatch: if the vectors have another dimension than those of the index.
            IndexUnavailable: if the server did not answer for a minute.

        """
        check_dimension(vectors, self._dimension)
        statistics = self._sample.statistics()
        if not statistics.n_paragraphs:
            # Words cannot be searched where there are none; perhaps it was filled meanwhile.
            statistics = self._sample.take()
        if not statistics.n_paragraphs:
            return [NOTHING] * len(queries)
        found: list[Candidates] = []
        for start in range(0, len(queries), _QUESTIONS_AT_ONCE):
            part = slice(start, start + _QUESTIONS_AT_ONCE)
            rows = self._search(vectors[part], queries[part], limit)
            for vector, query, own in zip(vectors[part], queries[part], rows, strict=True):
                found.append(self._scored(vector, query, own, statistics))
        return found

    def document_frequencies(self, tokens: Sequence[str]) -> Integers:
        """Return ``(n_tokens,)``: in how many paragraphs each token is expected to occur.

        Tokens that the sample lacks are looked up, 32 of them at most: a rare one counts as
        occurring once if it is found. A server without BM25 cannot look, so there it counts as
        occurring once in any case.
        """
        statistics = self._sample.statistics()
        counts = np.array([round(statistics.frequency(token)) for token in tokens], np.int64)
        if statistics.exact:
            return counts
        lacking = [place for place, count in enumerate(counts) if not count]
        counts[lacking] = self._sample.occur([tokens[place] for place in lacking])
        return counts

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number from :meth:`candidates`; raises KeyError if gone."""
        found = self._recent.get(number)
        if found is not None:
            return found.paragraph
        rows = self._connection.query(self._collection, f"number == {number}", PARAGRAPH_FIELDS)
        if not rows:
            raise KeyError(number)
        return self._recent.remember(rows[0]).paragraph

    def document_ids(self, limit: int | None = None) -> list[str]:
        """Return the ids of ``limit`` documents, or of all, sorted. Reads one row of each."""
        return self._documents.ids(limit)

    def document_count(self) -> int:
        """Return the number of documents."""
        return len(self._documents)

    def document(self, document_id: str) -> Document:
        """Return a document; raises KeyError if there is none of that id."""
        document = self._documents.find(document_key(document_id))
        if document is None:
            raise KeyError(document_id)
        return document

    def save(self, folder: Path) -> None:
        """Refuse: what is in Milvus is saved already."""
        raise QAError(
            f"this chatbot's articles are in the collection {self._collection!r} at "
            f"{self._connection.uri} and saved there; open it with Chatbot.open"
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _search(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[list[Row]]:
        """Return for each question the rows that either search finds, the nearest first."""
        options = {
            "limit": limit,
            "output_fields": [*PARAGRAPH_FIELDS, "dense"],
            "consistency_level": CONSISTENCY,
        }
        found = self._connection.call(
            "search", self._collection, data=list(vectors), anns_field="dense", **options
        )
        rows = [[hit["entity"] for hit in hits] for hits in found]
        texts = [phrases(query) for query in queries]
        asked = [place for place, text in enumerate(texts) if text]
        if self.matches_words and asked:
            found = self._connection.call(
                "search",
                self._collection,
                data=[texts[place] for place in asked],
                anns_field="sparse",
                **options,
            )
            for place, hits in zip(asked, found, strict=True):
                rows[place] += [hit["entity"] for hit in hits]
        return rows

    def _scored(
        self, vector: Floats, query: Sequence[str], rows: Sequence[Row], statistics: Statistics
    ) -> Candidates:
        windows = [*rows, *self._other_windows(rows)]
        best: dict[int, float] = {}
        if windows:
            # The last digits depend on a row's place in the matrix; they must not break ties.
            cosines = np.round(vectors_of(windows) @ vector, _DIGITS)
            for row, cosine in zip(windows, cosines.tolist(), strict=True):
                best[row["number"]] = max(cosine, best.get(row["number"], -1.0))
        found = {row["number"]: self._recent.remember(row) for row in rows}
        numbers = sorted(found)
        mean, deviation = statistics.spread(vector)
        return Candidates(
            np.array(numbers, np.int64),
            np.array([best[number] for number in numbers], np.float32),
            np.array(
                [statistics.score(query, found[number].tokens) for number in numbers], np.float32
            ),
            mean,
            deviation,
        )

    def _other_windows(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return all windows of the paragraphs that have several: another may be nearer."""
        numbers = sorted({int(row["number"]) for row in rows if row["windows"] > 1})
        if not numbers:
            return []
        condition = f"number in {json.dumps(numbers)}"
        return self._connection.query(self._collection, condition, ("number", "dense"))
