"""Files and pasted texts that a person adds, and what is told when they cannot be taken."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import BotMaker

from qa.errors import DocumentError, EmptyDocument, QAError
from qa.web import uploads
from qa.web.library import Library, Refused
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.uploads import Reading, from_file, from_pasted, minutes_left, refusal


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
        (DocumentError("a", "it is locked"), "“a” could not be read: it is locked"),
        (QAError("no model"), "“a” could not be read: no model"),
        (RuntimeError("secret"), "“a” could not be read because of an error inside the program."),
    ],
)
def test_other_errors(error: Exception, told: str) -> None:
    assert refusal(error, "a", TEXTS["en"]) == told


@pytest.mark.parametrize(
    ("taken", "done", "total", "minutes"),
    [(60, 100, 400, 3), (60, 300, 400, 0), (4, 1, 1_000, 0), (10, 0, 10, 0), (60, 400, 400, 0)],
)
def test_the_remaining_minutes_go_by_the_pace_so_far(
    taken: float, done: int, total: int, minutes: int
) -> None:
    assert minutes_left(taken, done, total) == minutes


def test_reading_takes_its_turn_and_says_what_came_of_it(
    make_bot: BotMaker, shared_model: None
) -> None:
    service = Service(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}))
    service.start()
    shelf = Library(service, lambda: 1_000_000)
    service.one_reading.acquire()
    reading = Reading(shelf, service, from_pasted("渡轮", "船长叫周海平。", "x"))
    reading.start()
    reading.join(0.2)
    assert reading.is_alive()
    assert reading.percent is None
    service.one_reading.release()
    reading.join(60)
    assert [one.id for one in reading.added] == ["渡轮"]
    assert reading.errors == []
    failed = Reading(shelf, service, Path("/no/such/file.txt"))
    failed.start()
    failed.join(60)
    assert [type(error) for error in failed.errors] == [FileNotFoundError]
    assert failed.added == []
