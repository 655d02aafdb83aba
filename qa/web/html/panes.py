"""What each part of the page shows for a visit."""

import itertools
import time
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

from qa.loaders import KINDS
from qa.render.formats import escape_html
from qa.web.html.article import article_html, choose_document, shelf_html
from qa.web.html.chat_pane import conversation_html
from qa.web.html.parts import Parts
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.visit.keeping import OWN_KEPT
from qa.web.visit.uploads import FILE_BYTES, State, progress_line
from qa.web.visit.visits import Visit

__all__ = ["Panes", "Updates"]

Updates = dict[Component, Any]
"""What the parts that change are given: a value, or a component with what is new in it."""


_drawings = itertools.count(time.time_ns() // 1_000)
"""Numbers of what is drawn, higher than all of a server that ran before."""

_GRAVEST_FIRST: tuple[State, ...] = ("busy", "failed", "unsupported", "stopped", "removed")


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
        """Return the conversation; one that is drawn later has a higher number.

        Two events that end together may arrive in either order, and the browser shows what arrives
        last. By the number it can tell that this is an older one, and asks for the newest.
        """
        # Before it is drawn, so that a higher one lacks nothing that this one shows.
        number = next(_drawings)
        html = conversation_html(self._service, visit)
        newest, looks = visit.drawn
        if hash(html) == looks:
            # Nothing is drawn anew where nothing has changed.
            number = newest
        elif number > newest:
            visit.drawn = number, hash(html)
        return {self._parts.chat: f'{html}<template data-drawn="{number}"></template>'}

    def article(self, visit: Visit, wanted: str) -> Updates:
        """Return article, shelf and scope after turning to an article."""
        documents = visit.library.documents
        if not documents:
            return {}
        document = choose_document(documents, wanted)
        visit.reading = document.id
        interface = visit.language or "en"
        return {
            self._parts.article: article_html(document, interface),
            self._parts.shelf: shelf_html(visit.library, document.id, interface),
            self._parts.scope: self._scope(visit, len(documents)),
        }

    def form(self, visit: Visit) -> Updates:
        """Return the labels of everything that is typed into or pressed."""
        texts, parts = TEXTS[visit.language or "en"], self._parts
        return {
            parts.box: gr.Textbox(label=texts["question"], placeholder=texts["placeholder"]),
            parts.hint: _hint_html(texts, keeps=self._service.is_kept),
            parts.files: gr.UploadButton(label=texts["choose_files"]),
            parts.paste_name: gr.Textbox(label=texts["paste_name"]),
            parts.paste_text: gr.Textbox(label=texts["paste_text"]),
            parts.paste: gr.Button(texts["paste_add"]),
        }

    def status(self, visit: Visit) -> Updates:
        """Return what is told about articles; where all is ``added`` the form has done its work."""
        texts = TEXTS[visit.language or "en"]
        told = list(visit.told)
        if any(kind == "unsupported" for kind, _ in told):
            told.append(("failed", texts["readable"].format(kinds=" ".join(KINDS))))
        lines = [_line_html(kind, line, texts) for kind, line in told]
        states = {kind for kind, _ in told}
        for reading in tuple(visit.taking):
            states.add("busy")
            stops = "" if reading.is_stopped else reading.key
            lines.append(_line_html(*progress_line(reading, texts), texts, stops))
        if not lines:
            return {self._parts.status: "<p hidden></p>"}
        state = next((one for one in _GRAVEST_FIRST if one in states), "added")
        close = escape_html(texts["dismiss"])
        html = (
            f'<div class="adding-status" data-state="{state}"><div>{"".join(lines)}</div>'
            f'<button type="button" data-dismiss title="{close}" aria-label="{close}">×</button>'
            "</div>"
        )
        return {self._parts.status: html}

    def _scope(self, visit: Visit, count: int) -> gr.Radio:
        texts = TEXTS[visit.language or "en"]
        own = visit.library.own_count
        choices = [(texts["ask_this"], "this"), (texts["ask_all"].format(count=count), "all")]
        if own > 1:
            choices.insert(1, (texts["ask_own"].format(count=own), "own"))
        return gr.Radio(
            choices=choices,
            value=visit.asking if own > 1 or visit.asking != "own" else "this",
            label=texts["scope"],
            visible=count > 1,
        )


def _line_html(kind: State, line: str, texts: Mapping[str, str], stops: str = "") -> str:
    """Return a line about an article, with what can be done about it.

    ``stops`` is the key of a reading that can be stopped.
    """
    button = ""
    if kind == "removed":
        button = f' <button type="button" data-undo>{escape_html(texts["undo"])}</button>'
    elif stops:
        button = (
            f' <button type="button" data-stop="{stops}" data-keep="stop{stops}">'
            f"{escape_html(texts['stop'])}</button>"
        )
    return f'<p class="{kind}">{escape_html(line)}{button}</p>'


def _hint_html(texts: Mapping[str, str], *, keeps: bool) -> str:
    """Return how to add an article; a file that is too large is told before it is sent."""
    told = "".join(
        f'<p class="hint {kind}">{escape_html(texts[key])}</p>'
        for key, kind in (("add_hint", "by-mouse"), ("add_hint_touch", "by-touch"), ("private", ""))
    )
    too_large = escape_html(texts["too_large"].replace("{limit}", f"{FILE_BYTES // 1_000_000}"))
    kinds = escape_html(texts["readable"].format(kinds=" ".join(KINDS)))
    told += (
        f'<details class="hint kinds" data-kinds="{escape_html(" ".join(KINDS))}">'
        f"<summary>{escape_html(texts['which_files'])}</summary>{kinds}</details>"
        f'<p class="hint replacing" hidden data-text="{escape_html(texts["replacing"])}"></p>'
    )
    if keeps:
        limit = f"{OWN_KEPT:,}"
        told += (
            f'<label class="hint keep-own"><input type="checkbox" data-keep-own data-limit='
            f'"{OWN_KEPT}"> {escape_html(texts["keep_own"].format(limit=limit))}</label>'
            f'<p class="hint not-kept" hidden role="alert">{escape_html(texts["not_kept"])}</p>'
        )
    return (
        f'{told}<p class="hint too-large" hidden role="alert" data-limit="{FILE_BYTES}" '
        f'data-text="{too_large}"></p>'
    )
