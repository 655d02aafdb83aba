"""The held-out articles to measure on, and how they are taken apart."""

import random
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from qa.training.data.records import LabelledArticle
from qa.training.data.views import joined

__all__ = ["by_collection", "halves", "in_longer_paragraphs", "sample", "usable_articles"]

FEWEST_PARAGRAPHS = 3
"""In an article of fewer, coming first says little."""

LONGER = 350
"""Characters up to which neighbouring paragraphs are joined."""


def usable_articles(articles: Iterable[LabelledArticle]) -> list[LabelledArticle]:
    """Return the articles with questions and at least three paragraphs."""
    return [one for one in articles if len(one.paragraphs) >= FEWEST_PARAGRAPHS and one.questions]


def by_collection(
    articles: Iterable[LabelledArticle],
) -> Iterator[tuple[str, list[LabelledArticle]]]:
    """Yield each collection, sorted by name, with its articles in their order."""
    for collection, group in groupby(sorted(articles, key=_collection), key=_collection):
        yield collection, list(group)


def _collection(article: LabelledArticle) -> str:
    return article.collection


def sample(articles: Iterable[LabelledArticle], questions: int) -> list[LabelledArticle]:
    """Return whole articles of each collection, until it has about so many questions."""
    chosen: list[LabelledArticle] = []
    for _, known in by_collection(usable_articles(articles)):
        random.Random(len(known)).shuffle(known)
        counted = 0
        for article in known:
            if counted >= questions:
                break
            chosen.append(article)
            counted += len(article.questions)
    return chosen


def in_longer_paragraphs(articles: Iterable[LabelledArticle]) -> list[LabelledArticle]:
    """Return the articles with unanswerable questions again, with neighbours joined.

    Certainty that was fitted on short paragraphs alone is too strict on long ones.
    """
    labelled = (one for one in articles if len(one.answerable) < len(one.questions))
    return usable_articles(joined(one, LONGER) for one in labelled)


def halves(
    articles: Sequence[LabelledArticle],
) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Split articles by title into those to fit on and those to report on."""
    sides: tuple[list[LabelledArticle], list[LabelledArticle]] = ([], [])
    for article in articles:
        sides[zlib.crc32(article.key.encode()) % 2].append(article)
    return sides
