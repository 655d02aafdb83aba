"""The lines around a paragraph: the list it is an item of, the question it answers. By rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.index import Index
from qa.loaders.split import split
from qa.question.forms import (
    AskedItem,
    Mark,
    announces,
    ends_asking,
    is_row,
    leads_in,
    mark_before,
    mark_of,
    only_asks,
)
from qa.text import ends_sentence, sentences
from qa.types import Document, Paragraph

__all__ = ["Listing", "Outline", "Outlines", "place_of"]

_ANSWERING = 2
"""Paragraphs after one that asks which may hold its answer."""
_SHORT = 120
"""Characters of a paragraph whose meaning may hang on the line above it."""
_LONGEST_ITEM = 80
"""Characters of an item without a mark."""
_LONGEST_HEAD = 20
_MOST_UNMARKED = 12
_ROW = Mark("row", 0)
_GOES_ON = ("；", ";", "，", "、")


@dataclass(slots=True)
class Listing:
    """A list or table: the line that leads in, or the head of the table, and the items.

    An item is the paragraphs that belong to it, the one with the mark first.
    """

    kind: str
    lead: Paragraph | None
    items: list[list[Paragraph]]
    last: int = 0

    def item(self, asked: AskedItem) -> list[Paragraph]:
        """Return what is said in the item of a number; nothing if there is none."""
        place = asked.number - 1 if asked.number > 0 else len(self.items) + asked.number
        if not 0 <= place < len(self.items):
            return []
        own = self.items[place]
        return [one for one in own if one.kind == "text"] or own

    @property
    def announced(self) -> str:
        """What stands above the items: their section and what leads in."""
        lead = "" if self.lead is None else self.lead.text
        return f"{self.items[0][0].section}\n{lead}"

    def shown(self) -> list[Paragraph]:
        """Return the list as it is read: what leads in, then the items."""
        lead = [] if self.lead is None or self.kind == "row" else [self.lead]
        return [*lead, *(one for item in self.items for one in item if one.kind == "text")]


@dataclass(slots=True)
class Outline:
    """The paragraphs of a document and the lists among them."""

    paragraphs: tuple[Paragraph, ...]
    listings: list[Listing]
    _owners: dict[int, Listing] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> "Outline":
        """Return the outline of a document."""
        paragraphs = split(document)
        found = list(_listings(document, paragraphs))
        outline = cls(paragraphs, found)
        for listing in found:
            for item in listing.items:
                outline._owners |= dict.fromkeys((one.position for one in item), listing)
        for listing in found:
            if listing.lead is not None:
                outline._owners.setdefault(listing.lead.position, listing)
        return outline

    def listing(self, paragraph: Paragraph) -> Listing | None:
        """Return the list that a paragraph leads into or is an item of, if any."""
        return self._owners.get(paragraph.position)

    def above(self, paragraph: Paragraph) -> str:
        """Return the line that a paragraph completes: a question or a lead-in."""
        listing = self.listing(paragraph)
        if listing is not None and listing.kind == "row":
            return ""
        if listing is not None and listing.lead is not None and listing.lead != paragraph:
            return listing.lead.text
        for before in reversed(self.paragraphs[: paragraph.position][-_ANSWERING:]):
            if before.kind not in ("text", "heading"):
                break
            if ends_asking(before.text) or only_asks(before.text):
                return _question_of(before.text)
        return ""

    def following(self, paragraph: Paragraph) -> list[Paragraph]:
        """Return the paragraphs that may answer one that asks; nothing if none follows."""
        found: list[Paragraph] = []
        for after in self.paragraphs[paragraph.position + 1 :]:
            if after.kind != "text" or only_asks(after.text) or len(found) == _ANSWERING:
                break
            found.append(after)
        return found


class Outlines:
    """The outlines of the documents that paragraphs were found in, each made once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: dict[str, Outline | None] = {}

    def paragraph(self, number: int) -> Paragraph:
        """Return the paragraph of a number."""
        return self._index.paragraph(number)

    def of(self, paragraph: Paragraph) -> Outline | None:
        """Return the outline around a paragraph; None if its document has changed meanwhile."""
        name = paragraph.document_id
        if name not in self._made:
            try:
                self._made[name] = Outline.of(self._index.document(name))
            except KeyError:
                self._made[name] = None
        outline = self._made[name]
        place = paragraph.position
        if outline is None or outline.paragraphs[place : place + 1] != (paragraph,):
            return None
        return outline

    def above(self, paragraph: Paragraph) -> str:
        """Return the line that a short paragraph completes, "" if none."""
        if paragraph.kind != "text" or len(paragraph.text) > _SHORT:
            return ""
        outline = self.of(paragraph)
        return "" if outline is None else outline.above(paragraph)

    def following(self, paragraph: Paragraph) -> list[Paragraph]:
        """Return the paragraphs that may answer one that asks."""
        outline = self.of(paragraph)
        return [] if outline is None else outline.following(paragraph)

    def listings(self, paragraph: Paragraph) -> list[Listing]:
        """Return all lists of the document that a paragraph belongs to."""
        outline = self.of(paragraph)
        return [] if outline is None else outline.listings

    def listing(self, paragraph: Paragraph) -> Listing | None:
        """Return the list that a paragraph belongs to, if any."""
        outline = self.of(paragraph)
        return None if outline is None else outline.listing(paragraph)


