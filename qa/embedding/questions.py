"""Questions as vectors, by torch alone: what sentence-transformers makes of them, much sooner.

Imported only where torch is needed.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from qa.embedding.encoder import CONFIG_FILE, ENCODER_FILE, Encoder
from qa.embedding.tokenizer import open_tokenizer
from qa.types import Floats

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

    Raises:
        Exception: whatever the libraries have for files that cannot be read.

    """

    def __init__(self, folder: Path) -> None:
        self._prompt = str(_read(folder / "config_sentence_transformers.json")["prompts"]["query"])
        self._longest = min(
            int(_read(folder / CONFIG_FILE)["max_position_embeddings"]),
            int(_read(folder / "tokenizer_config.json")["model_max_length"]),
            int(_read(folder / "sentence_bert_config.json").get("max_seq_length") or 1_000_000),
        )
        self._tokenizer = open_tokenizer(folder)
        self._encoder = Encoder.of(folder, load_file(folder / ENCODER_FILE))

    def encode(self, questions: Sequence[str], batch_size: int) -> Floats:
        """Return ``(n_questions, width)`` float32, unit rows; batches are sorted by length."""
        found = self._tokenizer.encode_batch([self._prompt + question for question in questions])
        sequences = [self._cut(one.ids) for one in found]
        order = sorted(range(len(sequences)), key=lambda place: -len(sequences[place]))
        vectors = np.empty((len(sequences), self._encoder.width), np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), batch_size):
                places = order[start : start + batch_size]
                vectors[places] = self._vectors([sequences[place] for place in places]).numpy()
        return vectors

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the weights under the names that they have in the model's file."""
        return self._encoder.weights()

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self._longest else [*ids[: self._longest - 1], ids[-1]]

    def _vectors(self, sequences: Sequence[list[int]]) -> torch.Tensor:
        """Return the vectors of sequences, the longest of which is the first."""
        lengths = torch.tensor([len(one) for one in sequences])[:, None]
        ids = torch.nn.utils.rnn.pad_sequence(list(map(torch.tensor, sequences)), batch_first=True)
        padding = torch.arange(ids.shape[1]) >= lengths
        states = self._encoder(ids, padding if padding.any() else None)
        means = states.masked_fill(padding[..., None], 0).sum(1) / lengths
        return torch.nn.functional.normalize(means, dim=1)


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    return json.loads(path.read_text(encoding="utf-8"))
