"""Large indexes: opened without reading them, checked before anything comes of what is in them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import loaders
from qa.chatbot import Chatbot
from qa.config import VECTOR_FORMATS
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import IndexDamaged
from qa.index import storage
from qa.index.folder import FolderStore, merge_folders
from qa.index.local import LocalIndex
from qa.index.opened import Unchecked, verify
from qa.types import Document
from support.small_index import DIMENSION, QUESTION, TEXTS, made_up, write_small_index
from support.waiting import PATIENCE

VECTORS = np.full((1, DIMENSION), 0.5, np.float32)


@pytest.fixture(params=VECTOR_FORMATS)
def saved(
    request: pytest.FixtureRequest,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder that counts as a large index."""
    folder = tmp_path / "index"
    write_small_index(folder, embedder, request.param)
    monkeypatch.setattr(storage, "WHOLE_CHECK_BYTES", 0)
    return folder


def data(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("data-*/*") if path.suffix != ".json")


def left_out(folder: Path) -> list[Path]:
    """Return the files that opening does not read."""
    return [path for path in data(folder) if path.name in storage.LARGE]


def flip(path: Path) -> None:
    """Change the last bit, which hardly changes a vector and no text that is read."""
    held = path.read_bytes()
    path.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))


def search(index: LocalIndex) -> None:
    index.candidates(VECTORS, [QUESTION], 3)


def count_words(index: LocalIndex) -> None:
    index.document_frequencies(QUESTION)


def save(index: LocalIndex) -> None:
    index.save(Path("copy"))


@pytest.mark.parametrize("use", [search, count_words, save, LocalIndex.check])
def test_a_flipped_bit_is_found_when_opened_or_before_anything_comes_of_it(
    use: Callable[[LocalIndex], None],
    saved: Path,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    late = left_out(saved)
    assert late
    for path in data(saved):
        held = path.read_bytes()
        flip(path)
        if path in late:
            index = LocalIndex.open(saved, embedder)
            # It stays damaged, however often it is asked.
            for _ in range(2):
                with pytest.raises(IndexDamaged, match=rf"{path.name} is not as it was written"):
                    use(index)
        else:
            with pytest.raises(IndexDamaged, match=rf"{path.name} is not as it was written"):
                LocalIndex.open(saved, embedder)
        path.write_bytes(held)
    assert not (tmp_path / "copy").exists()
    use(LocalIndex.open(saved, embedder))


def test_damage_is_not_taken_along_into_a_new_index(
    saved: Path, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    documents = [loaders.from_text(name, text) for name, text in TEXTS.items()]
    for path in left_out(saved):
        held = path.read_bytes()
        flip(path)
        with pytest.raises(IndexDamaged, match=path.name):
            merge_folders([saved], tmp_path / "merged", embedder)
        with pytest.raises(IndexDamaged, match=path.name):
            LocalIndex.build(documents, embedder, previous=LocalIndex.open(saved, embedder))
        # Who has the sources stores all of them again.
        store = FolderStore(saved, embedder)
        assert store.digests(list(TEXTS)) == {}
        store.close()
        path.write_bytes(held)
    assert merge_folders([saved], tmp_path / "merged", embedder).documents == 3


def test_an_update_makes_a_damaged_index_whole(
    saved: Path, embedder: SentenceTransformerEmbedder
) -> None:
    flip(left_out(saved)[0])
    store = FolderStore(saved, embedder)
    store.put([made_up(name, text) for name, text in TEXTS.items()])
    store.finish(list(TEXTS), lambda name: name in TEXTS)
    store.close()
    assert verify(saved).documents == len(TEXTS)
    search(LocalIndex.open(saved, embedder))


def test_an_index_that_was_replaced_is_checked_as_it_was_opened(
    saved: Path, embedder: SentenceTransformerEmbedder
) -> None:
    opened = LocalIndex.open(saved, embedder)
    before = left_out(saved)
    store = FolderStore(saved, embedder)
    store.put([made_up("新", "新的一篇文章。")])
    store.finish(["新"], lambda name: True)
    store.close()
    assert not any(path.exists() for path in before)
    search(opened)
    assert opened.document_ids() == ["索道", "竹林", "渡口"]
    assert LocalIndex.open(saved, embedder).document_ids() == ["新"]


def replacing(
    folder: Path, embedder: SentenceTransformerEmbedder, times: int
) -> Callable[..., Any]:
    """Return a reader of manifests behind which the index is replaced, some times."""
    really, left = storage.read_manifest, [times]

    def read(place: Path, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        manifest = really(place, *arguments, **options)
        if left[0] and not arguments:
            left[0] -= 1
            LocalIndex.build(one_document(f"第{left[0]}版"), embedder).save(folder)
        return manifest

    return read


def one_document(name: str) -> list[Document]:
    return [loaders.from_text(name, f"{name}的文章。")]


@pytest.mark.parametrize("times", [1, 3])
def test_an_index_that_is_replaced_while_it_is_opened_is_opened_as_it_is_then(
    times: int,
    saved: Path,
    embedder: SentenceTransformerEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "read_manifest", replacing(saved, embedder, times))
    assert LocalIndex.open(saved, embedder).document_ids() == ["第0版"]


def test_what_was_checked_is_not_checked_again() -> None:
    done: list[str] = []
    unchecked = Unchecked([lambda: done.append("first"), lambda: done.append("second")])
    unchecked.check()
    unchecked.check()
    assert done == ["first", "second"]


def test_checking_begins_aside_and_whoever_wants_it_waits() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        begun.set()
        go_on.wait(PATIENCE)
        done.append("checked")

    unchecked = Unchecked([slow])
    unchecked.begin()
    assert begun.wait(PATIENCE)

    def search() -> None:
        unchecked.check()
        done.append("searched")

    waiting = threading.Thread(target=search)
    waiting.start()
    go_on.set()
    waiting.join(PATIENCE)
    assert done == ["checked", "searched"]


def test_damage_found_aside_is_raised_by_every_search(
    saved: Path, embedder: SentenceTransformerEmbedder
) -> None:
    flip(left_out(saved)[0])
    opened = LocalIndex.open(saved, embedder)
    opened.begin_check()
    for _ in range(2):
        with pytest.raises(IndexDamaged, match=left_out(saved)[0].name):
            search(opened)


def test_a_chatbot_that_is_opened_begins_to_check(saved: Path) -> None:
    flip(left_out(saved)[0])
    bot = Chatbot.open(saved)
    assert isinstance(bot.index, LocalIndex)
    for thread in threading.enumerate():
        if thread.name == "index-check":
            thread.join(PATIENCE)
    # Nothing was asked.
    assert left_out(saved)[0].name in bot.index._unchecked._damaged
