"""The web chat: the conversation on one side, the article on the other. Needs gradio."""

from qa.web.page import build
from qa.web.server import Server, serve

__all__ = ["Server", "build", "serve"]
