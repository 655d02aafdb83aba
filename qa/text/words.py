"""Chinese text in words with their part of speech, as jieba segments it.

jieba is loaded when the first text is segmented, which takes a fifth of a second. Its cache file
is neither read nor written: whoever may write to the temporary folder could put another one
there.
"""

import importlib.util
import io
import sys
import threading
import warnings
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

import numpy as np

__all__ = ["Word", "load_words", "tag_of", "words_of"]

_LOADING = threading.Lock()
_BLANK, _ZERO = b" 0"


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its place in a text; ``tag`` is jieba's part of speech (n, nr, v …)."""

    start: int
    end: int
    text: str
    tag: str


def words_of(text: str) -> list[Word]:
    """Return the words of a text in simplified characters, in order, blanks among them."""
    return list(_words_of(text))


@lru_cache(maxsize=32)
def _words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text; a question is asked for them several times."""
    words: list[Word] = []
    start = 0
    for pair in load_words().cut(text):
        end = start + len(pair.word)
        words.append(Word(start, end, pair.word, pair.flag))
        start = end
    return tuple(words)


def tag_of(word: str) -> str | None:
    """Return the part of speech of a word of the dictionary, None of one that is not there."""
    found: str | None = load_words().word_tag_tab.get(word)
    return found


def load_words() -> Any:  # noqa: ANN401 - jieba has no types
    """Return jieba's segmenter, loaded on the first call."""
    with _LOADING:
        return _segmenter()


@cache
def _segmenter() -> Any:  # noqa: ANN401
    """Return jieba's segmenter on a dictionary of lines.

    jieba makes tables of all words and all their beginnings: several times the seconds and the
    memory.
    What a program does with jieba's own segmenter changes nothing here, nor the other way round.
    """
    # It is older than some rules of the language that it breaks, and warns of them.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        tokenizer = jieba.Tokenizer()
        with tokenizer.get_dict_file() as file:
            dictionary = _Dictionary(file.read())
        segmenter = _posseg(jieba.dt).POSTokenizer(_without_a_file(tokenizer))
    jieba.setLogLevel("CRITICAL")
    tokenizer.FREQ, tokenizer.total = _Field(dictionary.frequency), dictionary.total
    tokenizer.get_DAG = dictionary.ends_of_words
    tokenizer.initialized = True
    segmenter.word_tag_tab = _Field(dictionary.tag)
    return segmenter


def _without_a_file(tokenizer: Any) -> Any:  # noqa: ANN401
    tokenizer.get_dict_file = io.BytesIO
    return tokenizer


def _posseg(everybodys: Any) -> ModuleType:  # noqa: ANN401
    """Return ``jieba.posseg``, or a copy of it if it was not imported yet.

    Importing makes a segmenter from jieba's own one and from the dictionary's file; that of the
    copy, which nobody uses, has no words. Nobody else loads jieba's own one meanwhile.
    """
    if (known := sys.modules.get("jieba.posseg")) is not None:
        return known
    found = importlib.util.find_spec("jieba.posseg")
    if found is None or found.origin is None or found.loader is None:
        raise ImportError("jieba has no part jieba.posseg")
    name = "jieba.posseg_without_words"
    spec = importlib.util.spec_from_file_location(
        name, found.origin, submodule_search_locations=found.submodule_search_locations
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{found.origin} cannot be imported")
    copy = sys.modules[name] = importlib.util.module_from_spec(spec)
    with everybodys.lock:
        _without_a_file(everybodys)
        try:
            spec.loader.exec_module(copy)
        finally:
            del everybodys.get_dict_file
    return copy


class _Dictionary:
    """The lines of jieba's dictionary (word, frequency, tag), in the order of their bytes.

    Of all lines that begin alike that of the word alone comes first, since a blank comes before
    any other character of a word.
    """

    def __init__(self, content: bytes) -> None:
        self._lines = sorted(content.splitlines())
        self.total = _sum_of_numbers(content)

    def frequency(self, word: str) -> int | None:
        """Return how often a word occurs, None if it is none."""
        found = self._fields(word)
        return None if found is None else int(found[1])

    def tag(self, word: str) -> str | None:
        """Return the part of speech of a word, None if it is none."""
        found = self._fields(word)
        return None if found is None else sys.intern(found[2].decode())

    def ends_of_words(self, text: str) -> dict[int, list[int]]:
        """Return for each place of a text the last places of the words that begin there."""
        return {start: self._ends(text, start) or [start] for start in range(len(text))}

    def _ends(self, text: str, start: int) -> list[int]:
        found, at = [], 0
        for end in range(start + 1, len(text) + 1):
            beginning = text[start:end].encode("utf-8", "surrogatepass")
            at = bisect_left(self._lines, beginning, at)
            if at == len(self._lines) or not self._lines[at].startswith(beginning):
                break
            if self._lines[at].startswith(beginning + b" "):
                found.append(end - 1)
        return found

    def _fields(self, word: str) -> list[bytes] | None:
        key = word.encode("utf-8", "surrogatepass") + b" "
        at = bisect_left(self._lines, key)
        if at == len(self._lines) or not self._lines[at].startswith(key):
            return None
        return self._lines[at].split(b" ")


def _sum_of_numbers(content: bytes) -> int:
    """Return the sum of the second fields of all lines, digit by digit for all at once."""
    characters = np.frombuffer(content, np.uint8)
    blanks = np.flatnonzero(characters == _BLANK)
    first, last = blanks[::2] + 1, blanks[1::2] - 1
    total, worth = 0, 1
    while len(last):
        total += worth * int((characters[last] - _ZERO).sum(dtype=np.int64))
        more = last > first
        first, last, worth = first[more], last[more] - 1, worth * 10
    return total


class _Field:
    """What jieba asks of a table of words: the value of one."""

    def __init__(self, value_of: Callable[[str], int | str | None]) -> None:
        self._value_of = value_of

    def get(self, word: str, default: object = None) -> object:
        """Return the value of a word, or the default if it is none."""
        value = self._value_of(word)
        return default if value is None else value
