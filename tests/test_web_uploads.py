"""Files and pasted texts that a person adds, and what is told when they cannot be taken."""

import os
import re
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest

from qa import loaders
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import DocumentError, EmptyDocument, QAError
from qa.web.pace import Pace
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.visit import uploads
from qa.web.visit.library import Library, Refused
from qa.web.visit.uploads import (
    Reading,
    Taking,
    from_file,
    from_pasted,
    minutes_left,
    outcome,
    progress_line,
    refusal,
)
from support.long_article import record
from support.models import BotMaker
from support.waiting import PATIENCE


def test_a_file_keeps_its_name_and_headings(tmp_path: Path) -> None:
    path = tmp_path / "渡轮.md"
    path.write_text("# 渡轮往事\n\n## 船长\n\n船长叫周海平。\n", encoding="utf-8")
    (document,) = from_file(path).documents
    assert document.source == "渡轮.md"
    assert document.title == "渡轮往事"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xyz", b"x", "“a.xyz”这种文件还不能读。"),
        ("a.txt", b"", "“a.txt”里没有文字。"),
        ("a.txt", b"  \n ", "“a.txt”里没有文字。"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_name(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DocumentError) as error:
        from_file(path)
    assert refusal(error.value, name, TEXTS["zh-Hans"]) == told


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FILE_BYTES", 1_000_000)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 1_500_000)
    with pytest.raises(Refused) as error:
        from_file(path)
    told = refusal(error.value, "a.txt", TEXTS["en"])
    assert told == "“a.txt” has 1.5 MB; one file may have 1 MB."


def test_an_archive_with_a_bad_file_gives_the_others(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("渡轮.txt", "船长叫周海平。")
        archive.writestr("空.txt", "")
    loaded = from_file(path)
    assert [document.text for document in loaded.documents] == ["船长叫周海平。"]
    assert [refusal(one, "all.zip", TEXTS["en"]) for one in loaded.problems] == [
        f"There is no text in “{loaded.problems[0].source}”."
    ]
    assert "空.txt" in loaded.problems[0].source


def test_a_pasted_text_goes_by_its_name_or_first_line() -> None:
    assert from_pasted("  我的\n文章 ", "船长叫周海平。", "x").title == "我的 文章"
    assert from_pasted("", "\n 渡轮往事 \n\n船长叫周海平。", "x").title == "渡轮往事"
    assert len(from_pasted("", "长" * 100, "x").title) == 30


def test_a_pasted_text_is_not_changed() -> None:
    text = "　　第一段 **x**\r\n\r\n<b>第二段</b>\t。"
    assert from_pasted("", text, "x").text == text


@pytest.mark.parametrize(
    ("text", "key"), [(" \n ", "nothing_pasted"), ("字" * 500_001, "too_long_article")]
)
def test_a_pasted_text_that_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refused) as error:
        from_pasted("", text, "x")
    assert error.value.key == key
    for texts in TEXTS.values():
        assert "{" not in refusal(error.value, "x", texts)


def test_a_pasted_text_without_a_word() -> None:
    with pytest.raises(EmptyDocument):
        from_pasted("", "……！", "x")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DocumentError("a", "it is locked"), "“a” could not be read: it cannot be opened"),
        (QAError("no model"), "“a” could not be read: no model"),
        (RuntimeError("secret"), "“a” could not be read because of an error inside the program."),
    ],
)
def test_other_errors(error: Exception, told: str) -> None:
    assert refusal(error, "a", TEXTS["en"]) == told


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("it is encrypted; save it without a password", "有密码或受保护"),
        ("it has 90 MB, at most 50 MB are read; cut it into smaller files", "太大"),
        ("its pages are pictures without text (a scan); run text recognition (OCR)", "OCR"),
        ("it is no whole .epub file (it lists no chapter)", "不完整"),
        ("line 3: it is no JSON (Expecting value)", "不完整"),
        ("no record has a text: its fields are a, b; expected one of text", "字段"),
        ("there is no text in it; expected at least one sentence", "没有文字"),
        ("something that nobody foresaw", "打不开"),
    ],
)
def test_the_reason_is_told_in_the_language_of_the_page(problem: str, told: str) -> None:
    error = DocumentError("a.pdf", problem)
    assert told in refusal(error, "a.pdf", TEXTS["zh-Hans"])
    for language in ("zh-Hans", "zh-Hant"):
        words = refusal(error, "", TEXTS[language]).replace("a.pdf", "").replace("OCR", "")
        assert not re.search("[A-Za-z]", words)


