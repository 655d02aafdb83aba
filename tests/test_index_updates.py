"""How every index is written: added to, changed, stopped at any moment, in shards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa import loaders
from qa.index import Index
from qa.index.ingest import ingest
from qa.index.local import LocalIndex
from qa.loaders.stream import Shard
from support.engines import TEXTS, Engine, assert_same, ranked
from support.models import CountingEmbedder, RememberingEmbedder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "甲乙丙":
        (folder / f"{name}.txt").write_text(TEXTS[name], encoding="utf-8")
    return folder


def test_articles_are_added_changed_and_deleted(
    engine: Engine, remembering: RememberingEmbedder, articles: Path
) -> None:
    counting = CountingEmbedder(remembering)

    def update() -> tuple[Index, list[str]]:
        counting.embedded.clear()
        store = engine.store(counting)
        ingest([articles], store, counting)
        store.close()
        return engine.index(remembering), [text.splitlines()[-1] for text in counting.embedded]

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
        ranked(index, remembering),
        ranked(
            LocalIndex.build(loaders.load_paths([articles]).documents, remembering), remembering
        ),
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
from qa.index import ingest
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
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


@pytest.mark.parametrize(
    "engine",
    [
        "folder",
        pytest.param("int8", marks=pytest.mark.slow),
        pytest.param("lite", marks=pytest.mark.slow),
        pytest.param("server", marks=pytest.mark.cluster),
    ],
    indirect=True,
)
def test_a_killed_run_goes_on_where_it_was(
    engine: Engine, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    articles = tmp_path / "many"
    articles.mkdir()
    for place in range(40):
        text = f"第{place}号工程在第{place}街开工。\n第{place}号工程花了{place * 3}天。"
        (articles / f"{place:02}.txt").write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [
            *(sys.executable, "-c", KILLED, engine.place, engine.collection),
            *(str(articles), engine.vectors or ""),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    ) as run:
        assert run.stdout is not None
        stored = [int(run.stdout.readline()) for _ in range(3)]
        run.send_signal(signal.SIGKILL)
    assert sum(stored) < 40
    counting = CountingEmbedder(remembering)
    store = engine.store(counting)
    done = ingest([articles], store, counting)
    store.close()
    assert done.documents == 40
    assert done.embedded <= 40 - sum(stored)
    index = engine.index(remembering)
    documents = loaders.load_paths([articles]).documents
    assert index.document_count() == 40
    assert len(index) == 80
    assert_same(
        ranked(index, remembering), ranked(LocalIndex.build(documents, remembering), remembering)
    )


def test_shards_together_are_the_whole(
    engine: Engine, remembering: RememberingEmbedder, articles: Path
) -> None:
    if Path(engine.place).suffix == "":
        pytest.skip("shards of a folder are merged: see test_folder.py")

    def fill_in_shards() -> None:
        for number in (1, 2, 3):
            store = engine.store(remembering)
            ingest([articles], store, remembering, shard=Shard(number, 3))
            store.close()

    fill_in_shards()
    assert engine.index(remembering).document_ids() == ["丙.txt", "乙.txt", "甲.txt"]
    (articles / "甲.txt").unlink()
    fill_in_shards()
    assert engine.index(remembering).document_ids() == ["丙.txt", "乙.txt"]
