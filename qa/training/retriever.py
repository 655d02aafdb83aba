"""The retriever in training: its encoder, batches and loss, as a task of the loop."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING

from qa.training.batches import Batch, collate, epoch_of_groups
from qa.training.model import base_folder, contrastive_loss, load_model, trainable, transformer
from qa.training.records import LabelledArticle
from qa.training.settings import RetrieverSettings
from qa.training.train import Group, Planned, no_questions

if TYPE_CHECKING:
    import torch

__all__ = ["RetrieverTask"]


class RetrieverTask:
    """Embeds questions nearer to the paragraphs that answer them than to any other.

    Raises:
        LabelError: if no article has a question.

    """

    def __init__(self, articles: Iterable[LabelledArticle], settings: RetrieverSettings) -> None:
        self._articles = [article for article in articles if article.questions]
        if not self._articles:
            raise no_questions()
        self._settings = settings
        self._model = load_model(base_folder(settings.base))
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
                    yield Planned(step, epoch, collate(groups, self._settings, step))
                step += 1

    def loss(self, batch: Batch) -> "tuple[torch.Tensor, float]":
        """Return the loss and the share of questions whose own paragraph comes first."""
        return contrastive_loss(self._model, batch, self._settings)

    def size(self, batch: Batch) -> int:
        """Return the number of questions in a batch."""
        return len(batch.questions)
