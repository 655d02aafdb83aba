"""What each part of the page shows for a visit."""

from collections.abc import Mapping
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from qa.render import escape_html
from qa.web.article import article_html, choose_document, shelf_html
from qa.web.parts import Parts
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.uploads import FILE_BYTES
from qa.web.view import conversation_html
from qa.web.visits import Visit

__all__ = ["Panes", "Updates"]

Updates = dict[Component, Any]
"""What the parts that change are given: a value, or a component with what is new in it."""


class Panes:
    """Makes the updates of the page's parts."""

    def __init__(self, service: Service, parts: Parts) -> None:
        self._service = service
        self._parts = parts

    @property
    def nothing(self) -> Updates:
        """No change."""
        return {self._parts.chat: gr.skip()}

    def chat(self, visit: Visit) -> Updates:
        """Return the conversation."""
        return {self._parts.chat: conversation_html(self._service, visit)}

    def article(self, visit: Visit, wanted: str) -> Updates:
        """Return article, shelf and scope after turning to an article."""
        documents = visit.library.documents
        if not documents:
            return {}
        document = choose_document(documents, wanted)
        visit.reading = document.id
        chatbot = visit.library.reading_view(document.id)
        if chatbot is None:
            return {}
        interface = visit.language or "en"
        return {
            self._parts.article: article_html(chatbot, document, interface),
            self._parts.shelf: shelf_html(visit.library, document.id, interface),
            self._parts.scope: self._scope(visit, len(documents)),
        }

    def form(self, visit: Visit) -> Updates:
        """Return the labels of everything that is typed into or pressed."""
        texts, parts = TEXTS[visit.language or "en"], self._parts
        return {
            parts.box: gr.Textbox(label=texts["question"], placeholder=texts["placeholder"]),
            parts.hint: _hint_html(texts),
            parts.files: gr.UploadButton(label=texts["choose_files"]),
            parts.paste_name: gr.Textbox(label=texts["paste_name"]),
            parts.paste_text: gr.Textbox(label=texts["paste_text"]),
            parts.paste: gr.Button(texts["paste_add"]),
        }

    def status(self, lines: list[str], state: Literal["busy", "failed", "added"]) -> Updates:
        """Return what is told about articles; with ``added`` the form has done its work."""
        shown = "".join(f"<p>{escape_html(line)}</p>" for line in lines)
        return {
            self._parts.status: f'<div class="adding-status" data-state="{state}">{shown}</div>'
        }

    def _scope(self, visit: Visit, count: int) -> gr.Radio:
        texts = TEXTS[visit.language or "en"]
        return gr.Radio(
            choices=[
                (texts["ask_this"], "this"),
                (texts["ask_all"].format(count=count), "all"),
            ],
            value="all" if visit.ask_all else "this",
            label=texts["scope"],
            visible=count > 1,
        )


def _hint_html(texts: Mapping[str, str]) -> str:
    """Return how to add an article; a file that is too large is told before it is sent."""
    told = "".join(
        f'<p class="hint {kind}">{escape_html(texts[key])}</p>'
        for key, kind in (("add_hint", "by-mouse"), ("add_hint_touch", "by-touch"), ("private", ""))
    )
    too_large = escape_html(texts["too_large"].replace("{limit}", f"{FILE_BYTES // 1_000_000}"))
    return (
        f'{told}<p class="hint too-large" hidden role="alert" data-limit="{FILE_BYTES}" '
        f'data-text="{too_large}"></p>'
    )
