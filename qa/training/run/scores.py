"""What trained weights reach: kept between evaluating and exporting, and the best of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

__all__ = ["ReaderScore", "RetrieverScore", "Score", "best", "load_scores", "save_scores"]


@dataclass(frozen=True, slots=True)
class RetrieverScore:
    """The share of ``questions`` whose own paragraph comes first within its article.

    ``hit`` is for the questions as they are, ``varied`` for a variant of each of them; both
    in [0, 1].
    """

    model: str
    collection: str
    questions: int
    hit: float
    varied: float

    @property
    def name(self) -> str:
        """The weights that were measured."""
        return self.model

    @property
    def worth(self) -> float:
        """What weights are chosen by: higher is better."""
        return self.hit + self.varied


@dataclass(frozen=True, slots=True)
class ReaderScore:
    """Shares in [0, 1] over the ``questions`` of a collection.

    ``hit`` is for the right first passage, ``exact`` and ``f1`` for the answering words,
    whatever the passage. ``unanswered``, ``removed`` and ``swapped`` are areas under the ROC
    curve of the reader's log-odds: answerable questions against those of that kind; nan where a
    collection has none.
    """

    reader: str
    collection: str
    questions: int
    hit: float
    exact: float
    f1: float
    unanswered: float
    removed: float
    swapped: float

    @property
    def name(self) -> str:
        """The weights that were measured."""
        return self.reader

    @property
    def worth(self) -> float:
        """What weights are chosen by: higher is better; as much for answers as for refusals."""
        areas = [self.unanswered, self.removed, self.swapped]
        known = [area for area in areas if not np.isnan(area)]
        return self.hit + self.f1 + 2 * float(np.mean(known)) if known else self.hit + self.f1


Score = RetrieverScore | ReaderScore

Kind = TypeVar("Kind", RetrieverScore, ReaderScore)


def best(scores: Sequence[Score]) -> str:
    """Return the name of the weights that are worth most over all their collections."""
    sums = {
        name: sum(one.worth for one in scores if one.name == name)
        for name in dict.fromkeys(one.name for one in scores)
    }
    return max(sums, key=lambda name: sums[name])


def save_scores(scores: Iterable[Score], path: Path) -> None:
    """Write the scores, for the export to choose by and to report."""
    text = json.dumps([asdict(one) for one in scores], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def load_scores(kind: type[Kind], path: Path) -> list[Kind]:
    """Read what ``save_scores`` wrote; nothing if there is no such file."""
    if not path.is_file():
        return []
    return [kind(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
