"""Agreement of words, with the arithmetic written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.overlap import answer_f1, evidence_f1, exact_match, segments


def test_a_han_character_and_a_latin_word_are_one_segment_each() -> None:
    assert segments("额度3.2万元,由Lexin's App发放。") == [
        *"额度",
        "3.2",
        *"万元由",
        "lexin's",
        "app",
        *"发放",
    ]
    assert segments("1,460台 A_b") == ["1,460", "台", "a", "b"]
    assert segments("，。!") == []


@pytest.mark.parametrize(
    ("shown", "right", "equal"),
    [
        ("6万以上", ["6万以上"], True),
        ("“6万以上”。", ["6万以上"], True),
        ("LEXIN", ["乐信", "Lexin"], True),
        ("6万", ["6万以上"], False),
        ("", ["6万"], False),
        ("6万", [], False),
    ],
)
def test_equal_but_for_punctuation_and_case(shown: str, right: list[str], equal: bool) -> None:
    assert exact_match(shown, right) is equal


def test_an_answer_shares_its_longest_common_run() -> None:
    # Shown 北 京 大 学 of right 在 北 京 的 大 学: runs 北 京 or 大 学, 2 segments.
    # P = 2/4, R = 2/6, F1 = 2 * 1/2 * 1/3 / (5/6) = 2/5.
    assert answer_f1("北京大学", ["在北京的大学"]) == pytest.approx(2 / 5)
    # The best of several: against 北 京, P = 2/4, R = 2/2, F1 = 2/3.
    assert answer_f1("北京大学", ["在北京的大学", "北京"]) == pytest.approx(2 / 3)
    assert answer_f1("北京", ["上海"]) == 0
    assert answer_f1("", ["上海"]) == 0
    assert answer_f1("北京", []) == 0


def test_evidence_shares_segments_wherever_they_stand() -> None:
    # Shown 北 京 大 学 of right 大 学 在 北 京: all 4 shared; P = 4/4, R = 4/5, F1 = 8/9.
    assert evidence_f1("北京大学", ["大学在北京"]) == pytest.approx(8 / 9)
    # 天 occurs twice in one and once in the other: shared once; P = 1/2, R = 1/1, F1 = 2/3.
    assert evidence_f1("天天", ["天"]) == pytest.approx(2 / 3)


def test_english_articles_are_no_evidence() -> None:
    # Without the, a: shown found bank, right bank; P = 1/2, R = 1, F1 = 2/3.
    assert evidence_f1("The found bank", ["a bank"]) == pytest.approx(2 / 3)
    assert answer_f1("the bank", ["bank"]) == pytest.approx(2 / 3)


@given(st.text(max_size=30), st.text(max_size=30))
def test_agreement_is_a_share_and_whole_only_with_itself(one: str, other: str) -> None:
    for measure in (answer_f1, evidence_f1):
        assert 0 <= measure(one, [other]) <= 1
    if segments(one):
        assert answer_f1(one, [other, one]) == pytest.approx(1)
    assert (answer_f1(one, [other]) > 0) <= bool(set(segments(one)) & set(segments(other)))
