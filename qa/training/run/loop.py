"""The training loop: steps, schedule, checkpoints. What is trained is a :class:`Task`."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from qa.embedding.compute import fast_precision
from qa.errors import LabelError, ModelError
from qa.training.run.folder import Checkpoint, Run, Step
from qa.training.run.settings import Settings

if TYPE_CHECKING:
    import torch

__all__ = ["Group", "Planned", "Task", "no_questions", "progress", "rate", "train"]

GRADIENT_NORM = 1.0
"""Longer gradients are cut to it."""

Batch = TypeVar("Batch")


@dataclass(frozen=True, slots=True)
class Planned(Generic[Batch]):
    """A batch of the plan: ``step`` counts from 0 over all epochs."""

    step: int
    epoch: int
    batch: Batch


@dataclass(frozen=True, slots=True)
class Group:
    """Weights that are trained at a multiple of the learning rate."""

    weights: "list[torch.nn.Parameter]"
    rate: float


class Task(Protocol[Batch]):
    """What the loop asks of a model in training."""

    @property
    def weights(self) -> "Mapping[str, torch.nn.Parameter]":
        """The weights that change, by name."""

    @property
    def groups(self) -> list[Group]:
        """The same weights with their rates."""

    def load(self, weights: "Mapping[str, torch.Tensor]") -> None:
        """Take up the weights of a checkpoint."""

    def plan(self, start: int) -> Iterator[Planned[Batch]]:
        """Yield the batches of one epoch after another, from step ``start`` on."""

    def loss(self, batch: Batch) -> "tuple[torch.Tensor, float]":
        """Return the loss of a batch and the share of its questions that came out right."""

    def size(self, batch: Batch) -> int:
        """Return the number of questions in a batch."""


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


def no_questions() -> LabelError:
    """Return the error for training data without a question."""
    return LabelError(
        "there is no question to train on; all articles may be held out: "
        "prepare again with a smaller --held-out"
    )


def train(
    make_task: Callable[[], Task[Batch]],
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

    if settings.steps is None and settings.minutes is None:
        raise ModelError("a run needs an end; give --minutes or --steps")
    torch.manual_seed(settings.seed)
    task = make_task()
    run.begin(settings)
    trainer = _Trainer(
        task,
        _optimizer(task, settings),
        fast_precision(settings.precision),
        _Average(task.weights, settings.average),
    )
    resumed = trainer.resume(run)
    step, seconds = (resumed.step, resumed.seconds) if resumed else (0, 0.0)
    run.forget_after(step)
    for planned in task.plan(step):
        if progress(settings, step, seconds) >= 1:
            break
        done = trainer.step(planned, rate(settings, planned.step, seconds))
        step, seconds = done.step, seconds + done.seconds
        run.append(done)
        if step % settings.checkpoint_every == 0:
            trainer.save(run, step, seconds)
        if step % settings.snapshot_every == 0:
            run.save_snapshot(step, trainer.average.weights)
        report(done, progress(settings, step, seconds))
    trainer.save(run, step, seconds)
    run.save_snapshot(step, trainer.average.weights)


class _Average:
    """The running mean of weights; over the first steps it follows faster."""

    def __init__(self, weights: "Mapping[str, torch.Tensor]", kept: float) -> None:
        self._kept = kept
        self.weights = {name: weight.detach().clone() for name, weight in weights.items()}

    def follow(self, weights: "Mapping[str, torch.Tensor]", step: int) -> None:
        """Take up the weights after ``step``, which counts from 1."""
        share = 1 - min(self._kept, step / (9 + step))
        for name, weight in weights.items():
            self.weights[name].lerp_(weight.detach(), share)


@dataclass(frozen=True, slots=True)
class _Trainer(Generic[Batch]):
    task: Task[Batch]
    optimizer: "torch.optim.AdamW"
    dtype: "torch.dtype"
    average: _Average

    def step(self, planned: Planned[Batch], learning_rate: float) -> Step:
        """Do one optimiser step."""
        import torch

        started = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate * group["times"]
        half = self.dtype != torch.float32
        device = next(iter(self.task.weights.values())).device.type
        with torch.autocast(device, dtype=self.dtype, enabled=half):
            loss, right = self.task.loss(planned.batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.task.weights.values(), GRADIENT_NORM)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.average.follow(self.task.weights, planned.step + 1)
        return Step(
            step=planned.step + 1,
            epoch=planned.epoch,
            loss=loss.item(),
            first=right,
            learning_rate=learning_rate,
            seconds=time.monotonic() - started,
            questions=self.task.size(planned.batch),
        )

    def save(self, run: Run, step: int, seconds: float) -> None:
        """Write the checkpoint to resume from."""
        weights = {name: weight.detach() for name, weight in self.task.weights.items()}
        state = self.optimizer.state_dict()
        run.save_checkpoint(Checkpoint(step, seconds, weights, state, self.average.weights))

    def resume(self, run: Run) -> Checkpoint | None:
        """Take up the last checkpoint of ``run``, if there is one."""
        checkpoint = run.load_checkpoint()
        if checkpoint is not None:
            self.task.load(checkpoint.weights)
            self.optimizer.load_state_dict(dict(checkpoint.optimizer))
            for name, weight in checkpoint.average.items():
                self.average.weights[name].copy_(weight)
        return checkpoint


def _optimizer(task: Task[Batch], settings: Settings) -> "torch.optim.AdamW":
    """Return AdamW; biases and norms have no weight decay."""
    import torch

    parts = []
    for group in task.groups:
        for matrix, decay in ((True, settings.weight_decay), (False, 0.0)):
            own = [weight for weight in group.weights if (weight.dim() > 1) == matrix]
            parts.append({"params": own, "weight_decay": decay, "times": group.rate})
    return torch.optim.AdamW(parts, lr=settings.learning_rate)
