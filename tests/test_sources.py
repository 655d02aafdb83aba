"""Articles one after another: from files, folders and JSON lines, whole or in shards."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from qa import loaders
from qa.errors import PartlyRead, QAError
from qa.loaders.stream import Arrival, Shard, read, total_bytes
from qa.types import Document

ALL = Shard()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "子").mkdir()
    for name in ("甲.txt", "乙.md", "子/丙.txt"):
        (tmp_path / name).write_text(f"这是{name}的文字。", encoding="utf-8")
    return tmp_path


def documents(arrivals: Sequence[Arrival]) -> list[Document]:
    return [one.document for one in arrivals if one.document is not None]


def write_lines(path: Path, lines: Sequence[object]) -> None:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")


def test_a_folder_is_read_as_the_loaders_read_it(folder: Path) -> None:
    assert tuple(documents(list(read([folder], ALL)))) == loaders.load_paths([folder]).documents


def test_every_line_of_a_json_lines_file_is_an_article(folder: Path) -> None:
    path = folder / "新闻.jsonl"
    write_lines(
        path,
        [
            {"text": "第一篇说的是黄山。"},
            {"id": "b-2", "title": "题目", "source": "日报", "正文": "第二篇。", "x": 1},
            "",
            {"id": "b-2", "text": "同一个编号的另一篇。"},
        ],
    )
    found = documents(list(read([path], ALL)))
    assert [one.id for one in found] == ["新闻.jsonl#1", "新闻.jsonl#b-2", "新闻.jsonl#b-2 (2)"]
    assert tuple(found) == loaders.load_paths([path]).documents


def test_lines_in_another_encoding_are_read_as_the_loaders_read_them(tmp_path: Path) -> None:
    path = tmp_path / "旧.jsonl"
    line = json.dumps({"text": "黄山的温泉水温常年保持在四十二度。"}, ensure_ascii=False)
    path.write_bytes(f"{line}\n".encode("gb18030"))
    found = documents(list(read([path], ALL)))
    assert [one.text for one in found] == ["黄山的温泉水温常年保持在四十二度。"]


def test_lines_that_are_no_articles_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bad = ["{", {"title": "没有文字"}, [1], {"text": " "}]
    write_lines(path, [*bad, '{"text": "好。"}'])
    with path.open("ab") as file:
        file.write(b'{"text": "\xff"}\n')
    arrivals = list(read([path], ALL))
    problems = [str(one.problem) for one in arrivals if one.problem is not None]
    assert [text.split(": ")[1] for text in problems] == [
        f"line {line}" for line in (1, 2, 3, 4, 6)
    ]
    assert "no JSON" in problems[0]
    assert all("expected a field such as text" in text for text in problems[1:4])
    assert "not UTF-8" in problems[4]
    assert [one.text for one in documents(arrivals)] == ["好。"]


def test_a_bad_line_is_a_part_that_is_missing_in_both_ways_of_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_lines(
        path, [*({"text": f"第{place}篇。"} for place in range(5)), "{", {"text": "末篇。"}]
    )
    arrivals, loaded = list(read([path], ALL)), loaders.load_paths([path])
    assert tuple(documents(arrivals)) == loaded.documents
    told = [one.problem for one in arrivals if one.problem is not None]
    assert [str(one) for one in told] == [str(one) for one in loaded.problems]
    assert [type(one) for one in (*told, *loaded.problems)] == [PartlyRead, PartlyRead]
    assert "line 6: it is no JSON" in str(told[0])


def test_lines_are_decoded_the_same_in_both_ways_whatever_the_first_one_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "旧.jsonl"
    lines = ['{"text": "plain words"}', '{"text": "黄山的温泉水温常年保持在四十二度。"}']
    path.write_bytes("\n".join(lines).encode("gb18030"))
    arrivals, loaded = list(read([path], ALL)), loaders.load_paths([path])
    assert tuple(documents(arrivals)) == loaded.documents
    assert len(loaded.documents) == len(arrivals) == 2


def test_lines_that_may_not_be_read_are_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "新闻.jsonl"
    write_lines(path, [{"text": "第一篇。"}])
    really_open = Path.open

    def refuse(self: Path, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if self == path:
            raise PermissionError(13, "Permission denied")
        return really_open(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    arrivals = list(read([folder], ALL))
    (problem,) = (one.problem for one in arrivals if one.problem is not None)
    assert str(problem) == "新闻.jsonl: cannot be opened (Permission denied)"
    assert len(documents(arrivals)) == 3


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "坏.pptx").write_bytes(b"PK")
    arrivals = list(read([folder, folder / "absent.txt"], ALL))
    assert [str(one.problem).split(":")[0] for one in arrivals if one.problem] == [
        "坏.pptx",
        str(folder / "absent.txt"),
    ]
    assert len(documents(arrivals)) == 3


def test_the_bytes_read_grow_to_the_total(folder: Path) -> None:
    write_lines(folder / "新闻.jsonl", [{"text": f"第{place}篇。"} for place in range(9)])
    seen = [one.bytes_read for one in read([folder], ALL)]
    assert seen == sorted(seen)
    assert seen[-1] <= total_bytes([folder])
    assert seen[-1] > 0.5 * total_bytes([folder])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_shards_are_a_partition(count: int, folder: Path, tmp_path: Path) -> None:
    write_lines(folder / "新闻.jsonl", [{"text": f"第{place}篇。"} for place in range(40)])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "甲.txt").write_text("同名的另一个文件。", encoding="utf-8")
    paths = [folder / "甲.txt", tmp_path / "other" / "甲.txt", folder / "新闻.jsonl", folder / "子"]
    whole = documents(list(read(paths, ALL)))
    assert [one.id for one in whole][:2] == ["甲.txt", "甲.txt (2)"]
    parts = [documents(list(read(paths, Shard(number, count)))) for number in range(1, count + 1)]
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in whole)
    assert {one.id: one for part in parts for one in part} == {one.id: one for one in whole}
    if count == 2:
        assert all(len(part) > 10 for part in parts)


def test_a_shard_is_written_as_a_fraction() -> None:
    assert Shard.parse("3/16") == Shard(3, 16)
    for text in ("0/4", "5/4", "1", "a/b", "1/0", "", "-1/2", "1/2/3"):
        with pytest.raises(QAError, match="expected for example 3/16"):
            Shard.parse(text)
