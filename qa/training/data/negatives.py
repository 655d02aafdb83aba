"""Paragraphs of an article that a question could be taken to be about, and is not."""

import random
from collections.abc import Sequence
from functools import lru_cache

from qa.text import tokens
from qa.training.data.records import LabelledArticle

__all__ = ["hard_negatives", "times"]

NOISE = 0.15
"""Added to the overlap of hard negatives, so that epochs differ; 1 would be a full overlap."""


def hard_negatives(
    article: LabelledArticle,
    asked: Sequence[str],
    taken: set[int],
    count: int,
    generator: random.Random,
) -> list[int]:
    """Return the positions of the paragraphs that share most tokens with one of the questions."""
    if count <= 0:
        return []
    wanted = [frozenset(tokens(question)) for question in asked]
    overlaps = {
        position: max(len(words & held) / max(1, len(words)) for words in wanted)
        + NOISE * generator.random()
        for position, held in enumerate(_token_sets(article.paragraphs))
        if position not in taken
    }
    return sorted(overlaps, key=lambda position: (-overlaps[position], position))[:count]


@lru_cache(maxsize=1024)
def _token_sets(paragraphs: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(tokens(paragraph)) for paragraph in paragraphs)


def times(wanted: float, generator: random.Random) -> int:
    """Return how often to show something that is wanted so often on average."""
    return int(wanted) + (generator.random() < wanted % 1)
