"""What stands above a page's article: its title, the lines around that, date and source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.loaders.content import Part
from qa.loaders.furniture import is_crumb, is_navigation
from qa.loaders.html.phrases import is_closing, is_prompt, is_reporter
from qa.loaders.html.prose import is_sentence
from qa.loaders.markup import Element, Found, local_name
from qa.loaders.plain import could_be_title, is_byline, is_label
from qa.text import BLANKS, fold

__all__ = ["Headline", "byline", "first_of_article", "headline"]

_LONGEST_TITLE = 120
_TOP_PARTS = 6
_SEPARATOR = re.compile(
    r"\s*[_|｜–—]+\s*|\s+-\s*|\s*-\s+|(?<!-)-(?=[^-\s]{1,14}(?:网|网站|频道|门户|论坛|博客|日报|晚报)$)"
)
_DATES = ("article:published_time", "publishdate", "pubdate", "og:release_date", "date")
_SOURCES = ("mediaid", "source", "og:site_name", "author", "article:author")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A heading behind more of the article than this is one of its own, and not its title.
_MOST_BEFORE_TITLE = 0.1
_MOST_BEFORE_HIGHEST = 0.3
_FEWEST_BETWEEN = 3
_LONG_WITHOUT_END = 17
# Lines above and below a title stand with it in an element that holds little else.
_MOST_WITH_TITLE = 8
_LONGEST_LINE = 50
_SHORTEST_LINE = 8
_DASH = re.compile(r"\s*(?:[—–―─]{1,2}|--)\s*\S")
_SUBTITLE_NAME = re.compile(r"sub[-_]?(?:title|head)|second|deck|futi|fubiao", re.IGNORECASE)
_KICKER_NAME = re.compile(
    r"kicker|eyebrow|shoulder|yinti|(?:pre|intro|lead|up)[-_]?title", re.IGNORECASE
)
_INFO_NAME = re.compile(r"info|meta|byline|source|author|date|pub", re.IGNORECASE)
# When it was written, where the year is left out; how long it is and how often it was read.
_POSTED = re.compile(
    r"(?:发布|發布|发表|發表|更新|编辑|提问|发帖)(?:于|於|时间|日期)?\s*[:：]?\s*(?:\d{4}[-/.年])?"
    r"\d{1,2}[-/.月]\d{1,2}"
)
_COUNTS = re.compile(
    r"(?=.*\d)(?=.*(?:字数|字數|阅读|閱讀|浏览|瀏覽|时长))(?:[\W\d_]|字数|字數|总计|阅读|閱讀|浏览|瀏覽"
    "|时长|预计|大约|约|量|数|次|分钟|分|字|评论|点赞|人|万|k|w|min)*"
)
# When a law was passed, made known and changed stands below its title.
_PASSED = re.compile(
    r"[（(][^（）()]*\d[^（）()]*(?:通过|公布|发布|施行|批准|修正|修订|废止)[^（）()]*[）)]"
)
_LONGEST_PASSED = 400
# Before a date that is none of the article's.
_OTHER_DATE = re.compile("(?:注册|註冊|登录|加入|生日|在线|最后).{0,4}[:：]?$")


@dataclass(frozen=True, slots=True)
class Headline:
    """A title, the parts between it and the article, and the article."""

    title: str
    above: list[Found]
    head: list[Found]
    body: list[Found]


def headline(root: Element, found: Sequence[Found], start: int, end: int) -> Headline:
    """Return the title of the article that goes from ``start`` to ``end``."""
    names = list(_page_titles(root))
    place = _title_place(found[:end], start, names)
    name = names[0] if names else ""
    if place is None:
        return Headline(name, [], [], list(found[start:end]))
    text = found[place].part.text
    is_highest = found[place].part.level == 1 or text == name
    most = _MOST_BEFORE_HIGHEST if is_highest else _MOST_BEFORE_TITLE
    if _prose(found[start:place]) > most * _prose(found[start:end]):
        title = text if is_highest or not name else name
        return Headline(title, [], [], list(found[start:end]))
    after = max(start, place + 1)
    above = _lines_above(found, place)
    return Headline(text, above, list(found[place + 1 : after]), list(found[after:end]))


def _page_titles(root: Element) -> Iterator[str]:
    """Yield what the page calls itself, the article's own title first."""
    for meta in root.iter("meta"):
        content = (meta.get("content") or "").split()
        if content and "og:title" in (meta.get("property"), meta.get("name")):
            # Of thousands none is the title, and each would be compared with each part.
            yield " ".join(content)
            break
    for element in root.iter("title"):
        whole = " ".join("".join(element.itertext()).split())
        # Behind the title stands the name of the site and of its section.
        yield max(_SEPARATOR.split(whole), key=len, default="")
        yield whole
        return


