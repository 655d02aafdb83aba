"""The article as a reading view, and the shelf above it that chooses the article."""

from qa.chatbot import Chatbot
from qa.index.access import DocumentList
from qa.render import escape_html, paragraph_anchor
from qa.text import Language, language
from qa.types import Document, Paragraph
from qa.web.library import Library
from qa.web.texts import TEXTS

__all__ = ["article_html", "choose_document", "empty_article_html", "shelf_html"]

_MOST_LISTED = 100
"""Articles to choose from; the others are reached by asking."""
_TAGS = {"title": "h1", "heading": "h2", "byline": "p", "text": "p"}


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
    remove = (
        f'<button type="button" data-remove="{escape_html(reading)}" data-keep="remove">'
        f"{escape_html(texts['remove'])}</button>"
        if library.is_own(reading)
        else ""
    )
    close = escape_html(texts["close"])
    return (
        f'<div class="shelf" lang="{interface}">{choice}{remove}'
        f'<button type="button" data-add data-keep="add" aria-expanded="false" '
        f'aria-controls="adding">{escape_html(texts["add"])}</button>'
        f'<button type="button" class="close" data-close title="{close}" '
        f'aria-label="{close}">×</button></div>'
    )


def _name(document: Document, library: Library, interface: Language) -> str:
    title = " ".join(document.title.split())
    return f"{title} · {TEXTS[interface]['own']}" if library.is_own(document.id) else title


def article_html(chatbot: Chatbot, document: Document, interface: Language) -> str:
    """Return a document with its outline; paragraph twelve has the id ``p12``.

    The text of each element is exactly the text of its paragraph, so that offsets in one
    count in the other.
    """
    paragraphs = chatbot.paragraphs(document.id)
    texts = TEXTS[interface]
    shown = [_paragraph_html(paragraph) for paragraph in paragraphs]
    head = sum(1 for paragraph in paragraphs[:2] if paragraph.kind in ("title", "byline"))
    if not any(paragraph.kind == "title" for paragraph in paragraphs):
        shown.insert(0, f"<h1>{escape_html(document.title)}</h1>")
        head += 1
    shown.insert(head, _outline_html(paragraphs, texts["contents"], interface))
    script = language("".join(paragraph.text for paragraph in paragraphs[:20]))
    return (
        f'<article lang="{script}" aria-label="{escape_html(texts["article"])}" '
        f'data-document="{escape_html(document.id)}" '
        f'data-title="{escape_html(document.title)}">{"".join(shown)}</article>'
    )


def _paragraph_html(paragraph: Paragraph) -> str:
    tag = _TAGS[paragraph.kind]
    number = paragraph.position + 1
    return (
        f'<{tag} class="paragraph {paragraph.kind}" id="{paragraph_anchor(paragraph)}" '
        f'data-number="{number}" tabindex="-1">{escape_html(paragraph.text)}</{tag}>'
    )


def _outline_html(paragraphs: tuple[Paragraph, ...], label: str, interface: Language) -> str:
    headings = [paragraph for paragraph in paragraphs if paragraph.kind == "heading"]
    if not headings:
        return ""
    entries = "".join(
        f'<li><a href="?p={heading.position + 1}" data-paragraph="{paragraph_anchor(heading)}">'
        f"{escape_html(heading.text)}</a></li>"
        for heading in headings
    )
    return (
        f'<nav class="outline" aria-label="{escape_html(label)}">'
        f'<h2 lang="{interface}">{escape_html(label)}</h2><ol>{entries}</ol></nav>'
    )
