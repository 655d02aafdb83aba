"""Fusion and ranking, with the sums written out."""

import numpy as np
import pytest

from qa.index import Candidates
from qa.retrieval.fusion import Hit, fuse, order_read, rank


def candidates(
    dense: list[float],
    lexical: list[float],
    numbers: list[int] | None = None,
    mean: float = 0.8,
    deviation: float = 0.02,
) -> Candidates:
    return Candidates(
        np.array(numbers if numbers is not None else range(len(dense)), np.int64),
        np.array(dense, np.float32),
        np.array(lexical, np.float32),
        mean,
        deviation,
    )


def test_the_fused_score_is_words_plus_scaled_cosine() -> None:
    found = fuse(candidates([0.9, 0.8, 0.75], [2.0, 5.0, 0.0]), 100.0)
    # 2 + 100 * 0.1, 5 + 100 * 0, 0 - 100 * 0.05
    assert found == pytest.approx([12.0, 5.0, -5.0], abs=1e-4)
    assert found.dtype == np.float32


def test_without_a_scale_a_deviation_is_worth_three_and_a_half_points() -> None:
    found = fuse(candidates([0.82, 0.80, 0.76], [1.0, 1.0, 1.0]), None)
    assert found == pytest.approx([1 + 3.5, 1.0, 1 - 7.0], abs=1e-4)


def test_without_any_deviation_only_words_count() -> None:
    found = fuse(candidates([0.8, 0.8], [1.0, 2.0], deviation=0.0), None)
    assert found.tolist() == [1.0, 2.0]


def test_ranking_is_by_score_and_gives_all_scores() -> None:
    first, second = rank(candidates([0.81, 0.85], [3.0, 1.0], [4, 9]), 100.0, 2)
    assert (first.number, second.number) == (9, 4)
    assert (first.score, second.score) == pytest.approx((6.0, 4.0), abs=1e-4)
    assert (first.dense, first.lexical) == pytest.approx((0.85, 1.0))


def test_ties_go_to_the_earlier_paragraph() -> None:
    hits = rank(candidates([0.8] * 5, [1.0, 2.0, 1.0, 2.0, 1.0], [3, 7, 11, 20, 21]), 10.0, None)
    assert [hit.number for hit in hits] == [7, 20, 3, 11, 21]


@pytest.mark.parametrize(
    ("k", "expected"), [(1, [1]), (2, [1, 2]), (9, [1, 2, 0]), (None, [1, 2, 0])]
)
def test_k_limits_the_ranking(k: int | None, expected: list[int]) -> None:
    hits = rank(candidates([0.8] * 3, [0.0, 2.0, 1.0]), 1.0, k)
    assert [hit.number for hit in hits] == expected


def test_what_was_read_is_ordered_by_reading_and_points() -> None:
    hits = [Hit(number, score, 0.8, 1.0) for number, score in enumerate((9.0, 7.0, 5.0))]
    # 0.1 + 0.5 * 9 = 4.6, 2.0 + 0.5 * 7 = 5.5, 2.1 + 0.5 * 5 = 4.6: a tie keeps its order
    assert order_read(hits, [0.1, 2.0, 2.1], 0.5) == [1, 0, 2]
    assert order_read(hits, [0.1, 2.0, 2.1], 0.0) == [2, 1, 0]
    assert order_read([], [], 0.5) == []
