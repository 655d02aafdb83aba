"""Paragraphs that repeat each other in a ranking. By rule, on pairs of characters.

Articles copy each other, and a summary repeats its article. A reader wants such a paragraph
once, with the places where it stands. What differs in a number or a word is no repetition:
two banks' paragraphs may differ in nothing but a name and a rate.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.text import FUNCTION_CHARACTERS, HAN, fold
from qa.types import Paragraph

__all__ = ["Kept", "fold_duplicates"]

CONTAINED = 0.9
"""Share of its pairs of characters that a copy in another document has in common at least."""

ALIKE = 0.6
"""Share of its characters that a copy has in common at least, in another script too."""

_NOT_COMPARED = re.compile(rf"[\W_{FUNCTION_CHARACTERS}]+")
_EXACT = re.compile(rf"\d+|[^\W\d_{HAN}]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A place in a ranking, from 0, with the places of the later ones that say no more."""

    place: int
    repeated_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Content:
    """What is compared of a paragraph: pairs of characters, and numbers and Latin words."""

    pairs: frozenset[str]
    exact: frozenset[str]

    @classmethod
    def of(cls, paragraph: Paragraph) -> "_Content":
        folded = fold(paragraph.text)
        bare = _NOT_COMPARED.sub("", folded)
        pairs = map("".join, pairwise(bare)) if len(bare) > 1 else [bare]
        return cls(frozenset(pairs), frozenset(_EXACT.findall(folded)))


def fold_duplicates(ranked: Sequence[Paragraph]) -> list[Kept]:
    """Return the places to keep of paragraphs given best first, in their order.

    A paragraph is folded into an earlier one of its kind that holds everything it says: of
    the same document all its pairs of characters, of another one nearly all (copies are
    edited), and in any case its numbers and Latin words.
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
        mine, other = self._content(kept), self._content(place)
        same_document = first.document_id == second.document_id
        allowed = 0 if same_document else int((1 - CONTAINED) * len(other.pairs))
        return other.exact <= mine.exact and len(other.pairs - mine.pairs) <= allowed

    def _content(self, place: int) -> _Content:
        if place not in self._contents:
            self._contents[place] = _Content.of(self._ranked[place])
        return self._contents[place]
