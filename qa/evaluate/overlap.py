"""How far shown words agree with right ones, as two public test sets count it.

Text is cut into single Han characters and whole Latin words or numbers, in lower case,
without punctuation.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from qa.text import HAN

__all__ = ["answer_f1", "evidence_f1", "exact_match", "segments"]

_SEGMENT = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:[.,'’][^\W_{HAN}]+)*")
_Count = Callable[[Sequence[str], Sequence[str]], int]
_ARTICLES = frozenset({"a", "an", "the"})


def segments(text: str) -> list[str]:
    """Return the segments of a text in order."""
    return _SEGMENT.findall(text.lower())


def exact_match(shown: str, right: Sequence[str]) -> bool:
    """Tell whether the shown words are one of the right answers, but for punctuation."""
    return any(segments(shown) == segments(answer) for answer in right)


def answer_f1(shown: str, right: Sequence[str]) -> float:
    """Return the best F1 in [0, 1] over the right answers, as CMRC 2018 counts it.

    What two answers have in common is their longest common run of segments (Cui et al.,
    "A Span-Extraction Dataset for Chinese Machine Reading Comprehension", 2019).
    """
    return max((_f1(segments(shown), segments(answer), _common_run) for answer in right), default=0)


def evidence_f1(shown: str, right: Sequence[str]) -> float:
    """Return the best F1 in [0, 1] over the pieces of evidence, as ExpMRC counts it.

    What two sentences have in common is all segments they share, wherever they stand; English
    articles do not count (Cui et al., "ExpMRC: Explainability Evaluation for Machine Reading
    Comprehension", 2022).
    """
    return max((_f1(_bare(shown), _bare(evidence), _common) for evidence in right), default=0)


def _bare(text: str) -> list[str]:
    return [segment for segment in segments(text) if segment not in _ARTICLES]


def _common_run(one: Sequence[str], other: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match().size


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return (Counter(one) & Counter(other)).total()


def _f1(shown: list[str], right: list[str], count: _Count) -> float:
    common = count(shown, right)
    if not common:
        return 0.0
    precision, recall = common / len(shown), common / len(right)
    return 2 * precision * recall / (precision + recall)
