"""Zip archives: names, bounds, broken and hostile ones; nothing is written to disk."""

import io
import zipfile
from pathlib import Path

import pytest

from qa import loaders
from qa.errors import DocumentError, UnsupportedFormat
from qa.loaders import packed
from qa.loaders.limits import MAX_MEMBERS, MAX_UNPACKED_BYTES

TEXT = "渡口的木船每天早上六点开出第一班。"


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def test_files_go_by_their_path_in_the_archive(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip",
        {
            "文章/一.txt": TEXT.encode(),
            "二.md": TEXT.encode("gb18030"),
            "__MACOSX/._一.txt": b"\0\1",
            ".hidden.txt": TEXT.encode(),
            "空/": b"",
        },
    )
    loaded = loaders.load_paths([path])
    assert loaded.problems == ()
    assert [one.id for one in loaded.documents] == ["a.zip/二.md", "a.zip/文章/一.txt"]


def test_names_in_gb18030_without_a_mark(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"AAAA.txt": TEXT.encode()})
    path.write_bytes(path.read_bytes().replace(b"AAAA", "渡口".encode("gb18030")))
    assert [one.id for one in loaders.load_paths([path]).documents] == ["a.zip/渡口.txt"]


def test_files_that_cannot_be_read_are_named_and_the_others_loaded(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.txt": TEXT.encode()}).read_bytes()
    (tmp_path / "inner.zip").unlink()
    archive(
        tmp_path / "a.zip",
        {"good.txt": TEXT.encode(), "empty.txt": b"", "inner.zip": inner, "film.mp4": b"x"},
    )
    loaded = loaders.load_paths([tmp_path])
    assert [one.id for one in loaded.documents] == ["a.zip/good.txt"]
    assert [problem.source for problem in loaded.problems] == [
        "a.zip/empty.txt",
        "a.zip/film.mp4",
        "a.zip/inner.zip",
    ]
    assert isinstance(loaded.problems[1], UnsupportedFormat)
    assert "inside an archive" in str(loaded.problems[2])


@pytest.mark.parametrize("name", ["../../outside.txt", "/etc/outside.txt", "a/../../outside.txt"])
def test_a_path_out_of_the_archive_is_only_a_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = archive(tmp_path / "in" / "a.zip", {name: TEXT.encode()})
    (document,) = loaders.load_paths([path]).documents
    assert ".." not in document.id
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_a_file_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(zipfile.ZipInfo(""), TEXT)
        made.writestr("b.txt", TEXT)
    assert [one.id for one in loaders.load_paths([path]).documents] == ["a.zip/b.txt"]


def test_an_encrypted_file_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": TEXT.encode()})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    (problem,) = loaders.load_paths([path]).problems
    assert str(problem) == "a.zip/a.txt: it is encrypted; save it without a password"


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(5):
            with bomb.open(f"{number}.txt", "w", force_zip64=True) as member:
                for _ in range(MAX_UNPACKED_BYTES // 4 // 2**20):
                    member.write(bytes(2**20))
    assert len(made.getvalue()) < 2 * 2**20
    with pytest.raises(DocumentError, match=r"unpacked it has 250 MB, at most 200 MB"):
        packed.open_packed(made.getvalue(), "bomb.zip", ".zip")


def test_a_size_that_is_a_lie_does_not_read_more(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": TEXT.encode() * 10_000})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 24 : data.index(b"PK\1\2") + 28] = (50).to_bytes(4, "little")
    path.write_bytes(data)
    (problem,) = loaders.load_paths([path]).problems
    assert "broken" in str(problem)


def test_more_files_than_are_read(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as many:
        for number in range(MAX_MEMBERS + 1):
            many.writestr(str(number), b"")
    with pytest.raises(DocumentError, match=r"holds 10,001 files, at most 10,000"):
        packed.open_packed(made.getvalue(), "many.zip", ".zip")


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), b"text"])
def test_what_is_no_archive_is_named_or_empty(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    loaded = loaders.load_paths([tmp_path])
    assert loaded.documents == ()
    assert all("no whole .zip file" in str(problem) for problem in loaded.problems)
