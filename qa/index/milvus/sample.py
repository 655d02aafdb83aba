"""A sample of a collection's paragraphs, taken now and then, for the statistics of scoring."""

import time
from collections.abc import Sequence

from qa.errors import IndexUnavailable
from qa.index.milvus.connection import CONSISTENCY, Connection
from qa.index.milvus.recent import Recent
from qa.index.milvus.rows import PARAGRAPH_FIELDS, vectors_of
from qa.index.milvus.schema import SAMPLE_RANGE
from qa.index.sampled import Statistics

__all__ = ["Sample"]

_SAMPLED = 8_192
_STATISTICS_SECONDS = 600.0
_LOOKED_AT = 5
_LOOKED_UP = 32


class Sample:
    """Statistics from 8,192 paragraphs, taken again every ten minutes.

    ``matches_words`` tells whether the server has BM25, with which tokens that the sample lacks
    are looked up.
    """

    def __init__(
        self, connection: Connection, collection: str, recent: Recent, *, matches_words: bool
    ) -> None:
        self._connection = connection
        self._collection = collection
        self._recent = recent
        self._matches_words = matches_words
        self._occurring: dict[str, int] = {}
        self._taken = 0.0
        self._statistics = self.take()

    def statistics(self) -> Statistics:
        """Return the statistics, from a new sample if the last one is old."""
        if time.monotonic() - self._taken > _STATISTICS_SECONDS:
            try:
                return self.take()
            except IndexUnavailable:
                # Old statistics serve as well until the server is back.
                self._taken = time.monotonic()
        return self._statistics

    def take(self) -> Statistics:
        """Return the statistics of a new sample.

        Raises:
            IndexUnavailable: if the server does not answer.

        """
        query = self._connection.query
        counted = query(self._collection, "window == 0", ["count(*)"])
        n_paragraphs = int(counted[0]["count(*)"])
        share = min(1.0, _SAMPLED / max(n_paragraphs, 1))
        condition = f"sample < {int(share * SAMPLE_RANGE)}"
        fields = ("window", *PARAGRAPH_FIELDS, "dense")
        rows = query(self._collection, condition, fields) if n_paragraphs else []
        rows.sort(key=lambda row: (row["number"], row["window"]))
        starts = [place for place, row in enumerate(rows) if row["window"] == 0]
        texts = [list(self._recent.remember(rows[place]).tokens.elements()) for place in starts]
        self._taken = time.monotonic()
        self._occurring = {}
        self._statistics = Statistics.of(n_paragraphs, vectors_of(rows), starts, texts)
        return self._statistics

    def occur(self, wanted: Sequence[str]) -> list[int]:
        """Return 1 for each token that a paragraph is found to hold, else 0."""
        if not self._matches_words:
            return [1] * len(wanted)
        unknown = [token for token in wanted if token not in self._occurring][:_LOOKED_UP]
        if unknown:
            found = self._connection.call(
                "search",
                self._collection,
                data=unknown,
                anns_field="sparse",
                limit=_LOOKED_AT,
                output_fields=list(PARAGRAPH_FIELDS),
                consistency_level=CONSISTENCY,
            )
            for token, hits in zip(unknown, found, strict=True):
                self._occurring[token] = int(
                    any(token in self._recent.remember(hit["entity"]).tokens for hit in hits)
                )
        return [self._occurring.get(token, 0) for token in wanted]
