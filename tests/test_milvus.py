"""What is special about Milvus: its rows, its errors, collections of others, old servers."""

import logging
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_segment import prepared

from qa import loaders
from qa.chatbot import Chatbot
from qa.errors import IndexMismatch, IndexUnavailable, QAError
from qa.index.content import prepare
from qa.index.local import LocalIndex
from qa.index.milvus import MilvusIndex, MilvusStore, sample
from qa.index.milvus.connection import Connection
from qa.index.milvus.rows import (
    document_rows,
    name_of,
    paragraph_number,
    paragraph_of,
    phrases,
    window_rows,
)
from qa.text import query_tokens
from support.models import CountingEmbedder, RememberingEmbedder

pytest.importorskip("pymilvus")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("大使馆招待会是哪天办的?", "大使馆招待会是 办的"),
        ("微乐贷的平均额度是多少?", "微乐贷的平均额度是"),
        ("新市民的新市场", "新市民的新 市场"),
        ("GPT 4 在12,000家公司", "gpt 4 在 12000 家公司"),
        ("贷", "贷"),
    ],
)
def test_search_tokens_become_text_that_another_tokenizer_can_split(
    question: str, text: str
) -> None:
    assert set(phrases(query_tokens(question)).split()) == set(text.split())


def test_no_tokens_are_no_text() -> None:
    assert phrases([]) == ""


def test_rows_hold_whole_paragraphs_with_names_of_their_own() -> None:
    document = prepared("丙")
    rows = list(window_rows(document, words=True))
    assert len(rows) == len(document.vectors)
    assert len({row["id"] for row in rows}) == len(rows)
    assert [paragraph_of(row) for row in rows] == [
        paragraph
        for paragraph, windows in zip(document.paragraphs, document.windows, strict=True)
        for _ in windows
    ]
    assert {row["digest"] for row in rows} == {document.digest}
    numbers = [row["number"] for row in rows]
    assert numbers == sorted(numbers)
    assert max(numbers) < 1 << 63
    assert "words" not in next(window_rows(document, words=False))


def test_a_paragraph_that_is_too_long_for_a_row_is_left_to_its_document() -> None:
    document = prepared("长", "很长" * 20_000)
    (row,) = list(window_rows(document, words=True))[:1]
    assert row["paragraph"] == ""
    assert paragraph_of(row) is None
    assert len(row["words"].encode()) <= 65_535
    rows = document_rows(document)
    assert len(rows) == rows[0]["parts"] > 1
    assert all(len(row["content"].encode()) <= 65_535 for row in rows)
    assert name_of(rows[0]) == "长"


@pytest.mark.parametrize("name", ["丁\ud83d", "戊'\"", "a\\b", "\u2028"])
def test_every_name_can_be_stored(name: str) -> None:
    (row,) = document_rows(prepared(name, "文字。"))
    assert name_of(row) == name
    for value in row.values():
        if isinstance(value, str):
            value.encode()


def test_numbers_follow_the_positions() -> None:
    key = "f" * 32
    assert paragraph_number(key, 1) == paragraph_number(key, 0) + 1
    assert paragraph_number(key, (1 << 19) - 1) == (1 << 63) - 1


def test_a_server_that_is_not_there_is_named_at_once(
    remembering: RememberingEmbedder,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with pytest.raises(IndexUnavailable, match=rf"{address} did not answer .*check the address"):
        MilvusIndex.open(address, remembering)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    manager = pytest.importorskip("milvus_lite.server_manager").server_manager_instance
    found = str(tmp_path / "index.db")
    request.addfinalizer(lambda: manager.release_server(found))
    return found


def test_a_collection_that_is_not_there_comes_with_the_command_that_makes_it(
    place: str, remembering: RememberingEmbedder
) -> None:
    with pytest.raises(IndexMismatch, match=r"no collection 'news' .*qa index FILE… --to .*news"):
        MilvusIndex.open(place, remembering, collection="news")


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "文章", "a" * 300])
def test_a_name_that_milvus_refuses_is_explained(
    name: str, place: str, remembering: RememberingEmbedder
) -> None:
    with pytest.raises(QAError, match=r"is no name of a collection; expected letters"):
        MilvusStore.open(place, remembering, collection=name)


def test_a_collection_of_another_program_is_refused_and_left_alone(
    place: str, remembering: RememberingEmbedder
) -> None:
    from pymilvus import MilvusClient

    # This waits for Milvus Lite to be there, which the client of its own does not.
    Connection(place).close()
    client = MilvusClient(place)
    for name in ("kept", "kept_documents"):
        client.create_collection(name, dimension=4)
    client.insert("kept", [{"id": 1, "vector": [1.0, 0.0, 0.0, 0.0]}])
    with pytest.raises(IndexMismatch, match="was not made by this program; give another name"):
        MilvusStore.open(place, remembering, collection="kept")
    with pytest.raises(IndexMismatch, match="was not made by this program"):
        MilvusIndex.open(place, remembering, collection="kept")
    assert client.query("kept", filter="id == 1", output_fields=["id"])


