"""The memory of a process over time, so that one can see whether it is flat."""

import contextlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["Held", "Measured", "held", "highest", "resident", "tell"]

MEGABYTE = 2**20
EVERY = 0.05
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Resident megabytes at a time: seconds from the start, or questions asked."""

    at: float
    megabytes: float


def resident(process: int | None) -> float | None:
    """Return the megabytes of a process that are in use; None where that cannot be read."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


class Held(NamedTuple):
    """Megabytes in use: ``own`` are in no file, ``files`` can be taken away and read again."""

    own: float
    files: float


def held() -> Held | None:
    """Return what this process has in use; None where that cannot be read."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = dict(re.findall(r"(RssAnon|RssFile):\s+(\d+) kB", status))
    return Held(int(found["RssAnon"]) / 1024, int(found["RssFile"]) / 1024)


@contextlib.contextmanager
def highest() -> Iterator[list[Held]]:
    """Look at this process's memory meanwhile; afterwards the list has the most of each kind.

    It stays empty where memory cannot be read.
    """
    seen: list[Held] = []
    most: list[Held] = []
    ended = threading.Event()

    def look() -> None:
        while True:
            now = held()
            if now is not None:
                seen.append(now)
            if ended.wait(EVERY):
                return

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()
        if seen:
            own, files = zip(*seen, strict=True)
            most.append(Held(max(own), max(files)))


def tell(series: Sequence[Measured], unit: str) -> str:
    """Return a line on how much memory there was, and how much more over the last half.

    Of both ends of that half the middle of three values is taken, since each goes up and down.
    """
    if len(series) < 2:
        return "memory: not measured"
    half = len(series) // 2
    before, after = _middle(series[half : half + 3]), _middle(series[-3:])
    return (
        f"memory: {series[0].megabytes:,.0f} MB at the start, most "
        f"{max(one.megabytes for one in series):,.0f} MB; over the last half, from "
        f"{series[half].at:,.0f} {unit} on: {after - before:+,.0f} MB, from {before:,.0f} to "
        f"{after:,.0f} MB"
    )


def _middle(series: Sequence[Measured]) -> float:
    ordered = sorted(one.megabytes for one in series)
    return ordered[len(ordered) // 2]
