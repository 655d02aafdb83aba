"""Measures what the questions before a question do to its answer.

``python tests/benchmarks/followups.py`` asks the dialogues of ``tests/data/dialogues.jsonl``,
each of the article it is about, or with ``--together`` of all articles of its half at once:
with the history, as typed, and with the question before it put in front.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.chatbot import Chatbot
from qa.evaluate import Label, Outcome, evaluate, read_labels, score

DATA = Path(__file__).resolve().parents[1] / "data"
HELD_OUT = ("football.md", "storage.md", "waste.md", "lighthouses.md")
"""Articles looked at only to report, never to change a rule."""

Policy = Callable[[Label], Label]


def main() -> None:
    """Measure and print one table for each half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--together", action="store_true", help="one chatbot for all articles")
    parser.add_argument("--held-out", action="store_true", help="the articles kept for reports")
    parser.add_argument("--misses", action="store_true", help="list what is wrong with history")
    options = parser.parse_args()
    labels = [label for label in dialogues() if (label.source in HELD_OUT) == options.held_out]
    answers = {
        name: ask([policy(label) for label in labels], together=options.together)
        for name, policy in POLICIES.items()
    }
    print_table(labels, answers)
    if options.misses:
        print_misses(answers["history"])


def dialogues() -> list[Label]:
    """Return the labelled dialogues."""
    return read_labels(DATA / "dialogues.jsonl")


def with_history(label: Label) -> Label:
    """Return the label as it is."""
    return label


def as_typed(label: Label) -> Label:
    """Return the label without the questions before it."""
    return changed(label, label.question)


def joined(label: Label) -> Label:
    """Return the label with the last question put in front of it, as is often done."""
    return changed(label, " ".join([*label.history[-1:], label.question]))


def changed(label: Label, question: str) -> Label:
    """Return the label with another question and no history."""
    return Label(question, label.source, label.evidence, label.answer, kind=label.kind)


POLICIES: dict[str, Policy] = {"history": with_history, "as typed": as_typed, "joined": joined}


def ask(labels: Sequence[Label], *, together: bool) -> list[Outcome]:
    """Return the outcomes in the order of the labels."""
    grouped: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        grouped["all" if together else label.source].append(label)
    found: dict[int, Outcome] = {}
    for group in grouped.values():
        sources = sorted({label.source for label in group})
        bot = chatbot(tuple(sources))
        for label, outcome in zip(group, evaluate(bot, group), strict=True):
            found[id(label)] = outcome
    return [found[id(label)] for label in labels]


_bots: dict[tuple[str, ...], Chatbot] = {}


def chatbot(sources: tuple[str, ...]) -> Chatbot:
    """Return the chatbot on some articles, made once."""
    if sources not in _bots:
        _bots[sources] = Chatbot.from_paths([DATA / "dialogues" / name for name in sources])
    return _bots[sources]


def print_table(labels: Sequence[Label], answers: dict[str, list[Outcome]]) -> None:
    """Print hit@1 of each kind and of both groups of kinds under each policy."""
    kinds = sorted({label.kind for label in labels})
    groups = sorted({kind.partition(",")[0] for kind in kinds})
    print(f"{'kind':24}{'asked':>8}" + "".join(f"{name:>12}" for name in answers))
    for kind in [*groups, *kinds]:
        chosen = [place for place, label in enumerate(labels) if label.kind.startswith(kind)]
        figures = [
            score([outcomes[place] for place in chosen]).hit_at_1 for outcomes in answers.values()
        ]
        print(f"{kind:24}{len(chosen):>8}" + "".join(f"{figure:>12.3f}" for figure in figures))


def print_misses(outcomes: Sequence[Outcome]) -> None:
    """Print what was searched where the first passage is wrong."""
    for outcome in outcomes:
        if outcome.rank != 1:
            print(
                f"{outcome.label.kind}: {' > '.join(outcome.label.history)} | "
                f"{outcome.answer.asked} => {outcome.answer.question} (right at {outcome.rank})",
                file=sys.stderr,
            )


if __name__ == "__main__":
    main()
