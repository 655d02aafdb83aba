"""What is made of labelled questions when they are prepared: swapped and glossed forms."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.text import sentences
from qa.training.gloss import gloss
from qa.training.records import LabelledArticle, LabelledQuestion
from qa.training.swaps import Mention, mentions, swap

__all__ = ["with_variants"]

SWAPS_PER_QUESTION = 2


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
    barred = " ".join(_answering_sentences(question, article))
    found = list(dict.fromkeys(swap(question.text, mentions(question.text), known, barred)))
    chosen = generator.sample(found, min(SWAPS_PER_QUESTION, len(found)))
    glossed = gloss(question.text, generator)
    return replace(question, swapped=tuple(chosen), glossed=glossed)


def _answering_sentences(question: LabelledQuestion, article: LabelledArticle) -> Iterator[str]:
    """Yield the sentence of the answer; without a known answer, the whole paragraph."""
    text = article.paragraphs[question.positives[0]]
    for span in sentences(text):
        if question.answer is None or span.start <= question.answer.start < span.end:
            yield span.of(text)
