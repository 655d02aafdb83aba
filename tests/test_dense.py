"""Exact dense search against a sort of everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IndexMismatch
from qa.index.dense import best, check_dimension, cosines

RANDOM = np.random.default_rng(7)


def sorted_places(scores: np.ndarray, limit: int) -> list[int]:
    return sorted(np.argsort(-scores, kind="stable")[:limit].tolist())


@given(
    st.lists(st.integers(-3, 3), max_size=40).map(lambda values: np.array(values, np.float32)),
    st.integers(1, 12),
)
def test_the_best_are_those_of_a_stable_sort(scores: np.ndarray, limit: int) -> None:
    assert best(scores, limit).tolist() == sorted_places(scores, limit)


@pytest.mark.parametrize("count", [51_199, 51_201, 100_000, 123_457])
@pytest.mark.parametrize("levels", [0, 1, 50])
def test_the_best_of_many_are_those_of_a_stable_sort(count: int, levels: int) -> None:
    scores = RANDOM.standard_normal(count).astype(np.float32)
    if levels:
        scores = np.round(scores * levels / 10).astype(np.float32)
    for limit in (1, 10, 100):
        assert best(scores, limit).tolist() == sorted_places(scores, limit)


def test_minus_infinity_is_never_among_the_best_of_enough_others() -> None:
    scores = np.full(60_000, -np.inf, np.float32)
    scores[::200] = RANDOM.random(300)
    assert np.isfinite(scores[best(scores, 100)]).all()


def test_a_paragraph_has_the_cosine_of_its_best_window() -> None:
    embeddings = np.eye(3, dtype=np.float32)[[0, 1, 2, 0]]
    vectors = np.array([[0.6, 0.8, 0.0], [0.0, 0.0, 1.0]], np.float32)
    starts = np.array([0, 2, 3, 4])
    assert cosines(vectors, embeddings, starts).tolist() == [
        pytest.approx([0.8, 0.0, 0.6]),
        [0.0, 1.0, 0.0],
    ]
    assert cosines(vectors, embeddings, np.arange(5))[0].tolist() == pytest.approx(
        [0.6, 0.8, 0.0, 0.6]
    )


def test_no_rows_give_no_cosines() -> None:
    found = cosines(np.ones((2, 3), np.float32), np.empty((0, 0), np.float32), np.zeros(1, int))
    assert found.shape == (2, 0)


def test_another_dimension_is_named() -> None:
    check_dimension(np.ones((1, 3), np.float32), 3)
    check_dimension(np.ones((1, 3), np.float32), 0)
    with pytest.raises(IndexMismatch, match=r"holds vectors of 4 numbers, the model makes 3"):
        check_dimension(np.ones((1, 3), np.float32), 4)
