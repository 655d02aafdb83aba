"""What was found, completed by the lines around it: answers for questions, items for lead-ins.

By rule. A line that only asks or leads in is found by its words, and what answers has others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.judge import Found
from qa.answering.surroundings import Listing, Outlines, place_of
from qa.question.analysis import Question
from qa.question.forms import (
    AskedItem,
    asked_words,
    asks_what_is_asked,
    leads_in,
    only_asks,
    tells_how,
)
from qa.question.terms import Terms
from qa.text import fold, tokens
from qa.types import Answer, Paragraph, Passage, Span

__all__ = ["Numbered", "announced_list", "asked_number", "handed_over", "with_items"]

_NEARLY_ALL = 0.85
_ABOUT_IT = 0.5
"""Share of the asked words that an item and what stands above it need, to be what is meant.

The title of the article counts unless the text itself says 第二款 somewhere else.
"""
_OF_LISTS = ("步", "行", "工序", "step", "row", "item")
"""What nothing but items of a list is called; a 款, 条 or 种 may be any thing of a kind."""
_SEARCHED = 3
"""Documents of the first passages in which an item of a number is looked for."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The item that a question asks for by its number, and the places of its whole list.

    ``is_all`` tells that the question asks for nothing but what the item says.
    """

    item: tuple[Found, ...]
    siblings: frozenset[tuple[str, int]]
    is_all: bool

    def first(self, found: Sequence[Found]) -> list[Found]:
        """Return what was found with the item first, and nothing read that cannot answer too."""
        own = [place_of(one.paragraph) for one in self.item]
        read = {place_of(one.paragraph): one for one in found}
        others = [
            replace(one, reading=None)
            if self.is_all or place_of(one.paragraph) in self.siblings
            else one
            for one in found
            if place_of(one.paragraph) not in own
        ]
        return [*(read[key] for key in own if key in read), *others]


def handed_over(question: str, found: Sequence[Found], outlines: Outlines) -> list[Found]:
    """Return what was found with the answers in the place of lines that only ask.

    A line that asks and is followed by nothing comes last.
    """
    if asks_what_is_asked(question):
        return list(found)
    placed: dict[tuple[str, int], Found] = {}
    unanswered: list[Found] = []
    for one in found:
        paragraph = one.paragraph
        if paragraph.kind not in ("text", "heading") or not only_asks(paragraph.text):
            _place(placed, replace(one, above=outlines.above(paragraph)))
            continue
        answers = outlines.following(paragraph)
        if not answers:
            unanswered.append(one)
        for answer in answers:
            _place(placed, replace(one, paragraph=answer, above=paragraph.text))
    return [*placed.values(), *unanswered]


def _place(placed: dict[tuple[str, int], Found], one: Found) -> None:
    """Add what was found, or keep the better hit of a paragraph that is there already."""
    key = place_of(one.paragraph)
    before = placed.get(key, one)
    hit = max(before.hit, one.hit, key=lambda hit: hit.score)
    placed[key] = replace(before, hit=hit, above=before.above or one.above)


def asked_number(question: Question, found: Sequence[Found], outlines: Outlines) -> Numbered | None:
    """Return the item whose number the question asks for, of the list that fits it best.

    None if it asks for no number, the list ends before it, or the list is of something else: the
    第二款 of some machines is not the second line of what to pack.
    """
    asked = question.item
    if asked is None:
        return None
    lists = [
        (listing, one)
        for listing, one in _lists(found, outlines)
        if (listing.kind == "row") == (asked.unit in ("行", "row"))
    ]
    if not lists:
        return None
    words = asked_words(question.text, asked)
    listing, one = max(lists, key=lambda pair: _fit(words, asked, pair[0], found))
    chosen = listing.item(asked)
    if not chosen:
        return None
    lead = listing.lead.text if listing.lead is not None else ""
    above = "\n".join(part for part in (lead, asked.words) if part)
    siblings = frozenset(place_of(own) for item in listing.items for own in item)
    said = "\n".join([listing.announced, *(own.text for own in chosen)])
    share = _share(words, f"{chosen[0].title}\n{said}")
    if not (asked.unit == listing.kind or any(one in asked.words for one in _OF_LISTS)):
        named = any(
            asked.words in fold(one.paragraph.text)
            for one in found
            if place_of(one.paragraph) not in siblings
        )
        if (_share(words, said) if named else share) < _ABOUT_IT:
            return None
    return Numbered(
        tuple(replace(one, paragraph=own, above=above) for own in chosen),
        siblings,
        share >= _NEARLY_ALL,
    )


def _lists(found: Sequence[Found], outlines: Outlines) -> list[tuple[Listing, Found]]:
    """Return the lists of the first documents, each with the first passage of its document."""
    firsts: dict[str, Found] = {}
    for one in found:
        firsts.setdefault(one.paragraph.document_id, one)
    return [
        (listing, one)
        for one in list(firsts.values())[:_SEARCHED]
        for listing in outlines.listings(one.paragraph)
    ]


def _fit(
    words: set[str], asked: AskedItem, listing: Listing, found: Sequence[Found]
) -> tuple[float, int, float, int]:
    """Return how well a list fits: what stands above it, its marks, its items, its place."""
    items = [one for item in listing.items for one in item]
    own = {place_of(one) for one in items}
    named = listing.kind == asked.unit or (listing.kind.isalpha() and -1) or 0
    return (
        _share(words, listing.announced),
        int(named),
        _share(words, "\n".join(one.text for one in items)),
        -next(
            (rank for rank, one in enumerate(found) if place_of(one.paragraph) in own), len(found)
        ),
    )


def _share(words: set[str], text: str) -> float:
    """Return the share in [0, 1] of some words that a text has; 1 of none."""
    return len(words & set(tokens(text))) / len(words) if words else 1.0


def announced_list(
    question: Question, found: Sequence[Found], outlines: Outlines
) -> list[Found] | None:
    """Return what was found with the list first whose head names all that the question asks.

    None if the question asks for no list, or no head does.
    """
    if not question.for_all or question.item is not None:
        return None
    words = asked_words(question.text)
    best, best_share = None, 0.0
    for listing, one in _lists(found, outlines):
        head = listing.announced
        share = _share(words, head) + tells_how(question.text, head)
        whole = _share(words, f"{listing.items[0][0].title}\n{head}")
        if listing.kind != "row" and words and whole >= _NEARLY_ALL and share > best_share:
            best, best_share = (listing, one), share
    if best is None:
        return None
    own = {place_of(paragraph) for paragraph in best[0].shown()}
    known = {place_of(one.paragraph): one for one in found}
    items = [
        known.get(place_of(paragraph), replace(best[1], paragraph=paragraph, reading=None))
        for paragraph in best[0].shown()
    ]
    return [*items, *(one for one in found if place_of(one.paragraph) not in own)]


def with_items(terms: Terms, answer: Answer, outlines: Outlines) -> Answer:
    """Return the answer with all items of the list that it leads into, or that is asked for.

    They follow what leads in, in their order, and count as one passage with it.
    """
    first = answer.passages[0] if answer.answered else None
    if first is None or terms.question.item is not None:
        return answer
    listing = outlines.listing(first.paragraph)
    if listing is None or not _asks_for(terms, first, listing):
        return answer
    shown = listing.shown()
    known = {place_of(one.paragraph): one for one in answer.passages}
    items = [_answering(known.get(place_of(one)), one, first.score) for one in shown]
    keys = {place_of(one) for one in shown}
    others = [one for one in answer.passages if place_of(one.paragraph) not in keys]
    return replace(answer, passages=(*items, *others))


def _asks_for(terms: Terms, first: Passage, listing: Listing) -> bool:
    """Tell whether a question asks for a whole list, and not for what one item says."""
    if first.paragraph == listing.lead:
        return listing.kind != "row"
    if listing.kind == "row" or not terms.question.for_all:
        return False
    item = terms.covered_by(first.text)
    return terms.covered_by(f"{listing.announced}\n{first.paragraph.section}") > item


def _answering(known: Passage | None, paragraph: Paragraph, score: float) -> Passage:
    """Return an item as a passage that answers, marked as a whole unless it was read."""
    passage = known or Passage(paragraph, score)
    if passage.answers and not leads_in(paragraph.text):
        return passage
    return replace(passage, highlight=Span(0, len(paragraph.text)), answer=None, answers=True)
