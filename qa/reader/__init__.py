"""Reading: how well each passage answers a question, and with which words.

A reader implements :class:`Reader` in a module of its own; it need not inherit from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.reader.calibration import Calibration
from qa.types import Span

__all__ = ["Reader", "Reading", "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to read; ``context`` is what stands above it (title and section)."""

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one passage.

    ``score`` is the log-odds that this passage answers against that none does: 0 means as
    likely as not. ``answer`` is the shortest answering words, as offsets in the passage, and
    ``certainty`` the probability in [0, 1] of exactly these words, if the passage answers.
    ``alone`` is the score where no other passage was there to compare with, None if not known.
    """

    score: float
    answer: Span | None
    certainty: float
    alone: float | None = None


class Reader(Protocol):
    """What the chatbot asks of a reader."""

    @property
    def calibration(self) -> Calibration:
        """What was fitted for this reader: certainty, threshold and worth in the ranking."""

    def begin(self) -> None:
        """Begin to load what is not loaded yet, in a thread; ``read`` waits for it."""

    def read(self, question: str, passages: Sequence[Text]) -> list[Reading | None]:
        """Return a reading for each passage, in their order; they come best first.

        None stands for one that was not read, since an earlier one answers well. The first is
        always read.
        """