def _title_place(found: Sequence[Found], start: int, names: Sequence[str]) -> int | None:
    """Return the place of the title among the parts."""
    named = [fold(name) for name in names if name]
    matching = [
        place
        for place, one in enumerate(found)
        if len(one.part.text) <= _LONGEST_TITLE
        and not one.linked
        and any(fold(one.part.text) in name for name in named)
        and (one.part.kind == "heading" or fold(one.part.text) == named[0])
    ]
    if matching:
        longest = max(matching, key=lambda place: (len(found[place].part.text), -place))
        return _higher(found, longest, matching)
    first = [
        place
        for place, one in enumerate(found)
        if one.part.kind == "heading" and one.part.level == 1 and place <= start
    ]
    if first:
        return first[-1]
    top = [one.part.text for one in found[start : start + _TOP_PARTS]]
    return start if not named and len(top) > 1 and could_be_title(top) else None


def _higher(found: Sequence[Found], longest: int, matching: Sequence[int]) -> int:
    """Return the place of the first heading instead of that of a section it stands above.

    The heading of a section may hold more words of the page's name than its title does.
    """
    if found[longest].part.level == 1:
        return longest
    for place in matching:
        between = found[place + 1 : longest]
        own = [one for one in between if not one.linked and not _is_byline(one)]
        told = [one for one in own if not is_navigation(one.part.text)]
        is_above = _prose(told) or len(told) >= _FEWEST_BETWEEN
        if found[place].part.level == 1 and place < longest and is_above:
            return place
    return longest


def _prose(found: Sequence[Found]) -> int:
    return sum(len(one.part.text) for one in found if _is_prose(one))


def _is_prose(one: Found) -> bool:
    """Tell whether a part is a sentence of the article, or as long as one."""
    text = one.part.text
    is_long = len(text) >= _LONG_WITHOUT_END and one.part.kind != "heading"
    is_other = is_crumb(text) or _is_byline(one)
    return one.linked < 0.5 and (is_sentence(text) or is_long) and not is_other


def _lines_above(found: Sequence[Found], place: int) -> list[Found]:
    """Return the line above a title that belongs to it."""
    if not place or not _could_be_line(found[place - 1]):
        return []
    above, title = found[place - 1], found[place]
    text = above.part.text
    beside = _with_title(found, place)
    if above not in beside or fold(text) in fold(title.part.text):
        return []
    below = [one for one in beside[beside.index(title) + 1 :] if _is_line_below(one)]
    alike = any(_called(one) == _called(above) for one in below)
    is_named = _KICKER_NAME.search(_called(above)) is not None
    return [above] if alike or is_named or "，" in text else []


def _with_title(found: Sequence[Found], place: int) -> list[Found]:
    """Return the parts of the smallest element around a title that holds others, if few."""
    near = found[max(place - _MOST_WITH_TITLE, 0) : place + _MOST_WITH_TITLE]
    around = {one.element: {one.element, *one.element.iterancestors()} for one in near}
    for up in found[place].element.iterancestors():
        beside = [one for one in near if up in around[one.element]]
        if len(beside) > 1:
            return beside if len(beside) <= _MOST_WITH_TITLE else []
    return []


def _could_be_line(one: Found) -> bool:
    """Tell whether a part could be a line above a title."""
    text = one.part.text
    is_other = is_byline(text) or is_navigation(text) or is_crumb(text) or is_label(text)
    is_short = _SHORTEST_LINE <= len(text) <= _LONGEST_LINE
    return is_short and not one.linked and not is_other and not is_sentence(text)


def _is_line_below(one: Found) -> bool:
    """Tell whether a part is a line below a title that belongs to it."""
    text = one.part.text
    is_other = _is_byline(one) or is_navigation(text) or _COUNTS.fullmatch(fold(text))
    if one.linked or len(text) > _LONGEST_LINE or is_other:
        return False
    return _DASH.match(text) is not None or _SUBTITLE_NAME.search(_called(one)) is not None


