"""The chatbot behind the page: loaded in the background, shared by all visits."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Literal

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.types import Answer
from qa.web.feedback import Feedback
from qa.web.suggestions import suggest

__all__ = ["Service", "State"]

logger = logging.getLogger(__name__)

State = Literal["opening", "loading", "ready", "failed"]

KEPT_SCOPES = 16


class Service:
    """Makes the chatbot once, in a thread of its own, and tells how far it is.

    ``opening``: no documents yet; ``loading``: documents, but the model is still being
    loaded; ``ready``: questions are answered at once; ``failed``: ``error`` says why.

    ``settled`` says that there is nothing more to come: the first questions to start with have
    been made. ``one_reading`` is held while an article is taken in, so that reading never takes the
    whole machine; ``feedback`` is where people's judgements go, None when nobody asked for them.
    """

    def __init__(self, factory: Callable[[], Chatbot], feedback: Feedback | None = None) -> None:
        self._factory = factory
        self._chatbot: Chatbot | None = None
        self._finished = threading.Event()
        self._scopes: dict[str, Chatbot] = {}
        self._suggestions: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self.feedback = feedback
        self.one_reading = threading.Semaphore(1)
        self.settled = False
        self.state: State = "opening"
        self.error: Exception | None = None

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
        first = chatbot.documents[0].id
        suggestions = {first: suggest(chatbot, first)}
        with self._lock:
            self._scopes = {}
            self._suggestions = suggestions
            self._chatbot = chatbot

    def ask(self, question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        """Wait for the chatbot if need be, and ask it.

        Raises:
            QAError: as the chatbot does, or whatever kept it from being made.

        """
        return self.ready_chatbot().ask(question, history=history, k=k)

    def only(self, document_id: str) -> Chatbot:
        """Return a chatbot on one of the documents; nothing is embedded again for it."""
        chatbot = self.ready_chatbot()
        if len(chatbot.documents) == 1:
            return chatbot
        with self._lock:
            if document_id not in self._scopes:
                wanted = chatbot.documents.find(document_id)
                own = [] if wanted is None else [wanted]
                scope = Chatbot.from_documents(own, chatbot.config, previous=chatbot)
                if chatbot is not self._chatbot:
                    return scope
                while len(self._scopes) >= KEPT_SCOPES:
                    del self._scopes[next(iter(self._scopes))]
                self._scopes[document_id] = scope
            return self._scopes[document_id]

    def suggestions(self, document_id: str) -> tuple[str, ...]:
        """Return the questions to start with for a document that were made so far."""
        return self._suggestions.get(document_id, ())

    def suggest(self, document_id: str) -> None:
        """Make the questions to start with for a document, unless they are there."""
        if document_id not in self._suggestions:
            self._suggestions[document_id] = suggest(self.only(document_id), document_id)

    def _load(self) -> None:
        try:
            self._chatbot = self._factory()
            self.state = "loading"
            self._chatbot.warm_up()
            self.state = "ready"
        except Exception as error:  # the page has to say so, whatever it is
            self.error = error
            self.state = "failed"
            if not isinstance(error, QAError):
                logger.exception("the chatbot could not be loaded")
        finally:
            self._finished.set()
        try:
            if self.state == "ready":
                self.suggest(self.ready_chatbot().documents[0].id)
        finally:
            self.settled = True
