"""Paragraphs that repeat each other in a ranking. By rule, sentence by sentence.

Articles copy each other, and a summary repeats its article. A reader wants such a paragraph
once, with the places where it stands. What differs in a number or a word is no repetition:
two banks' paragraphs may differ in nothing but a name and a rate, two versions of a rule in
nothing but a 不.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.text import HAN, fold, sentences
from qa.types import Paragraph

__all__ = ["Kept", "fold_duplicates"]

ALIKE = 0.6
"""Share of its characters that a copy has in common at least, in another script too."""

_WORDLESS = frozenset("的了地着之其也都就")
"""Characters without which a sentence says the same."""

_UNIT = re.compile(rf"\d+(?:[.,]\d+)*|[^\W\d_{HAN}]+|[{HAN}]|[^\w \t]")
"""A number, a Latin word, a Han character, or a mark between them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A place in a ranking, from 0, with the places of the later ones that say no more."""

    place: int
    repeated_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Content:
    """What is compared of a paragraph: the units that say something, each with a blank behind.

    ``sentences`` are those of each sentence, ``whole`` those of all; ``clauses`` are the places
    in it where one begins behind a mark. What begins inside a clause may lack its 不.
    """

    sentences: tuple[str, ...]
    whole: str
    clauses: tuple[int, ...]

    @classmethod
    def of(cls, paragraph: Paragraph) -> "_Content":
        text = paragraph.text
        said = ("".join(_clauses(span.of(text))) for span in sentences(text))
        clauses = _clauses(text)
        begins = accumulate(map(len, clauses[:-1]), initial=0)
        return cls(tuple(said), "".join(clauses), tuple(begins))

    def holds(self, other: "_Content") -> bool:
        """Tell whether each sentence of another paragraph stands in this one."""
        return all(
            any(self.whole.startswith(sentence, place) for place in self.clauses)
            for sentence in other.sentences
        )


def _clauses(text: str) -> list[str]:
    """Return what is compared of a text, cut at its marks."""
    units = (unit for unit in _UNIT.findall(fold(text)) if unit not in _WORDLESS)
    clauses = [""]
    for unit in units:
        if unit[0].isalnum():
            clauses[-1] += f"{unit} "
        elif clauses[-1]:
            clauses.append("")
    return clauses


def fold_duplicates(ranked: Sequence[Paragraph]) -> list[Kept]:
    """Return the places to keep of paragraphs given best first, in their order.

    A paragraph is folded into an earlier one of its kind that holds everything it says, in
    whichever document.
    """
    ranking = _Ranking(ranked)
    repeated: dict[int, list[int]] = {}
    for place in range(len(ranked)):
        holder = next((kept for kept in repeated if ranking.holds(kept, place)), None)
        if holder is None:
            repeated[place] = []
        else:
            repeated[holder].append(place)
    return [Kept(place, tuple(places)) for place, places in repeated.items()]


class _Ranking:
    """Ranked paragraphs, each cut into what is compared only when it may be a copy."""

    def __init__(self, ranked: Sequence[Paragraph]) -> None:
        self._ranked = ranked
        self._characters = [frozenset(paragraph.text) for paragraph in ranked]
        self._contents: dict[int, _Content] = {}

    def holds(self, kept: int, place: int) -> bool:
        """Tell whether the kept paragraph holds everything that the one at ``place`` says."""
        first, second = self._ranked[kept], self._ranked[place]
        characters = self._characters[place]
        shared = len(characters & self._characters[kept])
        if first.kind != second.kind or shared < ALIKE * len(characters):
            return False
        return self._content(kept).holds(self._content(place))

    def _content(self, place: int) -> _Content:
        if place not in self._contents:
            self._contents[place] = _Content.of(self._ranked[place])
        return self._contents[place]
