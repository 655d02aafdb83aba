"""Saved indexes: whole or refused, replaced in one step, never in place of other things."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index.storage import FORMAT, open_array, read_manifest, write

ARRAYS = {"rows.npy": np.arange(6, dtype=np.float32).reshape(2, 3), "starts.npy": np.arange(3)}
TEXTS = {"documents.jsonl": '{"id": "甲"}\n'.encode()}
DESCRIPTION = {
    "model": "小模型",
    "fingerprint": "abc",
    "dimension": 3,
    "documents": 1,
    "paragraphs": 2,
    "windows": 2,
}
FILES = [*ARRAYS, *TEXTS]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "new" / "index"
    write(folder, ARRAYS, TEXTS, DESCRIPTION)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")


def test_what_was_written_is_read(saved: Path) -> None:
    manifest = read_manifest(saved)
    assert manifest.model == "小模型"
    assert manifest.format == FORMAT
    assert sorted(manifest.files) == sorted(FILES)
    for name, array in ARRAYS.items():
        opened = open_array(saved, manifest, name)
        assert isinstance(opened, np.memmap)
        assert opened.dtype == array.dtype
        assert np.array_equal(opened, array)
    assert sorted(path.name for path in saved.iterdir()) == sorted(["manifest.json", manifest.data])


def flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "flipped": flip,
    "missing": Path.unlink,
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_named_and_nothing_is_touched(
    damage: Callable[[Path], object], name: str, saved: Path
) -> None:
    damage(saved / read_manifest(saved).data / name)
    before = contents(saved)
    with pytest.raises(IndexDamaged, match=rf"{name}.*build it again"):
        read_manifest(saved)
    assert contents(saved) == before


@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "folder"])
def test_a_damaged_manifest_is_named(damage: str, saved: Path) -> None:
    DAMAGES[damage](saved / "manifest.json")
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        read_manifest(saved)


def test_a_flipped_bit_anywhere_in_the_manifest_is_no_surprise(saved: Path) -> None:
    path = saved / "manifest.json"
    whole = path.read_bytes()
    manifest = read_manifest(saved)
    for place in range(len(whole)):
        for bit in (1, 4, 32, 128):
            held = bytearray(whole)
            held[place] ^= bit
            path.write_bytes(held)
            try:
                found = read_manifest(saved)
            except (IndexDamaged, IndexMismatch):
                continue
            assert found.files == manifest.files
            assert found.data == manifest.data


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2}',
        b'{"format": "1"}',
    ],
)
def test_another_format_is_named_with_ours(raw: bytes, saved: Path) -> None:
    (saved / "manifest.json").write_bytes(raw)
    with pytest.raises(IndexMismatch, match=r"has index format .*reads format 1"):
        read_manifest(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.update(data="../elsewhere"),
        lambda raw: raw.update(data="data-x/../../elsewhere"),
        lambda raw: raw.update(data="/"),
        lambda raw: raw.update(data=5),
        lambda raw: raw.update(data=None),
        lambda raw: raw["files"].update({"../outside.txt": [1, "0"]}),
        lambda raw: raw["files"].update({"/etc/hostname": [1, "0"]}),
        lambda raw: raw["files"].update({"a\0b": [1, "0"]}),
        lambda raw: raw["files"].update({"..": [1, "0"]}),
        lambda raw: raw.update(files=[]),
        lambda raw: raw.update(files={"rows.npy": 1}),
        lambda raw: raw.pop("dimension"),
        lambda raw: raw.update(colour="red"),
    ],
)
def test_a_manifest_that_is_not_ours_is_damaged(
    change: Callable[[dict[str, Any]], object], saved: Path
) -> None:
    (saved.parent / "outside.txt").write_text("x", encoding="utf-8")
    edit(saved, change)
    with pytest.raises(IndexDamaged, match="build it again"):
        read_manifest(saved)


def test_saving_again_replaces_everything(saved: Path) -> None:
    old = read_manifest(saved).data
    write(saved, {"rows.npy": np.zeros(1)}, {}, DESCRIPTION | {"documents": 7})
    manifest = read_manifest(saved)
    assert manifest.documents == 7
    assert manifest.data != old
    assert sorted(path.name for path in saved.iterdir()) == sorted(["manifest.json", manifest.data])


def test_what_an_interrupted_save_left_is_replaced(saved: Path) -> None:
    (saved / "manifest.json").unlink()
    write(saved, ARRAYS, TEXTS, DESCRIPTION)
    assert len(list(saved.iterdir())) == 2
    read_manifest(saved)


@pytest.mark.parametrize(
    "name",
    [
        "photo.jpg",
        "data-2020/photo.jpg",
        "data-set.csv",
    ],
)
def test_a_folder_that_holds_other_things_is_refused(name: str, tmp_path: Path) -> None:
    other = tmp_path / name
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(b"precious")
    with pytest.raises(QAError, match=r"holds something else .*empty or new folder"):
        write(tmp_path, ARRAYS, TEXTS, DESCRIPTION)
    assert contents(tmp_path) == {name: b"precious"}


def test_the_manifest_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data-files").mkdir()
    (tmp_path / "data-files" / "kept.txt").write_bytes(b"precious")
    (tmp_path / "manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(QAError, match="holds something else"):
        write(tmp_path, ARRAYS, TEXTS, DESCRIPTION)
    assert contents(tmp_path) == before


def test_other_files_beside_an_index_are_left_alone(saved: Path) -> None:
    (saved / "data-notes").mkdir()
    (saved / "data-notes" / "kept.txt").write_bytes(b"precious")
    write(saved, ARRAYS, TEXTS, DESCRIPTION)
    assert contents(saved)["data-notes/kept.txt"] == b"precious"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"precious")
    with pytest.raises(QAError, match=r"could not be saved in .*index .*Choose a folder"):
        write(tmp_path / "file" / "index", ARRAYS, TEXTS, DESCRIPTION)
    with pytest.raises(QAError, match="could not be saved"):
        write(tmp_path / "file", ARRAYS, TEXTS, DESCRIPTION)
    assert contents(tmp_path) == {"file": b"precious"}


def test_a_failing_save_leaves_the_old_index_whole(saved: Path) -> None:
    before = contents(saved)
    with pytest.raises(QAError, match="what was there before is unchanged"):
        write(saved, ARRAYS | {"missing-folder/rows.npy": np.zeros(1)}, TEXTS, DESCRIPTION)
    assert contents(saved) == before
    assert len([path for path in saved.iterdir() if path.is_dir()]) == 1
    read_manifest(saved)


def test_no_pickled_array_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        write(tmp_path, {"rows.npy": np.array([object()])}, {}, DESCRIPTION)
