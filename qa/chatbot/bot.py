"""The chatbot: documents in, answers out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from qa import loaders
from qa.answering.pipeline import Answerer
from qa.answering.refusal import reason_in, refuse, refuse_blank
from qa.arguments import (
    check_callable,
    check_folder,
    check_history,
    check_instance,
    check_k,
    check_name,
    check_paths,
    check_question,
    check_questions,
    check_text,
    check_texts,
)
from qa.chatbot.bounded_cache import BoundedCache
from qa.chatbot.build import build_index, calibration_of, load, reader_of
from qa.chatbot.suggestions import suggest, to_try
from qa.config import Config
from qa.embedding import Embedder, Progress
from qa.embedding.cache import shared_embedder
from qa.errors import DocumentError, EmptyCorpus
from qa.index import Index
from qa.index.access import DocumentList, open_index
from qa.index.check import check_documents
from qa.loaders import Loaded
from qa.loaders.split import split
from qa.question.analysis import Question
from qa.question.intent import intent
from qa.question.thesaurus import load_thesaurus
from qa.reader import Reader, Text
from qa.reader.calibration import Calibration
from qa.retrieval.relevance import bearing
from qa.retrieval.retriever import Retriever, Searched
from qa.text import language, tokens
from qa.types import Answer, Document, Extent, Floats, Paragraph

__all__ = ["Chatbot", "Inquiry"]

_QUESTIONS_AT_ONCE = 256
_SUGGESTED = 3
"""Questions to try that somebody is shown who greets or asks for help."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An answer, and what was searched for it; None where nothing was."""

    answer: Answer
    searched: Searched | None = None


_REMEMBERED_BYTES = 32_000_000
"""What the answers that are kept take together, about."""


