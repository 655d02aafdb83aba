"""The figures of a group of outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluate.certainty import calibration_error, refusal_area
from qa.evaluate.outcomes import Outcome
from qa.evaluate.overlap import exact_match, overlap_f1, sentence_f1

__all__ = ["Report", "by_kind", "score"]


@dataclass(frozen=True, slots=True)
class Report:
    """Shares in [0, 1] over the outcomes of a group; nan where a group has no such question.

    ``sentence_accuracy`` is the share of questions with a known answer whose first passage
    highlights a sentence that holds it, ``sentence_f1`` how far that sentence agrees with the
    evidence. ``answer_exact`` and ``answer_f1`` compare the marked words with the known
    answers, and are nan where no words are marked at all. These look at the first passage
    whether it is shown as an answer or not. ``answered_right`` is the share of the answerable
    questions that are answered by a right first passage, and ``balanced`` the mean of it and of
    ``refusal_recall``: who always answers, or never, has one half at most.
    """

    questions: int
    answerable: int
    hit_at_1: float
    hit_at_3: float
    reciprocal_rank: float
    sentence_accuracy: float
    refusal_precision: float
    refusal_recall: float
    sentence_f1: float
    answer_exact: float
    answer_f1: float
    kept: float
    answered_right: float
    balanced: float
    refusal_area: float
    calibration_error: float


def score(outcomes: Sequence[Outcome]) -> Report:
    """Return the figures of a group of outcomes.

    A refusal counts as right when there is no evidence; ``kept`` is the share of the
    answerable questions that are not refused.
    """
    answerable = [one for one in outcomes if one.label.evidence]
    with_answer = [one for one in answerable if one.label.answers]
    marked = with_answer if any(one.words is not None for one in with_answer) else []
    refused = [one for one in outcomes if not one.answer.answered]
    unanswerable = [one for one in outcomes if not one.label.evidence]
    rightly = [one for one in refused if not one.label.evidence]
    answered_right = _mean([one.right for one in answerable])
    refusal_recall = _ratio(len(rightly), len(unanswerable))
    return Report(
        questions=len(outcomes),
        answerable=len(answerable),
        hit_at_1=_mean([one.rank == 1 for one in answerable]),
        hit_at_3=_mean([1 <= one.rank <= 3 for one in answerable]),
        reciprocal_rank=_mean([1 / one.rank if one.rank else 0.0 for one in answerable]),
        sentence_accuracy=_mean([one.sentence_right for one in with_answer]),
        refusal_precision=_ratio(len(rightly), len(refused)),
        refusal_recall=refusal_recall,
        sentence_f1=_mean([sentence_f1(one.sentence, one.label.evidence) for one in answerable]),
        answer_exact=_mean([exact_match(one.words or "", one.label.answers) for one in marked]),
        answer_f1=_mean([overlap_f1(one.words or "", one.label.answers) for one in marked]),
        kept=_mean([one.answer.answered for one in answerable]),
        answered_right=answered_right,
        balanced=(answered_right + refusal_recall) / 2,
        refusal_area=refusal_area(outcomes),
        calibration_error=calibration_error(outcomes),
    )


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, Report]:
    """Return the figures of all outcomes under "all", then of each kind, by name."""
    kinds = sorted({one.label.kind for one in outcomes if one.label.kind})
    return {"all": score(outcomes)} | {
        kind: score([one for one in outcomes if one.label.kind == kind]) for kind in kinds
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
