"""From a text to the reader's tokens, with their places in the text."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from qa.embedding.tokenizer import open_tokenizer
from qa.reader.layout import Tokens
from qa.text import simplified, without_surrogates

__all__ = ["plainly_asked", "tokenize"]

_WHAT_IS = re.compile("何谓|何謂|何为|何為|啥是|啥叫|什么叫|什麼叫")


def plainly_asked(question: str) -> str:
    """Return the question with older and colloquial forms of “what is” in the common one.

    The labelled questions hardly have them, and 何为 is easily read as 为何, why.
    """
    return _WHAT_IS.sub("什么是", question)


def tokenize(texts: Sequence[str], folder: Path) -> list[Tokens]:
    """Return the tokens of each text by the tokenizer of a model folder.

    Traditional script is read as simplified, so that a passage reads alike in both; positions
    count in the text as given.
    """
    encoded = _tokenizer(folder).encode_batch(
        [_readable(text) for text in texts], add_special_tokens=False
    )
    return [
        Tokens(
            tuple(one.ids),
            tuple(start for start, _ in one.offsets),
            tuple(end for _, end in one.offsets),
        )
        for one in encoded
    ]


def _readable(text: str) -> str:
    clean = without_surrogates(text)
    simple = simplified(clean)
    # Some words have another length in the other script; positions must not move.
    return simple if len(simple) == len(text) else clean


# By folder, so that the file is read once.
_tokenizer = cache(open_tokenizer)
