"""The embedded index: exact search, unchanged after a round trip, embedded only once."""

from pathlib import Path

import numpy as np
import pytest

from qa import loaders
from qa.errors import IndexDamaged
from qa.index import storage
from qa.index.local import LocalIndex
from qa.loaders.split import search_context, split
from qa.retrieval.fusion import rank
from qa.text import query_tokens, tokens
from qa.types import Document, Floats
from support.models import CountingEmbedder, RememberingEmbedder

QUESTIONS = ["何为新市民?", "微乐贷的平均额度是多少?", "百信银行", "completely unrelated"]
LONG = "".join(f"第{place}批新市民在城镇常住,机构提供服务。" for place in range(40))


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [
        loaders.from_text("甲", "微乐贷平均额度达到6万。\n百信银行定位普惠金融。"),
        loaders.from_text("乙", "新市民是指来到城镇常住的群体。\n" + LONG),
        loaders.from_text("丙", "Weather is fine today.\n新市民有3亿人。\n微乐贷很好。"),
    ]


@pytest.fixture(scope="module")
def index(documents: list[Document], remembering: RememberingEmbedder) -> LocalIndex:
    return LocalIndex.build(documents, remembering)


@pytest.fixture(scope="module")
def brute_force(
    documents: list[Document], remembering: RememberingEmbedder
) -> tuple[Floats, Floats]:
    """Cosines ``(n_questions, n_paragraphs)`` of the best window, and BM25 scores of the same."""
    paragraphs = [paragraph for document in documents for paragraph in split(document)]
    vectors = remembering.encode_queries(QUESTIONS)
    columns = [
        (
            vectors
            @ remembering.encode_documents(remembering.windows(one.text, search_context(one))).T
        ).max(axis=1)
        for one in paragraphs
    ]
    texts = [tokens(f"{search_context(one)}\n{one.text}") for one in paragraphs]
    average = np.mean([len(text) for text in texts])
    lexical = np.zeros((len(QUESTIONS), len(texts)))
    for row, question in enumerate(QUESTIONS):
        for token in query_tokens(question):
            holding = sum(token in text for text in texts)
            idf = np.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            for column, text in enumerate(texts):
                count = text.count(token)
                lexical[row, column] += (
                    idf * count / (count + 1.5 * (0.25 + 0.75 * len(text) / average))
                )
    return np.stack(columns, axis=1), lexical.astype(np.float32)


def test_candidates_are_exact(
    index: LocalIndex,
    remembering: RememberingEmbedder,
    brute_force: tuple[Floats, Floats],
) -> None:
    found = index.candidates(
        remembering.encode_queries(QUESTIONS), [query_tokens(one) for one in QUESTIONS], 100
    )
    for row, candidates in enumerate(found):
        assert candidates.numbers.tolist() == list(range(len(index)))
        assert candidates.dense == pytest.approx(brute_force[0][row], abs=1e-4)
        assert candidates.lexical == pytest.approx(brute_force[1][row], abs=1e-4)
        assert candidates.dense_mean == pytest.approx(brute_force[0][row].mean(), abs=1e-4)
        assert candidates.dense_deviation == pytest.approx(brute_force[0][row].std(), abs=1e-4)


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_a_limit_takes_the_best_of_both_searches(
    limit: int, index: LocalIndex, remembering: RememberingEmbedder
) -> None:
    vectors = remembering.encode_queries(QUESTIONS)
    queries = [query_tokens(one) for one in QUESTIONS]
    for whole, limited in zip(
        index.candidates(vectors, queries, 100),
        index.candidates(vectors, queries, limit),
        strict=True,
    ):
        best = set(np.argsort(-whole.dense, kind="stable")[:limit].tolist())
        with_words = int(np.count_nonzero(whole.lexical))
        best |= set(np.argsort(-whole.lexical, kind="stable")[: min(limit, with_words)].tolist())
        assert best <= set(limited.numbers.tolist())
        assert len(limited.numbers) <= 2 * limit
        assert limited.numbers.tolist() == sorted(limited.numbers.tolist())
        assert limited.dense.tolist() == whole.dense[limited.numbers].tolist()
        assert limited.lexical.tolist() == whole.lexical[limited.numbers].tolist()
        assert limited.dense_mean == whole.dense_mean


