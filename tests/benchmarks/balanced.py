"""Answered and right, and refused where the article does not say: both sides, by kind and genre.

``python tests/benchmarks/balanced.py`` asks the written questions kept apart (``dev``), each of
its own article, and prints the figures of each kind and genre; ``--set unseen`` those of
``tests/data/unseen``, whose genres no model was trained on, ``--set unseen-2`` more of the kind.
``--part 0.3`` asks of so many of the articles only.
"""

import argparse
import math
import random
import statistics
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from qa.chatbot import Chatbot
from qa.config import Config
from qa.evaluate import Label, Outcome, evaluate, read_labels
from qa.evaluate.figures import score
from qa.training.data.records import LabelledArticle
from qa.training.data.written import written
from qa.types import Block, Document

DATA = Path(__file__).resolve().parents[1] / "data"
KINDS = {
    "d": "direct", "p": "in other words", "c": "spoken", "k": "keywords", "w": "why, how",
    "e": "English", "h": "follow-up", "m": "several places", "n": "not given", "x": "swapped",
    "f": "false premise", "g": "not answered, English",
}  # fmt: skip
SHOWN = (
    "questions", "hit_at_1", "sentence_accuracy", "answer_f1", "kept", "answered_right",
    "refusal_recall", "balanced", "refusal_area", "calibration_error",
)  # fmt: skip


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("dev", "unseen", "unseen-2"), default="dev")
    parser.add_argument("--part", type=float, default=1.0)
    parser.add_argument("--model", default=Config().model)
    parser.add_argument("--reader", default=Config().reader)
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    config = replace(Config(), model=options.model, reader=options.reader)
    outcomes: dict[str, list[Outcome]] = {}
    if options.set == "dev":
        chosen = random.Random(0)
        for article in written().held_out:
            if chosen.random() < options.part:
                outcomes.setdefault(article.collection, []).extend(ask(article, config))
    else:
        folder = DATA / options.set
        bot = Chatbot.from_paths(folder.glob("*-*.md"), config)
        for one in evaluate(bot, read_labels(folder / "questions.jsonl"), alone=True):
            outcomes.setdefault(one.label.source, []).append(one)
    everything = [one for own in outcomes.values() for one in own]
    show({"all": everything} | outcomes | by_kind(everything))
    print(f"one question: {1000 * pace(everything, config):.0f} ms, median of the last article")
    for one in wrong(everything)[: options.misses]:
        print(one.label.kind, one.label.question, "|", one.label.answer, "|", one.words)


def ask(article: LabelledArticle, config: Config) -> list[Outcome]:
    """Return how the questions of an article fare with a chatbot on it alone."""
    bot = Chatbot.from_documents([document(article)], config)
    return evaluate(bot, list(labels(article)))


def labels(article: LabelledArticle) -> Iterable[Label]:
    """Yield the questions as labels; the evidence is the answering paragraphs."""
    for one in article.questions:
        places = (*one.positives, *(one.ignored if one.positives else ()))
        answer = one.answer.of(article.paragraphs[one.positives[0]]) if one.answer else ""
        evidence = tuple(article.paragraphs[place] for place in places)
        yield Label(one.text, "", evidence, answer, one.history, one.kind)


def document(article: LabelledArticle) -> Document:
    """Return the article as a document of its paragraphs."""
    text = "\n".join(article.paragraphs)
    blocks, start = [], 0
    for paragraph in article.paragraphs:
        blocks.append(Block(start, start + len(paragraph)))
        start += len(paragraph) + 1
    return Document("article", article.title, "article", text, tuple(blocks))


def by_kind(outcomes: list[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each kind under its name."""
    kinds = sorted({one.label.kind for one in outcomes}, key=[*KINDS].index)
    return {KINDS[kind]: [one for one in outcomes if one.label.kind == kind] for kind in kinds}


def show(groups: dict[str, list[Outcome]]) -> None:
    """Print a row for each group."""
    print(" " * 24 + "".join(f"{name[:12]:>13}" for name in SHOWN))
    for name, own in groups.items():
        figures = asdict(score(own))
        cells = ("" if math.isnan(figures[one]) else f"{figures[one]:.3f}" for one in SHOWN)
        print(f"{name:24}" + "".join(f"{cell:>13}" for cell in cells))


def wrong(outcomes: list[Outcome]) -> list[Outcome]:
    """Return the wrong ones, those first that the chatbot was surest of."""
    return sorted((one for one in outcomes if not one.right), key=lambda one: -one.certainty)


def pace(outcomes: list[Outcome], config: Config) -> float:
    """Return the median time of a question, in seconds, of the last article."""
    article = written().held_out[-1]
    bot = Chatbot.from_documents([document(article)], replace(config, remembered_answers=0))
    bot.warm_up()
    times = []
    for one in article.questions:
        started = time.perf_counter()
        bot.ask(one.text)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
