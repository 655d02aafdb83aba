"""Chinese text in words with their part of speech, as jieba segments it.

jieba is loaded when the first text is segmented, which takes half a second. Its cache file
is neither read nor written: whoever may write to the temporary folder could put another one
there.
"""

import contextlib
import io
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["Word", "load_words", "words_of"]

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
    words: list[Word] = []
    start = 0
    for pair in load_words().cut(text):
        end = start + len(pair.word)
        words.append(Word(start, end, pair.word, pair.flag))
        start = end
    return words


def load_words() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's segmenter, loaded on the first call."""
    with _LOADING:
        return _segmenter()


@cache
def _segmenter() -> Any:  # noqa: ANN401
    """Return jieba's segmenter with its own dictionary, read once and kept once.

    jieba reads it line by line, and keeps all beginnings of words beside the words: twice the
    seconds and the memory. What a program does with jieba's own segmenter changes nothing here,
    nor the other way round.
    """
    # It is older than some rules of the language that it breaks, and warns of them.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        shares_words = "jieba.posseg" not in sys.modules and jieba.dt.dictionary is None
        with _no_file_for(jieba.dt) if shares_words else contextlib.nullcontext():
            from jieba import posseg
    jieba.setLogLevel("CRITICAL")
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        fields = file.read().decode().split()
    words, numbers = fields[::3], list(map(int, fields[1::3]))
    frequencies = dict(zip(words, numbers, strict=True))
    longest = max(map(len, words))

    def ends_of_words(text: str) -> dict[int, list[int]]:
        """Return for each place of a text the last places of the words that begin there."""
        found = {}
        for start in range(len(text)):
            ends = range(start + 1, min(start + longest, len(text)) + 1)
            found[start] = [end - 1 for end in ends if text[start:end] in frequencies] or [start]
        return found

    tokenizer.FREQ, tokenizer.total = frequencies, sum(numbers)
    tokenizer.get_dict_file, tokenizer.get_DAG = io.BytesIO, ends_of_words
    tokenizer.initialized = True
    segmenter = posseg.POSTokenizer(tokenizer)
    segmenter.word_tag_tab = dict(zip(words, map(sys.intern, fields[2::3]), strict=True))
    if shares_words:
        posseg.dt.word_tag_tab = dict(segmenter.word_tag_tab)
    return segmenter


@contextlib.contextmanager
def _no_file_for(tokenizer: Any) -> Iterator[None]:  # noqa: ANN401
    """Let what is made of jieba's own segmenter read no dictionary; it is given the words here.

    Importing ``jieba.posseg`` makes something. Nobody else loads that segmenter meanwhile.
    """
    with tokenizer.lock:
        tokenizer.get_dict_file = io.BytesIO
        try:
            yield
        finally:
            del tokenizer.get_dict_file
