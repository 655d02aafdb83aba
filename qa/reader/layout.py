"""How a question and its passages lie side by side in the reader's input. Pure functions.

One sequence is ``<s> question </s> context </s> passage </s> passage </s> …``. The passages
see each other, so that the reader compares them. Before each passage stands its marker, the
``</s>`` whose state tells how well that passage answers. A context (title and section) stands
once before the passages that share it. A passage that is too long is cut into overlapping
windows, each with a marker of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CLOSE", "OPEN", "PAD", "UNKNOWN", "Layout", "Placed", "Tokens", "lay_out"]

OPEN, PAD, CLOSE, UNKNOWN = 0, 1, 2, 3
"""Token numbers of ``<s>``, padding, ``</s>`` and ``<unk>`` in the tokenizer of XLM-R."""

_SHORTEST_WINDOW = 32


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as tokens: their numbers, and where each begins and ends in the text.

    All three are ``(n_tokens,)``; positions are in characters.
    """

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, first: int, last: int) -> "Tokens":
        """Return the tokens from ``first`` to before ``last``."""
        cut = slice(first, last)
        return Tokens(self.ids[cut], self.starts[cut], self.ends[cut])


@dataclass(frozen=True, slots=True)
class Placed:
    """A window of a passage in a sequence: its tokens are at ``first`` to before ``last``."""

    passage: int
    marker: int
    first: int
    last: int
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Layout:
    """One sequence of the input: its token numbers, and the windows in it."""

    ids: tuple[int, ...]
    windows: tuple[Placed, ...]


def lay_out(
    question: Tokens,
    passages: Sequence[Tokens],
    contexts: Sequence[Tokens],
    longest: int,
    overlap: int,
) -> list[Layout]:
    """Return the sequences that hold all passages, in order, of at most ``longest`` tokens.

    ``contexts`` has one entry a passage. ``overlap`` is what two windows of a passage share,
    in tokens. A question or context that would leave no room is cut.
    """
    asked = question.part(0, longest // 4).ids
    layouts: list[Layout] = []
    ids: list[int] = []
    windows: list[Placed] = []
    shown: Tokens | None = None
    for number, (passage, context) in enumerate(zip(passages, contexts, strict=True)):
        above = context.part(0, longest // 4)
        size = max(_SHORTEST_WINDOW, longest - len(asked) - len(above) - 4)
        for window in _windows(passage, size, overlap):
            heading = () if above == shown or not len(above) else (*above.ids, CLOSE)
            if windows and len(ids) + len(heading) + len(window) + 1 > longest:
                layouts.append(Layout(tuple(ids), tuple(windows)))
                windows, shown = [], None
                heading = (*above.ids, CLOSE) if len(above) else ()
            if not windows:
                ids = [OPEN, *asked, CLOSE]
            ids.extend(heading)
            shown = above
            marker, first = len(ids) - 1, len(ids)
            ids.extend((*window.ids, CLOSE))
            windows.append(Placed(number, marker, first, first + len(window), window))
    if windows:
        layouts.append(Layout(tuple(ids), tuple(windows)))
    return layouts


def _windows(tokens: Tokens, size: int, overlap: int) -> list[Tokens]:
    if len(tokens) <= size:
        return [tokens]
    step = max(1, size - overlap)
    starts = range(0, max(1, len(tokens) - overlap), step)
    return [tokens.part(start, start + size) for start in starts]
