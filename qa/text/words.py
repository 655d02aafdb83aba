"""Chinese text in words with their part of speech, as jieba segments it.

jieba is loaded when the first text is segmented, which takes about a second. Its cache file
is neither read nor written: whoever may write to the temporary folder could put another one
there.
"""

import threading
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["Word", "words_of"]

_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its place in a text; ``tag`` is jieba's part of speech (n, nr, v …)."""

    start: int
    end: int
    text: str
    tag: str


def words_of(text: str) -> list[Word]:
    """Return the words of a text in simplified characters, in order, blanks among them."""
    with _LOADING:
        segmenter = _segmenter()
    words: list[Word] = []
    start = 0
    for pair in segmenter.cut(text):
        end = start + len(pair.word)
        words.append(Word(start, end, pair.word, pair.flag))
        start = end
    return words


@cache
def _segmenter() -> Any:  # noqa: ANN401
    # It is older than some rules of the language that it breaks, and warns of them.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        from jieba import posseg
    jieba.setLogLevel("CRITICAL")
    tokenizer = jieba.dt
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return posseg.dt
