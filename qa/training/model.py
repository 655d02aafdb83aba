"""The encoder in training: loading, embedding with gradients, loss, precision."""

import contextlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qa.errors import MissingExtra, ModelError
from qa.reader.files import READER_FILE
from qa.training.batches import Batch
from qa.training.settings import RetrieverSettings

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel

__all__ = [
    "base_folder",
    "contrastive_loss",
    "embed",
    "load_model",
    "reader_base",
    "trainable",
    "transformer",
]

MODELS = Path(__file__).resolve().parent.parent / "models"

TEXTS_PER_BUCKET = 4
"""At least so many texts are padded to one length together."""

BUCKETS = 5


def base_folder(name: str, marked: str = "modules.json") -> Path:
    """Return the folder of a model: a path, or the name of a bundled one.

    ``marked`` is the file that tells its kind.

    Raises:
        ModelError: if there is none.

    """
    for folder in (Path(name), MODELS / name):
        if (folder / marked).is_file():
            return folder
    bundled = sorted(path.parent.name for path in MODELS.glob(f"*/{marked}"))
    raise ModelError(
        f"no model {name!r}; expected a folder with {marked}"
        f" or a bundled name ({', '.join(bundled) or 'none here'})"
    )


def reader_base(name: str) -> Path:
    """Return the folder of a reader to go on from, or of an encoder to start from.

    Raises:
        ModelError: if there is neither.

    """
    try:
        return base_folder(name, READER_FILE)
    except ModelError:
        return base_folder(name)


def load_model(folder: Path) -> "SentenceTransformer":
    """Return the model in ``folder``, without dropout.

    Dropout costs a third of the time of a step on a processor, and a run of a few epochs from a
    trained encoder does not overfit enough to need it.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise MissingExtra("sentence-transformers", "train") from error
    with _quiet():
        model = SentenceTransformer(str(folder), local_files_only=True)
    model.eval()
    return model


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back the load report, which lists layers that the model does not use as missing."""
    from transformers.utils import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def transformer(model: "SentenceTransformer") -> "PreTrainedModel":
    """Return the transformers module that the sentence-transformers model wraps."""
    return cast("PreTrainedModel", model[0].auto_model)


def trainable(model: "SentenceTransformer") -> dict[str, "torch.nn.Parameter"]:
    """Freeze the embedding tables and return the other parameters by name.

    The tables are most of the weights, and a question only ever touches a few of their rows.
    """
    inner = transformer(model)
    tables = getattr(inner, "embeddings", None) or inner.get_input_embeddings()
    tables.requires_grad_(False)
    return {name: weight for name, weight in inner.named_parameters() if weight.requires_grad}


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
    first = (scores.argmax(dim=1) == labels).float().mean().item()
    return loss, first
