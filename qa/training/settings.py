"""What a training run is made with, in one frozen record."""

from dataclasses import dataclass, field

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a training run; the defaults are those of the bundled retriever."""

    base: str = "e5-small-zh"
    """Bundled model name, or folder of the sentence-transformers model to start from."""

    seed: int = 13
    """Of the order of batches and of every augmentation."""

    minutes: float | None = None
    """Time to train, in minutes of computing; None means until ``steps`` are done."""

    steps: int | None = None
    """Optimiser steps; None means until ``minutes`` are over."""

    learning_rate: float = 5e-5
    """Highest rate; it falls in a straight line to 0 at the end of the time or the steps."""

    warmup_steps: int = 25
    """Steps over which the rate rises from 0."""

    weight_decay: float = 0.01
    """Of matrices; biases and norms have none."""

    temperature: float = 0.02
    """Cosines are divided by it before the softmax."""

    paragraphs_per_batch: int = 32
    """About so many paragraphs are compared with each question."""

    paragraphs_per_group: int = 8
    """At most so many paragraphs of one article are in a batch."""

    augmented_share: float = 0.36
    """Share of the questions shown in a variant."""

    converted_share: float = 0.15
    """Share of the groups whose paragraphs are shown in the other Chinese script."""

    question_tokens: int = 64
    """Longer questions are cut, in tokens."""

    paragraph_tokens: int = 224
    """Longer paragraphs are cut, in tokens."""

    precision: str = "auto"
    """``float32``, ``bfloat16``, or ``auto``: the faster one, measured at the start."""

    checkpoint_every: int = 50
    """Steps between two checkpoints to resume from."""

    snapshot_every: int = 100
    """Steps between two sets of weights kept for comparison."""

    repeats: dict[str, int] = field(default_factory=dict)
    """How often an epoch shows a small collection; 1 for those not named."""
