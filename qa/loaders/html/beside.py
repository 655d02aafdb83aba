"""Boxes of a site that what they are for tells: not to be printed, to write in, to buy."""

import re
from collections import Counter
from itertools import islice

from qa.loaders.html.prose import text_in
from qa.loaders.markup import Element, local_name
from qa.text import BLANKS, fold

__all__ = ["hide_boxes"]

_UNPRINTED = re.compile(
    r"(?:^|\s)(?:no[-_]?print|non[-_]?print|d-print-none|hidden-print|print[-:]hidden)(?:\s|$)",
    re.IGNORECASE,
)
# Who wants nothing of a page to be printed calls all of it so.
_LARGEST_UNPRINTED = 0.2
_MOST_UNPRINTED = 200
_BUY = re.compile(
    "(?:加入|放入)购物车|加入購物車|(?:立即|马上|点击|去)(?:购买|抢购|下单)|立即購買"
    "|(?:立即|马上|点击|极速|快速|免费|一键)开户(?:[,，].{1,8})?|add to (?:cart|bag|basket)|buy now"
)
_LONGEST_BUTTON = 16
_LONGEST_BOX = 200
_MOST_PIECES = 60
_MOST_UP = 8
_MOST_FIELDS = 20
_MOST_BESIDE = 400
_FEWEST_ALIKE = 4
_END = re.compile(r"[。！？!?]|\.(?=\s|$)")
_SEVERAL = 2
_NO_BOX = frozenset("body main article section table tbody tr td th ul ol dl li dd p".split())
_HEADINGS = ("h1", "h2", "h3")


def hide_boxes(body: Element) -> None:
    """Hide them, in place, where they are small."""
    whole = _length(body)
    _hide_unprinted(body, _LARGEST_UNPRINTED * whole)
    for field in list(islice(body.iter("textarea"), _MOST_FIELDS)):
        box = _box_of(field)
        if box is not None and _length(box) <= _LARGEST_UNPRINTED * whole:
            box.set("hidden", "")
    offers = filter(_is_offer, body.iter("a", "button"))
    for button in list(islice(offers, _MOST_FIELDS)):
        for up in islice(button.iterancestors(), _MOST_UP):
            if up is body or local_name(up) in _NO_BOX or not text_in(up, _MOST_PIECES):
                break
            if _is_unlike_others(up):
                up.set("hidden", "")
                break


def _hide_unprinted(body: Element, most: float) -> None:
    named = (one for one in body.iter() if one is not body and _is_unprinted(one))
    boxes = list(islice(named, _MOST_UNPRINTED + 1))
    if len(boxes) > _MOST_UNPRINTED:
        return
    chosen = set(boxes)
    outer = [one for one in boxes if not any(up in chosen for up in one.iterancestors())]
    if sum(map(_length, outer)) <= most:
        for box in outer:
            box.set("hidden", "")


def _is_unprinted(element: Element) -> bool:
    if not local_name(element) or _UNPRINTED.search(element.get("class", "")) is None:
        return False
    return not _is_told(element) and next(element.iter(*_HEADINGS), None) is None


def _is_told(element: Element) -> bool:
    """Tell whether an element holds several sentences: those could be of an article."""
    ends = _END.finditer("".join(element.itertext()))
    return len(list(islice(ends, _SEVERAL))) == _SEVERAL


def _box_of(field: Element) -> Element | None:
    """Return the smallest element around a field to write in that holds a text, if it is short."""
    if (field.text or "").strip(BLANKS):
        return None
    for up in islice(field.iterancestors(), _MOST_UP):
        if local_name(up) in _NO_BOX:
            return None
        if "".join(islice(up.itertext(), _MOST_PIECES)).strip(BLANKS):
            is_short = 0 < len(text_in(up, _MOST_PIECES)) <= _LONGEST_BOX
            is_apart = not _is_told(up) and next(up.iter("h1", "h2"), None) is None
            return up if is_short and is_apart else None
    return None


def _is_offer(element: Element) -> bool:
    text = text_in(element, 2)
    return 0 < len(text) <= _LONGEST_BUTTON and _BUY.fullmatch(fold(text)) is not None


def _is_unlike_others(box: Element) -> bool:
    """Tell whether a short box stands between paragraphs that are alike, and it is like none."""
    text = text_in(box, _MOST_PIECES)
    if not box.get("class") or not text or len(text) > _LONGEST_BOX or _is_told(box):
        return False
    before = Counter(_kind(one) for one in islice(box.itersiblings(preceding=True), _MOST_BESIDE))
    after = Counter(_kind(one) for one in islice(box.itersiblings(), _MOST_BESIDE))
    around = {kind for kind in before if kind[0] in ("p", "div") and kind in after}
    is_row = any(before[kind] + after[kind] >= _FEWEST_ALIKE for kind in around)
    return is_row and not (before | after)[_kind(box)]


def _kind(element: Element) -> tuple[str, str]:
    name = local_name(element)
    return (name, element.get("class", "")) if name else ("", "")


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
