"""The page: which parts it has and what connects them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from qa.chatbot import Chatbot
from qa.web.api import ask_endpoint
from qa.web.article import empty_article_html
from qa.web.chat import Conversation, first_paint_html
from qa.web.handlers import Handlers
from qa.web.service import Service
from qa.web.texts import GRADIO_LOCALES, TEXTS, in_every_language

__all__ = ["build", "launch_options"]

FOLDER = Path(__file__).parent
TITLE = "问文章 · Ask the article"
QUESTIONS_AT_ONCE = 8
IDLE_SECONDS = 6 * 3600

# The quoted words are what gradio finds the names of the component's events by.
LISTEN = """
const send = {ask: (data) => trigger('ask', data), turn_to: (data) => trigger('turn_to', data)};
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
        delete_cache=(3600, 3600),
    )
    with page:
        _connect(page, Handlers(service), _lay_out())
        api(
            ask_endpoint(service),
            api_name="ask",
            concurrency_limit=QUESTIONS_AT_ONCE,
            concurrency_id="questions",
        )
    page.queue(max_size=64)
    return page


def launch_options() -> dict[str, Any]:
    """Return what ``Blocks.launch`` needs so that the page looks and behaves as meant."""
    script = (FOLDER / "script.js").read_text(encoding="utf-8")
    texts = {locale: dict(TEXTS[language]) for locale, language in GRADIO_LOCALES.items()}
    return {
        "theme": gr.themes.Base(
            primary_hue="stone",
            secondary_hue="stone",
            neutral_hue="stone",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        "css_paths": [FOLDER / "style.css"],
        "head": f"<script>{script}</script>",
        "i18n": gr.I18n(**texts),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "share": False,
        "max_file_size": "2mb",
        "state_session_capacity": 1000,
        "quiet": True,
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events read and write."""

    conversation: gr.State
    chat: gr.HTML
    box: gr.Textbox
    documents: gr.Dropdown
    article: gr.HTML


def _lay_out() -> Parts:
    translate = gr.I18n()
    conversation = gr.State(Conversation(), time_to_live=IDLE_SECONDS)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="chat-pane"):
            gr.HTML(_masthead_html(), elem_id="masthead", **_plain())
            chat = gr.HTML(first_paint_html(), elem_id="conversation", **_plain(js_on_load=LISTEN))
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
        with gr.Column(elem_id="article-pane"):
            documents = gr.Dropdown(
                label=translate("documents"), visible=False, elem_id="documents", container=False
            )
            article = gr.HTML(empty_article_html(), elem_id="article", **_plain())
    return Parts(conversation, chat, box, documents, article)


def _plain(js_on_load: str | None = None) -> dict[str, Any]:
    return {"apply_default_css": False, "container": False, "js_on_load": js_on_load}


def _masthead_html() -> str:
    return (
        f'<header class="masthead"><h1>{in_every_language("name")}</h1>'
        f"<p>{in_every_language('tagline')}</p>"
        f'<button type="button" data-open>{in_every_language("article")}</button>'
        f'<span class="for-ears" id="send-label">{in_every_language("send")}</span></header>'
    )


def _connect(page: gr.Blocks, handlers: Handlers, parts: Parts) -> None:
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asking: dict[str, Any] = {
        **quiet,
        "concurrency_limit": QUESTIONS_AT_ONCE,
        "concurrency_id": "questions",
        "trigger_mode": "multiple",
    }
    conversation, chat, box = parts.conversation, parts.chat, parts.box
    pane = [parts.documents, parts.article]
    page.load(
        handlers.open_page,
        [conversation],
        [chat, conversation, *pane],
        concurrency_limit=None,
        **quiet,
    )
    typed = box.submit(handlers.reply, [box, conversation], [chat, conversation, box], **asking)
    clicked = chat.ask(handlers.reply_to_button, [conversation], [chat, conversation], **asking)
    for asked in (typed, clicked):
        asked.then(handlers.settle, [box, conversation], [chat, box], queue=False, **quiet)
    chat.turn_to(handlers.turn_to, [conversation], pane, queue=False, **quiet)
    parts.documents.input(
        handlers.choose, [parts.documents, conversation], pane, queue=False, **quiet
    )