def test_the_ranking_is_a_brute_force_sort(
    index: LocalIndex,
    remembering: RememberingEmbedder,
    brute_force: tuple[Floats, Floats],
) -> None:
    found = index.candidates(
        remembering.encode_queries(QUESTIONS), [query_tokens(one) for one in QUESTIONS], 100
    )
    for row, candidates in enumerate(found):
        scores = brute_force[1][row] + 100 * (brute_force[0][row] - brute_force[0][row].mean())
        expected = np.argsort(-scores, kind="stable")[:4].tolist()
        assert [hit.number for hit in rank(candidates, 100.0, 4)] == expected


def test_equal_paragraphs_come_in_their_order_however_many(
    remembering: RememberingEmbedder,
) -> None:
    text = "\n".join(["一个题目", *["微乐贷的额度是6万。"] * 110])
    index = LocalIndex.build([loaders.from_text("同", text)], remembering)
    question = "微乐贷的额度是多少?"
    vectors = remembering.encode_queries([question])
    (candidates,) = index.candidates(vectors, [query_tokens(question)], 100)
    assert [hit.number for hit in rank(candidates, 100.0, 3)] == [1, 2, 3]


def test_paragraphs_and_documents_come_back(index: LocalIndex, documents: list[Document]) -> None:
    assert index.document_ids() == ["甲", "乙", "丙"]
    assert [index.document(name) for name in "甲乙丙"] == documents
    paragraphs = [paragraph for document in documents for paragraph in split(document)]
    assert [index.paragraph(number) for number in range(len(index))] == paragraphs
    with pytest.raises(KeyError, match="丁"):
        index.document("丁")


def test_document_frequencies(index: LocalIndex) -> None:
    found = index.document_frequencies(["微乐贷", "百信", "weather", "无此"])
    assert found.tolist() == [0, 1, 1, 0]


def assert_same_answers(
    one: LocalIndex, other: LocalIndex, remembering: RememberingEmbedder
) -> None:
    vectors = remembering.encode_queries(QUESTIONS)
    queries = [query_tokens(question) for question in QUESTIONS]
    for limit in (2, 100):
        for left, right in zip(
            one.candidates(vectors, queries, limit),
            other.candidates(vectors, queries, limit),
            strict=True,
        ):
            for name in ("numbers", "dense", "lexical", "dense_mean", "dense_deviation"):
                assert np.array_equal(getattr(left, name), getattr(right, name))
    assert len(one) == len(other)
    numbers = range(len(one))
    assert list(map(one.paragraph, numbers)) == list(map(other.paragraph, numbers))
    assert [one.document(name) for name in one.document_ids()] == [
        other.document(name) for name in other.document_ids()
    ]


