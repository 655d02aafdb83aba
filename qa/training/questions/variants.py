"""What is made of labelled questions when they are prepared: swapped and glossed forms."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from qa.text import query_tokens, sentences, tokens
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.questions.gloss import gloss
from qa.training.questions.swaps import Mention, mentions, swap

__all__ = ["with_variants"]

SWAPS_PER_QUESTION = 2

ALIKE = 0.5
"""Share of a question's words with which a sentence may answer it too."""


def with_variants(article: LabelledArticle, generator: random.Random) -> LabelledArticle:
    """Return the article with swapped and glossed forms at each of its questions."""
    known = mentions("\n".join((article.title, *article.paragraphs)))
    questions = tuple(_with_variants(one, article, known, generator) for one in article.questions)
    return replace(article, questions=questions)


def _with_variants(
    question: LabelledQuestion,
    article: LabelledArticle,
    known: Sequence[Mention],
    generator: random.Random,
) -> LabelledQuestion:
    if not question.positives:
        return question
    found = dict.fromkeys(_swapped(question, article, known))
    chosen = generator.sample(list(found), min(SWAPS_PER_QUESTION, len(found)))
    glossed = gloss(question.text, generator)
    return replace(question, swapped=tuple(chosen), glossed=glossed)


def _swapped(
    question: LabelledQuestion, article: LabelledArticle, known: Sequence[Mention]
) -> Iterator[str]:
    for mention in mentions(question.text):
        asked = frozenset(query_tokens(question.text.replace(mention.words, " ")))
        barred = " ".join(_near_answers(question, asked, article))
        yield from swap(question.text, [mention], known, barred)


def _near_answers(
    question: LabelledQuestion, asked: frozenset[str], article: LabelledArticle
) -> Iterator[str]:
    """Yield the sentences whose names may go with what is asked, for all a rule can tell.

    They are the answering sentence, those that share most of the question's other words, and
    the sentence before each of these, as its subject may be carried over. Without a known
    answer it is the whole paragraph.
    """
    for place, paragraph in enumerate(article.paragraphs):
        answering = place == question.positives[0]
        if answering and question.answer is None:
            yield paragraph
            continue
        before = ""
        for start, text, held in _sentences(paragraph):
            answers = (
                answering
                and question.answer is not None
                and (start <= question.answer.start < start + len(text))
            )
            if answers or len(asked & held) >= ALIKE * len(asked):
                yield before
                yield text
            before = text


@lru_cache(maxsize=1024)
def _sentences(paragraph: str) -> tuple[tuple[int, str, frozenset[str]], ...]:
    """Return each sentence with its start and tokens."""
    return tuple(
        (span.start, span.of(paragraph), frozenset(tokens(span.of(paragraph))))
        for span in sentences(paragraph)
    )
