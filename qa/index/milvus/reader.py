"""Searching in Milvus: it finds candidates, their scores are worked out here.

Cosines come from the stored vectors and BM25 points from the stored texts, by the same
formulas as in the embedded index, so that one calibration serves both.
"""

import json
import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.embed import Embedder
from qa.errors import IndexDamaged, IndexMismatch, IndexUnavailable, QAError
from qa.index import Candidates
from qa.index.content import document_key, from_json
from qa.index.dense import check_dimension
from qa.index.milvus import schema
from qa.index.milvus.connection import CONSISTENCY, Connection, Row
from qa.index.milvus.rows import name_of, paragraph_of, phrases
from qa.index.sampled import Statistics
from qa.split import search_context, split
from qa.text import tokens
from qa.types import Document, Floats, Integers, Paragraph

__all__ = ["MilvusIndex"]

logger = logging.getLogger(__name__)

_QUESTIONS_AT_ONCE = 16
_SAMPLED = 8_192
_STATISTICS_SECONDS = 600.0
_REMEMBERED = 50_000
_LOOKED_AT = 5
_LOOKED_UP = 32
_DIGITS = 6
_NONE = np.empty(0, np.float32)
_NOTHING = Candidates(np.empty(0, np.int64), _NONE, _NONE, 0.0, 0.0)
_FIELDS = ("number", "windows", "document", "paragraph", "dense")


@dataclass(frozen=True, slots=True)
class _Found:
    """A paragraph that a search has found, with its search tokens counted."""

    paragraph: Paragraph
    tokens: Counter[str]


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
        self._lock = threading.Lock()
        self._found: OrderedDict[int, _Found] = OrderedDict()
        self._occurring: dict[str, int] = {}
        self._taken = 0.0
        self._sample = self._take_sample()

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

    def __len__(self) -> int:
        return self._statistics().n_paragraphs

    def candidates(
        self, vectors: Floats, queries: Sequence[Sequence[str]], limit: int
    ) -> list[Candidates]:
        """Return the best ``limit`` windows of each search for each question, as paragraphs.

        Raises:
            IndexMismatch: if the vectors have another dimension than those of the index.
            IndexUnavailable: if the server did not answer for a minute.

        """
        check_dimension(vectors, self._dimension)
        statistics = self._statistics()
        if not statistics.n_paragraphs:
            # Words cannot be searched where there are none; perhaps it was filled meanwhile.
            statistics = self._sample = self._take_sample()
        if not statistics.n_paragraphs:
            return [_NOTHING] * len(queries)
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
        statistics = self._statistics()
        counts = np.array([round(statistics.frequency(token)) for token in tokens], np.int64)
        if statistics.exact:
            return counts
        lacking = [place for place, count in enumerate(counts) if not count]
        counts[lacking] = self._occur([tokens[place] for place in lacking])
        return counts

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number from :meth:`candidates`; raises KeyError if gone."""
        with self._lock:
            found = self._found.get(number)
        if found is not None:
            return found.paragraph
        rows = self._query(f"number == {number}", _FIELDS[:-1])
        if not rows:
            raise KeyError(number)
        return self._remember(rows[0]).paragraph

    def document_ids(self, limit: int | None = None) -> list[str]:
        """Return the ids of ``limit`` documents, or of all, sorted. Reads one row of each."""
        name = schema.documents_of(self._collection)
        if limit is not None:
            rows = self._connection.query(name, "part == 0", ["name"], limit=limit)
        else:
            rows = self._connection.query_all(name, "part == 0", ["name"])
        return sorted(map(name_of, rows))

    def document_count(self) -> int:
        """Return the number of documents."""
        name = schema.documents_of(self._collection)
        return int(self._connection.query(name, "part == 0", ["count(*)"])[0]["count(*)"])

    def document(self, document_id: str) -> Document:
        """Return a document; raises KeyError if there is none of that id."""
        document = self._document(document_key(document_id))
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
            "output_fields": list(_FIELDS),
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
            cosines = np.round(_vectors(windows) @ vector, _DIGITS)
            for row, cosine in zip(windows, cosines.tolist(), strict=True):
                best[row["number"]] = max(cosine, best.get(row["number"], -1.0))
        found = {row["number"]: self._remember(row) for row in rows}
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
        return self._query(f"number in {json.dumps(numbers)}", ("number", "dense"))

    def _remember(self, row: Row) -> _Found:
        number = int(row["number"])
        paragraph = paragraph_of(row) or self._from_document(row)
        with self._lock:
            known = self._found.pop(number, None)
            if known is None or known.paragraph != paragraph:
                searched = f"{search_context(paragraph)}\n{paragraph.text}"
                known = _Found(paragraph, Counter(tokens(searched)))
            self._found[number] = known
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
        return known

    def _from_document(self, row: Row) -> Paragraph:
        document = self._document(row["document"])
        if document is None:
            raise IndexDamaged(
                f"a paragraph in the collection {self._collection!r} at {self._connection.uri} "
                "has no document; index the articles again"
            )
        return split(document)[int(row["number"]) & schema.LAST_POSITION]

    def _document(self, key: str) -> Document | None:
        rows = self._connection.query(
            schema.documents_of(self._collection),
            f'document == "{key}"',
            ["part", "parts", "content"],
        )
        contents = {row["part"]: row["content"] for row in rows}
        if 0 not in contents:
            return None
        parts = next(row["parts"] for row in rows if row["part"] == 0)
        return from_json("".join(contents[part] for part in range(parts)))

    def _query(self, condition: str, fields: Sequence[str]) -> list[Row]:
        return self._connection.query(self._collection, condition, fields)

    def _occur(self, wanted: Sequence[str]) -> list[int]:
        """Return 1 for each token that a paragraph is found to hold, else 0."""
        if not self.matches_words:
            return [1] * len(wanted)
        unknown = [token for token in wanted if token not in self._occurring][:_LOOKED_UP]
        if unknown:
            found = self._connection.call(
                "search",
                self._collection,
                data=unknown,
                anns_field="sparse",
                limit=_LOOKED_AT,
                output_fields=list(_FIELDS[:-1]),
                consistency_level=CONSISTENCY,
            )
            for token, hits in zip(unknown, found, strict=True):
                self._occurring[token] = int(
                    any(token in self._remember(hit["entity"]).tokens for hit in hits)
                )
        return [self._occurring.get(token, 0) for token in wanted]

    def _statistics(self) -> Statistics:
        if time.monotonic() - self._taken > _STATISTICS_SECONDS:
            try:
                self._sample = self._take_sample()
            except IndexUnavailable:
                # Old statistics serve as well until the server is back.
                self._taken = time.monotonic()
        return self._sample

    def _take_sample(self) -> Statistics:
        counted = self._query("window == 0", ["count(*)"])
        n_paragraphs = int(counted[0]["count(*)"])
        share = min(1.0, _SAMPLED / max(n_paragraphs, 1))
        condition = f"sample < {int(share * schema.SAMPLE_RANGE)}"
        rows = self._query(condition, ("window", *_FIELDS)) if n_paragraphs else []
        rows.sort(key=lambda row: (row["number"], row["window"]))
        starts = [place for place, row in enumerate(rows) if row["window"] == 0]
        texts = [list(self._remember(rows[place]).tokens.elements()) for place in starts]
        self._taken = time.monotonic()
        self._occurring = {}
        return Statistics.of(n_paragraphs, _vectors(rows), starts, texts)


def _vectors(rows: Sequence[Row]) -> Floats:
    return np.array([row["dense"] for row in rows], np.float32)
