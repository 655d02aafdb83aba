"""The page: which parts it has and what connects them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency, api
from starlette.middleware import Middleware

from qa.chatbot import Chatbot
from qa.web.api import ask_endpoint, name_bad_arguments, require_all_values
from qa.web.events.conversation import Handlers
from qa.web.events.shelf import Shelf
from qa.web.gate.queueing import PROGRAMS
from qa.web.gate.security import Gate
from qa.web.gate.upkeep import (
    STATES,
    bound_sessions,
    bound_uploads,
    fetch_nothing,
    keep_apart_uploads,
    keep_no_statistics,
    keep_no_values,
)
from qa.web.html.article import empty_article_html
from qa.web.html.chat_pane import first_paint_html
from qa.web.html.masthead import folder_html, masthead_html, navigator_html
from qa.web.html.parts import Parts
from qa.web.offline import keep_offline
from qa.web.service import Service
from qa.web.texts import GRADIO_LOCALES, TEXTS
from qa.web.visit.uploads import FILE_BYTES
from qa.web.visit.visits import Visits

__all__ = ["build", "launch_options"]

ASSETS = Path(__file__).parent / "assets"
STYLES = ("frame.css", "conversation.css", "article.css", "markup.css")
SCRIPTS = (
    *("store.js", "conversations.js", "article.js", "conversation.js", "asking.js"),
    *("shelf.js", "menu.js", "page.js"),
)
TITLE = "问文章 · Ask the article"
_PROCESSORS = os.cpu_count() or 1
QUESTIONS_AT_ONCE = min(8, 2 * _PROCESSORS)
"""Questions of pages; more than the processors can do make each one wait for all."""
PROGRAMS_AT_ONCE = min(8, max(2, _PROCESSORS))
"""Questions to ``/ask``: a program waits more patiently than a person at a page."""
ARTICLES_AT_ONCE = 4
SUGGESTIONS_AT_ONCE = 2
WAITING = 64
"""Events of one kind that may wait their turn; who comes after that is told so."""

# The quoted words are what gradio finds the names of the component's events by.
EVENTS = (
    *("ask", "redraw", "drop", "speak", "judge", "keep", "record", "resume"),
    *("turn_to", "remove", "stop", "undo", "rename", "record_own", "take_back"),
)
LISTEN = f"""
const send = {{{", ".join(f"{name}: (data) => trigger('{name}', data)" for name in EVENTS)}}};
window.articleChat.listen(element, send);
"""


def build(factory: Callable[[], Chatbot] | Service) -> gr.Blocks:
    """Return the page for a chatbot; launch it with :func:`launch_options`.

    ``factory`` makes the chatbot and is called once, in the background, as soon as the page
    is built. A :class:`Service` that is started elsewhere may be given instead. From here on
    gradio talks to nobody but the browser (:func:`qa.web.offline.keep_offline`).
    """
    keep_offline()
    if isinstance(factory, Service):
        service = factory
    else:
        service = Service(factory)
        service.start()
    page = gr.Blocks(
        title=TITLE,
        analytics_enabled=False,
        fill_width=True,
        fill_height=True,
        delete_cache=(600, 600),
    )
    with page:
        parts = _lay_out()
        visits = Visits(service)
        handlers, shelf = Handlers(service, visits, parts), Shelf(service, visits, parts)
        _connect_opening(page, handlers, shelf, parts)
        _connect_conversation(handlers, shelf, parts)
        _connect_shelf(shelf, parts)
        api(
            ask_endpoint(service),
            api_name="ask",
            concurrency_limit=PROGRAMS_AT_ONCE,
            concurrency_id=PROGRAMS,
        )
    keep_no_statistics()
    keep_no_values()
    require_all_values(page)
    bound_sessions(page, WAITING, service.connections)
    bound_uploads(page)
    keep_apart_uploads()
    fetch_nothing()
    return page


def launch_options(root_path: str = "", **gate: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what ``Blocks.launch`` needs so that the page looks and behaves as meant.

    ``gate`` goes to :class:`qa.web.gate.security.Gate`.
    """
    script = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    texts = {locale: dict(TEXTS[language]) for locale, language in GRADIO_LOCALES.items()}
    return {
        "theme": gr.themes.Base(
            primary_hue="stone",
            secondary_hue="stone",
            neutral_hue="stone",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        "css_paths": [ASSETS / name for name in STYLES],
        "head": f"<script>{script}</script>",
        "i18n": gr.I18n(**texts),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        # Otherwise a machine that is busy for three seconds, or a proxy, ends the launch.
        "_frontend": False,
        "share": False,
        "max_file_size": FILE_BYTES,
        "state_session_capacity": STATES,
        "app_kwargs": {
            "middleware": [Middleware(Gate, root_path=root_path, **gate)],
            "exception_handlers": {TypeError: name_bad_arguments},
        },
        "root_path": root_path or None,
        "quiet": True,
    }


def _lay_out() -> Parts:
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="chat-pane"):
            gr.HTML(masthead_html(), elem_id="masthead", **_plain())
            chat = gr.HTML(first_paint_html(), elem_id="conversation", **_plain(js_on_load=LISTEN))
            scope, box = _question_box()
        with gr.Column(elem_id="article-pane"):
            shelf = gr.HTML("<p hidden></p>", elem_id="shelf", **_plain())
            adding = _adding_form()
            article = gr.HTML(empty_article_html(), elem_id="article", **_plain())
            gr.HTML(navigator_html(), elem_id="navigator", **_plain())
    return Parts(
        chat=chat,
        scope=scope,
        box=box,
        shelf=shelf,
        article=article,
        key=gr.Textbox(visible=False),
        speaking=gr.Textbox(visible=False),
        kept=gr.JSON(visible=False),
        name=gr.Textbox(visible=False),
        earlier=gr.Textbox(visible=False),
        replacing=gr.Textbox(visible=False),
        records=gr.JSON(visible=False),
        **adding,
    )


