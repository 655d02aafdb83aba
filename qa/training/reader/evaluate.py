"""How well a reader does behind a retriever, on articles never trained on."""

from collections.abc import Iterable, Sequence

import numpy as np

from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.evaluate.overlap import exact_match, overlap_f1
from qa.reader.calibration import load_calibration
from qa.training.calibrate.cases import (
    ANSWERABLE,
    REMOVED,
    SWAPPED,
    UNANSWERED,
    Case,
    Models,
    cases,
    embed_all,
)
from qa.training.data.held_out import by_collection
from qa.training.data.records import LabelledArticle
from qa.training.run.encoder import reader_base
from qa.training.run.folder import Run
from qa.training.run.scores import ReaderScore
from qa.training.run.settings import ReaderSettings
from qa.training.run.weights import Candidate, trained_network

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
    own = [case for case in found if case.kind == ANSWERABLE]
    known = [case for case in own if case.wanted]
    return ReaderScore(
        reader,
        collection,
        len(own),
        float(np.mean([case.right for case in own])),
        float(np.mean([exact_match(case.words, (case.wanted,)) for case in known])),
        float(np.mean([overlap_f1(case.words, (case.wanted,)) for case in known])),
        _area(found, UNANSWERED),
        _area(found, REMOVED),
        _area(found, SWAPPED),
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
        "area, not answered | paragraph removed | name or number swapped |",
        "| --- | --- |" + " ---: |" * 6,
    ]
    for one in scores:
        figures = (one.hit, one.exact, one.f1, one.unanswered, one.removed, one.swapped)
        cells = " | ".join("" if np.isnan(one) else f"{100 * one:.1f}" for one in figures)
        lines.append(f"| {one.reader} | {one.collection} (n={one.questions}) | {cells} |")
    return "\n".join(lines)
