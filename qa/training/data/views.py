"""Articles as they are elsewhere: longer paragraphs, hardly a full stop. For variety in training.

A reader that only saw short, well-punctuated paragraphs refuses what long, dense ones answer.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from qa.text import language
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.types import Span

__all__ = ["joined", "unpunctuated"]

_STOPS = str.maketrans("。；！", "，，，")
_NO_MARKS = str.maketrans("。；！，、：", "      ")


def joined(article: LabelledArticle, characters: int) -> LabelledArticle:
    """Return the article with neighbouring paragraphs joined up to about ``characters``."""
    groups: list[list[int]] = []
    size = 0
    for position, text in enumerate(article.paragraphs):
        if groups and size + len(text) <= characters:
            groups[-1].append(position)
            size += len(text)
        else:
            groups.append([position])
            size = len(text)
    joint = " " if language(article.paragraphs[0]) == "en" else ""
    place = {position: number for number, group in enumerate(groups) for position in group}
    shift: dict[int, int] = {}
    for group in groups:
        start = 0
        for position in group:
            shift[position] = start
            start += len(article.paragraphs[position]) + len(joint)
    texts = tuple(joint.join(article.paragraphs[at] for at in group) for group in groups)
    questions = tuple(_moved(one, place, shift) for one in article.questions)
    return replace(article, paragraphs=texts, questions=questions)


def _moved(
    question: LabelledQuestion, place: dict[int, int], shift: dict[int, int]
) -> LabelledQuestion:
    if not question.positives:
        return question
    positives = tuple(dict.fromkeys(place[at] for at in question.positives))
    moved = shift[question.positives[0]]
    answer = question.answer
    return replace(
        question,
        positives=positives,
        ignored=tuple(
            dict.fromkeys(place[at] for at in question.ignored if place[at] not in positives)
        ),
        answer=None if answer is None else Span(answer.start + moved, answer.end + moved),
    )


def unpunctuated(paragraphs: Sequence[str], generator: random.Random) -> tuple[str, ...]:
    """Return the paragraphs with commas for full stops, or blanks for all marks; no place moves."""
    marks = _STOPS if generator.random() < 0.7 else _NO_MARKS
    return tuple(text.translate(marks) for text in paragraphs)