def _question_box() -> tuple[gr.Radio, gr.Textbox]:
    translate = gr.I18n()
    scope = gr.Radio(
        choices=[("", "this"), ("", "all")],
        value="all",
        visible=False,
        elem_id="scope",
        container=False,
    )
    box = gr.Textbox(
        label=translate("question"),
        placeholder=translate("placeholder"),
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        submit_btn=True,
        elem_id="question",
    )
    return scope, box


def _adding_form() -> dict[str, Any]:
    translate = gr.I18n()
    with gr.Column(elem_id="adding", scale=0, min_width=0):
        hint = gr.HTML(elem_id="adding-hint", **_plain())
        with gr.Row(elem_id="choose"):
            files = gr.UploadButton(
                TEXTS["en"]["choose_files"], file_count="multiple", elem_id="files", size="sm"
            )
            gr.HTML(folder_html(), elem_id="folder", **_plain())
        paste_name = gr.Textbox(label=translate("paste_name"), max_lines=1, elem_id="paste-name")
        paste_text = gr.Textbox(
            label=translate("paste_text"), lines=4, max_lines=6, elem_id="paste-text"
        )
        paste = gr.Button(translate("paste_add"), size="sm", elem_id="paste-add")
    status = gr.HTML("<p hidden></p>", elem_id="adding-status", **_plain())
    return {
        "hint": hint,
        "files": files,
        "paste_name": paste_name,
        "paste_text": paste_text,
        "paste": paste,
        "status": status,
    }


def _plain(js_on_load: str | None = None) -> dict[str, Any]:
    return {"apply_default_css": False, "container": False, "js_on_load": js_on_load}


_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_AT_ONCE: dict[str, Any] = {"queue": False, **_QUIET}
_EACH_AT_ONCE: dict[str, Any] = {**_AT_ONCE, "trigger_mode": "multiple"}
"""For what may be done again before the first is through, and would be passed over otherwise."""


# Parts that several kinds of events change.


def _shown(parts: Parts) -> list[Component]:
    return [parts.chat, parts.shelf, parts.article, parts.scope]


def _form(parts: Parts) -> list[Component]:
    adding = [parts.hint, parts.files, parts.paste_name, parts.paste_text, parts.paste]
    return [parts.box, *adding]


def _asking() -> dict[str, Any]:
    return {
        **_QUIET,
        "concurrency_limit": QUESTIONS_AT_ONCE,
        "concurrency_id": "questions",
        "trigger_mode": "multiple",
    }


def _reading() -> dict[str, Any]:
    return {**_QUIET, "concurrency_limit": ARTICLES_AT_ONCE, "concurrency_id": "articles"}


def _one_by_one(name: str) -> dict[str, Any]:
    """Return the options of events that wait for each other, so that no others wait for them."""
    return {**_asking(), "concurrency_limit": 1, "concurrency_id": name}


