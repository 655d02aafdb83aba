"""Fit how sure an answer is, on articles that the models were not trained on."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from qa.answering import Models, find
from qa.calibration import (
    MEANING,
    READ_MEANING,
    READ_WORDS,
    WORDS,
    Calibration,
    Logistic,
    fit_logistic,
    load_calibration,
)
from qa.config import Config
from qa.embed import Embedder, SentenceTransformerEmbedder, model_folder
from qa.question import weigh
from qa.reader import Reader
from qa.retrieve import rank
from qa.training.augment import augment
from qa.training.cases import (
    ANSWERABLE,
    KINDS,
    Case,
    cases,
    embed_all,
    index_of,
    searched,
)
from qa.training.held_out import halves, usable_articles
from qa.training.records import LabelledArticle, LabelledQuestion
from qa.training.remembering import RememberingReader

__all__ = [
    "calibrate",
    "fit_point_worths",
    "fit_reader",
    "fit_retriever",
    "fit_scale",
    "report",
]

KEPT = 0.97
"""Share of the questions with a right first passage that must stay answered."""

KEPT_BY_MEANING = 0.9
"""The same where words do not count: there a wrong yes is far more likely."""

SCALES = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0, 200.0, 250.0, 300.0)
"""Tried values of the worth of a unit of cosine, in BM25 points."""

WORTHS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0)
"""Tried values of the worth of a BM25 point, in the reader's log-odds."""

VARIED_ONE_IN = 3


@dataclass(frozen=True, slots=True)
class Worths:
    """The worth of a BM25 point in a reader's log-odds, where words count and where not."""

    words: float
    meaning: float


def fit_retriever(
    articles: Sequence[LabelledArticle], model: str, fitted_on: str, show: Callable[[str], None]
) -> Calibration:
    """Return what fits an embedding model, for chatbots without a reader.

    ``show`` gets the figures of a fit on half of the articles, on the other half.
    """
    embedder = embed_all(articles, SentenceTransformerEmbedder(model))
    fitting, reporting = halves(articles)
    scale = fit_scale(fitting, embedder)
    show(f"dense scale {scale:g}")
    models = Models(replace(load_calibration(model_folder(model)), dense_scale=scale))
    found = cases(fitting, embedder, models), cases(reporting, embedder, models)
    _show_halves(*found, show)
    return calibrate([*found[0], *found[1]], fitted_on, dense_scale=scale)


def fit_reader(
    articles: Sequence[LabelledArticle],
    model: str,
    reader: Reader,
    fitted_on: str,
    show: Callable[[str], None],
) -> Calibration:
    """Return what fits a reader behind an embedding model; ``show`` as in the retriever's fit."""
    embedder = embed_all(articles, SentenceTransformerEmbedder(model))
    fitting, reporting = halves(articles)
    retrieval = load_calibration(model_folder(model))
    remembering = RememberingReader(reader)
    worths = fit_point_worths(fitting, embedder, retrieval, remembering)
    show(f"worth of a point {worths.words:g}, in another language {worths.meaning:g}")
    remembering.calibration = _worth(remembering.calibration, worths)
    models = Models(retrieval, remembering)
    found = cases(fitting, embedder, models), cases(reporting, embedder, models)
    _show_halves(*found, show)
    return calibrate([*found[0], *found[1]], fitted_on, worths=worths)


def _show_halves(
    fitting: Sequence[Case], reporting: Sequence[Case], show: Callable[[str], None]
) -> None:
    trial = calibrate(fitting, "half of the articles")
    show("fitted on half of the articles, on the other half:")
    for name, by_words in (("in the language of the passages", True), ("in another", False)):
        own = [case for case in reporting if case.evidence.same_language == by_words]
        show(name)
        for figure, value in report(own, trial).items():
            show(f"  {figure:22}{value:.3f}")


def fit_scale(articles: Sequence[LabelledArticle], embedder: Embedder) -> float:
    """Return the scale of :data:`SCALES` with the highest mean reciprocal rank."""
    ranks: list[list[int]] = [[] for _ in SCALES]
    for article in usable_articles(articles):
        index = index_of(article.title, article.paragraphs, embedder)
        for question in article.questions:
            weighed = weigh(question.text, index.document_frequencies, len(index))
            vectors = embedder.encode_queries([question.text])
            found = index.candidates(vectors, [weighed.searched], len(index))[0]
            for place, scale in enumerate(SCALES):
                order = [hit.number for hit in rank(found, scale, None)]
                ranks[place].append(min(map(order.index, question.positives)))
    values = [float(np.mean(1 / (1 + np.array(own)))) for own in ranks]
    return SCALES[int(np.argmax(values))]


