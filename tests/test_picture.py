"""The picture of refusal and calibration."""

import struct
import sys
from pathlib import Path

import pytest

from qa.errors import LabelError, MissingExtra, QAError
from qa.evaluate import Label, Outcome
from qa.evaluate.picture import check_drawable, draw
from qa.types import Answer

KNOWN = Outcome(Label("问", evidence=("据",)), Answer("问", True, 0.8), 1, False)
UNKNOWN = Outcome(Label("问"), Answer("问", False, 0.3), 0, False)


@pytest.mark.parametrize("outcomes", [[KNOWN, UNKNOWN], [KNOWN], [UNKNOWN]])
def test_a_picture_is_drawn_of_what_there_is(outcomes: list[Outcome], tmp_path: Path) -> None:
    path = tmp_path / "picture"
    draw(outcomes, path)
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1200, 576)


def test_a_curve_is_drawn_only_with_both_sorts_of_questions(tmp_path: Path) -> None:
    draw([KNOWN, UNKNOWN], tmp_path / "both.png")
    draw([KNOWN], tmp_path / "one.png")
    assert (tmp_path / "both.png").read_bytes() != (tmp_path / "one.png").read_bytes()


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="at least one labelled question"):
        draw([], tmp_path / "picture.png")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QAError, match=r"absent.*folder"):
        draw([KNOWN], tmp_path / "absent" / "picture.png")


def test_without_matplotlib_the_command_that_installs_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"matplotlib.*pip install 'article-qa\[train\]'"):
        check_drawable()
    with pytest.raises(MissingExtra):
        draw([KNOWN], tmp_path / "picture.png")
