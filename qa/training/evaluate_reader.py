"""How well a reader does behind a retriever, on articles never trained on."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from qa.answering import Models
from qa.calibration import load_calibration
from qa.embed import SentenceTransformerEmbedder, model_folder
from qa.metrics import exact_match, overlap_f1
from qa.training.cases import ANSWERABLE, REMOVED, SWAPPED, Case, cases, embed_all
from qa.training.model import reader_base
from qa.training.records import LabelledArticle
from qa.training.run import Run
from qa.training.weights import Candidate, candidates, mean_of

__all__ = ["ReaderScore", "best", "compare", "load_scores", "reader_candidates", "save_scores"]


@dataclass(frozen=True, slots=True)
class ReaderScore:
    """Shares in [0, 1] over the ``questions`` of a collection.

    ``hit`` is for the right first passage, ``exact`` and ``f1`` for the answering words,
    whatever the passage. ``removed`` and ``swapped`` are areas under the ROC curve of the
    reader's log-odds: answerable questions against those of that kind.
    """

    reader: str
    collection: str
    questions: int
    hit: float
    exact: float
    f1: float
    removed: float
    swapped: float


def reader_candidates(run: Run) -> list[Candidate]:
    """Return the last snapshot and the mean of the last ones: a reader has no untrained form."""
    return [one for one in candidates(run) if one.snapshots and one.share == 1]


def compare(
    run: Run, retriever: str, chosen: Iterable[Candidate], articles: Sequence[LabelledArticle]
) -> list[ReaderScore]:
    """Return the scores of each candidate behind the same retriever, on the same articles."""
    from qa.reader.cross import CrossReader, Windows
    from qa.reader.network import Network

    settings = run.reader_settings()
    folder = reader_base(settings.base)
    retrieval = load_calibration(model_folder(retriever))
    embedder = embed_all(articles, SentenceTransformerEmbedder(retriever))
    scores: list[ReaderScore] = []
    for candidate in chosen:
        network = Network.of(folder)
        network.load_state_dict(mean_of(candidate.snapshots), strict=False)
        reader = CrossReader.of(network.ready(), folder, Windows(settings.longest))
        models = Models(retrieval, reader)
        for collection, group in groupby(
            sorted(articles, key=lambda one: one.collection), key=lambda one: one.collection
        ):
            found = cases(list(group), embedder, models)
            scores.append(_score(candidate.name, collection, found))
    return scores


def _score(reader: str, collection: str, found: Sequence[Case]) -> ReaderScore:
    same = [case for case in found if case.evidence.same_language]
    own = [case for case in same if case.kind == ANSWERABLE]
    known = [case for case in own if case.wanted]
    return ReaderScore(
        reader,
        collection,
        len(own),
        float(np.mean([case.right for case in own])),
        float(np.mean([exact_match(case.words, (case.wanted,)) for case in known])),
        float(np.mean([overlap_f1(case.words, (case.wanted,)) for case in known])),
        _area(same, REMOVED),
        _area(same, SWAPPED),
    )


def _area(found: Sequence[Case], kind: str) -> float:
    from sklearn.metrics import roc_auc_score

    chosen = [case for case in found if case.kind in (ANSWERABLE, kind)]
    answerable = [case.kind == ANSWERABLE for case in chosen]
    if all(answerable):
        return float("nan")
    return float(roc_auc_score(answerable, [case.evidence.reading for case in chosen]))


def best(scores: Sequence[ReaderScore]) -> str:
    """Return the name of the reader with the highest sum of its figures over all collections."""
    sums = {
        name: sum(
            np.nansum([one.hit, one.f1, one.removed, one.swapped])
            for one in scores
            if one.reader == name
        )
        for name in dict.fromkeys(one.reader for one in scores)
    }
    return max(sums, key=lambda name: sums[name])


def table(scores: Sequence[ReaderScore]) -> str:
    """Return the scores as a Markdown table, one row a reader and collection, in per cent."""
    lines = [
        "| reader | questions of | right passage first | words exact | words F1 | "
        "area, paragraph removed | area, name or number swapped |",
        "| --- | --- |" + " ---: |" * 5,
    ]
    for one in scores:
        figures = (one.hit, one.exact, one.f1, one.removed, one.swapped)
        cells = " | ".join(f"{100 * figure:.1f}" for figure in figures)
        lines.append(f"| {one.reader} | {one.collection} (n={one.questions}) | {cells} |")
    return "\n".join(lines)


def save_scores(scores: Iterable[ReaderScore], path: Path) -> None:
    """Write the scores, for the export to choose by and to report."""
    text = json.dumps([asdict(one) for one in scores], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def load_scores(path: Path) -> list[ReaderScore]:
    """Read what ``save_scores`` wrote; nothing if there is no such file."""
    if not path.is_file():
        return []
    return [ReaderScore(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
