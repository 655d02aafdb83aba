"""The articles of one visit: the built-in ones, which all share, and its own."""

import threading
from collections.abc import Callable
from dataclasses import replace

from qa.chatbot import Chatbot
from qa.embed import Progress
from qa.index.access import DocumentList
from qa.types import Answer, Document
from qa.web.service import Service
from qa.web.suggestions import suggest

__all__ = ["ARTICLE_CHARACTERS", "OWN_ARTICLES", "Library", "Refused"]

OWN_ARTICLES = 10
"""Articles that one visit may add."""

ARTICLE_CHARACTERS = 500_000
"""Longest article that is taken, in characters."""

JOINED_PARAGRAPHS = 20_000
"""Largest built-in corpus, in paragraphs, that is searched together with own articles.

Each visit with own articles holds a copy of what is searched together.
"""


class Refused(Exception):
    """An article that is not taken; ``key`` and ``fields`` name the text that says why."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


class Library:
    """What one visit can read and ask; may be used from several threads.

    ``room`` tells how many more characters the machine takes from all visits together.
    """

    def __init__(self, service: Service, room: Callable[[], int]) -> None:
        self._service = service
        self._room = room
        # Held while articles come and go, which may take long; nobody who asks waits for it.
        self._changing = threading.Lock()
        self._own: dict[str, Chatbot] = {}
        self._suggestions: dict[str, tuple[str, ...]] = {}
        self._joined: Chatbot | None = None
        self._joined_with: Chatbot | None = None

    @property
    def documents(self) -> "DocumentList | tuple[()]":
        """Built-in articles first, then the own ones as they were added."""
        chatbot = self._service.chatbot
        return () if chatbot is None else chatbot.documents.with_more(self._own_documents())

    def find(self, document_id: str) -> Document | None:
        """Return the article of that id; None if there is none."""
        documents = self.documents
        return documents.find(document_id) if documents else None

    @property
    def characters(self) -> int:
        """How many characters the own articles have together."""
        return sum(len(document.text) for document in self._own_documents())

    def is_own(self, document_id: str) -> bool:
        """Tell whether the visit added this article itself."""
        return document_id in self._own

    def shows_own(self, answer: Answer) -> bool:
        """Tell whether an answer has anything of an own article in it."""
        return any(
            self.is_own(paragraph.document_id)
            for passage in answer.passages
            for paragraph in (passage.paragraph, *passage.also_in)
        )

    def chatbot(self, document_id: str | None) -> Chatbot:
        """Return the chatbot on one article, or with None on all of them.

        Waits for the built-in one. An article that is gone gives way to all.

        Raises:
            QAError: whatever kept the built-in chatbot from being made.

        """
        built_in = self._service.ready_chatbot()
        own = self._own.get(document_id or "")
        if own is not None:
            return own
        if document_id is not None and built_in.documents.find(document_id) is not None:
            return self._service.only(document_id)
        joined, joined_with = self._joined, self._joined_with
        if joined is None:
            return built_in
        return joined if joined_with is built_in else self._joined_anew()

    def reading_view(self, document_id: str) -> Chatbot | None:
        """Return a chatbot that has the paragraphs of an article, without waiting for a model."""
        return self._own.get(document_id) or self._service.chatbot

    def suggestions(self, document_id: str) -> tuple[str, ...]:
        """Return the questions to start with for an article."""
        if self.is_own(document_id):
            return self._suggestions.get(document_id, ())
        return self._service.suggestions(document_id)

    def suggest(self, document_id: str) -> None:
        """Make the questions to start with for an article, unless they are there.

        Raises:
            QAError: if the built-in chatbot could not be made.

        """
        own = self._own.get(document_id)
        if own is None:
            self._service.suggest(document_id)
        elif document_id not in self._suggestions:
            self._suggestions[document_id] = suggest(own, document_id)

    def add(self, document: Document, progress: Progress | None = None) -> Document:
        """Take an article in and return it under the id that it has here.

        Raises:
            Refused: if it is too long, or there are too many.
            QAError: if the built-in chatbot could not be made.

        """
        built_in = self._service.ready_chatbot()
        with self._changing:
            self._check(document)
            added = replace(document, id=self._unused(document.id))
            joined = self._join(built_in, (*self._own_documents(), added), progress)
            chatbot = Chatbot.from_documents([added], built_in.config, previous=joined)
            self._own[added.id] = chatbot
            self._joined, self._joined_with = joined, built_in
        return added

    def remove(self, document_id: str) -> None:
        """Forget an own article; built-in ones stay."""
        with self._changing:
            if self._own.pop(document_id, None) is None:
                return
            self._suggestions.pop(document_id, None)
            left, built_in = self._own_documents(), self._joined_with
            if left and built_in is not None:
                self._joined = self._join(built_in, left)
            else:
                self._joined = self._joined_with = None

    def _joined_anew(self) -> Chatbot:
        """Join the own articles with the built-in ones after those have changed."""
        built_in = self._service.ready_chatbot()
        with self._changing:
            own = self._own_documents()
            if not own:
                return built_in
            if self._joined is None or self._joined_with is not built_in:
                self._joined, self._joined_with = self._join(built_in, own), built_in
            return self._joined

    def _join(
        self, built_in: Chatbot, own: tuple[Document, ...], progress: Progress | None = None
    ) -> Chatbot:
        small = len(built_in.index) <= JOINED_PARAGRAPHS
        documents = (*built_in.documents, *own) if small else own
        previous = self._joined or (built_in if small else None)
        return Chatbot.from_documents(
            documents, built_in.config, progress=progress, previous=previous
        )

    def _check(self, document: Document) -> None:
        if len(self._own) >= OWN_ARTICLES:
            raise Refused("too_many", limit=OWN_ARTICLES)
        length = len(document.text)
        if length > ARTICLE_CHARACTERS:
            raise Refused(
                "too_long_article",
                name=document.title,
                length=f"{length:,}",
                limit=f"{ARTICLE_CHARACTERS:,}",
            )
        if length > self._room():
            raise Refused("crowded")

    def _own_documents(self) -> tuple[Document, ...]:
        return tuple(chatbot.documents[0] for chatbot in tuple(self._own.values()))

    def _unused(self, name: str) -> str:
        candidate, number = name, 2
        while self.find(candidate) is not None:
            candidate, number = f"{name} ({number})", number + 1
        return candidate
