"""Measures retrieval, sentences and refusal on articles never trained on.

``python tests/benchmarks/quality.py [DATA]`` reads ``cmrc2018_trial.json`` from the folder
DATA (``../shared/data`` beside the checkout): the first 100 articles of at least three
paragraphs of about 130 characters, each question asked of its own article.
"""

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa.calibration import Calibration, load_calibration
from qa.config import Config
from qa.embed import SentenceTransformerEmbedder, model_folder
from qa.index import Candidates
from qa.index.local import LocalIndex
from qa.judge import answering_sentence, weigh
from qa.retrieve import rank
from qa.training.calibrate import report
from qa.training.cases import cases, embed_all, index_of, usable_articles
from qa.training.records import LabelledArticle
from qa.training.remembering import RememberingEmbedder
from qa.training.sources import from_squad

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ARTICLES = 100
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """Whether each way of searching has the right paragraph first; sentence of the fused one."""

    dense: bool
    lexical: bool
    fused: bool
    sentence: bool


def main() -> None:
    """Measure with the configured model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--model", default=Config().model)
    options = parser.parse_args()
    path = options.data / "cmrc2018_trial.json"
    if not path.is_file():
        raise SystemExit(f"skipped: {path} is not there; give the folder that holds it")
    articles = usable_articles(from_squad(path, "cmrc_trial").articles)[:ARTICLES]
    calibration = load_calibration(model_folder(options.model))
    embedder = embed_all(articles, SentenceTransformerEmbedder(options.model))
    answers = known_answers(path)
    ranked = [
        row for article in articles for row in search(article, answers, embedder, calibration)
    ]
    print(f"{options.model}: {len(articles)} articles, {len(ranked)} questions")
    for name in ("dense", "lexical", "fused", "sentence"):
        hits = np.array([getattr(row, name) for row in ranked])
        low, high = interval(hits)
        label = (
            "first passage's sentence holds the answer" if name == "sentence" else f"hit@1 {name}"
        )
        print(f"  {label:44}{hits.mean():.3f}  ({low:.3f} to {high:.3f})")
    found = [
        case
        for case in cases(articles, embedder, calibration.dense_scale)
        if case.evidence.same_language
    ]
    for name, value in report(found, calibration).items():
        print(f"  {name:44}{value:.3f}")


def known_answers(path: Path) -> dict[str, tuple[str, ...]]:
    """Return every right answer under the question's text."""
    entries = json.loads(path.read_text(encoding="utf-8"))["data"]
    return {
        asked["question"].strip(): tuple(answer["text"] for answer in asked["answers"])
        for entry in entries
        for part in entry["paragraphs"]
        for asked in part["qas"]
    }


def search(
    article: LabelledArticle,
    answers: dict[str, tuple[str, ...]],
    embedder: RememberingEmbedder,
    calibration: Calibration,
) -> list[Ranked]:
    """Return how each question of an article fares."""
    index = index_of(article.title, article.paragraphs, embedder)
    rows = []
    for question in article.questions:
        weighed = weigh(question.text, index.document_frequencies, len(index))
        vectors = embedder.encode_queries([question.text])
        found = index.candidates(vectors, [weighed.tokens], len(index))[0]
        first = rank(found, calibration.dense_scale, 1)[0].number
        paragraph = index.paragraph(first)
        span = answering_sentence(weighed, paragraph)
        sentence = span.of(paragraph.text) if span is not None else ""
        rows.append(
            Ranked(
                dense=first_of(found, index, words=False) in question.positives,
                lexical=first_of(found, index, words=True) in question.positives,
                fused=first in question.positives,
                sentence=any(answer in sentence for answer in answers[question.text]),
            )
        )
    return rows


def first_of(found: Candidates, index: LocalIndex, *, words: bool) -> int:
    """Return the first paragraph by words or by meaning alone."""
    none = np.zeros(len(index), np.float32)
    alone = replace(found, dense=none) if words else replace(found, lexical=none)
    return rank(alone, 1.0, 1)[0].number


def interval(hits: np.ndarray) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a share."""
    generator = np.random.default_rng(0)
    means = [generator.choice(hits, len(hits)).mean() for _ in range(RESAMPLES)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
