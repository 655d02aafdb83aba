"""app.py takes no options: it says so instead of serving as if there were none."""

import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app.py"


@pytest.mark.parametrize(
    ("option", "code", "told"), [("--help", 0, "QA_MODEL"), ("--port", 2, "--port")]
)
def test_an_option_is_not_passed_over(option: str, code: int, told: str) -> None:
    done = subprocess.run(
        [sys.executable, APP, option], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code
    assert told in done.stdout + done.stderr
    assert "http://" not in done.stdout
