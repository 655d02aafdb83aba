"""The components of the page that events read and write."""

from dataclasses import dataclass

import gradio as gr

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Conversation pane, question box and scope; shelf and article; the form that adds one.

    The last ones carry values between page and server and are not shown: the key of a tab, its
    language, a conversation to save, name and turns of one that the browser keeps, the article
    whose place the next one takes, and what the browser is to keep.
    """

    chat: gr.HTML
    scope: gr.Radio
    box: gr.Textbox
    shelf: gr.HTML
    article: gr.HTML
    hint: gr.HTML
    files: gr.UploadButton
    paste_name: gr.Textbox
    paste_text: gr.Textbox
    paste: gr.Button
    status: gr.HTML
    key: gr.Textbox
    speaking: gr.Textbox
    kept: gr.JSON
    name: gr.Textbox
    earlier: gr.Textbox
    replacing: gr.Textbox
    records: gr.JSON
