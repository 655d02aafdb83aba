"""Saved web pages: the article's title, date and source, headings and paragraphs."""

from collections.abc import Iterator
from dataclasses import replace

from qa.loaders.content import Content, Part, assemble, with_headings
from qa.loaders.encoding import decode_markup
from qa.loaders.html.advertised import hide_advertisements
from qa.loaders.html.asked import hide_answerers
from qa.loaders.html.beside import hide_boxes
from qa.loaders.html.closing import credits_in, without_furniture, without_tail
from qa.loaders.html.contents import hide_code_tools, without_contents
from qa.loaders.html.elsewhere import elsewhere, problem_of, prose_length
from qa.loaders.html.headline import Headline, byline, first_of_article, headline
from qa.loaders.html.main_part import kept_by_library
from qa.loaders.html.names import hide_furniture
from qa.loaders.html.page import article_range, with_unfolding, without_teasers
from qa.loaders.html.phrases import subjects
from qa.loaders.html.thread import hide_replies
from qa.loaders.html.unfolded import unfold
from qa.loaders.markup import Element, Found, bold_classes, find_parts, parse
from qa.text import fold

__all__ = ["read"]

# What stands elsewhere in the file is the article if it is this many times as long.
_MORE_ELSEWHERE = 2


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
        """Characters that the page shows, not linked and not known to be the site's."""

    def article(self) -> list[Part]:
        """Return title, byline, headings and paragraphs."""
        root, body = self._root, self._body
        unfold(body)
        hide_advertisements(body)
        hide_boxes(body)
        hide_answerers(body)
        hide_replies(body)
        columns = hide_furniture(body)
        hide_code_tools(body)
        styles = ("".join(style.itertext()) for style in root.iter("style"))
        found = find_parts(body, bold_classes(styles))
        self.seen = sum(len(one.part.text) for one in found if not one.linked)
        found = without_contents(with_unfolding(found))
        start, end = article_range(body, found, kept_by_library(body), columns)
        line = headline(root, found, start, end)
        parts = [Part(line.title, "title")] if line.title else []
        parts += byline(root, [*line.head, *line.body])
        parts += self._told(line)
        has_headings = any(part.kind == "heading" for part in parts)
        return parts if has_headings else with_headings(parts)

    def _told(self, line: Headline) -> list[Part]:
        """Return the headings and paragraphs, and before them who is named below the article."""
        kept = line.above + first_of_article(line.head, line.body, line.title)
        listed = without_teasers(kept)
        about = subjects(line.title, [one.part.text for one in listed])
        ended = without_tail(listed, line.title, about)
        after = listed[len(ended) :]
        self.seen -= sum(len(one.part.text) for one in after if not one.linked)
        shown = without_furniture(ended, about)
        return credits_in(after) + [one.part for one in shown if not _repeats(one, line.title)]


def _repeats(one: Found, title: str) -> bool:
    return one.part.kind == "heading" and fold(one.part.text) == fold(title)
