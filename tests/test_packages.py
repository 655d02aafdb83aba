"""The order of the packages: who may import whom."""

from graphlib import CycleError
from pathlib import Path

import pytest

from support import packages


def test_no_import_goes_upward() -> None:
    assert packages.upward() == []


def test_no_modules_import_each_other() -> None:
    packages.circles()


def test_every_package_has_its_place() -> None:
    folders = {path.parent.name for path in packages.ROOT.glob("*/__init__.py")}
    assert folders == set(packages.PACKAGES)


def test_the_picture_is_made_from_the_table() -> None:
    assert packages.picture() in packages.README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("text/planted.py", "from qa.web import serve"),
        ("question/planted.py", "import qa.index"),
        ("loaders/planted.py", "def late():\n    from qa.chatbot import Chatbot"),
        ("config.py", "from qa import text"),
        ("index/planted.py", "import torch.nn"),
        ("web/planted.py", "from sentence_transformers import SentenceTransformer"),
        ("web/gate/planted.py", "from qa.web.html import answer"),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, module: str, line: str) -> None:
    planted = tree(tmp_path, {module: line})
    assert len(packages.upward(planted)) == 1


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    planted = tree(
        tmp_path,
        {"text/one.py": "from qa.text.other import x", "text/other.py": "from qa.text import one"},
    )
    assert packages.upward(planted) == []
    with pytest.raises(CycleError):
        packages.circles(planted)


def tree(folder: Path, files: dict[str, str]) -> Path:
    root = folder / "qa"
    for name in packages.PACKAGES:
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").touch()
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