@pytest.mark.parametrize(
    ("taken", "done", "total", "minutes"),
    [(60, 100, 400, 3), (60, 300, 400, 0), (4, 1, 1_000, 0), (10, 0, 10, 0), (60, 400, 400, 0)],
)
def test_the_remaining_minutes_go_by_the_pace_so_far(
    taken: float, done: int, total: int, minutes: int
) -> None:
    assert minutes_left(taken, done, total) == minutes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file that nobody ever writes")
def test_a_file_that_is_stopped_frees_the_turn_and_is_deleted(
    tmp_path: Path, make_bot: BotMaker
) -> None:
    service = Service(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}))
    service.start()
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    reading = Reading(Library(service, lambda: 1_000_000), service, path.name, path)
    taking = Taking([reading], lambda _: None)
    taking.start()
    while reading.percent is None:
        threading.Event().wait(0.01)
    reading.stop()
    assert progress_line(reading, TEXTS["en"]) == ("busy", "Stopping to read “a.txt”…")
    taking.join(PATIENCE)
    assert not taking.is_alive()
    assert not path.exists()
    assert not service.one_reading._is_held
    assert [kind for kind, _ in outcome(reading, TEXTS["en"])] == ["stopped"]


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (0.0, "Reading “a”…"),
        (20.0, "“a”, 900 paragraphs: taking it in needs less than a minute."),
        (200.0, "“a”, 900 paragraphs: taking it in needs about 3 min."),
    ],
)
def test_how_long_it_takes_is_told_before_it_begins(expected: float, told: str) -> None:
    service = Service(lambda: pytest.fail("nothing is asked"))
    reading = Reading(Library(service, lambda: 0), service, "a", Path("a"))
    assert progress_line(reading, TEXTS["en"]) == ("waiting", "“a” waits for another article…")
    reading.percent, reading.paragraphs, reading.expected = 0, 900, expected
    assert progress_line(reading, TEXTS["en"]) == ("busy", told)
    for texts in TEXTS.values():
        assert "{" not in progress_line(reading, texts)[1]


def test_the_time_of_a_long_article_is_measured_and_then_known(
    embedder: SentenceTransformerEmbedder, shared_model: None
) -> None:
    pace = Pace()
    assert pace.seconds(loaders.from_text("短", "船长叫周海平。"), Config()) == 0
    text = "\n\n".join(map(record, range(1_000)))
    long, longer = loaders.from_text("长", text), loaders.from_text("更长", text + text)
    measured = pace.seconds(long, Config())
    assert measured > 0
    assert pace.seconds(longer, Config()) == pytest.approx(2 * measured)
    pace.note(long, 30.0)
    assert pace.seconds(longer, Config()) == pytest.approx(60.0)
    pace.note(loaders.from_text("短", "船长叫周海平。"), 1.0)
    assert pace.seconds(long, Config()) == pytest.approx(30.0)


def test_reading_takes_its_turn_and_says_what_came_of_it(
    make_bot: BotMaker, shared_model: None
) -> None:
    service = Service(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}))
    service.start()
    shelf = Library(service, lambda: 1_000_000)
    with service.one_reading.turn("somebody"):
        reading = Reading(shelf, service, "渡轮", from_pasted("渡轮", "船长叫周海平。", "x"))
        failed = Reading(shelf, service, "file.txt", Path("/no/such/file.txt"))
        finished: list[Reading] = []
        taking = Taking([reading, failed], finished.append)
        taking.start()
        while not service.one_reading._waiting:
            threading.Event().wait(0.01)
        assert taking.is_alive()
        assert reading.percent is None
    taking.join(PATIENCE)
    assert finished == [reading, failed]
    assert [one.id for one in reading.added] == ["渡轮"]
    assert reading.errors == []
    assert [type(error) for error in failed.errors] == [FileNotFoundError]
    assert failed.added == []
