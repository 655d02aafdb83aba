"""app.py takes no options: it says so instead of serving as if there were none."""

import runpy
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app.py"


@pytest.mark.parametrize(
    ("option", "code", "told"), [("--help", 0, "QA_MODEL"), ("--port", 2, "--port")]
)
def test_an_option_is_not_passed_over(
    option: str,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", [str(APP), option])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(APP), run_name="__main__")
    assert ended.value.code == code
    printed = capsys.readouterr()
    assert told in printed.out + printed.err
    assert "http://" not in printed.out
