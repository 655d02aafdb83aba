"""Examples to train the reader on: a question, some passages, and which of them answers.

Four kinds: the answering paragraph among others of its article; the same without it; the
passages of another article; and a swapped question (:mod:`qa.training.swaps`). Only the first
has an answer.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.training.augment import augment
from qa.training.batches import hard_negatives
from qa.training.records import LabelledArticle, LabelledQuestion
from qa.training.settings import ReaderSettings
from qa.types import Span

__all__ = ["Example", "epoch_of_examples"]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with passages; ``answering`` are the places of those that answer, maybe none.

    ``answer`` are the answering words in the first of them, None if not known.
    """

    question: str
    title: str
    passages: tuple[str, ...]
    answering: tuple[int, ...] = ()
    answer: Span | None = None


def epoch_of_examples(
    articles: Sequence[LabelledArticle], settings: ReaderSettings, epoch: int
) -> list[Example]:
    """Return the examples of an epoch in random order, the same for the same seed and epoch.

    Every question is asked of its own paragraph once, or as often as ``settings.repeats`` says,
    and by chance in ways that have no answer.
    """
    generator = random.Random(f"{settings.seed} {epoch}")
    found = [
        example
        for article in articles
        for _ in range(settings.repeats.get(article.collection, 1))
        for question in article.questions
        for example in _drawn(question, article, articles, settings, generator)
    ]
    generator.shuffle(found)
    return found


def _drawn(
    question: LabelledQuestion,
    article: LabelledArticle,
    articles: Sequence[LabelledArticle],
    settings: ReaderSettings,
    generator: random.Random,
) -> Iterator[Example]:
    if question.glossed and generator.random() < settings.glossed_share:
        asked = question.glossed
    else:
        asked = augment(question.text, generator, settings.augmented_share)
    count = generator.randint(2, settings.passages)
    positives, ignored = list(question.positives), set(question.ignored)
    title = article.title if generator.random() < settings.titled_share else ""
    positions = _among_others(article, asked, positives, ignored, count, generator)
    yield Example(
        asked,
        title,
        tuple(article.paragraphs[position] for position in positions),
        tuple(positions.index(position) for position in positives),
        question.answer,
    )
    if generator.random() < settings.removed_share:
        barred = {*positives, *ignored}
        yield from _unanswerable(article, asked, title, [], barred, count, generator)
    if question.swapped and generator.random() < settings.swapped_share:
        swapped = generator.choice(question.swapped)
        yield from _unanswerable(article, swapped, title, positives, set(), count, generator)
    if generator.random() < settings.foreign_share:
        other = generator.choice(articles)
        if other.key != article.key:
            yield from _unanswerable(other, asked, other.title, [], set(), count, generator)


def _unanswerable(
    article: LabelledArticle,
    asked: str,
    title: str,
    needed: list[int],
    barred: set[int],
    count: int,
    generator: random.Random,
) -> Iterator[Example]:
    positions = _among_others(article, asked, needed, barred, count, generator)
    if positions:
        yield Example(asked, title, tuple(article.paragraphs[place] for place in positions))


def _among_others(
    article: LabelledArticle,
    asked: str,
    needed: list[int],
    barred: set[int],
    count: int,
    generator: random.Random,
) -> list[int]:
    """Return ``needed`` among the paragraphs most like the question, ``count`` in all, shuffled."""
    taken = barred.union(needed)
    rest = hard_negatives(article, [asked], taken, count - len(needed), generator)
    positions = [*needed, *rest]
    generator.shuffle(positions)
    return positions
