"""Measures passages, answering words, sentences and refusal on articles never trained on.

``python tests/benchmarks/quality.py [DATA]`` reads from the folder DATA (``../shared/data``
beside the checkout). ``--set trial`` (the default) is the first 100 articles of
``cmrc2018_trial.json`` with at least three paragraphs of about 130 characters, ``--set drcd``
the articles of ``drcd_dev.json`` that the bundled models were not trained on; each question is
asked of its own article. ``--reader ''`` measures without the reader.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.evaluate.overlap import exact_match, overlap_f1
from qa.index import Candidates
from qa.question.analysis import Question
from qa.reader.calibration import load_calibration
from qa.reader.cross import open_reader
from qa.retrieval.fusion import rank
from qa.retrieval.retriever import Retriever
from qa.training.calibrate.cases import ANSWERABLE, Case, Models, cases, embed_all, index_of
from qa.training.calibrate.command import report
from qa.training.calibrate.remembering import RememberingEmbedder
from qa.training.data.held_out import usable_articles
from qa.training.data.records import LabelledArticle, split_by_title
from qa.training.prepare.sources import from_squad
from qa.training.questions.variants import with_variants

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ARTICLES = 100
HELD_OUT = 15
RESAMPLES = 1_000
REFUSED = 0.03
SETS = {"trial": "cmrc2018_trial", "drcd": "drcd_dev"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question fares: shares are of right first passages, words and sentences."""

    dense: float
    lexical: float
    fused: float
    read: float
    exact: float
    f1: float
    sentence: float
    answered: float


def main() -> None:
    """Measure with the configured models and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--set", choices=SETS, default="trial")
    parser.add_argument("--model", default=Config().model)
    parser.add_argument("--reader", default=Config().reader or "")
    options = parser.parse_args()
    path = options.data / f"{SETS[options.set]}.json"
    if not path.is_file():
        raise SystemExit(f"skipped: {path} is not there; give the folder that holds it")
    articles = chosen_articles(path, options.set)
    models = Models(
        load_calibration(model_folder(options.model)),
        open_reader(options.reader) if options.reader else None,
    )
    embedder = embed_all(articles, SentenceTransformerEmbedder(options.model))
    references = known_answers(path)
    started = time.perf_counter()
    asked = [row for one in articles for row in ask(one, references, embedder, models)]
    took = (time.perf_counter() - started) / len(asked)
    print(f"{options.model}, {options.reader or 'no reader'}; {path.name}")
    print(f"{len(articles)} articles, {len(asked)} questions, {1000 * took:.0f} ms each, embedded")
    for name in Asked.__dataclass_fields__:
        values = np.array([getattr(row, name) for row in asked], float)
        low, high = interval(values)
        print(f"  {name:24}{values.mean():.3f}  ({low:.3f} to {high:.3f})")
    found = [case for case in cases(articles, embedder, models) if case.evidence.same_language]
    for name, value in report(found, models.calibration).items():
        print(f"  {name:24}{value:.3f}")
    print(f"with {REFUSED:.0%} of the answerable questions refused:")
    for kind, share in refused_at(found, models).items():
        print(f"  refused, {kind:15}{share:.3f}")


def chosen_articles(path: Path, name: str) -> list[LabelledArticle]:
    """Return the articles to ask, with swapped questions."""
    articles = from_squad(path, path.stem).articles
    if name == "drcd":
        articles = split_by_title(articles, {path.stem: HELD_OUT}).held_out
    generator = random.Random(0)
    usable = usable_articles(articles)
    return [
        with_variants(one, generator) for one in (usable[:ARTICLES] if name == "trial" else usable)
    ]


def known_answers(path: Path) -> dict[str, tuple[str, ...]]:
    """Return every right answer under the question's text."""
    entries = json.loads(path.read_text(encoding="utf-8"))["data"]
    return {
        asked["question"].strip(): tuple(answer["text"] for answer in asked["answers"])
        for entry in entries
        for part in entry["paragraphs"]
        for asked in part["qas"]
    }


def ask(
    article: LabelledArticle,
    references: Mapping[str, Sequence[str]],
    embedder: RememberingEmbedder,
    models: Models,
) -> list[Asked]:
    """Return how each question of an article fares."""
    index = index_of(article.title, article.paragraphs, embedder)
    retriever, answerer = Retriever(embedder, index), models.answerer(index)
    config = answerer.config
    rows = []
    for question in article.questions:
        asked = Question(question.text, question.text)
        (searched,) = retriever.search([asked], config.candidates)
        found = searched.candidates
        given = answerer.answer(searched, config.k)
        passage = given.passages[0]
        words = passage.answer.of(passage.text) if passage.answer else ""
        sentence = passage.highlight.of(passage.text) if passage.highlight else ""
        right = references[question.text]
        fused = rank(found, models.retrieval.dense_scale, 1)[0].number
        rows.append(
            Asked(
                dense=first_of(found, words=False) in question.positives,
                lexical=first_of(found, words=True) in question.positives,
                fused=fused in question.positives,
                read=passage.paragraph.position in question.positives,
                exact=exact_match(words, right),
                f1=overlap_f1(words, right),
                sentence=any(one in sentence for one in right),
                answered=given.answered,
            )
        )
    return rows


def first_of(found: Candidates, *, words: bool) -> int:
    """Return the first paragraph by words or by meaning alone."""
    none = np.zeros(len(found.numbers), np.float32)
    alone = replace(found, dense=none) if words else replace(found, lexical=none)
    return rank(alone, 1.0, 1)[0].number


def refused_at(found: Sequence[Case], models: Models) -> dict[str, float]:
    """Return the share refused of each kind, where so many of the answerable are."""
    confidences: dict[str, list[float]] = {}
    for case in found:
        logistic = models.calibration.logistic(case.evidence)
        confidences.setdefault(case.kind, []).append(logistic.confidence(case.evidence))
    threshold = float(np.quantile(confidences[ANSWERABLE], REFUSED))
    return {
        kind: statistics.fmean(value < threshold for value in values)
        for kind, values in confidences.items()
    }


def interval(values: np.ndarray) -> tuple[float, float]:
    """Return the bootstrap 95 % interval of a mean."""
    generator = np.random.default_rng(0)
    means = [generator.choice(values, len(values)).mean() for _ in range(RESAMPLES)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
