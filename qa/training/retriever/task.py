"""The retriever in training: its encoder, batches and loss, as a task of the loop."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from qa.training.data.records import LabelledArticle, Sentences
from qa.training.retriever.batches import Batch, collate, epoch_of_groups
from qa.training.retriever.loss import contrastive_loss
from qa.training.run.encoder import (
    base_folder,
    device,
    load_model,
    trainable,
    transformer,
)
from qa.training.run.loop import Group, Planned, no_questions
from qa.training.run.settings import RetrieverSettings

if TYPE_CHECKING:
    import torch

__all__ = ["RetrieverTask"]


class RetrieverTask:
    """Embeds questions nearer to the paragraphs that answer them than to any other.

    Raises:
        LabelError: if no article has a question.

    """

    def __init__(
        self,
        articles: Iterable[LabelledArticle],
        settings: RetrieverSettings,
        sentences: Sequence[Sentences] = (),
    ) -> None:
        self._sentences = sentences
        self._articles = [article for article in articles if article.answerable]
        if not self._articles:
            raise no_questions()
        self._settings = settings
        self._model = load_model(base_folder(settings.base))
        self._model.to(device(settings.device))
        self.weights: Mapping[str, torch.nn.Parameter] = trainable(self._model)

    @property
    def groups(self) -> list[Group]:
        """All weights, at the learning rate itself."""
        return [Group(list(self.weights.values()), 1.0)]

    def load(self, weights: "Mapping[str, torch.Tensor]") -> None:
        """Take up the weights of a checkpoint."""
        transformer(self._model).load_state_dict(weights, strict=False)

    def plan(self, start: int) -> Iterator[Planned[Batch]]:
        """Yield the batches of one epoch after another, from step ``start`` on."""
        step = 0
        for epoch in count():
            for groups in epoch_of_groups(self._articles, self._settings, epoch):
                if step >= start:
                    batch = collate(groups, self._settings, step, self._sentences)
                    yield Planned(step, epoch, batch)
                step += 1

    def loss(self, batch: Batch) -> "tuple[torch.Tensor, float]":
        """Return the loss and the share of questions whose own paragraph comes first."""
        return contrastive_loss(self._model, batch, self._settings)

    def size(self, batch: Batch) -> int:
        """Return the number of questions in a batch."""
        return len(batch.questions)
