"""The components of the page that events read and write."""

from dataclasses import dataclass

import gradio as gr

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Conversation pane, question box and scope; shelf and article; the form that adds one.

    ``key``, ``speaking`` and ``kept`` carry values between page and server and are not shown:
    the key of a tab, its language, and a conversation to keep.
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
