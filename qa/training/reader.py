"""The reader in training: its network, batches and loss, as a task of the loop."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qa.reader.layout import CLOSE, OPEN, UNKNOWN, Layout, Tokens, lay_out
from qa.reader.tokens import tokenize
from qa.training.model import reader_base
from qa.training.reading import Example, epoch_of_examples
from qa.training.records import LabelledArticle
from qa.training.settings import ReaderSettings
from qa.training.train import Group, Planned, no_questions

if TYPE_CHECKING:
    import torch

    from qa.reader.network import Network, Scores

__all__ = ["Bound", "ReaderTask", "Target", "layout_of", "masked", "reader_loss"]

Item = TypeVar("Item")

BATCHES_TO_SORT = 16
"""So many batches are filled together, by length, to save padding."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The first and last token of an answer in a sequence."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Target:
    """A sequence with what the network should say of it.

    ``answering`` are the places of the windows that answer, none if nothing does.
    """

    layout: Layout
    answering: tuple[int, ...]
    answer: Bound | None


class ReaderTask:
    """Reads a question with several passages: which of them answers, if any, and with what.

    Raises:
        LabelError: if no article has a question.

    """

    def __init__(self, articles: Iterable[LabelledArticle], settings: ReaderSettings) -> None:
        from qa.reader.network import Network

        self._articles = [article for article in articles if article.questions]
        if not self._articles:
            raise no_questions()
        self._settings = settings
        self._folder = reader_base(settings.base)
        self._network = Network.of(self._folder, settings.dropout)
        self._network.dropout.train()
        _freeze(self._network, settings.frozen_layers)

    @cached_property
    def weights(self) -> "Mapping[str, torch.nn.Parameter]":
        """The weights that change, by name."""
        named = self._network.named_parameters()
        return {name: weight for name, weight in named if weight.requires_grad}

    @property
    def groups(self) -> list[Group]:
        """The encoder's weights, and the heads' with their higher rate."""
        encoder = {name for name in self.weights if name.startswith("encoder.")}
        return [
            Group([self.weights[name] for name in self.weights if name in encoder], 1.0),
            Group(
                [self.weights[name] for name in self.weights if name not in encoder],
                self._settings.head_rate,
            ),
        ]

    def load(self, weights: "Mapping[str, torch.Tensor]") -> None:
        """Take up the weights of a checkpoint."""
        self._network.load_state_dict(weights, strict=False)

    def plan(self, start: int) -> Iterator[Planned[list[Target]]]:
        """Yield the batches of one epoch after another, from step ``start`` on."""
        step = 0
        size = self._settings.examples_per_batch
        for epoch in count():
            examples = epoch_of_examples(self._articles, self._settings, epoch)
            generator = random.Random(f"{self._settings.seed}/{epoch}")
            for pool in _parts(examples, size * BATCHES_TO_SORT):
                steps = -(-len(pool) // size)
                if step + steps <= start:
                    step += steps
                    continue
                for batch in self._batches(pool, generator):
                    if step >= start:
                        yield Planned(step, epoch, batch)
                    step += 1

    def _batches(self, examples: Sequence[Example], generator: random.Random) -> list[list[Target]]:
        targets = [layout_of(example, self._folder, self._settings.longest) for example in examples]
        targets = [masked(target, self._settings.masked_share, generator) for target in targets]
        targets.sort(key=lambda target: len(target.layout.ids))
        batches = _parts(targets, self._settings.examples_per_batch)
        generator.shuffle(batches)
        return batches

    def loss(self, batch: Sequence[Target]) -> "tuple[torch.Tensor, float]":
        """Return the loss, and the share of questions with the right passage or refusal first."""
        return reader_loss(self._network([target.layout for target in batch]), batch)

    def size(self, batch: Sequence[Target]) -> int:
        """Return the number of questions in a batch."""
        return len(batch)


def _parts(items: Sequence[Item], size: int) -> list[list[Item]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


def _freeze(network: "Network", layers: int) -> None:
    network.encoder.embeddings.requires_grad_(requires_grad=False)
    for layer in network.encoder.encoder.layer[:layers]:
        layer.requires_grad_(requires_grad=False)


def layout_of(example: Example, folder: Path, longest: int) -> Target:
    """Return the sequence of an example; passages that do not fit are left out, answers last."""
    question, title, *passages = tokenize(
        [example.question, example.title, *example.passages], folder
    )
    kept = list(range(len(passages)))
    while True:
        layouts = lay_out(
            question, [passages[place] for place in kept], [title] * len(kept), longest, 0
        )
        spare = [place for place in kept if place not in example.answering]
        if len(layouts) == 1 or len(kept) == 1 or not spare:
            break
        kept.remove(spare[-1])
    return _target(example, kept, layouts[0])


def _target(example: Example, kept: Sequence[int], layout: Layout) -> Target:
    answering = tuple(
        place
        for place, window in enumerate(layout.windows)
        if kept[window.passage] in example.answering
    )
    if not answering or example.answer is None:
        return Target(layout, answering, None)
    window = next(one for one in layout.windows if kept[one.passage] == example.answering[0])
    bound = _bound(window.tokens, example.answer.start, example.answer.end)
    if bound is None:
        return Target(layout, answering, None)
    return Target(layout, answering, Bound(window.first + bound.first, window.first + bound.last))


def _bound(tokens: Tokens, start: int, end: int) -> Bound | None:
    """Return the tokens that hold the characters from ``start`` to before ``end``."""
    inside = [
        place
        for place in range(len(tokens))
        if tokens.starts[place] < end and tokens.ends[place] > start
    ]
    if not inside or tokens.ends[-1] < end:
        return None
    return Bound(inside[0], inside[-1])


def masked(target: Target, share: float, generator: random.Random) -> Target:
    """Return the target with some tokens masked: of its question and of what does not answer."""
    ids = list(target.layout.ids)
    answer = (
        range(0) if target.answer is None else range(target.answer.first, target.answer.last + 1)
    )
    for place, number in enumerate(ids):
        if number not in (OPEN, CLOSE) and place not in answer and generator.random() < share:
            ids[place] = UNKNOWN
    return replace(target, layout=replace(target.layout, ids=tuple(ids)))


def reader_loss(scores: "Scores", batch: Sequence[Target]) -> "tuple[torch.Tensor, float]":
    """Return the loss of a batch and the share of questions that came out right.

    The loss of the passages is the cross-entropy of "one of the answering windows" among all
    windows of the question and "none", whose log-odds are 0; that of the answer the mean
    cross-entropy of its first and last token among all tokens of passages (the shared
    normalisation of Clark and Gardner 2018).
    """
    import torch

    passages, bounds, right, taken = [], [], 0, 0
    for row, target in enumerate(batch):
        windows = target.layout.windows
        own = scores.answering[taken : taken + len(windows)]
        taken += len(windows)
        options = torch.cat((own.new_zeros(1), own))
        wanted = [1 + place for place in target.answering] or [0]
        passages.append(torch.logsumexp(options, 0) - torch.logsumexp(options[wanted], 0))
        right += int(options.argmax()) in wanted
        if target.answer is not None:
            tokens = torch.cat([torch.arange(one.first, one.last) for one in windows])
            for logits, at in (
                (scores.starts[row], target.answer.first),
                (scores.ends[row], target.answer.last),
            ):
                bounds.append(torch.logsumexp(logits[tokens], 0) - logits[at])
    loss = torch.stack(passages).mean()
    if bounds:
        loss = loss + torch.stack(bounds).mean()
    return loss, right / len(batch)