def test_words_find_what_is_not_near_in_meaning(
    place: str, remembering: RememberingEmbedder
) -> None:
    store = MilvusStore.open(place, remembering)
    near = [loaders.from_text(f"{place}", f"第{place}条河流的长度。") for place in range(9)]
    store.put(prepare([*near, prepared("甲").document], remembering))
    index = MilvusIndex.open(place, remembering)
    asked = remembering.encode_queries(["河流有多长?"])
    (found,) = index.candidates(asked, [query_tokens("百信银行的定位")], 2)
    assert "百信银行定位普惠金融。" in [index.paragraph(int(one)).text for one in found.numbers]
    best = int(np.argmax(found.lexical))
    assert found.lexical[best] > 0
    assert found.dense[best] == pytest.approx(
        float(asked[0] @ remembering.encode_documents(["甲\n百信银行定位普惠金融。"])[0]), abs=1e-4
    )


def test_with_a_sample_rare_words_are_looked_up_and_scores_stay_near(
    place: str, remembering: RememberingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"文{number}" for number in range(24)]
    documents = [loaders.from_text(name, f"{name}说的是第{name}号工程。") for name in names]
    documents.append(loaders.from_text("湖", "松花湖的冰面很厚。"))
    store = MilvusStore.open(place, remembering)
    store.put(prepare(documents, remembering))
    monkeypatch.setattr(sample, "_SAMPLED", 12)
    index = MilvusIndex.open(place, remembering)
    assert len(index) == 25
    assert not index._sample.statistics().exact
    assert "松花" not in index._sample.statistics().counts
    found = index.document_frequencies(["松花", "无此", "工程", "松花"]).tolist()
    assert found[:2] == [1, 0]
    assert 15 <= found[2] <= 25
    assert found[3] == 1
    question = "松花湖的冰面厚吗?"
    (candidates,) = index.candidates(
        remembering.encode_queries([question]), [query_tokens(question)], 5
    )
    best = int(candidates.numbers[int(np.argmax(candidates.lexical))])
    assert index.paragraph(best).document_id == "湖"
    exact = LocalIndex.build(documents, remembering)
    (whole,) = exact.candidates(remembering.encode_queries([question]), [query_tokens(question)], 5)
    assert candidates.lexical.max() == pytest.approx(whole.lexical.max(), rel=0.5)
    assert candidates.dense_mean == pytest.approx(whole.dense_mean, abs=0.1)


def test_saving_a_chatbot_on_milvus_says_where_it_is_saved(
    place: str, remembering: RememberingEmbedder, tmp_path: Path, shared_model: None
) -> None:
    store = MilvusStore.open(place, remembering)
    store.put(prepare([prepared("甲").document], remembering))
    bot = Chatbot.open(place)
    assert bot.ask("微乐贷的平均额度是多少?").passages[0].paragraph.document_id == "甲"
    with pytest.raises(QAError, match=r"saved there; open it with Chatbot\.open"):
        bot.save(tmp_path / "folder")


def test_without_the_package_the_command_that_installs_it_is_given(tmp_path: Path) -> None:
    program = f"""
import sys
sys.modules["pymilvus"] = None
from qa import loaders
from qa.chatbot import Chatbot
from qa.errors import MissingExtra
try:
    Chatbot.open({str(tmp_path / "a.db")!r})
except MissingExtra as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert "pip install 'article-qa[milvus]'" in run.stdout


@pytest.mark.cluster
def test_an_old_server_is_said_to_search_by_meaning_alone(
    milvus_server: str,
    remembering: RememberingEmbedder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    MilvusStore.open(milvus_server, remembering, collection="old").close()
    with caplog.at_level(logging.WARNING, "qa"):
        index = MilvusIndex.open(milvus_server, remembering, collection="old")
    assert not index.matches_words
    assert "2.3.5" in caplog.text
    assert "2.5 or later" in caplog.text


def test_what_is_stored_unchanged_is_not_embedded_again(
    place: str, remembering: RememberingEmbedder
) -> None:
    counting = CountingEmbedder(remembering)
    texts = {"甲": "灯塔高三十二米。\n\n船长叫周海平。", "乙": "山路长九里。"}
    stored = [loaders.from_text(name, text) for name, text in texts.items()]
    store = MilvusStore.open(place, counting)
    store.put(prepare(stored, counting))
    store.finish([one.id for one in stored], lambda _: True)
    index = MilvusIndex.open(place, counting)
    counting.embedded.clear()
    fresh = loaders.from_text("丙", "渡口每天六点开船。")
    rebuilt = index.rebuilt([stored[0], fresh], counting)
    assert not any("灯塔" in text for text in counting.embedded)
    whole = LocalIndex.build([stored[0], fresh], remembering)
    vectors = remembering.encode_queries(["灯塔有多高?"])
    (found,), (wanted,) = (
        one.candidates(vectors, [query_tokens("灯塔有多高?")], 10) for one in (rebuilt, whole)
    )
    assert found.numbers.tolist() == wanted.numbers.tolist()
    assert found.dense == pytest.approx(wanted.dense, abs=1e-5)
    store.close()
