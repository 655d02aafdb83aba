"""The command that measures: figures, misses, comparison, picture."""

import json
from pathlib import Path

import pytest

from qa.cli import main
from support.terminal import WATER, Captured

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def labels(corpus: Path) -> Path:
    path = corpus / "labels.jsonl"
    rows = [
        {
            "question": "黄山的温泉水温是多少?",
            "source": "山.md",
            "evidence": ["保持在42度"],
            "answer": "42度",
            "kind": "fact",
        },
        {"question": "怎么坐公交车到达山门?", "source": "山.md", "evidence": ["坐23路公交车"]},
    ]
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    return path


def test_eval_prints_figures(labels: Path, corpus: Path, capsys: Captured) -> None:
    assert main(["eval", str(labels), "--corpus", str(corpus / "山.md")]) == 0
    header, everything, fact = capsys.readouterr().out.splitlines()[:3]
    assert header.split()[:5] == ["kind", "asked", "answerable", "hit@1", "hit@3"]
    assert everything.split()[:5] == ["all", "2", "2", "1.000", "1.000"]
    assert fact.split()[:5] == ["fact", "1", "1", "1.000", "1.000"]


def test_eval_finds_the_articles_beside_the_labels_and_gives_json(
    labels: Path, capsys: Captured
) -> None:
    assert main(["eval", str(labels), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["figures"]["all"]["questions"] == 2
    assert report["figures"]["fact"]["hit_at_1"] == 1.0
    assert isinstance(report["misses"], list)


def test_eval_gives_json_that_every_reader_takes(labels: Path, capsys: Captured) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    assert main(["eval", str(labels), "--json"]) == 0
    json.loads(capsys.readouterr().out, parse_constant=refuse)


def test_eval_compares_rankings_and_draws(labels: Path, tmp_path: Path, capsys: Captured) -> None:
    picture = tmp_path / "picture.png"
    assert main(["eval", str(labels), "--compare", "--picture", str(picture)]) == 0
    output = capsys.readouterr().out
    for name in ("dense", "lexical", "fused", "as answered"):
        assert f"\n{name} " in output
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["eval", str(labels), "--compare", "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)["comparison"]
    assert [(one["name"], one["questions"]) for one in compared] == [
        ("dense", 2),
        ("lexical", 2),
        ("fused", 2),
        ("as answered", 2),
    ]


def test_a_picture_that_cannot_be_written_is_an_error_that_says_so(
    labels: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["eval", str(labels), "--picture", str(tmp_path / "absent" / "a.png")]) == 1
    captured = capsys.readouterr()
    assert "could not be written" in captured.err
    assert captured.out.startswith("kind ")


@pytest.mark.parametrize("place", [".", "下"])
@pytest.mark.parametrize("corpus_is_given", [True, False], ids=["given", "beside"])
def test_the_labels_are_no_article_wherever_they_lie(
    place: str,
    corpus_is_given: bool,
    labels: Path,
    capsys: Captured,
) -> None:
    folder = labels.parent / place
    folder.mkdir(exist_ok=True)
    file = labels.rename(folder / "测试集.jsonl")
    if place != "." and not corpus_is_given:
        (labels.parent / "山.md").rename(folder / "山.md")
    given = ["--corpus", str(labels.parent)] if corpus_is_given else []
    # Twice: the second time the index is kept already.
    for _ in range(2):
        assert main(["eval", str(file), *given, "--json"]) == 0
        figures = json.loads(capsys.readouterr().out)["figures"]["all"]
        assert figures["hit_at_1"] == 1.0


def test_the_evidence_may_be_in_any_record_of_a_file(corpus: Path, capsys: Captured) -> None:
    rows = [{"text": f"第{place}座桥建于190{place}年。"} for place in range(3)]
    (corpus / "桥.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    label = {
        "question": "第1座桥建于哪年?",
        "source": "桥.jsonl",
        "evidence": ["第1座桥建于1901年"],
    }
    file = corpus / "labels.jsonl"
    file.write_text(json.dumps(label), encoding="utf-8")
    assert main(["eval", str(file), "--compare", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]["all"]["hit_at_1"] == 1.0
    file.write_text(json.dumps(label | {"evidence": ["第3座桥"]}), encoding="utf-8")
    assert main(["eval", str(file)]) == 1
    assert "is not in 桥.jsonl" in capsys.readouterr().err


def test_as_many_misses_are_listed_as_wanted(labels: Path, capsys: Captured) -> None:
    row = {"question": "黄山的温泉水温是多少?", "source": "山.md", "evidence": []}
    labels.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert main(["eval", str(labels), "--misses", "0"]) == 0
    assert "miss: " not in capsys.readouterr().out
    assert main(["eval", str(labels), "--misses", "1", "--json"]) == 0
    (miss,) = json.loads(capsys.readouterr().out)["misses"]
    assert miss["wanted"] == {"evidence": [], "answers": []}
    with pytest.raises(SystemExit):
        main(["eval", str(labels), "--misses", "-1"])


def test_eval_lists_the_misses(labels: Path, corpus: Path, capsys: Captured) -> None:
    row = {"question": "黄山的温泉水温是多少?", "source": "山.md", "evidence": []}
    labels.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert main(["eval", str(labels), "--corpus", str(corpus / "山.md")]) == 0
    output = capsys.readouterr().out
    assert "miss: 黄山的温泉水温是多少?\n  wanted (refusal)\n" in output
    assert WATER in output
