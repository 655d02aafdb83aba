"""A saved web page: which of its parts are the article."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice, zip_longest

from qa.loaders.furniture import is_crumb, is_navigation
from qa.loaders.html.alike import end_of_row
from qa.loaders.markup import Element, Found, local_name
from qa.text import ends_sentence

__all__ = ["article_range", "with_unfolding", "without_teasers"]

# An element is the article's if it holds this share of the page's sentences: what a site adds
# without naming it is seldom more, and a sentence too many costs less than one too few.
_ARTICLE_SHARE = 0.95
_LINKED = 0.8
# A paragraph of so many bytes, 17 Han characters, is one even if it ends without a full stop.
_LONG_WITHOUT_END = 50
# What the library leaves out is not the article if it stands among links, as other articles do,
# and is not most of the sentences.
_ENOUGH_AGREED = 0.3
_AMONG_LINKS = 0.3
_MOST_AGREED = 0.8
_MOST_TOLD = 0.6
_OWN_LISTS = frozenset("table li dd dt pre".split())
_SIGNED = re.compile(r"附件|附[表录：:]|\d{4}\s*[年-]\s*\d|[〇一二三四五六七八九]{4}年|注[：:]")
_LONGEST_TEASER = 120
_PARTS_OF_A_TEASER = 4
_MOST_LINKS = 20
_PARAGRAPHS = frozenset(
    "p li ul ol dl dd dt pre blockquote tr tbody table span font b strong".split()
)
# What the element that holds nothing but the text of an article is called.
_TEXT_NAME = re.compile(
    r"(?:entry|post|article|art|news|rich_media|blog|story|detail|js|main|con)[-_]?"
    r"(?:content|body|text|txt|con|content)|trs_editor|content_?text|text_?content|"
    r"c-body|zoom|(?:post[-_]?|p)?(?:message|msg)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-_]?\d{3,}$")
_ENOUGH_NAMED = 0.6


def article_range(
    body: Element,
    found: Sequence[Found],
    kept: AbstractSet[Element] = frozenset(),
    beside: Sequence[Element] = (),
) -> tuple[int, int]:
    """Return the bounds of the parts inside the smallest element that holds the article.

    ``kept`` are the elements that a library takes for it. What it and the page's sentences
    agree on is the article, unless they agree on little, or plain paragraphs would be lost.
    ``beside`` are columns that are hidden; their links tell what else is on the page.
    """
    prose = _prose(found)
    agreed = [place for place in prose if found[place].element in kept]
    others = [one for one in found if one.element not in kept]
    linked = sum(len(one.part.text) * one.linked for one in others)
    linked += sum(_text_length(link) for one in beside for link in one.iter("a"))
    whole = sum(len(one.part.text) for one in others) + sum(map(_text_length, beside))
    among_links = linked > _AMONG_LINKS * whole
    if not among_links or _length(found, agreed) < _ENOUGH_AGREED * _length(found, prose):
        agreed = prose
    weights = dict.fromkeys(body.iter(), 0)
    for place in agreed:
        if found[place].element in weights:
            weights[found[place].element] += len(found[place].part.text)
    elements = list(weights)
    for element in reversed(elements):
        parent = element.getparent()
        if element is not body and parent in weights:
            weights[parent] += weights[element]
    if not weights.get(body):
        return 0, len(found)
    named = _called_text(weights, body)
    if named is not None:
        body = named
    enough = _ARTICLE_SHARE * weights[body]
    # In document order the last one that holds enough is the innermost. One long paragraph
    # may hold nearly all, but what stands beside it is of the same article.
    holders = [
        element
        for element in elements
        if weights[element] >= enough
        and local_name(element) not in _PARAGRAPHS
        and (named is None or element is named or named in element.iterancestors())
    ]
    article = _with_paragraphs_beside((holders or [body])[-1], body, weights)
    inside = set(article.iter())
    places = [place for place, one in enumerate(found) if one.element in inside]
    if not places:
        return 0, len(found)
    end = _end_before_rest(found, places[0], places[-1] + 1, kept)
    return places[0], end_of_row(found, places[0], end)


def _end_before_rest(
    found: Sequence[Found], start: int, end: int, kept: AbstractSet[Element]
) -> int:
    """Return where what the library and the page's sentences agree on ends, or ``end``.

    What stands below in other elements is the site's if it is mostly no sentences, and neither
    a table, a list, a file to the article, nor who signed it when.
    """
    places = [start + place for place in _prose(found[start:end])]
    agreed = [place for place in places if found[place].element in kept]
    if not agreed or _length(found, agreed) < _MOST_AGREED * _length(found, places):
        return end
    held = Counter(up for place in agreed for up in found[place].element.iterancestors())
    around = found[agreed[0]].element.iterancestors()
    inside = set(next(up for up in around if held[up] == len(agreed)).iter())
    last = max(place for place in range(start, end) if found[place].element in inside)
    return last + 1 if _is_rest(found[last + 1 : end]) else end


def _is_rest(found: Sequence[Found]) -> bool:
    """Tell whether parts below an article are the site's."""
    told = sum(len(one.part.text) for one in found if _is_sentence(one.part.text))
    own = [one for one in found if one.linked < _LINKED]
    is_listed = any(local_name(one.element) in _OWN_LISTS for one in own)
    is_signed = any(_SIGNED.search(one.part.text) for one in own)
    is_told = told > _MOST_TOLD * sum(len(one.part.text) for one in found)
    return bool(found) and not (is_listed or is_signed or is_told)


