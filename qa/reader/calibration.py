"""How sure an answer is: a logistic regression on evidence, fitted per model.

What is learned: the weights and the threshold, on labelled questions of other articles,
and stored as ``calibration.json`` in the folder of the model they belong to: the reader, or
the embedding model for a chatbot without a reader. What is rule: which evidence is
looked at (:class:`Evidence`), and that words do not count where question and passage are
in different languages.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

__all__ = [
    "CALIBRATION_FILE",
    "MEANING",
    "READ_MEANING",
    "READ_WORDS",
    "WORDS",
    "Calibration",
    "Evidence",
    "Logistic",
    "load_calibration",
]

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
    elsewhere: float
    """The share in its longest part that the documents have, but neither the passage nor its
    title or section: often the name of something else."""
    dense: float
    """Cosine of question and passage, in [-1, 1]."""
    dense_lead: float
    """Standard deviations of that cosine above the average paragraph."""
    margin: float
    """Fused score of the first passage less that of the second, in BM25 points."""
    agreement: float
    """1 if dense and lexical search have the same first passage, else 0."""
    expected: float
    """1 if the passage has the kind of words asked for (date, number…), -1 if it lacks
    them, 0 if the question asks for no such kind."""
    conflict: float = 0.0
    """1 if the passage has other numbers, years or ordinals where the question has its own."""
    same_language: bool = True
    """Whether question and passage are in one language; chooses the regression."""
    read: bool = False
    """Whether a reader has read the passage."""
    reading: float = 0.0
    """The reader's log-odds that the passage answers against that none does."""
    reading_lead: float = 0.0
    """The reader's log-odds of the passage against the others together."""
    certainty: float = 0.0
    """The reader's probability of the answering words."""
    alone: float = 0.0
    """The reader's log-odds of the passage, read by itself; those beside others if they decide."""
    words_found: float = 1.0
    """Share of the question's content words, by length, that the paragraphs found have."""
    all_words: float = 0.0
    """1 if the passage has all content words of the question, else 0."""

    def values(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return ``(n_names,)`` float64: the evidence of these names."""
        return np.array([getattr(self, name) for name in names], np.float64)


_RETRIEVED = (
    "coverage", "sentence_coverage", "missing", "elsewhere", "margin", "expected", "conflict",
)  # fmt: skip
_READ = ("reading", "reading_lead", "certainty", "alone")
WORDS = (*_RETRIEVED, "dense", "dense_lead", "agreement")
MEANING = ("dense_lead", "margin", "expected", "conflict")
# Cosines have another scale in every embedding model; a reader goes with any of them.
READ_WORDS = (*_READ, *_RETRIEVED, "words_found", "all_words")
READ_MEANING = (*_READ, "margin", "expected", "conflict")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: ``confidence = 1 / (1 + exp(-(bias + w · evidence)))``.

    ``weights`` go by the name of the evidence; ``threshold`` is the confidence from which a
    question counts as answered. ``point_worth`` is the worth of a BM25 point in a reader's
    log-odds, in the final ranking (:func:`qa.retrieval.fusion.order_read`).
    """

    weights: dict[str, float]
    bias: float
    threshold: float
    point_worth: float = 0.0

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability in [0, 1] that the passage answers."""
        values = evidence.values(tuple(self.weights))
        score = self.bias + float(np.dot(list(self.weights.values()), values))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted for an embedding model or a reader.

    ``by_words`` serves questions in the language of the passage, ``by_meaning`` the others.
    ``fitted_on`` says on what, or that no fit for the model exists. ``dense_scale`` is the
    worth of a unit of cosine in BM25 points (:func:`qa.retrieval.fusion.fuse`); None if not known.
    """

    by_words: Logistic
    by_meaning: Logistic
    fitted_on: str
    dense_scale: float | None = None

    def logistic(self, evidence: Evidence) -> Logistic:
        """Return the regression that judges this evidence."""
        return self.of(same_language=evidence.same_language)

    def of(self, *, same_language: bool) -> Logistic:
        """Return the regression for questions in the language of the passages, or in another."""
        return self.by_words if same_language else self.by_meaning

    def save(self, folder: Path) -> None:
        """Write the calibration into a model's folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / CALIBRATION_FILE).write_text(text + "\n", encoding="utf-8")


UNFITTED = Calibration(
    # Words and relative measures only: the scale of another model's cosines is unknown.
    by_words=Logistic(
        {"coverage": 4.0, "sentence_coverage": 2.0, "missing": -2.0, "dense_lead": 0.4},
        bias=-3.0,
        threshold=0.3,
    ),
    by_meaning=Logistic({"dense_lead": 1.0}, bias=-2.0, threshold=0.5),
    fitted_on="nothing: this embedding model has no calibration, so certainty is a rough guess",
)


def load_calibration(folder: Path | None) -> Calibration:
    """Return the calibration stored with a model, or a rough one that fits any model.

    Raises:
        ModelError: if the file is there but does not fit this version.

    """
    path = folder / CALIBRATION_FILE if folder is not None else None
    if path is None or not path.is_file():
        return UNFITTED
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        scale = raw["dense_scale"]
        return Calibration(
            _logistic(raw["by_words"]),
            _logistic(raw["by_meaning"]),
            str(raw["fitted_on"]),
            None if scale is None else float(scale),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is no calibration of this version ({error!r}); delete it or fit it again"
        ) from error


def _logistic(raw: dict[str, Any]) -> Logistic:
    weights = {str(name): float(weight) for name, weight in raw["weights"].items()}
    known = {field.name for field in fields(Evidence)}
    if not set(weights) <= known:
        raise ValueError(f"unknown evidence {sorted(set(weights) - known)}")
    return Logistic(weights, float(raw["bias"]), float(raw["threshold"]), float(raw["point_worth"]))
