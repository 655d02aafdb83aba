"""The chatbot: documents in, answers out."""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from qa import loaders
from qa.answering import Models, answer
from qa.assembly import build_index, calibration_of, load, reader_of, updated_index
from qa.bearing import CANDIDATES, bearing
from qa.calibration import Calibration
from qa.config import Config
from qa.conversation import stand_alone
from qa.embed import Embedder, Progress
from qa.errors import DocumentError, EmptyCorpus, QAError
from qa.index import Index
from qa.index.access import DocumentList, open_index
from qa.index.local import LocalIndex
from qa.loaders import Loaded
from qa.question import weigh
from qa.reader import Reader, Text
from qa.refusal import refuse_blank
from qa.search import Search, Sought
from qa.sharing import shared_embedder
from qa.split import split
from qa.text import has_content
from qa.thesaurus import load_thesaurus
from qa.types import Answer, Document, Floats, Paragraph

__all__ = ["Chatbot"]

_QUESTIONS_AT_ONCE = 256
_Ask = Callable[[str, tuple[str, ...], int | None], Answer]


class Chatbot:
    """Answers questions with passages of its documents, verbatim.

    Make one with :meth:`from_paths`, :meth:`from_texts` or :meth:`open`. It may be asked from
    several threads at once. ``problems`` tells which files could not be read, and why.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        calibration: Calibration,
        config: Config,
        problems: tuple[DocumentError, ...] = (),
        reader: Reader | None = None,
    ) -> None:
        self.index = index
        self.reader = reader
        self.calibration = calibration
        self.config = config
        self.problems = problems
        self._embedder = embedder
        self._search = Search(embedder, index)
        # What others may write to meanwhile is asked anew.
        remembered = config.remembered_answers if index.is_fixed else 0
        # What refers to itself is freed late, and a chatbot may hold a large index.
        own = weakref.proxy(self)
        self._remembered: _Ask = lru_cache(maxsize=remembered)(
            lambda question, history, k: own._ask(question, history, k)  # noqa: SLF001
        )

    @classmethod
    def from_paths(
        cls,
        paths: Iterable[str | Path] | str | Path,
        config: Config | None = None,
        *,
        progress: Progress | None = None,
        previous: "Chatbot | None" = None,
    ) -> "Chatbot":
        """Return a chatbot on files and folders; folders are read with all below them.

        A file that cannot be read is named in ``problems`` and the others are still loaded.
        Documents unchanged since ``previous`` are not embedded again.

        Raises:
            EmptyCorpus: if no document could be read.
            ModelError: if the model cannot be loaded.

        """
        settings = config or Config()
        return _build(load(paths, settings), settings, progress, previous)

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
        if not texts:
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
        if not documents:
            raise EmptyCorpus("there is nothing to answer from: expected at least one document")
        return _build(Loaded(tuple(documents)), config or Config(), progress, previous)

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
        settings = config or Config()
        embedder = shared_embedder(settings)
        index = open_index(place, embedder, collection=collection, token=token)
        if not len(index):
            raise EmptyCorpus(
                f"there is nothing to answer from in {place}; fill it with qa index FILE… --to"
            )
        if isinstance(index, LocalIndex):
            index.begin_check()
        return cls(index, embedder, calibration_of(settings), settings, reader=reader_of(settings))

    def updated(
        self, paths: Iterable[str | Path] | str | Path, *, progress: Progress | None = None
    ) -> "Chatbot":
        """Return a chatbot on what the paths hold now; this one stays as it is.

        The models are shared, and documents that are the same are not embedded again.

        Raises:
            EmptyCorpus: if no document could be read.

        """
        loaded = load(paths, self.config)
        index = updated_index(self.index, loaded.documents, self._embedder, self.config, progress)
        return Chatbot(
            index, self._embedder, self.calibration, self.config, loaded.problems, self.reader
        )

    def save(self, folder: str | Path) -> None:
        """Write the index to a folder of its own; a whole index is there at every moment."""
        self.index.save(Path(folder))

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
        return split(self.index.document(document_id))

    def ask(self, question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        """Return the passages that answer, or the nearest ones and why none of them does.

        ``history`` holds the earlier questions of the conversation, oldest first; ``k`` is
        the number of passages (default ``config.k``).

        Raises:
            QuestionTooLong: if it has more than ``config.max_question_characters``.

        """
        return self._remembered(question, tuple(history), k)

    def _ask(self, question: str, history: tuple[str, ...], k: int | None) -> Answer:
        return self._answer_all([question], [history], k)[0]

    def ask_many(self, questions: Iterable[str], k: int | None = None) -> list[Answer]:
        """Return an answer for each question, embedded together; none sees the others."""
        answers: list[Answer] = []
        for asked in _batches(questions):
            answers += self._answer_all(asked, [()] * len(asked), k)
        return answers

    def bearing(self, question: str, document_id: str) -> Floats:
        """Return how strongly each paragraph of a document bears on a question.

        ``(n_paragraphs,)`` float32 in [0, 1], relative to the paragraph that does so most;
        raises KeyError if there is no document of that id.
        """
        count = len(self.paragraphs(document_id))
        if not has_content(question):
            return np.zeros(count, np.float32)
        weighed = weigh(question, self.index.document_frequencies, len(self.index))
        found = self.index.candidates(
            self._embedder.encode_queries([question]),
            [weighed.searched],
            max(self.config.candidates, min(len(self.index), CANDIDATES)),
        )
        return bearing(found[0], self.index, self.calibration.dense_scale, document_id, count)

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
        self._embedder.encode_queries(["?"])
        load_thesaurus()
        if self.reader is not None:
            self.reader.read("?", [Text("?")])

    def _answer_all(
        self, asked: Sequence[str], histories: Sequence[Sequence[str]], k: int | None
    ) -> list[Answer]:
        wanted = self.config.k if k is None else k
        if wanted < 1:
            raise QAError(f"k is {wanted}; expected the number of passages wanted, 1 or more")
        if not len(self.index):
            raise EmptyCorpus("there is nothing to answer from: the index holds no article")
        longest = self.config.max_question_characters
        answers: list[Answer | None] = [refuse_blank(question, longest) for question in asked]
        answer_to = self._answering_words if self.reader is not None else None
        open_places = [place for place, refused in enumerate(answers) if refused is None]
        questions = [
            weigh(
                stand_alone(asked[place], histories[place], answer_to),
                self.index.document_frequencies,
                len(self.index),
            )
            for place in open_places
        ]
        models = Models(self.calibration, self.reader)
        if questions:
            limit = max(wanted, self.config.candidates)
            found = self._search.candidates([Sought(q.text, q.searched, limit) for q in questions])
            for place, question, candidates in zip(open_places, questions, found, strict=True):
                answers[place] = answer(
                    question, candidates, self.index, models, self.config, wanted, asked[place]
                )
        return [one for one in answers if one is not None]

    def _answering_words(self, question: str) -> str:
        """Return the words that answer an earlier question; "" if it is not answered."""
        if len(question) > self.config.max_question_characters:
            return ""
        found = self.ask(question, k=1)
        first = found.passages[0] if found.answered else None
        return first.answer.of(first.text) if first is not None and first.answer else ""


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
