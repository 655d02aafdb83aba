"""How often the right paragraph of its article comes first, on articles never trained on."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from qa.training.augment import augment
from qa.training.model import load_model, transformer
from qa.training.records import LabelledArticle
from qa.training.weights import Candidate, merged

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["Score", "best", "compare", "load_scores", "sample", "save_scores", "score", "table"]

FEWEST_PARAGRAPHS = 3
"""In an article of fewer, coming first says little."""


@dataclass(frozen=True, slots=True)
class Score:
    """The share of ``questions`` whose own paragraph comes first within its article.

    ``hit`` is for the questions as they are, ``varied`` for a variant of each of them; both
    in [0, 1].
    """

    model: str
    collection: str
    questions: int
    hit: float
    varied: float


def sample(articles: Iterable[LabelledArticle], questions: int) -> list[LabelledArticle]:
    """Return whole articles of each collection, until it has about so many questions."""
    long = [one for one in articles if one.questions and len(one.paragraphs) >= FEWEST_PARAGRAPHS]
    chosen: list[LabelledArticle] = []
    for _, group in groupby(sorted(long, key=_collection), key=_collection):
        known = list(group)
        random.Random(len(known)).shuffle(known)
        counted = 0
        for article in known:
            if counted >= questions:
                break
            chosen.append(article)
            counted += len(article.questions)
    return chosen


def _collection(article: LabelledArticle) -> str:
    return article.collection


def score(
    model: "SentenceTransformer", articles: Sequence[LabelledArticle], name: str
) -> list[Score]:
    """Return one score for each collection."""
    scores = []
    for collection, group in groupby(sorted(articles, key=_collection), key=_collection):
        known = list(group)
        generator = random.Random(0)
        varied = {
            question.text: augment(question.text, generator, share=1.0)
            for article in known
            for question in article.questions
        }
        hits, varied_hits = _hits(model, known, varied)
        total = sum(len(article.questions) for article in known)
        scores.append(Score(name, collection, total, hits / total, varied_hits / total))
    return scores


def _hits(
    model: "SentenceTransformer", articles: Sequence[LabelledArticle], varied: Mapping[str, str]
) -> tuple[int, int]:
    """Count the questions, and the variants, whose best paragraph is an answering one."""
    asked = [(article, question) for article in articles for question in article.questions]
    texts = [question.text for _, question in asked]
    plain_vectors = model.encode_query(texts, batch_size=16)
    varied_vectors = model.encode_query([varied[text] for text in texts], batch_size=16)
    flat = [paragraph for article in articles for paragraph in article.paragraphs]
    vectors = model.encode_document(flat, batch_size=16)
    starts: dict[int, int] = {}
    total = 0
    for article in articles:
        starts[id(article)] = total
        total += len(article.paragraphs)
    hits = varied_hits = 0
    for row, (article, question) in enumerate(asked):
        start = starts[id(article)]
        own = vectors[start : start + len(article.paragraphs)]
        hits += int((own @ plain_vectors[row]).argmax()) in question.positives
        varied_hits += int((own @ varied_vectors[row]).argmax()) in question.positives
    return hits, varied_hits


def compare(
    base: Path, chosen: Iterable[Candidate], articles: Sequence[LabelledArticle]
) -> list[Score]:
    """Return the scores of each candidate on the same articles."""
    model = load_model(base)
    scores: list[Score] = []
    for candidate in chosen:
        transformer(model).load_state_dict(merged(base, candidate), strict=False)
        scores += score(model, articles, candidate.name)
    return scores


def best(scores: Sequence[Score]) -> str:
    """Return the name of the model with the most hits over its collections, varied ones too."""
    sums = {
        name: sum(one.hit + one.varied for one in scores if one.model == name)
        for name in dict.fromkeys(one.model for one in scores)
    }
    return max(sums, key=lambda name: sums[name])


def table(scores: Sequence[Score]) -> str:
    """Return the scores as a Markdown table, one row a model, in per cent."""
    collections = list(dict.fromkeys(one.collection for one in scores))
    counts = {one.collection: one.questions for one in scores}
    heads = [f"{name} (n={counts[name]})" for name in collections]
    lines = [
        "| model | " + " | ".join(f"{head} | varied" for head in heads) + " |",
        "| --- |" + " ---: | ---: |" * len(collections),
    ]
    for model in dict.fromkeys(one.model for one in scores):
        cells = {one.collection: one for one in scores if one.model == model}
        row = [
            f"{100 * cells[name].hit:.1f} | {100 * cells[name].varied:.1f}" for name in collections
        ]
        lines.append(f"| {model} | " + " | ".join(row) + " |")
    return "\n".join(lines)


def save_scores(scores: Iterable[Score], path: Path) -> None:
    """Write the scores, for the export to choose by and to report."""
    text = json.dumps([asdict(one) for one in scores], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def load_scores(path: Path) -> list[Score]:
    """Read what ``save_scores`` wrote; nothing if there is no such file."""
    if not path.is_file():
        return []
    return [Score(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
