"""Ask an article a question; get its own passages that answer, or hear that it does not say.

Nothing is generated: every word of an answer is the source's, at a known place in it. The
names below are loaded when they are first used; importing the package loads no model.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.chatbot import Chatbot
    from qa.config import Config
    from qa.errors import (
        DocumentError,
        EmptyCorpus,
        EmptyDocument,
        IndexDamaged,
        IndexMismatch,
        IndexUnavailable,
        LabelError,
        MissingExtra,
        ModelError,
        NoArticle,
        PartlyRead,
        QAError,
        QuestionTooLong,
        UndecodableText,
        UnsupportedFormat,
    )
    from qa.types import Answer, Difference, Document, Paragraph, Passage, Span

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Chatbot",
    "Config",
    "Difference",
    "Document",
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
    "Paragraph",
    "PartlyRead",
    "Passage",
    "QAError",
    "QuestionTooLong",
    "Span",
    "UndecodableText",
    "UnsupportedFormat",
    "ask",
]

_MODULES = {"Chatbot": "chatbot", "Config": "config"} | dict.fromkeys(
    ("Answer", "Difference", "Document", "Paragraph", "Passage", "Span"), "types"
)


def ask(question: str, history: "Sequence[str]" = (), k: int | None = None) -> "Answer":
    """Return what the articles in ``corpus/`` say to ``question``.

    The first call loads the model; its index is kept in the user's cache folder. ``history``
    holds the earlier questions of the conversation, ``k`` is the number of passages.

    Raises:
        QuestionTooLong: if the question has more than 2,000 characters.

    """
    from qa.chatbot.cached import default_chatbot

    return default_chatbot().ask(question, history, k)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    if name not in __all__:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(importlib.import_module(f"qa.{_MODULES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
