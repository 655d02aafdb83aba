"""Which elements of a page their tag, role, class or id calls furniture of the site."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from qa.loaders.html.among import is_among_paragraphs
from qa.loaders.html.phrases import is_closing
from qa.loaders.html.prose import is_sentence
from qa.loaders.markup import Element, is_unseen, local_name

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
_REPLIES = frozenset("reply replies huifu".split())
_OFFICIAL = re.compile(
    "(?:回复|答复|回覆|答覆|办理|承办)(?:单位|部门|机构|时间|日期|内容|结果|意见)|现(?:回复|答复)如下|您(?:的|反映).{0,8}(?:来信|来电|问题|留言|信件)"
)
_FIRST_PIECES = 20
# Those that also tell where an element stands.
_PLACED = _CERTAIN - frozenset(["copyright", "banquan", "disclaimer"])
# With what such a name begins, whatever it goes on with.
_FURNITURE_START = re.compile("related|recommend|newsletter|subscri|sponsor")
_OTHERS_START = re.compile("related|recommend")
# What tells of the author, if it comes after the article; above it may stand the date.
_AUTHOR_BOX = re.compile(
    r"author[-_]?(?:box|bio|card|profile|intro|desc)|about[-_]?(?:the[-_]?)?author", re.IGNORECASE
)
# A column beside the article: it is small, and has headings or links.
_SIDE = re.compile(
    r"(?i:(?:^|[-_])(?:left|right|side)[-_]?"
    r"(?:$|bar|nav|col|column|panel|area|content|con|rail|menu|box|wrap|main)(?:$|[-_]))"
    r"|(?:left|right|side)(?:Column|Col|Bar|Nav|Panel|Area|Content|Con|Rail|Box|Wrap)"
)
_SMALL_COLUMN = 0.2
_FEWEST_LINKS = 3
# What holds more of a page's text than this holds the article.
_MOST = 0.5
_FEWEST_SENTENCES = 3
_MOST_OF_SITE = 0.3


def hide_furniture(body: Element) -> list[Element]:
    """Hide what its tag, role, class or id calls furniture, in place; return columns of it."""
    lengths = _prose_lengths(body)
    inner = [one for one in body.iter() if one is not body and not _holds_title(one)]
    named = [one for one in inner if _is_called_furniture(one) and not _is_official(one)]
    called = [one for one in named if _is_certain(one) or not is_among_paragraphs(one)]
    before = _before(body, called, lengths)
    later = {one for one in called if _is_by_others(one) and _is_enough(before[one], lengths[one])}
    outside = lengths[body] - _held(called, lengths)
    kept = _hooks(called, later, lengths, outside)
    kept |= _holding_most(called, later, before, lengths, lengths[body])
    largest = _LARGEST_FURNITURE * max(lengths[body], 1)
    kept |= _speaking(called, before, lengths)
    for element in called:
        is_certain = _is_certain(element) and _is_enough(outside, lengths[element])
        is_small = lengths[element] <= largest
        if element not in kept and (is_small or is_certain or element in later):
            element.set("hidden", "")
    columns = _columns_beside(inner, lengths, lengths[body])
    for element in columns:
        element.set("hidden", "")
    return columns


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


def _holding_most(
    called: Sequence[Element],
    later: AbstractSet[Element],
    before: Mapping[Element, int],
    lengths: Mapping[Element, int],
    whole: int,
) -> set[Element]:
    """Return what holds most of a page's text, alone or with all that is called the same.

    That is the article, or the answers to a question, whatever word is in the name.
    """
    named: dict[str, list[Element]] = {}
    for element in called:
        is_placed = not _PLACED.isdisjoint(_names(element))
        is_last = is_placed and _is_enough(before[element], lengths[element])
        if element in later or is_last or local_name(element) in _FURNITURE_TAGS:
            continue
        for name in filter(_is_furniture_name, _called(element)):
            named.setdefault(name, []).append(element)
    kept: set[Element] = set()
    for same in named.values():
        if _held(same, lengths) <= _MOST * whole:
            continue
        if any(map(_is_certain, same)) and not _tells(same):
            continue
        kept.update(same, *(one.iterancestors() for one in same))
    return kept


def _tells(elements: Sequence[Element]) -> bool:
    """Tell whether elements hold sentences, and few of them on rights and the site."""
    inside = {one for element in elements for one in element.iter() if not len(one)}
    texts = [" ".join("".join(one.itertext()).split()) for one in inside]
    told = [text for text in texts if is_sentence(text)]
    of_site = sum(is_closing(text, frozenset()) for text in told)
    return len(told) >= _FEWEST_SENTENCES and of_site <= _MOST_OF_SITE * len(told)


def _is_certain(element: Element) -> bool:
    return local_name(element) in ("nav", "footer") or not _CERTAIN.isdisjoint(_names(element))


def _held(elements: Sequence[Element], lengths: Mapping[Element, int]) -> int:
    """Return the prose inside elements, counting those inside others once."""
    chosen = set(elements)
    return sum(
        lengths[one] for one in elements if not any(up in chosen for up in one.iterancestors())
    )


def _before(
    body: Element, called: Sequence[Element], lengths: Mapping[Element, int]
) -> dict[Element, int]:
    """Return how many characters of the page's own prose stand before what is called furniture."""
    furniture = set(called)
    inside: set[Element] = set()
    told: dict[Element, int] = {}
    before = 0
    for element in body.iter():
        if element in furniture:
            told[element] = before
        if element in furniture or element.getparent() in inside:
            inside.add(element)
        elif lengths[element] and is_sentence(text := (element.text or "").strip()):
            before += len(text)
    return told


