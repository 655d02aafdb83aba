"""Refusal and calibration as a picture."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import LabelError, MissingExtra, QAError
from qa.evaluate.certainty import (
    calibration_error,
    refusal_area,
    refusal_curve,
    reliability,
)
from qa.evaluate.figures import score
from qa.evaluate.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["check_drawable", "draw"]


def check_drawable() -> None:
    """Check that a picture can be drawn.

    Raises:
        MissingExtra: without matplotlib.

    """
    if find_spec("matplotlib") is None:
        raise MissingExtra("matplotlib", "train")


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write a PNG picture: the refusal curve, and accuracy against confidence.

    Raises:
        MissingExtra: without matplotlib.
        LabelError: if there is no outcome.
        QAError: if the file cannot be written.

    """
    check_drawable()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not outcomes:
        raise LabelError("there is nothing to draw: expected at least one labelled question")
    figure = Figure(figsize=(10, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    _draw_refusal(left, outcomes)
    _draw_reliability(right, outcomes)
    try:
        figure.savefig(path, dpi=120, format="png")
    except OSError as error:
        raise QAError(
            f"the picture could not be written to {path} ({error}); give a path in a folder "
            "that exists and may be written to"
        ) from error


def _draw_refusal(axes: "Axes", outcomes: Sequence[Outcome]) -> None:
    axes.set(
        title="Refusal",
        xlabel="answerable questions kept",
        ylabel="unanswerable questions refused",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
    )
    axes.grid(alpha=0.3)
    curve = refusal_curve(outcomes)
    if not curve:
        axes.text(0.5, 0.5, "needs answerable and\nunanswerable questions", ha="center")
        return
    area = refusal_area(outcomes)
    kept, refused = [one.kept for one in curve], [one.refused for one in curve]
    axes.plot(kept, refused, color="C0", label=f"any threshold (area {area:.3f})")
    report = score(outcomes)
    axes.plot(report.kept, report.refusal_recall, "o", color="C3", label="as shipped")
    axes.legend(loc="lower left")


def _draw_reliability(axes: "Axes", outcomes: Sequence[Outcome]) -> None:
    axes.set(
        title="Calibration",
        xlabel="confidence",
        ylabel="first passage right",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
    )
    axes.grid(alpha=0.3)
    bins = reliability(outcomes)
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="as it should be")
    axes.plot(
        [one.confidence for one in bins],
        [one.accuracy for one in bins],
        "o-",
        color="C0",
        label=f"measured (error {calibration_error(outcomes):.3f})",
    )
    for one in bins:
        axes.annotate(
            str(one.questions),
            (one.confidence, one.accuracy),
            textcoords="offset points",
            xytext=(5, -12),
            fontsize=8,
            color="0.4",
        )
    axes.legend(loc="lower right")
