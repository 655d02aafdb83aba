"""The reader in training: its network, batches and loss, as a task of the loop."""

import contextlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qa.reader.layout import CLOSE, OPEN, UNKNOWN, Layout, Tokens, lay_out
from qa.reader.tokens import tokenize
from qa.training.data.records import LabelledArticle
from qa.training.reader.examples import Example, epoch_of_examples
from qa.training.run.encoder import device, reader_base
from qa.training.run.loop import Group, Planned, no_questions
from qa.training.run.settings import ReaderSettings

if TYPE_CHECKING:
    import torch

    from qa.reader.network import Network, Scores

__all__ = ["Bound", "ReaderTask", "Target", "layout_of", "masked", "reader_loss"]

Item = TypeVar("Item")

EXAMPLES_TO_SORT = 512
"""So many examples are put into batches together, by length, to save padding."""


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
        self._network = Network.of(self._folder, settings.dropout).to(device(settings.device))
        self._network.dropout.train()
        _freeze(self._network, settings.frozen_layers)
        if settings.encoder_dropout:
            _drop_out(self._network, settings.encoder_dropout, settings.frozen_layers)

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
        with _pool(self._settings.workers) as mapped:
            for epoch in count():
                examples = epoch_of_examples(self._articles, self._settings, epoch)
                pools = _parts(examples, EXAMPLES_TO_SORT)
                seeds = [f"{self._settings.seed}/{epoch}/{number}" for number in range(len(pools))]
                make = partial(_batches, self._folder, self._settings)
                for batches in mapped(make, pools, seeds):
                    for batch in batches:
                        if step >= start:
                            yield Planned(step, epoch, batch)
                        step += 1

    def loss(self, batch: Sequence[Target]) -> "tuple[torch.Tensor, float]":
        """Return the loss, and the share of questions with the right passage or refusal first."""
        return reader_loss(self._network([target.layout for target in batch]), batch)

    def size(self, batch: Sequence[Target]) -> int:
        """Return the number of questions in a batch."""
        return len(batch)


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[Callable[..., Iterable[list[list[Target]]]]]:
    """Give a ``map`` that works in this process, or ahead in so many others."""
    if workers == 0:
        yield map
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        yield partial(pool.map, chunksize=1)


def _batches(
    folder: Path, settings: ReaderSettings, examples: Sequence[Example], seed: str
) -> list[list[Target]]:
    """Return the examples as batches of about as many tokens, of like lengths, in random order."""
    generator = random.Random(seed)
    targets = [
        masked(layout_of(example, folder, settings.longest), settings.masked_share, generator)
        for example in examples
    ]
    targets.sort(key=lambda target: len(target.layout.ids))
    batches: list[list[Target]] = [[]]
    for target in targets:
        if (len(batches[-1]) + 1) * len(target.layout.ids) > settings.tokens_per_batch:
            batches.append([])
        batches[-1].append(target)
    batches = [batch for batch in batches if batch]
    generator.shuffle(batches)
    return batches


def _parts(items: Sequence[Item], size: int) -> list[list[Item]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


def _freeze(network: "Network", layers: int) -> None:
    encoder = network.encoder
    encoder.words.requires_grad_(False)
    for part in (encoder.positions, encoder.kinds, encoder.norm):
        part.requires_grad_(requires_grad=False)
    for layer in encoder.transformer.layers[:layers]:
        layer.requires_grad_(requires_grad=False)


def _drop_out(network: "Network", share: float, frozen: int) -> None:
    """Drop hidden states inside the layers that learn.

    Not attentions: with dropout they are computed in a way that takes twice as long.
    """
    for layer in network.encoder.transformer.layers[frozen:]:
        for part in (layer.dropout1, layer.dropout2):
            part.p = share
            part.train()


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
    # Of several long answering passages the first may not stand in the sequence, nor all of it.
    windows = [one for one in layout.windows if kept[one.passage] == example.answering[0]]
    bounds = [
        (one, _bound(one.tokens, example.answer.start, example.answer.end)) for one in windows
    ]
    window, bound = next(((one, found) for one, found in bounds if found), (None, None))
    if window is None or bound is None:
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

    rows, at = _places(batch)
    own = scores.answering
    options = own.new_full((len(batch), 1 + max(map(len, at))), -torch.inf)
    options[:, 0] = 0
    options[rows, torch.tensor([1 + n for places in at for n in places], device=own.device)] = own
    wanted = torch.zeros_like(options, dtype=torch.bool)
    for row, target in enumerate(batch):
        wanted[row, [1 + place for place in target.answering] or [0]] = True
    chosen = options.masked_fill(~wanted, -torch.inf)
    loss = (torch.logsumexp(options, 1) - torch.logsumexp(chosen, 1)).mean()
    right = (options.max(1).values == chosen.max(1).values).float().mean().item()
    known = [row for row, target in enumerate(batch) if target.answer is not None]
    if known:
        outside = _outside(batch, scores.starts)
        for logits, ends in ((scores.starts, False), (scores.ends, True)):
            targets = [
                target.answer.last if ends else target.answer.first
                for target in batch
                if target.answer is not None
            ]
            loss = loss + 0.5 * torch.nn.functional.cross_entropy(
                logits.masked_fill(outside, -torch.inf)[known],
                torch.tensor(targets, device=logits.device),
            )
    return loss, right


def _places(batch: Sequence[Target]) -> tuple[list[int], list[range]]:
    """Return the row of each window, and for each row the places of its windows."""
    at = [range(len(target.layout.windows)) for target in batch]
    return [row for row, places in enumerate(at) for _ in places], at


def _outside(batch: Sequence[Target], like: "torch.Tensor") -> "torch.Tensor":
    """Return ``(n_layouts, n_tokens)``: which tokens belong to no passage."""
    import torch

    outside = torch.ones(like.shape, dtype=torch.bool)
    for row, target in enumerate(batch):
        for window in target.layout.windows:
            outside[row, window.first : window.last] = False
    return outside.to(like.device)
