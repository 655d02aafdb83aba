"""The encoder of the bundled models by numpy: BERT's arithmetic for one sequence at a time.

Importing torch takes longer than all that a first question needs. What comes after it is computed
by :mod:`qa.embedding.encoder`, with the same weights.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.types import Floats

__all__ = [
    "CONFIG_FILE", "ENCODER_FILE", "WORDS", "NumpyEncoder", "Weights", "bert_config", "gelu",
    "linear",
]  # fmt: skip

CONFIG_FILE = "config.json"
ENCODER_FILE = "model.safetensors"
"""Of a folder with nothing but an encoder; a reader's has heads too, and another name."""

WORDS = "embeddings.word_embeddings.weight"
_POSITIONS = "embeddings.position_embeddings.weight"

Weights = Mapping[str, Any]
"""Arrays by their names in a model's file, float32 or, on disk, float16."""

_ROWS = 64
"""Tokens that go through a layer's wide part together, so that it stays in the cache."""
_ERFC = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_ERFC_STEP = 0.3275911


class NumpyEncoder:
    """From token numbers to states, in float32, with the config and weights of a model's files.

    Raises:
        KeyError, TypeError, ValueError: if they do not fit.

    """

    def __init__(self, config: Mapping[str, Any], weights: Weights) -> None:
        self.config = config
        self.width = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._layers = range(int(config["num_hidden_layers"]))
        self._epsilon = np.float32(config["layer_norm_eps"])
        # The table of the words is large, and few of its rows are looked up.
        self.weights: Weights = {
            name: weight if name == WORDS else weight.astype(np.float32)
            for name, weight in weights.items()
        }
        sizes = config["vocab_size"], config["max_position_embeddings"]
        for name, size in zip((WORDS, _POSITIONS), sizes, strict=True):
            if weights[name].shape != (size, self.width) or weights[name].dtype.kind != "f":
                raise ValueError(f"{name} is not what the config says")
        # What else does not fit shows here, not with a question.
        if self.width % self._heads or not np.isfinite(self([0])).all():
            raise ValueError("the weights are not what the config says")

    def means(self, sequences: Sequence[Sequence[int]]) -> Floats:
        """Return the mean state of each sequence, ``(n_sequences, width)`` float32."""
        return np.stack([self(ids).mean(0) for ids in sequences])

    def __call__(self, ids: Sequence[int]) -> Floats:
        """Return the states of one sequence, ``(n_tokens, width)`` float32."""
        part = self.weights
        states = part[WORDS][np.array(ids)].astype(np.float32)
        states += part[_POSITIONS][: len(ids)]
        states += part["embeddings.token_type_embeddings.weight"][0]
        states = self._normed(states, "embeddings.LayerNorm")
        for number in self._layers:
            layer = f"encoder.layer.{number}."
            attended = self._attended(states, f"{layer}attention.")
            states = self._normed(states + attended, f"{layer}attention.output.LayerNorm")
            wide = (states[start : start + _ROWS] for start in range(0, len(ids), _ROWS))
            narrow = [
                linear(
                    gelu(linear(rows, part, f"{layer}intermediate.dense")),
                    part,
                    f"{layer}output.dense",
                )
                for rows in wide
            ]
            states = self._normed(states + np.concatenate(narrow), f"{layer}output.LayerNorm")
        return states

    def _attended(self, states: Floats, layer: str) -> Floats:
        queries, keys, values = (
            linear(states, self.weights, f"{layer}self.{role}")
            for role in ("query", "key", "value")
        )
        size = self.width // self._heads
        queries /= np.float32(size**0.5)
        for start in range(0, self.width, size):
            head = slice(start, start + size)
            scores = queries[:, head] @ keys[:, head].T
            scores -= scores.max(1, keepdims=True)
            np.exp(scores, out=scores)
            queries[:, head] = scores @ values[:, head] / scores.sum(1, keepdims=True)
        return linear(queries, self.weights, f"{layer}output.dense")

    def _normed(self, states: Floats, layer: str) -> Floats:
        states = states - states.mean(1, keepdims=True)
        states /= np.sqrt((states * states).mean(1, keepdims=True) + self._epsilon)
        states *= self.weights[f"{layer}.weight"]
        states += self.weights[f"{layer}.bias"]
        return states


def linear(states: Floats, weights: Weights, layer: str) -> Floats:
    """Return a layer's weighted sums of ``(n, width)`` states."""
    sums: Floats = states @ weights[f"{layer}.weight"].T
    sums += weights[f"{layer}.bias"]
    return sums


def gelu(values: Floats) -> Floats:
    """Return x · Φ(x), to 2e-7 of 1, by formula 7.1.26 of Abramowitz and Stegun for erfc."""
    distance = np.abs(values)
    distance *= np.float32(0.5**0.5)
    step = 1 / (1 + np.float32(_ERFC_STEP) * distance)
    tail = step * np.float32(_ERFC[0])
    for factor in _ERFC[1:]:
        tail += np.float32(factor)
        tail *= step
    distance *= -distance
    tail *= np.exp(distance, out=distance)
    tail *= values
    tail /= 2
    return np.where(values >= 0, values - tail, tail)


def bert_config(folder: Path) -> dict[str, Any]:
    """Return the config of a model's folder.

    Raises:
        OSError, KeyError, ValueError: if it is none of a BERT model with GELU.

    """
    config: dict[str, Any] = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    kind = config["model_type"], config["hidden_act"]
    if kind != ("bert", "gelu"):
        raise ValueError(f"expected the config of a BERT model with GELU, not {kind}")
    return config
