"""Fit how sure an answer is, on articles that the models were not trained on."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

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
from qa.judge import weigh
from qa.reader import Reader
from qa.retrieve import rank
from qa.training.cases import (
    ANSWERABLE,
    KINDS,
    Case,
    cases,
    embed_all,
    halves,
    index_of,
    usable_articles,
)
from qa.training.records import LabelledArticle
from qa.training.remembering import RememberingReader

__all__ = [
    "calibrate",
    "fit_point_worth",
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

WORTHS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
"""Tried values of the worth of a BM25 point, in the reader's log-odds."""


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
    worth = fit_point_worth(fitting, embedder, retrieval, remembering)
    show(f"worth of a point {worth:g}")
    remembering.calibration = replace(remembering.calibration, point_worth=worth)
    models = Models(retrieval, remembering)
    found = cases(fitting, embedder, models), cases(reporting, embedder, models)
    _show_halves(*found, show)
    return calibrate([*found[0], *found[1]], fitted_on, point_worth=worth)


def _show_halves(
    fitting: Sequence[Case], reporting: Sequence[Case], show: Callable[[str], None]
) -> None:
    trial = calibrate(fitting, "half of the articles")
    show("fitted on half of the articles, on the other half:")
    for name, by_words in (("words and meaning", True), ("meaning alone", False)):
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
            found = index.candidates(vectors, [weighed.tokens], len(index))[0]
            for place, scale in enumerate(SCALES):
                order = [hit.number for hit in rank(found, scale, None)]
                ranks[place].append(min(map(order.index, question.positives)))
    values = [float(np.mean(1 / (1 + np.array(own)))) for own in ranks]
    return SCALES[int(np.argmax(values))]


def fit_point_worth(
    articles: Sequence[LabelledArticle],
    embedder: Embedder,
    retrieval: Calibration,
    reader: RememberingReader,
) -> float:
    """Return the worth of :data:`WORTHS` with which most questions have a right first passage."""
    right = dict.fromkeys(WORTHS, 0)
    config = Config()
    models = Models(retrieval, reader)
    for article in usable_articles(articles):
        index = index_of(article.title, article.paragraphs, embedder)
        for question in article.questions:
            answering = {*question.positives, *question.ignored}
            weighed = weigh(question.text, index.document_frequencies, len(index))
            vectors = embedder.encode_queries([question.text])
            candidates = index.candidates(vectors, [weighed.tokens], config.candidates)[0]
            for worth in WORTHS:
                reader.calibration = replace(reader.calibration, point_worth=worth)
                found = find(weighed, candidates, index, models, config, config.k)
                right[worth] += found[0].hit.number in answering
    return max(WORTHS, key=lambda worth: right[worth])


def calibrate(
    found: Sequence[Case],
    fitted_on: str,
    *,
    dense_scale: float | None = None,
    point_worth: float = 0.0,
) -> Calibration:
    """Return the calibration fitted on cases; thresholds keep a fixed share of the right ones."""
    read = any(case.evidence.read for case in found)

    def fitted(names: Sequence[str], kept: float, *, same_language: bool) -> Logistic:
        own = [case for case in found if case.evidence.same_language == same_language]
        return fit_logistic(
            [case.evidence for case in own], [case.right for case in own], names, kept
        )

    return Calibration(
        fitted(READ_WORDS if read else WORDS, KEPT, same_language=True),
        fitted(READ_MEANING if read else MEANING, KEPT_BY_MEANING, same_language=False),
        fitted_on,
        dense_scale,
        point_worth,
    )


def report(found: Sequence[Case], calibration: Calibration) -> dict[str, float]:
    """Return shares in [0, 1]: refused of each kind, hit@1, areas under the ROC curve, error.

    ``calibration_error`` is the expected calibration error over ten bins (Guo et al. 2017).
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
    bins = np.minimum((confidence * 10).astype(int), 9)
    figures["calibration_error"] = float(
        sum(
            (bins == number).mean()
            * abs(right[bins == number].mean() - confidence[bins == number].mean())
            for number in np.unique(bins)
        )
    )
    return figures
