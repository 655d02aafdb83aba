"""What a chatbot answers to labelled questions, and whether that is right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.chatbot import Chatbot
from qa.evaluate.labels import Label, check_labels
from qa.types import Answer, Paragraph

__all__ = ["Outcome", "evaluate", "first_with_evidence", "worst"]


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

    @property
    def sentence(self) -> str:
        """The sentence marked in the first passage; "" if none is."""
        first = self.answer.passages[0] if self.answer.passages else None
        return first.highlight.of(first.text) if first and first.highlight else ""

    @property
    def words(self) -> str | None:
        """The answering words marked in the first passage; None if no words are."""
        first = self.answer.passages[0] if self.answer.passages else None
        return first.answer.of(first.text) if first and first.answer else None

    @property
    def certainty(self) -> float:
        """How sure the chatbot was of what it did, in [0, 1]: of its answer or its refusal."""
        confidence = self.answer.confidence
        return confidence if self.answer.answered else 1 - confidence


def evaluate(
    bot: Chatbot, labels: Sequence[Label], progress: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Return what the chatbot answers to each label, and whether that is right.

    Raises:
        LabelError: if evidence is not in an article that a label names.

    """
    check_labels(labels, {document.source: document.text for document in bot.documents})
    outcomes = []
    for number, label in enumerate(labels, start=1):
        outcomes.append(_outcome(label, bot.ask(label.question, label.history)))
        if progress is not None:
            progress(number, len(labels))
    return outcomes


def worst(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """Return the ``count`` wrong ones that the chatbot was surest of, surest first."""
    wrong = [outcome for outcome in outcomes if not outcome.right]
    return sorted(wrong, key=lambda outcome: -outcome.certainty)[:count]


def first_with_evidence(paragraphs: Sequence[Paragraph], label: Label) -> int:
    """Return the place, from 1, of the first paragraph with evidence; 0 if none has any."""
    places = (place for place, one in enumerate(paragraphs, start=1) if _has_evidence(one, label))
    return next(places, 0)


def _outcome(label: Label, answer: Answer) -> Outcome:
    rank = first_with_evidence([passage.paragraph for passage in answer.passages], label)
    outcome = Outcome(label, answer, rank, sentence_right=False)
    holds = any(right in outcome.sentence for right in label.answers)
    return Outcome(label, answer, rank, sentence_right=holds)


def _has_evidence(paragraph: Paragraph, label: Label) -> bool:
    if label.sources and paragraph.source not in label.sources:
        return False
    return any(evidence in paragraph.text for evidence in label.evidence)
