"""Measures what words of the same meaning do for questions in other words.

``python tests/benchmarks/reworded.py`` asks ``tests/data/reworded.jsonl``, each question of
its own article, with and without the thesaurus; ranked by meaning and words, not read.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np

from qa.chatbot import Chatbot
from qa.evaluate import Label, read_labels
from qa.evaluate.outcomes import first_with_evidence
from qa.question.analysis import Question
from qa.retrieval.fusion import rank
from qa.retrieval.retriever import Retriever

DATA = Path(__file__).resolve().parents[1] / "data"
LOOKED_AT = ("finance.md", "biography.md", "football.md")
"""Articles on which the parameters were chosen."""


def main() -> None:
    """Measure and print the table."""
    hits: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    labels = read_labels(DATA / "reworded.jsonl")
    for source in sorted({label.source for label in labels}):
        bot = Chatbot.from_paths([DATA / "dialogues" / source])
        part = "looked at" if source in LOOKED_AT else "others"
        for label in labels:
            if label.source == source:
                pair = (is_first(bot, label, related=False), is_first(bot, label, related=True))
                hits[label.kind, part].append(pair)
    print(f"{'questions':12}{'articles':12}{'asked':>8}{'without':>10}{'with':>10}")
    for (kind, part), pairs in sorted(hits.items()):
        without, including = np.mean(pairs, axis=0)
        print(f"{kind:12}{part:12}{len(pairs):>8}{without:>10.3f}{including:>10.3f}")


def is_first(bot: Chatbot, label: Label, *, related: bool) -> bool:
    """Tell whether the first passage has evidence."""
    retriever = Retriever(bot.embedder, bot.index)
    asked = [Question(label.question)]
    (searched,) = retriever.search(asked, bot.config.candidates, related=related)
    (first,) = rank(searched.candidates, bot.calibration.dense_scale, 1)
    return first_with_evidence([bot.index.paragraph(first.number)], label) == 1


if __name__ == "__main__":
    main()
