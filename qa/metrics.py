"""Answering words against reference answers, counted as CMRC 2018 does (Cui et al. 2019)."""

import re
from collections.abc import Sequence

from qa.text import HAN

__all__ = ["exact_match", "overlap_f1", "units"]

_UNIT = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")


def units(text: str) -> list[str]:
    """Return what is counted: Han characters one by one, other words whole, no punctuation."""
    return _UNIT.findall(text.casefold())


def exact_match(words: str, references: Sequence[str]) -> bool:
    """Tell whether ``words`` are one of the ``references``, but for punctuation and case."""
    return any(units(words) == units(reference) for reference in references)


def overlap_f1(words: str, references: Sequence[str]) -> float:
    """Return the best F1 in [0, 1] with one of the ``references``.

    ``F1 = 2 · P · R / (P + R)`` with ``P`` and ``R`` the share of the longest common run of
    units in ``words`` and in the reference.
    """
    found = units(words)
    return max((_f1(found, units(reference)) for reference in references), default=0.0)


def _f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    common = _longest_common_run(found, wanted)
    return 2 * common / (len(found) + len(wanted)) if common else 0.0


def _longest_common_run(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest run of units that stands in both."""
    longest = 0
    before = [0] * (len(second) + 1)
    for unit in first:
        here = [0] * (len(second) + 1)
        for place, other in enumerate(second, start=1):
            if unit == other:
                here[place] = before[place - 1] + 1
                longest = max(longest, here[place])
        before = here
    return longest
