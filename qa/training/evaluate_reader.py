"""How well a reader does behind a retriever, on articles never trained on."""

from collections.abc import Iterable, Sequence

import numpy as np

from qa.answering import Models
from qa.calibration import load_calibration
from qa.embed import SentenceTransformerEmbedder, model_folder
from qa.metrics import exact_match, overlap_f1
from qa.training.cases import ANSWERABLE, REMOVED, SWAPPED, Case, cases, embed_all
from qa.training.held_out import by_collection
from qa.training.model import reader_base
from qa.training.records import LabelledArticle
from qa.training.run import Run
from qa.training.scores import ReaderScore
from qa.training.settings import ReaderSettings
from qa.training.weights import Candidate, trained_network

__all__ = ["compare", "table"]


def compare(
    run: Run, retriever: str, chosen: Iterable[Candidate], articles: Sequence[LabelledArticle]
) -> list[ReaderScore]:
    """Return the scores of each candidate behind the same retriever, on the same articles."""
    from qa.reader.cross import CrossReader, Windows

    settings = run.settings(ReaderSettings)
    folder = reader_base(settings.base)
    retrieval = load_calibration(model_folder(retriever))
    embedder = embed_all(articles, SentenceTransformerEmbedder(retriever))
    scores: list[ReaderScore] = []
    for candidate in chosen:
        network = trained_network(folder, candidate)
        reader = CrossReader.of(network.ready(), folder, Windows(settings.longest))
        models = Models(retrieval, reader)
        for collection, own in by_collection(articles):
            found = cases(own, embedder, models)
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
