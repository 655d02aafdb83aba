"""The command line: what it prints where, and its exit codes."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.cli import main

ARTICLE = (
    "# 山中一日\n\n黄山的温泉水温常年保持在42度。\n\n## 交通\n\n从县城坐23路公交车可以到达山门。\n"
)
WATER = "黄山的温泉水温常年保持在42度。"
BUS = "从县城坐23路公交车可以到达山门。"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_cache(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, shared_model: None
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cli-cache"))
    monkeypatch.delenv("QA_MODEL", raising=False)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "山.md").write_text(ARTICLE, encoding="utf-8")
    return folder


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def json_lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def passages(answer: dict[str, object]) -> list[dict[str, object]]:
    found = answer["passages"]
    assert isinstance(found, list)
    return found


def test_ask_prints_the_passage(corpus: Path, capsys: Captured) -> None:
    assert main(["ask", "--corpus", str(corpus), "黄山的温泉水温是多少?"]) == 0
    captured = capsys.readouterr()
    assert WATER in captured.out
    assert "\x1b[" not in captured.out
    assert captured.err == ""


def test_ask_answers_from_the_article_by_default(capsys: Captured) -> None:
    assert main(["ask", "微乐贷的平均额度是多少?"]) == 0
    assert "平均额度达到6万以上" in capsys.readouterr().out


def test_ask_gives_json_a_line(corpus: Path, capsys: Captured) -> None:
    arguments = ["ask", "--corpus", str(corpus), "--json", "-k", "2"]
    assert main([*arguments, "黄山的温泉水温是多少?", "怎么坐公交车到达山门?"]) == 0
    captured = capsys.readouterr()
    first, second = json_lines(captured.out)
    assert first["question"] == first["asked"] == "黄山的温泉水温是多少?"
    assert first["answered"] is True
    assert len(passages(first)) == 2
    best = passages(first)[0]
    assert best["text"] == WATER
    assert best["source"] == "山.md"
    assert ARTICLE[slice(best["start"], best["end"])] == WATER
    assert best["highlight"] == [0, len(WATER)]
    assert passages(second)[0]["text"] == BUS
    assert passages(second)[0]["section"] == "交通"
    assert "黄山" in captured.out


def test_ask_reads_questions_from_input(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "黄山的温泉水温是多少?\r\n\n  怎么坐公交车?  \n".encode())
    assert main(["ask", "--corpus", str(corpus), "--json"]) == 0
    answers = json_lines(capsys.readouterr().out)
    assert [answer["asked"] for answer in answers] == ["黄山的温泉水温是多少?", "怎么坐公交车?"]


def test_input_in_another_encoding_is_an_error_that_says_so(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "黄山的温泉?\n".encode("gb18030"))
    assert main(["ask", "--corpus", str(corpus)]) == 1
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_question_with_broken_characters_is_answered(
    form: list[str], corpus: Path, capsys: Captured
) -> None:
    assert main(["ask", "--corpus", str(corpus), *form, "黄山\udce4的温泉水温?"]) == 0
    assert WATER in capsys.readouterr().out


def test_chat_keeps_the_conversation_and_survives_a_bad_question(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, f"黄山的温泉水温?\n{'长' * 2_001}\n它的交通呢?\n".encode())
    assert main(["chat", "--corpus", str(corpus), "--json"]) == 0
    captured = capsys.readouterr()
    first, second = json_lines(captured.out)
    assert first["question"] == "黄山的温泉水温?"
    assert second["question"] != second["asked"] == "它的交通呢?"
    assert "黄山的温泉水温" in str(second["question"])
    assert "2,001 characters" in captured.err


def test_an_index_is_made_and_asked(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    (corpus / "bad.pptx").write_bytes(b"PK")
    folder = str(tmp_path / "index")
    assert main(["index", str(corpus), "--to", folder]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"1 documents, 4 paragraphs in {folder}\n"
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
    assert "could not be written" in capsys.readouterr().err


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "--corpus", "absent", "问?"], "absent"),
        (["ask", "--index", "absent", "问?"], "absent is no saved index"),
        (["ask", "-k", "0", "问题?"], "k is 0"),
        (["ask", "长" * 2_001], "2,001 characters"),
        (["eval", "absent.jsonl"], "absent.jsonl cannot be read"),
        (["ask", "--model", "/absent/model", "问题?"], "there is no folder /absent/model"),
        (["serve", "--auth", "nobody"], "USER:PASSWORD"),
        (["serve", "--feedback", "absent/f.jsonl"], "feedback cannot be written to absent"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else " ".join(value[:2]),
)
def test_what_a_user_can_put_right_is_code_1_with_a_message(
    arguments: list[str],
    message: str,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("qa: ")
    assert message in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["ask", "-k", "many", "问?"],
        ["index", "a.txt"],
        ["eval"],
        ["ask", "--corpus", "a", "--index", "b", "问?"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: qa" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["ask", "chat", "index", "merge", "verify", "eval", "serve"])
def test_every_command_has_help(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: qa {command}" in capsys.readouterr().out


def test_a_reader_may_be_named_or_left_out(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["ask", "--corpus", str(corpus), "--reader", "nobody", "问题?"]) == 1
    assert "no reader 'nobody'" in capsys.readouterr().err
    monkeypatch.setenv("QA_READER", "none")
    assert main(["ask", "--corpus", str(corpus), "--json", "水是什么?"]) == 0
    assert json.loads(capsys.readouterr().out)["passages"][0]["answer"] is None


def test_the_model_may_be_named_in_the_environment(
    corpus: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_MODEL", "/absent/model")
    assert main(["ask", "--corpus", str(corpus), "问题?"]) == 1
    assert "/absent/model" in capsys.readouterr().err


def test_the_package_runs_as_a_program(corpus: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "PYTHONIOENCODING": "utf-8",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    run = subprocess.run(
        [sys.executable, "-m", "qa", "ask", "--corpus", str(corpus), "--json"],
        input="黄山的温泉水温是多少?\n",
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (answer,) = json_lines(run.stdout)
    assert passages(answer)[0]["text"] == WATER
    assert run.stderr == ""


# Indexes: shards, other engines, damage


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
    assert capsys.readouterr().out == f"1 documents, 4 paragraphs in {place}\n"
    asked = ["ask", "--index", place, "--collection", "hills", "--json", "黄山的温泉水温?"]
    assert main(asked) == 0
    (answer,) = json_lines(capsys.readouterr().out)
    assert passages(answer)[0]["text"] == WATER
    assert passages(answer)[0]["source"] == "山.md"


def test_a_wrong_shard_is_explained(corpus: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["index", str(corpus), "--to", str(tmp_path / "i"), "--shard", "3/2"]) == 1
    assert "expected for example 3/16" in capsys.readouterr().err
