"""The tokenizer of a model folder, without the libraries that wrap it."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["TOKENIZER_FILE", "open_tokenizer"]

TOKENIZER_FILE = "tokenizer.json"


def open_tokenizer(folder: Path) -> "Tokenizer":
    """Return the tokenizer of a folder, which neither cuts nor pads.

    Folders with the same tokenizer share one: both bundled models have the same.

    Raises:
        OSError: if there is none.
        Exception: whatever the library has for a file that it cannot read.

    """
    return _made_of((folder / TOKENIZER_FILE).read_bytes())


@cache
def _made_of(description: bytes) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_buffer(description)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
