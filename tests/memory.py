"""The memory of a process over time, so that one can see whether it is flat."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Measured", "resident", "tell"]

MEGABYTE = 2**20


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
