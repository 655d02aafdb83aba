"""The training loop: batches, steps, schedule, checkpoints."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from qa.errors import LabelError, ModelError
from qa.training.batches import Group, collate, epoch_of_groups
from qa.training.model import (
    base_folder,
    contrastive_loss,
    fast_precision,
    load_model,
    trainable,
    transformer,
)
from qa.training.records import LabelledArticle
from qa.training.run import Checkpoint, Run, Step
from qa.training.settings import Settings

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["progress", "rate", "train"]

GRADIENT_NORM = 1.0
"""Longer gradients are cut to it."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A batch of the plan: ``step`` counts from 0 over all epochs."""

    step: int
    epoch: int
    groups: list[Group]


def progress(settings: Settings, step: int, seconds: float) -> float:
    """Return the share of the run that is done, in [0, 1]: of its steps or of its time.

    The farther one counts, so that a run ends in time on a busy machine too.
    """
    shares = []
    if settings.steps is not None:
        shares.append(step / max(1, settings.steps))
    if settings.minutes is not None:
        shares.append(seconds / 60 / settings.minutes if settings.minutes > 0 else 1.0)
    return min(1.0, max(shares))


def rate(settings: Settings, step: int, seconds: float) -> float:
    """Return the learning rate of a step: a short rise, then straight down to 0."""
    rise = min(1.0, (step + 1) / max(1, settings.warmup_steps))
    return settings.learning_rate * rise * (1 - progress(settings, step, seconds))


def train(
    articles: Iterable[LabelledArticle],
    settings: Settings,
    run: Run,
    report: Callable[[Step, float], None] = lambda step, share: None,
) -> None:
    """Train until the steps or the time are over; resume if ``run`` was interrupted.

    ``report`` is called after each step with the share of the run that is done. With the same
    seed and steps a resumed run does what an uninterrupted one does.

    Raises:
        LabelError: if no article has a question.
        ModelError: if neither steps nor minutes are given, or ``run`` has other settings.

    """
    import torch

    asked = [article for article in articles if article.questions]
    if not asked:
        raise LabelError(
            "there is no question to train on; all articles may be held out: "
            "prepare again with a smaller --held-out"
        )
    if settings.steps is None and settings.minutes is None:
        raise ModelError("a run needs an end; give --minutes or --steps")
    run.begin(settings)
    torch.manual_seed(settings.seed)
    model = load_model(base_folder(settings.base))
    trainer = _trainer(model, settings)
    resumed = trainer.resume(run)
    step, seconds = (resumed.step, resumed.seconds) if resumed else (0, 0.0)
    run.forget_after(step)
    for planned in _plan(asked, settings, step):
        if progress(settings, step, seconds) >= 1:
            break
        done = trainer.step(planned, seconds)
        step, seconds = done.step, seconds + done.seconds
        run.append(done)
        if step % settings.checkpoint_every == 0:
            trainer.save(run, step, seconds)
        if step % settings.snapshot_every == 0:
            run.save_snapshot(step, trainer.weights)
        report(done, progress(settings, step, seconds))
    trainer.save(run, step, seconds)
    run.save_snapshot(step, trainer.weights)


def _plan(articles: list[LabelledArticle], settings: Settings, start: int) -> Iterator[_Planned]:
    """Yield the batches of one epoch after another, from step ``start`` on."""
    step = 0
    for epoch in count():
        for groups in epoch_of_groups(articles, settings, epoch):
            if step >= start:
                yield _Planned(step, epoch, groups)
            step += 1


@dataclass(frozen=True, slots=True)
class _Trainer:
    """The model with its optimiser; ``weights`` are the parameters that change, by name."""

    model: "SentenceTransformer"
    weights: dict[str, "torch.nn.Parameter"]
    optimizer: "torch.optim.AdamW"
    dtype: "torch.dtype"
    settings: Settings

    def step(self, planned: _Planned, seconds: float) -> Step:
        """Do one optimiser step; ``seconds`` is the time computed so far."""
        import torch

        started = time.monotonic()
        learning_rate = rate(self.settings, planned.step, seconds)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        batch = collate(planned.groups, self.settings, planned.step)
        half = self.dtype != torch.float32
        with torch.autocast(self.model.device.type, dtype=self.dtype, enabled=half):
            loss, first = contrastive_loss(self.model, batch, self.settings)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.weights.values(), GRADIENT_NORM)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return Step(
            step=planned.step + 1,
            epoch=planned.epoch,
            loss=loss.item(),
            first=first,
            learning_rate=learning_rate,
            seconds=time.monotonic() - started,
            questions=len(batch.questions),
        )

    def save(self, run: Run, step: int, seconds: float) -> None:
        """Write the checkpoint to resume from."""
        weights = {name: weight.detach() for name, weight in self.weights.items()}
        run.save_checkpoint(Checkpoint(step, seconds, weights, self.optimizer.state_dict()))

    def resume(self, run: Run) -> Checkpoint | None:
        """Take up the last checkpoint of ``run``, if there is one."""
        checkpoint = run.load_checkpoint()
        if checkpoint is not None:
            transformer(self.model).load_state_dict(checkpoint.weights, strict=False)
            self.optimizer.load_state_dict(dict(checkpoint.optimizer))
        return checkpoint


def _trainer(model: "SentenceTransformer", settings: Settings) -> _Trainer:
    import torch

    weights = trainable(model)
    matrices = [weight for weight in weights.values() if weight.dim() > 1]
    others = [weight for weight in weights.values() if weight.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": settings.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
    )
    return _Trainer(model, weights, optimizer, fast_precision(settings.precision), settings)
