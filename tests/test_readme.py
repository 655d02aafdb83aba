"""What every README promises can be pasted and run."""

import ast
import contextlib
import importlib.util
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qa.chatbot import Chatbot
from qa.cli import _parser, main
from qa.training.__main__ import _parser as _training_parser
from qa.web import serve
from support.terminal import Captured, type_in
from support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = ROOT / "README.md"
OWN = [README, *sorted((ROOT / "qa").glob("*/README.md")), ROOT / "tests" / "README.md"]
CARDS = sorted({*(ROOT / "qa").rglob("README.md"), *(ROOT / "tests").rglob("README.md")} - {*OWN})
SET_UP = "python3 -m venv"
PARSERS = {"qa": _parser, "qa.training": _training_parser}
ARTICLE = (
    "# 渡轮往事\n\n渡轮每天早上七点开船，船票12元。\n\n船长叫周海平，在这条航线上跑了三十年。\n"
)
LABEL = {"question": "船票多少钱?", "source": "渡轮.md", "evidence": ["船票12元"], "answer": "12元"}
UNSAID = {"question": "渡轮是哪年造的?", "source": "渡轮.md", "evidence": [], "answer": ""}
NOT_HERE = ("://", ".db")
"""Signs of what needs the network or another engine: it is parsed but not run."""


@dataclass(frozen=True)
class Command:
    """A line to paste: what is set for it, its words, and what is read into it.

    ``is_whole`` is false for one that is named in a sentence, where what it needs may be left out.
    """

    readme: Path
    words: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    read: str = ""
    is_whole: bool = True

    @classmethod
    def of(cls, readme: Path, line: str, *, is_whole: bool) -> "Command":
        words = shlex.split(line, comments=is_whole)
        settings: dict[str, str] = {}
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            settings[name] = value
        read = words[words.index("<") + 1] if "<" in words else ""
        given = words[: words.index("<")] if "<" in words else words
        return cls(readme, tuple(given), settings, read, is_whole)

    def __str__(self) -> str:
        return f"{name_of(self.readme)}: {' '.join(self.words)}"


def name_of(readme: Path) -> str:
    return readme.relative_to(ROOT).as_posix()