def _is_by_others(element: Element) -> bool:
    """Tell whether an element is called what readers wrote, or other articles."""
    names = _names(element)
    return not _OTHERS.isdisjoint(names) or any(map(_OTHERS_START.match, names))


def _speaking(
    called: Sequence[Element], before: Mapping[Element, int], lengths: Mapping[Element, int]
) -> set[Element]:
    """Return what is called the author's and does not tell of one below an article."""
    authors = [one for one in called if _is_about_author(one)]
    # Where there are several, they are what somebody says; above may stand the date.
    return {one for one in authors if len(authors) > 1 or before[one] < lengths[one]}


def _is_official(element: Element) -> bool:
    """Tell whether a reply is the one of an office to a letter, as it says itself."""
    words = _names(element)
    if _REPLIES.isdisjoint(words) or not (_FURNITURE_NAMES & words) <= _REPLIES:
        return False
    return _OFFICIAL.search("".join(islice(element.itertext(), _FIRST_PIECES))) is not None


def _is_about_author(element: Element) -> bool:
    """Tell whether only a name of the author's calls an element furniture."""
    names = _names(element)
    is_named = not _FURNITURE_NAMES.isdisjoint(names) or any(map(_FURNITURE_START.match, names))
    return not is_named and any(map(_AUTHOR_BOX.search, _called(element)))


def _columns_beside(
    elements: Sequence[Element], lengths: Mapping[Element, int], whole: int
) -> list[Element]:
    """Return the small columns on a side of the element that the article is in."""
    large = {one.getparent() for one, length in lengths.items() if length > _MOST * whole}
    named = [one for one in elements if any(map(_SIDE.search, _called(one)))]
    beside = [one for one in named if one.getparent() in large]
    small = [one for one in beside if lengths[one] <= _SMALL_COLUMN * whole]
    return [one for one in small if _has_heading(one) or len(_links(one)) >= _FEWEST_LINKS]


def _has_heading(element: Element) -> bool:
    return any(_HEADING.fullmatch(local_name(one)) for one in element.iter())


def _links(element: Element) -> list[Element]:
    return list(element.iter("a"))


def _holds_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _is_called_furniture(element: Element) -> bool:
    name = local_name(element)
    if name == "div" and element.get("title") in ("header", "footer"):
        # So LibreOffice marks the running lines of a document that it saved as a page.
        return True
    if name in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    return any(map(_is_furniture_name, _called(element)))


def _called(element: Element) -> list[str]:
    """Return the class names and the id of an element."""
    return f"{element.get('class', '')} {element.get('id', '')}".split()


def _words(name: str) -> set[str]:
    return {word.lower() for word in _NAME_WORD.findall(name)}


def _names(element: Element) -> set[str]:
    """Return the words in the class and id of an element."""
    return {word for name in _called(element) for word in _words(name)}


def _is_furniture_name(name: str) -> bool:
    words = _words(name)
    is_named = not _FURNITURE_NAMES.isdisjoint(words) or any(map(_FURNITURE_START.match, words))
    return is_named or _AUTHOR_BOX.search(name) is not None


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
