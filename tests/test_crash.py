"""Processes killed at random, full disks, read-only folders: a whole index is always there."""

import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.chatbot import Chatbot
from qa.errors import IndexDamaged, QAError
from support.models import BotMaker

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {"甲": "渡口的木船每天早上六点开出第一班。", "乙": "山上的索道去年修了三个月。"}
MORE = TEXTS | {"丙": "夜市的摊位一共三百零八个。"}


def killed(kills: int, *options: str) -> dict[str, int]:
    """Run a campaign of ``tests/support/crash.py`` and return what it found."""
    done = subprocess.run(
        [sys.executable, "-m", "support.crash", str(kills), *options],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests"), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])["found"]
    return found


def test_a_killed_process_leaves_the_old_index_or_the_new_one() -> None:
    found = killed(3, "--seed", "5")
    assert sum(found.values()) >= 3


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_fifty_killed_processes() -> None:
    found = killed(50)
    assert found["old"]
    assert found["new"]
    assert found["none"]


@contextlib.contextmanager
def small_files() -> Iterator[None]:
    """Let no file grow beyond 1,000 bytes, as on a disk without room.

    Not even the file that this test's own output may go to: nothing may be printed meanwhile.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for one small index and no more."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def assert_holds(index: Path, texts: dict[str, str]) -> None:
    opened = Chatbot.open(index)
    assert {one.id: one.text for one in opened.documents} == texts


def test_a_disk_without_room_keeps_the_old_index(
    make_bot: BotMaker, tmp_path: Path, shared_model: None
) -> None:
    index = tmp_path / "index"
    make_bot(TEXTS).save(index)
    other = make_bot(MORE)
    before = sorted(index.rglob("*"))
    with (
        small_files(),
        pytest.raises(QAError, match=r"could not be saved .*what was there before is unchanged"),
    ):
        other.save(index)
    assert sorted(index.rglob("*")) == before
    assert_holds(index, TEXTS)


def test_a_new_index_without_room_leaves_none(
    make_bot: BotMaker, tmp_path: Path, shared_model: None
) -> None:
    bot = make_bot(TEXTS)
    with small_files(), pytest.raises(QAError, match="could not be saved"):
        bot.save(tmp_path / "index")
    with pytest.raises(IndexDamaged):
        Chatbot.open(tmp_path / "index")


def test_a_full_file_system_keeps_the_old_index(
    make_bot: BotMaker, small_disk: Path, shared_model: None
) -> None:
    index = small_disk / "index"
    make_bot(TEXTS).save(index)
    large = make_bot(TEXTS | {str(n): f"第{n}个摊位卖的东西各不相同。\n" * 60 for n in range(9)})
    with pytest.raises(QAError, match="could not be saved"):
        large.save(index)
    assert_holds(index, TEXTS)
    make_bot(TEXTS).save(index)
    assert_holds(index, TEXTS)


def test_a_read_only_folder_keeps_the_old_index(
    make_bot: BotMaker, small_disk: Path, shared_model: None
) -> None:
    index = small_disk / "index"
    make_bot(TEXTS).save(index)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(QAError, match="could not be saved"):
        make_bot(MORE).save(index)
    assert_holds(index, TEXTS)
    with pytest.raises(QAError, match="could not be saved"):
        make_bot(MORE).save(small_disk / "other")
