"""Fit how sure an answer is, on articles that the models were not trained on."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from qa.config import Config
from qa.embedding import Embedder
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.errors import LabelError
from qa.question.analysis import Question
from qa.question.follow_up import stand_alone
from qa.reader import Reader
from qa.reader.calibration import (
    MEANING,
    READ_MEANING,
    READ_WORDS,
    WORDS,
    Calibration,
    Logistic,
    load_calibration,
)
from qa.retrieval.fusion import rank
from qa.retrieval.retriever import Retriever
from qa.text import same_language
from qa.training.calibrate.cases import (
    ANSWERABLE,
    FOREIGN,
    KINDS,
    REMOVED,
    SWAPPED,
    UNANSWERED,
    Case,
    Models,
    cases,
    embed_all,
    index_of,
)
from qa.training.calibrate.fit import fit_logistic
from qa.training.calibrate.remembering import RememberingReader
from qa.training.data.held_out import halves, usable_articles
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.questions.augment import augment

__all__ = [
    "calibrate",
    "fit_point_worths",
    "fit_reader",
    "fit_retriever",
    "fit_scale",
    "report",
]

KIND_WEIGHTS = {UNANSWERED: 1.0, REMOVED: 0.5, SWAPPED: 0.5, FOREIGN: 0.3}
"""How much a case without an answer counts; those that people wrote are the most like asking."""

SCALES = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0, 200.0, 250.0, 300.0)
"""Tried values of the worth of a unit of cosine, in BM25 points."""

FLAT = 0.01
"""Of a mean reciprocal rank; less is chance."""

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
        if len({case.kind == ANSWERABLE for case in own}) < 2:
            show(f"{name}: too few questions to report on")
            continue
        show(name)
        for figure, value in report(own, trial).items():
            show(f"  {figure:22}{value:.3f}")


def fit_scale(articles: Sequence[LabelledArticle], embedder: Embedder) -> float:
    """Return the scale of :data:`SCALES` with the highest mean reciprocal rank.

    Of those nearly as good as the best it is the largest: what is measured here is one article,
    and among many meaning has to outweigh words that are there by chance.
    """
    ranks: list[list[int]] = [[] for _ in SCALES]
    for article in usable_articles(articles):
        index = index_of(article.title, article.paragraphs, embedder)
        retriever = Retriever(embedder, index)
        for question in article.answerable:
            asked = Question(stand_alone(question.text, question.history))
            found = retriever.search([asked], len(index))[0].candidates
            for place, scale in enumerate(SCALES):
                order = [hit.number for hit in rank(found, scale, None)]
                ranks[place].append(min(map(order.index, question.positives)))
    values = [float(np.mean(1 / (1 + np.array(own)))) for own in ranks]
    good = [
        scale for scale, value in zip(SCALES, values, strict=True) if value > max(values) - FLAT
    ]
    return max(good)


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
        for place, question in enumerate(article.answerable):
            same = same_language(question.text, article.paragraphs[0])
            alone = stand_alone(question.text, question.history)
            asked[same].append((article, replace(question, text=alone)))
            if same and place % VARIED_ONE_IN == 0:
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
        retriever, answerer = Retriever(embedder, index), models.answerer(index)
        for _, question in group:
            answering = {*question.positives, *question.ignored}
            (searched,) = retriever.search([Question(question.text)], config.candidates)
            for worth in WORTHS:
                reader.calibration = _worth(reader.calibration, Worths(worth, worth))
                found = answerer.find(searched, config.k)
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
    """Return the calibration fitted on cases.

    Answerable ones count as much as all others together, as in use. The threshold is the one
    with the best mean of answered and right, and refused.
    """
    read = any(case.evidence.read for case in found)

    def fitted(names: Sequence[str], worth: float, *, same_language: bool) -> Logistic:
        own = [case for case in found if case.evidence.same_language == same_language]
        if len({case.right for case in own}) < 2:
            of = "the language of the articles" if same_language else "another language"
            raise LabelError(
                f"no certainty can be fitted for questions in {of}: {len(own)} are too few; "
                "expected some that are answered rightly and some that are not"
            )
        weights = case_weights(own)
        logistic = fit_logistic(
            [case.evidence for case in own], [case.right for case in own], names, weights.tolist()
        )
        threshold = best_threshold(own, logistic, weights)
        return replace(logistic, threshold=threshold, point_worth=worth)

    known = worths or Worths(0.0, 0.0)
    words, meaning = (READ_WORDS, READ_MEANING) if read else (WORDS, MEANING)
    return Calibration(
        fitted(words, known.words, same_language=True),
        fitted(meaning, known.meaning, same_language=False),
        fitted_on,
        dense_scale,
    )


def case_weights(found: Sequence[Case]) -> NDArray[np.float64]:
    """Return ``(n_cases,)`` float64 with a mean of 1; answerable ones make up half of the sum."""
    own = np.array([case.kind == ANSWERABLE for case in found])
    weights = np.array([KIND_WEIGHTS.get(case.kind, 1.0) for case in found])
    for side in (own, ~own):
        if side.any():
            weights[side] *= len(found) / 2 / weights[side].sum()
    return weights


def best_threshold(
    found: Sequence[Case], logistic: Logistic, weights: NDArray[np.float64]
) -> float:
    """Return the confidence from which to answer, the middle of the best ones.

    Best is the highest sum of what is answered and right and what is refused rightly.
    """
    confidence = np.array([logistic.confidence(case.evidence) for case in found])
    right = np.array([case.right for case in found])
    own = np.array([case.kind == ANSWERABLE for case in found])
    tried = np.linspace(0.02, 0.98, 97)
    gains = [
        weights[right & (confidence >= value)].sum() + weights[~own & (confidence < value)].sum()
        for value in tried
    ]
    # The sum is jagged; its running mean is not.
    smooth = np.convolve(np.pad(gains, 4, mode="edge"), np.full(9, 1 / 9), mode="valid")
    return round(float(tried[int(smooth.argmax())]), 4)


def report(found: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    """Return shares in [0, 1]: right first, answered and right, refused of each kind, and more.

    ``balanced`` is the mean of answered and right and of refused, the kinds without an answer
    weighing as in the fit. ``area_…`` are under the ROC curve. ``calibration_error`` is the
    expected calibration error over ten bins (Guo et al. 2017).
    """
    from sklearn.metrics import roc_auc_score

    logistics = [calibration.logistic(case.evidence) for case in found]
    confidence = np.array(
        [one.confidence(case.evidence) for one, case in zip(logistics, found, strict=True)]
    )
    answered = confidence >= np.array([one.threshold for one in logistics])
    right = np.array([case.right for case in found])
    kinds = np.array([case.kind for case in found])
    own = kinds == ANSWERABLE
    weights = case_weights(found)
    figures = {
        "hit_at_1": float(right[own].mean()),
        "answered": float(answered[own].mean()),
        "answered_and_right": float((answered & right)[own].mean()),
        "refused": float(np.average(~answered[~own], weights=weights[~own])),
    }
    figures["balanced"] = (figures["answered_and_right"] + figures["refused"]) / 2
    for kind in KINDS:
        if kind != ANSWERABLE and (kinds == kind).any():
            both = own | (kinds == kind)
            figures[f"refused_{kind}"] = float((~answered)[kinds == kind].mean())
            figures[f"area_{kind}"] = float(roc_auc_score(own[both], confidence[both]))
    figures["calibration_error"] = _calibration_error(confidence, right, weights / weights.sum())
    return figures


def _calibration_error(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float:
    """Return the weighted error; all three are ``(n_cases,)``, and the weights sum to 1."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = weights * (right - confidence)
    return float(sum(abs(gaps[bins == number].sum()) for number in np.unique(bins)))
