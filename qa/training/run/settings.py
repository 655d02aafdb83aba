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

    average: float = 0.995
    """Of the running mean of the weights (Polyak and Juditsky 1992), what a step leaves as it was;
    the mean is what is kept. 0 keeps the weights themselves."""

    device: str = "auto"
    """``cpu``, ``cuda``, or ``auto``: a graphics card if there is one."""

    precision: str = "auto"
    """``float32``, ``bfloat16``, or ``auto``: the faster one, measured at the start."""

    checkpoint_every: int
    """Steps between two checkpoints to resume from."""

    snapshot_every: int
    """Steps between two sets of weights kept for comparison."""

    repeats: dict[str, float] = field(default_factory=dict)
    """How often an epoch shows the articles of a collection; 1 for those not named. Of 0.3 three
    articles in ten are shown, others each time."""


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

    sentences_per_batch: int = 8
    """Pairs of a sentence and its translation beside the questions, where the data hold any."""

    sentences_weight: float = 0.3
    """Of their part of the loss."""

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
    """Of the encoder's last states."""

    frozen_layers: int = 2
    """Lowest layers of the encoder that stay as they are, besides the embedding tables."""

    tokens_per_batch: int = 6_000
    """Tokens in a step, padding counted; a question with its passages has 200 to 300."""

    encoder_dropout: float = 0.0
    """Of the hidden states inside the encoder; it costs a third of the time of a step."""

    workers: int = 0
    """Processes that lay examples out, besides this one; for graphics cards."""

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

    least_kept: float = 0.4
    """Share of a form of question that is shown at least, however uneven its sides are."""

    nonsense_share: float = 0.1
    """Share of the articles that are also asked something that makes no sense."""

    joined_share: float = 0.3
    """Share of the articles shown with neighbouring paragraphs joined."""

    joined_characters: int = 450
    """Characters up to which they are joined at most."""

    unpunctuated_share: float = 0.08
    """Share of the articles shown without full stops."""

    mixed_share: float = 0.15
    """Share of the questions read with a paragraph of another article among their own."""

    plain_history_share: float = 0.3
    """Share of the follow-ups put after their earlier question, not made to stand alone."""
