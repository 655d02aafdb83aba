"""The encoder of the bundled models: BERT's arithmetic by torch's own layers.

Importing transformers takes longer than all that one question needs. Imported only where torch
is needed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import nn

from qa.embedding.numpy_encoder import WORDS
from qa.types import Floats

__all__ = ["Encoder"]

_TABLES = {
    "positions": "embeddings.position_embeddings",
    "kinds": "embeddings.token_type_embeddings",
}
_PARTS = {
    "self_attn.out_proj": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "linear1": "intermediate.dense",
    "linear2": "output.dense",
    "norm2": "output.LayerNorm",
}
"""Of a layer: the name here, and in the file."""

_JOINED = ("query", "key", "value")


class Encoder(nn.Module):
    """From token numbers to states; made by :meth:`of`, with weights.

    ``words`` is the table of the tokens' vectors, ``(n_vocabulary, width)``. It stays in the number
    format that it is in; what is looked up is converted to that of the other weights.
    """

    def __init__(self, config: Mapping[str, Any], words: torch.Tensor) -> None:
        super().__init__()
        self.width = int(config["hidden_size"])
        self.words = nn.Parameter(words)
        self.positions = nn.Embedding(config["max_position_embeddings"], self.width)
        self.kinds = nn.Embedding(config["type_vocab_size"], self.width)
        self.norm = nn.LayerNorm(self.width, config["layer_norm_eps"])
        layer = nn.TransformerEncoderLayer(
            self.width,
            config["num_attention_heads"],
            config["intermediate_size"],
            dropout=0.0,
            activation="gelu",
            layer_norm_eps=config["layer_norm_eps"],
            batch_first=True,
        )
        # It is copied for each layer; without memory that costs nothing.
        layer.to("meta")
        self.transformer = nn.TransformerEncoder(
            layer, config["num_hidden_layers"], enable_nested_tensor=False
        )

    @classmethod
    def of(
        cls,
        config: Mapping[str, Any],
        weights: Mapping[str, torch.Tensor],
        dtype: torch.dtype = torch.float32,
    ) -> "Encoder":
        """Return the encoder of a model's config and weights, as in its files, without dropout.

        Raises:
            KeyError, TypeError, ValueError, RuntimeError: if they do not fit.

        """
        # Copies: the file may be mapped, and replaced while it is.
        encoder = cls(config, weights[WORDS].clone())
        own: dict[str, torch.Tensor] = {"words": encoder.words}
        for name, parts in encoder._names_in_file().items():
            filed = [weights[part] for part in parts]
            own[name] = (torch.cat(filed) if filed[1:] else filed[0]).to(dtype, copy=True)
        encoder.load_state_dict(own, assign=True)
        return encoder.train(mode=False)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the weights under the names that they have in a model's file."""
        own = self.state_dict()
        found = {WORDS: own["words"]}
        for name, parts in self._names_in_file().items():
            found |= zip(parts, own[name].chunk(len(parts)), strict=True)
        return found

    def means(self, sequences: Sequence[Sequence[int]]) -> Floats:
        """Return the mean state of each sequence, ``(n_sequences, width)``; padded together."""
        lengths = torch.tensor([len(one) for one in sequences])[:, None]
        ids = nn.utils.rnn.pad_sequence(list(map(torch.tensor, sequences)), batch_first=True)
        padding = torch.arange(ids.shape[1]) >= lengths
        with torch.inference_mode():
            states = self(ids, padding if padding.any() else None)
            means: torch.Tensor = states.masked_fill(padding[..., None], 0).sum(1) / lengths
        return means.numpy()

    def forward(self, ids: torch.Tensor, padding: torch.Tensor | None = None) -> torch.Tensor:
        """Return the states, ``(n_sequences, n_tokens, width)``.

        ``ids`` are ``(n_sequences, n_tokens)`` int64; ``padding``, of the same shape, is true
        where there is none.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        words = nn.functional.embedding(ids, self.words).to(self.positions.weight.dtype)
        states = self.norm(words + self.kinds.weight[0] + self.positions(places))
        states = self.transformer(states, src_key_padding_mask=padding)
        return cast("torch.Tensor", states)

    def _names_in_file(self) -> dict[str, tuple[str, ...]]:
        """Return for each weight but that of the words what it joins, as named in a file."""
        names: dict[str, tuple[str, ...]] = {
            f"{own}.weight": (f"{filed}.weight",) for own, filed in _TABLES.items()
        }
        for end in ("weight", "bias"):
            names[f"norm.{end}"] = (f"embeddings.LayerNorm.{end}",)
            for number in range(len(self.transformer.layers)):
                own, filed = f"transformer.layers.{number}.", f"encoder.layer.{number}."
                names[f"{own}self_attn.in_proj_{end}"] = tuple(
                    f"{filed}attention.self.{part}.{end}" for part in _JOINED
                )
                names |= {f"{own}{a}.{end}": (f"{filed}{b}.{end}",) for a, b in _PARTS.items()}
        return names
