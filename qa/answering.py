"""From the candidates of a question to its answer: rank, read, order, judge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.about import asked_kind, asked_ordinal
from qa.calibration import Calibration
from qa.config import Config
from qa.duplicates import fold_duplicates
from qa.index import Candidates, Index
from qa.judge import Found, judge
from qa.question import Question
from qa.reader import Reader, Text
from qa.retrieve import order_read, rank
from qa.split import search_context
from qa.text import same_language
from qa.types import Answer

__all__ = ["Models", "answer", "find", "read_all"]

_LONGEST_READ = 6_000
"""Characters that are read of one passage at most: a line may be as long as an article."""

_SPARE = 2
"""Times as many paragraphs are ranked as wanted, since some may repeat others."""


@dataclass(frozen=True, slots=True)
class Models:
    """What was fitted for the embedding model, and the reader, if there is one."""

    retrieval: Calibration
    reader: Reader | None = None

    @property
    def calibration(self) -> Calibration:
        """What judges the answers: the reader's, where one reads."""
        return self.retrieval if self.reader is None else self.reader.calibration


def answer(
    question: Question,
    candidates: Candidates,
    index: Index,
    models: Models,
    config: Config,
    wanted: int,
    asked: str,
) -> Answer:
    """Return the answer of ``wanted`` passages that the candidates give.

    ``asked`` is what was typed, before it took anything from the questions before it.
    """
    spread = (candidates.dense_mean, candidates.dense_deviation)
    about = _about_article(question, candidates, index, models)
    if about:
        return judge(question, about, spread, models.retrieval, asked, wanted, about_article=True)
    found = find(question, candidates, index, models, config, wanted)
    return judge(question, found, spread, models.calibration, asked, wanted)


def find(
    question: Question,
    candidates: Candidates,
    index: Index,
    models: Models,
    config: Config,
    wanted: int,
) -> list[Found]:
    """Return the paragraphs found, at least ``wanted`` where there are as many, best first.

    What repeats a better one is folded into it.
    """
    count = max(wanted, config.read_passages)
    hits = rank(candidates, models.retrieval.dense_scale, _SPARE * count)
    found = _folded([Found(hit, index.paragraph(hit.number)) for hit in hits])[:count]
    if models.reader is None:
        return found
    return read_all(question.text, found, models.reader, config)


def read_all(question: str, found: Sequence[Found], reader: Reader, config: Config) -> list[Found]:
    """Return what was found in its final order, the first passages with their readings."""
    chosen = _to_read(found, config)
    readings = reader.read(
        question,
        [Text(one.paragraph.text[:_LONGEST_READ], search_context(one.paragraph)) for one in chosen],
    )
    same = same_language(question, chosen[0].paragraph.text)
    order = order_read(
        [one.hit for one in chosen],
        [reading.score for reading in readings],
        reader.calibration.of(same_language=same).point_worth,
    )
    read = [replace(one, reading=own) for one, own in zip(chosen, readings, strict=True)]
    return [*(read[place] for place in order), *(one for one in found if one not in chosen)]


def _to_read(found: Sequence[Found], config: Config) -> list[Found]:
    """Return the first passages, as many as the settings allow, one at least.

    Titles, bylines and headings are passed over, unless there is nothing else: a reader knows
    paragraphs only.
    """
    texts = [one for one in found[: config.read_passages] if one.paragraph.kind == "text"]
    chosen: list[Found] = []
    characters = 0
    for one in texts or found[: config.read_passages]:
        characters += len(one.paragraph.text)
        if chosen and characters > config.read_characters:
            break
        chosen.append(one)
    return chosen


def _folded(found: Sequence[Found]) -> list[Found]:
    """Return what was found without the paragraphs that repeat a better one."""
    return [
        replace(
            found[kept.place], also_in=tuple(found[place].paragraph for place in kept.repeated_at)
        )
        for kept in fold_duplicates([one.paragraph for one in found])
    ]


def _about_article(
    question: Question, candidates: Candidates, index: Index, models: Models
) -> list[Found]:
    """Return what was found with lines of the kind asked for first; nothing if none is."""
    kind = asked_kind(question.text)
    if kind is None:
        return []
    hits = rank(candidates, models.retrieval.dense_scale, None)
    found = [Found(hit, index.paragraph(hit.number)) for hit in hits]
    named = [one for one in found if one.paragraph.kind == kind]
    if not named:
        return []
    others = [one for one in found if one.paragraph.kind != kind]
    return [*_in_order(named, question.text), *others]


def _in_order(found: Sequence[Found], question: str) -> list[Found]:
    """Return lines of an article in their order, the one that the question names first."""
    ordered = sorted(found, key=lambda one: one.hit.number)
    named = asked_ordinal(question)
    if named is not None and named < len(ordered):
        ordered.insert(0, ordered.pop(named))
    return ordered
