"""The reader's network: an encoder with two heads. Imported only where torch is needed."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import BertConfig, BertModel

from qa.precision import fast_precision
from qa.reader.files import WEIGHTS_FILE
from qa.reader.layout import PAD, Layout

__all__ = ["Network", "Scores", "padded"]


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

    def __init__(self, encoder: BertModel, dropout: float = 0.0) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.span = nn.Linear(width, 2)
        self.answering = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))

    @classmethod
    def of(cls, folder: Path, dropout: float = 0.0) -> "Network":
        """Return the network of a reader's folder, or an encoder's with new heads.

        Raises:
            OSError, ValueError, KeyError, TypeError, RuntimeError: if it cannot be loaded.

        """
        if (folder / WEIGHTS_FILE).is_file():
            config = BertConfig.from_pretrained(str(folder))
            network = cls(BertModel(config, add_pooling_layer=False), dropout)
            weights = load_file(folder / WEIGHTS_FILE)
            network.load_state_dict({name: weight.float() for name, weight in weights.items()})
            network.encoder.train(mode=False)
            return network
        encoder = BertModel.from_pretrained(
            str(folder), local_files_only=True, add_pooling_layer=False, dtype=torch.float32
        )
        encoder.train(mode=False)
        return cls(encoder, dropout)

    def ready(self) -> "Network":
        """Return this network in the number format that is fastest here, without dropout."""
        # transformers wraps its own `to` in a decorator that loses the types.
        nn.Module.to(self.encoder, dtype=fast_precision("auto"))
        self.train(mode=False)
        return self

    def forward(self, layouts: Sequence[Layout]) -> Scores:
        """Return the scores of the layouts; they are padded to the longest."""
        ids, mask = padded(layouts)
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = self.dropout(states).float()
        with torch.autocast("cpu", enabled=False):
            bounds = self.span(states)
            windows = torch.stack(
                [
                    torch.cat(
                        (
                            states[row, window.marker],
                            states[row, window.first : window.last].mean(dim=0),
                        )
                    )
                    for row, layout in enumerate(layouts)
                    for window in layout.windows
                ]
            )
            answering = self.answering(windows)[:, 0]
        return Scores(bounds[..., 0], bounds[..., 1], answering)


def padded(layouts: Sequence[Layout]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token numbers and attention mask, both ``(n_layouts, n_tokens)`` int64."""
    longest = max(len(layout.ids) for layout in layouts)
    ids = torch.full((len(layouts), longest), PAD)
    mask = torch.zeros((len(layouts), longest), dtype=torch.long)
    for row, layout in enumerate(layouts):
        ids[row, : len(layout.ids)] = torch.tensor(layout.ids)
        mask[row, : len(layout.ids)] = 1
    return ids, mask
