"""The fit of a logistic regression; the only place that needs scikit-learn."""

from collections.abc import Sequence

import numpy as np

from qa.reader.calibration import Evidence, Logistic

__all__ = ["fit_logistic"]


def fit_logistic(
    evidence: Sequence[Evidence],
    right: Sequence[bool],
    names: Sequence[str],
    weights: Sequence[float] | None = None,
) -> Logistic:
    """Return the regression of whether the first passage is right on the named evidence.

    ``weights`` tells how much each piece of evidence counts; alike without it. The threshold
    is one half.
    """
    from sklearn.linear_model import LogisticRegression

    features = np.stack([one.values(names) for one in evidence])
    deviation = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=10.0, max_iter=1_000)
    model.fit(features / deviation, np.asarray(right), sample_weight=weights)
    fitted = (float(weight) for weight in model.coef_[0] / deviation)
    return Logistic(dict(zip(names, fitted, strict=True)), float(model.intercept_[0]), 0.5)
