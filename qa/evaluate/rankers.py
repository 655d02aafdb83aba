"""Ways of ranking the same paragraphs, compared on the same questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from qa.chatbot import Chatbot, Inquiry
from qa.evaluate.labels import Label, check_labels
from qa.evaluate.outcomes import first_with_evidence
from qa.index import NOTHING, Candidates
from qa.retrieval.fusion import rank
from qa.types import Floats, Paragraph

__all__ = ["RANKERS", "Ranker", "Ranking", "compare"]

DEPTH = 10
"""Paragraphs looked at in each ranking."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How one way of ranking does on the answerable questions; shares in [0, 1]."""

    name: str
    questions: int
    hit_at_1: float
    hit_at_3: float
    reciprocal_rank: float


Ranker = Callable[[Chatbot, Inquiry], Sequence[Paragraph]]
"""The best paragraphs for what was asked, best first, at most ten."""


def by_meaning(bot: Chatbot, asked: Inquiry) -> list[Paragraph]:
    """Rank by the cosine alone."""
    return _best(bot, _candidates(asked), _candidates(asked).dense)


def by_words(bot: Chatbot, asked: Inquiry) -> list[Paragraph]:
    """Rank by BM25 alone."""
    return _best(bot, _candidates(asked), _candidates(asked).lexical)


def fused(bot: Chatbot, asked: Inquiry) -> list[Paragraph]:
    """Rank by both."""
    hits = rank(_candidates(asked), bot.calibration.dense_scale, DEPTH)
    return [bot.index.paragraph(hit.number) for hit in hits]


def as_answered(_: Chatbot, asked: Inquiry) -> list[Paragraph]:
    """Rank as the chatbot answers, with everything it does after fusion."""
    return [passage.paragraph for passage in asked.answer.passages]


RANKERS: Mapping[str, Ranker] = MappingProxyType(
    {
        "dense": by_meaning,
        "lexical": by_words,
        "fused": fused,
        "as answered": as_answered,
    }
)


def compare(
    bot: Chatbot,
    labels: Sequence[Label],
    rankers: Mapping[str, Ranker] = RANKERS,
    progress: Callable[[int, int], None] | None = None,
    *,
    checked: bool = False,
) -> list[Ranking]:
    """Return how each ranker does on the answerable questions, all on the same candidates.

    ``checked`` says that the labels have been checked, for which every article is read.

    Raises:
        LabelError: if evidence is not in an article that a label names.

    """
    if not checked:
        check_labels(labels, bot.documents)
    asked = [label for label in labels if label.evidence]
    places: dict[str, list[int]] = {name: [] for name in rankers}
    for number, label in enumerate(asked, start=1):
        inquiry = bot.inquire(label.question, label.history, k=DEPTH)
        for name, ranker in rankers.items():
            places[name].append(first_with_evidence(ranker(bot, inquiry), label))
        if progress is not None:
            progress(number, len(asked))
    return [_ranking(name, found) for name, found in places.items()]


def _candidates(inquiry: Inquiry) -> Candidates:
    return NOTHING if inquiry.searched is None else inquiry.searched.candidates


def _best(bot: Chatbot, candidates: Candidates, scores: Floats) -> list[Paragraph]:
    """Return the paragraphs of the highest scores; at a tie the earlier in the documents."""
    order = np.lexsort((candidates.numbers, -scores))[:DEPTH]
    return [bot.index.paragraph(int(candidates.numbers[place])) for place in order]


def _ranking(name: str, places: Sequence[int]) -> Ranking:
    total = len(places)
    if not total:
        return Ranking(name, 0, float("nan"), float("nan"), float("nan"))
    return Ranking(
        name,
        total,
        hit_at_1=sum(place == 1 for place in places) / total,
        hit_at_3=sum(1 <= place <= 3 for place in places) / total,
        reciprocal_rank=sum(1 / place for place in places if place) / total,
    )
