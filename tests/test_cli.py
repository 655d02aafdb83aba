"""The command line: what it prints where, and its exit codes."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.cli import main
from support.terminal import ARTICLE, BUS, WATER, Captured, json_lines, passages, type_in

pytestmark = pytest.mark.usefixtures("own_cache")


def test_ask_prints_the_passage(corpus: Path, capsys: Captured) -> None:
    assert main(["ask", "--corpus", str(corpus), "黄山的温泉水温是多少?"]) == 0
    captured = capsys.readouterr()
    assert WATER in captured.out
    assert "\x1b[" not in captured.out
    assert captured.err == ""


def test_ask_answers_from_the_article_by_default(capsys: Captured) -> None:
    assert main(["ask", "微乐贷的平均额度是多少?"]) == 0
    assert "平均额度达到6万以上" in capsys.readouterr().out


@pytest.mark.parametrize("blank", ["", "  ", "？！"])
def test_ask_of_nothing_is_wrong_usage(blank: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ask", blank])
    assert ended.value.code == 2
    assert "there is no word in the question" in capsys.readouterr().err


def test_ask_gives_json_a_line(corpus: Path, capsys: Captured) -> None:
    arguments = ["ask", "--corpus", str(corpus), "--json", "-k", "2"]
    assert main([*arguments, "黄山的温泉水温是多少?", "怎么坐公交车到达山门?"]) == 0
    captured = capsys.readouterr()
    first, second = json_lines(captured.out)
    assert first["question"] == first["asked"] == "黄山的温泉水温是多少?"
    assert first["answered"] is True
    assert len(passages(first)) == 2
    best = passages(first)[0]
    assert best["text"] == WATER
    assert best["source"] == "山.md"
    assert ARTICLE[slice(best["start"], best["end"])] == WATER
    assert best["highlight"] == [0, len(WATER)]
    assert passages(second)[0]["text"] == BUS
    assert passages(second)[0]["section"] == "交通"
    assert "黄山" in captured.out


def test_ask_reads_questions_from_input(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "黄山的温泉水温是多少?\r\n\n  怎么坐公交车?  \n".encode())
    assert main(["ask", "--corpus", str(corpus), "--json"]) == 0
    answers = json_lines(capsys.readouterr().out)
    assert [answer["asked"] for answer in answers] == ["黄山的温泉水温是多少?", "怎么坐公交车?"]


def test_a_byte_order_mark_is_no_part_of_a_question(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "\ufeff总结一下\n".encode())
    assert main(["ask", "--corpus", str(corpus), "--json"]) == 0
    (answer,) = json_lines(capsys.readouterr().out)
    assert (answer["asked"], answer["answered"]) == ("总结一下", True)


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "from input"])
def test_a_question_too_long_costs_no_other_its_answer(
    typed: bool,
    corpus: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = ["黄山的温泉水温是多少?", "长" * 2_001, "怎么坐公交车?"]
    type_in(monkeypatch, "\n".join(questions).encode())
    given = questions if typed else []
    assert main(["ask", "--corpus", str(corpus), "--json", *given]) == 1
    captured = capsys.readouterr()
    assert [answer["asked"] for answer in json_lines(captured.out)] == questions[::2]
    assert "qa: question 2 has 2,001 characters" in captured.err
    assert "Config" not in captured.err


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8", "utf-8-sig"])
def test_json_is_json_whatever_the_output_is_encoded_in(
    encoding: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "山中的标志是小猫\U0001f600©市图书馆é。"
    (corpus / "猫.txt").write_text(said, encoding="utf-8")
    output = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(output, encoding=encoding))
    assert main(["ask", "--corpus", str(corpus), "--json", "山中的标志是什么?"]) == 0
    (answer,) = json_lines(output.getvalue().decode(encoding))
    assert passages(answer)[0]["text"] == said


def test_input_in_another_encoding_is_an_error_that_says_so(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "黄山的温泉?\n".encode("gb18030"))
    assert main(["ask", "--corpus", str(corpus)]) == 1
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_question_with_broken_characters_is_answered(
    form: list[str], corpus: Path, capsys: Captured
) -> None:
    assert main(["ask", "--corpus", str(corpus), *form, "黄山\udce4的温泉水温?"]) == 0
    assert WATER in capsys.readouterr().out


def test_chat_keeps_the_conversation_and_survives_a_bad_question(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, f"黄山的温泉水温?\n{'长' * 2_001}\n它的交通呢?\n".encode())
    assert main(["chat", "--corpus", str(corpus), "--json"]) == 0
    captured = capsys.readouterr()
    first, second = json_lines(captured.out)
    assert first["question"] == "黄山的温泉水温?"
    assert second["question"] != second["asked"] == "它的交通呢?"
    assert "黄山的温泉" in str(second["question"])
    assert "2,001 characters" in captured.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "--corpus", "absent", "问?"], "absent"),
        (["ask", "--corpus", ".", "--corpus", "absent", "问?"], "absent: there is no such file"),
        (["index", ".", "absent", "--to", "index"], "absent: there is no such file"),
        (["ask", "--index", "absent", "问?"], "absent is no saved index"),
        (["ask", "-k", "0", "问题?"], "k is 0"),
        (["ask", "长" * 2_001], "2,001 characters"),
        (["eval", "absent.jsonl"], "absent.jsonl cannot be read"),
        (["ask", "--model", "/absent/model", "问题?"], "there is no folder /absent/model"),
        (["serve", "--auth", "nobody"], "USER:PASSWORD"),
        (
            ["serve", "--port", "0", "--feedback", "absent/f.jsonl"],
            "feedback cannot be written to absent",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else " ".join(value[:2]),
)
def test_what_a_user_can_put_right_is_code_1_with_a_message(
    arguments: list[str],
    message: str,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("qa: ")
    assert message in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["ask", "-k", "many", "问?"],
        ["index", "a.txt"],
        ["eval"],
        ["ask", "--corpus", "a", "--index", "b", "问?"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: qa" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["ask", "chat", "index", "merge", "verify", "eval", "serve"])
def test_every_command_has_help(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: qa {command}" in capsys.readouterr().out


def test_a_reader_may_be_named_or_left_out(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["ask", "--corpus", str(corpus), "--reader", "nobody", "问题?"]) == 1
    assert "no reader 'nobody'" in capsys.readouterr().err
    monkeypatch.setenv("QA_READER", "none")
    assert main(["ask", "--corpus", str(corpus), "--json", "水是什么?"]) == 0
    assert json.loads(capsys.readouterr().out)["passages"][0]["answer"] is None


def test_the_model_may_be_named_in_the_environment(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_MODEL", "/absent/model")
    assert main(["ask", "--corpus", str(corpus), "问题?"]) == 1
    assert "/absent/model" in capsys.readouterr().err


def test_the_package_runs_as_a_program(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "qa", "ask", "？！"],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        cwd=tmp_path,
        check=False,
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert "there is no word in the question" in run.stderr
