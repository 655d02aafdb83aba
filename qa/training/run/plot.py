"""The loss curve of a run as a picture."""

from collections.abc import Sequence
from pathlib import Path

from qa.errors import MissingExtra
from qa.training.run.folder import Step

__all__ = ["draw", "smoothed"]

WEIGHT = 0.05
"""Of the newest step in the running mean."""


def smoothed(values: Sequence[float]) -> list[float]:
    """Return the exponential running mean of ``values``, of the same length."""
    means: list[float] = []
    for value in values:
        means.append(value if not means else (1 - WEIGHT) * means[-1] + WEIGHT * value)
    return means


def draw(steps: Sequence[Step], path: Path) -> None:
    """Write a PNG picture of loss and first places over the steps.

    Raises:
        MissingExtra: without matplotlib.

    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("matplotlib", "train") from error
    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    upper, lower = figure.subplots(2, 1, sharex=True)
    numbers = [one.step for one in steps]
    losses = [one.loss for one in steps]
    firsts = [100 * one.first for one in steps]
    for axes, values, label in (
        (upper, losses, "loss"),
        (lower, firsts, "own paragraph first, % of the batch"),
    ):
        axes.plot(numbers, values, color="0.75", linewidth=0.8, label="step")
        axes.plot(numbers, smoothed(values), color="C0", label="running mean")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
    upper.legend()
    lower.set_xlabel("step")
    figure.savefig(path, dpi=120)
