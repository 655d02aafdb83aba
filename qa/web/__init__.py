"""The web chat: the conversation on one side, the article on the other.

Needs gradio. Importing it sets the environment that keeps gradio off the network.
"""

from qa.web.offline import keep_offline

# Gradio reads its environment while it is imported.
keep_offline()

from qa.web.page import build  # noqa: E402
from qa.web.server import Server, serve  # noqa: E402

__all__ = ["Server", "build", "serve"]
