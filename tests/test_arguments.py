"""Every public parameter against what it does not take: the answer is an error that says so."""

import math
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa
from qa.arguments import EARLIER_CHARACTERS, HISTORY
from qa.chatbot import Chatbot
from qa.chatbot.bounded_cache import BoundedCache
from qa.config import Config
from qa.errors import QAError
from qa.types import Block, Document
from support.models import BotMaker

TEXTS = {"灯塔": "灯塔高三十二米。\n", "雪山": "雪山高4810米。\n"}


class Unspeakable:
    """Something that cannot even be shown."""

    def __repr__(self) -> str:
        raise ValueError("no")


NO_TEXT: tuple[Any, ...] = (None, 3, 2.5, True, b"x", ["x"], {"x": 1}, math.nan, Unspeakable())
NO_COUNT: tuple[Any, ...] = (0, -1, 2.5, math.nan, math.inf, True, "2", b"2", [2], Unspeakable())
NO_PATH: tuple[Any, ...] = (None, 3, "", " ", "a\0b", {"a": 1}.values(), [""], [None], [b"x"], b"x")
NO_CONFIG: tuple[Any, ...] = ("e5-small-zh-qa", 3, {"k": 5}, Config)

Call = Callable[[Chatbot, Any], object]


def document(**changed: object) -> Document:
    given: dict[str, Any] = {
        "id": "a",
        "title": "a",
        "source": "a",
        "text": "灯塔高。",
        "blocks": (Block(0, 4),),
    }
    return Document(**given | changed)


NO_DOCUMENTS: tuple[Any, ...] = (
    None,
    3,
    "灯塔",
    b"x",
    ["灯塔"],
    [None],
    [document(), document()],
    [document(id=None)],
    [document(text=b"x")],
    [document(blocks=(Block(0, 40),))],
    [document(blocks=("x",))],
    [document(blocks=None)],
)

WRONG: dict[str, tuple[Call, tuple[Any, ...]]] = {
    "ask(question)": (lambda bot, value: bot.ask(value), (*NO_TEXT, "字" * 10_000_000)),
    "ask(history)": (
        lambda bot, value: bot.ask("灯塔多高？", value),
        (
            None,
            "灯塔多高？",
            3,
            b"x",
            [None],
            ["x", 3],
            {"x": 1},
            ["x"] * (HISTORY + 1),
            ["字" * (EARLIER_CHARACTERS + 1)],
        ),
    ),
    "ask(k)": (lambda bot, value: bot.ask("灯塔多高？", k=value), NO_COUNT),
    "ask_many(questions)": (
        lambda bot, value: bot.ask_many(value),
        ("灯塔多高？", None, 3, [None], ["x", b"x"], b"x"),
    ),
    "ask_many(k)": (lambda bot, value: bot.ask_many(["灯塔多高？"], k=value), NO_COUNT),
    "inquire(question)": (lambda bot, value: bot.inquire(value), NO_TEXT),
    "bearing(inquiry)": (lambda bot, value: bot.bearing(value, "灯塔"), ("灯塔多高？", *NO_TEXT)),
    "bearing(document_id)": (
        lambda bot, value: bot.bearing(bot.inquire("灯塔多高？"), value),
        NO_TEXT,
    ),
    "paragraphs(document_id)": (lambda bot, value: bot.paragraphs(value), NO_TEXT),
    "save(folder)": (lambda bot, value: bot.save(value), (*NO_PATH, [], ["a"])),
    "updated(paths)": (lambda bot, value: bot.updated(value), (*NO_PATH, [])),
    "updated(progress)": (lambda bot, value: bot.updated(["x"], progress=value), (3, "x")),
    "from_paths(paths)": (lambda _, value: Chatbot.from_paths(value), (*NO_PATH, [], "没有.txt")),
    "from_paths(config)": (lambda _, value: Chatbot.from_paths(["x"], value), NO_CONFIG),
    "from_paths(progress)": (lambda _, value: Chatbot.from_paths(["x"], progress=value), (3, "x")),
    "from_paths(previous)": (lambda _, value: Chatbot.from_paths(["x"], previous=value), (3, "x")),
    "from_texts(texts)": (
        lambda _, value: Chatbot.from_texts(value),
        (
            None,
            "灯塔高。",
            ["灯塔高。"],
            {},
            {"灯塔": None},
            {"灯塔": b"x"},
            {1: "灯塔高。"},
            {"灯塔": ""},
            {"灯塔": "……"},
        ),
    ),
    "from_texts(config)": (lambda _, value: Chatbot.from_texts(TEXTS, value), NO_CONFIG),
    "from_texts(progress)": (lambda _, value: Chatbot.from_texts(TEXTS, progress=value), (3, "x")),
    "from_documents(documents)": (
        lambda _, value: Chatbot.from_documents(value),
        (*NO_DOCUMENTS, []),
    ),
    "from_documents(config)": (
        lambda _, value: Chatbot.from_documents([document()], value),
        NO_CONFIG,
    ),
    "from_documents(previous)": (
        lambda _, value: Chatbot.from_documents([document()], previous=value),
        (3, "x"),
    ),
    "open(place)": (lambda _, value: Chatbot.open(value), (*NO_PATH, [], "没有")),
    "open(config)": (lambda _, value: Chatbot.open("x", value), NO_CONFIG),
    "open(collection)": (lambda _, value: Chatbot.open("x", collection=value), (*NO_TEXT, "")),
    "open(token)": (lambda _, value: Chatbot.open("x", token=value), NO_TEXT),
    "qa.ask(question)": (lambda _, value: qa.ask(value), (*NO_TEXT, "字" * 10_000_000)),
    "qa.ask(k)": (lambda _, value: qa.ask("谁？", k=value), NO_COUNT),
}
SETTINGS: dict[str, tuple[Any, ...]] = {
    "model": (*NO_TEXT, ""),
    "reader": (*NO_TEXT[1:], ""),
    "k": (None, *NO_COUNT),
    "max_question_characters": (None, *NO_COUNT),
    "batch_size": (None, *NO_COUNT),
    "window_overlap": (None, "0.2", -0.1, 1, math.nan, math.inf, True, 2j),
    "candidates": (None, *NO_COUNT),
    "vectors": (None, "", "int4", 3, ["int8"]),
    "read_passages": (None, *NO_COUNT[1:]),
    "read_characters": (None, *NO_COUNT[1:]),
    "allow_addresses": (None, "yes", 1, 0),
    "remembered_answers": (None, *NO_COUNT[1:]),
    "cache_folder": (3, "", b"x", ["x"]),
}


