"""What every index keeps to: the folder in both formats, Milvus Lite, a real Milvus server."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from conftest import CountingEmbedder, linked_model

from qa import loaders
from qa.calibration import load_calibration
from qa.chatbot import Chatbot
from qa.config import INT8, Config, default_corpus
from qa.embed import SentenceTransformerEmbedder, model_folder
from qa.errors import EmptyCorpus, IndexMismatch
from qa.evaluate import evaluate, read_labels, score
from qa.index import Index, Store
from qa.index.access import open_index, open_store
from qa.index.content import prepare
from qa.index.local import LocalIndex
from qa.ingest import ingest
from qa.retrieve import rank
from qa.sources import Shard
from qa.text import query_tokens
from qa.types import Document

QUESTIONS = ["何为新市民?", "微乐贷的平均额度是多少?", "百信银行", "Who likes the weather?", "新"]
LONG = "".join(f"第{place}批新市民在城镇常住,机构提供服务。" for place in range(60))
TEXTS = {
    "甲": "微乐贷平均额度达到6万。\n百信银行定位普惠金融。",
    "乙": "新市民是指来到城镇常住的群体。\n" + LONG,
    "丙": "Weather is fine today.\n新市民有3亿人。\n微乐贷很好。",
    "文件夹/“丁”的'引号\"和\\反斜杠 %_{}.txt": "黄山的温泉水温常年保持在42度。\ud83d\n𠮷野家。",
}
DENSE_SCALE = 70.0


@dataclass(frozen=True)
class Engine:
    """An engine under test: each ``collection`` of it is an index of its own."""

    place: str
    collection: str
    matches_words: bool = True
    vectors: str | None = None

    def store(self, embedder: SentenceTransformerEmbedder | CountingEmbedder) -> Store:
        return open_store(self.place, embedder, collection=self.collection, vectors=self.vectors)

    def index(self, embedder: SentenceTransformerEmbedder | CountingEmbedder) -> Index:
        return open_index(self.place, embedder, collection=self.collection)


@pytest.fixture(
    params=["folder", "int8", "lite", pytest.param("server", marks=pytest.mark.cluster)],
)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    collection = f"test_{uuid.uuid4().hex[:12]}"
    if request.param in ("folder", "int8"):
        vectors = None if request.param == "folder" else INT8
        return Engine(str(tmp_path / "index"), collection, vectors=vectors)
    pytest.importorskip("pymilvus")
    if request.param == "lite":
        manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
        place = str(tmp_path / "index.db")
        request.addfinalizer(lambda: manager.release_server(place))
        return Engine(place, collection)
    return Engine(request.getfixturevalue("milvus_server"), collection, matches_words=False)


def documents_of(texts: Mapping[str, str]) -> list[Document]:
    return [loaders.from_text(name, text) for name, text in texts.items()]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "甲乙丙":
        (folder / f"{name}.txt").write_text(TEXTS[name], encoding="utf-8")
    return folder


def fill(engine: Engine, embedder: SentenceTransformerEmbedder, documents: list[Document]) -> None:
    store = engine.store(embedder)
    store.put(prepare(documents, embedder))
    store.finish([document.id for document in documents], Shard().holds)
    store.close()


def ranked(
    index: Index, embedder: SentenceTransformerEmbedder, k: int = 5, limit: int = 100
) -> list[list[tuple[str, int, float]]]:
    """Return document, position and score of the best passages for each question."""
    found = index.candidates(
        embedder.encode_queries(QUESTIONS), [query_tokens(one) for one in QUESTIONS], limit
    )
    return [
        [
            (paragraph.document_id, paragraph.position, hit.score)
            for hit in rank(candidates, DENSE_SCALE, k)
            if (paragraph := index.paragraph(hit.number))
        ]
        for candidates in found
    ]


def assert_same(
    one: list[list[tuple[str, int, float]]], other: list[list[tuple[str, int, float]]]
) -> None:
    for left, right in zip(one, other, strict=True):
        assert [hit[2] for hit in left] == pytest.approx([hit[2] for hit in right], abs=0.01)
        assert [hit[:2] for hit in left] == [hit[:2] for hit in right]


def test_the_same_passages_with_the_same_scores(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    documents = documents_of(TEXTS)
    fill(engine, embedder, documents)
    index = engine.index(embedder)
    reference = LocalIndex.build(documents, embedder)
    assert len(index) == len(reference)
    assert_same(ranked(index, embedder), ranked(reference, embedder))
    asked = ["微乐", "百信", "weather", "无此", "的"]
    assert (
        index.document_frequencies(asked).tolist() == reference.document_frequencies(asked).tolist()
    )


def test_dense_search_is_exact(engine: Engine, embedder: SentenceTransformerEmbedder) -> None:
    documents = documents_of(
        {f"文{place}": f"第{place}号工程的长度是{place * 7}米。" for place in range(60)}
    )
    fill(engine, embedder, documents)
    index = engine.index(embedder)
    vectors = embedder.encode_queries(QUESTIONS)
    nothing: Sequence[Sequence[str]] = [[]] * len(QUESTIONS)
    found = index.candidates(vectors, nothing, 10)
    rows = embedder.encode_documents(
        [embedder.windows(one.text, one.title)[0] for one in documents]
    )
    for vector, candidates in zip(vectors, found, strict=True):
        cosines = np.round(rows @ vector, 6)
        best = np.argsort(-cosines, kind="stable")[:10]
        names = {index.paragraph(int(number)).document_id for number in candidates.numbers}
        assert names == {f"文{place}" for place in best}
        assert sorted(candidates.dense) == pytest.approx(sorted(cosines[best]), abs=1e-5)
        assert candidates.dense_mean == pytest.approx(cosines.mean(), abs=1e-4)
        assert candidates.dense_deviation == pytest.approx(cosines.std(), abs=1e-4)


def test_candidates_are_those_of_an_exact_index(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    documents = list(loaders.load_paths([default_corpus()]).documents)
    fill(engine, embedder, documents)
    labels = read_labels(default_corpus() / "questions.jsonl")[::5]
    vectors = embedder.encode_queries([one.question for one in labels])
    queries = [query_tokens(one.question) for one in labels]
    index, reference = engine.index(embedder), LocalIndex.build(documents, embedder)
    for one, other in zip(
        index.candidates(vectors, queries, 10),
        reference.candidates(vectors, queries, 10),
        strict=True,
    ):
        places = [
            [(found.document_id, found.position) for found in map(own.paragraph, numbers.tolist())]
            for own, numbers in ((index, one.numbers), (reference, other.numbers))
        ]
        assert sorted(places[0]) == sorted(places[1])
        assert sorted(one.dense) == pytest.approx(sorted(other.dense), abs=1e-5)
        assert one.dense_mean == pytest.approx(other.dense_mean, abs=1e-4)
        assert one.dense_deviation == pytest.approx(other.dense_deviation, abs=1e-4)


def test_labelled_questions_are_answered_as_well(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    documents = list(loaders.load_paths([default_corpus()]).documents)
    fill(engine, embedder, documents)
    labels = read_labels(default_corpus() / "questions.jsonl")[::3]
    config = Config()
    calibration = load_calibration(model_folder(config.model))
    reports = [
        score(evaluate(Chatbot(index, embedder, calibration, config), labels))
        for index in (engine.index(embedder), LocalIndex.build(documents, embedder))
    ]
    assert reports[0].hit_at_1 == pytest.approx(reports[1].hit_at_1, abs=0.01)
    assert reports[0].refusal_recall == pytest.approx(reports[1].refusal_recall, abs=0.01)


def test_documents_and_paragraphs_come_back_as_they_were(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    documents = documents_of(TEXTS)
    fill(engine, embedder, documents)
    index = engine.index(embedder)
    assert sorted(index.document_ids()) == sorted(document.id for document in documents)
    assert index.document_count() == 4
    for document in documents:
        assert index.document(document.id) == document
    with pytest.raises(KeyError, match="戊"):
        index.document("戊")
    found = index.candidates(embedder.encode_queries(["问?"]), [["问"]], 100)[0]
    assert len(found.numbers) == len(index)
    for number in found.numbers.tolist():
        paragraph = engine.index(embedder).paragraph(number)
        text = TEXTS[paragraph.document_id]
        assert text[paragraph.start : paragraph.end] == paragraph.text
        assert paragraph == index.paragraph(number)


def test_a_document_longer_than_a_value_comes_back_whole(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    # One paragraph that does not fit into a value of Milvus, and a document of several.
    text = "开头。\n" + "这一段很长，长得放不进一个值。" * 1_500 + "\n结尾说的是松花湖。"
    (document,) = documents_of({"长": text})
    fill(engine, embedder, [document])
    index = engine.index(embedder)
    assert index.document("长") == document
    found = index.candidates(embedder.encode_queries(["放不进值?"]), [["放不"]], 100)[0]
    shown = {index.paragraph(number).text for number in found.numbers.tolist()}
    assert shown == set(text.split("\n"))


def test_articles_are_added_changed_and_deleted(
    engine: Engine, embedder: SentenceTransformerEmbedder, articles: Path
) -> None:
    counting = CountingEmbedder(embedder)

    def update() -> tuple[Index, list[str]]:
        counting.embedded.clear()
        store = engine.store(counting)
        ingest([articles], store, counting)
        store.close()
        return engine.index(embedder), [text.splitlines()[-1] for text in counting.embedded]

    index, embedded = update()
    assert len(embedded) > 7
    (articles / "丁.txt").write_text("黄山的温泉水温是42度。", encoding="utf-8")
    index, embedded = update()
    assert embedded == ["黄山的温泉水温是42度。"]
    assert index.document_count() == 4
    (articles / "丁.txt").write_text("黄山有雪。\n黄山有松。", encoding="utf-8")
    (articles / "乙.txt").unlink()
    index, embedded = update()
    assert sorted(embedded) == ["黄山有松。", "黄山有雪。"]
    assert sorted(index.document_ids()) == ["丁.txt", "丙.txt", "甲.txt"]
    with pytest.raises(KeyError):
        index.document("乙.txt")
    assert_same(
        ranked(index, embedder),
        ranked(LocalIndex.build(loaders.load_paths([articles]).documents, embedder), embedder),
    )
    assert index.document_frequencies(["42", "批新"]).tolist() == [0, 0]
    (articles / "丁.txt").write_text("黄山有雪。", encoding="utf-8")
    index, embedded = update()
    documents = loaders.load_paths([articles]).documents
    assert len(index) == sum(len(document.blocks) for document in documents)
    _, embedded = update()
    assert embedded == []


KILLED = """
import sys
from qa import ingest
from qa.config import Config
from qa.embed import SentenceTransformerEmbedder
from qa.index.access import open_store

