"""Whether the confidence means what it says: refusals over thresholds, and calibration."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluate.outcomes import Outcome

__all__ = [
    "Bin",
    "CurvePoint",
    "calibration_error",
    "refusal_area",
    "refusal_curve",
    "reliability",
]

BINS = 10


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What one threshold does; shares in [0, 1].

    ``kept`` is the share of the answerable questions with a confidence of at least
    ``threshold``, ``refused`` the share of the unanswerable ones with less.
    """

    threshold: float
    kept: float
    refused: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of about the same confidence: its mean, and the share that was right."""

    questions: int
    confidence: float
    accuracy: float


def refusal_curve(outcomes: Sequence[Outcome]) -> list[CurvePoint]:
    """Return a point for each confidence that occurs, and one above all; thresholds ascend.

    It is empty unless there are both answerable and unanswerable questions.
    """
    known, unknown = _confidences(outcomes, known=True), _confidences(outcomes, known=False)
    if not len(known) or not len(unknown):
        return []
    thresholds = [*np.unique(np.concatenate([known, unknown])), np.inf]
    return [
        CurvePoint(float(one), float((known >= one).mean()), float((unknown < one).mean()))
        for one in thresholds
    ]


def refusal_area(outcomes: Sequence[Outcome]) -> float:
    """Return the area in [0, 1] under the refusal curve; nan where there is no curve.

    It is the chance that an answerable question has a higher confidence than an unanswerable
    one, where a tie counts half (Hanley and McNeil, 1982).
    """
    known, unknown = _confidences(outcomes, known=True), _confidences(outcomes, known=False)
    if not len(known) or not len(unknown):
        return float("nan")
    higher = (known[:, None] > unknown[None, :]).mean()
    equal = (known[:, None] == unknown[None, :]).mean()
    return float(higher + equal / 2)


def reliability(outcomes: Sequence[Outcome], bins: int = BINS) -> list[Bin]:
    """Return the questions in ``bins`` equal ranges of confidence, without the empty ones.

    An outcome is right here if its first passage has evidence, whether shown as an answer
    or not: that is what the confidence is the chance of.
    """
    confidences = np.array([one.answer.confidence for one in outcomes], np.float64)
    right = np.array([one.rank == 1 for one in outcomes], np.float64)
    places = np.minimum((confidences * bins).astype(np.int64), bins - 1)
    return [
        Bin(int(chosen.sum()), float(confidences[chosen].mean()), float(right[chosen].mean()))
        for chosen in (places == place for place in range(bins))
        if chosen.any()
    ]


def calibration_error(outcomes: Sequence[Outcome], bins: int = BINS) -> float:
    """Return the expected calibration error in [0, 1]; nan without outcomes.

    The mean distance of accuracy and confidence over the bins, weighted by their questions
    (Naeini, Cooper and Hauskrecht, 2015).
    """
    found = reliability(outcomes, bins)
    total = sum(one.questions for one in found)
    distances = (one.questions * abs(one.accuracy - one.confidence) for one in found)
    return sum(distances) / total if total else float("nan")


def _confidences(outcomes: Sequence[Outcome], *, known: bool) -> np.ndarray:
    """Return ``(n,)`` float64: the confidences of the answerable or the other questions."""
    chosen = [one.answer.confidence for one in outcomes if bool(one.label.evidence) is known]
    return np.array(chosen, np.float64)
