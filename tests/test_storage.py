"""Saved indexes: whole or refused, replaced in one step, never in place of other things."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.errors import IndexDamaged, IndexMismatch, QAError
from qa.index import storage
from qa.index.files import Part, PartWriter, open_array, open_bytes
from qa.index.storage import (
    FORMAT,
    UNFINISHED,
    Manifest,
    commit,
    prepare_folder,
    read_manifest,
    sweep,
)

ARRAYS: dict[str, NDArray[Any]] = {
    "rows": np.arange(6, dtype=np.float32).reshape(2, 3),
    "starts": np.arange(3),
    "nothing": np.empty((0, 3), np.float32),
    "documents": np.frombuffer('{"id": "甲"}\n'.encode(), np.uint8),
}
FILES = ["rows.npy", "starts.npy", "nothing.npy", "documents.jsonl"]


def write_part(folder: Path, arrays: dict[str, NDArray[Any]]) -> Part:
    writer = PartWriter(folder)
    for name, array in arrays.items():
        writer.allocate(name, array.shape, array.dtype.type)[...] = array
    return writer.finish()


def write(folder: Path, *, documents: int = 1, name: str = "manifest.json") -> None:
    prepare_folder(folder)
    part = write_part(folder, ARRAYS)
    catalog = write_part(folder, {"order": np.zeros((1, 2), np.int32)})
    commit(folder, Manifest("小模型", "abc", 3, documents, 2, 2, (part,), catalog), name)


def data_of(folder: Path) -> Path:
    return folder / read_manifest(folder).segments[0].name


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "new" / "index"
    write(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_was_written_is_read(saved: Path) -> None:
    manifest = read_manifest(saved)
    assert manifest.model == "小模型"
    assert manifest.format == FORMAT
    (part,) = manifest.segments
    assert sorted(part.files) == sorted(FILES)
    for name in ("rows", "starts", "nothing"):
        opened = open_array(saved, part, name)
        assert opened.dtype == ARRAYS[name].dtype
        assert np.array_equal(opened, ARRAYS[name])
    assert isinstance(open_array(saved, part, "rows"), np.memmap)
    assert open_bytes(saved, part, "documents").tobytes() == ARRAYS["documents"].tobytes()
    assert sorted(path.name for path in saved.iterdir()) == sorted(
        ["manifest.json", part.name, manifest.catalog.name]
    )


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest and seal it again, as another program would have written it."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw.pop("seal")
    change(raw)
    path.write_text(json.dumps(raw | {"seal": storage._seal(raw)}), encoding="utf-8")


def test_an_index_from_before_there_were_formats_for_vectors_is_read(saved: Path) -> None:
    rewrite(saved / "manifest.json", lambda raw: raw.pop("vectors"))
    assert read_manifest(saved).vectors == "float32"


def test_a_format_for_vectors_that_is_not_known_is_named(saved: Path) -> None:
    rewrite(saved / "manifest.json", lambda raw: raw.update(vectors="int4"))
    with pytest.raises(IndexMismatch, match=r"vectors as 'int4', .* reads float32 or int8"):
        read_manifest(saved)


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
    damage(data_of(saved) / name)
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
        for bit in (1, 32):
            held = bytearray(whole)
            held[place] ^= bit
            path.write_bytes(held)
            try:
                found = read_manifest(saved)
            except (IndexDamaged, IndexMismatch):
                continue
            # A digit that is written in another way, or a blank, changes nothing.
            assert found == manifest


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2}',
        b'{"format": "3"}',
    ],
)
def test_another_format_is_named_with_ours(raw: bytes, saved: Path) -> None:
    (saved / "manifest.json").write_bytes(raw)
    with pytest.raises(IndexMismatch, match=rf"has index format .*reads format {FORMAT}"):
        read_manifest(saved)


def reseal(raw: dict[str, Any]) -> dict[str, Any]:
    raw.pop("seal", None)
    return raw | {"seal": storage._seal(raw)}


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw["segments"][0].update(name="../elsewhere"),
        lambda raw: raw["segments"][0].update(name="data-x/../../elsewhere"),
        lambda raw: raw["segments"][0].update(name="/"),
        lambda raw: raw["catalog"].update(name=5),
        lambda raw: raw["catalog"].update(name=None),
        lambda raw: raw["segments"][0]["files"].update({"../outside.txt": [1, "0"]}),
        lambda raw: raw["segments"][0]["files"].update({"/etc/hostname": [1, "0"]}),
        lambda raw: raw["segments"][0]["files"].update({"a\0b": [1, "0"]}),
        lambda raw: raw["segments"][0]["files"].update({"..": [1, "0"]}),
        lambda raw: raw["segments"][0].update(files=[1]),
        lambda raw: raw.update(segments=5),
        lambda raw: raw.pop("dimension"),
        lambda raw: raw.update(colour="red"),
    ],
)
def test_a_manifest_that_is_not_ours_is_damaged(
    change: Callable[[dict[str, Any]], object], saved: Path
) -> None:
    (saved.parent / "outside.txt").write_text("x", encoding="utf-8")
    path = saved / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(reseal(raw)), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="build it again"):
        read_manifest(saved)


def test_a_changed_manifest_is_told_by_its_seal(saved: Path) -> None:
    path = saved / "manifest.json"
    path.write_text(path.read_text().replace('"documents": 1', '"documents": 2'))
    with pytest.raises(IndexDamaged, match=r"manifest\.json is not as it was written"):
        read_manifest(saved)


@pytest.mark.parametrize("name", FILES)
def test_of_a_large_index_only_sizes_of_large_files_are_checked_unless_asked(
    name: str, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = data_of(saved) / name
    monkeypatch.setattr(storage, "WHOLE_CHECK_BYTES", 10)
    monkeypatch.setattr(storage, "LARGE", {name})
    read_manifest(saved)
    flip(path)
    read_manifest(saved)
    monkeypatch.setattr(storage, "LARGE", {"another.npy"})
    with pytest.raises(IndexDamaged, match=f"{name} is not as it was written"):
        read_manifest(saved)
    with pytest.raises(IndexDamaged, match=f"{name} is not as it was written"):
        read_manifest(saved, whole=True)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=rf"{name} has \d+ bytes instead of"):
        read_manifest(saved)


def test_saving_again_replaces_everything(saved: Path) -> None:
    old = data_of(saved)
    write(saved, documents=7)
    assert read_manifest(saved).documents == 7
    assert not old.exists()
    assert len(list(saved.iterdir())) == 3


def test_work_under_way_leaves_the_whole_index_alone(saved: Path) -> None:
    old = data_of(saved)
    write(saved, documents=7, name=UNFINISHED)
    assert read_manifest(saved).documents == 1
    assert read_manifest(saved, UNFINISHED).documents == 7
    assert old.exists()
    write(saved, documents=8)
    assert read_manifest(saved).documents == 8
    assert len(list(saved.iterdir())) == 3


def test_an_index_that_was_never_finished_is_said_to_be_so(tmp_path: Path) -> None:
    write(tmp_path, name=UNFINISHED)
    with pytest.raises(IndexDamaged, match="never finished; run the same qa index again"):
        read_manifest(tmp_path)


def test_what_an_interrupted_save_left_is_replaced(saved: Path) -> None:
    (saved / "manifest.json").unlink()
    write(saved)
    assert len(list(saved.iterdir())) == 3
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
        write(tmp_path)
    assert contents(tmp_path) == {name: b"precious"}


def test_the_manifest_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data-files").mkdir()
    (tmp_path / "data-files" / "kept.txt").write_bytes(b"precious")
    (tmp_path / "manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(QAError, match="holds something else"):
        write(tmp_path)
    assert contents(tmp_path) == before


def test_other_files_beside_an_index_are_left_alone(saved: Path) -> None:
    (saved / "data-notes").mkdir()
    (saved / "data-notes" / "kept.txt").write_bytes(b"precious")
    write(saved)
    assert contents(saved)["data-notes/kept.txt"] == b"precious"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"precious")
    with pytest.raises(QAError, match=r"could not be saved in .*index .*Choose a folder"):
        write(tmp_path / "file" / "index")
    with pytest.raises(QAError, match="could not be saved"):
        write(tmp_path / "file")
    assert contents(tmp_path) == {"file": b"precious"}


def test_what_no_manifest_names_is_swept_away(saved: Path) -> None:
    before = contents(saved)
    PartWriter(saved).allocate("rows", (2, 3), np.float32)
    assert contents(saved) != before
    sweep(saved)
    assert contents(saved) == before
    read_manifest(saved)


def test_a_disk_without_room_is_an_error_and_no_crash(saved: Path) -> None:
    program = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from qa.errors import QAError
from qa.index import files, writing
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
try:
    with writing.tidying(Path({str(saved)!r})):
        files.PartWriter(Path({str(saved)!r})).allocate("rows", (2_000_000, 3), np.float32)
except QAError as error:
    print(error)
"""
    before = contents(saved)
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "could not be saved" in run.stdout
    assert "what was there before is unchanged" in run.stdout
    assert contents(saved) == before