def cases(table: dict[str, Any]) -> list[Any]:
    found = []
    for name, entry in table.items():
        values = entry[1] if callable(entry[0]) else entry
        found += [
            pytest.param(name, value, id=f"{name} {number}") for number, value in enumerate(values)
        ]
    return found


@pytest.fixture(scope="module")
def bot(make_bot: BotMaker) -> Chatbot:
    return make_bot(TEXTS)


@pytest.mark.parametrize(("name", "value"), cases(WRONG))
def test_what_a_parameter_does_not_take_is_told(
    bot: Chatbot,
    name: str,
    value: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_cache: None,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QAError) as told:
        WRONG[name][0](bot, value)
    assert len(str(told.value)) < 500
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), cases(SETTINGS))
def test_what_a_setting_does_not_take_is_told(name: str, value: object) -> None:
    with pytest.raises(QAError, match=rf"Config\.{name} is .*expected"):
        Config(**{name: value})  # type: ignore[arg-type]


def test_every_setting_is_in_the_table() -> None:
    assert set(SETTINGS) == set(Config.__dataclass_fields__)


def test_what_is_alike_is_taken(bot: Chatbot, tmp_path: Path) -> None:
    asked = bot.ask("灯塔多高？")
    assert bot.ask("灯塔多高？", [], np.int64(5)).passages == asked.passages  # type: ignore[arg-type]
    assert bot.ask("灯塔多高？", (), 10**30).passages
    assert len(bot.ask_many(question for question in ["灯塔多高？"])) == 1
    assert bot.ask_many([]) == []
    assert Config(cache_folder=str(tmp_path)).cache_folder == tmp_path  # type: ignore[arg-type]
    assert Config(k=10**30).k > 10**6
    assert len(Chatbot.from_documents(iter([document()])).documents) == 1  # type: ignore[arg-type]


def test_what_is_kept_is_bounded_in_number_and_size() -> None:
    made: list[str] = []

    def get(cache: BoundedCache[str], key: str) -> str:
        return cache.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    few = BoundedCache[str](2, 1_000, len)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert get(few, key) == key
    assert made == ["a", "b", "c", "b"]
    made.clear()
    small = BoundedCache[str](100, 10, len)
    for key in ("x" * 6, "y" * 6, "y" * 6, "x" * 6, "z" * 11, "z" * 11, "x" * 6):
        get(small, key)
    assert [key[0] for key in made] == ["x", "y", "x", "z", "z"]
    none = BoundedCache[str](0, 10, len)
    assert get(none, "a") == get(none, "a") == "a"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_answers_as_well(bot: Chatbot) -> None:
    long = "今天下雨了，船没有开。\n" * 300
    expected = bot.ask("灯塔多高？").passages[0].text
    child = os.fork()
    if not child:
        signal.alarm(120)
        try:
            told = bot.ask("灯塔有多高？").passages[0].text
            made = Chatbot.from_documents([qa.Document("b", "b", "b", long, blocks(long))])
            os._exit(0 if told == expected and made.ask("今天天气？").passages else 1)
        finally:
            sys.stderr.flush()
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


def blocks(text: str) -> tuple[Block, ...]:
    size = text.index("\n")
    return tuple(Block(start, start + size) for start in range(0, len(text), size + 1))
