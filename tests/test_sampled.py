"""Statistics of a sample: exact for all of it, and by the formula for a part."""

import math
from collections import Counter

import numpy as np
import pytest

from qa.index.lexical import Lexical, Postings
from qa.index.sampled import Statistics

TEXTS = [["甲", "乙", "甲"], ["乙", "丙"], ["乙", "丁", "丁", "丁", "戊"]]
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 1]], np.float32)
STARTS = [0, 1, 3]


def test_of_everything_they_score_as_the_embedded_index_does() -> None:
    statistics = Statistics.of(3, VECTORS, STARTS, TEXTS)
    assert statistics.exact
    whole = Lexical([Postings.build(TEXTS)])
    query = ["甲", "乙", "丁", "己"]
    assert [statistics.score(query, Counter(text)) for text in TEXTS] == pytest.approx(
        whole.search(query).tolist(), abs=1e-6
    )
    assert [statistics.frequency(token) for token in query] == whole.document_frequencies(
        query
    ).tolist()


def test_a_part_stands_for_the_whole() -> None:
    statistics = Statistics.of(300, VECTORS, STARTS, TEXTS)
    assert not statistics.exact
    assert statistics.frequency("乙") == 300
    assert statistics.frequency("甲") == 100
    assert statistics.frequency("己") == 0
    # A token that no sampled paragraph has counts as one that half a paragraph has: 50 of 300.
    idf = math.log(1 + (300 - 50 + 0.5) / 50.5)
    norm = 1.5 * (0.25 + 0.75 * 1 / (10 / 3))
    assert statistics.score(["己"], Counter({"己": 1})) == pytest.approx(idf / (1 + norm))


def test_the_spread_is_that_of_each_paragraphs_best_window() -> None:
    mean, deviation = Statistics.of(3, VECTORS, STARTS, TEXTS).spread(
        np.array([0.6, 0.8], np.float32)
    )
    expected = [0.6, 1.0, 0.8]
    assert mean == pytest.approx(np.mean(expected))
    assert deviation == pytest.approx(np.std(expected))


def test_of_nothing_they_are_nothing() -> None:
    statistics = Statistics.of(0, np.empty((0, 2), np.float32), [], [])
    assert statistics.exact
    assert statistics.spread(np.ones(2, np.float32)) == (0.0, 0.0)
    assert statistics.frequency("甲") == 0
