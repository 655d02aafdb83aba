"""Chatbots kept in a folder: opened, brought up to date, made again where nothing else helps."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from test_chatbot import SMALL, same

import qa
from qa.chatbot import Chatbot
from qa.chatbot.cached import default_chatbot, open_or_build
from qa.config import Config
from qa.embedding import Progress
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import QAError
from qa.types import Floats
from support.models import linked_model


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that any model embeds as a document."""
    texts: list[str] = []
    encode: Callable[..., Floats] = SentenceTransformerEmbedder.encode_documents

    def counted(
        self: SentenceTransformerEmbedder, given: Sequence[str], progress: Progress | None = None
    ) -> Floats:
        texts.extend(given)
        return encode(self, given, progress)

    monkeypatch.setattr(SentenceTransformerEmbedder, "encode_documents", counted)
    return texts


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("shared_model")
def test_the_second_start_embeds_nothing(corpus: Path, tmp_path: Path, embedded: list[str]) -> None:
    config = Config(cache_folder=tmp_path / "cache")
    first = open_or_build([corpus], config)
    assert len(embedded) == 4
    embedded.clear()
    second = open_or_build([corpus], config)
    assert embedded == []
    assert same(first.ask("微乐贷的额度?"), second.ask("微乐贷的额度?"))


@pytest.mark.usefixtures("shared_model")
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_an_index_of_a_file_whose_name_is_no_utf_8_is_kept(tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xb9\xab\xb8\xe6.txt"))
    path.write_text("市图书馆每周一闭馆。", encoding="utf-8")
    config = Config(cache_folder=tmp_path / "cache")
    for _ in range(2):
        assert open_or_build([path], config).documents[0].source == path.name


@pytest.mark.usefixtures("shared_model")
def test_a_format_for_vectors_stays_through_saving_and_updating(
    corpus: Path, tmp_path: Path, embedded: list[str]
) -> None:
    config = Config(cache_folder=tmp_path / "cache", vectors="int8")
    bot = open_or_build([corpus], config)
    assert bot.index.vectors == "int8"
    plain = open_or_build([corpus], Config(cache_folder=tmp_path / "cache"))
    assert plain.index.vectors == "float32"
    assert same(bot.ask("微乐贷的额度?"), plain.ask("微乐贷的额度?"))
    bot.save(tmp_path / "saved")
    (corpus / "丙.txt").write_text("长颈鹿每天睡两个小时。", encoding="utf-8")
    # What the folder is counts, whatever the settings of whoever opens it.
    updated = Chatbot.open(tmp_path / "saved", Config()).updated([corpus])
    assert updated.index.vectors == "int8"
    assert "两个小时" in updated.ask("长颈鹿睡多久?").passages[0].text


@pytest.mark.usefixtures("shared_model")
def test_only_what_changed_is_embedded_again(
    corpus: Path, tmp_path: Path, embedded: list[str]
) -> None:
    config = Config(cache_folder=tmp_path / "cache")
    open_or_build([corpus], config)
    embedded.clear()
    (corpus / "甲.txt").write_text("微乐贷平均额度达到9万以上。", encoding="utf-8")
    (corpus / "丙.txt").write_text("长颈鹿每天睡两个小时。", encoding="utf-8")
    bot = open_or_build([corpus], config)
    assert sorted(text.splitlines()[-1] for text in embedded) == [
        "微乐贷平均额度达到9万以上。",
        "长颈鹿每天睡两个小时。",
    ]
    assert "9万" in bot.ask("微乐贷的额度?").passages[0].text
    (corpus / "乙.txt").unlink()
    embedded.clear()
    assert len(open_or_build([corpus], config).documents) == 2
    assert embedded == []


@pytest.mark.usefixtures("shared_model")
@pytest.mark.parametrize("damage", ["cut", "flipped", "missing", "manifest", "format"])
def test_a_cache_that_cannot_be_used_is_made_again(
    damage: str, corpus: Path, tmp_path: Path, embedded: list[str]
) -> None:
    config = Config(cache_folder=tmp_path / "cache")
    first = open_or_build([corpus], config)
    (manifest,) = (tmp_path / "cache").rglob("manifest.json")
    (rows,) = (tmp_path / "cache").rglob("embeddings.npy")
    held = bytearray(rows.read_bytes())
    if damage == "cut":
        rows.write_bytes(held[:-4])
    elif damage == "flipped":
        held[-1] ^= 1
        rows.write_bytes(held)
    elif damage == "missing":
        rows.unlink()
    elif damage == "manifest":
        manifest.write_text("{", encoding="utf-8")
    else:
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(raw | {"format": 0}), encoding="utf-8")
    embedded.clear()
    again = open_or_build([corpus], config)
    assert len(embedded) == 4
    assert same(first.ask("微乐贷的额度?"), again.ask("微乐贷的额度?"))
    embedded.clear()
    open_or_build([corpus], config)
    assert embedded == []


def test_another_model_of_the_same_name_makes_the_cache_again(
    corpus: Path, tmp_path: Path, embedded: list[str]
) -> None:
    model = linked_model(tmp_path / "model")
    config = Config(model=str(model), cache_folder=tmp_path / "cache")
    open_or_build([corpus], config)
    (model / "vocabulary.txt").write_text("changed", encoding="utf-8")
    embedded.clear()
    open_or_build([corpus], config)
    assert len(embedded) == 4


@pytest.mark.usefixtures("shared_model")
def test_a_cache_that_cannot_be_written_does_not_matter(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    bot = open_or_build([corpus], Config(cache_folder=tmp_path / "file"))
    assert "6万" in bot.ask("微乐贷的额度?").passages[0].text
    with pytest.raises(QAError, match="could not be saved"):
        open_or_build([corpus], Config(), tmp_path / "file" / "index")


@pytest.mark.usefixtures("shared_model")
def test_the_default_chatbot_is_made_once_and_cached(
    tmp_path: Path, embedded: list[str], article_bot: Chatbot
) -> None:
    config = Config(cache_folder=tmp_path)
    bot = default_chatbot(config)
    assert default_chatbot(Config(cache_folder=tmp_path)) is bot
    assert len(list(tmp_path.rglob("manifest.json"))) == 1
    assert len(embedded) >= len(bot.index)
    question = "何为新市民?"
    assert same(bot.ask(question), article_bot.ask(question))
    assert isinstance(bot, qa.Chatbot)
