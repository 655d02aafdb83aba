"""The articles of one visit: the built-in ones, which all share, and its own."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from qa.chatbot import Chatbot
from qa.chatbot.growing import growing, joined
from qa.chatbot.suggestions import suggest_on
from qa.config import Config
from qa.embedding import Progress
from qa.index.access import DocumentList
from qa.index.local import LocalIndex
from qa.text import Language
from qa.types import Answer, Document, Paragraph
from qa.web.gate.bodies import ARTICLE_CHARACTERS
from qa.web.service import Service

__all__ = ["OWN", "OWN_ARTICLES", "Library", "Refused"]

OWN = "\0own"
"""In the place of an article's id: all own articles together. No file has such a name."""

SECONDS_BETWEEN_LOOKS = 0.1

OWN_ARTICLES = 30
"""Articles that one visit may add."""

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


Titled = TypeVar("Titled", Document, Paragraph)


@dataclass(frozen=True, slots=True)
class _Held:
    """Own articles as they were before one was removed."""

    own: dict[str, Chatbot]
    names: dict[str, str]
    joined: Chatbot | None
    joined_with: Chatbot | None


@dataclass(frozen=True, slots=True)
class _Arriving:
    """An article that is being read in, and a chatbot on what was read of it, None at first."""

    document: Document
    chatbot: Chatbot | None = None


