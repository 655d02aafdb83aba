"""The loss of a batch of questions and paragraphs, with gradients."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.training.retriever.batches import Batch
from qa.training.run.settings import RetrieverSettings

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["contrastive_loss", "embed"]

TEXTS_PER_BUCKET = 4
"""At least so many texts are padded to one length together."""

BUCKETS = 5


def embed(
    model: "SentenceTransformer", texts: Sequence[str], prompt: str, longest: int
) -> "torch.Tensor":
    """Return the vectors of ``texts`` with gradients: (n_texts, dimension), unit rows.

    ``prompt`` names one of the model's prompts and ``longest`` is in tokens. Texts of like
    length are padded together.
    """
    import torch

    prefix = model.prompts.get(prompt) or ""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    count = max(1, min(BUCKETS, len(order) // TEXTS_PER_BUCKET))
    cuts = [len(order) * bucket // count for bucket in range(count + 1)]
    parts = []
    for start, end in pairwise(cuts):
        encoded = model.tokenizer(
            [prefix + texts[place] for place in order[start:end]],
            padding=True,
            truncation=True,
            max_length=longest,
            return_tensors="pt",
        )
        inputs = {name: encoded[name].to(model.device) for name in ("input_ids", "attention_mask")}
        parts.append(model(inputs)["sentence_embedding"])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(parts)[back.to(model.device)]


def contrastive_loss(
    model: "SentenceTransformer", batch: Batch, settings: RetrieverSettings
) -> tuple["torch.Tensor", float]:
    """Return the loss of a batch and the share of questions whose own paragraph comes first.

    The loss is InfoNCE (van den Oord et al. 2018): the cross-entropy of a question's own
    paragraph among all paragraphs of the batch, over cosines divided by the temperature.
    """
    import torch

    questions = embed(model, batch.questions, "query", settings.question_tokens)
    paragraphs = embed(model, batch.paragraphs, "document", settings.paragraph_tokens)
    scores = (questions.float() @ paragraphs.float().T) / settings.temperature
    excluded = torch.zeros_like(scores, dtype=torch.bool)
    for row, places in enumerate(batch.ignored):
        excluded[row, list(places)] = True
    scores = scores.masked_fill(excluded, float("-inf"))
    labels = torch.tensor(batch.labels, device=scores.device)
    loss = torch.nn.functional.cross_entropy(scores, labels)
    if batch.sentences:
        loss = loss + settings.sentences_weight * _translation_loss(model, batch, settings)
    first = (scores.argmax(dim=1) == labels).float().mean().item()
    return loss, first


def _translation_loss(
    model: "SentenceTransformer", batch: Batch, settings: RetrieverSettings
) -> "torch.Tensor":
    """Return how well each sentence finds its translation among the others', both ways."""
    import torch

    one, other = (
        embed(model, texts, "query", settings.question_tokens)
        for texts in ([p.one for p in batch.sentences], [p.other for p in batch.sentences])
    )
    scores = (one.float() @ other.float().T) / settings.temperature
    labels = torch.arange(len(scores), device=scores.device)
    entropy = torch.nn.functional.cross_entropy
    return (entropy(scores, labels) + entropy(scores.T, labels)) / 2