def _called(one: Found) -> str:
    return f"{one.element.get('class', '')} {one.element.get('id', '')}"


def byline(root: Element, found: Sequence[Found]) -> list[Part]:
    """Return the line of date and source: as the page shows it, else as it declares it."""
    shown = []
    before = ""
    for one in found:
        if _is_byline(one) and not _is_passed(one) and not _OTHER_DATE.search(before):
            shown.append(Part(one.part.text, "byline"))
        elif is_sentence(one.part.text) and one.linked < 0.5 and not is_prompt(one.part.text):
            break
        before = one.part.text
    if shown:
        return shown
    declared = [_declared(root, _DATES), _declared(root, _SOURCES)]
    return [Part(" ".join(filter(None, declared)), "byline")] if declared[0] else []


def _is_byline(one: Found) -> bool:
    text = one.part.text
    # Between the names of authors a comma stands, as in sentences.
    is_named = _INFO_NAME.search(_called(one)) is not None
    is_posted = len(text) <= _LONGEST_LINE and _POSTED.match(text) and not is_sentence(text)
    if is_posted or is_reporter(text):
        return True
    return is_byline(text.replace("，", "、") if is_named else text)


def _declared(root: Element, names: Sequence[str]) -> str:
    for name in names:
        for meta in root.iter("meta"):
            called = (meta.get("property") or meta.get("name") or "").lower()
            content = (meta.get("content") or "").strip(BLANKS)
            if called == name and content:
                day = _DAY.match(content)
                return day.group() if day and name in _DATES else content
    return ""


def first_of_article(head: Sequence[Found], body: Sequence[Found], title: str) -> list[Found]:
    """Return the article with what belongs to it of the parts above.

    It begins after its byline, the buttons beside that and what its readers are asked to do.
    """
    kept = [one for one in head if _is_of_article(one, title)]
    first = 0
    for place, one in enumerate(body):
        text = one.part.text
        is_long = len(text) >= _LONGEST_LINE and not one.linked
        is_told = is_long or (is_sentence(text) and one.linked < 0.5 and not _is_info(one))
        if _is_line_below(one):
            kept += [one] if _is_of_article(one, title) else []
            first = place + 1
        elif not is_prompt(text) and (one.part.kind == "heading" or is_told):
            break
        elif _is_byline(one) or _is_around(one):
            first = place + 1
    leads = [one for one in body[:first] if _is_lead(one) and not _is_line_below(one)]
    return [*kept, *leads, *body[first:]]


def _is_around(one: Found) -> bool:
    """Tell whether a part stands beside the byline: buttons, how long an article is."""
    text = one.part.text
    is_other = is_navigation(text) or is_prompt(text) or one.linked
    return bool(is_other) or _COUNTS.fullmatch(fold(text)) is not None


def _is_info(one: Found) -> bool:
    """Tell whether a part is a byline or counts readers, whatever its end looks like."""
    text = one.part.text
    is_announcing = text.endswith(("：", ":"))
    return _COUNTS.fullmatch(fold(text)) is not None or (_is_byline(one) and not is_announcing)


def _is_passed(one: Found) -> bool:
    text = one.part.text
    return len(text) <= _LONGEST_PASSED and _PASSED.fullmatch(text) is not None


def _is_lead(one: Found) -> bool:
    """Tell whether a part above the article is a caption, a clause, or when a law was passed."""
    text = one.part.text
    if one.linked or is_sentence(text) or is_closing(text, frozenset()):
        return False
    if _is_passed(one) or (local_name(one.element) == "figcaption" and not _is_byline(one)):
        return True
    is_clause = _LONG_WITHOUT_END <= len(text) <= _LONGEST_LINE and "，" in text
    return is_clause and not ("：" in text or _is_byline(one) or is_navigation(text))


def _is_of_article(one: Found, title: str) -> bool:
    """Tell whether a part between the title and the article is a subtitle or a sentence of it."""
    text = one.part.text
    if _is_line_below(one):
        return fold(text) != fold(title)
    if _is_lead(one):
        return True
    is_other = is_prompt(text) or _is_info(one)
    return is_sentence(text) and one.linked < 0.5 and not is_other
