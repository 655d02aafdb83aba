"""How far a shown sentence agrees with the evidence, as ExpMRC counts it.

Cui et al., "ExpMRC: Explainability Evaluation for Machine Reading Comprehension", 2022.
"""

from collections import Counter
from collections.abc import Sequence

from qa.metrics import units

__all__ = ["evidence_f1"]

_ARTICLES = frozenset({"a", "an", "the"})


def evidence_f1(sentence: str, evidence: Sequence[str]) -> float:
    """Return the best F1 in [0, 1] of a sentence with one of the pieces of ``evidence``.

    ``F1 = 2 · P · R / (P + R)`` with ``P`` and ``R`` the share of the units that both have,
    wherever they stand, in the sentence and in the evidence. English articles do not count.
    """
    shown = _counted(sentence)
    return max((_f1(shown, _counted(one)) for one in evidence), default=0.0)


def _counted(text: str) -> Counter[str]:
    return Counter(unit for unit in units(text) if unit not in _ARTICLES)


def _f1(shown: Counter[str], wanted: Counter[str]) -> float:
    common = (shown & wanted).total()
    return 2 * common / (shown.total() + wanted.total()) if common else 0.0