class Library:
    """What one visit can read and ask; may be used from several threads.

    ``room`` tells how many more characters the machine takes from this visit, ``may_join`` whether
    it takes a copy of so many bytes of built-in vectors. ``owner`` is who it is on the network.
    """

    def __init__(
        self,
        service: Service,
        room: Callable[[], int],
        may_join: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self.owner = ""
        self._service = service
        self._room = room
        self._may_join = may_join
        # Held while articles come and go; nobody who asks waits for it.
        self._changing = threading.Lock()
        self._own: dict[str, Chatbot] = {}
        self._arriving: dict[str, _Arriving] = {}
        self._names: dict[str, str] = {}
        self._suggestions: dict[tuple[str, Language], tuple[str, ...]] = {}
        self._joined: Chatbot | None = None
        self._joined_with: Chatbot | None = None
        self._own_together: Chatbot | None = None
        self._before_removal: _Held | None = None

    @property
    def documents(self) -> "DocumentList | tuple[()]":
        """Built-in articles, then own ones as they were added, then what is read in part."""
        chatbot = self._service.chatbot
        arriving = tuple(self._arriving.values())
        parts = (one.document for one in arriving if one.chatbot is not None)
        own = tuple(map(self._named, (*self._own_documents(), *parts)))
        return () if chatbot is None else chatbot.documents.with_more(own)

    @property
    def own_documents(self) -> tuple[Document, ...]:
        """The own articles that are read to their end, under the names that they have now."""
        return tuple(map(self._named, self._own_documents()))

    def wait_for_documents(self) -> None:
        """Wait until the built-in articles are there, or it is clear that they never will be."""
        while self._service.chatbot is None and not self._service.wait(SECONDS_BETWEEN_LOOKS):
            pass

    def find(self, document_id: str) -> Document | None:
        """Return the article of that id; None if there is none."""
        documents = self.documents
        return documents.find(document_id) if documents else None

    @property
    def characters(self) -> int:
        """How many characters the own articles have together.

        With what is being read in, and one that may come back.
        """
        held = () if self._before_removal is None else self._before_removal.own.values()
        chatbots = {id(one): one for one in (*self._own.values(), *held)}
        arriving = sum(len(one.document.text) for one in tuple(self._arriving.values()))
        return arriving + sum(len(one.documents[0].text) for one in chatbots.values())

    @property
    def longest_question(self) -> int:
        """How many characters a question may have."""
        chatbot = self._service.chatbot
        config = Config() if chatbot is None else chatbot.config
        return config.max_question_characters

    @property
    def joined_bytes(self) -> int:
        """How many bytes the vectors have that are searched together with own articles."""
        return 0 if self._joined is None else _vector_bytes(self._joined)

    @property
    def own_count(self) -> int:
        """How many articles the visit added that are read to their end."""
        return len(self._own)

    def is_own(self, document_id: str) -> bool:
        """Tell whether the visit added this article itself."""
        return document_id in self._own or self._part(document_id) is not None

    def is_in_part(self, document_id: str) -> bool:
        """Tell whether only the beginning of this article is read."""
        return document_id not in self._own and self._part(document_id) is not None

    def shows_own(self, answer: Answer) -> bool:
        """Tell whether an answer has anything of an own article in it, be it gone by now."""
        chatbot = self._service.chatbot
        return any(
            chatbot is None or chatbot.documents.find(paragraph.document_id) is None
            for passage in answer.passages
            for paragraph in (passage.paragraph, *passage.also_in)
        )

    def has(self, document_id: str | None) -> bool:
        """Tell whether a question can still go there: to an article, own ones (``OWN``), or all.

        Waits for the built-in chatbot.

        Raises:
            QAError: whatever kept the built-in chatbot from being made.

        """
        self._service.ready_chatbot()
        if document_id is None or document_id == OWN:
            return document_id is None or self.own_count > 0
        return self.find(document_id) is not None

    def chatbot(self, document_id: str | None) -> Chatbot:
        """Return the chatbot on one article, on all own ones (``OWN``), or with None on all.

        Waits for the built-in one. An article that is gone gives way to all.

        Raises:
            QAError: whatever kept the built-in chatbot from being made.

        """
        built_in = self._service.ready_chatbot()
        together = self._own_together
        if document_id == OWN and together is not None:
            return together
        own = self._own.get(document_id or "") or self._part(document_id or "")
        if own is not None:
            return own
        if document_id is not None and built_in.documents.find(document_id) is not None:
            return self._service.only(document_id)
        joined, joined_with = self._joined, self._joined_with
        if joined is None:
            return built_in
        return joined if joined_with is built_in else self._joined_anew()

    def suggestions(self, document_id: str, reader: Language) -> tuple[str, ...]:
        """Return the questions to start with for an article, in a reader's language."""
        if self.is_own(document_id):
            return self._suggestions.get((document_id, reader), ())
        return self._service.suggestions(document_id, reader)

    def suggest(self, document_id: str, reader: Language) -> None:
        """Make the questions to start with for an article, unless they are there.

        None are made for what is read in part.

        Raises:
            QAError: if the built-in chatbot could not be made.

        """
        own = self._own.get(document_id)
        if self.is_in_part(document_id):
            return
        if own is None:
            self._service.suggest(document_id, reader)
        elif (document_id, reader) not in self._suggestions:
            self._suggestions[document_id, reader] = suggest_on(own, document_id, reader=reader)

    def add(
        self,
        document: Document,
        progress: Progress | None = None,
        *,
        instead_of: str = "",
        opened: Callable[[str], None] = lambda _: None,
    ) -> Document:
        """Take an article in and return it under the id that it has here.

        Of a long one what was read is here already while the rest is read; ``opened`` is told its
        id as soon as it is. ``instead_of`` is the id of an own article whose place, and id, it
        takes once it is read. Whatever ``progress`` raises ends it, and leaves nothing behind.

        Raises:
            Refused: if it is too long, or there are too many.
            QAError: if the built-in chatbot could not be made.

        """
        config = self._service.ready_chatbot().config
        with self._changing:
            added = self._begin(document, instead_of)
        try:
            for chatbot in growing(added, config, progress):
                if chatbot.extent is not None and added.id not in self._own:
                    self._arriving[added.id] = _Arriving(added, chatbot)
                    opened(added.id)
            with self._changing:
                self._put(added.id, chatbot)
        finally:
            self._arriving.pop(added.id, None)
        return added

    def rename(self, document_id: str, name: str) -> None:
        """Show an own article under another name from now on."""
        if self.is_own(document_id) and name:
            self._names[document_id] = name

    def named(self, answer: Answer) -> Answer:
        """Return an answer with the names that own articles have now."""
        if not self._names:
            return answer
        passages = tuple(
            replace(
                passage,
                paragraph=self._named(passage.paragraph),
                also_in=tuple(map(self._named, passage.also_in)),
            )
            for passage in answer.passages
        )
        return replace(answer, passages=passages)

    def remove(self, document_id: str) -> None:
        """Take out an own article, which may be brought back; built-in ones stay."""
        with self._changing:
            if not self.is_own(document_id):
                return
            held = _Held(self._own.copy(), self._names.copy(), self._joined, self._joined_with)
            del self._own[document_id]
            self._forget_about(document_id)
            self._before_removal = held
            left, built_in = self._own_documents(), self._joined_with
            if left and built_in is not None:
                self._joined = self._join(built_in, left)
            else:
                self._joined = self._joined_with = None
            self._put_together()

    def bring_back(self) -> str:
        """Undo the last removal, if nothing was added since; return the id, "" if none."""
        with self._changing:
            held, self._before_removal = self._before_removal, None
            if held is None:
                return ""
            (document_id,) = held.own.keys() - self._own.keys()
            self._own, self._names = held.own, held.names
            self._joined, self._joined_with = held.joined, held.joined_with
            self._put_together()
            return document_id

    def _begin(self, document: Document, instead_of: str) -> Document:
        """Return an article under its id here, which it has from now on."""
        before = self._own.get(instead_of)
        self._check(document, None if before is None else before.documents[0])
        document_id = instead_of if before is not None else self._unused(document.id)
        added = replace(document, id=document_id)
        if before is None:
            self._names.pop(document_id, None)
        self._arriving[document_id] = _Arriving(added)
        return added

    def _put(self, document_id: str, chatbot: Chatbot) -> None:
        """Put an article among the own ones, in the place of what has its id."""
        built_in = self._service.ready_chatbot()
        others = tuple(one for one in self._own_documents() if one.id != document_id)
        self._joined, self._joined_with = self._join(built_in, others, chatbot), built_in
        name = None if document_id in self._own else self._names.get(document_id)
        self._forget_about(document_id)
        if name is not None:
            # Given while it was read in.
            self._names[document_id] = name
        self._own[document_id] = chatbot
        self._put_together()

    def _part(self, document_id: str) -> Chatbot | None:
        """Return the chatbot on what was read so far of an article that is being read in."""
        arriving = self._arriving.get(document_id)
        return None if arriving is None else arriving.chatbot

    def _forget_about(self, document_id: str) -> None:
        """Forget name and questions of an article that changes, and what was removed before."""
        self._before_removal = None
        self._names.pop(document_id, None)
        self._suggestions = {
            key: made for key, made in self._suggestions.items() if key[0] != document_id
        }

    def _named(self, one: Titled) -> Titled:
        """Return a document or paragraph under the name that its article has now."""
        document_id = one.id if isinstance(one, Document) else one.document_id
        name = self._names.get(document_id)
        return one if name is None else replace(one, title=name)

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
        self, built_in: Chatbot, own: tuple[Document, ...], added: Chatbot | None = None
    ) -> Chatbot:
        """Return a chatbot on the built-in articles, own ones and one that is added."""
        small = len(built_in.index) <= JOINED_PARAGRAPHS and self._may_join(
            max(0, _vector_bytes(built_in) - self.joined_bytes)
        )
        documents = (*built_in.documents, *own) if small else own
        if added is not None and not documents:
            return added
        previous = self._joined or (built_in if small else None)
        found = Chatbot.from_documents(documents, built_in.config, previous=previous)
        return found if added is None else joined(found, added)

    def _put_together(self) -> None:
        own, joined = self._own_documents(), self._joined
        self._own_together = (
            Chatbot.from_documents(own, joined.config, previous=joined)
            if joined is not None and len(own) > 1
            else None
        )

    def _check(self, document: Document, before: Document | None) -> None:
        if before is None and len(self._own) + len(self._arriving) >= OWN_ARTICLES:
            raise Refused("too_many", limit=OWN_ARTICLES)
        length = len(document.text)
        if length > ARTICLE_CHARACTERS:
            raise Refused(
                "too_long_article",
                name=document.title,
                length=f"{length:,}",
                limit=f"{ARTICLE_CHARACTERS:,}",
            )
        if length > self._room() + (len(before.text) if before is not None else 0):
            raise Refused("crowded")

    def _own_documents(self) -> tuple[Document, ...]:
        return tuple(chatbot.documents[0] for chatbot in tuple(self._own.values()))

    def _unused(self, name: str) -> str:
        candidate, number = name, 2
        while candidate in self._arriving or self.find(candidate) is not None:
            candidate, number = f"{name} ({number})", number + 1
        return candidate


def _vector_bytes(chatbot: Chatbot) -> int:
    index = chatbot.index
    segments = index.segments if isinstance(index, LocalIndex) else ()
    return sum(segment.embeddings.nbytes for segment in segments)
