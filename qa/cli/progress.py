"""How far long work is, on standard error."""

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.index.ingest import Pace

__all__ = ["LoadingLine", "PaceLine", "ProgressBar"]

_QUIET_SECONDS = 1.5
_LINE_SECONDS = 30.0
_BAR_SECONDS = 0.5


class ProgressBar:
    """A bar on standard error for what takes longer than a moment; nothing otherwise."""

    def __enter__(self) -> "ProgressBar":
        self._begun = time.monotonic()
        self._shown = False
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done, and how long the rest takes at this pace."""
        elapsed = time.monotonic() - self._begun
        if not sys.stderr.isatty() or (elapsed < _QUIET_SECONDS and not self._shown):
            return
        self._shown = True
        left = elapsed / done * (total - done) if done else 0.0
        width = 30 * done // max(total, 1)
        bar = "█" * width + "░" * (30 - width)
        print(
            f"\r{bar} {done:,}/{total:,}  {left:,.0f} s left ", end="", file=sys.stderr, flush=True
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print(file=sys.stderr)


class LoadingLine:
    """A word on standard error while something is loaded, gone when it is there.

    Nothing where nobody looks.
    """

    def __enter__(self) -> "LoadingLine":
        self._shown = sys.stderr.isatty()
        if self._shown:
            print("Loading… 正在载入……", end="\r", file=sys.stderr, flush=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\x1b[K", end="", file=sys.stderr, flush=True)


class PaceLine:
    """How far indexing is, on standard error: a line that changes, or one now and then."""

    def __enter__(self) -> "PaceLine":
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + (_BAR_SECONDS if self._terminal else _LINE_SECONDS)
        self._shown = False
        return self

    def __call__(self, pace: "Pace") -> None:
        """Show the pace, if the last time is long enough ago."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (_BAR_SECONDS if self._terminal else _LINE_SECONDS)
        self._shown = self._terminal
        left = "" if pace.seconds_left is None else f", {_duration(pace.seconds_left)} left"
        text = f"{pace.share:4.0%}  {pace.paragraphs:,} paragraphs, {pace.rate:,.0f} a second{left}"
        print(
            f"\r{text:78}" if self._terminal else text,
            end="" if self._terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print(file=sys.stderr)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
