"""How far shown words and sentences agree with what they should be.

Words are counted as CMRC 2018 does (Cui et al. 2019), sentences as ExpMRC does (Cui et al. 2022,
"ExpMRC: Explainability Evaluation for Machine Reading Comprehension").
"""

import re
from collections import Counter
from collections.abc import Sequence

from qa.text import HAN

__all__ = ["exact_match", "overlap_f1", "sentence_f1", "units"]

_ARTICLES = frozenset({"a", "an", "the"})
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


def sentence_f1(sentence: str, evidence: Sequence[str]) -> float:
    """Return the best F1 in [0, 1] of a sentence with one of the pieces of ``evidence``.

    ``F1 = 2 · P · R / (P + R)`` with ``P`` and ``R`` the share of the units that both have,
    wherever they stand, in the sentence and in the evidence. English articles do not count.
    """
    shown = _counted(sentence)
    return max((_common_f1(shown, _counted(one)) for one in evidence), default=0.0)


def _counted(text: str) -> Counter[str]:
    return Counter(unit for unit in units(text) if unit not in _ARTICLES)


def _common_f1(shown: Counter[str], wanted: Counter[str]) -> float:
    common = (shown & wanted).total()
    return 2 * common / (shown.total() + wanted.total()) if common else 0.0
