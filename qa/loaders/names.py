"""Which elements of a page their tag, role, class or id calls furniture of the site."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from qa.loaders.markup import Element, is_unseen, local_name
from qa.text import ends_sentence

__all__ = ["hide_furniture"]

# What holds more of a page's text than this is no furniture, whatever it is called.
_LARGEST_FURNITURE = 0.4
# An article has so many characters, and this share of what is longer than it beside it.
_SHORTEST_ARTICLE = 15
_SHORTEST_SHARE = 0.1
_FURNITURE_TAGS = frozenset(["nav", "aside", "footer", "form", "menu", "dialog"])
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary"])
_HEADING = re.compile("h[1-6]")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FURNITURE_NAMES = frozenset(
    "nav navi navbar navigation topnav subnav menu breadcrumb breadcrumbs crumb crumbs footer foot "
    "copyright related relate relation recommend recommends recommended reco share sharing social "
    "comment comments cmt cmts review reviews reply replies huifu gentie navbox catlinks sidebar "
    "aside advert advertisement ad ads adbox banner sponsor "
    "sponsored promo promotion login register qrcode ewm pagination pager hotnews rank ranking "
    "toplist tags keywords toolbar tools disclaimer declare search subscribe follow pinglun "
    "tuijian xiangguan guanggao fenxiang daohang banquan paihang gotop backtop totop popup modal "
    "cookie cookies app download".split()
)
# Names of what may be longer than the article that it comes after.
_OTHERS = frozenset(
    "comment comments cmt cmts review reviews reply replies huifu gentie pinglun related relate "
    "relation recommend recommends recommended reco "
    "tuijian xiangguan sidebar rank ranking paihang hotnews toplist".split()
)
# Names that no page gives to what its article is in.
_CERTAIN = frozenset(
    "nav navbar navigation topnav subnav daohang breadcrumb breadcrumbs crumb crumbs footer foot "
    "copyright banquan disclaimer login register cookie cookies".split()
)


def hide_furniture(body: Element) -> None:
    """Hide what its tag, role, class or id calls furniture, in place."""
    lengths = _prose_lengths(body)
    called = [one for one in body.iter() if one is not body and _is_called_furniture(one)]
    called = [one for one in called if not _holds_title(one)]
    later = _after_article(body, called, lengths)
    outside = lengths[body] - _held(called, lengths)
    hooks = _hooks(called, later, lengths, outside)
    largest = _LARGEST_FURNITURE * max(lengths[body], 1)
    for element in called:
        is_certain = _is_certain(element) and _is_enough(outside, lengths[element])
        is_small = lengths[element] <= largest
        if element not in hooks and (is_small or is_certain or element in later):
            element.set("hidden", "")


def _is_enough(outside: int, length: int) -> bool:
    """Tell whether an article may be what stands outside of an element of a length."""
    return outside >= max(_SHORTEST_ARTICLE, _SHORTEST_SHARE * length)


def _hooks(
    called: Sequence[Element],
    later: AbstractSet[Element],
    lengths: Mapping[Element, int],
    outside: int,
) -> set[Element]:
    """Return what is called furniture by a hook of the page's program: the article is in there."""
    likely = [one for one in called if one not in later and not _is_certain(one)]
    largest = max(likely, key=lambda one: lengths[one], default=None)
    if largest is None:
        return set()
    same = [one for one in likely if one.get("class") == largest.get("class")]
    if outside >= _LARGEST_FURNITURE * _held(same, lengths):
        return set()
    return {*same, *largest.iterancestors()}


def _is_certain(element: Element) -> bool:
    return local_name(element) in ("nav", "footer") or not _CERTAIN.isdisjoint(_names(element))


def _held(elements: Sequence[Element], lengths: Mapping[Element, int]) -> int:
    """Return the prose inside elements, counting those inside others once."""
    chosen = set(elements)
    return sum(
        lengths[one] for one in elements if not any(up in chosen for up in one.iterancestors())
    )


def _after_article(
    body: Element, called: Sequence[Element], lengths: Mapping[Element, int]
) -> set[Element]:
    """Return what readers wrote and other articles, if it comes after prose of the page's own."""
    furniture = set(called)
    inside: set[Element] = set()
    later: set[Element] = set()
    before = 0
    for element in body.iter():
        if element in furniture or element.getparent() in inside:
            inside.add(element)
        elif lengths[element] and ends_sentence(text := (element.text or "").strip()):
            before += len(text)
        others = element in furniture and not _OTHERS.isdisjoint(_names(element))
        if others and _is_enough(before, lengths[element]):
            later.add(element)
    return later


def _holds_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _is_called_furniture(element: Element) -> bool:
    name = local_name(element)
    if name == "div" and element.get("title") in ("header", "footer"):
        # So LibreOffice marks the running lines of a document that it saved as a page.
        return True
    if name in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    return not _FURNITURE_NAMES.isdisjoint(_names(element))


def _names(element: Element) -> set[str]:
    """Return the words in the class and id of an element."""
    called = f"{element.get('class', '')} {element.get('id', '')}"
    return {word.lower() for word in _NAME_WORD.findall(called)}


def _prose_lengths(body: Element) -> dict[Element, int]:
    """Return the number of seen characters inside each element that are no link or heading."""
    elements = list(body.iter())
    lengths = dict.fromkeys(elements, 0)
    passed = set()
    for element in elements:
        name = local_name(element)
        apart = name == "a" or _HEADING.fullmatch(name) or is_unseen(name, element)
        unseen = element is not body and apart
        if unseen or element.getparent() in passed:
            passed.add(element)
    for element in reversed(elements):
        lengths[element] += len((element.text or "").strip()) if element not in passed else 0
        parent = element.getparent()
        if element is not body and parent in lengths:
            tail = len((element.tail or "").strip()) if parent not in passed else 0
            lengths[parent] += lengths[element] + tail
    return lengths
