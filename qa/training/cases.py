"""Labelled questions asked in ways that have an answer and in ways that have none.

Each question is asked of its own article, of its article without the paragraphs that answer
it, of another article, and with a name, number or date swapped. Only in the first case can a
first passage be right. All but the swapped ones are asked in rough English too.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering import Models, find
from qa.calibration import Evidence
from qa.config import Config
from qa.embed import Embedder, Progress
from qa.index.local import LocalIndex
from qa.judge import Found, collect_evidence
from qa.question import Question, weigh
from qa.text import same_language
from qa.training.held_out import usable_articles
from qa.training.records import LabelledArticle, LabelledQuestion
from qa.training.remembering import RememberingEmbedder
from qa.types import Block, Document

__all__ = [
    "ANSWERABLE",
    "KINDS",
    "Case",
    "cases",
    "embed_all",
    "index_of",
    "searched",
]

ANSWERABLE, REMOVED, FOREIGN, SWAPPED = "answerable", "removed", "foreign", "swapped"
KINDS = (ANSWERABLE, REMOVED, FOREIGN, SWAPPED)

ONE_IN = 4
"""Of the questions that a reader reads, one in so many is also asked in rough English: reading
is slow."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of an article: what was found, and whether its first passage answers.

    ``words`` are the reader's answering words in that passage and ``wanted`` the labelled ones;
    either may be "".
    """

    kind: str
    evidence: Evidence
    right: bool
    words: str = ""
    wanted: str = ""


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
            for text in (one.text, one.glossed, *one.swapped[:1])
            if text
        ]
    )
    return remembering


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
        own = index_of(article.title, article.paragraphs, embedder)
        other = usable[(place + len(usable) // 2) % len(usable)]
        foreign = index_of(other.title, other.paragraphs, embedder)
        for question in article.questions:
            for asked in _asked(question, models):
                found.extend(_own_cases(asked, article, own, embedder, models))
                if other.key != article.key:
                    evidence, _ = _ask(foreign, asked.text, embedder, models)
                    found.append(Case(FOREIGN, evidence, right=False))
        if progress is not None:
            progress(place + 1, len(usable))
    return found


def _asked(question: LabelledQuestion, models: Models) -> Iterator[LabelledQuestion]:
    yield question
    seldom = models.reader is not None and zlib.crc32(question.text.encode()) % ONE_IN
    if question.glossed and not seldom:
        yield replace(question, text=question.glossed, swapped=())


def _own_cases(
    question: LabelledQuestion,
    article: LabelledArticle,
    index: LocalIndex,
    embedder: Embedder,
    models: Models,
) -> Iterator[Case]:
    answering = {*question.positives, *question.ignored}
    evidence, first = _ask(index, question.text, embedder, models)
    right = first.hit.number in answering
    yield Case(ANSWERABLE, evidence, right, _words(first), _wanted(question, article))
    for swapped in question.swapped[:1]:
        evidence, _ = _ask(index, swapped, embedder, models)
        yield Case(SWAPPED, evidence, right=False)
    rest = [text for place, text in enumerate(article.paragraphs) if place not in answering]
    if len(rest) >= 2:
        without = index_of(article.title, rest, embedder)
        evidence, _ = _ask(without, question.text, embedder, models)
        yield Case(REMOVED, evidence, right=False)


def _words(found: Found) -> str:
    if found.reading is None or found.reading.answer is None:
        return ""
    return found.reading.answer.of(found.paragraph.text)


def _wanted(question: LabelledQuestion, article: LabelledArticle) -> str:
    if question.answer is None:
        return ""
    return question.answer.of(article.paragraphs[question.positives[0]])


def _ask(
    index: LocalIndex, text: str, embedder: Embedder, models: Models
) -> tuple[Evidence, Found]:
    """Return the evidence for the first passage, and that passage."""
    config = Config()
    question = weigh(text, index.document_frequencies, len(index))
    vectors = embedder.encode_queries([text])
    candidates = index.candidates(vectors, [searched(question, index)], config.candidates)[0]
    found = find(question, candidates, index, models, config, config.k)
    spread = (candidates.dense_mean, candidates.dense_deviation)
    return collect_evidence(question, found, spread), found[0]


def searched(question: Question, index: LocalIndex) -> tuple[str, ...]:
    """Return the tokens to search a labelled question with.

    The dictionary that made a gloss would find its words again, more of them than a person's.
    """
    same = same_language(question.text, index.paragraph(0).text)
    return question.searched if same else question.tokens


def index_of(title: str, paragraphs: Sequence[str], embedder: Embedder) -> LocalIndex:
    """Return the index of an article given as its title and paragraphs."""
    text = "\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(start, start + len(paragraph)))
        start += len(paragraph) + 1
    return LocalIndex.build([Document(title, title, title, text, tuple(blocks))], embedder)
