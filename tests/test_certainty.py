"""Refusal curve and calibration of hand-made outcomes, with the arithmetic written out."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import (
    Bin,
    CurvePoint,
    Label,
    Outcome,
    calibration_error,
    refusal_area,
    refusal_curve,
    reliability,
)
from qa.types import Answer


def outcome(confidence: float, *, known: bool = True, rank: int = 1) -> Outcome:
    label = Label("问", evidence=("据",) if known else ())
    return Outcome(label, Answer("问", True, confidence), rank if known else 0, False)


def test_the_curve_goes_over_every_confidence() -> None:
    outcomes = [outcome(0.9), outcome(0.5), outcome(0.5, known=False), outcome(0.2, known=False)]
    assert refusal_curve(outcomes) == [
        CurvePoint(0.2, kept=2 / 2, refused=0 / 2),
        CurvePoint(0.5, kept=2 / 2, refused=1 / 2),
        CurvePoint(0.9, kept=1 / 2, refused=2 / 2),
        CurvePoint(math.inf, kept=0 / 2, refused=2 / 2),
    ]
    # Pairs: 0.9 > 0.5, 0.9 > 0.2, 0.5 = 0.5 (half), 0.5 > 0.2: 3.5 of 4.
    assert refusal_area(outcomes) == pytest.approx(3.5 / 4)


def test_without_both_sorts_of_questions_there_is_no_curve() -> None:
    for outcomes in ([outcome(0.5)], [outcome(0.5, known=False)], []):
        assert refusal_curve(outcomes) == []
        assert math.isnan(refusal_area(outcomes))


@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.9]), min_size=1, max_size=8),
    st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.9]), min_size=1, max_size=8),
)
def test_the_area_is_the_one_under_the_curve(known: list[float], unknown: list[float]) -> None:
    outcomes = [outcome(one) for one in known] + [outcome(one, known=False) for one in unknown]
    curve = refusal_curve(outcomes)
    trapezoids = sum(
        (before.kept - after.kept) * (before.refused + after.refused) / 2
        for before, after in pairwise(curve)
    )
    assert refusal_area(outcomes) == pytest.approx(trapezoids)


def test_calibration_compares_confidence_and_accuracy_in_each_range() -> None:
    outcomes = [
        outcome(0.91),
        outcome(0.95, rank=2),
        outcome(0.12, known=False),
        outcome(0.14),
        outcome(1.0),
    ]
    first, last = reliability(outcomes)
    assert (first.questions, last.questions) == (2, 3)
    assert first.confidence == pytest.approx((0.12 + 0.14) / 2)
    assert first.accuracy == pytest.approx(1 / 2)
    assert last.confidence == pytest.approx((0.91 + 0.95 + 1.0) / 3)
    assert last.accuracy == pytest.approx(2 / 3)
    # |1/2 - 0.13| = 0.37 of 2, |2/3 - 0.9533| = 0.2867 of 3: (0.74 + 0.86) / 5 = 0.32.
    assert calibration_error(outcomes) == pytest.approx(0.32)


def test_the_calibration_of_nothing_is_no_figure() -> None:
    assert reliability([]) == []
    assert math.isnan(calibration_error([]))
    assert reliability([outcome(0.0, rank=0)]) == [Bin(1, 0.0, 0.0)]
