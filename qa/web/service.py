"""The chatbot behind the page: loaded in the background, shared by all sessions."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Literal

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.types import Answer
from qa.web.suggestions import suggest

__all__ = ["Service", "State"]

logger = logging.getLogger(__name__)

State = Literal["opening", "loading", "ready", "failed"]


class Service:
    """Makes the chatbot once, in a thread of its own, and tells how far it is.

    ``opening``: no documents yet; ``loading``: documents, but the model is still being
    loaded; ``ready``: questions are answered at once; ``failed``: ``error`` says why.
    """

    def __init__(self, factory: Callable[[], Chatbot]) -> None:
        self._factory = factory
        self._chatbot: Chatbot | None = None
        self._finished = threading.Event()
        self.state: State = "opening"
        self.error: Exception | None = None
        self.suggestions: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin to load."""
        threading.Thread(target=self._load, name="chatbot-loader", daemon=True).start()

    @property
    def chatbot(self) -> Chatbot | None:
        """The chatbot, as soon as its documents are there."""
        return self._chatbot

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the state is ``ready`` or ``failed``; False if that took too long."""
        return self._finished.wait(timeout)

    def ready_chatbot(self) -> Chatbot:
        """Wait for the chatbot if need be, and return it.

        Raises:
            QAError: whatever kept it from being made.

        """
        self.wait()
        if self._chatbot is None or self.error is not None:
            raise self.error or RuntimeError("the chatbot was not made")
        return self._chatbot

    def replace(self, chatbot: Chatbot) -> None:
        """Answer from another chatbot from now on; questions under way end with the old one."""
        self.suggestions = suggest(chatbot)
        self._chatbot = chatbot

    def ask(self, question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        """Wait for the chatbot if need be, and ask it.

        Raises:
            QAError: as the chatbot does, or whatever kept it from being made.

        """
        return self.ready_chatbot().ask(question, history=history, k=k)

    def _load(self) -> None:
        try:
            self._chatbot = self._factory()
            self.state = "loading"
            self._chatbot.warm_up()
            self.suggestions = suggest(self._chatbot)
            self.state = "ready"
        except Exception as error:  # the page has to say so, whatever it is
            self.error = error
            self.state = "failed"
            if not isinstance(error, QAError):
                logger.exception("the chatbot could not be loaded")
        finally:
            self._finished.set()
