"""How often the right paragraph of its article comes first, on articles never trained on."""

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.training.data.held_out import by_collection
from qa.training.data.records import LabelledArticle
from qa.training.questions.augment import augment
from qa.training.run.encoder import load_model, transformer
from qa.training.run.scores import RetrieverScore
from qa.training.run.weights import Candidate, merged

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["compare", "score", "table"]


def score(
    model: "SentenceTransformer", articles: Sequence[LabelledArticle], name: str
) -> list[RetrieverScore]:
    """Return one score for each collection."""
    scores = []
    for collection, known in by_collection(articles):
        generator = random.Random(0)
        varied = {
            question.text: augment(question.text, generator, share=1.0)
            for article in known
            for question in article.answerable
        }
        hits, varied_hits = _hits(model, known, varied)
        total = sum(len(article.answerable) for article in known)
        scores.append(RetrieverScore(name, collection, total, hits / total, varied_hits / total))
    return scores


def _hits(
    model: "SentenceTransformer", articles: Sequence[LabelledArticle], varied: Mapping[str, str]
) -> tuple[int, int]:
    """Count the questions, and the variants, whose best paragraph is an answering one."""
    asked = [(article, question) for article in articles for question in article.answerable]
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
) -> list[RetrieverScore]:
    """Return the scores of each candidate on the same articles."""
    model = load_model(base)
    scores: list[RetrieverScore] = []
    for candidate in chosen:
        transformer(model).load_state_dict(merged(base, candidate), strict=False)
        scores += score(model, articles, candidate.name)
    return scores


def table(scores: Sequence[RetrieverScore]) -> str:
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
