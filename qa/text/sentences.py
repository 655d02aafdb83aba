"""Sentences, lines and what surrounds them: spans of a text, which itself stays as it is."""

import re

from qa.types import Span

__all__ = [
    "BLANKS",
    "CLOSERS",
    "INVISIBLE",
    "TERMINATORS",
    "ends_sentence",
    "has_content",
    "lines",
    "sentences",
    "strip",
]

TERMINATORS = "。！？!?…｡"
CLOSERS = "”’」』）)】》〉〗］]\"'"
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
BLANKS = " \t\r\n\f\v\u00a0\u3000\u2028\u2029\x85\x1c\x1d\x1e\x1f" + INVISIBLE

_LINE_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_SENTENCE_END = re.compile(
    rf"[{TERMINATORS}]+[{re.escape(CLOSERS)}]*"
    # An English full stop ends a sentence before a blank and an upper-case or Han character,
    # unless it follows a capital (an initial) or a form of address.
    r"|(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)(?<!\bvs)(?!(?<=\bNo)\.\s*\d)"
    rf"\.[{re.escape(CLOSERS)}]*(?=\s+[^a-z\s]|\s*$)"
    r"|\r\n|[\n\r\f\v\x85\u2028\u2029]"
)


def strip(text: str, start: int, end: int) -> Span:
    """Return the part of ``text[start:end]`` without outer blanks and invisible characters."""
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return Span(start, end)


def has_content(text: str) -> bool:
    """Tell whether there is any letter, digit or ideograph."""
    return any(character.isalnum() for character in text)


def ends_sentence(text: str) -> bool:
    """Tell whether the last visible character closes a sentence."""
    bare = text.rstrip(BLANKS).rstrip(CLOSERS)
    return bool(bare) and (bare[-1] in TERMINATORS or bare[-1] in ".；;：:")


def lines(text: str) -> list[Span]:
    """Return every line without its line break, blank ones too."""
    spans, start = [], 0
    for match in _LINE_BREAK.finditer(text):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, len(text)))
    return spans


def sentences(text: str) -> list[Span]:
    """Return the sentences in order; between them only blanks are left out.

    Closing quotes and brackets stay with the sentence they close.
    """
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        span = strip(text, start, match.end())
        if span.start < span.end:
            spans.append(span)
        start = match.end()
    rest = strip(text, start, len(text))
    if rest.start < rest.end:
        spans.append(rest)
    return _join_fragments(text, spans)


def _join_fragments(text: str, spans: list[Span]) -> list[Span]:
    """Join what holds no letter or digit (a stray quote, dots) to the sentence before it."""
    joined: list[Span] = []
    for span in spans:
        if joined and not has_content(span.of(text)):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
