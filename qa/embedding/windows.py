"""From a long text to overlapping windows of tokens, cut at sentence ends. Pure functions."""

from bisect import bisect_left

from qa.text import sentences
from qa.types import Span

__all__ = ["cut_windows"]


def cut_windows(text: str, token_ends: list[int], size: int, overlap: int) -> list[Span]:
    """Return windows of at most ``size`` tokens that overlap by up to ``overlap`` tokens.

    ``token_ends`` are the character positions after each token of ``text``.
    """
    pieces = _pieces(text, token_ends, size)
    windows: list[Span] = []
    first = 0
    while first < len(pieces):
        last = first
        while last < len(pieces) and _tokens(token_ends, pieces[first], pieces[last]) <= size:
            last += 1
        last = max(last, first + 1)
        windows.append(Span(pieces[first].start, pieces[last - 1].end))
        if last == len(pieces):
            break
        first_next = last
        while (
            first_next - 1 > first
            and _tokens(token_ends, pieces[first_next - 1], pieces[last - 1]) <= overlap
        ):
            first_next -= 1
        first = first_next
    return windows


def _tokens(token_ends: list[int], first: Span, last: Span) -> int:
    return bisect_left(token_ends, last.end) - bisect_left(token_ends, first.start + 1) + 1


def _pieces(text: str, token_ends: list[int], size: int) -> list[Span]:
    """Return the sentences, those of more than half a window cut between tokens."""
    longest = max(1, size // 2)
    pieces: list[Span] = []
    for sentence in sentences(text):
        start = sentence.start
        while True:
            first = bisect_left(token_ends, start + 1)
            if first + longest >= len(token_ends) or token_ends[first + longest] >= sentence.end:
                pieces.append(Span(start, sentence.end))
                break
            cut = token_ends[first + longest - 1]
            pieces.append(Span(start, cut))
            start = cut
    return pieces
