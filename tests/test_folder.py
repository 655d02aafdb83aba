"""Filling an index folder in steps: what is added is cheap, what was there answers meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_segment import prepared
from test_storage import rewrite

from qa import loaders
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index import folder as module
from qa.index.access import open_store
from qa.index.content import prepare
from qa.index.folder import FolderStore, merge_folders
from qa.index.ingest import ingest
from qa.index.local import LocalIndex
from qa.index.opened import verify
from qa.loaders.stream import Shard
from qa.text import query_tokens
from qa.types import Document
from support.models import CountingEmbedder

QUESTION = "第7号工程在哪条街?"


def numbered(first: int, last: int, *, suffix: str = "") -> list[Document]:
    return [
        loaders.from_text(
            f"{place:03}", f"第{place}号工程在第{place}街开工{suffix}。\n花了{place}天。"
        )
        for place in range(first, last)
    ]


def put(store: FolderStore, documents: list[Document], model: SentenceTransformerEmbedder) -> None:
    store.put(prepare(documents, model))


def names(documents: list[Document]) -> list[str]:
    return [document.id for document in documents]


def all_of(name: str) -> bool:
    del name
    return True


def files(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"data-*/{name}.npy"))


def assert_same(one: LocalIndex, other: LocalIndex, embedder: SentenceTransformerEmbedder) -> None:
    """Compare the scores of all paragraphs; equal ones may stand in another order."""
    assert len(one) == len(other)
    scores = []
    for index in (one, other):
        (candidates,) = index.candidates(
            embedder.encode_queries([QUESTION]), [query_tokens(QUESTION)], len(index)
        )
        texts = [index.paragraph(number).text for number in candidates.numbers.tolist()]
        pairs = zip(candidates.dense.tolist(), candidates.lexical.tolist(), strict=True)
        scores.append(dict(zip(texts, pairs, strict=True)))
    assert scores[0].keys() == scores[1].keys()
    for text, pair in scores[0].items():
        assert pair == pytest.approx(scores[1][text], abs=1e-4)


def test_an_addition_to_a_large_index_writes_only_itself(
    embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHEAP_TO_MERGE", 0)
    base, more, changed = numbered(0, 30), numbered(30, 33), numbered(5, 8, suffix="了")
    store = FolderStore(tmp_path, embedder)
    put(store, base, embedder)
    store.finish(names(base), all_of)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("data-*/embeddings.npy")}
    put(store, more, embedder)
    put(store, changed, embedder)
    order = [name for name in names(base + more) if name != "020"]
    store.finish(order, all_of)
    store.close()
    for path, written in kept.items():
        assert path.stat().st_mtime_ns == written
    assert len(list(tmp_path.glob("data-*/embeddings.npy"))) == 3
    index = LocalIndex.open(tmp_path, embedder)
    new = {document.id: document for document in (*base, *more, *changed)}
    fresh = LocalIndex.build([new[name] for name in order], embedder)
    assert len(index) == len(fresh) == 64
    assert index.document_ids() == order
    assert_same(index, fresh, embedder)
    assert index.document("006") == changed[1]
    with pytest.raises(KeyError):
        index.document("020")
    tokens = ["20", "6", "了", "街"]
    assert (
        index.document_frequencies(tokens).tolist() == fresh.document_frequencies(tokens).tolist()
    )
    index.save(tmp_path / "whole")
    whole = LocalIndex.open(tmp_path / "whole", embedder)
    assert len(whole.segments) == 1
    assert whole.document_ids() == order
    assert_same(whole, fresh, embedder)


@pytest.mark.parametrize(
    ("setting", "value"), [("_MOST_SEGMENTS", 2), ("_MOST_VOID", 0.01), ("_CHEAP_TO_MERGE", 100)]
)
def test_segments_are_merged_when_many_void_or_small(
    setting: str,
    value: float,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_CHEAP_TO_MERGE", 0)
    monkeypatch.setattr(module, setting, value)
    store = FolderStore(tmp_path, embedder)
    for first in (0, 3, 6):
        put(store, numbered(first, first + 3), embedder)
    order = names(numbered(0, 9))[::-1][1:]
    store.finish(order, all_of)
    store.close()
    index = LocalIndex.open(tmp_path, embedder)
    assert len(index.segments) == 1
    assert index.document_ids() == order
    assert index.paragraph(0).document_id == order[0]
    assert len(list(tmp_path.iterdir())) == 3


def test_the_old_index_answers_until_the_new_one_is_finished(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    LocalIndex.build(numbered(0, 3), embedder).save(tmp_path)
    store = FolderStore(tmp_path, embedder)
    put(store, numbered(2, 6, suffix="了"), embedder)
    before = LocalIndex.open(tmp_path, embedder)
    assert before.document_ids() == ["000", "001", "002"]
    assert "开工。" in before.document("002").text
    store.close()
    again = FolderStore(tmp_path, embedder)
    assert again.digests(["005", "009"]).keys() == {"005"}
    again.finish(["001", "002", "005"], all_of)
    again.close()
    after = LocalIndex.open(tmp_path, embedder)
    assert after.document_ids() == ["001", "002", "005"]
    assert "开工了。" in after.document("002").text
    assert not (tmp_path / "unfinished.json").exists()


def test_two_writers_at_once_are_refused(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path, embedder)
    with pytest.raises(QAError, match="another process is writing to"):
        FolderStore(tmp_path, embedder)
    with pytest.raises(QAError, match="another process is writing to"):
        LocalIndex.build(numbered(0, 1), embedder).save(tmp_path)
    store.close()
    FolderStore(tmp_path, embedder).close()


def test_however_many_steps_it_takes_few_files_are_open(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    documents = [prepared(f"文{place % 23}", f"第{place}步。") for place in range(60)]
    store = FolderStore(tmp_path, embedder)
    most = 0
    for document in documents:
        store.put([document])
        most = max(most, len(files(tmp_path, "embeddings")))
        assert store.digests([document.document.id]) == {document.document.id: document.digest}
    assert most == 8
    store.close()
    again = FolderStore(tmp_path, embedder)
    latest = {one.document.id: one for one in documents}
    assert again.digests(list(latest)) == {name: one.digest for name, one in latest.items()}
    again.finish(list(latest), all_of)
    again.close()
    index = LocalIndex.open(tmp_path, embedder)
    assert [index.document(name) for name in latest] == [one.document for one in latest.values()]
    assert len(index) == 23


def test_what_another_model_left_unfinished_is_not_taken_over(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    other = CountingEmbedder(embedder, "0123456789abcdef")
    store = FolderStore(tmp_path, other)
    store.put([prepared("甲")])
    store.close()
    again = FolderStore(tmp_path, embedder)
    assert again.digests(["甲"]) == {}
    again.close()


def test_verify_finds_a_flipped_bit_in_an_index_of_any_size(
    embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.storage, "WHOLE_CHECK_BYTES", 0)
    LocalIndex.build(numbered(0, 3), embedder).save(tmp_path)
    assert verify(tmp_path).documents == 3
    for path in sorted(tmp_path.glob("data-*/*")):
        held = path.read_bytes()
        path.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
        with pytest.raises(IndexDamaged, match=path.name):
            verify(tmp_path)
        path.write_bytes(held)


def test_a_folder_keeps_its_format_until_another_is_asked_for(
    embedder: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHEAP_TO_MERGE", 0)
    documents = numbered(0, 6)
    exact = LocalIndex.build(documents, embedder)
    expected = [("int8", 1, 1), (None, 2, 2), ("float32", 1, 0), (None, 1, 0), ("int8", 1, 1)]
    put_until = iter([4, 6, 6, 6, 6])
    for vectors, segments, coded in expected:
        store = FolderStore(tmp_path, embedder, vectors)
        known = store.digests(names(documents))
        until = next(put_until)
        new = [one for one in documents[:until] if one.id not in known]
        if new:
            put(store, new, embedder)
        store.finish(names(documents[:until]), all_of)
        store.close()
        assert len(files(tmp_path, "embeddings")) == segments
        assert len(files(tmp_path, "codes")) == coded
        index = LocalIndex.open(tmp_path, embedder)
        assert index.vectors == ("int8" if coded else "float32")
        assert verify(tmp_path).vectors == index.vectors
    assert_same(index, exact, embedder)


def test_work_that_was_left_is_gone_on_with_in_the_format_asked_for(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    documents = numbered(0, 4)
    store = FolderStore(tmp_path, embedder, "float32")
    put(store, documents[:2], embedder)
    store.close()
    again = FolderStore(tmp_path, embedder, "int8")
    put(again, documents[2:], embedder)
    again.finish(names(documents), all_of)
    again.close()
    index = LocalIndex.open(tmp_path, embedder)
    assert index.vectors == "int8"
    assert_same(index, LocalIndex.build(documents, embedder), embedder)


def test_a_merged_index_has_the_format_of_all_or_the_one_asked_for(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    for name, vectors in (("one", "int8"), ("two", "int8"), ("three", "float32")):
        part = numbered(len(name), len(name) + 1)
        LocalIndex.build(part, embedder, vectors=vectors).save(tmp_path / name)

    def merged(folders: list[str], vectors: str | None = None) -> str:
        to = tmp_path / "-".join([*folders, vectors or ""])
        merge_folders([tmp_path / one for one in folders], to, embedder, vectors)
        return LocalIndex.open(to, embedder).vectors

    assert merged(["one", "two"]) == "int8"
    assert merged(["one", "three"]) == "float32"
    assert merged(["one", "three"], "int8") == "int8"
    assert merged(["one"], "float32") == "float32"


def test_no_other_formats(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    expected = "no vector format 'int4'; expected float32 or int8"
    with pytest.raises(QAError, match=expected):
        FolderStore(tmp_path / "new", embedder, "int4")
    with pytest.raises(QAError, match=expected):
        LocalIndex.build([], embedder, vectors="int4")
    assert not (tmp_path / "new").exists()


def test_a_segment_without_the_small_copy_that_the_manifest_promises(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    LocalIndex.build(numbered(0, 2), embedder).save(tmp_path)
    rewrite(tmp_path / "manifest.json", lambda raw: raw.update(vectors="int8"))
    with pytest.raises(IndexDamaged, match="lacks the small copy of its vectors"):
        LocalIndex.open(tmp_path, embedder)


SHARD = """
import sys
from pathlib import Path
from qa.cli import main
sys.exit(main(["index", sys.argv[1], "--to", sys.argv[2], "--shard", sys.argv[3]]))
"""


@pytest.mark.slow
def test_four_processes_make_one_index(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for document in numbered(0, 30):
        (articles / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "OMP_NUM_THREADS": "1",
    }
    runs = [
        subprocess.Popen(
            [
                *(sys.executable, "-c", SHARD, str(articles)),
                *(str(tmp_path / f"part-{number}"), f"{number}/4"),
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        for number in range(1, 5)
    ]
    assert [run.wait() for run in runs] == [0] * 4
    parts = [tmp_path / f"part-{number}" for number in range(1, 5)]
    assert merge_folders(parts, tmp_path / "whole", embedder).documents == 30
    index = LocalIndex.open(tmp_path / "whole", embedder)
    whole = LocalIndex.build(loaders.load_paths([articles]).documents, embedder)
    assert sorted(index.document_ids()) == whole.document_ids()
    assert_same(index, whole, embedder)


def test_folders_of_different_models_are_not_merged(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    other = CountingEmbedder(embedder, "0123456789abcdef")
    LocalIndex.build(numbered(0, 2), embedder).save(tmp_path / "one")
    LocalIndex.build(numbered(2, 4), other).save(tmp_path / "two")
    with pytest.raises(IndexMismatch, match="0123456789abcdef"):
        merge_folders([tmp_path / "one", tmp_path / "two"], tmp_path / "to", embedder)
    assert not (tmp_path / "to").exists()


def test_a_merged_document_is_that_of_the_last_folder(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    LocalIndex.build(numbered(0, 3), embedder).save(tmp_path / "one")
    LocalIndex.build(numbered(2, 4, suffix="了"), embedder).save(tmp_path / "two")
    done = merge_folders([tmp_path / "one", tmp_path / "two"], tmp_path / "to", embedder)
    assert (done.documents, done.replaced.first) == (4, ("002",))
    index = LocalIndex.open(tmp_path / "to", embedder)
    assert "开工了" in index.document("002").text
    assert np.allclose(np.linalg.norm(index.segments[0].embeddings, axis=1), 1, atol=1e-5)


def test_a_merge_takes_the_place_of_the_index_that_is_there(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    one, two, empty = (tmp_path / name for name in ("one", "two", "empty"))
    LocalIndex.build(numbered(0, 3), embedder).save(one)
    LocalIndex.build(numbered(2, 4), embedder).save(two)
    LocalIndex.build([], embedder).save(empty)
    for _ in range(2):
        assert merge_folders([one], empty, embedder).documents == 3
    assert LocalIndex.open(empty, embedder).document_ids() == ["000", "001", "002"]
    # Documents that are the same are no loss.
    done = merge_folders([one, two], two, embedder)
    assert (done.documents, done.replaced.count) == (4, 0)
    assert LocalIndex.open(two, embedder).document_count() == 4


@pytest.mark.parametrize("place", ["http://127.0.0.1:19530", "https://example.org", "a.db"])
def test_a_place_in_milvus_is_no_folder(
    place: str,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    LocalIndex.build(numbered(0, 3), embedder).save(tmp_path / "one")
    with pytest.raises(QAError, match="a place in Milvus"):
        merge_folders([tmp_path / "one"], Path(place), embedder)
    with pytest.raises(QAError, match="a place in Milvus"):
        LocalIndex.open(tmp_path / "one", embedder).save(Path(place))
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_graph_is_refused_for_a_folder(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    with pytest.raises(QAError, match="is a folder"):
        open_store(tmp_path / "index", embedder, approximate=True)
    assert not (tmp_path / "index").exists()


def test_a_shard_without_articles_is_an_empty_index(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "甲.txt").write_text("微乐贷很好。", encoding="utf-8")
    numbers = [number for number in (1, 2) if not Shard(number, 2).holds("甲.txt")]
    store = FolderStore(tmp_path / "index", embedder)
    assert ingest([tmp_path / "甲.txt"], store, embedder, shard=Shard(numbers[0], 2)).documents == 0
    store.close()
    assert len(LocalIndex.open(tmp_path / "index", embedder)) == 0
