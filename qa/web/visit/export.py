"""A conversation to keep: as Markdown for people, as JSON for programs."""

import hashlib
import json
from dataclasses import replace
from typing import Any

from qa.answering.refusal import reason_in
from qa.chatbot import Chatbot
from qa.render.formats import escape_markdown, to_markdown
from qa.text import Language
from qa.types import Answer, Document
from qa.web.texts import TEXTS
from qa.web.visit.conversation import Turn
from qa.web.visit.visits import Visit

__all__ = ["FORMAT", "to_json", "whole_markdown"]

FORMAT = 1
"""Version of the JSON form."""


def whole_markdown(visit: Visit, chatbot: Chatbot) -> str:
    """Return the answered questions of a visit as Markdown, with where they were found."""
    texts = TEXTS[_language(visit)]
    asked = _answered(visit)
    several = len(visit.library.documents) > 1
    titles = "\n".join(
        f"- {escape_markdown(' '.join(document.title.split()))} (SHA-256 {_digest(document)})"
        for document in _documents(visit, asked)
    )
    blocks = [f"# {texts['conversation']}\n", f"{titles}\n", f"{_model(chatbot)}\n"]
    for turn in asked:
        if turn.answer is not None:
            told = _told(turn.answer, visit)
            blocks.append(to_markdown(told, with_title=several, shown_in=_language(visit)))
    return "\n".join(blocks)


def to_json(visit: Visit, chatbot: Chatbot) -> str:
    """Return the answered questions of a visit as a JSON object.

    ``turns`` have the form of ``Answer.to_dict()`` with ``history``; ``documents`` the SHA-256
    of the text that offsets count in; ``model`` the name and hash of the embedding model.
    """
    asked = _answered(visit)
    record: dict[str, Any] = {
        "format": FORMAT,
        "model": {"name": chatbot.config.model, "fingerprint": chatbot.fingerprint},
        "documents": [
            {
                "document_id": document.id,
                "title": document.title,
                "source": document.source,
                "sha256": _digest(document),
            }
            for document in _documents(visit, asked)
        ],
        "turns": [
            {**_told(turn.answer, visit).to_dict(), "history": turn.history}
            for turn in asked
            if turn.answer is not None
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=2)


def _language(visit: Visit) -> Language:
    return visit.language or "en"


def _told(answer: Answer, visit: Visit) -> Answer:
    """Return an answer with its reason in the language of the page, and names as they are now."""
    return replace(visit.library.named(answer), reason=reason_in(_language(visit), answer))


def _answered(visit: Visit) -> list[Turn]:
    return [turn for turn in visit.conversation.turns if turn.answer is not None]


def _documents(visit: Visit, asked: list[Turn]) -> list[Document]:
    """Return the articles that passages come from and that are still there."""
    named = dict.fromkeys(
        passage.paragraph.document_id
        for turn in asked
        if turn.answer is not None
        for passage in turn.answer.passages
    )
    found = map(visit.library.find, named)
    return [document for document in found if document is not None]


def _model(chatbot: Chatbot) -> str:
    return f"`{chatbot.config.model}` ({chatbot.fingerprint})"


def _digest(document: Document) -> str:
    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