def blocks(readme: Path, language: str) -> list[str]:
    text = readme.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(readme: Path) -> Iterator[Command]:
    """Yield the lines of shell blocks and the commands that are named in a sentence or a table."""
    for block in blocks(readme, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.split(" && ") if SET_UP not in line else ():
                yield Command.of(readme, part, is_whole=True)
    prose = re.sub(r"^```.*?^```$", "", readme.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for span in re.findall(r"`([^`\n]+)`", prose):
        if re.match(r"(PYTHONPATH=\S+ )?(qa|python|pip|pip-audit) ", span):
            yield Command.of(readme, span, is_whole=False)


def runs_here(command: Command) -> bool:
    """Tell whether a command can be run as it is written, in seconds."""
    return (
        command.is_whole
        and command.words[0] == "qa"
        and command.words[1] != "serve"
        and not any(sign in word for word in command.words for sign in NOT_HERE)
    )


COMMANDS = [one for readme in (*OWN, *CARDS) for one in commands(readme)]
RUN = [readme for readme in OWN if any(map(runs_here, commands(readme)))]
EXAMPLES = [
    pytest.param(block, id=name_of(readme))
    for readme in OWN
    for block in blocks(readme, "python")
    if readme != README and "gradio_client" not in block
]


def test_the_first_two_commands_set_up_and_run() -> None:
    chat, tests = [block for block in blocks(README, "sh") if SET_UP in block]
    for block in (chat, tests):
        assert block.count("\n") == 1
        assert block.startswith("python3 -m venv .venv && .venv/bin/pip install -e '.[")
    assert chat.endswith(".venv/bin/python app.py\n")
    assert tests.endswith(".venv/bin/python -m pytest\n")


def test_continuous_integration_runs_the_readme_test_command() -> None:
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "'.[test,dev]'" in run
    assert run.rstrip().endswith('bin/python" -m pytest')


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, own_cache: None
) -> None:
    (example,) = blocks(README, "python")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    first, second, reason = capsys.readouterr().out.splitlines()
    assert first == "True 6万以上"
    assert second.startswith("公司 总部呢?")
    assert second.endswith("总部设在重庆。")
    assert "董事长" in reason
    assert (tmp_path / "my-index").is_dir()


def run_python(example: str, folder: Path) -> str:
    """Run an example in a process of its own; return what it prints."""
    environment = os.environ | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_is_known(command: Command) -> None:
    if command.words[0] == "qa":
        check_parsed("qa", command.words[1:], command)
    elif command.words[0] == "python":
        check_python(command)
    elif command.words[:2] == ("pip", "install"):
        for extras in re.findall(r"\[(.*?)\]", " ".join(command.words)):
            assert {*extras.split(",")} <= {*PROJECT["project"]["optional-dependencies"]}
    else:
        assert command.words[0] == "pip-audit" or (ROOT / command.words[0]).is_file()


def check_parsed(program: str, arguments: tuple[str, ...], command: Command) -> None:
    """Check that a program of this project takes the arguments."""
    if command.is_whole or len(arguments) > 1:
        parse(PARSERS[program](), arguments)
    elif arguments:
        parse(PARSERS[program](), (*arguments, "--help"))


def parse(parser: ArgumentParser, arguments: tuple[str, ...]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            parser.parse_args(arguments)
        except SystemExit as ended:
            assert ended.code == 0, arguments


def check_python(command: Command) -> None:
    if command.words[1] != "-m":
        return check_script(ROOT / command.words[1], command.words[2:])
    module, arguments = command.words[2], command.words[3:]
    if module in PARSERS:
        return check_parsed(module, arguments, command)
    if module == "pytest":
        return check_pytest(arguments)
    beside = ROOT / command.settings.get("PYTHONPATH", ".") / f"{module.replace('.', '/')}.py"
    if beside.is_file():
        return check_script(beside, arguments)
    assert importlib.util.find_spec(module) is not None
    return None


def check_script(script: Path, arguments: tuple[str, ...]) -> None:
    """Check that a script is there and has the options; running it would take minutes."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    known = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert {one for one in arguments if one.startswith("--")} <= known


def check_pytest(arguments: tuple[str, ...]) -> None:
    for before, one in zip(("", *arguments), arguments, strict=False):
        if before == "-m":
            marks = [
                mark.split(":")[0] for mark in PROJECT["tool"]["pytest"]["ini_options"]["markers"]
            ]
            assert one in marks
        elif not one.startswith("-") and before != "-n":
            assert (ROOT / one).exists(), one


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_cache: None) -> Path:
    """A folder with the files that the READMEs speak of, small ones, to work in."""
    for name in ("my-articles", "archive", "corpus"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "渡轮.md").write_text(ARTICLE, encoding="utf-8")
    for number in range(4):
        text = f"第{number}号码头长{number + 20}米。"
        (tmp_path / "archive" / f"{number}.txt").write_text(text, encoding="utf-8")
    labels = "\n".join(json.dumps(one, ensure_ascii=False) for one in (LABEL, UNSAID))
    files = {
        "more.jsonl": json.dumps({"id": "灯塔", "text": "灯塔高三十二米。"}, ensure_ascii=False),
        "questions.txt": "船票多少钱?\n",
        "labels.jsonl": labels,
        "corpus/questions.jsonl": labels,
        "old.doc": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("readme", RUN, ids=name_of)
def test_commands_run_one_after_the_other(
    readme: Path, scene: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for command in commands(readme):
        if not runs_here(command):
            continue
        read = scene / command.read if command.read else scene / "questions.txt"
        type_in(monkeypatch, read.read_bytes())
        assert main(command.words[1:]) == 0, f"{command}: {capsys.readouterr().err}"
        assert capsys.readouterr().out.strip(), command


@pytest.fixture
def saved(scene: Path, capsys: Captured) -> None:
    """An index in the scene, as the commands before an example make it."""
    assert main(["index", "archive/", "--to", "my-index"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.usefixtures("saved")
def test_examples_run(example: str, capsys: Captured) -> None:
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_the_example_for_programs_runs(article_bot: Chatbot, tmp_path: Path) -> None:
    (example,) = blocks(ROOT / "qa" / "web" / "README.md", "python")
    address = "http://127.0.0.1:7860"
    assert address in example
    server = serve(lambda: article_bot, port=0, block=False)
    try:
        assert server.service.wait(PATIENCE)
        printed = run_python(example.replace(address, server.url), tmp_path)
    finally:
        server.close()
    assert printed.startswith("True ")
    assert "新市民" in printed


@pytest.mark.parametrize("readme", [*OWN, *CARDS], ids=name_of)
def test_files_and_pictures_that_it_names_are_there(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", text):
        assert (readme.parent / target).exists(), target
    for named in re.findall(r"`((?:qa|tests|corpus|\.ci)/[^`\s]*|app\.py)`", text):
        assert (ROOT / named).exists(), named


def test_the_table_of_files_has_every_package() -> None:
    table = README.read_text(encoding="utf-8").split("## Files\n")[1].split("\n## ")[0]
    there = {f"qa/{one.name}/" for one in (ROOT / "qa").iterdir() if one.is_dir()}
    assert set(re.findall(r"`(qa/\w+/)`", table)) == there - {"qa/__pycache__/"}
