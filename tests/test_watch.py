"""A changed corpus is taken over by itself, whole, while questions go on."""

import logging
import os
import threading
from pathlib import Path

import pytest
from conftest import BotMaker

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.watch import Watcher, keep_up
from qa.web.service import Service

OLD = "渡口的木船每天早上六点开出第一班。"
NEW = "渡口的木船每天早上七点开出第一班。"
SOON = 60.0
QUICK = 0.01


def nothing() -> None:
    """Do nothing."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "甲.txt").write_text(OLD, encoding="utf-8")
    return folder


@pytest.fixture
def bot(corpus: Path, make_bot: BotMaker) -> Chatbot:
    return make_bot({"无": "别的话。"}).updated([corpus])


def rewrite(corpus: Path) -> None:
    (corpus / "甲.txt").write_text(NEW, encoding="utf-8")


def add(corpus: Path) -> None:
    (corpus / "乙.txt").write_text(NEW, encoding="utf-8")


def remove(corpus: Path) -> None:
    (corpus / "甲.txt").unlink()


def move(corpus: Path) -> None:
    (corpus / "甲.txt").rename(corpus / "丙.txt")


def swap(corpus: Path) -> None:
    """Put another file in place, with the size and the time of the old one."""
    state = (corpus / "甲.txt").stat()
    (corpus / "aside").write_text(NEW, encoding="utf-8")
    os.utime(corpus / "aside", ns=(state.st_atime_ns, state.st_mtime_ns))
    (corpus / "aside").replace(corpus / "甲.txt")


@pytest.mark.parametrize("change", [rewrite, add, remove, move, swap], ids=lambda one: one.__name__)
def test_every_change_is_seen_once_it_is_at_rest(change: object, corpus: Path) -> None:
    watcher = Watcher([corpus], nothing)
    assert not watcher.look()
    assert callable(change)
    change(corpus)
    assert [watcher.look() for _ in range(4)] == [False, True, False, False]


def test_a_file_that_is_still_being_written_is_waited_for(corpus: Path) -> None:
    watcher = Watcher([corpus], nothing)
    for length in range(1, 4):
        (corpus / "甲.txt").write_text(NEW[:length], encoding="utf-8")
        assert not watcher.look()
    assert watcher.look()


def test_a_change_that_is_taken_back_is_none(corpus: Path) -> None:
    watcher = Watcher([corpus], nothing)
    add(corpus)
    watcher.look()
    (corpus / "乙.txt").unlink()
    assert not any(watcher.look() for _ in range(3))


def test_a_chatbot_is_updated_and_the_old_one_answers_as_before(bot: Chatbot, corpus: Path) -> None:
    rewrite(corpus)
    updated = bot.updated(corpus)
    assert updated.ask("第一班几点开出?").passages[0].text == NEW
    assert bot.ask("第一班几点开出?").passages[0].text == OLD
    assert updated.updated([corpus]).index is updated.index


def test_the_served_chatbot_is_replaced_while_questions_go_on(bot: Chatbot, corpus: Path) -> None:
    service = Service(lambda: bot)
    service.start()
    assert service.wait(SOON)
    taken_over = threading.Event()

    def replace(chatbot: Chatbot) -> None:
        service.replace(chatbot)
        taken_over.set()

    watcher = keep_up([corpus], service.ready_chatbot, replace, QUICK)
    seen: list[str] = []
    asking = threading.Event()

    def ask() -> None:
        while not taken_over.is_set():
            seen.append(service.ask("第一班几点开出?").passages[0].text)
            asking.set()

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        assert asking.wait(SOON)
        rewrite(corpus)
        assert taken_over.wait(SOON)
    finally:
        taken_over.set()
        asker.join(SOON)
        watcher.stop()
    assert set(seen) <= {OLD, NEW}
    assert seen[0] == OLD
    assert service.ask("第一班几点开出?").passages[0].text == NEW


def test_a_change_that_leaves_nothing_is_reported_and_the_old_answers_stay(
    bot: Chatbot, corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    replaced: list[Chatbot] = []
    (corpus / "甲.txt").write_text(" ", encoding="utf-8")
    reported = threading.Event()

    class Tell(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "not taken over" in record.getMessage():
                reported.set()

    handler = Tell()
    logging.getLogger("qa.watch").addHandler(handler)
    watcher = keep_up([corpus], lambda: bot, replaced.append, QUICK)
    try:
        remove(corpus)
        assert reported.wait(SOON)
    finally:
        watcher.stop()
        logging.getLogger("qa.watch").removeHandler(handler)
    assert replaced == []
    assert "there is nothing to answer from" in caplog.text


def test_an_index_is_not_watched() -> None:
    from qa.cli import _parser
    from qa.cli.serve import _watched

    options = _parser().parse_args(["serve", "--watch", "--index", "x"])
    with pytest.raises(QAError, match="--corpus instead of --index"):
        _watched(options)
    assert _watched(_parser().parse_args(["serve", "--watch", "--corpus", "x"])) == ["x"]
    assert _watched(_parser().parse_args(["serve", "--corpus", "x"])) == ()
