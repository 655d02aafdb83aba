"""The reader's network by numpy, for a process that has not needed torch so far."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from qa.embedding.numpy_encoder import NumpyEncoder, bert_config, gelu, linear
from qa.reader.files import WEIGHTS_FILE
from qa.reader.layout import Layout
from qa.types import Floats

__all__ = ["LayoutScores", "NumpyNetwork", "below"]


Weight = TypeVar("Weight")


class LayoutScores(NamedTuple):
    """What a network says of one layout, all float32.

    ``starts`` and ``ends`` are ``(n_tokens,)`` logits of an answer beginning or ending at a
    token; ``answering`` is ``(n_windows,)``, each window's log-odds against "nothing here answers".
    """

    starts: Floats
    ends: Floats
    answering: Floats


class NumpyNetwork:
    """The network of a reader's folder, for one layout at a time.

    Raises:
        Exception: whatever the libraries have for files that cannot be read.

    """

    def __init__(self, folder: Path) -> None:
        weights = load_file(folder / WEIGHTS_FILE)
        self._encoder = NumpyEncoder(bert_config(folder), below("encoder", weights))
        width = self._encoder.width
        shapes = {"span": (2, width), "answering.0": (width, 2 * width), "answering.2": (1, width)}
        self._heads: dict[str, Floats] = {}
        for layer, shape in shapes.items():
            for name, expected in ((f"{layer}.weight", shape), (f"{layer}.bias", shape[:1])):
                self._heads[name] = weights[name].astype(np.float32)
                if self._heads[name].shape != expected:
                    raise ValueError(f"{name} is not what the config says")

    @property
    def config(self) -> Mapping[str, Any]:
        """The config of the encoder."""
        return self._encoder.config

    def weights(self) -> dict[str, NDArray[Any]]:
        """Return the weights under the names that they have in a reader's file."""
        own = {f"encoder.{name}": weight for name, weight in self._encoder.weights.items()}
        return own | self._heads

    def score(self, layout: Layout) -> LayoutScores:
        """Return the scores of one layout."""
        states = self._encoder(layout.ids)
        bounds = linear(states, self._heads, "span")
        pooled = [
            np.concatenate((states[one.marker], states[one.first : one.last].mean(0)))
            for one in layout.windows
        ]
        inner = gelu(linear(np.stack(pooled), self._heads, "answering.0"))
        answering = linear(inner, self._heads, "answering.2")[:, 0]
        return LayoutScores(bounds[:, 0], bounds[:, 1], answering)


def below(part: str, weights: Mapping[str, Weight]) -> dict[str, Weight]:
    """Return the weights of a part, under their names in it."""
    start = f"{part}."
    return {
        name.removeprefix(start): weight
        for name, weight in weights.items()
        if name.startswith(start)
    }
