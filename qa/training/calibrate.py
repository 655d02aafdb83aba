"""Fit how sure an answer is, on articles that the model was not trained on.

Each question is asked three times: of its own article, of its article without the paragraphs
that answer it, and of another article. Only in the first case can a first passage be right.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.calibration import MEANING, WORDS, Calibration, Evidence, Logistic, fit_logistic
from qa.embed import Embedder, Progress
from qa.index.local import LocalIndex
from qa.reader import collect_evidence, weigh
from qa.retrieve import rank
from qa.training.records import LabelledArticle
from qa.types import Block, Document, Floats

__all__ = [
    "Case",
    "RememberingEmbedder",
    "calibrate",
    "cases",
    "embed_all",
    "fit_scale",
    "halves",
    "index_of",
    "report",
    "usable_articles",
]

KEPT = 0.97
"""Share of the questions with a right first passage that must stay answered."""

KEPT_BY_MEANING = 0.9
"""The same where words do not count: there a wrong yes is far more likely."""

SCALES = (25.0, 50.0, 75.0, 100.0, 125.0, 150.0, 200.0, 250.0, 300.0)
"""Tried values of the worth of a unit of cosine, in BM25 points."""

_HITS = 5
_NONE = np.empty((0, 0), np.float32)

ANSWERABLE, REMOVED, FOREIGN = "answerable", "removed", "foreign"


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of an article: the evidence, and whether its first passage answers."""

    kind: str
    evidence: Evidence
    right: bool


class RememberingEmbedder:
    """An embedder that encodes no text twice, for articles that are indexed many times."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[tuple[str, str], Floats] = {}

    @property
    def name(self) -> str:
        """The name of the model behind it."""
        return self._embedder.name

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model behind it."""
        return self._embedder.fingerprint

    def windows(self, text: str, context: str = "") -> list[str]:
        """Return what the model behind it returns."""
        return self._embedder.windows(text, context)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows."""
        fresh = [text for text in dict.fromkeys(texts) if ("document", text) not in self._vectors]
        vectors = self._embedder.encode_documents(fresh, progress) if fresh else _NONE
        self._vectors |= {
            ("document", text): vector for text, vector in zip(fresh, vectors, strict=True)
        }
        return np.stack([self._vectors["document", text] for text in texts])

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""
        fresh = [text for text in dict.fromkeys(questions) if ("query", text) not in self._vectors]
        vectors = self._embedder.encode_queries(fresh) if fresh else _NONE
        self._vectors |= {
            ("query", text): vector for text, vector in zip(fresh, vectors, strict=True)
        }
        return np.stack([self._vectors["query", text] for text in questions])


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


def usable_articles(articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Return the articles with questions and at least three paragraphs."""
    return [one for one in articles if len(one.paragraphs) >= 3 and one.questions]


def embed_all(
    articles: Sequence[LabelledArticle], embedder: Embedder, progress: Progress | None = None
) -> RememberingEmbedder:
    """Return an embedder that has encoded all paragraphs and questions of the articles."""
    remembering = RememberingEmbedder(embedder)
    usable = usable_articles(articles)
    remembering.encode_documents(
        [
            text
            for article in usable
            for paragraph in article.paragraphs
            for text in remembering.windows(paragraph, article.title)
        ],
        progress,
    )
    remembering.encode_queries([one.text for article in usable for one in article.questions])
    return remembering


def cases(
    articles: Sequence[LabelledArticle], embedder: Embedder, dense_scale: float | None
) -> list[Case]:
    """Return the cases of every question of articles with at least three paragraphs."""
    usable = usable_articles(articles)
    found: list[Case] = []
    for place, article in enumerate(usable):
        found.extend(_own_cases(article, embedder, dense_scale))
        other = usable[(place + len(usable) // 2) % len(usable)]
        if other.key != article.key:
            found.extend(_foreign_cases(article, other, embedder, dense_scale))
    return found


def calibrate(found: Sequence[Case], dense_scale: float | None, fitted_on: str) -> Calibration:
    """Return the calibration fitted on cases; thresholds keep a fixed share of the right ones."""

    def fitted(names: Sequence[str], kept: float, *, same_language: bool) -> Logistic:
        own = [case for case in found if case.evidence.same_language == same_language]
        return fit_logistic(
            [case.evidence for case in own], [case.right for case in own], names, kept
        )

    return Calibration(
        fitted(WORDS, KEPT, same_language=True),
        fitted(MEANING, KEPT_BY_MEANING, same_language=False),
        fitted_on,
        dense_scale,
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
    for kind in (ANSWERABLE, REMOVED, FOREIGN):
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


def halves(
    articles: Sequence[LabelledArticle],
) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Split articles by title into those to fit on and those to report on."""
    sides: tuple[list[LabelledArticle], list[LabelledArticle]] = ([], [])
    for article in articles:
        sides[zlib.crc32(article.key.encode()) % 2].append(article)
    return sides


def _own_cases(
    article: LabelledArticle, embedder: Embedder, dense_scale: float | None
) -> Iterator[Case]:
    index = index_of(article.title, article.paragraphs, embedder)
    for question in article.questions:
        answering = {*question.positives, *question.ignored}
        for evidence, first in _ask(index, question.text, embedder, dense_scale):
            yield Case(ANSWERABLE, evidence, first in answering)
        rest = [text for place, text in enumerate(article.paragraphs) if place not in answering]
        if len(rest) >= 2:
            without = index_of(article.title, rest, embedder)
            for evidence, _ in _ask(without, question.text, embedder, dense_scale):
                yield Case(REMOVED, evidence, False)


def _foreign_cases(
    article: LabelledArticle,
    other: LabelledArticle,
    embedder: Embedder,
    dense_scale: float | None,
) -> Iterator[Case]:
    index = index_of(other.title, other.paragraphs, embedder)
    for question in article.questions:
        for evidence, _ in _ask(index, question.text, embedder, dense_scale):
            yield Case(FOREIGN, evidence, False)


def _ask(
    index: LocalIndex, text: str, embedder: Embedder, dense_scale: float | None
) -> Iterator[tuple[Evidence, int]]:
    """Yield the evidence and the first passage, with words and as if none were shared."""
    vectors = embedder.encode_queries([text])
    for same_language in (True, False):
        question = weigh(text, index.document_frequencies, len(index))
        words = question.tokens if same_language else ()
        found = index.candidates(vectors, [words], _HITS)[0]
        hits = rank(found, dense_scale, _HITS)
        paragraphs = [index.paragraph(hit.number) for hit in hits]
        spread = (found.dense_mean, found.dense_deviation)
        evidence = collect_evidence(question, hits, paragraphs, spread)
        yield replace(evidence, same_language=same_language), hits[0].number


def index_of(title: str, paragraphs: Sequence[str], embedder: Embedder) -> LocalIndex:
    """Return the index of an article given as its title and paragraphs."""
    text = "\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(start, start + len(paragraph)))
        start += len(paragraph) + 1
    return LocalIndex.build([Document(title, title, title, text, tuple(blocks))], embedder)
