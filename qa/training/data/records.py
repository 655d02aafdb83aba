"""The records of the training data, and the folder that keeps them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.errors import LabelError
from qa.text import fold
from qa.training.data.packed import read_text
from qa.types import Span

__all__ = [
    "HELD_OUT",
    "TRAIN",
    "LabelledArticle",
    "LabelledQuestion",
    "Prepared",
    "Sentences",
    "Split",
    "load",
    "read_sentences",
    "save",
    "split_by_title",
]

TRAIN = "train.jsonl"
HELD_OUT = "held_out.jsonl"
SENTENCES = "sentences.tsv"
MANIFEST = "manifest.json"

_OPENING = 30
"""Characters."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and the paragraphs of its article that answer it; none if the article does not.

    ``positives`` are positions in ``LabelledArticle.paragraphs``, the best one first.
    ``ignored`` are positions that may answer too: they count neither for nor against.
    ``answer`` are the answering words in the best paragraph, None if not known or not whole in
    it. ``swapped`` are questions made of this one that the article does not answer, since a
    name, number or date in them is another one of the article. ``glossed`` is the question in
    rough English (:mod:`qa.training.questions.gloss`), "" if it is not Chinese. ``history`` are the
    questions asked before it, and ``kind`` names a group of questions ("" if it is in none).
    """

    text: str
    positives: tuple[int, ...]
    ignored: tuple[int, ...] = ()
    answer: Span | None = None
    swapped: tuple[str, ...] = ()
    glossed: str = ""
    history: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article cut into paragraphs, with its questions; ``collection`` is where it is from."""

    collection: str
    title: str
    paragraphs: tuple[str, ...]
    questions: tuple[LabelledQuestion, ...]

    @property
    def key(self) -> str:
        """What articles of the same subject share, whatever the script or case of their title.

        An article without a title goes by how it begins.
        """
        return title_key(self.title or self.opening)

    @property
    def opening(self) -> str:
        """How it begins; what holds a paragraph that begins so is of the same source."""
        return self.paragraphs[0][:_OPENING]

    @property
    def answerable(self) -> tuple[LabelledQuestion, ...]:
        """The questions that the article answers."""
        return tuple(question for question in self.questions if question.positives)


@dataclass(frozen=True, slots=True)
class Sentences:
    """A sentence and its translation."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Split:
    """The articles of each side; no title is on both."""

    train: tuple[LabelledArticle, ...]
    held_out: tuple[LabelledArticle, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A split with the licence of each collection, and sentences with their translations."""

    split: Split
    licences: Mapping[str, str]
    sentences: tuple[Sentences, ...] = ()


def title_key(title: str) -> str:
    """Return the title folded, so that spellings of one subject coincide."""
    return " ".join(fold(title).replace("_", " ").split())


def split_by_title(
    articles: Iterable[LabelledArticle], held_out: Mapping[str, float], fixed: Split | None = None
) -> Split:
    """Put each article on one side by the hash of its title, the same on every run.

    ``held_out`` is the percentage to hold out of each collection. Articles whose titles differ
    only by script or case, in whatever collection, follow the one that is held out. Those of
    ``fixed`` are on their side already; what holds their beginning follows them.
    """
    known = tuple(articles)
    fixed = fixed or Split((), ())
    apart = {one.opening for one in fixed.held_out}
    shown = {one.opening for one in fixed.train}
    keys = {
        a.key
        for a in known
        if _holds(a, apart) or (_bucket(a) < held_out.get(a.collection, 0) and not _holds(a, shown))
    }
    return Split(
        train=(*fixed.train, *(a for a in known if a.key not in keys)),
        held_out=(*fixed.held_out, *(a for a in known if a.key in keys)),
    )


def _holds(article: LabelledArticle, openings: Set[str]) -> bool:
    return any(text[:_OPENING] in openings for text in article.paragraphs)


def _bucket(article: LabelledArticle) -> int:
    named = article.title or article.key
    return int(hashlib.sha256(named.encode()).hexdigest(), 16) % 100


def save(prepared: Prepared, folder: Path) -> None:
    """Write both sides, one article a line, and a manifest with counts and licences."""
    folder.mkdir(parents=True, exist_ok=True)
    sides = {TRAIN: prepared.split.train, HELD_OUT: prepared.split.held_out}
    for name, articles in sides.items():
        lines = [json.dumps(asdict(article), ensure_ascii=False) for article in articles]
        (folder / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    pairs = "".join(f"{pair.one}\t{pair.other}\n" for pair in prepared.sentences)
    (folder / SENTENCES).write_text(pairs, encoding="utf-8")
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
            article.collection, {"articles": 0, "paragraphs": 0, "questions": 0, "unanswerable": 0}
        )
        total["articles"] += 1
        total["paragraphs"] += len(article.paragraphs)
        total["questions"] += len(article.questions)
        total["unanswerable"] += len(article.questions) - len(article.answerable)
    return totals


def load(folder: Path) -> Prepared:
    """Read what ``save`` wrote.

    Raises:
        LabelError: if the folder is not one that ``prepare`` made.

    """
    missing = [n for n in (TRAIN, HELD_OUT, SENTENCES, MANIFEST) if not (folder / n).is_file()]
    if missing:
        raise LabelError(
            f"{folder} lacks {', '.join(missing)}; expected a folder made by "
            "`python -m qa.training prepare`"
        )
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    split = Split(tuple(_read(folder / TRAIN)), tuple(_read(folder / HELD_OUT)))
    return Prepared(split, manifest["licences"], read_sentences(folder / SENTENCES))


def read_sentences(path: Path) -> tuple[Sentences, ...]:
    """Return the pairs of a file with a pair a line and a tab between, which may be packed by xz.

    Raises:
        LabelError: if the file cannot be read or a line is no pair.

    """
    found = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        parts = [part.strip() for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):
            raise LabelError(f"{path}, line {number}: expected two sentences with a tab between")
        found.append(Sentences(*parts))
    return tuple(found)


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
        history=tuple(fields["history"]),
        kind=fields["kind"],
    )
