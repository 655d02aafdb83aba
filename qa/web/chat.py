"""The conversation: its turns, and what happens to a question."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.errors import QAError, QuestionTooLong
from qa.types import Answer
from qa.web.texts import TEXTS

if TYPE_CHECKING:
    from qa.web.answer import Look
    from qa.web.visits import Visit

__all__ = ["Conversation", "Turn", "answer", "clean", "may_be_judged"]

logger = logging.getLogger(__name__)

HISTORY = 10
"""Earlier questions that a follow-up is understood from."""

KEPT_TURNS = 50


@dataclass(slots=True, eq=False)
class Turn:
    """One question and what became of it: an answer, a problem, or nothing yet.

    ``number`` counts from 1. ``scope`` is the id of the article that was asked, None for all;
    ``alone`` asks without what was asked before. ``bearing`` tells for each paragraph of the
    first passage's article how strongly it bears on the question, in [0, 1]. ``liked`` and
    ``right`` are a person's judgement: the rank of the right passage from 0, -1 for none of
    them. ``html`` holds the answer as it was shown so far.
    """

    number: int
    question: str
    scope: str | None = None
    alone: bool = False
    history: list[str] = field(default_factory=list)
    answer: Answer | None = None
    bearing: tuple[float, ...] = ()
    problem: str = ""
    liked: bool | None = None
    right: int | None = None
    html: "dict[Look, str]" = field(default_factory=dict)


@dataclass(slots=True)
class Conversation:
    """What one visit has asked.

    ``unsent`` is a question that belongs back into the box, ``notice`` what has to be told
    about the last one, which was not taken.
    """

    turns: list[Turn] = field(default_factory=list)
    unsent: str = ""
    notice: str = ""

    def begin(self, question: str, scope: str | None, *, alone: bool = False) -> Turn:
        """Add a turn; the oldest go when there are too many."""
        self.notice = ""
        number = self.turns[-1].number + 1 if self.turns else 1
        turn = Turn(number, question, scope, alone)
        if not alone:
            turn.history = self._earlier_questions(scope)
        self.turns.append(turn)
        del self.turns[:-KEPT_TURNS]
        return turn

    def turn(self, number: int) -> Turn | None:
        """Return the turn of a number, None if there is none."""
        return next((turn for turn in self.turns if turn.number == number), None)

    def _earlier_questions(self, scope: str | None) -> list[str]:
        """Return what was asked of the same articles and did not fail, oldest first."""
        return [turn.question for turn in self.turns if not turn.problem and turn.scope == scope][
            -HISTORY:
        ]


def clean(question: str) -> str:
    """Return a question that can be written as UTF-8: a lone surrogate becomes "?"."""
    return question.encode("utf-8", "replace").decode("utf-8")


def answer(visit: "Visit", question: str, *, alone: bool = False) -> Iterator[Turn]:
    """Put a question into the conversation, then its answer, then what bears on it.

    Yields the turn after each. Nothing is raised: whatever goes wrong becomes the turn's
    problem, and the question goes back to the box.
    """
    conversation = visit.conversation
    turn = conversation.begin(question, visit.scope, alone=alone)
    yield turn
    texts = TEXTS[visit.language or "en"]
    try:
        turn.answer = visit.library.chatbot(turn.scope).ask(question, history=turn.history)
    except QuestionTooLong as error:
        turn.problem = texts["too_long"].format(length=error.length, limit=error.limit)
    except QAError as error:
        turn.problem = str(error)
    except Exception:  # a dead input would be worse than any error
        logger.exception("a question could not be answered")
        turn.problem = texts["broken"]
    if turn.problem:
        conversation.unsent = question
    yield turn
    if turn.answer is not None:
        _bear(visit, turn, turn.answer)
        yield turn


def may_be_judged(visit: "Visit", turn: Turn) -> bool:
    """Tell whether a judgement of an answer would give away nothing of an own article.

    A follow-up is written down with the questions before it, so their answers count too.
    """
    if turn.answer is None or not turn.answer.passages:
        return False
    stands_alone = turn.answer.question == turn.answer.asked
    written = [turn] if stands_alone else visit.conversation.turns
    return not any(visit.library.shows_own(one.answer) for one in written if one.answer is not None)


def _bear(visit: "Visit", turn: Turn, found: Answer) -> None:
    """Find how strongly each paragraph of the first passage's article bears on the question."""
    if not found.passages:
        return
    document_id = found.passages[0].paragraph.document_id
    try:
        chatbot = visit.library.chatbot(turn.scope)
        bearing = chatbot.bearing(found.question, document_id)
    except (QAError, KeyError):
        # The article may have been removed meanwhile; the answer stands without its strip.
        logger.info("no bearing for a question whose article is gone")
        return
    turn.bearing = tuple(round(float(one), 2) for one in bearing)
