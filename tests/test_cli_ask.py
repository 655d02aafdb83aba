"""What ``qa ask`` shows at first, and what while it loads."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qa import __version__
from qa.cli import main
from support.terminal import BUS, WATER, Captured

pytestmark = pytest.mark.usefixtures("own_cache")
QUESTION = "黄山的温泉水温是多少?"


def test_the_answer_comes_alone_and_the_passages_when_asked_for(
    corpus: Path, capsys: Captured
) -> None:
    assert main(["ask", "--corpus", str(corpus), QUESTION]) == 0
    brief = capsys.readouterr().out
    head, *answer = brief.strip().split("\n\n")
    assert head.startswith("确定 (把握 ")
    assert answer[-1] == f"→ {WATER}\n  第 1 段"
    assert "42度" in answer[0]
    assert BUS not in brief
    assert main(["ask", "--corpus", str(corpus), "-k", "2", QUESTION]) == 0
    whole = capsys.readouterr().out
    assert f"1. 第 1 段\n{WATER}" in whole
    assert f"2. 第 2 段 · 交通\n{BUS}" in whole


def test_of_a_refusal_only_the_reason_comes(corpus: Path, capsys: Captured) -> None:
    assert main(["ask", "--corpus", str(corpus), "诺贝尔物理学奖颁给了谁?"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("文中没有提到\n\n")
    assert WATER not in told


def test_lines_of_the_article_come_whole(corpus: Path, capsys: Captured) -> None:
    assert main(["ask", "--corpus", str(corpus), "总结一下"]) == 0
    told = capsys.readouterr().out
    assert "山中一日" in told
    assert "小标题" in told


def test_what_can_be_tried_is_told_with_help(corpus: Path, capsys: Captured) -> None:
    assert main(["ask", "--corpus", str(corpus), "你好"]) == 0
    assert "可以这样问" in capsys.readouterr().out


def test_the_version_is_told(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"article-qa {__version__}\n"


def test_a_word_is_there_while_it_loads(corpus: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "PYTHONIOENCODING": "utf-8",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    terminal, end = pty.openpty()
    run = subprocess.run(
        [sys.executable, "-m", "qa", "ask", "--corpus", str(corpus), QUESTION],
        stdout=subprocess.PIPE,
        stderr=end,
        env=environment,
        check=True,
    )
    os.close(end)
    shown = os.read(terminal, 10_000).decode("utf-8")
    os.close(terminal)
    assert shown.startswith("Loading… 正在载入……\r")
    assert shown.endswith("\x1b[K")
    assert WATER in run.stdout.decode("utf-8")
