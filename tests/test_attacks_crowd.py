"""A person among attackers; the long form is ``tests/benchmarks/attacks.py``."""

import sys
from pathlib import Path

import pytest

from support.attackers import KINDS, Besieged, besiege
from support.crowd import served
from support.places import write_articles
from support.waiting import run_apart

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="attackers need a second address of this machine"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_articles(folder, 12)
    return folder


def attacked(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, attackers: int
) -> Besieged:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with served(corpus, tmp_path / "log") as server:
        return run_apart(besiege(server.url, seconds, attackers, server.process))


def test_a_person_among_attackers_loses_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = attacked(corpus, tmp_path, monkeypatch, seconds=3, attackers=1)
    assert found.problems == []
    assert found.seconds
    assert set(found.told) == set(KINDS)
    assert all(found.told.values())


@pytest.mark.slow
def test_a_person_among_many_attackers_loses_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = attacked(corpus, tmp_path, monkeypatch, seconds=60, attackers=30)
    assert found.problems == []
    assert found.seconds
    assert 0 < found.megabytes < 1_500
