"""From labelled articles to batches of questions and paragraphs.

The hard negatives of a question are the other paragraphs of its own article, all of them where
they fit. So a batch is made of groups: some paragraphs of one article and the questions that
they answer. Each paragraph stands in a batch once, however many questions it answers; thus no
paragraph is a negative of a question it answers.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.question.follow_up import stand_alone
from qa.training.data.negatives import hard_negatives, times
from qa.training.data.records import LabelledArticle, LabelledQuestion, Sentences
from qa.training.questions.augment import augment, other_script
from qa.training.run.settings import RetrieverSettings

__all__ = ["Batch", "Group", "collate", "epoch_of_groups"]


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs of one article, by position, and questions that they answer."""

    article: LabelledArticle
    positions: tuple[int, ...]
    questions: tuple[LabelledQuestion, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts to compare, each question with every paragraph.

    ``labels`` has the place of its answering paragraph for each question, ``ignored`` the places
    that are left out of its comparison. ``sentences`` are pairs to bring together, a sentence and
    its translation.
    """

    questions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    labels: tuple[int, ...]
    ignored: tuple[tuple[int, ...], ...]
    sentences: tuple[Sentences, ...] = ()


def epoch_of_groups(
    articles: Iterable[LabelledArticle], settings: RetrieverSettings, epoch: int
) -> list[list[Group]]:
    """Return the groups of each batch of an epoch, the same for the same seed and epoch.

    Every question is in one of them at least once, or as often as ``settings.repeats`` says.
    """
    generator = random.Random(f"{settings.seed} {epoch}")
    groups = [
        group
        for article in articles
        for _ in range(times(settings.repeats.get(article.collection, 1), generator))
        for group in _groups(article, settings.paragraphs_per_group, generator)
    ]
    generator.shuffle(groups)
    batches = _pack(groups, settings.paragraphs_per_batch)
    generator.shuffle(batches)
    return batches


def _groups(article: LabelledArticle, size: int, generator: random.Random) -> Iterator[Group]:
    """Cut an article into groups of at most about ``size`` paragraphs.

    Half of a group are answering paragraphs, the rest those most like the questions.
    """
    if not article.answerable:
        return
    if len(article.paragraphs) <= size:
        yield Group(article, tuple(range(len(article.paragraphs))), article.answerable)
        return
    questions = list(article.answerable)
    generator.shuffle(questions)
    answered: dict[int, list[LabelledQuestion]] = {}
    for question in questions:
        answered.setdefault(question.positives[0], []).append(question)
    answering = list(answered)
    half = max(1, size // 2)
    for start in range(0, len(answering), half):
        chosen = answering[start : start + half]
        asked = [question for position in chosen for question in answered[position]]
        needed = {position for question in asked for position in question.positives}
        texts = [question.text for question in asked]
        rest = hard_negatives(article, texts, needed, size - len(needed), generator)
        yield Group(article, (*sorted(needed), *rest), tuple(asked))


def _pack(groups: Sequence[Group], paragraphs: int) -> list[list[Group]]:
    """Fill batches in order, joining the groups of one article.

    A group waits for the next batch while another article of the same subject is in this one.
    """
    batches: list[list[Group]] = []
    waiting = list(groups)
    while waiting:
        batch: dict[str, Group] = {}
        size, later = 0, []
        for place, group in enumerate(waiting):
            present = batch.get(group.article.key)
            if present is not None and present.article is not group.article:
                later.append(group)
                continue
            joined = group if present is None else _join(present, group)
            added = len(joined.positions) - (len(present.positions) if present else 0)
            if batch and size + added > paragraphs:
                later.extend(waiting[place:])
                break
            batch[group.article.key] = joined
            size += added
        batches.append(list(batch.values()))
        waiting = later
    return batches


def _join(group: Group, other: Group) -> Group:
    return Group(
        group.article,
        tuple(dict.fromkeys(group.positions + other.positions)),
        tuple(dict.fromkeys(group.questions + other.questions)),
    )


def collate(
    groups: Iterable[Group],
    settings: RetrieverSettings,
    step: int,
    sentences: Sequence[Sentences] = (),
) -> Batch:
    """Return the texts of a batch, augmented the same way for the same seed and step.

    A question with several answering paragraphs is there once for each of them, with the others
    ignored.
    """
    generator = random.Random(f"{settings.seed}/{step}")
    questions: list[str] = []
    paragraphs: list[str] = []
    labels: list[int] = []
    ignored: list[tuple[int, ...]] = []
    for group in groups:
        places = {at: len(paragraphs) + place for place, at in enumerate(group.positions)}
        # A whole group changes script, or the script would tell the article's paragraphs apart.
        convert = generator.random() < settings.converted_share
        for position in group.positions:
            text = group.article.paragraphs[position]
            paragraphs.append(other_script(text) if convert else text)
        for question in group.questions:
            for positive in question.positives:
                asked = stand_alone(question.text, question.history)
                questions.append(augment(asked, generator, settings.augmented_share))
                labels.append(places[positive])
                ignored.append(_others(question, positive, places))
    pairs = generator.sample(sentences, min(settings.sentences_per_batch, len(sentences)))
    return Batch(tuple(questions), tuple(paragraphs), tuple(labels), tuple(ignored), tuple(pairs))


def _others(
    question: LabelledQuestion, positive: int, places: Mapping[int, int]
) -> tuple[int, ...]:
    others = (*question.positives, *question.ignored)
    return tuple(places[at] for at in others if at != positive and at in places)