def _connect_opening(page: gr.Blocks, handlers: Handlers, shelf: Shelf, parts: Parts) -> None:
    shown, who = _shown(parts), [parts.key, parts.speaking]
    opening: dict[str, Any] = {
        "inputs": who,
        "outputs": [*shown, *_form(parts)],
        "js": "() => window.articleChat.introduce()",
    }
    opened = page.load(handlers.open_page, **opening, **_QUIET, concurrency_limit=None)
    opened.failure(handlers.open_past_the_queue, **opening, **_AT_ONCE)
    _suggest_after(opened, shelf, parts)
    opened.then(
        shelf.look_on,
        None,
        [*shown, parts.status],
        **_QUIET,
        concurrency_limit=None,
    )
    page.load(
        handlers.take_over,
        [*who, parts.name, parts.earlier],
        [parts.chat],
        js="() => [...window.articleChat.introduce(), ...window.articleChat.earlier()]",
        **_one_by_one("earlier"),
    )
    page.unload(handlers.leave_page)


def _suggest_after(event: Dependency, shelf: Shelf, parts: Parts) -> None:
    event.then(
        shelf.suggest,
        None,
        [parts.chat],
        **_QUIET,
        concurrency_limit=SUGGESTIONS_AT_ONCE,
        concurrency_id="suggestions",
    )


def _connect_conversation(handlers: Handlers, shelf: Shelf, parts: Parts) -> None:
    chat, box = parts.chat, parts.box
    typed = box.submit(handlers.reply, [box], [chat, box], **_asking())
    clicked = chat.ask(handlers.reply_to_button, None, [chat], **_asking())
    for asked in (typed, clicked):
        # Once more after one that is under way: skipped, a question would be lost.
        settled = asked.then(handlers.settle, [box], [box], **_AT_ONCE, trigger_mode="always_last")
        settled.then(handlers.go_on, None, [chat], **_one_by_one("go-on"))
        asked.failure(handlers.turn_away, None, [chat], **_AT_ONCE, trigger_mode="always_last")
    spoken = chat.speak(handlers.speak, None, [*_shown(parts), *_form(parts)], **_AT_ONCE)
    _suggest_after(spoken, shelf, parts)
    chat.resume(handlers.resume, None, [chat], **_one_by_one("earlier"))
    chat.redraw(handlers.redraw, None, [chat], **_AT_ONCE, trigger_mode="always_last")
    chat.drop(handlers.drop, None, [chat], **_EACH_AT_ONCE)
    chat.judge(handlers.judge, None, [chat], **_EACH_AT_ONCE)
    kept = chat.keep(handlers.keep, None, [parts.kept, chat], **_AT_ONCE)
    kept.then(None, [parts.kept], None, js="(kept) => { window.articleChat.keep(kept); }")
    recorded = chat.record(handlers.record, None, [parts.records], **_AT_ONCE)
    recorded.then(None, [parts.records], None, js=_RECORD)


_RECORD = "(kept) => { window.articleChat.record(kept); }"


def _connect_shelf(shelf: Shelf, parts: Parts) -> None:
    chat = parts.chat
    told = [*_shown(parts), parts.status]
    turned = chat.turn_to(shelf.turn_to, None, told, **_AT_ONCE)
    _suggest_after(turned, shelf, parts)
    chat.remove(shelf.remove, None, told, **_EACH_AT_ONCE)
    chat.stop(shelf.stop, None, None, **_EACH_AT_ONCE)
    chat.take_back(shelf.take_back, None, told, **_reading(), trigger_mode="multiple")
    chat.undo(shelf.undo, None, told, **_AT_ONCE)
    chat.rename(shelf.rename, None, _shown(parts), **_EACH_AT_ONCE)
    recorded = chat.record_own(shelf.record_own, None, [parts.records], **_AT_ONCE)
    recorded.then(None, [parts.records], None, js=_RECORD)
    parts.scope.input(shelf.look_in, [parts.scope], [chat], **_AT_ONCE)
    uploaded = parts.files.upload(
        shelf.add_files,
        [parts.files, parts.replacing],
        told,
        js="(files) => [files, window.articleChat.replacing()]",
        **_reading(),
        trigger_mode="multiple",
    )
    pasted = parts.paste.click(
        shelf.add_pasted,
        [parts.paste_name, parts.paste_text, parts.replacing],
        [*told, parts.paste_name, parts.paste_text],
        js="(name, text) => [name, text, window.articleChat.replacing()]",
        **_reading(),
        trigger_mode="multiple",
    )
    for added in (uploaded, pasted):
        added.failure(shelf.turn_away, None, [parts.status], **_AT_ONCE)
