"""From questions to a calibrated reader in one command, with the bundled models."""

import json
from pathlib import Path

import pytest

from qa import Chatbot, Config
from qa.training import chain
from qa.training.__main__ import main

pytestmark = pytest.mark.slow

NAMES = (
    "北海",
    "南山",
    "东江",
    "西河",
    "石桥",
    "柳林",
    "清泉",
    "云台",
    "白沙",
    "青龙",
    "长亭",
    "古渡",
)


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A file of an owner's questions, answered and not, and the folder of the articles."""
    articles = tmp_path / "articles"
    articles.mkdir()
    labels = []
    for number, name in enumerate(NAMES):
        built, keeper, toll = 1880 + 3 * number, "赵钱孙李周吴郑王冯陈褚卫"[number], 2 + number
        lines = (
            f"{name}渡口建于{built}年，最初只有两条木船。",
            f"渡口的第一任管理员姓{keeper}，他在岸边种了一排柳树。",
            f"如今每位乘客过河收费{toll}元，老人和孩子免费。",
        )
        (articles / f"{name}.txt").write_text("\n\n".join((f"{name}渡口", *lines)), "utf-8")
        asked = (
            (f"{name}渡口是哪一年建的？", lines[0], f"{built}年"),
            ("第一任管理员姓什么？", lines[1], keeper),
            ("大人过河要多少钱？", lines[2], f"{toll}元"),
            ("渡口有多少名船工？", "", ""),
            ("木船是谁造的？", "", ""),
            ("How much does crossing the river cost?", lines[2], f"{toll}元"),
            ("In which year was the ferry built?", lines[0], f"{built}年"),
            ("How many captains work at the ferry?", "", ""),
        )
        labels += [
            {"question": question, "source": f"{name}.txt", "evidence": [line] * bool(line)}
            | ({"answer": answer} if answer else {})
            for question, line, answer in asked
        ]
    questions = tmp_path / "ferries.jsonl"
    written = "\n".join(json.dumps(one, ensure_ascii=False) for one in labels)
    questions.write_text(written, encoding="utf-8")
    return questions, articles


def check_answers(reader: Path) -> None:
    bot = Chatbot.from_texts({"渡口": "石桥渡口建于1892年。"}, Config(reader=str(reader)))
    assert bot.ask("石桥渡口建于哪一年？").passages[0].text == "石桥渡口建于1892年。"


def test_make_ends_with_a_reader_that_answers(
    own: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, articles = own
    data, run, reader = (str(tmp_path / name) for name in ("data", "run", "reader"))
    made = ["--questions", str(questions), "--articles", str(articles), "--to", data]
    apart = ["--held-out", "ferries=50", "--licence", "ferries=CC0"]
    trained = ["--run", run, "--steps", "2", "--to", reader, "--questions", "20"]
    commands = (["prepare", "--no-written", *made, *apart], ["make", data, "--reader", *trained])
    for command in commands:
        assert main(command) == 0, capsys.readouterr().err
    assert "fitted on both halves" in capsys.readouterr().out
    check_answers(tmp_path / "reader")


def test_adapt_prints_what_own_questions_are_worth(
    own: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # All of them take half an hour.
    monkeypatch.setattr(chain, "FITTED_QUESTIONS", 6)
    questions, articles = own
    command = ["adapt", str(questions), "--articles", str(articles), "--minutes", "0.01"]
    assert main([*command, "--to", str(tmp_path / "reader")]) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert "articles kept apart, before and after" in printed
    assert "balanced" in printed
    check_answers(tmp_path / "reader")
