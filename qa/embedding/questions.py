"""Questions as vectors: what sentence-transformers makes of them, much sooner."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load_file as load_arrays

from qa.embedding.numpy_encoder import CONFIG_FILE, ENCODER_FILE, NumpyEncoder, bert_config
from qa.embedding.tokenizer import open_tokenizer
from qa.types import Floats

if TYPE_CHECKING:
    import torch

    from qa.embedding.encoder import Encoder

__all__ = ["QuestionEncoder", "can_encode"]

_STEPS = ("Transformer", "Pooling", "Normalize")


def can_encode(folder: Path) -> bool:
    """Tell whether a sentence-transformers folder is of the kind of the bundled one.

    That is a BERT encoder, the mean over all tokens, unit length, and nothing else.
    """
    try:
        steps = _read(folder / "modules.json")
        pooling = _read(folder / steps[1]["path"] / CONFIG_FILE)
        config = _read(folder / CONFIG_FILE)
        return (
            tuple(step["type"].rpartition(".")[2] for step in steps) == _STEPS
            and (pooling["pooling_mode"], pooling["include_prompt"]) == ("mean", True)
            and (config["model_type"], config["hidden_act"]) == ("bert", "gelu")
            # Others may do more to a text than the tokenizer's own file says.
            and _read(folder / "tokenizer_config.json")["tokenizer_class"] == "TokenizersBackend"
            and (folder / ENCODER_FILE).is_file()
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


class QuestionEncoder:
    """Encodes questions with the model in a folder that :func:`can_encode` accepts.

    By torch, or ``without_torch`` as far as numpy can, which is there sooner.

    Raises:
        Exception: whatever the libraries have for files that cannot be read.

    """

    def __init__(self, folder: Path, without_torch: bool) -> None:
        self._prompt = str(_read(folder / "config_sentence_transformers.json")["prompts"]["query"])
        self._longest = min(
            int(_read(folder / CONFIG_FILE)["max_position_embeddings"]),
            int(_read(folder / "tokenizer_config.json")["model_max_length"]),
            int(_read(folder / "sentence_bert_config.json").get("max_seq_length") or 1_000_000),
        )
        self._tokenizer = open_tokenizer(folder)
        self._encoder = _opened(folder, without_torch)

    @property
    def without_torch(self) -> bool:
        """Whether numpy computes."""
        return isinstance(self._encoder, NumpyEncoder)

    def use_torch(self) -> None:
        """Compute by torch from now on, with the weights that are here already."""
        if isinstance(self._encoder, NumpyEncoder):
            import torch

            from qa.embedding.encoder import Encoder

            weights = self._encoder.weights.items()
            tensors = {name: torch.from_numpy(weight) for name, weight in weights}
            self._encoder = Encoder.of(self._encoder.config, tensors)

    def torch_weights(self) -> "dict[str, torch.Tensor]":
        """Return torch's weights, if it computes, under the names that they have in the file."""
        return {} if isinstance(self._encoder, NumpyEncoder) else self._encoder.weights()

    def encode(self, questions: Sequence[str], batch_size: int) -> Floats:
        """Return ``(n_questions, width)`` float32, unit rows; batches are sorted by length."""
        found = self._tokenizer.encode_batch([self._prompt + question for question in questions])
        sequences = [self._cut(one.ids) for one in found]
        order = sorted(range(len(sequences)), key=lambda place: -len(sequences[place]))
        vectors = np.empty((len(sequences), self._encoder.width), np.float32)
        for start in range(0, len(order), batch_size):
            places = order[start : start + batch_size]
            vectors[places] = self._encoder.means([sequences[place] for place in places])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self._longest else [*ids[: self._longest - 1], ids[-1]]


def _opened(folder: Path, without_torch: bool) -> "Encoder | NumpyEncoder":
    config, file = bert_config(folder), folder / ENCODER_FILE
    if without_torch:
        # What numpy cannot read torch may, or it says what is wrong.
        with contextlib.suppress(Exception):
            return NumpyEncoder(config, load_arrays(file))
    from safetensors.torch import load_file

    from qa.embedding.encoder import Encoder

    return Encoder.of(config, load_file(file))


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    return json.loads(path.read_text(encoding="utf-8"))
