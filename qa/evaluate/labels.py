"""Labelled questions: what they hold, how they are read, whether they fit their articles."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import LabelError
from qa.types import Document

__all__ = ["Label", "check_labels", "read_labels"]


@dataclass(frozen=True, slots=True)
class Label:
    """A question with what the article says to it; no evidence means it does not say.

    The evidence stands in ``source`` or in any of ``more_sources`` ("" and none: anywhere);
    ``more_answers`` are as right as ``answer``.
    """

    question: str
    source: str = ""
    evidence: tuple[str, ...] = ()
    answer: str = ""
    history: tuple[str, ...] = ()
    kind: str = ""
    more_sources: tuple[str, ...] = ()
    more_answers: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The file names of its articles; none if it may be any."""
        return (self.source, *self.more_sources) if self.source else ()

    @property
    def answers(self) -> tuple[str, ...]:
        """All right answers; none if they are not known."""
        return (self.answer, *self.more_answers) if self.answer else ()


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


def check_labels(labels: Iterable[Label], documents: Iterable[Document]) -> None:
    """Check labels against the articles, of which several may be of one source.

    Raises:
        LabelError: if evidence is not in an article that the label names.

    """
    texts: dict[str, list[str]] = {}
    for document in documents:
        texts.setdefault(document.source, []).append(document.text)
    for label in labels:
        _check(label, texts)


def _label(line: str, place: str) -> Label:
    try:
        raw = json.loads(line)
        sources, answers = _one_or_more(raw, "source"), _one_or_more(raw, "answer")
        label = Label(
            question=raw["question"],
            source=sources[0],
            evidence=_listed(raw, "evidence"),
            answer=answers[0],
            history=_listed(raw, "history"),
            kind=raw.get("kind", ""),
            more_sources=sources[1:],
            more_answers=answers[1:],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelError(
            f"{place}: {error!r}; "
            "expected an object with question, source, evidence, answer, history"
        ) from error
    texts = [label.question, label.kind, *sources, *answers, *label.evidence, *label.history]
    if not all(isinstance(text, str) for text in texts) or not label.question.strip():
        raise LabelError(f"{place}: question, source, evidence, answer and history must be texts")
    if not (all(sources[1:]) and all(answers[1:])) or (len(sources) > 1 and not sources[0]):
        raise LabelError(f"{place}: a list of sources or answers holds an empty text")
    return label


def _listed(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    listed = raw.get(name, [])
    if not isinstance(listed, list):
        raise TypeError(f"{name} is no list")
    return tuple(listed)


def _one_or_more(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return the texts of a field that is one text or a list of them; "" stands for none."""
    value = raw.get(name, "")
    return (tuple(value) or ("",)) if isinstance(value, list) else (value,)


def _check(label: Label, texts: Mapping[str, Sequence[str]]) -> None:
    for source in label.sources:
        if source not in texts:
            raise LabelError(
                f"the question {label.question!r} belongs to {source!r}, which is not among the "
                f"documents ({', '.join(texts)}); give the articles with --corpus"
            )
    searched = [text for source in label.sources or texts for text in texts[source]]
    for evidence in label.evidence:
        if not any(evidence in text for text in searched):
            raise LabelError(
                f"the evidence {evidence!r} of the question {label.question!r} is not in "
                f"{' or '.join(label.sources) or 'any document'}; expected an exact part of it"
            )
