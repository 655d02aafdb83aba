"""The questions written for this project, which it carries with it (``data/README.md``)."""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.training.data.records import LabelledArticle, LabelledQuestion, Split
from qa.types import Span

__all__ = ["LICENCES", "written"]

_DATA = Path(__file__).resolve().parent

COLLECTION = "written"
_FIRST_INFORMAL = "G600"
_GENRES = {"H": "dense", "J": "genres", "K": "english", "L": "loose"}
"""Of made-up documents, by the first letter of their ids."""

LICENCES = {
    f"{COLLECTION} news": "questions MIT; articles Apache-2.0 (CRUD-RAG)",
    f"{COLLECTION} encyclopaedia": "questions MIT; articles CC BY-SA 4.0 (CMRC 2018)",
    f"{COLLECTION} genres": "MIT",
    f"{COLLECTION} informal": "MIT",
    f"{COLLECTION} dense": "MIT",
    f"{COLLECTION} english": "MIT",
    f"{COLLECTION} loose": "MIT",
}


def written() -> Split:
    """Return the written questions: the side to train on, and the one to choose and fit on.

    The name of an article's collection tells its genre too: ``written news``, ``written
    encyclopaedia``, ``written genres`` (made-up laws, contracts, tables, minutes …), ``written
    informal`` (forum posts, guides, reviews, with search queries), ``written dense`` (long
    paragraphs), ``written english`` (asked in English mostly) and ``written loose`` (asked in
    other words mostly, vaguely and as people speak).
    """
    return Split(tuple(_read("train.jsonl.xz")), tuple(_read("dev.jsonl.xz")))


def _read(name: str) -> Iterator[LabelledArticle]:
    with lzma.open(_DATA / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield LabelledArticle(
                f"{COLLECTION} {_genre(fields)}",
                fields["title"],
                tuple(fields["paragraphs"]),
                tuple(_question(one) for one in fields["questions"]),
            )


def _genre(fields: dict[str, Any]) -> str:
    if fields["source"] != "made":
        return "news" if fields["source"] == "crud_rag_news" else "encyclopaedia"
    letter = fields["id"][0]
    if letter != _FIRST_INFORMAL[0]:
        return _GENRES[letter]
    return "informal" if fields["id"] >= _FIRST_INFORMAL else "genres"


def _question(fields: dict[str, Any]) -> LabelledQuestion:
    answers = fields["answers"]
    positives = tuple(dict.fromkeys(int(answer["paragraph"]) for answer in answers))
    return LabelledQuestion(
        fields["question"],
        positives,
        tuple(place for place in fields["also"] if place not in positives),
        Span(answers[0]["start"], answers[0]["end"]) if answers else None,
        history=tuple(fields["history"]),
        kind=fields["kind"],
    )
