"""What holds for every answer and article that is shown: its characters, and nothing else."""

import json
import re
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import DocumentError
from qa.index.local import LocalIndex
from qa.index.segment import Segment, locate
from qa.reader.calibration import UNFITTED
from qa.render.formats import paragraph_anchor, segments, to_markdown, to_text
from qa.text import Language
from qa.types import Answer, Paragraph, Passage, Span
from qa.web.html.answer import answer_html
from qa.web.html.article import article_html, shelf_html
from qa.web.html.chat_pane import conversation_html
from qa.web.look import Look
from qa.web.service import Service
from qa.web.visit.export import to_json, whole_markdown
from qa.web.visit.library import Library
from qa.web.visit.visits import Visit
from support.answers import answered, refused
from support.small_index import made_up

__all__ = ["assert_shown"]

_LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ELEMENTS = frozenset(
    "div details summary span section a b blockquote mark strong p button h1 h2 h3 article nav ol "
    "ul li select option svg path".split()
)
_MARKDOWN_ELEMENTS = frozenset("h1 h3 p br em strong mark blockquote ul li code".split())
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class _Shown(HTMLParser):
    """Collects what a browser would make of HTML: elements, their attributes and their texts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.paragraphs: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag in ("br", "path"):
            return
        name = dict(attrs).get("id") or ""
        self._open.append((tag, name))
        self.texts.setdefault(tag, []).append("")
        if name:
            self.paragraphs[name] = ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in dict.fromkeys(tag for tag, _ in self._open):
            self.texts[tag][-1] += data
        for _, name in self._open:
            if name:
                self.paragraphs[name] += data


def assert_shown(text: str, title: str, question: str, first: int, second: int) -> None:
    """Assert it of a passage that has ``text``, marked from ``first`` to ``second``.

    ``title`` stands for all that names its document.
    """
    span = Span(min(first, second, len(text)), min(max(first, second), len(text)))
    paragraph = Paragraph(title, title, f"{title}.md", title, 0, 0, len(text), text, page=3)
    elsewhere = Paragraph("other", title, title, title, 1, 0, len(text), text)
    found = Passage(paragraph, 1.0, span, span, answers=True, also_in=(elsewhere,))
    assert "".join(one.text for one in segments(found)) == text
    for answer in (
        answered(found, found, question=question),
        refused(found, reason=title),
        Answer(title, True, 0.5, (Passage(paragraph, 0.0),), asked=question),
    ):
        _assert_answer(answer, text)
        _assert_conversation(answer, question)
    _assert_article(title or "a", text)
    _assert_article(f"{title}.md", text)


def _assert_answer(answer: Answer, text: str) -> None:
    for interface in _LANGUAGES:
        shown = _harmless(answer_html(answer, Look(interface, with_title=True)))
        assert shown.texts["blockquote"] == [text] * len(answer.passages)
    assert not _CONTROL.search(to_text(answer, with_title=True))
    shown = _Shown(_MARKDOWN.render(to_markdown(answer, with_title=True)))
    assert shown.tags <= _MARKDOWN_ELEMENTS
    assert not shown.attributes
    for quoted in shown.texts["blockquote"]:
        assert _bare(quoted).startswith(_bare(text))
    assert _bare(shown.texts["h3"][0]) == _bare(answer.asked or answer.question)


def _assert_conversation(answer: Answer, question: str) -> None:
    chatbot, service = _served("a", "灯塔高三十二米。")
    visit = Visit(Library(service, lambda: 0))
    turn = visit.conversation.begin(question, None)
    turn.answer, turn.bearing = answer, (0.5,)
    visit.conversation.begin(question, None).problem = answer.reason
    for interface in _LANGUAGES:
        visit.language = interface
        shown = _harmless(conversation_html(service, visit))
        assert question in "".join(shown.texts["li"])
    assert json.loads(to_json(visit, chatbot))["turns"][0]["asked"] == answer.asked
    kept = _Shown(_MARKDOWN.render(whole_markdown(visit, chatbot)))
    assert kept.tags <= _MARKDOWN_ELEMENTS
    assert not kept.attributes


def _assert_article(name: str, text: str) -> None:
    try:
        chatbot, service = _served(name, text)
    except DocumentError:
        return
    (document,) = chatbot.documents
    for interface in _LANGUAGES:
        shown = _harmless(article_html(document, interface))
        for paragraph in chatbot.paragraphs(name):
            assert shown.paragraphs[paragraph_anchor(paragraph)] == paragraph.text
        _harmless(shelf_html(Library(service, lambda: 0), name, interface))


def _harmless(html: str) -> _Shown:
    shown = _Shown(html)
    assert shown.tags <= _ELEMENTS
    for name, value in shown.attributes:
        assert not name.startswith("on")
        assert name not in ("href", "src") or (value or "").startswith(("?", "http"))
    return shown


def _bare(text: str) -> str:
    """Return a text without blanks, as Markdown keeps it."""
    return "".join(text.replace("\0", "\ufffd").split())


@cache
def _embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(Config().model)


def _served(name: str, text: str) -> tuple[Chatbot, Service]:
    """Return a chatbot on one article, with vectors that no model made, and what serves it."""
    segment = Segment.build([made_up(name, text)])
    index = LocalIndex([segment], locate([segment], [name]), _embedder())
    chatbot = Chatbot(index, _embedder(), UNFITTED, Config(reader=None))
    service = Service(lambda: chatbot)
    service._chatbot, service.state = chatbot, "ready"
    service._finished.set()
    return chatbot, service
