"""Every error that a user can cause, in one tree.

QAError
├── QuestionTooLong        a question over ``Config.max_question_characters``
├── DocumentError          a file or text that cannot be read
│   ├── UnsupportedFormat  a kind of file that no loader reads
│   ├── UndecodableText    bytes in no encoding that was tried
│   ├── EmptyDocument      nothing left to ask about
│   │   └── NoArticle      a page of which only its title was found
│   └── PartlyRead         a document that is loaded, though something of it is missing
├── EmptyCorpus            no document at all
├── IndexMismatch          an index made by another model or format version
├── IndexDamaged           an index folder that is incomplete or changed
├── IndexUnavailable       an index server that does not answer
├── ModelError             a model that cannot be found or loaded
├── MissingExtra           an optional package is not installed
└── LabelError             a labelled question that does not fit its article

A message says what was wrong, what was expected and what to do.
"""

__all__ = [
    "DocumentError",
    "EmptyCorpus",
    "EmptyDocument",
    "IndexDamaged",
    "IndexMismatch",
    "IndexUnavailable",
    "LabelError",
    "MissingExtra",
    "ModelError",
    "NoArticle",
    "PartlyRead",
    "QAError",
    "QuestionTooLong",
    "UndecodableText",
    "UnsupportedFormat",
]


class QAError(Exception):
    """Something a user can put right; the message says how."""


class QuestionTooLong(QAError):
    """The question has more characters than are accepted."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"the question has {length:,} characters, at most {limit:,} are accepted; "
            "ask about one thing at a time, or raise Config.max_question_characters"
        )
        self.length = length
        self.limit = limit


class DocumentError(QAError):
    """A file or text that cannot be read; ``source`` names it."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = source
        self.problem = problem

    @property
    def notice(self) -> str:
        """What happened to the file, and why, for a line of a program's output."""
        return f"not read: {self}"


class UnsupportedFormat(DocumentError):
    """No loader reads this kind of file."""


class UndecodableText(DocumentError):
    """The bytes are text in none of the encodings that were tried."""


class EmptyDocument(DocumentError):
    """Nothing is left to ask about."""


class NoArticle(EmptyDocument):
    """A page of which no more than its title and its menu was found."""


class PartlyRead(DocumentError):
    """A document that is loaded, though something of it is missing."""

    @property
    def notice(self) -> str:
        """What happened to the file, and why, for a line of a program's output."""
        return f"read in part: {self}"


class EmptyCorpus(QAError):
    """There is no document to answer from."""


class IndexMismatch(QAError):
    """The index was made by another model or another format version."""


class IndexDamaged(QAError):
    """An index folder is incomplete, changed or not an index."""


class IndexUnavailable(QAError):
    """A server that holds an index cannot be reached, or does not do what is asked of it."""

    def __init__(self, address: str, request: str, reason: str) -> None:
        super().__init__(
            f"{address} did not answer ({request}: {reason}); check the address, the token and "
            "that the server is running, then try again"
        )


class ModelError(QAError):
    """A model cannot be found or loaded."""


class MissingExtra(QAError):
    """An optional package is not installed; the message carries the pip line."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"this needs the package {package}, which is not installed; "
            f"run: pip install 'article-qa[{extra}]'"
        )


class LabelError(QAError):
    """A labelled question that does not fit its article."""
