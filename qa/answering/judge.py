"""Whether the passages found answer the question, with which words, and how sure that is.

By rule: what counts as evidence, and the sentence shown where no reader has read. Learned:
what the reader says (:mod:`qa.reader`), and the weights that turn evidence into a confidence
(:mod:`qa.reader.calibration`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.differences import differences
from qa.answering.refusal import missing_words, not_said
from qa.answering.siblings import named_value
from qa.loaders.rows import as_read
from qa.loaders.split import search_context
from qa.question.analysis import Question
from qa.question.expected import expected_pattern
from qa.question.forms import chosen, clauses, only_asks, yes_or_no
from qa.question.terms import Terms
from qa.reader import Reading
from qa.reader.calibration import Calibration, Evidence
from qa.retrieval.fusion import Hit
from qa.text import CLOSERS, fold, sentences
from qa.text.numbers import canonical
from qa.types import Answer, Difference, Paragraph, Passage, Span

__all__ = ["Found", "answering_sentence", "collect_evidence", "judge"]

_HIGHLIGHTED = 3
_ASKED_CONFIDENCE = 0.8
"""An answer below the question itself, found by rule; not learned."""
_SAME = 0.95
"""Share of a question's weight that the same question in an article has at least."""
_MORE = 0.3
"""Share of a question's weight that another clause has more than the reader's, to decide."""
_EXPECTED_WORTH = 0.1
_COMPARED = 5
"""Paragraphs that the first one is compared with, itself included."""
_ALSO_ANSWERS = 2.0
"""Log-odds behind the first passage up to which another one counts as answering too."""
_CLIP = 20.0


@dataclass(frozen=True, slots=True)
class Found:
    """A paragraph found for a question, with what the reader made of it, if it read it.

    ``also_in`` are paragraphs found that say the same; ``above`` is the line that it completes:
    the question it answers, or what leads in to it.
    """

    hit: Hit
    paragraph: Paragraph
    reading: Reading | None = None
    also_in: tuple[Paragraph, ...] = ()
    above: str = ""

    @property
    def said(self) -> str:
        """The paragraph with the line that it completes."""
        return f"{self.above}\n{self.paragraph.text}" if self.above else self.paragraph.text


def judge(
    terms: Terms,
    found: Sequence[Found],
    spread: tuple[float, float],
    calibration: Calibration,
    wanted: int,
    *,
    by_rule: bool = False,
) -> Answer:
    """Return the answer of at most ``wanted`` passages that the ranked paragraphs give.

    Passages that answer come before the others. How sure the answer is does not depend on
    how many are wanted. ``spread`` is mean and standard deviation of the question's cosines
    with all paragraphs; ``calibration`` is the reader's, where one has read, else the embedding
    model's.
    ``by_rule`` says that the first one is the item or list that the question names.
    """
    question = terms.question
    evidence = collect_evidence(terms, found, spread)
    logistic = calibration.logistic(evidence)
    confidence = logistic.confidence(evidence)
    if by_rule or _asks_the_same(terms, found[0].above):
        confidence = max(confidence, logistic.threshold, _ASKED_CONFIDENCE)
    answered = confidence >= logistic.threshold
    answering = _answering(found) if answered else set()
    order = sorted(range(len(found)), key=lambda place: (place not in answering, place))
    passages = tuple(
        _passage(terms, found[place], rank, answers=place in answering)
        for rank, place in enumerate(order[:wanted])
    )
    # An article in another language has the same things in other words.
    is_told = question.is_in_language_of(found[0].paragraph.text)
    missing = missing_words(terms) if is_told else ()
    if answered:
        return Answer(question.text, True, confidence, passages, "", question.asked, missing)
    differs = _differences(question, passages[:1])
    reason = not_said(question, missing, differs)
    return Answer(
        question.text, False, confidence, passages, reason, question.asked, missing, differs
    )


def _differences(question: Question, nearest: Sequence[Passage]) -> tuple[Difference, ...]:
    return tuple(
        difference
        for one in nearest
        for difference in differences(
            question,
            one.text,
            one.highlight.of(one.text) if one.highlight else one.text,
            search_context(one.paragraph),
        )
    )


def _asks_the_same(terms: Terms, above: str) -> bool:
    """Tell whether the article asks the question itself, right above what answers it."""
    return (
        only_asks(above)
        and terms.covered_by(above) >= _SAME
        and terms.question.expected is expected_pattern(above)
    )


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


def _passage(terms: Terms, found: Found, rank: int, *, answers: bool) -> Passage:
    """Return the passage with its sentence, around the answering words where they are known.

    One that does not answer has no such words, but the sentence that the reader came closest in.
    """
    paragraph, reading = found.paragraph, found.reading
    nearest = None if reading is None else reading.answer
    words = _deciding(terms, paragraph.text, nearest) if nearest is not None and answers else None
    sentence: Span | None = None
    if answers or rank < _HIGHLIGHTED:
        within = words or nearest
        if within is None:
            sentence = answering_sentence(terms, paragraph)
        else:
            sentence = _sentences_around(within, paragraph.text)
    return Passage(paragraph, found.hit.score, sentence, words, answers, found.also_in)


