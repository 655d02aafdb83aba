"""From the candidates of a question to its answer: rank, read, order, judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.completing import announced_list, asked_number, handed_over, with_items
from qa.answering.judge import Found, judge
from qa.answering.overview import overview
from qa.answering.refusal import not_said
from qa.answering.surroundings import Outlines, place_of
from qa.config import Config
from qa.index import Index
from qa.loaders.rows import as_read
from qa.loaders.split import search_context
from qa.question.analysis import Question
from qa.question.division import begins_with
from qa.reader import Reader, Reading, Text
from qa.reader.calibration import Calibration
from qa.retrieval.duplicates import fold_duplicates
from qa.retrieval.fusion import Hit, order_read, rank
from qa.retrieval.retriever import Searched
from qa.text import HAN
from qa.text.numbers import in_forms_of
from qa.types import Answer, Span

__all__ = ["Answerer", "read_all"]

_LONGEST_READ = 6_000
"""Characters that are read of one passage at most: a line may be as long as an article."""

_SET_APART = re.compile(f"(?<=[{HAN}]) 那?(?=[{HAN}])")
"""Between the subject that a follow-up takes and its own words."""

_SPARE = 2
"""Times as many paragraphs are ranked as wanted, since some may repeat others."""

_CLOSE_DECISION = (-4.0, 2.0)
"""Log-odds between which the first passage is read once more, by itself."""

_BY_WORDS = 2
"""Paragraphs that are read for their words, where a question names a division."""

_NONE_SHOWN: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers what was searched in an index, with a reader if there is one.

    ``retrieval`` is what was fitted for the embedding model.
    """

    index: Index
    retrieval: Calibration
    reader: Reader | None
    config: Config

    @property
    def calibration(self) -> Calibration:
        """What judges the answers: the reader's, where one reads."""
        return self.retrieval if self.reader is None else self.reader.calibration

    def answer(self, searched: Searched, wanted: int | None) -> Answer:
        """Return the answer that the candidates give, or that the article gives about itself.

        ``wanted`` is the number of passages, None for what is usual. What answered before is
        left out, as many times as more of the same was asked for since.
        """
        question = searched.question
        told = question.about and overview(question.about, searched, self.index, wanted)
        if told:
            return told
        count = self.config.k if wanted is None else wanted
        attempt = _Attempt(self, searched, Outlines(self.index), count)
        given = attempt.answer(_NONE_SHOWN)
        shown: set[tuple[str, int]] = set()
        for _ in range(question.more):
            if not given.answered:
                break
            shown.update(place_of(one.paragraph) for one in given.passages if one.answers)
            given = attempt.answer(frozenset(shown))
        return given

    def find(self, searched: Searched, wanted: int) -> list[Found]:
        """Return the paragraphs found, at least ``wanted`` where there are as many, best first.

        What repeats a better one is folded into it, and what only asks gives way to its answer.
        """
        return _Attempt(self, searched, Outlines(self.index), wanted).found(_NONE_SHOWN)[0]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A question with its candidates and all that its answer is made with."""

    answerer: Answerer
    searched: Searched
    outlines: Outlines
    wanted: int

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.searched.question

    def answer(self, shown: frozenset[tuple[str, int]]) -> Answer:
        """Return the answer without the paragraphs that were shown before."""
        found, named = self.found(shown)
        if not found:
            reason = not_said(self.question)
            return Answer(self.question.text, False, 0.0, (), reason, self.question.asked)
        given = self._judged(found, by_rule=named)
        listed = None
        if not given.answered and not shown:
            listed = announced_list(self.question, found, self.outlines)
        return given if listed is None else self._judged(listed, by_rule=True)

    def found(self, shown: frozenset[tuple[str, int]]) -> tuple[list[Found], bool]:
        """Return what was found, and whether the first is all that is asked for by its number."""
        question, reader, config = self.question, self.answerer.reader, self.answerer.config
        count = max(self.wanted, config.read_passages)
        division = question.division
        hits = self._ranked(_SPARE * count + len(shown), by_words=division is not None)
        ranked = [Found(hit, self.outlines.paragraph(hit.number)) for hit in hits]
        answers = handed_over(question.text, ranked, self.outlines)
        found = _folded([one for one in answers if place_of(one.paragraph) not in shown])[:count]
        numbered = None if shown else asked_number(question, found, self.outlines)
        if numbered is not None:
            found = numbered.first([*numbered.item, *found])
        if reader is not None and found:
            found = read_all(question, found, reader, config)
        if numbered is not None:
            return numbered.first(found), numbered.is_all
        if division is None or not found:
            return found, False
        found.sort(key=lambda one: not begins_with(one.paragraph.text, division))
        return found, begins_with(found[0].paragraph.text, division) and question.for_division

    def _ranked(self, count: int, *, by_words: bool) -> list[Hit]:
        """Return the first of the ranking; ``by_words`` the best two by words are among them.

        What an embedding makes of 第13条 says little.
        """
        candidates, scale = self.searched.candidates, self.answerer.retrieval.dense_scale
        if not by_words:
            return rank(candidates, scale, count)
        hits = rank(candidates, scale, None)
        worded = {hit.number for hit in sorted(hits, key=lambda hit: -hit.lexical)[:_BY_WORDS]}
        others = [hit.number for hit in hits if hit.number not in worded]
        kept = worded.union(others[: max(count - len(worded), 0)])
        return [hit for hit in hits if hit.number in kept]

    def _judged(self, found: Sequence[Found], *, by_rule: bool) -> Answer:
        terms, candidates = self.searched.terms, self.searched.candidates
        spread = candidates.dense_mean, candidates.dense_deviation
        given = judge(terms, found, spread, self.answerer.calibration, self.wanted, by_rule=by_rule)
        return with_items(terms, given, self.outlines)


def read_all(
    question: Question, found: Sequence[Found], reader: Reader, config: Config
) -> list[Found]:
    """Return what was found in its final order, the first passages with their readings."""
    chosen = _to_read(found, config)
    texts = [Text(_said(one)[:_LONGEST_READ], search_context(one.paragraph)) for one in chosen]
    # Read as one question: a subject set apart would make any answer likelier.
    asked = in_forms_of(_SET_APART.sub("", question.text), (one.said for one in chosen))
    readings = reader.read(asked, texts)
    same = question.is_in_language_of(chosen[0].paragraph.text)
    were_read = [place for place, own in enumerate(readings) if own is not None]
    order = order_read(
        [chosen[place].hit for place in were_read],
        [own.score for own in readings if own is not None],
        reader.calibration.of(same_language=same).point_worth,
    )
    first = were_read[order[0]]
    reading = readings[first]
    lowest, highest = _CLOSE_DECISION
    if reading is not None and len(were_read) > 1 and lowest < reading.score < highest:
        (alone,) = reader.read(asked, [texts[first]])
        readings[first] = replace(reading, alone=None if alone is None else alone.score)
    read = [_read(chosen[place], own) for place in were_read if (own := readings[place])]
    known = {place_of(one.paragraph) for one in read}
    others = (one for one in found if place_of(one.paragraph) not in known)
    return [*(read[at] for at in order), *others]


def _said(found: Found) -> str:
    """Return a paragraph as it is read, with the line that it completes."""
    text = as_read(found.paragraph).text
    return f"{found.above}\n{text}" if found.above else text


def _read(found: Found, reading: Reading) -> Found:
    """Return what was found with its reading, whose words count in the paragraph alone."""
    piece, words = as_read(found.paragraph), reading.answer
    before = len(_said(found)) - len(piece.text)
    if words is not None:
        end = words.end - before
        words = piece.original(Span(max(words.start - before, 0), end)) if end > 0 else None
    return replace(found, reading=replace(reading, answer=words))


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