def fit_point_worths(
    articles: Sequence[LabelledArticle],
    embedder: Embedder,
    retrieval: Calibration,
    reader: RememberingReader,
) -> Worths:
    """Return the worths of :data:`WORTHS` with which most questions have a right first passage.

    Questions are asked as they are and, one in three, as people type them too; for the worth
    where words do not count, in rough English.
    """
    generator = random.Random(0)
    asked: dict[bool, list[tuple[LabelledArticle, LabelledQuestion]]] = {True: [], False: []}
    for article in usable_articles(articles):
        for place, question in enumerate(article.questions):
            asked[True].append((article, question))
            if place % VARIED_ONE_IN == 0:
                varied = augment(question.text, generator, share=1.0)
                asked[True].append((article, replace(question, text=varied)))
                if question.glossed:
                    asked[False].append((article, replace(question, text=question.glossed)))
    models = Models(retrieval, reader)
    return Worths(
        _best_worth(asked[True], embedder, models, reader),
        _best_worth(asked[False], embedder, models, reader),
    )


def _best_worth(
    asked: Sequence[tuple[LabelledArticle, LabelledQuestion]],
    embedder: Embedder,
    models: Models,
    reader: RememberingReader,
) -> float:
    """Return the worth with most right first passages; of equally good ones the middle one."""
    right = dict.fromkeys(WORTHS, 0)
    config = Config()
    for article, group in groupby(asked, key=lambda pair: pair[0]):
        index = index_of(article.title, article.paragraphs, embedder)
        for _, question in group:
            answering = {*question.positives, *question.ignored}
            weighed = weigh(question.text, index.document_frequencies, len(index))
            vectors = embedder.encode_queries([question.text])
            candidates = index.candidates(vectors, [searched(weighed, index)], config.candidates)[0]
            for worth in WORTHS:
                reader.calibration = _worth(reader.calibration, Worths(worth, worth))
                found = find(weighed, candidates, index, models, config, config.k)
                right[worth] += found[0].hit.number in answering
    best = [worth for worth in WORTHS if right[worth] == max(right.values())]
    return best[len(best) // 2]


def _worth(calibration: Calibration, worths: Worths) -> Calibration:
    return replace(
        calibration,
        by_words=replace(calibration.by_words, point_worth=worths.words),
        by_meaning=replace(calibration.by_meaning, point_worth=worths.meaning),
    )


def calibrate(
    found: Sequence[Case],
    fitted_on: str,
    *,
    dense_scale: float | None = None,
    worths: Worths | None = None,
) -> Calibration:
    """Return the calibration fitted on cases; thresholds keep a fixed share of the right ones."""
    read = any(case.evidence.read for case in found)

    def fitted(names: Sequence[str], kept: float, worth: float, *, same_language: bool) -> Logistic:
        own = [case for case in found if case.evidence.same_language == same_language]
        return fit_logistic(
            [case.evidence for case in own],
            [case.right for case in own],
            names,
            kept,
            point_worth=worth,
            prior=-math.log(_odds(own)),
        )

    known = worths or Worths(0.0, 0.0)
    words, meaning = (READ_WORDS, READ_MEANING) if read else (WORDS, MEANING)
    return Calibration(
        fitted(words, KEPT, known.words, same_language=True),
        fitted(meaning, KEPT_BY_MEANING, known.meaning, same_language=False),
        fitted_on,
        dense_scale,
    )


def _odds(found: Sequence[Case]) -> float:
    """Return how many answerable cases there are for one without an answer.

    In use they are taken to be as many as the others: certainty is fitted and measured so.
    """
    answerable = sum(case.kind == ANSWERABLE for case in found)
    return answerable / max(1, len(found) - answerable)


def report(found: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    """Return shares in [0, 1]: refused of each kind, hit@1, areas under the ROC curve, error.

    ``calibration_error`` is the expected calibration error over ten bins (Guo et al. 2017),
    with the answerable cases weighing as much as all others together.
    """
    from sklearn.metrics import roc_auc_score

    logistics = [calibration.logistic(case.evidence) for case in found]
    confidence = np.array(
        [one.confidence(case.evidence) for one, case in zip(logistics, found, strict=True)]
    )
    threshold = np.array([one.threshold for one in logistics])
    right = np.array([case.right for case in found])
    kinds = np.array([case.kind for case in found])
    own = kinds == ANSWERABLE
    figures = {"hit_at_1": float(right[own].mean())}
    for kind in KINDS:
        if not (kinds == kind).any():
            continue
        refused = (confidence < threshold)[kinds == kind]
        figures[f"refused_{kind}"] = float(refused.mean())
        if kind != ANSWERABLE:
            both = own | (kinds == kind)
            figures[f"area_{kind}"] = float(roc_auc_score(own[both], confidence[both]))
    weights = np.where(own, 1.0, _odds(found))
    figures["calibration_error"] = _calibration_error(confidence, right, weights / weights.sum())
    return figures


def _calibration_error(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float:
    """Return the weighted error; all three are ``(n_cases,)``, and the weights sum to 1."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = weights * (right - confidence)
    return float(sum(abs(gaps[bins == number].sum()) for number in np.unique(bins)))
