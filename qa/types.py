"""The frozen records that pass between the stages, and the array aliases.

Offsets are character positions (Python ``str`` indices), half-open. Positions count
from 0 in reading order. Scores are similarities: higher is better.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Answer",
    "AnswerKind",
    "Block",
    "BlockKind",
    "Counts",
    "Difference",
    "Document",
    "Floats",
    "Integers",
    "Paragraph",
    "Passage",
    "Span",
]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

BlockKind = Literal["title", "byline", "heading", "text"]
AnswerKind = Literal["passages", "about", "help", "task", "nonsense", "blank"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Block:
    """One unit of a document's layout, as a loader found it.

    ``level`` is the depth of a heading from 1 (0 for every other kind), ``page`` the page it
    begins on, from 1 (0 where the format has no pages).
    """

    start: int
    end: int
    kind: BlockKind = "text"
    level: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its text and the blocks that belong to it.

    ``text`` is the decoded file, unaltered, where the file is plain text or Markdown; what no
    block covers (page furniture, markup, blank lines) is never shown or searched but stays in
    it, so that offsets count in the file a person has. For every other format it is the text
    that the loader took out of the file.
    """

    id: str
    title: str
    source: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, title, byline or heading: ``document.text[start:end] == text``.

    ``section`` is the heading it stands under ("" before the first one), ``position`` its
    place among all paragraphs of the document, ``page`` as for :class:`Block`. ``header`` is
    the row that names the columns, for a row of a table that stands in the text as it was written.
    ``number`` is what people call it by: paragraphs of kind ``text`` are counted from 1, all
    others have 0.
    """

    document_id: str
    title: str
    source: str
    section: str
    position: int
    start: int
    end: int
    text: str
    kind: BlockKind = "text"
    page: int = 0
    header: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as an answer to a question.

    ``score`` is the search's, in BM25 points: higher is better. The order of passages is the
    reader's where there is one, so that a passage may stand before one of a higher score.
    ``highlight`` is the answering sentence, of a passage that does not answer the likeliest one,
    and ``answer`` the shortest answering words inside it, both as offsets in ``text``; either may
    be None. ``answers`` tells whether the passage answers on its own: a question may have its
    answer in several places.
    ``also_in`` are other paragraphs that say the same; they are no passages of their own.
    """

    paragraph: Paragraph
    score: float
    highlight: Span | None = None
    answer: Span | None = None
    answers: bool = False
    also_in: tuple[Paragraph, ...] = ()

    @property
    def text(self) -> str:
        """The paragraph, verbatim."""
        return self.paragraph.text


@dataclass(frozen=True, slots=True)
class Difference:
    """What the nearest passage names in place of what the question names.

    ``asked`` is as the question has it, ``said`` as the passage has what is of the same kind.
    """

    asked: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much text there is; of several articles only how many they are.

    ``paragraphs`` are those of the body; ``characters`` its Han characters, and its numbers and
    words of other scripts as one each. ``paragraph`` is the one asked for, from 1, if one was.
    """

    articles: int
    paragraphs: int = 0
    headings: int = 0
    characters: int = 0
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of an article could be searched while the rest was still being read in.

    ``read`` are the first paragraphs of its body, ``total`` all that it has.
    """

    read: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the article says to a question, or that it does not say.

    ``kind`` tells what was asked: ``passages`` are searched for; ``about`` is on the article
    itself, with its own lines and sentences or with ``counts``; ``help`` on the chat, with
    ``suggestions``, questions to try; ``task``, ``nonsense`` and ``blank`` are no question.

    ``question`` is the stand-alone question that was searched and ``asked`` what was typed.
    ``confidence`` is the calibrated probability in [0, 1] that the first passage answers.
    ``passages`` are the best first; with ``answered=False`` they are only the nearest ones.
    ``missing`` holds words of the question that occur nowhere in the documents, none where the
    first passage is in another language; ``differs``, of a refusal, what that passage has instead
    of a year, number or name asked for.
    ``extent`` is of an article that was not read to its end, None where all was searched.
    """

    question: str
    answered: bool
    confidence: float
    passages: tuple[Passage, ...] = ()
    reason: str = ""
    asked: str = ""
    missing: tuple[str, ...] = ()
    differs: tuple[Difference, ...] = ()
    kind: AnswerKind = "passages"
    counts: Counts | None = None
    suggestions: tuple[str, ...] = ()
    extent: Extent | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-ready built-in types: the form of the CLI and HTTP faces."""
        return {
            "question": self.question,
            "asked": self.asked,
            "kind": self.kind,
            "answered": self.answered,
            "confidence": round(self.confidence, 4),
            "reason": self.reason,
            "missing": list(self.missing),
            "differs": [{"asked": one.asked, "said": list(one.said)} for one in self.differs],
            "counts": None if self.counts is None else asdict(self.counts),
            "suggestions": list(self.suggestions),
            "extent": None if self.extent is None else asdict(self.extent),
            "passages": [_passage_to_dict(passage) for passage in self.passages],
        }


def _passage_to_dict(passage: Passage) -> dict[str, Any]:
    paragraph = passage.paragraph
    return {
        "text": passage.text,
        "score": round(passage.score, 4),
        "highlight": _span_to_list(passage.highlight),
        "answer": _span_to_list(passage.answer),
        "answers": passage.answers,
        "document_id": paragraph.document_id,
        "title": paragraph.title,
        "source": paragraph.source,
        "section": paragraph.section,
        "position": paragraph.position,
        "number": paragraph.number,
        "start": paragraph.start,
        "end": paragraph.end,
        "kind": paragraph.kind,
        "page": paragraph.page,
        "header": paragraph.header,
        "also_in": [_place_to_dict(one) for one in passage.also_in],
    }


def _place_to_dict(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "document_id": paragraph.document_id,
        "title": paragraph.title,
        "source": paragraph.source,
        "section": paragraph.section,
        "position": paragraph.position,
        "number": paragraph.number,
        "start": paragraph.start,
        "end": paragraph.end,
        "page": paragraph.page,
    }


def _span_to_list(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]
