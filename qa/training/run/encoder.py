"""The encoder that training begins with: where it is, loading it, what of it is trained."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qa.config import MODELS
from qa.errors import MissingExtra, ModelError
from qa.reader.files import READER_FILE

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel

__all__ = [
    "base_folder",
    "device",
    "load_model",
    "reader_base",
    "trainable",
    "transformer",
]


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


def device(name: str) -> "torch.device":
    """Return the device to compute on; ``auto`` is a graphics card if there is one.

    Raises:
        ModelError: if it is not there.

    """
    import torch

    present = torch.cuda.is_available()
    if name not in ("auto", "cpu", "cuda") or (name == "cuda" and not present):
        raise ModelError(f"no device {name!r} here; expected auto or cpu, or cuda on a card")
    return torch.device("cuda" if present and name != "cpu" else "cpu")


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
