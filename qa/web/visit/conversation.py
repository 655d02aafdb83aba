"""The conversation of a visit: its turns, each a question and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.text import Language
from qa.types import Answer
from qa.web.look import Look

__all__ = ["HISTORY", "KEPT_TURNS", "LONGEST_KEPT", "Conversation", "KeptTurn", "Turn"]

HISTORY = 10
"""Earlier questions that a follow-up is understood from."""

KEPT_TURNS = 50

LONGEST_KEPT = 10_000
"""Longest question that is kept if it is refused, in characters; its beginning is, of others."""

SHOWN_CHARACTERS = 4_000_000
"""Answers of one conversation as they are shown; beyond that the oldest turns go."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as a browser kept it; ``answer`` is None if it has to be asked again."""

    number: int
    question: str
    scope: str | None
    alone: bool
    answer: Answer | None = None
    history: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Turn:
    """One question and what became of it: an answer, a problem, or nothing yet.

    ``number`` counts from 1. ``scope`` is the id of the article that was asked, None for all;
    ``alone`` asks without what was asked before. ``bearing`` tells for each paragraph of the
    first passage's article how strongly it bears on the question, in [0, 1]. ``liked`` and
    ``right`` are a person's judgement: the rank of the right passage from 0, -1 for none of
    them. ``next`` are questions to go on with, by the reader's language. ``html`` holds the answer
    as it was shown so far.
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
    next: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    html: dict[Look, str] = field(default_factory=dict)


@dataclass(slots=True)
class Conversation:
    """What one visit has asked.

    ``unsent`` is a question that belongs back into the box, ``notice`` what has to be told
    about the last one, which was not taken; ``held`` is that question if it may be asked all
    the same. ``numbered`` is the highest number that a turn had,
    ``id`` what the browser calls the conversation, "" until it has said so.
    """

    turns: list[Turn] = field(default_factory=list)
    unsent: str = ""
    notice: str = ""
    held: str = ""
    numbered: int = 0
    id: str = ""

    def hold(self, question: str, notice: str) -> None:
        """Take no question for now, but offer to ask it all the same."""
        self.unsent = self.held = question
        self.notice = notice

    def heed(self) -> None:
        """Forget what was told about a question that was not taken."""
        self.notice = self.held = ""

    def begin(self, question: str, scope: str | None, *, alone: bool = False) -> Turn:
        """Add a turn; the oldest go when there are too many."""
        self.heed()
        self.numbered += 1
        turn = Turn(self.numbered, question, scope, alone)
        if not alone:
            turn.history = _asked_of(scope, self.turns)
        self.turns.append(turn)
        del self.turns[:-KEPT_TURNS]
        while len(self.turns) > 1 and sum(map(_shown, self.turns)) > SHOWN_CHARACTERS:
            del self.turns[0]
        return turn

    def begin_again(self, number: int, question: str) -> Turn | None:
        """Put a changed question in the place of a turn; None if that is not there."""
        before = self.turn(number)
        if before is None:
            return None
        self.heed()
        place = self.turns.index(before)
        turn = Turn(number, question, before.scope, before.alone)
        if not before.alone:
            turn.history = _asked_of(before.scope, self.turns[:place])
        self.turns[place] = turn
        return turn

    def take_over(self, kept: Sequence[KeptTurn]) -> list[Turn]:
        """Put turns that a browser kept, not answered yet, before those that are there."""
        later, self.turns, self.numbered = self.turns, [], 0
        taken = [self.begin(one.question, one.scope, alone=one.alone) for one in kept]
        for turn, one in zip(taken, kept, strict=True):
            self.numbered = turn.number = max(one.number, turn.number)
        for turn in later:
            self.numbered += 1
            turn.number = self.numbered
        self.turns += later
        return taken

    def drop(self, number: int) -> None:
        """Take a turn out."""
        self.turns = [turn for turn in self.turns if turn.number != number]

    def turn(self, number: int) -> Turn | None:
        """Return the turn of a number, None if there is none."""
        return next((turn for turn in self.turns if turn.number == number), None)


def _asked_of(scope: str | None, turns: Sequence[Turn]) -> list[str]:
    """Return what was asked of the same articles and did not fail, oldest first."""
    asked = [turn.question for turn in turns if not turn.problem and turn.scope == scope]
    return asked[-HISTORY:]


def _shown(turn: Turn) -> int:
    return sum(map(len, turn.html.values()))
