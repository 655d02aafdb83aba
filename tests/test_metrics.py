"""Exact match and F1 of answering words, with the counts written out."""

import pytest

from qa.evaluate.overlap import exact_match, overlap_f1, units


def test_units_are_han_characters_and_whole_words() -> None:
    assert units("乐信，2,000多名 App!") == ["乐", "信", "2", "000", "多", "名", "app"]


@pytest.mark.parametrize(
    ("words", "references", "expected"),
    [
        ("6万以上", ["6万以上"], True),
        ("《通知》", ["通知。"], True),
        ("6万", ["6万以上"], False),
        ("6万", ["5万", "6万"], True),
        ("6万", [], False),
    ],
)
def test_exact_match(words: str, references: list[str], expected: bool) -> None:
    assert exact_match(words, references) is expected


def test_f1_counts_the_longest_common_run() -> None:
    # 4 of 6 characters found are the 4 of the reference: P = 4/6, R = 1.
    assert overlap_f1("达到6万以上", ["6万以上"]) == pytest.approx(2 * 4 / (6 + 4))
    # The run 平均 (2) counts, not its parts with a gap between: 2 * 2 / (4 + 5).
    assert overlap_f1("平均多少", ["平均每人多"]) == pytest.approx(2 * 2 / (4 + 5))
    assert overlap_f1("深圳", ["北京", "深圳市"]) == pytest.approx(2 * 2 / (2 + 3))
    assert overlap_f1("", ["深圳"]) == 0.0
    assert overlap_f1("深圳", []) == 0.0
