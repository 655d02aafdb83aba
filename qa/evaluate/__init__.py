"""How well a chatbot does on labelled questions.

Labels are JSON lines: ``question``; ``source``, the file name of its article, or a list of
them; ``evidence``, exact substrings of the article (none when it does not say); ``answer``,
an exact substring or "", or a list of right ones; ``history``, earlier questions; and, if
wanted, ``kind``, a name for a group.
"""

from qa.evaluate.certainty import (
    Bin,
    CurvePoint,
    calibration_error,
    refusal_area,
    refusal_curve,
    reliability,
)
from qa.evaluate.figures import Report, by_kind, score
from qa.evaluate.labels import Label, read_labels
from qa.evaluate.outcomes import Outcome, evaluate, worst
from qa.evaluate.rankers import RANKERS, Ranking, compare

__all__ = [
    "RANKERS",
    "Bin",
    "CurvePoint",
    "Label",
    "Outcome",
    "Ranking",
    "Report",
    "by_kind",
    "calibration_error",
    "compare",
    "evaluate",
    "read_labels",
    "refusal_area",
    "refusal_curve",
    "reliability",
    "score",
    "worst",
]
