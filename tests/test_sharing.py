"""One model in memory for all chatbots that have the same one."""

import gc
import os
from dataclasses import replace
from pathlib import Path

from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding.cache import shared_embedder
from support.models import linked_model


def test_the_same_settings_share_one_embedder() -> None:
    first = shared_embedder(Config())
    assert shared_embedder(replace(Config(), k=9)) is first
    assert shared_embedder(replace(Config(), batch_size=1)) is not first


def test_chatbots_share_it() -> None:
    first = Chatbot.from_texts({"甲": "灯塔高三十二米。"})
    second = Chatbot.from_texts({"乙": "船长叫周海平。"})
    assert first._embedder is second._embedder
    assert first.fingerprint == second.fingerprint


def test_a_folder_by_another_way_is_the_same_model(tmp_path: Path) -> None:
    folder = linked_model(tmp_path / "model")
    (tmp_path / "other").mkdir()
    roundabout = tmp_path / "other" / ".." / "model"
    first = shared_embedder(Config(model=str(folder)))
    assert shared_embedder(Config(model=str(roundabout))) is first


def test_a_changed_model_folder_is_another_model(tmp_path: Path) -> None:
    folder = linked_model(tmp_path / "model")
    before = shared_embedder(Config(model=str(folder)))
    os.utime(folder / "config.json", ns=(1, 1))
    assert shared_embedder(Config(model=str(folder))) is not before


def test_a_model_that_nobody_uses_is_let_go(tmp_path: Path) -> None:
    config = Config(model=str(linked_model(tmp_path / "model")))
    first = shared_embedder(config)
    first.name = "marked"
    del first
    gc.collect()
    assert shared_embedder(config).name != "marked"
