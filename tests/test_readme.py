"""What the README promises can be pasted and run."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from qa.cli import _parser

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line.split(" <")[0], comments=True)[1:]
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("qa ")
]


def test_the_first_two_commands_set_up_and_run() -> None:
    chat, tests = re.findall(r"```sh\n(python3 -m venv.*)\n```", README)
    assert chat.endswith(".venv/bin/python app.py")
    assert tests.endswith(".venv/bin/python -m pytest")
    assert "&& python -m pytest" not in README


def test_continuous_integration_runs_the_readme_test_command() -> None:
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "'.[test,dev]'" in run
    assert run.rstrip().endswith('bin/python" -m pytest')


def test_the_python_example_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    environment = os.environ | {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second, reason = done.stdout.splitlines()
    assert first.startswith("True ")
    assert "6万" in first
    assert second.startswith("公司 总部呢?")
    assert second.endswith("总部设在重庆。")
    assert "董事长" in reason


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_line_is_one_that_the_parser_knows(command: list[str]) -> None:
    assert _parser().parse_args(command).command == command[0]


def test_files_and_pictures_that_it_names_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