def _deciding(terms: Terms, text: str, words: Span) -> Span:
    """Return the words that decide what is asked, those of the reader unless a rule has others.

    Of an either-or question they are the side that the sentence names, of one for yes or no the
    word itself, or the clause that is asked about; of values side by side that of the name asked.
    """
    question, sentence = terms.question, _sentences_around(words, text)
    if question.sides is not None:
        return chosen(question.sides, text, sentence) or words
    if not question.whether:
        return named_value(question, text, words, sentence) or words
    said = yes_or_no(text)
    if said is not None:
        return said
    around = clauses(text, sentence)
    own = [one for one in around if one.start < words.end and one.end > words.start]
    covered = [terms.covered_by(one.of(text)) for one in around]
    best = max(range(len(around)), key=lambda place: covered[place])
    named = max((terms.covered_by(one.of(text)) for one in own), default=0.0)
    return around[best] if covered[best] >= named + _MORE else words


def _sentences_around(words: Span, text: str) -> Span:
    """Return the sentence that holds ``words``, or all of those that they reach into."""
    touched = [
        span for span in sentences(text) if span.start < words.end and span.end > words.start
    ]
    return Span(min(words.start, touched[0].start), max(words.end, touched[-1].end))


def collect_evidence(terms: Terms, found: Sequence[Found], spread: tuple[float, float]) -> Evidence:
    """Return what speaks for and against the first passage."""
    question = terms.question
    first, text = found[0].hit, as_read(found[0].paragraph).text
    shown = f"{search_context(found[0].paragraph)}\n{found[0].above}\n{text}"
    hits = [one.hit for one in found[:_COMPARED]]
    mean, deviation = spread
    pattern = question.expected
    expected = 0.0 if pattern is None else 1.0 if pattern.search(fold(text)) else -1.0
    readings = [one.reading for one in found if one.reading is not None]
    rivals = [one.score for one in readings[1:]]
    same_language = question.is_in_language_of(text)
    here, all_found = 0.0, 1.0
    if readings and same_language:
        texts = [canonical(fold(one.said)) for one in found if one.reading is not None]
        words = question.content_words
        here, all_found = _held(words, texts[:1]), _held(words, texts)
    return Evidence(
        coverage=terms.covered_by(f"{found[0].above}\n{text}"),
        sentence_coverage=max(
            (terms.covered_by(f"{found[0].above}\n{one.of(text)}") for one in sentences(text)),
            default=0.0,
        ),
        missing=terms.missing,
        elsewhere=terms.only_elsewhere(shown),
        dense=first.dense,
        dense_lead=(first.dense - mean) / deviation if deviation > 1e-6 else 0.0,
        margin=first.score - max((hit.score for hit in hits[1:]), default=first.score),
        agreement=float(
            first.dense >= max(hit.dense for hit in hits)
            and first.lexical >= max(hit.lexical for hit in hits) > 0
        ),
        expected=expected,
        conflict=float(bool(question.conflicts_with(shown))),
        same_language=same_language,
        read=bool(readings),
        reading=_clipped(readings[0].score) if readings else 0.0,
        reading_lead=_clipped(readings[0].score - _log_sum(rivals)) if rivals else 0.0,
        certainty=readings[0].certainty if readings else 0.0,
        alone=_clipped(_alone(readings[0])) if readings else 0.0,
        words_found=all_found,
        all_words=float(here == 1.0),
    )


def _held(words: Sequence[str], texts: Sequence[str]) -> float:
    """Return the share in [0, 1] of ``words``, by length, that occur in a text."""
    total = sum(map(len, words))
    held = sum(len(word) for word in words if any(word in text for text in texts))
    return held / total if total else 1.0


def _alone(reading: Reading) -> float:
    return reading.score if reading.alone is None else reading.alone


def _log_sum(scores: Sequence[float]) -> float:
    """Return the logarithm of the summed exponentials of ``scores``."""
    highest = max(scores)
    return highest + math.log(sum(math.exp(score - highest) for score in scores))


def _clipped(score: float) -> float:
    return max(-_CLIP, min(_CLIP, score))


def answering_sentence(terms: Terms, paragraph: Paragraph) -> Span | None:
    """Return the sentence with most of the question's weight; at a tie the earlier one.

    One with the kind of words that the question asks for (a date, a number…) counts a
    little more. A sentence that itself asks hands what it covers on to the next one.
    """
    text = paragraph.text
    pattern = terms.question.expected
    spans = sentences(text)
    best, best_worth, handed_on = None, -1.0, ""
    for span in spans:
        sentence = span.of(text)
        worth = terms.covered_by(handed_on + sentence)
        asks = sentence.rstrip(CLOSERS).endswith(("?", "？")) and span is not spans[-1]
        handed_on = sentence if asks else ""
        if asks:
            continue
        if pattern is not None and pattern.search(fold(sentence)):
            worth += _EXPECTED_WORTH
        if worth > best_worth:
            best, best_worth = span, worth
    return best
