"""The article as a reading view, and the shelf above it that chooses the article."""

from collections.abc import Mapping

from qa.index.access import DocumentList
from qa.loaders.split import split
from qa.render.formats import escape_html, paragraph_anchor
from qa.render.markup import Layout
from qa.text import Language, language
from qa.types import Document, Paragraph
from qa.web.texts import TEXTS
from qa.web.visit.library import Library

__all__ = ["article_html", "choose_document", "empty_article_html", "shelf_html"]

_MOST_LISTED = 100
"""Articles to choose from; the others are reached by asking."""
_LONG = 200
"""Paragraphs from which those out of sight are not laid out."""
_TAGS = {"title": "h2", "heading": "h3", "byline": "p", "text": "p"}


def choose_document(documents: DocumentList, wanted: str) -> Document:
    """Return the document of that id, or the first one."""
    return documents.find(wanted) or documents[0]


def empty_article_html() -> str:
    """Return what stands in the article's place before it is there."""
    lines = "".join(f'<span style="width:{width}%"></span>' for width in (96, 100, 93, 98, 61))
    return f'<div class="article-waiting" aria-hidden="true">{lines}{lines}</div>'


def shelf_html(library: Library, reading: str, interface: Language) -> str:
    """Return the choice of articles with the buttons that add and remove one."""
    texts = TEXTS[interface]
    documents = library.documents
    listed = list(documents[:_MOST_LISTED])
    shown = library.find(reading)
    if shown is not None and shown not in listed:
        listed.append(shown)
    options = "".join(
        f'<option value="{escape_html(document.id)}"{" selected" * (document.id == reading)}>'
        f"{escape_html(_name(document, library, interface))}</option>"
        for document in listed
    )
    choice = (
        f'<select data-documents data-keep="documents" '
        f'aria-label="{escape_html(texts["documents"])}">{options}</select>'
        if len(documents) > 1
        else f"<span>{escape_html(texts['article'])}</span>"
    )
    close = escape_html(texts["close"])
    own = escape_html("\n".join(f"{one.id} {one.title}" for one in library.own_documents))
    own_menu = _own_menu_html(shown, texts) if shown and library.is_own(reading) else ""
    return (
        f'<div class="shelf" lang="{interface}" data-mine="{own}">{choice}{own_menu}'
        f'<button type="button" data-add data-keep="add" aria-expanded="false" '
        f'aria-controls="adding">{escape_html(texts["add"])}</button>'
        f'<button type="button" class="close" data-close title="{close}" '
        f'aria-label="{close}">×</button></div>'
    )


def _own_menu_html(document: Document, texts: Mapping[str, str]) -> str:
    """Return what can be done with an own article, behind one button."""
    named = f'="{escape_html(document.id)}"'
    buttons = "".join(
        f'<button type="button" data-{name}{named}>{escape_html(texts[key])}</button>'
        for name, key in (("rename", "rename"), ("replace", "replace"), ("remove", "remove"))
    )
    title = escape_html(document.title)
    return (
        f'<details class="menu" data-keep="own-menu" data-title="{title}">'
        f'<summary aria-label="{escape_html(texts["own_menu"])}">⋯</summary>'
        f"<div>{buttons}</div></details>"
    )


def _name(document: Document, library: Library, interface: Language) -> str:
    title = " ".join(document.title.split())
    return f"{title} · {TEXTS[interface]['own']}" if library.is_own(document.id) else title


def article_html(document: Document, interface: Language) -> str:
    """Return a document with its outline; paragraph 12 has the id ``p12``.

    The text of each element is exactly the text of its paragraph, so that offsets in one
    count in the other.
    """
    paragraphs = split(document)
    texts = TEXTS[interface]
    layout = Layout(document, paragraphs)
    shown = [_paragraph_html(paragraph, layout) for paragraph in paragraphs]
    head = sum(1 for paragraph in paragraphs[:2] if paragraph.kind in ("title", "byline"))
    if not any(paragraph.kind == "title" for paragraph in paragraphs):
        shown.insert(0, f"<h2>{escape_html(document.title)}</h2>")
        head += 1
    shown.insert(head, _outline_html(paragraphs, texts["contents"], interface))
    script = language("".join(paragraph.text for paragraph in paragraphs[:20]))
    long = ' class="long"' if len(paragraphs) > _LONG else ""
    return (
        f'<article{long} tabindex="-1" lang="{script}" '
        f'aria-label="{escape_html(texts["article"])}" '
        f'data-document="{escape_html(document.id)}" '
        f'data-title="{escape_html(document.title)}">{"".join(shown)}</article>'
    )


def _paragraph_html(paragraph: Paragraph, layout: Layout) -> str:
    number = f'data-number="{paragraph.number}" ' if paragraph.number else ""
    return layout.paragraph(
        paragraph,
        _TAGS[paragraph.kind],
        f'id="{paragraph_anchor(paragraph)}" {number}'
        f'style="--width:{_width(paragraph.text)}" tabindex="-1"',
    )


def _width(text: str) -> int:
    """Return about how wide a text is, in Han characters."""
    return len(text.encode("utf-8", "surrogatepass")) // 3


def _outline_html(paragraphs: tuple[Paragraph, ...], label: str, interface: Language) -> str:
    headings = [paragraph for paragraph in paragraphs if paragraph.kind == "heading"]
    if not headings:
        return ""
    entries = "".join(
        f'<li><a href="?p={anchor}" data-paragraph="{anchor}">{escape_html(heading.text)}</a></li>'
        for heading in headings
        for anchor in (paragraph_anchor(heading),)
    )
    return (
        f'<nav class="outline" aria-label="{escape_html(label)}">'
        f'<h3 lang="{interface}">{escape_html(label)}</h3><ol>{entries}</ol></nav>'
    )
