"""The records of the training data, and the folder that keeps them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.errors import LabelError
from qa.text import fold
from qa.types import Span

__all__ = [
    "HELD_OUT",
    "TRAIN",
    "LabelledArticle",
    "LabelledQuestion",
    "Prepared",
    "Split",
    "load",
    "save",
    "split_by_title",
]

TRAIN = "train.jsonl"
HELD_OUT = "held_out.jsonl"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and the paragraphs of its article that answer it.

    ``positives`` are positions in ``LabelledArticle.paragraphs``, the best one first.
    ``ignored`` are positions that may answer too: they count neither for nor against.
    ``answer`` are the answering words in the best paragraph, None if not known or not whole in
    it. ``swapped`` are questions made of this one that the article does not answer, since a
    name, number or date in them is another one of the article. ``glossed`` is the question in
    rough English (:mod:`qa.training.gloss`), "" if it is not Chinese.
    """

    text: str
    positives: tuple[int, ...]
    ignored: tuple[int, ...] = ()
    answer: Span | None = None
    swapped: tuple[str, ...] = ()
    glossed: str = ""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article cut into paragraphs, with its questions; ``collection`` is where it is from."""

    collection: str
    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[LabelledQuestion, ...]

    @property
    def key(self) -> str:
        """What articles of the same subject share, whatever the script or case of their title."""
        return title_key(self.title)


@dataclass(frozen=True, slots=True)
class Split:
    """The articles of each side; no title is on both."""

    train: tuple[LabelledArticle, ...]
    held_out: tuple[LabelledArticle, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A split with the licence of each collection."""

    split: Split
    licences: Mapping[str, str]


def title_key(title: str) -> str:
    """Return the title folded, so that spellings of one subject coincide."""
    return " ".join(fold(title).replace("_", " ").split())


def split_by_title(articles: Iterable[LabelledArticle], held_out: Mapping[str, int]) -> Split:
    """Put each article on one side by the hash of its title, the same on every run.

    ``held_out`` is the percentage to hold out of each collection. Articles whose titles differ
    only by script or case, in whatever collection, follow the one that is held out.
    """
    known = tuple(articles)
    keys = {a.key for a in known if _bucket(a.title) < held_out.get(a.collection, 0)}
    return Split(
        train=tuple(a for a in known if a.key not in keys),
        held_out=tuple(a for a in known if a.key in keys),
    )


def _bucket(title: str) -> int:
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 100


def save(prepared: Prepared, folder: Path) -> None:
    """Write both sides, one article a line, and a manifest with counts and licences."""
    folder.mkdir(parents=True, exist_ok=True)
    sides = {TRAIN: prepared.split.train, HELD_OUT: prepared.split.held_out}
    for name, articles in sides.items():
        lines = [json.dumps(asdict(article), ensure_ascii=False) for article in articles]
        (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    manifest = {
        "counts": {name: counts(articles) for name, articles in sides.items()},
        "licences": dict(prepared.licences),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def counts(articles: Iterable[LabelledArticle]) -> dict[str, dict[str, int]]:
    """Return the number of articles, paragraphs and questions of each collection."""
    totals: dict[str, dict[str, int]] = {}
    for article in articles:
        total = totals.setdefault(
            article.collection, {"articles": 0, "paragraphs": 0, "questions": 0}
        )
        total["articles"] += 1
        total["paragraphs"] += len(article.paragraphs)
        total["questions"] += len(article.questions)
    return totals


def load(folder: Path) -> Prepared:
    """Read what ``save`` wrote.

    Raises:
        LabelError: if the folder is not one that ``prepare`` made.

    """
    missing = [n for n in (TRAIN, HELD_OUT, MANIFEST) if not (folder / n).is_file()]
    if missing:
        raise LabelError(
            f"{folder} lacks {', '.join(missing)}; expected a folder made by "
            "`python -m qa.training prepare`"
        )
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    split = Split(tuple(_read(folder / TRAIN)), tuple(_read(folder / HELD_OUT)))
    return Prepared(split, manifest["licences"])


def _read(path: Path) -> Iterator[LabelledArticle]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            yield LabelledArticle(
                collection=fields["collection"],
                title=fields["title"],
                paragraphs=tuple(fields["paragraphs"]),
                questions=tuple(_question(question) for question in fields["questions"]),
            )


def _question(fields: dict[str, Any]) -> LabelledQuestion:
    return LabelledQuestion(
        text=fields["text"],
        positives=tuple(fields["positives"]),
        ignored=tuple(fields["ignored"]),
        answer=None if fields["answer"] is None else Span(**fields["answer"]),
        swapped=tuple(fields["swapped"]),
        glossed=fields["glossed"],
    )
