"""The page: which parts it has and what connects them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware

from qa.chatbot import Chatbot
from qa.web.api import ask_endpoint
from qa.web.article import empty_article_html
from qa.web.handlers import Handlers
from qa.web.masthead import masthead_html, navigator_html
from qa.web.parts import Parts
from qa.web.security import Gate
from qa.web.service import Service
from qa.web.shelf import Shelf
from qa.web.texts import GRADIO_LOCALES, TEXTS
from qa.web.upkeep import (
    STATES,
    bound_sessions,
    bound_uploads,
    keep_apart_uploads,
    keep_no_statistics,
)
from qa.web.uploads import FILE_BYTES
from qa.web.view import first_paint_html
from qa.web.visits import Visits

__all__ = ["build", "launch_options"]

ASSETS = Path(__file__).parent / "assets"
STYLES = ("frame.css", "conversation.css", "article.css")
SCRIPTS = ("article.js", "conversation.js", "page.js")
TITLE = "问文章 · Ask the article"
QUESTIONS_AT_ONCE = 8
ARTICLES_AT_ONCE = 4
WAITING = 64
"""Events that may wait their turn; who comes after that is told so."""

# The quoted words are what gradio finds the names of the component's events by.
EVENTS = ("ask", "turn_to", "remove", "speak", "judge", "keep")
LISTEN = f"""
const send = {{{", ".join(f"{name}: (data) => trigger('{name}', data)" for name in EVENTS)}}};
window.articleChat.listen(element, send);
"""


def build(factory: Callable[[], Chatbot] | Service) -> gr.Blocks:
    """Return the page for a chatbot; launch it with :func:`launch_options`.

    ``factory`` makes the chatbot and is called once, in the background, as soon as the page
    is built. A :class:`Service` that is started elsewhere may be given instead.
    """
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
        _connect_conversation(page, Handlers(service, visits, parts), parts)
        _connect_shelf(Shelf(service, visits, parts), parts)
        api(
            ask_endpoint(service),
            api_name="ask",
            concurrency_limit=QUESTIONS_AT_ONCE,
            concurrency_id="questions",
        )
    keep_no_statistics()
    page.queue(max_size=WAITING)
    bound_sessions(page)
    bound_uploads(page)
    keep_apart_uploads()
    return page


def launch_options(root_path: str = "") -> dict[str, Any]:
    """Return what ``Blocks.launch`` needs so that the page looks and behaves as meant."""
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
        "app_kwargs": {"middleware": [Middleware(Gate, root_path=root_path)]},
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
        files = gr.UploadButton(
            TEXTS["en"]["choose_files"], file_count="multiple", elem_id="files", size="sm"
        )
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


def _connect_conversation(page: gr.Blocks, handlers: Handlers, parts: Parts) -> None:
    asking: dict[str, Any] = {
        **_QUIET,
        "concurrency_limit": QUESTIONS_AT_ONCE,
        "concurrency_id": "questions",
        "trigger_mode": "multiple",
    }
    chat, box = parts.chat, parts.box
    shown = [chat, parts.shelf, parts.article, parts.scope]
    form = [box, parts.hint, parts.files, parts.paste_name, parts.paste_text, parts.paste]
    opening: dict[str, Any] = {
        "inputs": [parts.key, parts.speaking],
        "outputs": [*shown, *form],
        "js": "() => window.articleChat.introduce()",
    }
    opened = page.load(handlers.open_page, **opening, **_QUIET, concurrency_limit=None)
    opened.failure(handlers.open_past_the_queue, **opening, **_AT_ONCE)
    page.unload(handlers.leave_page)
    typed = box.submit(handlers.reply, [box], [chat, box], **asking)
    clicked = chat.ask(handlers.reply_to_button, None, [chat], **asking)
    for asked in (typed, clicked):
        # Once more after one that is under way: skipped, the pane could stay as it was before.
        asked.then(handlers.settle, [box], [chat, box], **_AT_ONCE, trigger_mode="always_last")
        asked.failure(handlers.turn_away, None, [chat], **_AT_ONCE, trigger_mode="always_last")
    chat.speak(handlers.speak, None, [*shown, *form], **_AT_ONCE)
    chat.judge(handlers.judge, None, [chat], **_AT_ONCE)
    kept = chat.keep(handlers.keep, None, [parts.kept, chat], **_AT_ONCE)
    kept.then(None, [parts.kept], None, js="(kept) => { window.articleChat.keep(kept); }")


def _connect_shelf(shelf: Shelf, parts: Parts) -> None:
    reading: dict[str, Any] = {
        **_QUIET,
        "concurrency_limit": ARTICLES_AT_ONCE,
        "concurrency_id": "articles",
    }
    shown = [parts.chat, parts.shelf, parts.article, parts.scope]
    turned = parts.chat.turn_to(shelf.turn_to, None, shown, **_AT_ONCE)
    turned.then(shelf.suggest, None, [parts.chat], **_QUIET, concurrency_limit=None)
    parts.chat.remove(shelf.remove, None, [*shown, parts.status], **_AT_ONCE)
    parts.scope.input(shelf.look_in, [parts.scope], [parts.chat], **_AT_ONCE)
    uploaded = parts.files.upload(shelf.add_files, [parts.files], [*shown, parts.status], **reading)
    pasted = parts.paste.click(
        shelf.add_pasted,
        [parts.paste_name, parts.paste_text],
        [*shown, parts.status, parts.paste_name, parts.paste_text],
        **reading,
    )
    for added in (uploaded, pasted):
        added.failure(shelf.turn_away, None, [parts.status], **_AT_ONCE)
