"""BM25: the scores of three small paragraphs, worked out by the formula."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.lexical import Lexical, Postings

PARAGRAPHS = [["甲", "乙", "甲"], ["乙", "丙"], ["乙", "丁", "丁", "丁", "戊"]]
LENGTHS = [3, 2, 5]
AVERAGE = 10 / 3


def bm25(count: int, length: int, holding: int, n_paragraphs: int = 3) -> float:
    """The variant of Lucene with k1 = 1.5 and b = 0.75."""
    if not count:
        return 0.0
    idf = math.log(1 + (n_paragraphs - holding + 0.5) / (holding + 0.5))
    return idf * count / (count + 1.5 * (1 - 0.75 + 0.75 * length / AVERAGE))


def of(texts: Sequence[Sequence[str]]) -> Lexical:
    return Lexical([Postings.build(texts)])


@pytest.fixture(scope="module")
def lexical() -> Lexical:
    return of(PARAGRAPHS)


def test_a_token_scores_by_the_formula(lexical: Lexical) -> None:
    # 甲 stands twice in the first paragraph and in no other: ln(1 + 2.5 / 1.5) = 0.98083,
    # times 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / (10 / 3))) = 2 / 3.3875.
    assert lexical.search(["甲"]) == pytest.approx([0.98083 * 2 / 3.3875, 0, 0], abs=1e-5)


@pytest.mark.parametrize("token", ["甲", "乙", "丙", "丁", "戊"])
def test_every_token_scores_by_the_formula(token: str, lexical: Lexical) -> None:
    holding = sum(token in text for text in PARAGRAPHS)
    expected = [
        bm25(text.count(token), length, holding)
        for text, length in zip(PARAGRAPHS, LENGTHS, strict=True)
    ]
    assert lexical.search([token]) == pytest.approx(expected, abs=1e-6)


def test_the_tokens_of_a_question_add_up(lexical: Lexical) -> None:
    alone = lexical.search(["甲"]) + lexical.search(["乙"]) + lexical.search(["丁"])
    assert lexical.search(["甲", "乙", "丁"]) == pytest.approx(alone, abs=1e-6)


def test_an_unknown_token_scores_nothing(lexical: Lexical) -> None:
    assert lexical.search(["己"]).tolist() == [0, 0, 0]
    assert lexical.search(["己", "丙"]).tolist() == lexical.search(["丙"]).tolist()


def test_an_empty_question_scores_nothing(lexical: Lexical) -> None:
    scores = lexical.search([])
    assert scores.dtype == np.float32
    assert scores.tolist() == [0, 0, 0]


def test_document_frequencies_count_paragraphs(lexical: Lexical) -> None:
    assert lexical.document_frequencies(["甲", "乙", "己", "丁", "乙"]).tolist() == [1, 3, 0, 1, 3]
    assert lexical.document_frequencies([]).tolist() == []


def test_paragraphs_without_tokens_score_nothing() -> None:
    scores = of([["甲"], [], ["甲"]]).search(["甲"])
    assert scores[1] == 0
    assert scores[0] == scores[2] > 0


def test_no_paragraph_has_any_token() -> None:
    empty = of([[], []])
    assert empty.search(["甲"]).tolist() == [0, 0]
    assert empty.document_frequencies(["甲"]).tolist() == [0]


@given(st.lists(st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=6), min_size=1, max_size=6))
def test_frequencies_are_those_of_a_count(texts: list[list[str]]) -> None:
    found = of(texts).document_frequencies(list("甲乙丙丁戊己"))
    assert found.tolist() == [sum(token in text for text in texts) for token in "甲乙丙丁戊己"]


TOKEN_LISTS = st.lists(
    st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=6), min_size=1, max_size=8
)


@given(TOKEN_LISTS, st.integers(0, 8))
def test_segments_score_as_if_all_had_been_counted_together(
    texts: list[list[str]], cut: int
) -> None:
    whole, parts = of(texts), Lexical([Postings.build(texts[:cut]), Postings.build(texts[cut:])])
    query = list("甲乙丙庚")
    assert parts.search(query).tolist() == whole.search(query).tolist()
    assert parts.document_frequencies(query).tolist() == whole.document_frequencies(query).tolist()


@given(TOKEN_LISTS, st.data())
def test_paragraphs_that_are_void_count_in_nothing(
    texts: list[list[str]], data: st.DataObject
) -> None:
    alive = np.array(data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))))
    kept = [text for text, lives in zip(texts, alive, strict=True) if lives]
    query = list("甲乙丙")
    found = Lexical([Postings.build(texts)], alive)
    assert found.search(query)[alive].tolist() == pytest.approx(of(kept).search(query).tolist())
    assert found.search(query)[~alive].tolist() == [0] * int((~alive).sum())
    expected = of(kept).document_frequencies(query) if kept else np.zeros(3, np.int64)
    assert found.document_frequencies(query).tolist() == expected.tolist()
