"""Whether the passages found answer the question, with which words, and how sure that is.

By rule: what counts as evidence, and the sentence shown where no reader has read. Learned:
what the reader says (:mod:`qa.reader`), and the weights that turn evidence into a confidence
(:mod:`qa.calibration`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.calibration import Calibration, Evidence
from qa.question import Question
from qa.reader import Reading
from qa.refusal import missing_words, not_said
from qa.retrieve import Hit
from qa.split import search_context
from qa.text import CLOSERS, expected_pattern, fold, same_language, sentences
from qa.types import Answer, Paragraph, Passage, Span

__all__ = ["Found", "answering_sentence", "collect_evidence", "judge"]

_HIGHLIGHTED = 3
_ABOUT_CONFIDENCE = 0.95
"""A title, byline or heading found by rule; not learned."""
_EXPECTED_WORTH = 0.1
_COMPARED = 5
"""Paragraphs that the first one is compared with, itself included."""
_ALSO_ANSWERS = 2.0
"""Log-odds behind the first passage up to which another one counts as answering too."""
_CLIP = 20.0


@dataclass(frozen=True, slots=True)
class Found:
    """A paragraph found for a question, with what the reader made of it, if it read it.

    ``also_in`` are paragraphs found that say the same.
    """

    hit: Hit
    paragraph: Paragraph
    reading: Reading | None = None
    also_in: tuple[Paragraph, ...] = ()


def judge(
    question: Question,
    found: Sequence[Found],
    spread: tuple[float, float],
    calibration: Calibration,
    asked: str,
    wanted: int,
    *,
    about_article: bool = False,
) -> Answer:
    """Return the answer of at most ``wanted`` passages that the ranked paragraphs give.

    Passages that answer come before the others. How sure the answer is does not depend on
    how many are wanted. ``spread`` is mean and standard deviation of the question's cosines
    with all paragraphs; ``calibration`` is the reader's, where one has read, else the embedding
    model's.
    ``about_article`` says that the first one is the title, byline or heading asked for.
    """
    if about_article:
        confidence, answered = _ABOUT_CONFIDENCE, True
    else:
        evidence = collect_evidence(question, found, spread)
        logistic = calibration.logistic(evidence)
        confidence = logistic.confidence(evidence)
        answered = confidence >= logistic.threshold
    answering = _answering(found) if answered and not about_article else {0} if answered else set()
    order = sorted(range(len(found)), key=lambda place: (place not in answering, place))
    passages = tuple(
        _passage(question, found[place], rank, answers=place in answering)
        for rank, place in enumerate(order[:wanted])
    )
    missing = missing_words(question)
    reason = "" if answered else not_said(asked or question.text, missing)
    return Answer(question.text, answered, confidence, passages, reason, asked, missing)


def _answering(found: Sequence[Found]) -> set[int]:
    """Return the places of the passages that answer, the first one among them."""
    best = found[0].reading
    if best is None:
        return {0}
    floor = max(0.0, best.score - _ALSO_ANSWERS)
    also = {
        place
        for place, one in enumerate(found)
        if one.reading is not None and one.reading.score >= floor
    }
    return {0} | also


def _passage(question: Question, found: Found, rank: int, *, answers: bool) -> Passage:
    """Return the passage with its sentence, around the answering words where they are known."""
    paragraph, reading = found.paragraph, found.reading
    words = reading.answer if reading is not None and answers else None
    if words is not None:
        sentence: Span | None = _sentences_around(words, paragraph.text)
    elif answers or rank < _HIGHLIGHTED:
        sentence = answering_sentence(question, paragraph)
    else:
        sentence = None
    return Passage(paragraph, found.hit.score, sentence, words, answers, found.also_in)


def _sentences_around(words: Span, text: str) -> Span:
    """Return the sentence that holds ``words``, or all of those that they reach into."""
    touched = [
        span for span in sentences(text) if span.start < words.end and span.end > words.start
    ]
    return Span(min(words.start, touched[0].start), max(words.end, touched[-1].end))


def collect_evidence(
    question: Question, found: Sequence[Found], spread: tuple[float, float]
) -> Evidence:
    """Return what speaks for and against the first passage."""
    first, paragraph = found[0].hit, found[0].paragraph
    text = paragraph.text
    hits = [one.hit for one in found[:_COMPARED]]
    mean, deviation = spread
    pattern = expected_pattern(question.text)
    expected = 0.0 if pattern is None else 1.0 if pattern.search(fold(text)) else -1.0
    readings = [one.reading for one in found if one.reading is not None]
    rivals = [one.score for one in readings[1:]]
    return Evidence(
        coverage=question.covered_by(text),
        sentence_coverage=max(
            (question.covered_by(span.of(text)) for span in sentences(text)), default=0.0
        ),
        missing=question.missing,
        elsewhere=question.only_elsewhere(f"{search_context(paragraph)}\n{paragraph.text}"),
        dense=first.dense,
        dense_lead=(first.dense - mean) / deviation if deviation > 1e-6 else 0.0,
        margin=first.score - max((hit.score for hit in hits[1:]), default=first.score),
        agreement=float(
            first.dense >= max(hit.dense for hit in hits)
            and first.lexical >= max(hit.lexical for hit in hits) > 0
        ),
        expected=expected,
        same_language=same_language(question.text, text),
        read=bool(readings),
        reading=_clipped(readings[0].score) if readings else 0.0,
        reading_lead=_clipped(readings[0].score - _log_sum(rivals)) if rivals else 0.0,
        certainty=readings[0].certainty if readings else 0.0,
    )


def _log_sum(scores: Sequence[float]) -> float:
    """Return the logarithm of the summed exponentials of ``scores``."""
    highest = max(scores)
    return highest + math.log(sum(math.exp(score - highest) for score in scores))


def _clipped(score: float) -> float:
    return max(-_CLIP, min(_CLIP, score))


def answering_sentence(question: Question, paragraph: Paragraph) -> Span | None:
    """Return the sentence with most of the question's weight; at a tie the earlier one.

    One with the kind of words that the question asks for (a date, a number…) counts a
    little more. A sentence that itself asks hands what it covers on to the next one.
    """
    text = paragraph.text
    pattern = expected_pattern(question.text)
    spans = sentences(text)
    best, best_worth, handed_on = None, -1.0, ""
    for span in spans:
        sentence = span.of(text)
        worth = question.covered_by(handed_on + sentence)
        asks = sentence.rstrip(CLOSERS).endswith(("?", "？")) and span is not spans[-1]
        handed_on = sentence if asks else ""
        if asks:
            continue
        if pattern is not None and pattern.search(fold(sentence)):
            worth += _EXPECTED_WORTH
        if worth > best_worth:
            best, best_worth = span, worth
    return best
