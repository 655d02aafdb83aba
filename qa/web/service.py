"""The chatbot behind the page: loaded in the background, shared by all visits."""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Literal

from qa.chatbot import Chatbot
from qa.chatbot.suggestions import suggest_on
from qa.errors import QAError
from qa.text import Language
from qa.text.words import load_words
from qa.types import Answer
from qa.web.feedback import Feedback
from qa.web.gate.turns import OneAtATime
from qa.web.gate.visitors import Connections
from qa.web.pace import Pace

__all__ = ["Service", "State"]

logger = logging.getLogger(__name__)

State = Literal["opening", "loading", "ready", "failed"]

KEPT_SCOPES = 16

_FIRST: Language = "zh-Hans"
"""The reader's language that questions to start with are made in before anybody has come."""


class Service:
    """Makes the chatbot once, in a thread of its own, and tells how far it is.

    ``opening``: no documents yet; ``loading``: documents, but the model is still being
    loaded; ``ready``: questions are answered at once; ``failed``: ``error`` says why.

    ``settled`` says that there is nothing more to come: the first questions to start with have
    been made. ``one_reading`` is held while an article is taken in, so that reading never takes the
    whole machine, by one visitor after the other; ``pace`` knows how long that takes;
    ``feedback`` is where people's judgements go, None when nobody asked for them; ``is_kept`` says
    whether browsers keep the questions of a conversation; ``connections`` knows which pages are
    open.
    """

    def __init__(
        self,
        factory: Callable[[], Chatbot],
        feedback: Feedback | None = None,
        *,
        keep: bool = True,
    ) -> None:
        self._factory = factory
        self._chatbot: Chatbot | None = None
        self._finished = threading.Event()
        self._loader: threading.Thread | None = None
        self._scopes: dict[str, Chatbot] = {}
        self._suggestions: dict[tuple[str, Language], tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self.feedback = feedback
        self.is_kept = keep
        self.one_reading = OneAtATime()
        self.pace = Pace()
        self.connections = Connections()
        self.settled = False
        self.state: State = "opening"
        self.error: Exception | None = None

    def start(self) -> None:
        """Begin to load."""
        self._loader = threading.Thread(target=self._load, name="chatbot-loader", daemon=True)
        self._loader.start()

    def end(self, timeout: float) -> None:
        """Wait a while for what :meth:`start` has begun."""
        if self._loader is not None:
            self._loader.join(timeout)

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
        suggestions = {(first, _FIRST): suggest_on(chatbot, first, reader=_FIRST)}
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

    def suggestions(self, document_id: str, reader: Language) -> tuple[str, ...]:
        """Return the questions to start with that were made so far, in a reader's language."""
        return self._suggestions.get((document_id, reader), ())

    def suggest(self, document_id: str, reader: Language) -> None:
        """Make the questions to start with for a document, unless they are there."""
        if (document_id, reader) not in self._suggestions:
            own = self.only(document_id)
            self._suggestions[document_id, reader] = suggest_on(own, document_id, reader=reader)

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
                self.suggest(self.ready_chatbot().documents[0].id, _FIRST)
        finally:
            self.settled = True
        if self.state == "ready":
            self._load_the_rest()

    def _load_the_rest(self) -> None:
        """Load what takes seconds before anybody needs it: to refuse, or to add an article."""
        load_words()
        # Whoever adds one is told.
        with contextlib.suppress(QAError):
            self.ready_chatbot().embedder.encode_documents([])