ingest.CHARACTERS_A_STEP = 60
embedder = SentenceTransformerEmbedder(Config().model)
vectors = sys.argv[4] or None
store = open_store(sys.argv[1], embedder, collection=sys.argv[2], vectors=vectors)
put = store.put

def put_and_tell(batch):
    put(batch)
    print(len(batch), flush=True)

store.put = put_and_tell
ingest._LOOKED_UP_TOGETHER = 3
ingest.ingest([sys.argv[3]], store, embedder)
"""


def test_a_killed_run_goes_on_where_it_was(
    engine: Engine, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    articles = tmp_path / "many"
    articles.mkdir()
    for place in range(40):
        text = f"第{place}号工程在第{place}街开工。\n第{place}号工程花了{place * 3}天。"
        (articles / f"{place:02}.txt").write_text(text, encoding="utf-8")
    run = subprocess.Popen(
        [
            *(sys.executable, "-c", KILLED, engine.place, engine.collection),
            *(str(articles), engine.vectors or ""),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert run.stdout is not None
    stored = [int(run.stdout.readline()) for _ in range(3)]
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert sum(stored) < 40
    counting = CountingEmbedder(embedder)
    store = engine.store(counting)
    done = ingest([articles], store, counting)
    store.close()
    assert done.documents == 40
    assert done.embedded <= 40 - sum(stored)
    index = engine.index(embedder)
    documents = loaders.load_paths([articles]).documents
    assert index.document_count() == 40
    assert len(index) == 80
    assert_same(ranked(index, embedder), ranked(LocalIndex.build(documents, embedder), embedder))


def test_it_opens_again_with_the_same_answers(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    fill(engine, embedder, documents_of(TEXTS))
    first = ranked(engine.index(embedder), embedder)
    again = engine.index(embedder)
    assert_same(first, ranked(again, embedder))


def test_an_empty_index_is_said_to_be_empty(
    engine: Engine, embedder: SentenceTransformerEmbedder, shared_model: None
) -> None:
    store = engine.store(embedder)
    store.finish([], Shard().holds)
    store.close()
    assert len(engine.index(embedder)) == 0
    assert (
        engine.index(embedder)
        .candidates(embedder.encode_queries(["问?"]), [["问"]], 5)[0]
        .numbers.tolist()
        == []
    )
    with pytest.raises(EmptyCorpus, match="nothing to answer from"):
        Chatbot.open(engine.place, collection=engine.collection)


def test_vectors_of_another_dimension_are_refused(
    engine: Engine, embedder: SentenceTransformerEmbedder
) -> None:
    fill(engine, embedder, documents_of(TEXTS))
    with pytest.raises(IndexMismatch, match=r"384 numbers.* makes 7"):
        engine.index(embedder).candidates(np.ones((1, 7), np.float32), [["新"]], 5)


def test_another_model_is_named(
    engine: Engine, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    fill(engine, embedder, documents_of(TEXTS))
    copy = linked_model(tmp_path / "another-model")
    settings = copy / "config_sentence_transformers.json"
    settings.write_text(settings.read_text().replace("query: ", "question: "))
    other = SentenceTransformerEmbedder(str(copy))
    with pytest.raises(IndexMismatch) as caught:
        engine.index(other)
    for named in (embedder.name, embedder.fingerprint, other.name, other.fingerprint):
        assert named in str(caught.value)


def test_shards_together_are_the_whole(
    engine: Engine, embedder: SentenceTransformerEmbedder, articles: Path
) -> None:
    if Path(engine.place).suffix == "":
        pytest.skip("shards of a folder are merged: see test_folder.py")

    def fill_in_shards() -> None:
        for number in (1, 2, 3):
            store = engine.store(embedder)
            ingest([articles], store, embedder, shard=Shard(number, 3))
            store.close()

    fill_in_shards()
    assert engine.index(embedder).document_ids() == ["丙.txt", "乙.txt", "甲.txt"]
    (articles / "甲.txt").unlink()
    fill_in_shards()
    assert engine.index(embedder).document_ids() == ["丙.txt", "乙.txt"]
