"""Articles into a store, step by step: what is embedded, what is reported, what is refused."""

import json
from pathlib import Path

import pytest

from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import DocumentError, EmptyCorpus
from qa.index import folder
from qa.index import ingest as module
from qa.index.folder import FolderStore
from qa.index.ingest import Pace, ingest
from qa.index.local import LocalIndex
from qa.loaders.stream import Shard
from support.models import CountingEmbedder


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    articles = [
        {"id": f"{place}", "text": f"第{place}号工程在第{place}街开工。\n花了{place}天。"}
        for place in range(20)
    ]
    path.write_text("\n".join(json.dumps(one) for one in articles), encoding="utf-8")
    return path


def test_the_pace_grows_to_the_end_and_the_time_left_shrinks_to_nothing(
    lines: Path,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CHARACTERS_A_STEP", 60)
    paces: list[Pace] = []
    store = FolderStore(tmp_path / "index", embedder)
    done = ingest([lines], store, embedder, on_pace=paces.append)
    store.close()
    assert (done.documents, done.embedded, done.problems) == (20, 20, ())
    assert len(paces) > 6
    assert [pace.share for pace in paces] == sorted(pace.share for pace in paces)
    assert paces[0].seconds_left is None
    assert paces[-1].share == 1
    assert paces[-1].seconds_left == 0
    assert paces[-1].paragraphs == 40
    assert paces[-1].rate == pytest.approx(40 / paces[-1].seconds)


def test_steps_hold_a_bounded_number_of_characters(
    lines: Path,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CHARACTERS_A_STEP", 60)
    store = FolderStore(tmp_path / "index", embedder)
    sizes: list[int] = []
    put = store.put
    monkeypatch.setattr(store, "put", lambda batch: (sizes.append(len(batch)), put(batch)))
    ingest([lines], store, embedder)
    store.close()
    assert sum(sizes) == 20
    assert max(sizes) <= 4


def test_unchanged_articles_are_not_embedded_and_their_order_is_kept(
    lines: Path, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    counting = CountingEmbedder(embedder)
    store = FolderStore(tmp_path / "index", counting)
    ingest([lines], store, counting)
    counting.embedded.clear()
    changed = lines.read_text(encoding="utf-8").splitlines()
    changed = [json.dumps({"id": "new", "text": "新的一篇。"}), *changed[:7], *changed[8:]]
    lines.write_text("\n".join(changed), encoding="utf-8")
    done = ingest([lines], store, counting)
    store.close()
    assert (done.documents, done.embedded) == (20, 1)
    assert [text.splitlines()[-1] for text in counting.embedded] == ["新的一篇。"]
    names = LocalIndex.open(tmp_path / "index", embedder).document_ids()
    assert names == [f"articles.jsonl#{name}" for name in ("new", *range(7), *range(8, 20))]


def test_what_was_dropped_from_a_large_index_is_told_once(
    lines: Path,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A large index keeps what was dropped until there is much of it.
    monkeypatch.setattr(folder, "_CHEAP_TO_MERGE", 0)
    store = FolderStore(tmp_path / "index", embedder)
    assert ingest([lines], store, embedder).dropped.count == 0
    kept = lines.read_text(encoding="utf-8").splitlines()[2:]
    lines.write_text("\n".join(kept), encoding="utf-8")
    first = ingest([lines], store, embedder)
    again = ingest([lines], store, embedder)
    store.close()
    assert first.dropped.first == ("articles.jsonl#0", "articles.jsonl#1")
    assert (again.dropped.count, again.unchanged) == (0, 18)


def test_nothing_to_read_leaves_the_store_as_it_was(
    lines: Path, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    store = FolderStore(tmp_path / "index", embedder)
    ingest([lines], store, embedder)
    (tmp_path / "empty").mkdir()
    for shard in (None, Shard(1, 2), Shard(2, 2)):
        for paths in ([tmp_path / "absent"], [lines, tmp_path / "absent"]):
            with pytest.raises(DocumentError, match=r"absent: there is no such file or folder"):
                ingest(paths, store, embedder, shard=shard)
        with pytest.raises(EmptyCorpus, match="no file in"):
            ingest([tmp_path / "empty"], store, embedder, shard=shard)
    store.close()
    assert LocalIndex.open(tmp_path / "index", embedder).document_count() == 20


@pytest.mark.parametrize("cheap", [0, 50_000])
def test_a_shard_leaves_what_belongs_to_the_others_in_the_folder(
    cheap: int,
    lines: Path,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folder, "_CHEAP_TO_MERGE", cheap)
    store = FolderStore(tmp_path / "index", embedder)
    first = ingest([lines], store, embedder, shard=Shard(1, 2))
    kept = lines.read_text(encoding="utf-8").splitlines()[:18]
    second = ingest([lines], store, embedder, shard=Shard(2, 2))
    lines.write_text("\n".join(kept), encoding="utf-8")
    third = ingest([lines], store, embedder, shard=Shard(2, 2))
    store.close()
    gone = [name for name in ("articles.jsonl#18", "articles.jsonl#19") if Shard(2, 2).holds(name)]
    assert (second.dropped.count, third.dropped.first) == (0, tuple(gone))
    index = LocalIndex.open(tmp_path / "index", embedder)
    assert index.document_count() == first.documents + third.documents == 20 - len(gone)
    assert {index.document(name).id for name in index.document_ids()} == set(index.document_ids())
