"""Figures and misses as text for a terminal and as JSON-ready built-in types."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluate.certainty import refusal_curve, reliability
from qa.evaluate.figures import by_kind
from qa.evaluate.outcomes import Outcome
from qa.evaluate.rankers import Ranking

__all__ = ["to_dict", "to_text"]

_COLUMNS: Mapping[str, str] = {
    "questions": "asked",
    "answerable": "answerable",
    "hit_at_1": "hit@1",
    "hit_at_3": "hit@3",
    "reciprocal_rank": "MRR",
    "sentence_accuracy": "sentence",
    "sentence_f1": "sent. F1",
    "answer_exact": "answer EM",
    "answer_f1": "answer F1",
}
_REFUSAL_COLUMNS: Mapping[str, str] = {
    "questions": "asked",
    "answerable": "answerable",
    "kept": "answered",
    "answered_right": "and right",
    "refusal_recall": "refused",
    "balanced": "balanced",
    "refusal_precision": "refusal prec.",
    "refusal_area": "area",
    "calibration_error": "cal. error",
}
_RANKING_COLUMNS: Mapping[str, str] = {
    "questions": "answerable",
    "hit_at_1": "hit@1",
    "hit_at_3": "hit@3",
    "reciprocal_rank": "MRR",
}
_SHOWN_CHARACTERS = 60


def to_text(
    outcomes: Sequence[Outcome], misses: Sequence[Outcome], rankings: Sequence[Ranking]
) -> str:
    """Return everything measured as tables, one row a kind or a ranking, and the misses."""
    reports = {name: asdict(report) for name, report in by_kind(outcomes).items()}
    blocks = [_table("kind", reports, _COLUMNS), _table("kind", reports, _REFUSAL_COLUMNS)]
    if rankings:
        rows = {one.name: asdict(one) for one in rankings}
        blocks.append(_table("ranking", rows, _RANKING_COLUMNS))
    if misses:
        blocks.append("\n".join(map(_miss, misses)))
    return "\n\n".join(blocks)


def to_dict(
    outcomes: Sequence[Outcome], misses: Sequence[Outcome], rankings: Sequence[Ranking]
) -> dict[str, Any]:
    """Return everything measured as JSON-ready types; a figure that is not there is None."""
    return {
        "figures": {name: _plain(asdict(one)) for name, one in by_kind(outcomes).items()},
        "comparison": [_plain(asdict(one)) for one in rankings],
        "refusal_curve": [_plain(asdict(one)) for one in refusal_curve(outcomes)],
        "reliability": [_plain(asdict(one)) for one in reliability(outcomes)],
        "misses": [
            {
                "question": one.label.question,
                "kind": one.label.kind,
                "rank": one.rank,
                "wanted": {"evidence": one.label.evidence, "answers": one.label.answers},
            }
            | one.answer.to_dict()
            for one in misses
        ],
    }


def _miss(outcome: Outcome) -> str:
    label, answer = outcome.label, outcome.answer
    wanted = _shortened(label.evidence[0]) if label.evidence else "(refusal)"
    got = _shortened(answer.passages[0].text) if answer.answered else "(refused)"
    lines = [f"miss: {label.question}", f"  wanted {wanted}"]
    if answer.question != label.question:
        lines.insert(1, f"  asked  {answer.question}")
    place = f"right at {outcome.rank}" if outcome.rank else "right nowhere"
    right = f", {place}" if label.evidence else ""
    return "\n".join([*lines, f"  got    {got} (confidence {answer.confidence:.2f}{right})"])


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def _table(first: str, rows: Mapping[str, Mapping[str, float]], columns: Mapping[str, str]) -> str:
    width = max(map(_width, [first, *rows]))
    widths = {key: max(len(name), 5) + 3 for key, name in columns.items()}
    lines = [
        _padded(first, width) + "".join(f"{name:>{widths[key]}}" for key, name in columns.items())
    ]
    for row, figures in rows.items():
        cells = [f"{_figure(figures[key]):>{room}}" for key, room in widths.items()]
        lines.append(_padded(row, width) + "".join(cells))
    return "\n".join(lines)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return the columns of a terminal that a text takes."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def _figure(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "-" if math.isnan(value) else f"{value:.3f}"


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in figures.items()
    }
