"""A real Milvus with two query nodes: one is killed while questions are asked."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from qa import loaders
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import QAError
from qa.index.content import Prepared, content_hash
from qa.index.milvus import MilvusIndex, MilvusStore
from qa.loaders.split import split
from qa.types import Floats
from support.models import CountingEmbedder

pytest.importorskip("milvus", reason="the server for tests: pip install milvus==2.3.5")

from support.milvus_server import Server, running

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

COLLECTION = "spread"
DOCUMENTS, PARAGRAPHS, DIMENSION = 800, 25, 384
BATCH = 100
LIMIT = 10
RANDOM = np.random.default_rng(11)


@dataclass
class Asking:
    """Asks without a pause, in a thread of its own, and notes what comes back."""

    index: MilvusIndex
    vectors: Floats
    expected: list[set[str]]
    right: int = 0
    wrong: list[int] = field(default_factory=list)
    refused: list[QAError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ended.is_set():
            try:
                names = nearest(self.index, self.vectors[number])
            except QAError as error:
                self.refused.append(error)
            else:
                if names == self.expected[number]:
                    self.right += 1
                else:
                    self.wrong.append(number)
            number = (number + 1) % len(self.vectors)


def nearest(index: MilvusIndex, vector: Floats) -> set[str]:
    """Return document and position of the nearest paragraphs."""
    (found,) = index.candidates(vector[None], [[]], LIMIT)
    paragraphs = [index.paragraph(number) for number in found.numbers.tolist()]
    return {f"{one.document_id}/{one.position}" for one in paragraphs}


def unit(rows: Floats) -> Floats:
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def made_up(number: int, rows: Floats) -> Prepared:
    """Return a document with vectors of its own, since embedding so many would take hours."""
    text = "\n".join(f"第{number}篇的第{place}段说的是一件事。" * 6 for place in range(PARAGRAPHS))
    document = loaders.from_text(f"文{number}", text)
    paragraphs = split(document)
    windows = tuple((one.text,) for one in paragraphs)
    return Prepared(document, content_hash(document), paragraphs, windows, rows)


def wait_for(condition: Callable[[], bool]) -> None:
    """Look every second until it holds; what never does is ended with the test."""
    while not condition():
        time.sleep(1)


def rows_of_nodes(uri: str) -> Counter[int]:
    """Return how many sealed rows each query node has loaded."""
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException

    rows: Counter[int] = Counter()
    try:
        for segment in MilvusClient(uri)._get_connection().get_query_segment_info(COLLECTION):
            for node in segment.nodeIds:
                rows[node] += segment.num_rows
    except MilvusException:
        return Counter()
    return rows


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def test_a_node_that_dies_costs_time_and_never_an_answer(
    server: Server, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    from pymilvus import MilvusClient

    model = CountingEmbedder(embedder)
    rows = unit(RANDOM.standard_normal((DOCUMENTS * PARAGRAPHS, DIMENSION)))
    store = MilvusStore.open(server.uri, model, collection=COLLECTION)
    for first in range(0, DOCUMENTS, BATCH):
        store.put(
            [
                made_up(number, rows[number * PARAGRAPHS : (number + 1) * PARAGRAPHS])
                for number in range(first, first + BATCH)
            ]
        )
    MilvusClient(server.uri).flush(COLLECTION)
    index = MilvusIndex.open(server.uri, model, collection=COLLECTION)
    assert len(index) == DOCUMENTS * PARAGRAPHS

    asked = RANDOM.choice(len(rows), 40, replace=False)
    vectors = unit(rows[asked] + 0.05 * RANDOM.standard_normal((40, DIMENSION)))
    names = np.array(
        [f"文{place // PARAGRAPHS}/{place % PARAGRAPHS}" for place in range(len(rows))]
    )
    best = np.argsort(-np.round(vectors @ rows.T, 6), axis=1)[:, :LIMIT]
    expected = [set(names[own]) for own in best]
    for vector, wanted in zip(vectors, expected, strict=True):
        assert nearest(index, vector) == wanted

    server.start_second_node()
    wait_for(lambda: len(rows_of_nodes(server.uri)) == 2)
    asking = Asking(index, vectors, expected)
    wait_for(lambda: asking.right > 0)
    before = asking.right
    server.kill("querynode")
    wait_for(lambda: len(rows_of_nodes(server.uri)) == 1 and asking.right > before + 40)
    asking.end()
    assert asking.wrong == []
    assert asking.refused == []
    assert sum(rows_of_nodes(server.uri).values()) == len(rows)

    kept = [f"文{number}" for number in range(DOCUMENTS) if number % 8]
    store.finish(kept, lambda _: True)
    server.start_second_node()
    wait_for(lambda: len(rows_of_nodes(server.uri)) == 2)
    after = MilvusIndex.open(server.uri, model, collection=COLLECTION)
    assert len(after) == len(kept) * PARAGRAPHS
    assert after.document_count() == len(kept)
    alive = np.array([place // PARAGRAPHS % 8 > 0 for place in range(len(rows))])
    scores = np.where(alive, np.round(vectors @ rows.T, 6), -1)
    best = np.argsort(-scores, axis=1)[:, :LIMIT]
    for vector, own in zip(vectors, best, strict=True):
        assert nearest(after, vector) == set(names[own])
