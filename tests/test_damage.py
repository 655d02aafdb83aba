"""Damaged and hostile indexes: named or harmless, rebuilt from their sources, nothing run.

What a damage does is tried on every file that a saved index has, whatever its format.
"""

import io
import os
import pickle
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.chatbot import Chatbot
from qa.chatbot.cached import open_or_build
from qa.config import FLOAT32, VECTOR_FORMATS, Config
from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index import storage
from qa.index.opened import verify
from support.small_index import reseal

TEXT = "渡口的木船每天早上六点开出第一班。\n山上的索道去年修了三个月。\n夜市的摊位一共三百零八个。"
QUESTION = "第一班木船几点开出?"
MANIFEST = "manifest.json"
FIRST = "渡口的木船每天早上六点开出第一班。"
# What is read of an index does not depend on who reads the passages.
WITHOUT_READER = Config(reader=None)

pytestmark = pytest.mark.usefixtures("shared_model")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "甲.txt").write_text(TEXT, encoding="utf-8")
    (folder / "乙.txt").write_text("渡口在江的北岸。\n对岸是一片竹林。", encoding="utf-8")
    return folder


@pytest.fixture(params=VECTOR_FORMATS)
def index(request: pytest.FixtureRequest, corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    open_or_build([corpus], replace(WITHOUT_READER, vectors=request.param), folder)
    return folder


@pytest.fixture(params=["small", "large"])
def use(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """What finds damage: opening a small index, asking a large one the first question."""

    def open_it(index: Path) -> None:
        Chatbot.open(index, WITHOUT_READER)

    def ask_it(index: Path) -> None:
        Chatbot.open(index, WITHOUT_READER).ask(QUESTION)

    if request.param == "small":
        return open_it
    monkeypatch.setattr(storage, "WHOLE_CHECK_BYTES", 0)
    return ask_it


def files(index: Path) -> list[Path]:
    return sorted(path for path in index.rglob("*") if path.is_file())


def assert_answers(index: Path) -> None:
    assert Chatbot.open(index, WITHOUT_READER).ask(QUESTION).passages[0].text == FIRST


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[random.Random(7).randrange(len(held))] ^= 1 << 3
    path.write_bytes(held)


def fill(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def link(path: Path) -> None:
    path.rename(path.parent.parent / "moved")
    path.symlink_to(path.parent.parent / "moved")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [Path.unlink, cut, flip, fill, link, pipe, folder]


def by_format(name: str) -> object:
    """Return a format of vectors as a parameter: one does for who has little time."""
    return pytest.param(name, marks=[] if name == FLOAT32 else pytest.mark.slow)


@pytest.mark.parametrize("index", [*map(by_format, VECTOR_FORMATS)], indirect=True)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_every_damaged_file_is_named_and_made_again_from_the_sources(
    damage: Callable[[Path], None], use: Callable[[Path], None], index: Path, corpus: Path
) -> None:
    names = [path.relative_to(index) for path in files(index)]
    for number, name in enumerate(names):
        copy = index.parent / f"copy-{number}"
        shutil.copytree(index, copy)
        damage(copy / name)
        with pytest.raises(IndexDamaged) as caught:
            use(copy)
        # A changed hash in the manifest looks like a change of the file it is of.
        assert name.name in str(caught.value) or (name.name == MANIFEST and damage is flip)
        if name.name == MANIFEST and damage in (pipe, folder):
            # No crash leaves such a thing; a folder that somebody else filled is not touched.
            with pytest.raises(QAError, match="holds something else than an index"):
                open_or_build([corpus], WITHOUT_READER, copy)
            continue
        # Whatever was found damaged is made again in the same way: every file once is enough.
        if damage is cut or number == 0:
            bot = open_or_build([corpus], WITHOUT_READER, copy)
            assert bot.ask(QUESTION).passages[0].text == FIRST
            assert_answers(copy)


def test_damage_that_opening_a_large_index_leaves_out_is_made_good_from_the_sources(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "WHOLE_CHECK_BYTES", 0)
    left_out = [path for path in files(index) if path.name in storage.LARGE]
    for number, path in enumerate(left_out):
        copy = index.parent / f"copy-{number}"
        shutil.copytree(index, copy)
        flip(copy / path.relative_to(index))
        opened = Chatbot.open(copy, WITHOUT_READER)
        with pytest.raises(IndexDamaged, match=path.name):
            opened.warm_up()
        assert open_or_build([corpus], WITHOUT_READER, copy).ask(QUESTION).passages[0].text == FIRST
        verify(copy)


def test_a_data_folder_that_is_a_link_is_refused(index: Path, tmp_path: Path) -> None:
    data = next(path for path in index.iterdir() if path.is_dir())
    data.rename(tmp_path / "elsewhere")
    data.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IndexDamaged, match="leads out of the index"):
        Chatbot.open(index)


# Hostile: every hash is right, what is in the files is not


def assert_harmless(index: Path) -> None:
    """Open and ask; whatever is wrong has to be said by an error of the project's own."""
    try:
        bot = Chatbot.open(index, WITHOUT_READER)
        bot.ask_many([QUESTION, "这篇文章的标题是什么?"])
        for document in bot.documents:
            for paragraph in bot.paragraphs(document.id):
                assert document.text[paragraph.start : paragraph.end] == paragraph.text
    except QAError as error:
        assert str(index) in str(error) or "index" in str(error)


def arrays(index: Path) -> list[Path]:
    return sorted(index.rglob("*.npy"))


def changed(array: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    """Return what somebody could put in place of an array."""
    largest = np.iinfo(np.int64).max
    shapes = [array[:-1], array[:0], np.concatenate([array, array]), array[None], array.reshape(-1)]
    kinds = [array.astype(kind) for kind in (np.int8, np.float64, np.complex128)]
    values = [np.zeros_like(array), array[::-1]]
    if array.dtype.kind in "iu":
        limit = min(largest, int(np.iinfo(array.dtype).max))
        values += [np.full_like(array, limit), np.full_like(array, limit // 2)]
        if array.dtype.kind == "i":
            values += [-array, np.full_like(array, -1)]
    else:
        values += [np.full_like(array, value) for value in (np.nan, np.inf, 3e38)]
    strings = [np.array(["甲"] * 3), np.array(1), np.zeros(3, [("a", "i4")])]
    return [*shapes, *kinds, *values, *strings]


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::numpy.exceptions.ComplexWarning")
def test_arrays_of_any_shape_kind_and_value_are_harmless(index: Path) -> None:
    for path in arrays(index):
        kept = path.read_bytes()
        array = np.load(path)
        for number, other in enumerate(changed(array)):
            made = io.BytesIO()
            np.save(made, other, allow_pickle=False)
            path.write_bytes(made.getvalue())
            reseal(index)
            try:
                assert_harmless(index)
            except Exception as error:
                raise AssertionError(f"{path.name}, change {number}: {error!r}") from error
        path.write_bytes(kept)
    reseal(index)
    assert_answers(index)


def header(text: str) -> bytes:
    data = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(data).to_bytes(2, "little") + data


class Opened:
    """What unpickling would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, ("opened",))


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Opened()),
        b"",
        b"\x93NUMPY",
        b"PK\3\4",
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (-5, 3), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (1e99, 3), }"),
        header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }") + pickle.dumps(Opened()),
        header("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }") + bytes(4),
        header("(" * 5000),
        header("__import__('os').mkdir('opened')"),
    ],
    ids=["pickle", "empty", "cut", "zip", "huge", "negative", "float", "object", "fortran",
         "nested", "code"],
)  # fmt: skip
def test_files_made_up_run_nothing_and_fill_no_memory(
    data: bytes, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in arrays(index):
        kept = path.read_bytes()
        path.write_bytes(data)
        reseal(index)
        assert_harmless(index)
        path.write_bytes(kept)
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "null", "5", "{}", "[" * 100_000, '"text"',
        '{"id": 1, "title": 2, "source": 3, "hash": 4, "blocks": [], "text": 5}',
        '{"id": "a", "title": "", "source": "", "hash": "", "blocks": [[0, 99999, "text", 0]], '
        '"text": ""}',
        '{"id": "a", "title": "", "source": "", "hash": "", "blocks": [[-9, 3, "text", 0]], '
        '"text": "abc"}',
        '{"id": "a", "title": "", "source": "", "hash": "", "blocks": [[0, 1, "evil", 0]], '
        '"text": "abc"}',
        '{"id": "a", "title": "", "source": "", "hash": "", "blocks": [[0, 1e3, "text", "x"]], '
        '"text": "abc"}',
    ],
)  # fmt: skip
def test_documents_made_up_are_named(line: str, index: Path) -> None:
    for path in sorted(index.rglob("*.jsonl")):
        lines = path.read_bytes().splitlines(keepends=True)
        # The bounds in the arrays stay, so the line keeps its length where it fits.
        data = line.encode().ljust(len(lines[0]) - 1)[: max(len(lines[0]) - 1, len(line))] + b"\n"
        path.write_bytes(data + b"".join(lines[1:]))
        reseal(index)
        assert_harmless(index)


@pytest.mark.parametrize(
    "manifest",
    [
        b"[" * 200_000,
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"format": 1, "files": {"a.npy": [Infinity, "x"]}}',
        b'{"format": 1, "files": {"a.npy": [1e999, "x"]}, "data": "data-00000000"}',
        b"\xff\xfe{",
        b" " * 2_000_000,
    ],
    ids=["nested", "digits", "infinity", "exponent", "bytes", "large"],
)
def test_manifests_made_up_are_named(manifest: bytes, index: Path) -> None:
    (index / "manifest.json").write_bytes(manifest)
    with pytest.raises((IndexDamaged, IndexMismatch)):
        Chatbot.open(index)


def test_what_may_be_written_over_is_told_without_reading_all_of_it(index: Path) -> None:
    (index / "manifest.json").write_bytes(b"[" * 200_000)
    assert storage._may_write(index)
