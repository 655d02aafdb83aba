"""The engines under test, each filled and searched in the same way."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from qa import loaders
from qa.embedding import Embedder
from qa.index import Index, Store
from qa.index.access import open_index, open_store
from qa.index.content import prepare
from qa.loaders.stream import Shard
from qa.retrieval.fusion import rank
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

    @property
    def is_folder(self) -> bool:
        return "://" not in self.place and not self.place.endswith(".db")

    def store(self, embedder: Embedder) -> Store:
        return open_store(self.place, embedder, collection=self.collection, vectors=self.vectors)

    def index(self, embedder: Embedder) -> Index:
        return open_index(self.place, embedder, collection=self.collection)


def documents_of(texts: Mapping[str, str]) -> list[Document]:
    return [loaders.from_text(name, text) for name, text in texts.items()]


def fill(engine: Engine, embedder: Embedder, documents: list[Document]) -> None:
    store = engine.store(embedder)
    store.put(prepare(documents, embedder))
    store.finish([document.id for document in documents], Shard().holds)
    store.close()


def ranked(
    index: Index, embedder: Embedder, k: int = 5, limit: int = 100
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
