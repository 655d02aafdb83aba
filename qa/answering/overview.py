"""Answers about the article itself: its own lines, sentences that stand for its parts, counts."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from qa.answering.central import central_sentences, stretches
from qa.answering.refusal import counted
from qa.index import Candidates, Index
from qa.loaders.split import split
from qa.question.about_article import About
from qa.question.analysis import Question
from qa.retrieval.retriever import Searched
from qa.text import HAN, fold, has_content, language, sentences
from qa.types import Answer, BlockKind, Counts, Paragraph, Passage, Span

__all__ = ["LINES", "overview"]

LINES = 8
"""Lines of an outline or list, where no other number is wanted."""
_CONFIDENCE = 0.95
"""Of lines found by rule; not learned."""
_STRETCHES = 5
_ONLY_OF_TEXTS = ("headings", "paragraph", "size")
_LOOKED_AT = 20
"""Passages found, among which the article is that a question names."""
_KINDS: dict[str, BlockKind] = {"title": "title", "date": "byline", "author": "byline"}
_DATE = re.compile(r"\d{2,4}\s*[年/.-]\s*\d{1,2}|\d{1,2}月\d{1,2}|\b\d{1,2},? \d{4}\b")
_NO_NAME = re.compile(
    r"[\d\s年月日时分秒:/.,|-]+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|(?:发布|发表|更新)?(?:时间|日期|于)|am\b|pm\b"
)
_COUNTED = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:[.,'’-][^\W_{HAN}]+)*")


def overview(about: About, searched: Searched, index: Index, wanted: int | None) -> Answer | None:
    """Return what the article tells about itself; None if it has no such line.

    Of several articles the one counts that the question names; without a name they are listed,
    or it is said that one has to be chosen. ``wanted`` is the most lines, if a number is wanted.
    """
    limit = LINES if wanted is None else wanted
    question = searched.question
    ids = _articles(about, searched.candidates, index, limit)
    if not ids:
        return None
    articles = [split(index.document(one)) for one in ids]
    count = 1 if about.named else index.document_count()
    if count > 1 and about.facet in ("outline", "title"):
        lines = [_title(article) for article in articles]
    elif about.facet in _KINDS:
        lines = [
            _whole(one) for article in articles for one in article if _is_asked_for(about, one)
        ]
    elif count > 1:
        return _told(question, Counts(count))
    else:
        return _of_one(about, question, articles[0], limit)
    return _shown(question, lines[:limit]) if lines else None


def _articles(about: About, candidates: Candidates, index: Index, limit: int) -> Sequence[str]:
    """Return the ids of the articles that a question is about; none if it names another one.

    Who wrote 《…》 and what it tells is asked of what an article is on, too: the article itself
    is meant only where the question calls it an article.
    """
    if not about.named:
        return index.document_ids(limit)
    if not about.explicit and about.facet not in _ONLY_OF_TEXTS:
        return []
    named = fold(about.named)
    best = np.argsort(-candidates.lexical, kind="stable")[:_LOOKED_AT]
    found = (index.paragraph(int(number)) for number in candidates.numbers[best])
    return [one.document_id for one in found if named in fold(one.title)][:1]


def _of_one(about: About, question: Question, article: Sequence[Paragraph], limit: int) -> Answer:
    """Return the outline, sections, a paragraph or the size of one article."""
    counts = _counts(article)
    headings = [one for one in article if one.kind == "heading"]
    if about.facet == "headings" and headings:
        lines = [_whole(one) for one in _from(headings, about.place)]
        return _shown(question, lines[:limit], counts)
    if about.facet == "outline":
        return _shown(question, _outline(article, headings, limit))
    body = [one for one in article if one.kind == "text"]
    place = about.place
    if about.facet == "paragraph" and place is not None and -len(body) <= place < len(body):
        number = place % len(body) + 1
        own = body[number - 1]
        shown = Passage(own, 0.0, _gist(own), None, answers=True)
        of = Counts(1, counts.paragraphs, counts.headings, counts.characters, number)
        return _shown(question, [shown], of)
    return _told(question, counts)


def _outline(
    article: Sequence[Paragraph], headings: Sequence[Paragraph], limit: int
) -> list[Passage]:
    """Return the title, the headings and a sentence of each part, in order, as many as fit.

    Of too many headings those of the first ones are taken; sentences fill what room is left.
    """
    lines = {one.position: _whole(one) for one in article if one.kind == "title"}
    for one in headings[: max(limit - len(lines), 0)]:
        lines[one.position] = _whole(one)
    body = [one for one in article if one.kind == "text"]
    room = limit - len(lines)
    parts = _sections(body) if headings else stretches(body, min(_STRETCHES, room))
    for sentence in central_sentences(parts)[: max(room, 0)]:
        one = sentence.paragraph
        lines[one.position] = Passage(one, 0.0, sentence.span, None, answers=True)
    return [lines[position] for position in sorted(lines)][:limit]


def _sections(body: Iterable[Paragraph]) -> list[list[Paragraph]]:
    sections: list[list[Paragraph]] = []
    for one in body:
        if not sections or sections[-1][-1].section != one.section:
            sections.append([])
        sections[-1].append(one)
    return sections


def _from(headings: Sequence[Paragraph], place: int | None) -> Sequence[Paragraph]:
    """Return the headings, the one asked for first."""
    if place is None or not -len(headings) <= place < len(headings):
        return headings
    first = headings[place]
    return [first, *(one for one in headings if one is not first)]


def _title(article: Sequence[Paragraph]) -> Passage:
    """Return the title of an article, or where it has none its first sentence."""
    for one in article:
        if one.kind == "title":
            return _whole(one)
    first = next((one for one in article if one.kind == "text"), article[0])
    spans = sentences(first.text)
    return Passage(first, 0.0, spans[0] if spans else None, None, answers=True)


def _is_asked_for(about: About, line: Paragraph) -> bool:
    """Tell whether a line is the title, or a byline with the date or the name asked for."""
    if line.kind != _KINDS[about.facet]:
        return False
    text = fold(line.text)
    if about.facet == "date":
        return _DATE.search(text) is not None
    return about.facet == "title" or has_content(_NO_NAME.sub("", text))


def _whole(line: Paragraph) -> Passage:
    return Passage(line, 0.0, Span(0, len(line.text)), None, answers=True)


def _gist(paragraph: Paragraph) -> Span | None:
    found = central_sentences([[paragraph]])
    return found[0].span if found else None


def _counts(article: Sequence[Paragraph]) -> Counts:
    body = [one.text for one in article if one.kind == "text"]
    headings = sum(one.kind == "heading" for one in article)
    characters = sum(len(_COUNTED.findall(text)) for text in body)
    return Counts(1, len(body), headings, characters)


def _shown(question: Question, lines: Sequence[Passage], counts: Counts | None = None) -> Answer:
    text, asked = question.text, question.asked
    return Answer(text, True, _CONFIDENCE, tuple(lines), asked=asked, kind="about", counts=counts)


def _told(question: Question, counts: Counts) -> Answer:
    text, asked = question.text, question.asked
    reason = counted(counts, language(asked))
    return Answer(text, False, 0.0, reason=reason, asked=asked, kind="about", counts=counts)
