"""What the marks of Markdown inside a line mean, as stretches of the text that has them.

The text stays as it was written, its marks too; a face shows what they mean by its style.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.types import Span

__all__ = ["Stretch", "stretches"]

_LONGEST = 100_000
_TOKEN = re.compile(
    r"\\[!-/:-@\[-`{-~]"
    r"|(?P<ticks>`+)"
    r"|(?P<marks>\*{1,3}|_{1,3}|~~)"
    r"|(?P<opens>!?\[)"
    # The address of a link, with one level of brackets in it, and its title.
    r"|(?P<closes>\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+\"[^\"]*\")?\))?)"
    r"|(?P<address><https?://[^\s<>]+>)"
)
_EMPHASIS = {1: ("emphasis",), 2: ("strong",), 3: ("strong", "emphasis")}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters that have one meaning; several may cover the same ones.

    ``meaning`` is a word: strong, emphasis, struck, code, link, picture, address, or mark for
    what only marks others.
    """

    span: Span
    meaning: str


def stretches(text: str) -> list[Stretch]:
    """Return what the marks in a line of Markdown mean; nothing for one that is very long."""
    return _Scan(text).run() if len(text) <= _LONGEST else []


@dataclass(slots=True)
class _Scan:
    text: str
    found: list[Stretch] = field(default_factory=list)
    brackets: list[re.Match[str]] = field(default_factory=list)
    marks: dict[str, list[Span]] = field(default_factory=dict)
    code_end: int = 0

    def run(self) -> list[Stretch]:
        ticks = self._ticks()
        for token in _TOKEN.finditer(self.text):
            if token.start() < self.code_end:
                continue
            if token["ticks"]:
                self._code(token, ticks.get(token["ticks"], ()))
            elif token["marks"]:
                self._emphasis(token)
            elif token["opens"]:
                self.brackets.append(token)
            elif token["closes"]:
                self._link(token)
            elif token["address"]:
                self._add(token.start(), token.start() + 1, "mark")
                self._add(token.start() + 1, token.end() - 1, "link")
                self._add(token.end() - 1, token.end(), "mark")
            else:
                self._add(token.start(), token.start() + 1, "address")
        return self.found

    def _add(self, start: int, end: int, meaning: str) -> None:
        if start < end:
            self.found.append(Stretch(Span(start, end), meaning))

    def _ticks(self) -> dict[str, list[int]]:
        """Return the places of the runs of backticks, by how they are written."""
        places: dict[str, list[int]] = {}
        for match in re.finditer("`+", self.text):
            places.setdefault(match.group(), []).append(match.start())
        return places

    def _code(self, token: re.Match[str], same: Sequence[int]) -> None:
        place = bisect_right(same, token.start())
        if place == len(same):
            return
        end = same[place]
        self._add(token.start(), token.end(), "mark")
        self._add(token.end(), end, "code")
        self._add(end, end + len(token.group()), "mark")
        self.code_end = end + len(token.group())

    def _emphasis(self, token: re.Match[str]) -> None:
        mark = token.group()
        before = self.text[token.start() - 1 : token.start()] or " "
        after = self.text[token.end() : token.end() + 1] or " "
        if mark[0] == "_" or (before.isascii() and after.isascii()):
            # Inside a word, as in snake_case and 5*8*10, they are part of it.
            opens, closes = not before.isalnum(), not after.isalnum()
        else:
            opens = closes = True
        waiting = self.marks.setdefault(mark, [])
        if closes and waiting and not before.isspace():
            start = waiting.pop()
            self._add(start.start, start.end, "mark")
            meanings = ("struck",) if mark == "~~" else _EMPHASIS[len(mark)]
            for meaning in meanings:
                self._add(start.end, token.start(), meaning)
            self._add(token.start(), token.end(), "mark")
        elif opens and not after.isspace():
            waiting.append(Span(token.start(), token.end()))

    def _link(self, token: re.Match[str]) -> None:
        if not self.brackets:
            return
        opened = self.brackets.pop()
        if token.group() == "]":
            return
        self._add(opened.start(), opened.end(), "mark")
        picture = opened.group() == "!["
        self._add(opened.end(), token.start(), "picture" if picture else "link")
        self._add(token.start(), token.start() + 2, "mark")
        self._add(token.start() + 2, token.end() - 1, "address")
        self._add(token.end() - 1, token.end(), "mark")
