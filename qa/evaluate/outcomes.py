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
    bot: Chatbot,
    labels: Sequence[Label],
    progress: Callable[[int, int], None] | None = None,
    *,
    alone: bool = False,
) -> list[Outcome]:
    """Return what the chatbot answers to each label, and whether that is right.

    ``alone`` asks each question of its own articles only, if it names any.

    Raises:
        LabelError: if evidence is not in an article that a label names.

    """
    check_labels(labels, bot.documents)
    outcomes = []
    asked: Chatbot = bot
    sources: tuple[str, ...] = ()
    for number, label in enumerate(labels, start=1):
        if alone and label.sources != sources:
            asked, sources = _of_sources(bot, label.sources), label.sources
        outcomes.append(_outcome(label, asked.ask(label.question, label.history)))
        if progress is not None:
            progress(number, len(labels))
    return outcomes


def _of_sources(bot: Chatbot, sources: tuple[str, ...]) -> Chatbot:
    """Return a chatbot on some of the documents of another one; on all if none are named."""
    if not sources:
        return bot
    own = [document for document in bot.documents if document.source in sources]
    return Chatbot.from_documents(own, bot.config, previous=bot)


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
