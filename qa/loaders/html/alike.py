"""Pages without telling names: an article is a row of boxes that are alike."""

import re
from collections.abc import Sequence

from qa.loaders.html.prose import is_sentence
from qa.loaders.html.sections import is_site_label
from qa.loaders.markup import Element, Found, local_name

__all__ = ["end_of_row"]

_FEWEST = 5
_MOST_UP = 6
_SHARE = 0.6
_LARGEST_REST = 0.6
_LINKED = 0.8
_FEWEST_LINKS = 3
_OWN = frozenset("p table li dd dt pre blockquote figcaption".split())
# A note at the foot, a file to the article.
_NOTE = re.compile(
    r"[\[［【(（]\d+[\]］】)）]|\d+[.、．]\s*\D|[①-⑳*※⁰¹²³⁴-⁹]|附|[备脚尾]?注|编者按|作者|本文"
)


def end_of_row(found: Sequence[Found], start: int, end: int) -> int:
    """Return where the row of boxes ends that holds most sentences, or ``end``.

    What stands below is the site's if it begins with links and has several, is much shorter,
    and has neither a heading, a list nor a box with a name of those in the row.
    """
    told = [place for place in range(start, end) if _is_told(found[place])]
    row = _row(found, told)
    if row is None:
        return end
    inside = [place for place in range(start, end) if row in found[place].element.iterancestors()]
    last = inside[-1] + 1
    rest = found[last:end]
    names = {
        name for one in (row, *row) if local_name(one) for name in one.get("class", "").split()
    }
    links = sum(one.linked >= _LINKED for one in rest)
    if links < _FEWEST_LINKS or rest[0].linked < _LINKED:
        return end
    is_short = _length(rest) <= _LARGEST_REST * _length([found[place] for place in inside])
    own = any(_is_of_article(one) or not names.isdisjoint(_names(one, row)) for one in rest)
    return last if is_short and not own else end


def _row(found: Sequence[Found], told: Sequence[int]) -> Element | None:
    """Return the innermost element of whose children several alike hold most sentences."""
    rows: dict[tuple[Element, str], tuple[set[Element], int]] = {}
    whole = 0
    for place in told:
        length = len(found[place].part.text)
        whole += length
        child = found[place].element
        for _ in range(_MOST_UP):
            parent = child.getparent()
            if parent is None:
                break
            if local_name(child) == "div" and child.get("class"):
                children, before = rows.setdefault((parent, child.get("class")), (set(), 0))
                children.add(child)
                rows[parent, child.get("class")] = (children, before + length)
            child = parent
    for (parent, _), (children, length) in rows.items():
        if len(children) >= _FEWEST and length >= _SHARE * whole:
            return parent
    return None


def _is_told(one: Found) -> bool:
    return one.linked < _LINKED and one.part.kind != "heading" and is_sentence(one.part.text)


def _is_of_article(one: Found) -> bool:
    if one.linked >= _LINKED:
        return False
    is_headed = one.part.kind == "heading" and not is_site_label(one.part.text)
    is_note = _NOTE.match(one.part.text) is not None
    return is_headed or is_note or local_name(one.element) in _OWN


def _names(one: Found, row: Element) -> set[str]:
    """Return the names of the elements around a part that the row is not in."""
    around = set(row.iterancestors())
    own = [up for up in (one.element, *one.element.iterancestors()) if up not in around]
    return {name for up in own for name in up.get("class", "").split()}


def _length(found: Sequence[Found]) -> int:
    return sum(len(one.part.text) for one in found if one.linked < _LINKED)