def test_a_saved_index_opens_with_identical_answers(
    index: LocalIndex, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    index.save(tmp_path / "index")
    opened = LocalIndex.open(tmp_path / "index", remembering)
    assert_same_answers(index, opened, remembering)
    opened.save(tmp_path / "again")
    assert_same_answers(index, LocalIndex.open(tmp_path / "again", remembering), remembering)


def test_an_index_can_be_saved_over_itself(
    index: LocalIndex, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    index.save(tmp_path)
    opened = LocalIndex.open(tmp_path, remembering)
    opened.save(tmp_path)
    assert_same_answers(index, opened, remembering)
    assert_same_answers(index, LocalIndex.open(tmp_path, remembering), remembering)


def test_odd_characters_survive_saving(remembering: RememberingEmbedder, tmp_path: Path) -> None:
    document = loaders.from_text("名'\"/<b>", "新\0市民😀\u2028和𠮷野家。")
    LocalIndex.build([document], remembering).save(tmp_path)
    assert LocalIndex.open(tmp_path, remembering).document("名'\"/<b>") == document


def test_arrays_are_mapped_and_hold_no_pickles(
    index: LocalIndex, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    index.save(tmp_path)
    opened = LocalIndex.open(tmp_path, remembering)
    (segment,) = opened.segments
    assert isinstance(segment.embeddings, np.memmap)
    assert isinstance(segment.postings.counts, np.memmap)
    assert not segment.embeddings.flags.writeable
    saved = sorted(tmp_path.rglob("*.npy"))
    assert len(saved) == 14
    for path in saved:
        assert np.load(path, allow_pickle=False).dtype.hasobject is False


def test_unchanged_documents_are_not_embedded_again(
    documents: list[Document], remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    counting = CountingEmbedder(remembering)
    first = LocalIndex.build(documents, counting)
    assert len(counting.embedded) == len(first.segments[0].embeddings)
    first.save(tmp_path)
    changed = [
        documents[2],
        loaders.from_text("新", "这是全新的一段。"),
        loaders.from_text("甲", "微乐贷平均额度达到7万。\n百信银行定位普惠金融。"),
        documents[1],
    ]
    counting.embedded.clear()
    second = LocalIndex.build(changed, counting, previous=LocalIndex.open(tmp_path, counting))
    assert [text.splitlines()[-1] for text in counting.embedded] == [
        "这是全新的一段。",
        "微乐贷平均额度达到7万。",
        "百信银行定位普惠金融。",
    ]
    fresh = LocalIndex.build(changed, counting)
    assert second.segments[0].embeddings == pytest.approx(fresh.segments[0].embeddings, abs=1e-4)
    assert second.document_ids() == fresh.document_ids()
    counting.embedded.clear()
    LocalIndex.build(changed, counting, previous=second)
    assert counting.embedded == []


@pytest.fixture(scope="module")
def small(documents: list[Document], remembering: RememberingEmbedder) -> LocalIndex:
    return LocalIndex.build(documents, remembering, vectors="int8")


def test_in_bytes_candidates_are_exact_too(
    small: LocalIndex,
    remembering: RememberingEmbedder,
    brute_force: tuple[Floats, Floats],
) -> None:
    queries = [query_tokens(one) for one in QUESTIONS]
    for limit in (1, 2, 100):
        found = small.candidates(remembering.encode_queries(QUESTIONS), queries, limit)
        for row, candidates in enumerate(found):
            exact = brute_force[0][row]
            nearest = np.argsort(-np.round(exact, 6), kind="stable")[:limit].tolist()
            assert set(nearest) <= set(candidates.numbers.tolist())
            assert candidates.dense == pytest.approx(exact[candidates.numbers], abs=1e-5)
            assert candidates.lexical == pytest.approx(
                brute_force[1][row][candidates.numbers], abs=1e-4
            )


def test_bytes_are_saved_mapped_and_kept(
    small: LocalIndex, remembering: RememberingEmbedder, tmp_path: Path
) -> None:
    small.save(tmp_path)
    opened = LocalIndex.open(tmp_path, remembering)
    assert opened.vectors == "int8"
    (segment,) = opened.segments
    assert segment.codes is not None
    assert isinstance(segment.codes.numbers, np.memmap)
    assert segment.codes.numbers.nbytes * 4 == segment.embeddings.nbytes
    held = {path: path.read_bytes() for path in tmp_path.rglob("*.npy")}
    segment.codes.numbers[:] = 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.npy")} == held
    assert_same_answers(small, LocalIndex.open(tmp_path, remembering), remembering)


def test_a_text_that_changed_in_a_large_index_is_never_shown(
    index: LocalIndex,
    remembering: RememberingEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index.save(tmp_path)
    (texts,) = tmp_path.rglob("documents.jsonl")
    held = texts.read_bytes()
    texts.write_bytes(held.replace("6万".encode(), "9万".encode()))
    monkeypatch.setattr(storage, "WHOLE_CHECK_BYTES", 0)
    opened = LocalIndex.open(tmp_path, remembering)
    assert opened.document("乙").id == "乙"
    with pytest.raises(IndexDamaged, match=r"cannot be read .*not as it was written"):
        opened.document("甲")
    monkeypatch.undo()
    with pytest.raises(IndexDamaged, match=r"documents\.jsonl is not as it was written"):
        LocalIndex.open(tmp_path, remembering)
