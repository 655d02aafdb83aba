"""What a site puts between and below the lines of an article: legal, sharing, related."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice, zip_longest

from qa.loaders.content import Part
from qa.loaders.furniture import is_crumb, is_ordinal
from qa.loaders.html.phrases import (
    is_closing,
    is_disclaimer,
    is_imprint,
    is_label,
    is_next,
    is_onward,
    is_reporter,
    is_veil,
    topics,
)
from qa.loaders.html.prose import is_sentence
from qa.loaders.html.sections import section_before, site_sections
from qa.loaders.markup import Found
from qa.text import BLANKS, ends_sentence

__all__ = ["credits_in", "without_furniture", "without_tail"]

_LINKED = 0.8
_FILED = re.compile(
    r"(?:文章|词条|所属|相关|本文)?"
    r"(?:分类|分類|标签|標籤|专栏|專欄|专题|栏目|话题|频道|收录于)\s*[:：]?"
)
_MOSTLY_LINKED = 0.4
_HALF_LINKED = 0.5
_MOST_LINKS = 20
_LONGEST_IMPRINT = 8
# The date of another article, and how often it was read.
_COUNTS = re.compile(
    r"(?:[\W\d_]|年|月|日|评论|評論|阅读|浏览|点赞|赞|回答|回复|人看过|个|条|次|万|小时前|分钟前|天前|昨天)*"
)
_CREDIT = re.compile(
    r"(?:撰文|作者|文字|文|本报记者|记者|来源)\s*[:：/|]|[（(]?(?:本文|稿件|文章|信息)来源\s*[:：]"
    r"|(?:本文)?(?:已?[经經])?(?:授权|授權)?(?:转载|轉載)自\s*[:：]?"
)
_LONGEST_CREDIT = 30
_LONGEST_BUTTON = 6
_BESIDE = re.compile(r"[上下]一?[篇条條则則]\s*[:：]")
# One of these at least: a list of results has links with numbers beside them, too.
_STAMP = re.compile(
    r"\d{4}[-/.年]\d|\d[-/月]\d+日?$|评论|評論|阅读|浏览|回答|小时前|分钟前|天前|昨天"
)


def without_furniture(found: Sequence[Found], about: AbstractSet[str]) -> list[Found]:
    """Return the parts without the site's lines in the middle of an article.

    ``about`` is what the article is about, which makes lines on that the article's.
    """
    return [
        one
        for one, after in zip_longest(found, found[1:])
        if not _is_furniture(one, about) and not _is_mark(one, after)
    ]


def _is_furniture(one: Found, about: AbstractSet[str]) -> bool:
    text = one.part.text
    if one.part.kind != "heading" and one.linked >= _LINKED:
        return True
    is_told = is_disclaimer(text) and about.isdisjoint(topics(text))
    if is_veil(text) and next(one.element.iter("img"), None) is not None:
        return True
    return is_told or is_crumb(text) or is_onward(text) or _is_dated_link(one)


def _is_dated_link(one: Found) -> bool:
    """Tell whether a part is a link with nothing but a date or numbers beside it."""
    if not 0 < one.linked < _LINKED or is_sentence(one.part.text):
        return False
    rest = one.part.text
    for link in islice(one.element.iter("a"), _MOST_LINKS):
        rest = rest.replace("".join(link.itertext()).strip(BLANKS), " ")
    return _COUNTS.fullmatch(rest) is not None and _STAMP.search(rest) is not None


def _is_mark(one: Found, after: Found | None) -> bool:
    """Tell whether a part is a bare number above a heading, or a label above links."""
    if one.part.kind != "heading":
        is_above = after is not None and after.part.kind == "heading"
        return is_label(one.part.text) or (is_above and is_ordinal(one.part.text))
    is_told = after is not None and is_sentence(after.part.text) and after.linked < _LINKED
    return is_label(one.part.text) and not is_told


def without_tail(
    found: Sequence[Found], title: str, about: AbstractSet[str] = frozenset()
) -> list[Found]:
    """Return the parts without the site's sections and lines after the article.

    A heading that nothing comes after is that of something left out.
    """
    sections = site_sections(found, title, about)
    end = _start_of_imprint(found, about)
    has_text = any(one.part.kind == "text" and one.linked < _LINKED for one in found)
    while end:
        start = section_before(sections, end)
        one = found[end - 1]
        if start is not None:
            end = start
        elif (
            _is_tail(one, about)
            or _is_date_of_link(found, end - 1)
            or (has_text and one.part.kind == "heading")
        ):
            end -= 1
        else:
            break
    return list(found[:end])


def _start_of_imprint(found: Sequence[Found], about: AbstractSet[str]) -> int:
    """Return where the lines of a site's rights, address and telephone begin that end a page."""
    start = len(found)
    for place in range(len(found) - 1, max(len(found) - _LONGEST_IMPRINT, len(found) // 2), -1):
        text = found[place].part.text
        if is_sentence(text) and not is_closing(text, about):
            break
        if is_imprint(text) and about.isdisjoint(topics(text)):
            start = place
    return start


def _is_date_of_link(found: Sequence[Found], place: int) -> bool:
    """Tell whether a part is the date below a link to another article."""
    is_below = place > 0 and found[place - 1].linked >= _HALF_LINKED
    return is_below and _COUNTS.fullmatch(found[place].part.text) is not None


def _is_tail(one: Found, about: AbstractSet[str]) -> bool:
    text = one.part.text
    if _is_furniture(one, about) or _is_mark(one, None) or _is_credit(one):
        return True
    is_button = len(text) <= _LONGEST_BUTTON or _BESIDE.match(text) is not None
    if all(map(is_next, text.split("\n"))) and (one.linked or is_button):
        return True
    if one.linked >= _MOSTLY_LINKED and _FILED.match(text):
        return True
    return is_closing(text, about)


def credits_in(found: Sequence[Found]) -> list[Part]:
    """Return who wrote an article, of the lines that came after it, as bylines."""
    return [Part(one.part.text, "byline") for one in found if _is_credit(one)]


def _is_credit(one: Found) -> bool:
    text = one.part.text
    if is_reporter(text):
        return True
    is_short = len(text) <= _LONGEST_CREDIT
    return is_short and _CREDIT.match(text) is not None and not ends_sentence(text)