def place_of(paragraph: Paragraph) -> tuple[str, int]:
    """Return what tells a paragraph from every other: its document and its place there."""
    return paragraph.document_id, paragraph.position


def _question_of(text: str) -> str:
    """Return the last sentence of a paragraph that asks."""
    return sentences(text)[-1].of(text) if not only_asks(text) else text


def _listings(document: Document, paragraphs: Sequence[Paragraph]) -> Iterator[Listing]:
    """Yield the lists of two items or more."""
    open_lists: dict[str, Listing] = {}
    found: list[Listing] = []
    for place, paragraph in enumerate(paragraphs):
        mark = _mark(document, paragraph)
        if mark is None:
            _continue(open_lists, paragraph)
            if _leads(paragraphs, place):
                found += _unmarked(document, paragraphs, place)
            continue
        own = open_lists.get(mark.kind)
        if own is not None and mark.number in (own.last + 1, 0):
            own.items.append([paragraph])
            own.last = mark.number
            _close(open_lists, after=mark.kind)
        elif mark.number <= 1:
            before = paragraphs[place - 1] if place else None
            if mark == _ROW:
                own = Listing(mark.kind, paragraph, [])
            else:
                lead = before if before and _could_lead(before) else None
                own = Listing(mark.kind, lead, [[paragraph]], mark.number)
            open_lists.pop(mark.kind, None)
            open_lists[mark.kind] = own
            found.append(own)
        else:
            _continue(open_lists, paragraph)
    for one in found:
        if len(one.items) > 1 or (one.items and one.kind in ("row", "unmarked")):
            yield one


def _close(open_lists: dict[str, Listing], *, after: str) -> None:
    """End the lists that were opened within the last item."""
    for kind in list(open_lists)[list(open_lists).index(after) + 1 :]:
        del open_lists[kind]


def _continue(open_lists: dict[str, Listing], paragraph: Paragraph) -> None:
    """Add a paragraph without a mark to the item it follows, or end the lists."""
    for kind, own in list(open_lists.items()):
        is_headed = bool(own.items) and own.items[-1][0].kind == "heading"
        if kind in ("row", "bullet") or (paragraph.kind != "text" and not is_headed):
            del open_lists[kind]
    if open_lists and paragraph.kind == "text":
        own = open_lists[list(open_lists)[-1]]
        if own.items[-1][0].kind == "heading":
            own.items[-1].append(paragraph)


def _mark(document: Document, paragraph: Paragraph) -> Mark | None:
    if paragraph.kind not in ("text", "heading"):
        return None
    if paragraph.kind == "text" and is_row(paragraph.text):
        return _ROW
    before = document.text[max(0, paragraph.start - 40) : paragraph.start]
    return mark_of(paragraph.text) or mark_before(before.splitlines()[-1] if before else "")


def _could_lead(before: Paragraph) -> bool:
    """Tell whether the line before the first item leads in, or stands above it as a head."""
    if before.kind != "text" or is_row(before.text):
        return False
    return leads_in(before.text) or (
        len(before.text) <= _LONGEST_HEAD and not ends_sentence(before.text)
    )


def _leads(paragraphs: Sequence[Paragraph], place: int) -> bool:
    own = paragraphs[place]
    return own.kind == "text" and leads_in(own.text)


def _unmarked(document: Document, paragraphs: Sequence[Paragraph], place: int) -> Iterator[Listing]:
    """Yield the list that a line leads into where its items have no marks."""
    items: list[Paragraph] = []
    for one in paragraphs[place + 1 : place + 2 + _MOST_UNMARKED]:
        if one.kind != "text" or _mark(document, one) or len(one.text) > _LONGEST_ITEM:
            break
        if items and _ends_list(paragraphs[place], items, one):
            break
        items.append(one)
    if items:
        yield Listing("unmarked", paragraphs[place], [[one] for one in items])


def _ends_list(lead: Paragraph, items: Sequence[Paragraph], following: Paragraph) -> bool:
    """Tell whether the last of ``items`` ends a list, since the next line is of another form."""
    before = items[-1].text.rstrip()
    if before.endswith(_GOES_ON):
        return False
    if items[0].text.rstrip().endswith(_GOES_ON) or leads_in(following.text):
        return True
    if ends_sentence(items[0].text):
        # Sentences after a colon are items only where several were announced.
        return not announces(lead.text)
    return ends_sentence(following.text)
