"""Joining the lines of a paragraph: Han characters without a blank, Latin words with one."""

import re
from collections.abc import Iterable

from qa.text import HAN

__all__ = ["collapse", "join"]

# Characters that are set without blanks between them: Han, kana, and their punctuation.
_WIDE = f"{HAN}\u2014\u2018-\u201d\u2026\u3001-\u303f\u3040-\u30ff\uff01-\uff65"
_ENDS_WIDE = re.compile(f"[{_WIDE}]$")
_BEGINS_WIDE = re.compile(f"[{_WIDE}]")
_BROKEN_WORD = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
_BEGINS_LOWER = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff]")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_LINE_BREAK_IN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n][ \t\r\n]*(?=[{_WIDE}])")


def join(lines: Iterable[str]) -> str:
    """Return the lines of a printed paragraph as one.

    A word that was broken at the end of a line is whole again.
    """
    joined = ""
    for line in lines:
        stripped = line.strip()
        if not stripped:
            continue
        end = joined[-3:]
        if joined and _BROKEN_WORD.search(end) and _BEGINS_LOWER.match(stripped):
            joined = joined[:-1] + stripped
        elif not joined or _ENDS_WIDE.search(end) or _BEGINS_WIDE.match(stripped):
            joined += stripped
        else:
            joined += " " + stripped
    return joined


def collapse(text: str) -> str:
    """Return text of a markup language with its runs of blanks as one.

    A line break between Han characters is none, since there the source was only wrapped.
    """
    return _BLANKS.sub(" ", _LINE_BREAK_IN_WIDE.sub("", text))
