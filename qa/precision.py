"""The number format to compute in: 32 bits, or bfloat16 where the processor has it."""

import time
from typing import TYPE_CHECKING

from qa.errors import ModelError

if TYPE_CHECKING:
    import torch

__all__ = ["fast_precision"]


def fast_precision(precision: str) -> "torch.dtype":
    """Return the type to compute in; ``auto`` measures a matrix product in both.

    Processors without bfloat16 arithmetic emulate it, at a small part of the speed.

    Raises:
        ModelError: if ``precision`` is none of ``auto``, ``float32``, ``bfloat16``.

    """
    import torch

    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    if precision in known:
        return known[precision]
    if precision != "auto":
        raise ModelError(f"no precision {precision!r}; expected auto, {' or '.join(known)}")
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    seconds = {dtype: _product_seconds(dtype) for dtype in known.values()}
    # Autocast also converts back and forth; a small lead in the product alone is none.
    return min(seconds, key=lambda d: seconds[d] * (1.5 if d == torch.bfloat16 else 1.0))


def _product_seconds(dtype: "torch.dtype") -> float:
    """Return the time of a product of the size of a feed-forward layer, the best of three."""
    import torch

    left, right = torch.ones(512, 384, dtype=dtype), torch.ones(384, 1536, dtype=dtype)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return best
