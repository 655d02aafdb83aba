"""Saved web pages: the article's title, date and source, headings and paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.loaders.closing import is_furniture, without_tail
from qa.loaders.content import Content, Part, assemble, with_headings
from qa.loaders.contents import hide_code_tools, without_contents
from qa.loaders.elsewhere import elsewhere, problem_of, prose_length
from qa.loaders.encoding import decode_markup
from qa.loaders.furniture import is_navigation
from qa.loaders.main_part import kept_by_library
from qa.loaders.markup import Element, Found, bold_classes, find_parts, parse
from qa.loaders.names import hide_furniture
from qa.loaders.page import article_range, without_teasers
from qa.loaders.plain import could_be_title, is_byline
from qa.loaders.thread import hide_replies
from qa.text import BLANKS, ends_sentence, fold

__all__ = ["read"]

_LONGEST_TITLE = 120
_TOP_PARTS = 6
# What stands elsewhere in the file is the article if it is this many times as long.
_MORE_ELSEWHERE = 2
_SEPARATOR = re.compile(r"\s*[_|｜–—]+\s*|\s+-\s*|\s*-\s+")
_DATES = ("article:published_time", "publishdate", "pubdate", "og:release_date", "date")
_SOURCES = ("mediaid", "source", "og:site_name", "author", "article:author")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the article of a page.

    Raises:
        MissingExtra: if a package that it needs is not installed.
        DocumentError: if it is no text or cannot be parsed.

    """
    text = decode_markup(data, source)
    root = parse(text, source)
    page = _Page(root, next(root.iter("body"), root))
    best = page.article()
    length = prose_length(best)
    for other in elsewhere(text, root, source, length):
        parts = _Page(root, other).article()
        if prose_length(parts) > _MORE_ELSEWHERE * length:
            best, length = parts, prose_length(parts)
    content = assemble(best, title=next((one.text for one in best if one.kind == "title"), ""))
    yield replace(content, problem=problem_of(root, best, page.seen))


class _Page:
    """A body, with the head that it belongs to."""

    def __init__(self, root: Element, body: Element) -> None:
        self._root = root
        self._body = body
        self.seen = 0
        """Characters that the page shows and that are not linked."""

    def article(self) -> list[Part]:
        """Return title, byline, headings and paragraphs."""
        root, body = self._root, self._body
        names = list(_page_titles(root))
        hide_replies(body)
        hide_furniture(body)
        hide_code_tools(body)
        styles = ("".join(style.itertext()) for style in root.iter("style"))
        found = find_parts(body, bold_classes(styles))
        self.seen = sum(len(one.part.text) for one in found if not one.linked)
        found = without_contents(found)
        start, end = article_range(body, found, kept_by_library(body))
        place = _title_place(found[:end], start, names)
        if place is None:
            title = names[0] if names else ""
            head: list[Found] = []
            body_parts = found[start:end]
        else:
            title = found[place].part.text
            after = max(start, place + 1)
            head, body_parts = found[place + 1 : after], found[after:end]
        parts = [Part(title, "title")] if title else []
        parts += _head(root, [*head, *body_parts])
        first = _first_of_article(body_parts)
        kept = [one for one in head if _is_sentence(one)] + body_parts[first:]
        ended = without_tail(without_teasers(kept), title)
        shown = [one for one in ended if not is_furniture(one)]
        parts += [one.part for one in shown if not _repeats(one, title)]
        has_headings = any(part.kind == "heading" for part in parts)
        return parts if has_headings else with_headings(parts)


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
        return max(matching, key=lambda place: (len(found[place].part.text), -place))
    first = [
        place
        for place, one in enumerate(found)
        if one.part.kind == "heading" and one.part.level == 1 and place <= start
    ]
    if first:
        return first[-1]
    top = [one.part.text for one in found[start : start + _TOP_PARTS]]
    return start if not named and len(top) > 1 and could_be_title(top) else None


def _head(root: Element, found: Sequence[Found]) -> list[Part]:
    """Return the line of date and source: as the page shows it, else as it declares it."""
    shown = []
    for one in found:
        if is_byline(one.part.text):
            shown.append(Part(one.part.text, "byline"))
        elif _is_sentence(one):
            break
    if shown:
        return shown
    declared = [_declared(root, _DATES), _declared(root, _SOURCES)]
    return [Part(" ".join(filter(None, declared)), "byline")] if declared[0] else []


def _declared(root: Element, names: Sequence[str]) -> str:
    for name in names:
        for meta in root.iter("meta"):
            called = (meta.get("property") or meta.get("name") or "").lower()
            content = (meta.get("content") or "").strip(BLANKS)
            if called == name and content:
                day = _DAY.match(content)
                return day.group() if day and name in _DATES else content
    return ""


def _first_of_article(found: Sequence[Found]) -> int:
    """Return where the article begins after its byline and the buttons beside it."""
    first = 0
    for place, one in enumerate(found):
        text = one.part.text
        if one.part.kind == "heading" or _is_sentence(one):
            break
        if is_byline(text) or is_navigation(text) or one.linked:
            first = place + 1
    return first


def _is_sentence(one: Found) -> bool:
    return ends_sentence(one.part.text) and one.linked < 0.5


def _repeats(one: Found, title: str) -> bool:
    return one.part.kind == "heading" and fold(one.part.text) == fold(title)
