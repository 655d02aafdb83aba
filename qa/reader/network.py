"""The reader's network: an encoder with two heads. Imported only where torch is needed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from qa.embedding.compute import fast_precision
from qa.embedding.encoder import Encoder
from qa.embedding.numpy_encoder import ENCODER_FILE, bert_config
from qa.reader.files import WEIGHTS_FILE
from qa.reader.layout import PAD, Layout
from qa.reader.numpy_network import LayoutScores, below

__all__ = ["Network", "Scores"]


class Scores:
    """What the network says of a batch of layouts.

    ``starts`` and ``ends`` are ``(n_layouts, n_tokens)`` float32 logits of an answer beginning
    or ending at a token; ``answering`` is ``(n_windows,)`` float32, each window's log-odds
    against "nothing here answers", in the order of the layouts and their windows.
    """

    __slots__ = ("answering", "ends", "starts")

    def __init__(self, starts: torch.Tensor, ends: torch.Tensor, answering: torch.Tensor) -> None:
        self.starts = starts
        self.ends = ends
        self.answering = answering


class Network(nn.Module):
    """An encoder, a head for the answer's bounds, and one for whether a window answers."""

    def __init__(self, encoder: Encoder, dropout: float = 0.0) -> None:
        super().__init__()
        width = encoder.width
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.span = nn.Linear(width, 2)
        self.answering = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))

    @classmethod
    def of(
        cls, folder: Path, dropout: float = 0.0, dtype: torch.dtype = torch.float32
    ) -> "Network":
        """Return the network of a reader's folder, or an encoder's with new heads.

        The encoder computes in ``dtype``, the heads in float32.

        Raises:
            OSError, ValueError, KeyError, TypeError, RuntimeError: if it cannot be loaded.

        """
        config = bert_config(folder)
        if not (folder / WEIGHTS_FILE).is_file():
            return cls(Encoder.of(config, load_file(folder / ENCODER_FILE), dtype), dropout)
        return cls.made_of(config, load_file(folder / WEIGHTS_FILE), dropout, dtype)

    @classmethod
    def made_of(
        cls,
        config: Mapping[str, Any],
        weights: Mapping[str, torch.Tensor],
        dropout: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> "Network":
        """Return the network of a config and weights as they are in a reader's files."""
        network = cls(Encoder.of(config, below("encoder", weights), dtype), dropout)
        network.span.load_state_dict(below("span", weights))
        network.answering.load_state_dict(below("answering", weights))
        return network

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the weights under the names that they have in a reader's file."""
        parts = {"span": self.span.state_dict(), "answering": self.answering.state_dict()}
        parts["encoder"] = self.encoder.weights()
        return {
            f"{part}.{name}": weight for part, own in parts.items() for name, weight in own.items()
        }

    def ready(self) -> "Network":
        """Return this network in the number format that is fastest here, without dropout."""
        self.encoder.to(fast_precision("auto"))
        self.train(mode=False)
        return self

    def score(self, layout: Layout) -> LayoutScores:
        """Return the scores of one layout."""
        with torch.inference_mode():
            scores = self([layout])
        found = scores.starts[0], scores.ends[0], scores.answering
        return LayoutScores(*(part.numpy() for part in found))

    def forward(self, layouts: Sequence[Layout]) -> Scores:
        """Return the scores of the layouts; they are padded to the longest."""
        device = self.span.weight.device
        ids, padding = (part.to(device) for part in _padded(layouts))
        states = self.encoder(ids, padding if padding.any() else None)
        states = self.dropout(states).float()
        with torch.autocast(device.type, enabled=False):
            bounds = self.span(states)
            answering = self.answering(_pooled(states, layouts))[:, 0]
        return Scores(bounds[..., 0], bounds[..., 1], answering)


def _pooled(states: torch.Tensor, layouts: Sequence[Layout]) -> torch.Tensor:
    """Return ``(n_windows, 2 * width)``: the state of each marker, and the mean of its window."""
    places = [
        (row, window.marker, window.first, window.last)
        for row, layout in enumerate(layouts)
        for window in layout.windows
    ]
    row, marker, first, last = torch.tensor(places, device=states.device).unbind(1)
    sums = nn.functional.pad(states.cumsum(1), (0, 0, 1, 0))
    means = (sums[row, last] - sums[row, first]) / (last - first).unsqueeze(1)
    return torch.cat((states[row, marker], means), 1)


def _padded(layouts: Sequence[Layout]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token numbers, int64, and where none is, both ``(n_layouts, n_tokens)``."""
    sequences = [torch.tensor(layout.ids) for layout in layouts]
    ids = nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_value=PAD)
    lengths = torch.tensor([len(layout.ids) for layout in layouts])
    return ids, torch.arange(ids.shape[1]) >= lengths[:, None]
