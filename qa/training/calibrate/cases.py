"""Labelled questions asked in ways that have an answer and in ways that have none.

A question is asked of its own article, which answers it or, by its label, does not; and of
another article. Where a collection has no unanswerable questions, each is asked without the
paragraphs that answer it too, with a name, number or date swapped, and in rough English. A first
passage can be right only where the article answers.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.judge import Found, collect_evidence
from qa.answering.pipeline import Answerer
from qa.config import Config
from qa.embedding import Embedder, Progress
from qa.index.local import LocalIndex
from qa.question.analysis import Question
from qa.question.follow_up import stand_alone
from qa.reader import Reader
from qa.reader.calibration import Calibration, Evidence
from qa.retrieval.retriever import Retriever
from qa.training.calibrate.remembering import RememberingEmbedder
from qa.training.data.held_out import usable_articles
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.types import Block, Document

__all__ = [
    "ANSWERABLE",
    "FOREIGN",
    "KINDS",
    "REMOVED",
    "SWAPPED",
    "UNANSWERED",
    "Case",
    "Models",
    "cases",
    "embed_all",
    "index_of",
]

ANSWERABLE, UNANSWERED = "answerable", "unanswered"
REMOVED, FOREIGN, SWAPPED = "removed", "foreign", "swapped"
KINDS = (ANSWERABLE, UNANSWERED, REMOVED, FOREIGN, SWAPPED)

ONE_IN = 4
"""Of the questions that a reader reads, one in so many is also asked in rough English, or, where
a collection has unanswerable ones, of another article: reading is slow."""

FEWEST_WITHOUT = 2
"""Paragraphs that must be left for a question without the ones that answer it."""


@dataclass(frozen=True, slots=True)
class Models:
    """What was fitted for the embedding model, and the reader, if there is one."""

    retrieval: Calibration
    reader: Reader | None = None

    @property
    def calibration(self) -> Calibration:
        """What judges the answers: the reader's, where one reads."""
        return self.retrieval if self.reader is None else self.reader.calibration

    def answerer(self, index: LocalIndex) -> Answerer:
        """Return what answers from an index with them."""
        return Answerer(index, self.retrieval, self.reader, Config())


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of an article: what was found, and whether its first passage answers.

    ``words`` are the reader's answering words in that passage and ``wanted`` the labelled ones;
    either may be "". ``collection`` is the article's and ``group`` the question's own kind.
    """

    kind: str
    evidence: Evidence
    right: bool
    words: str = ""
    wanted: str = ""
    collection: str = ""
    group: str = ""


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
    remembering.encode_queries(
        [
            text
            for article in usable
            for one in article.questions
            for text in (_standing_alone(one), one.glossed, *one.swapped[:1])
            if text
        ]
    )
    return remembering


def _standing_alone(question: LabelledQuestion) -> str:
    return stand_alone(question.text, question.history)


def cases(
    articles: Sequence[LabelledArticle],
    embedder: Embedder,
    models: Models,
    progress: Progress | None = None,
) -> list[Case]:
    """Return the cases of every question of articles with at least three paragraphs."""
    usable = usable_articles(articles)
    found: list[Case] = []
    for place, article in enumerate(usable):
        asker = _Asker(article, embedder, models)
        other = usable[(place + len(usable) // 2) % len(usable)]
        foreign = _Asker(other, embedder, models)
        labelled = len(article.answerable) < len(article.questions)
        for question in article.questions:
            often = not labelled or _chosen(question)
            found.extend(asker.own(question))
            if not labelled:
                found.extend(asker.made(question, models))
            if question.positives and often and other.key != article.key:
                found.append(foreign.case(question, FOREIGN))
        if progress is not None:
            progress(place + 1, len(usable))
    return found


def _chosen(question: LabelledQuestion) -> bool:
    return zlib.crc32(question.text.encode()) % ONE_IN == 0


class _Asker:
    """Asks questions of one article."""

    def __init__(self, article: LabelledArticle, embedder: Embedder, models: Models) -> None:
        self._article = article
        self._embedder = embedder
        self._models = models
        index = index_of(article.title, article.paragraphs, embedder)
        self._retriever = Retriever(embedder, index)
        self._answerer = models.answerer(index)

    def own(self, question: LabelledQuestion) -> Iterator[Case]:
        """Yield the case of a question as it is labelled."""
        kind = ANSWERABLE if question.positives else UNANSWERED
        yield self.case(question, kind)

    def made(self, question: LabelledQuestion, models: Models) -> Iterator[Case]:
        """Yield the cases made of an answerable question: in rough English, without an answer."""
        asked = [question]
        if question.glossed and (models.reader is None or _chosen(question)):
            glossed = replace(question, text=question.glossed, history=(), swapped=())
            asked.append(glossed)
            yield self.case(glossed, ANSWERABLE, glossed=True)
        barred = {*question.positives, *question.ignored}
        rest = [text for at, text in enumerate(self._article.paragraphs) if at not in barred]
        for one in asked:
            for swapped in one.swapped[:1]:
                yield self.case(replace(one, text=swapped, history=()), SWAPPED)
            if len(rest) >= FEWEST_WITHOUT:
                without = replace(self._article, paragraphs=tuple(rest))
                asker = _Asker(without, self._embedder, self._models)
                yield asker.case(one, REMOVED, glossed=one is not question)

    def case(self, question: LabelledQuestion, kind: str, *, glossed: bool = False) -> Case:
        """Return the case of a question asked of this article."""
        config = self._answerer.config
        asked = [Question(_standing_alone(question))]
        # The dictionary that made a gloss would find its words again, more than a person's.
        (searched,) = self._retriever.search(asked, config.candidates, related=not glossed)
        found = self._answerer.find(searched, config.k)
        spread = (searched.candidates.dense_mean, searched.candidates.dense_deviation)
        evidence = collect_evidence(searched.terms, found, spread)
        names = {"collection": self._article.collection, "group": question.kind}
        if kind != ANSWERABLE:
            return Case(kind, evidence, right=False, **names)
        first = found[0]
        right = first.hit.number in {*question.positives, *question.ignored}
        return Case(kind, evidence, right, _words(first), _wanted(question, self._article), **names)


def _words(found: Found) -> str:
    if found.reading is None or found.reading.answer is None:
        return ""
    return found.reading.answer.of(found.paragraph.text)


def _wanted(question: LabelledQuestion, article: LabelledArticle) -> str:
    if question.answer is None:
        return ""
    return question.answer.of(article.paragraphs[question.positives[0]])


def index_of(title: str, paragraphs: Sequence[str], embedder: Embedder) -> LocalIndex:
    """Return the index of an article given as its title and paragraphs."""
    text = "\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(start, start + len(paragraph)))
        start += len(paragraph) + 1
    return LocalIndex.build([Document(title, title, title, text, tuple(blocks))], embedder)