def _text_length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _called_text(weights: Mapping[Element, int], body: Element) -> Element | None:
    """Return the element that its page calls the text of the article, if most prose is there."""
    enough = _ENOUGH_NAMED * weights[body]
    for element, weight in weights.items():
        if weight < enough or element is body or local_name(element) in _PARAGRAPHS:
            continue
        called = f"{element.get('class', '')} {element.get('id', '')}".split()
        declared = element.get("itemprop", "").lower() == "articlebody"
        # In a thread each post has its number behind the name.
        if declared or any(_TEXT_NAME.fullmatch(_NUMBER.sub("", name)) for name in called):
            return element
    return None


def _prose(found: Sequence[Found]) -> list[int]:
    """Return the places of sentences and long parts; where there are none, of any text."""
    own = [
        place
        for place, one in enumerate(found)
        if one.linked < _LINKED and one.part.kind != "heading"
    ]
    texts = [found[place].part.text for place in own]
    told = list(zip(own, texts, strict=True))
    sentences = [place for place, text in told if _is_sentence(text)]
    prose = [place for place, text in told if len(text.encode()) >= _LONG_WITHOUT_END]
    return sorted({*sentences, *prose}) or [
        place for place, text in told if not (is_navigation(text) or is_crumb(text))
    ]


def _is_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does, and not as one that announces something."""
    return ends_sentence(text) and not text.endswith(("：", ":"))


def _length(found: Sequence[Found], places: Sequence[int]) -> int:
    return sum(len(found[place].part.text) for place in places)


def _with_paragraphs_beside(
    article: Element, body: Element, weights: Mapping[Element, int]
) -> Element:
    """Return the element around the article as long as paragraphs of it stand beside it."""
    parent = article.getparent()
    while article is not body and parent is not None:
        beside = (one for one in parent if one is not article and local_name(one) in _PARAGRAPHS)
        if not any(weights.get(one) for one in beside):
            break
        article, parent = parent, parent.getparent()
    return article


def with_unfolding(found: Sequence[Found]) -> list[Found]:
    """Return the parts, what unfolds the text below it not as links."""
    return [
        replace(one, linked=0.0)
        if after and not after.linked and _is_sentence(after.part.text) and _is_button(one)
        else one
        for one, after in zip_longest(found, found[1:])
    ]


def _is_button(one: Found) -> bool:
    """Tell whether a part is linked to nothing but what its page's program does."""
    links = list(islice(one.element.iter("a"), _MOST_LINKS)) if one.linked else []
    return bool(links) and all(link.get("href") == "#" for link in links)


def without_teasers(found: Sequence[Found]) -> list[Found]:
    """Return the parts without lists of other articles: headings that are links, little text.

    Where most of the page is such a list, it is what the page is about.
    """
    kept: list[Found] = []
    place = 0
    while place < len(found):
        end = _end_of_teasers(found, place)
        if end == place:
            kept.append(found[place])
            end += 1
        else:
            # The heading of the list goes with it.
            while kept and kept[-1].part.kind == "heading":
                kept.pop()
        place = end
    enough = len(_prose(kept)) and 2 * _length(kept, _prose(kept)) > _length(found, _prose(found))
    return kept if enough else list(found)


def _end_of_teasers(found: Sequence[Found], start: int) -> int:
    """Return where a list of linked headings that begins at ``start`` ends."""
    if not _is_linked_heading(found[start]):
        return start
    around = set(found[start].element.iterancestors())
    listing = None
    headings, text, end, last, between = 1, 0, start + 1, start, 0
    while end < len(found) and end - last <= _PARTS_OF_A_TEASER:
        one = found[end]
        if _is_linked_heading(one):
            if listing is None:
                listing = next((up for up in one.element.iterancestors() if up in around), None)
            between = max(between, end - last - 1)
            headings, last = headings + 1, end
        elif one.part.kind == "heading" or len(one.part.text) > _LONGEST_TEASER:
            break
        if listing is not None and listing not in one.element.iterancestors():
            break
        text += len(one.part.text) if one.part.kind != "heading" else 0
        end += 1
    # Behind the last one stands no more of its own than behind the others.
    is_list = headings > 1 and text <= _LONGEST_TEASER * headings
    return min(end, last + 1 + between) if is_list else start


def _is_linked_heading(one: Found) -> bool:
    return one.part.kind == "heading" and one.linked >= _LINKED