class Chatbot:
    """Answers questions with passages of its documents, verbatim.

    Make one with :meth:`from_paths`, :meth:`from_texts` or :meth:`open`. It may be asked from
    several threads at once. ``problems`` tells which files could not be read, and why; ``extent``
    how much of its article it has, None for all.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        calibration: Calibration,
        config: Config,
        problems: tuple[DocumentError, ...] = (),
        reader: Reader | None = None,
        extent: Extent | None = None,
    ) -> None:
        self.index = index
        self.extent = extent
        self.reader = reader
        self.calibration = calibration
        self.config = config
        self.problems = problems
        self._embedder = embedder
        self._retriever = Retriever(embedder, index)
        self._answerer = Answerer(index, calibration, reader, config)
        self._suggested: tuple[str, ...] | None = None
        # What others may write to meanwhile is asked anew.
        remembered = config.remembered_answers if index.is_fixed else 0
        self._remembered: BoundedCache[Inquiry] = BoundedCache(
            remembered, _REMEMBERED_BYTES, _inquiry_bytes
        )

    @classmethod
    def from_paths(
        cls,
        paths: Iterable[str | Path] | str | Path,
        config: Config | None = None,
        *,
        progress: Progress | None = None,
        previous: "Chatbot | None" = None,
        kept: Mapping[Path, Sequence[Document]] | None = None,
    ) -> "Chatbot":
        """Return a chatbot on files and folders; folders are read with all below them.

        A file that cannot be read is named in ``problems`` and the others are still loaded.
        Documents unchanged since ``previous`` are not embedded again. Of files in ``kept`` the
        documents given there are taken, and the files are not read.

        Raises:
            EmptyCorpus: if no document could be read.
            ModelError: if the model cannot be loaded.

        """
        settings = _settings(config, progress, previous)
        loaded = load(check_paths(paths), settings, kept)
        return _build(loaded, settings, progress, previous)

    @classmethod
    def from_texts(
        cls,
        texts: Mapping[str, str],
        config: Config | None = None,
        *,
        progress: Progress | None = None,
    ) -> "Chatbot":
        """Return a chatbot on texts in memory, given as name to text.

        Raises:
            EmptyDocument: if a text has nothing in it.
            EmptyCorpus: if there is no text.

        """
        if not check_texts(texts):
            raise EmptyCorpus("there is nothing to answer from: expected at least one text")
        documents = [loaders.from_text(name, text) for name, text in texts.items()]
        return cls.from_documents(documents, config, progress=progress)

    @classmethod
    def from_documents(
        cls,
        documents: Sequence[Document],
        config: Config | None = None,
        *,
        progress: Progress | None = None,
        previous: "Chatbot | None" = None,
    ) -> "Chatbot":
        """Return a chatbot on documents that are loaded already, each with an id of its own.

        Documents unchanged since ``previous`` are not embedded again.

        Raises:
            EmptyCorpus: if there is no document.

        """
        given = check_documents(documents)
        if not given:
            raise EmptyCorpus("there is nothing to answer from: expected at least one document")
        settings = _settings(config, progress, previous)
        return _build(Loaded(tuple(given)), settings, progress, previous)

    @classmethod
    def open(
        cls,
        place: str | Path,
        config: Config | None = None,
        *,
        collection: str = "articles",
        token: str = "",
    ) -> "Chatbot":
        """Return the chatbot on an index that is there already.

        ``place`` is a folder that :meth:`save` or ``qa index`` wrote, the address of a Milvus
        server (``http://host:19530``) or a file of Milvus Lite (``name.db``). ``collection``
        and ``token`` (``user:password``, or a key) are for Milvus. A folder of more than 256 MB
        is read through once from now on, in a thread of its own; the first question waits.

        Raises:
            IndexDamaged: if the folder is no whole index.
            IndexMismatch: if another model or format version made it.
            IndexUnavailable: if the server does not answer.
            EmptyCorpus: if no article is in it.
            MissingExtra: if the package for Milvus is not installed.

        """
        check_folder(place, "place")
        check_name(collection, "collection")
        check_text(token, "token")
        settings = _settings(config)
        embedder = shared_embedder(settings)
        index = open_index(place, embedder, collection=collection, token=token)
        if not len(index):
            raise EmptyCorpus(
                f"there is nothing to answer from in {place}; fill it with qa index FILE… --to"
            )
        index.begin_check()
        return cls(index, embedder, calibration_of(settings), settings, reader=reader_of(settings))

    def updated(
        self,
        paths: Iterable[str | Path] | str | Path,
        *,
        progress: Progress | None = None,
        kept: Mapping[Path, Sequence[Document]] | None = None,
    ) -> "Chatbot":
        """Return a chatbot on what the paths hold now; this one stays as it is.

        The models are shared, and documents that are the same are not embedded again. Of files in
        ``kept`` the documents given there are taken, and the files are not read.

        Raises:
            EmptyCorpus: if no document could be read.

        """
        check_callable(progress, "progress")
        loaded = load(check_paths(paths), self.config, kept)
        index = self.index.rebuilt(loaded.documents, self._embedder, progress=progress)
        return Chatbot(
            index, self._embedder, self.calibration, self.config, loaded.problems, self.reader
        )

    def save(self, folder: str | Path) -> None:
        """Write the index to a folder of its own; a whole index is there at every moment."""
        self.index.save(check_folder(folder, "folder"))

    @property
    def embedder(self) -> Embedder:
        """The model that embeds questions and paragraphs."""
        return self._embedder

    @property
    def documents(self) -> DocumentList:
        """All documents, in order, each read when it is looked at."""
        return DocumentList(self.index)

    def paragraphs(self, document_id: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of a document; raises KeyError if there is none of that id."""
        return split(self.index.document(check_text(document_id, "document_id")))

    def ask(self, question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        """Return the passages that answer, or the nearest ones and why none of them does.

        ``history`` holds the earlier questions of the conversation, oldest first; ``k`` is
        the number of passages (default ``config.k``).

        Raises:
            QuestionTooLong: if it has more than ``config.max_question_characters``.

        """
        return self.inquire(question, history, k).answer

    def inquire(self, question: str, history: Sequence[str] = (), k: int | None = None) -> Inquiry:
        """Return the answer that :meth:`ask` gives, with what was searched for it."""
        asked, wanted = check_question(question), check_k(k)
        earlier = check_history(history)
        key = (asked, earlier, wanted)
        return self._remembered.get(key, lambda: self._inquire_all([asked], [earlier], wanted)[0])

    def ask_many(self, questions: Iterable[str], k: int | None = None) -> list[Answer]:
        """Return an answer for each question, embedded together; none sees the others."""
        wanted = check_k(k)
        answers: list[Answer] = []
        for asked in _batches(check_questions(questions)):
            inquiries = self._inquire_all(asked, [()] * len(asked), wanted)
            answers += [one.answer for one in inquiries]
        return answers

    def bearing(self, inquiry: Inquiry, document_id: str) -> Floats:
        """Return how strongly each paragraph of a document bears on what was asked.

        ``(n_paragraphs,)`` float32 in [0, 1], relative to the paragraph that does so most, 0 for
        one that was not found; raises KeyError if there is no document of that id.
        """
        check_instance(inquiry, "inquiry", Inquiry, optional=False)
        count = len(self.paragraphs(document_id))
        if inquiry.searched is None:
            return np.zeros(count, np.float32)
        scale = self.calibration.dense_scale
        return bearing(inquiry.searched.candidates, self.index, scale, document_id, count)

    def suggestions(self) -> tuple[str, ...]:
        """Return a few questions to start with; they are made once, which may take seconds."""
        if self._suggested is None:
            self._suggested = suggest(self)
        return self._suggested

    @property
    def fingerprint(self) -> str:
        """A hash that tells the embedding model apart from any other."""
        return self._embedder.fingerprint

    def warm_up(self) -> None:
        """Load the models now, and check a large index, rather than with the first question.

        Raises:
            IndexDamaged: if a file of the index is not as it was written.

        """
        # Of no words: every search begins with the check.
        self.index.document_frequencies([])
        # Two: a first one alone may do without what the others need.
        self._embedder.encode_queries(["?", "?"])
        load_thesaurus()
        if self.reader is not None:
            for _ in range(2):
                self.reader.read("?", [Text("?")])

    def _inquire_all(
        self, asked: Sequence[str], histories: Sequence[Sequence[str]], k: int | None
    ) -> list[Inquiry]:
        if not len(self.index):
            raise EmptyCorpus("there is nothing to answer from: the index holds no article")
        longest = self.config.max_question_characters
        refused = [refuse_blank(question, longest) or self._refuse(question) for question in asked]
        if self.reader is not None and refused == [None]:
            # Loaded while the question is searched for; several need what the search loads first.
            self.reader.begin()
        answer_to = self._answering_words if self.reader is not None else None
        questions = [
            Question.in_conversation(typed, history, answer_to)
            for typed, history, given in zip(asked, histories, refused, strict=True)
            if given is None
        ]
        limit = max(k or self.config.k, self.config.candidates)
        found = (
            Inquiry(self._answerer.answer(searched, k), searched)
            for searched in self._retriever.search(questions, limit)
        )
        return [self._so_far(next(found)) if given is None else Inquiry(given) for given in refused]

    def _so_far(self, inquiry: Inquiry) -> Inquiry:
        """Return what was found, with how much of the article it was searched in."""
        if self.extent is None:
            return inquiry
        answer = replace(inquiry.answer, extent=self.extent)
        reason = reason_in(language(answer.asked or answer.question), answer)
        return replace(inquiry, answer=replace(answer, reason=reason))

    def _refuse(self, typed: str) -> Answer | None:
        """Return the answer to what is no question for an article; None to a question."""
        found = intent(typed)
        if found == "nonsense" and self.index.document_frequencies(tokens(typed)).any():
            return None
        if found == "help":
            return replace(
                refuse(typed, found), suggestions=to_try(self, self.suggestions(), _SUGGESTED)
            )
        return found and refuse(typed, found)

    def _answering_words(self, question: str) -> str:
        """Return the words that answer an earlier question; "" if it is not answered."""
        if len(question) > self.config.max_question_characters:
            return ""
        found = self.ask(question, k=1)
        first = found.passages[0] if found.answered else None
        return first.answer.of(first.text) if first is not None and first.answer else ""


def _settings(
    config: Config | None, progress: Progress | None = None, previous: Chatbot | None = None
) -> Config:
    """Return the settings, the default ones for None, after a look at what goes with them."""
    check_instance(config, "config", Config)
    check_callable(progress, "progress")
    check_instance(previous, "previous", Chatbot)
    return config or Config()


def _inquiry_bytes(inquiry: Inquiry) -> int:
    answer = inquiry.answer
    texts = [answer.asked, answer.question, *(one.text for one in answer.passages)]
    candidates = 0 if inquiry.searched is None else 16 * len(inquiry.searched.candidates.numbers)
    return 4 * sum(map(len, texts)) + 1_000 * (1 + len(answer.passages)) + candidates


def _build(
    loaded: Loaded, config: Config, progress: Progress | None, previous: Chatbot | None
) -> Chatbot:
    embedder = shared_embedder(config)
    before = None if previous is None else previous.index
    index = build_index(loaded.documents, embedder, config.vectors, before, progress)
    return Chatbot(
        index, embedder, calibration_of(config), config, loaded.problems, reader_of(config)
    )


def _batches(questions: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(questions)
    while batch := list(islice(remaining, _QUESTIONS_AT_ONCE)):
        yield batch
