"""Examples to train the reader on: a question, some passages, and which of them answers.

The answering paragraph among others of its article, or a question that the article does not
answer; and without an answer too: the same without that paragraph, the passages of another
article, a swapped question (:mod:`qa.training.questions.swaps`), nonsense.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.question.follow_up import stand_alone
from qa.training.data.negatives import hard_negatives, times
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.data.views import joined, unpunctuated
from qa.training.questions.augment import augment
from qa.training.questions.nonsense import nonsense
from qa.training.run.settings import ReaderSettings
from qa.types import Span

__all__ = ["Example", "epoch_of_examples"]

_FORM = re.compile(
    "为什么|為什麼|为何|是不是|有没有|有沒有|是否|吗|嗎|多少|几|哪|谁|誰|什么时候|怎么|"
    r"\b(?:why|how (?:many|much)|how|when|who|where|which|did|does|is|was|what)\b"
)
"""Forms of question, of which a reader must not learn whether they are answered."""


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

    Every question is asked of its article once, or as often as ``settings.repeats`` says, and by
    chance in ways that have no answer. Of a form of question (为什么, 多少 …) that is mostly
    unanswerable, or mostly answerable, in its collection, some of the more frequent side are left
    out, or a reader learns the form. Some articles are shown as they look elsewhere
    (:mod:`qa.training.data.views`).
    """
    generator = random.Random(f"{settings.seed} {epoch}")
    kept = _Balance(articles, settings.least_kept)
    found: list[Example] = []
    for article in articles:
        for _ in range(times(settings.repeats.get(article.collection, 1), generator)):
            shown = _as_elsewhere(article, settings, generator)
            for question in shown.questions:
                if generator.random() < kept.share(article, question):
                    found.extend(_drawn(question, shown, articles, settings, generator))
            if generator.random() < settings.nonsense_share:
                count = generator.randint(2, settings.passages)
                found.extend(
                    _unanswerable(shown, nonsense(generator), "", [], set(), count, generator)
                )
    generator.shuffle(found)
    return found


class _Balance:
    """How many of each form's questions to show, so that the form does not tell the answer."""

    def __init__(self, articles: Sequence[LabelledArticle], least: float) -> None:
        self._least = least
        counts: dict[tuple[str, str], list[int]] = {}
        for article in articles:
            for question in article.questions:
                sides = counts.setdefault((article.collection, _form(question.text)), [0, 0])
                sides[bool(question.positives)] += 1
        self._counts = counts

    def share(self, article: LabelledArticle, question: LabelledQuestion) -> float:
        """Return the probability with which to show a question."""
        form = _form(question.text)
        sides = self._counts[article.collection, form]
        if not form or not all(sides):
            return 1.0
        own, other = sides[bool(question.positives)], sides[not question.positives]
        return max(self._least, min(1.0, other / own))


def _form(question: str) -> str:
    found = _FORM.search(question.lower())
    return found.group() if found else ""


def _as_elsewhere(
    article: LabelledArticle, settings: ReaderSettings, generator: random.Random
) -> LabelledArticle:
    """Return the article as it is, with longer paragraphs, or without full stops."""
    if generator.random() < settings.joined_share:
        article = joined(article, generator.randint(200, settings.joined_characters))
    if generator.random() < settings.unpunctuated_share:
        texts = unpunctuated(article.paragraphs, generator)
        article = replace(article, paragraphs=texts)
    return article


def _drawn(
    question: LabelledQuestion,
    article: LabelledArticle,
    articles: Sequence[LabelledArticle],
    settings: ReaderSettings,
    generator: random.Random,
) -> Iterator[Example]:
    asked = _asked(question, settings, generator)
    count = generator.randint(2, settings.passages)
    positives, ignored = list(question.positives), set(question.ignored)
    title = article.title if generator.random() < settings.titled_share else ""
    if not positives:
        # What tempts most is what shares most with the question.
        yield from _unanswerable(article, asked, title, [], set(), count, generator)
        return
    positions = _among_others(article, asked, positives, ignored, count, generator)
    passages = [article.paragraphs[position] for position in positions]
    if generator.random() < settings.mixed_share:
        place = generator.randint(0, len(positions))
        passages.insert(place, generator.choice(generator.choice(articles).paragraphs))
        positions.insert(place, -1)
    answering = tuple(positions.index(position) for position in positives)
    yield Example(asked, title, tuple(passages), answering, question.answer)
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


def _asked(question: LabelledQuestion, settings: ReaderSettings, generator: random.Random) -> str:
    """Return the question as it may reach the reader: alone, with its history, in a variant."""
    if question.history:
        before = question.history[-1]
        if generator.random() < settings.plain_history_share:
            return f"{before.rstrip('？?')} {question.text}"
        return stand_alone(question.text, question.history)
    if question.glossed and generator.random() < settings.glossed_share:
        return question.glossed
    return augment(question.text, generator, settings.augmented_share)


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
