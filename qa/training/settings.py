"""What a training run is made with, in one frozen record."""

from dataclasses import dataclass, field

__all__ = ["ReaderSettings", "RetrieverSettings", "Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every training run is set by; each kind of model has its own defaults and more."""

    base: str = "e5-small-zh-qa"
    """Bundled name or folder of the model to start from."""

    seed: int = 13
    """Of the order of batches and of every augmentation."""

    minutes: float | None = None
    """Time to train, in minutes of computing; None means until ``steps`` are done."""

    steps: int | None = None
    """Optimiser steps; None means until ``minutes`` are over."""

    learning_rate: float
    """Highest rate; it falls in a straight line to 0 at the end of the time or the steps."""

    warmup_steps: int
    """Steps over which the rate rises from 0."""

    weight_decay: float = 0.01
    """Of matrices; biases and norms have none."""

    augmented_share: float
    """Share of the questions shown in a variant."""

    precision: str = "auto"
    """``float32``, ``bfloat16``, or ``auto``: the faster one, measured at the start."""

    checkpoint_every: int
    """Steps between two checkpoints to resume from."""

    snapshot_every: int
    """Steps between two sets of weights kept for comparison."""

    repeats: dict[str, int] = field(default_factory=dict)
    """How often an epoch shows a small collection; 1 for those not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieverSettings(Settings):
    """Settings of a retriever's training run; the defaults are those of the bundled one.

    ``base`` is a sentence-transformers model.
    """

    learning_rate: float = 5e-5
    warmup_steps: int = 25
    augmented_share: float = 0.36
    checkpoint_every: int = 50
    snapshot_every: int = 100

    temperature: float = 0.02
    """Cosines are divided by it before the softmax."""

    paragraphs_per_batch: int = 32
    """About so many paragraphs are compared with each question."""

    paragraphs_per_group: int = 8
    """At most so many paragraphs of one article are in a batch."""

    converted_share: float = 0.15
    """Share of the groups whose paragraphs are shown in the other Chinese script."""

    question_tokens: int = 64
    """Longer questions are cut, in tokens."""

    paragraph_tokens: int = 224
    """Longer paragraphs are cut, in tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings(Settings):
    """Settings of a reader's training run; the defaults are those of the bundled one.

    ``base`` is a retriever whose encoder to start from, or a reader to go on from.
    """

    learning_rate: float = 1e-4
    warmup_steps: int = 100
    augmented_share: float = 0.45
    checkpoint_every: int = 100
    snapshot_every: int = 400

    head_rate: float = 5.0
    """Times the learning rate for the new heads."""

    dropout: float = 0.1
    """Of the encoder's last states; dropout inside it would cost a third of the time."""

    frozen_layers: int = 2
    """Lowest layers of the encoder that stay as they are, besides the embedding tables."""

    examples_per_batch: int = 16
    """Questions in a step, each with its passages."""

    passages: int = 6
    """At most so many passages are read with a question."""

    longest: int = 384
    """Tokens in a sequence; passages are left out where it would be longer."""

    glossed_share: float = 0.2
    """Share of the Chinese questions shown in rough English instead."""

    masked_share: float = 0.06
    """Share of the tokens of question and passages that are masked, against learning by heart."""

    titled_share: float = 0.7
    """Share of the examples with the article's title above the passages."""

    removed_share: float = 0.25
    """Share of the questions also shown without the paragraph that answers them."""

    swapped_share: float = 0.5
    """Share of the questions also shown with a name, number or date swapped, where one can be."""

    foreign_share: float = 0.08
    """Share of the questions also asked of another article."""
