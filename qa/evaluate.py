"""How well a chatbot does on labelled questions.

Labels are JSON lines: ``question``; ``source``, the file name of its article; ``evidence``,
exact substrings of the article (none when it does not say); ``answer``, an exact substring
or ""; ``history``, earlier questions; and, if wanted, ``kind``, a name for a group.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.chatbot import Chatbot
from qa.errors import LabelError
from qa.types import Answer, Passage

__all__ = ["Label", "Outcome", "Report", "evaluate", "read_labels", "score"]


@dataclass(frozen=True, slots=True)
class Label:
    """A question with what the article says to it; no evidence means it does not say."""

    question: str
    source: str = ""
    evidence: tuple[str, ...] = ()
    answer: str = ""
    history: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A label with its answer; ``rank`` of the first passage with evidence from 1, 0 for none."""

    label: Label
    answer: Answer
    rank: int
    sentence_right: bool

    @property
    def right(self) -> bool:
        """Whether a reader got what the article says: the right first passage, or the refusal."""
        if not self.label.evidence:
            return not self.answer.answered
        return self.answer.answered and self.rank == 1


@dataclass(frozen=True, slots=True)
class Report:
    """Shares in [0, 1] over the outcomes of a group; nan where a group has no such question."""

    questions: int
    answerable: int
    hit_at_1: float
    hit_at_3: float
    reciprocal_rank: float
    sentence_accuracy: float
    refusal_precision: float
    refusal_recall: float


def read_labels(path: Path) -> list[Label]:
    """Return the labelled questions of a JSONL file.

    Raises:
        LabelError: if the file cannot be read or a line is not as described above.

    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path} cannot be read ({error}); expected UTF-8 JSON lines") from error
    labels = [
        _label(line, f"{path}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not labels:
        raise LabelError(f"{path} has no labelled question; expected one JSON object a line")
    return labels


def evaluate(
    bot: Chatbot, labels: Sequence[Label], progress: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Return what the chatbot answers to each label, and whether that is right.

    Raises:
        LabelError: if evidence is not in the article that a label names.

    """
    texts = {document.source: document.text for document in bot.documents}
    for label in labels:
        _check(label, texts)
    outcomes = []
    for number, label in enumerate(labels, start=1):
        outcomes.append(_outcome(label, bot.ask(label.question, label.history)))
        if progress is not None:
            progress(number, len(labels))
    return outcomes


def score(outcomes: Sequence[Outcome]) -> Report:
    """Return the figures of a group of outcomes.

    A refusal counts as right when there is no evidence. Sentence accuracy is the share of
    questions with a known answer whose first passage highlights a sentence that holds it.
    """
    answerable = [one for one in outcomes if one.label.evidence]
    with_answer = [one for one in answerable if one.label.answer]
    refused = [one for one in outcomes if not one.answer.answered]
    unanswerable = [one for one in outcomes if not one.label.evidence]
    rightly = [one for one in refused if not one.label.evidence]
    return Report(
        questions=len(outcomes),
        answerable=len(answerable),
        hit_at_1=_mean([one.rank == 1 for one in answerable]),
        hit_at_3=_mean([1 <= one.rank <= 3 for one in answerable]),
        reciprocal_rank=_mean([1 / one.rank if one.rank else 0.0 for one in answerable]),
        sentence_accuracy=_mean([one.sentence_right for one in with_answer]),
        refusal_precision=_ratio(len(rightly), len(refused)),
        refusal_recall=_ratio(len(rightly), len(unanswerable)),
    )


def _outcome(label: Label, answer: Answer) -> Outcome:
    ranks = [
        place
        for place, passage in enumerate(answer.passages, start=1)
        if _has_evidence(passage, label)
    ]
    first = answer.passages[0] if answer.passages else None
    sentence = first.highlight.of(first.text) if first and first.highlight else ""
    return Outcome(
        label, answer, ranks[0] if ranks else 0, bool(label.answer) and label.answer in sentence
    )


def _has_evidence(passage: Passage, label: Label) -> bool:
    if label.source and passage.paragraph.source != label.source:
        return False
    return any(evidence in passage.text for evidence in label.evidence)


def _label(line: str, place: str) -> Label:
    try:
        raw = json.loads(line)
        label = Label(
            question=raw["question"],
            source=raw.get("source", ""),
            evidence=_texts(raw, "evidence"),
            answer=raw.get("answer", ""),
            history=_texts(raw, "history"),
            kind=raw.get("kind", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelError(
            f"{place}: {error!r}; "
            "expected an object with question, source, evidence, answer, history"
        ) from error
    texts = [
        label.question,
        label.source,
        label.answer,
        label.kind,
        *label.evidence,
        *label.history,
    ]
    if not all(isinstance(text, str) for text in texts) or not label.question.strip():
        raise LabelError(f"{place}: question, source, evidence, answer and history must be texts")
    return label


def _texts(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    listed = raw.get(name, [])
    if not isinstance(listed, list):
        raise TypeError(f"{name} is no list")
    return tuple(listed)


def _check(label: Label, texts: dict[str, str]) -> None:
    if label.source and label.source not in texts:
        raise LabelError(
            f"the question {label.question!r} belongs to {label.source!r}, which is not among the "
            f"documents ({', '.join(texts)}); give the articles with --corpus"
        )
    searched = [texts[label.source]] if label.source else list(texts.values())
    for evidence in label.evidence:
        if not any(evidence in text for text in searched):
            raise LabelError(
                f"the evidence {evidence!r} of the question {label.question!r} is not in "
                f"{label.source or 'any document'}; expected an exact part of it"
            )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
