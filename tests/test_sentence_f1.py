"""Agreement of a sentence with the evidence, with the arithmetic written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.overlap import sentence_f1, units


def test_evidence_shares_units_wherever_they_stand() -> None:
    # Shown 北 京 大 学 of 大 学 在 北 京: all 4 shared; P = 4/4, R = 4/5, F1 = 1.6/1.8 = 8/9.
    assert sentence_f1("北京大学", ["大学在北京"]) == pytest.approx(8 / 9)
    # 天 occurs twice in one and once in the other: shared once; P = 1/2, R = 1/1, F1 = 2/3.
    assert sentence_f1("天天", ["天"]) == pytest.approx(2 / 3)


def test_the_best_piece_of_evidence_counts() -> None:
    # Against 上 海: 0; against 北 京: P = 2/4, R = 2/2, F1 = 2/3.
    assert sentence_f1("北京大学", ["上海", "北京。"]) == pytest.approx(2 / 3)
    assert sentence_f1("北京大学", []) == 0
    assert sentence_f1("", ["北京"]) == 0


def test_english_articles_are_no_evidence() -> None:
    # Without the and a: shown found bank, evidence bank; P = 1/2, R = 1, F1 = 2/3.
    assert sentence_f1("The found bank", ["a bank"]) == pytest.approx(2 / 3)


@given(st.text(max_size=30), st.text(max_size=30))
def test_agreement_is_a_share_and_whole_only_with_the_same_units(one: str, other: str) -> None:
    agreement = sentence_f1(one, [other])
    assert 0 <= agreement <= 1
    bare = [sorted(set(units(text)) - {"a", "an", "the"}) for text in (one, other)]
    assert (agreement > 0) == bool(set(bare[0]) & set(bare[1]))
    if agreement == 1:
        assert bare[0] == bare[1]
