"""A changed corpus is taken over by itself, whole, while questions go on."""

import logging
import os
import threading
from pathlib import Path

import pytest

from qa.chatbot import Chatbot
from qa.chatbot.watch import Watcher, _kept, keep_up
from qa.errors import QAError
from qa.web.service import Service
from support.models import BotMaker
from support.waiting import PATIENCE

OLD = "渡口的木船每天早上六点开出第一班。"
NEW = "渡口的木船每天早上七点开出第一班。"
QUICK = 0.01


def nothing(_: object = None) -> None:
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


def test_a_file_that_is_written_for_long_does_not_keep_others_waiting(
    bot: Chatbot, corpus: Path
) -> None:
    half = "渡口的木船每天"
    given: list[set[Path]] = []
    watcher = Watcher([corpus], given.append)  # type: ignore[arg-type]
    growing = corpus / "乙.txt"
    growing.write_text(half, encoding="utf-8")
    rewrite(corpus)
    assert not watcher.look()
    growing.write_text(half * 2, encoding="utf-8")
    assert watcher.look()
    assert watcher._unsettled == {growing}
    growing.write_text(half * 3, encoding="utf-8")
    assert [watcher.look() for _ in range(3)] == [False, True, False]
    assert watcher._unsettled == set()


def test_what_is_still_being_written_is_not_taken_over(bot: Chatbot, corpus: Path) -> None:
    (corpus / "乙.txt").write_text(OLD.replace("木船", "铁船"), encoding="utf-8")
    before = bot.updated([corpus])
    rewrite(corpus)
    (corpus / "乙.txt").write_text("铁船", encoding="utf-8")
    (corpus / "丙.txt").write_text("半", encoding="utf-8")
    unsettled = {corpus / "乙.txt", corpus / "丙.txt"}
    after = before.updated([corpus], kept=_kept(before, [corpus], unsettled))
    texts = {document.id: document.text for document in after.documents}
    assert texts == {"甲.txt": NEW, "乙.txt": OLD.replace("木船", "铁船")}


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
    assert service.wait(PATIENCE)
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
        assert asking.wait(PATIENCE)
        rewrite(corpus)
        assert taken_over.wait(PATIENCE)
    finally:
        taken_over.set()
        asker.join(PATIENCE)
        watcher.stop()
    assert set(seen) <= {OLD, NEW}
    assert seen[0] == OLD
    assert service.ask("第一班几点开出?").passages[0].text == NEW


def test_a_change_that_leaves_nothing_is_reported_and_the_old_answers_stay(
    bot: Chatbot, corpus: Path
) -> None:
    replaced: list[Chatbot] = []
    (corpus / "甲.txt").write_text(" ", encoding="utf-8")
    reported = threading.Event()
    told: list[str] = []

    class Tell(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())
            if "not taken over" in told[-1]:
                reported.set()

    handler = Tell()
    logging.getLogger("qa.chatbot.watch").addHandler(handler)
    watcher = keep_up([corpus], lambda: bot, replaced.append, QUICK)
    try:
        remove(corpus)
        assert reported.wait(PATIENCE)
    finally:
        watcher.stop()
        logging.getLogger("qa.chatbot.watch").removeHandler(handler)
    assert replaced == []
    assert "there is nothing to answer from" in told[-1]


def test_an_index_is_not_watched() -> None:
    from qa.cli import _parser
    from qa.cli.serve import _watched

    options = _parser().parse_args(["serve", "--watch", "--index", "x"])
    with pytest.raises(QAError, match="--corpus instead of --index"):
        _watched(options)
    assert _watched(_parser().parse_args(["serve", "--watch", "--corpus", "x"])) == ["x"]
    assert _watched(_parser().parse_args(["serve", "--corpus", "x"])) == ()
