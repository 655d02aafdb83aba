"""Commands that make indexes: shards, other engines, damage."""

from pathlib import Path

import pytest

from qa.cli import main
from support.terminal import WATER, Captured, json_lines, passages

pytestmark = pytest.mark.usefixtures("own_cache")


def test_an_index_is_made_and_asked(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    (corpus / "bad.pptx").write_bytes(b"PK")
    folder = str(tmp_path / "index")
    assert main(["index", str(corpus), "--to", folder]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"added 1: 山.md\n1 documents, 4 paragraphs in {folder}\n"
    assert "qa: not read: bad.pptx: " in captured.err
    assert main(["ask", "--index", folder, "--json", "黄山的温泉水温?"]) == 0
    (answer,) = json_lines(capsys.readouterr().out)
    assert passages(answer)[0]["text"] == WATER


def test_an_index_of_another_format_is_refused(
    corpus: Path, tmp_path: Path, capsys: Captured
) -> None:
    folder = tmp_path / "index"
    assert main(["index", str(corpus), "--to", str(folder)]) == 0
    (folder / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    capsys.readouterr()
    assert main(["ask", "--index", str(folder), "问?"]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("qa: ")
    assert "format 99" in captured.err
    assert captured.out == ""


def test_shards_are_merged_verified_and_asked(
    corpus: Path, tmp_path: Path, capsys: Captured
) -> None:
    for place in range(6):
        (corpus / f"{place}.txt").write_text(
            f"第{place}号工程花了{place + 7}天。", encoding="utf-8"
        )
    parts = [str(tmp_path / f"part-{number}") for number in (1, 2)]
    for number, part in enumerate(parts, start=1):
        assert main(["index", str(corpus), "--to", part, "--shard", f"{number}/2"]) == 0
    whole = str(tmp_path / "whole")
    assert main(["merge", *parts, "--to", whole]) == 0
    assert capsys.readouterr().out.endswith(f"7 documents in {whole}\n")
    assert main(["verify", whole]) == 0
    assert "7 documents" in capsys.readouterr().out
    assert main(["ask", "--index", whole, "--json", "第4号工程花了几天?"]) == 0
    (answer,) = json_lines(capsys.readouterr().out)
    assert passages(answer)[0]["text"] == "第4号工程花了11天。"


def test_of_different_articles_of_one_name_the_one_left_out_is_told(
    tmp_path: Path, capsys: Captured
) -> None:
    for place in "12":
        articles = tmp_path / f"articles-{place}"
        articles.mkdir()
        (articles / "通知.txt").write_text(f"第{place}号通知。", encoding="utf-8")
        (articles / "同.txt").write_text("两处相同。", encoding="utf-8")
        assert main(["index", str(articles), "--to", str(tmp_path / place)]) == 0
    capsys.readouterr()
    parts = [str(tmp_path / place) for place in "12"]
    assert main(["merge", *parts, "--to", str(tmp_path / "whole")]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"2 documents in {tmp_path / 'whole'}\n"
    assert captured.err.startswith("qa: of 1 ids several folders have different documents")
    assert captured.err.endswith(": 通知.txt\n")


def test_vectors_are_kept_as_asked(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    folder, merged = tmp_path / "index", tmp_path / "merged"
    assert main(["index", str(corpus), "--to", str(folder), "--vectors", "int8"]) == 0
    assert len(list(folder.rglob("codes.npy"))) == 1
    assert main(["verify", str(folder)]) == 0
    capsys.readouterr()
    assert main(["ask", "--index", str(folder), "--reader", "none", "微乐贷的额度?"]) == 0
    small = capsys.readouterr().out
    assert main(["merge", str(folder), "--to", str(merged), "--vectors", "float32"]) == 0
    assert not list(merged.rglob("codes.npy"))
    capsys.readouterr()
    assert main(["ask", "--index", str(merged), "--reader", "none", "微乐贷的额度?"]) == 0
    assert capsys.readouterr().out == small
    milvus = ["--to", str(tmp_path / "i.db"), "--vectors", "int8"]
    assert main(["index", str(corpus), *milvus]) == 1
    assert "keeps vectors in Milvus' own way" in capsys.readouterr().err


def test_a_damaged_index_is_told_by_verify(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "index"
    assert main(["index", str(corpus), "--to", str(folder)]) == 0
    (vectors,) = folder.glob("data-*/embeddings.npy")
    held = vectors.read_bytes()
    vectors.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    assert main(["verify", str(folder)]) == 1
    assert "embeddings.npy is not as it was written" in capsys.readouterr().err


def test_milvus_lite_is_filled_and_asked(
    corpus: Path, tmp_path: Path, capsys: Captured, request: pytest.FixtureRequest
) -> None:
    manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
    place = str(tmp_path / "articles.db")
    request.addfinalizer(lambda: manager.release_server(place))
    assert main(["index", str(corpus), "--to", place, "--collection", "hills"]) == 0
    assert capsys.readouterr().out == f"added 1: 山.md\n1 documents, 4 paragraphs in {place}\n"
    asked = ["ask", "--index", place, "--collection", "hills", "--json", "黄山的温泉水温?"]
    assert main(asked) == 0
    (answer,) = json_lines(capsys.readouterr().out)
    assert passages(answer)[0]["text"] == WATER
    assert passages(answer)[0]["source"] == "山.md"


@pytest.mark.parametrize("engine", ["index", "index.db"])
def test_what_was_done_is_told(
    corpus: Path, tmp_path: Path, capsys: Captured, request: pytest.FixtureRequest, engine: str
) -> None:
    place = str(tmp_path / engine)
    if engine.endswith(".db"):
        manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
        request.addfinalizer(lambda: manager.release_server(place))

    def told() -> list[str]:
        assert main(["index", str(corpus), "--to", place]) == 0
        return capsys.readouterr().out.splitlines()[:-1]

    for number in range(7):
        (corpus / f"{number}.txt").write_text(f"第{number}号工程开工了。", encoding="utf-8")
    assert told() == ["added 8: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more"]
    assert told() == ["unchanged 8"]
    (corpus / "3.txt").write_text("第3号工程停工了。", encoding="utf-8")
    (corpus / "5.txt").unlink()
    (corpus / "新.txt").write_text("新的工程开工了。", encoding="utf-8")
    assert told() == ["added 1: 新.txt", "changed 1: 3.txt", "dropped 1: 5.txt", "unchanged 6"]
    for number in (0, 1, 2, 3, 4, 6):
        (corpus / f"{number}.txt").unlink()
    assert told() == [
        "dropped 6: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 1 more",
        "unchanged 2",
    ]


def test_a_wrong_shard_is_explained(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["index", str(corpus), "--to", str(tmp_path / "i"), "--shard", "3/2"]) == 1
    assert "expected for example 3/16" in capsys.readouterr().err
