"""The short form of the runs guided by coverage; the long forms are in README.md here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TARGETS = sorted((ROOT / "tests" / "fuzz").glob("fuzz_*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS, ids=lambda path: path.stem)
def test_nothing_is_found_in_a_short_run(target: Path, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="pip install 'article-qa[fuzz]'")
    done = subprocess.run(
        [sys.executable, target, "-runs=300", "-seed=5", f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    told = done.stdout.decode(errors="replace")
    assert done.returncode == 0, told[-3_000:]
    assert "runs in" in told
