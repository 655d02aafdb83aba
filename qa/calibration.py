"""How sure an answer is: a logistic regression on evidence, fitted per embedding model.

What is learned: the weights and the threshold, on labelled questions of other articles,
and stored as ``calibration.json`` in the model's folder. What is rule: which evidence is
looked at (:class:`Evidence`).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

__all__ = ["CALIBRATION_FILE", "Calibration", "Evidence", "fit", "load_calibration"]

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for or against the first passage answering the question.

    Shares are of the question's weight: the sum of its tokens' inverse document frequencies.
    """

    coverage: float
    """Share of the question's weight that the passage holds, in [0, 1]."""
    sentence_coverage: float
    """The same for its best sentence."""
    missing: float
    """Share of the question's weight in tokens that occur nowhere in the documents."""
    dense: float
    """Cosine of question and passage, in [-1, 1]."""
    dense_lead: float
    """Standard deviations of that cosine above the average paragraph."""
    margin: float
    """Fused score of the first passage less that of the second."""
    agreement: float
    """1 if dense and lexical search have the same first passage, else 0."""
    expected: float
    """1 if the passage has the kind of words asked for (date, number…), -1 if it lacks
    them, 0 if the question asks for no such kind."""

    def values(self) -> NDArray[np.float64]:
        """Return ``(n_features,)`` float64."""
        return np.array(astuple(self), np.float64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted logistic regression: ``confidence = 1 / (1 + exp(-(bias + w · evidence)))``.

    ``threshold`` is the confidence from which a question counts as answered. ``fitted_on``
    says on what, or that no fit for the model exists. ``dense_scale`` is the worth of a unit
    of cosine in BM25 points (:func:`qa.retrieve.fuse`); None where it is not known.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    fitted_on: str
    dense_scale: float | None = None

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability in [0, 1] that the passage answers."""
        score = self.bias + float(np.dot(self.weights, evidence.values()))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))

    def save(self, folder: Path) -> None:
        """Write the calibration into a model's folder."""
        names = [field.name for field in fields(Evidence)]
        content = {
            "weights": dict(zip(names, self.weights, strict=True)),
            "bias": self.bias,
            "threshold": self.threshold,
            "dense_scale": self.dense_scale,
            "fitted_on": self.fitted_on,
        }
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (folder / CALIBRATION_FILE).write_text(text + "\n", encoding="utf-8")


UNFITTED = Calibration(
    # Words only: the scale of another model's cosines is unknown.
    weights=(3.0, 2.0, -3.0, 0.0, 0.3, 0.3, 0.5, 0.3),
    bias=-3.0,
    threshold=0.5,
    fitted_on="nothing: no calibration for this embedding model, only words are counted",
)


def load_calibration(folder: Path | None) -> Calibration:
    """Return the calibration stored with a model, or one that looks at words only.

    Raises:
        ModelError: if the file is there but does not fit this version.

    """
    path = folder / CALIBRATION_FILE if folder is not None else None
    if path is None or not path.is_file():
        return UNFITTED
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(float(raw["weights"][field.name]) for field in fields(Evidence))
        scale = raw["dense_scale"]
        return Calibration(
            weights,
            float(raw["bias"]),
            float(raw["threshold"]),
            str(raw["fitted_on"]),
            None if scale is None else float(scale),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is no calibration of this version ({error!r}); delete it or fit it again"
        ) from error


def fit(
    evidence: Sequence[Evidence],
    answerable: Sequence[bool],
    *,
    kept: float,
    fitted_on: str,
    dense_scale: float | None,
) -> Calibration:
    """Return the calibration that explains which questions the first passage answers.

    ``kept`` is the share of answerable questions that must stay answered; the threshold is
    the highest confidence that keeps them.
    """
    from sklearn.linear_model import LogisticRegression

    features = np.stack([one.values() for one in evidence])
    labels = np.asarray(answerable)
    deviation = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=10.0, max_iter=1_000).fit(features / deviation, labels)
    weights = tuple(float(weight) for weight in model.coef_[0] / deviation)
    fitted = Calibration(weights, float(model.intercept_[0]), 0.5, fitted_on, dense_scale)
    confidences = [fitted.confidence(one) for one, yes in zip(evidence, labels, strict=True) if yes]
    threshold = float(np.quantile(confidences, 1 - kept))
    return Calibration(weights, fitted.bias, round(threshold, 4), fitted_on, dense_scale)
