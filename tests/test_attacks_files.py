"""Files that were made to take much to be read: time, processes, memory."""

import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from conftest import BotMaker

from qa.errors import DocumentError, UnsupportedFormat
from qa.loaders import load_paths
from qa.loaders.apart import load_apart
from qa.loaders.limits import Bounds, check_time, seconds_left, within
from qa.web.gate.turns import OneAtATime
from qa.web.texts import TEXTS
from qa.web.visit import uploads
from qa.web.visit.uploads import BOUNDS, READER_MEMORY, from_file, refusal
from support.waiting import PATIENCE

SECONDS = 3.0
FERRY = "船长叫周海平。"


def html(piece: str, size: int) -> bytes:
    return ("<html><body>" + piece * (size // len(piece))).encode()


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def many_files(folder: Path) -> Path:
    return archive(folder / "a.zip", {f"{number}.pdf": b"%PDF-" for number in range(101)})


def large_pages(folder: Path) -> Path:
    return archive(folder / "a.zip", {"a.html": html("<p>a", 49_000_000)})


def large_page(folder: Path) -> Path:
    path = folder / "a.html"
    path.write_bytes(html("<p>a", 6_000_000))
    return path


def many_paragraphs(folder: Path) -> Path:
    path = folder / "a.html"
    path.write_bytes(html("<p>a", 4_000_000))
    return path


def long_text(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_bytes(b"abc " * 4_900_000)
    return path


def many_records(folder: Path) -> Path:
    path = folder / "a.jsonl"
    path.write_bytes(b'{"text": "a"}\n' * 20_000)
    return path


def many_rows_in_a_table(folder: Path) -> Path:
    path = folder / "a.html"
    path.write_bytes(html("<table><tr><td>a", 4_000_000))
    return path


@pytest.mark.parametrize(
    "make",
    [
        many_files,
        large_pages,
        large_page,
        many_paragraphs,
        long_text,
        many_records,
        many_rows_in_a_table,
    ],
)
def test_what_takes_too_much_is_told_to_be_too_large(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BOUNDS", replace(BOUNDS, seconds=SECONDS))
    path = make(tmp_path)
    try:
        problems = from_file(path).problems
    except DocumentError as error:
        problems = (error,)
    assert problems
    for problem in problems:
        assert TEXTS["en"]["problem_size"] in refusal(problem, path.name, TEXTS["en"]) or (
            "nested too deeply" in str(problem)
        )


def test_reading_apart_finds_what_reading_here_finds(tmp_path: Path, data: Path) -> None:
    (tmp_path / "半.txt").write_text("半 " + FERRY, encoding="utf-8")
    (tmp_path / "a.xyz").write_bytes(b"x")
    path = archive(
        tmp_path / "a.zip",
        {"甲.md": f"# 渡轮\n\n{FERRY}\n".encode(), "b.xyz": b"x", "c.txt": b""},
    )
    for one in (path, tmp_path / "半.txt", tmp_path / "a.xyz", tmp_path / "none.txt"):
        here, apart = load_paths([one]), load_apart(one, BOUNDS, READER_MEMORY)
        assert apart.documents == here.documents
        assert [type(problem) for problem in apart.problems] == [
            type(problem) for problem in here.problems
        ]
        assert list(map(str, apart.problems)) == list(map(str, here.problems))
    with pytest.raises(UnsupportedFormat):
        from_file(tmp_path / "a.xyz")


def test_a_reader_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    (tmp_path / "a.txt").write_bytes(b"abc " * 2_400_000)
    loaded = load_apart(tmp_path / "a.txt", Bounds(), 100 * 2**20)
    assert loaded.documents == ()
    (problem,) = loaded.problems
    assert "memory" in str(problem)
    assert TEXTS["en"]["problem_size"] in refusal(problem, "a.txt", TEXTS["en"])


def test_time_runs_once_for_all_that_is_inside() -> None:
    check_time("a")
    with within(Bounds(seconds=0.0)):
        with pytest.raises(DocumentError, match="takes longer than 0 seconds"):
            check_time("a")
        with within(Bounds(seconds=100.0)):
            assert seconds_left() == 0
    with within(Bounds(seconds=100.0)), within():
        assert 0 < seconds_left() <= 100
    assert seconds_left() == float("inf")


def test_an_archive_ends_with_its_time(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{number}.txt": FERRY.encode() for number in range(5)})
    with within(Bounds(seconds=0.0)):
        loaded = load_paths([path])
    assert loaded.documents == ()
    assert len(loaded.problems) == 5


def test_whoever_has_not_read_for_longest_is_next() -> None:
    lock = OneAtATime()
    held, go = Event(), Event()
    order: list[str] = []

    def first() -> None:
        with lock.turn("a"):
            held.set()
            assert go.wait(PATIENCE)

    def later(visitor: str) -> None:
        with lock.turn(visitor):
            order.append(visitor)

    threads = [Thread(target=first)]
    threads[0].start()
    assert held.wait(PATIENCE)
    for visitor in ("a", "a", "a", "b", "c"):
        waiting = len(lock._waiting)
        threads.append(Thread(target=later, args=(visitor,)))
        threads[-1].start()
        while len(lock._waiting) == waiting:
            time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert order == ["b", "c", "a", "a", "a"]


def test_who_gives_up_waiting_lets_the_others_go_on() -> None:
    class GivesUp(Exception):
        pass

    def look() -> None:
        raise GivesUp

    lock = OneAtATime()
    with lock.turn("a"):
        with pytest.raises(GivesUp), lock.turn("b", look):
            raise AssertionError("it was not free")
        assert lock._waiting == []
    with lock.turn("b", look):
        pass


def test_a_new_index_is_readable_by_its_owner_alone(tmp_path: Path, make_bot: BotMaker) -> None:
    make_bot({"渡轮": FERRY}).save(tmp_path / "parent" / "index")
    assert (tmp_path / "parent" / "index").stat().st_mode & 0o777 == 0o700
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    make_bot({"渡轮": FERRY}).save(shared)
    assert shared.stat().st_mode & 0o777 == 0o755
