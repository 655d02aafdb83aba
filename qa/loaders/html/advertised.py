"""Advertisements between the paragraphs of an article, where a mark says that they are."""

import re
from itertools import islice

from qa.loaders.html.prose import text_in
from qa.loaders.markup import Element, is_unseen, local_name
from qa.text import BLANKS, fold

__all__ = ["hide_advertisements"]

_MARK = re.compile(
    r"[\[【(（]?(?:广告|廣告|推广|推廣|商业推广|赞助|贊助|赞助内容|ad|ads|advertisement|sponsored)"
    r"(?:位|内容|×|x)?[\]】)）]?"
)
_ABOUT = re.compile("广告|廣告|推广|推廣|赞助|贊助|advert|sponsor")
_LONGEST_MARK = 16
_LONGEST_BOX = 200
_LARGEST_SHARE = 0.3
_MOST_UP = 4
_MOST_PIECES = 40
# A cell, an item or a heading that says so is of the article.
_TOLD = frozenset("td th li dt dd h1 h2 h3 h4 h5 h6 a b strong".split())


def hide_advertisements(body: Element) -> None:
    """Hide the small boxes that begin or end with such a mark and lead elsewhere, in place.

    On a page that is about advertisements the mark may be a word of its own.
    """
    titles = "".join("".join(one.itertext()) for one in body.getroottree().iter("title", "h1"))
    if _ABOUT.search(fold(titles)):
        return
    marks = [one for one in body.iter() if _is_mark(one)]
    whole = len("".join(body.itertext())) if marks else 0
    for mark in marks:
        box = _box(mark, body)
        if box is not None and len(text_in(box, _MOST_PIECES)) <= min(
            _LONGEST_BOX, _LARGEST_SHARE * whole
        ):
            box.set("hidden", "")


def _is_mark(element: Element) -> bool:
    name = local_name(element)
    if len(element) or not element.get("class") or name in _TOLD or is_unseen(name, element):
        return False
    text = (element.text or "").strip(BLANKS)
    return len(text) <= _LONGEST_MARK and _MARK.fullmatch(fold(text)) is not None


def _box(mark: Element, body: Element) -> Element | None:
    """Return the smallest element around a mark that holds more, if it leads elsewhere."""
    own = text_in(mark, _MOST_PIECES)
    for up in islice(mark.iterancestors(), _MOST_UP):
        text = text_in(up, _MOST_PIECES)
        if up is body or local_name(up) in _TOLD:
            return None
        if text != own:
            is_edge = text.startswith(own) or text.endswith(own)
            leads = next(up.iter("a"), None) is not None
            return up if is_edge and leads else None
    return None
