"""Words of the same meaning, for search: Chinese to Chinese and English to Chinese.

A reader asks with other words than the article has. The groups of words in
``groups.txt.gz`` come from a dictionary (see README.md beside it); a question is searched
with the words of its groups that occur in the documents, and never shown with them.
"""

import gzip
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.text import query_tokens, without_question_words
from qa.types import Integers

__all__ = ["GROUPS_FILE", "LONGEST_WORD", "Thesaurus", "load_thesaurus", "related_tokens", "stem"]

GROUPS_FILE = Path(__file__).with_name("groups.txt.gz")
LONGEST_WORD = 4
"""Characters of a Chinese word in a group; the shortest has two."""

_MOST_WORDS = 3
"""Words of the same meaning that are searched for one word of a question."""
_MOST_CONSIDERED = 60
"""Words of the same meaning that are looked up in the documents for one word."""
_MOST_STEMS = 2
"""Of an English description by which its Chinese words are found."""
_ENGLISH = re.compile(r"[a-z]{3,}")
_ENDINGS = (
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(?<=[sxz])es$|(?<=[cs]h)es$|(?<![su])s$"), ""),
    (re.compile(r"(?:ing|ed|ly)$"), ""),
    (re.compile(r"([bdfgmnprt])\1$"), r"\1"),
    (re.compile(r"e+$"), ""),
)
_SHORTEST_STEM = 3


class Thesaurus:
    """Groups of Chinese words, each of one meaning.

    ``text`` has a line for each: its English stems, a tab, its Chinese words; those closest in
    meaning come first. Every line ends with a line break.
    """

    def __init__(self, text: str) -> None:
        # Taking the lines apart one by one takes longer than most processes ever look.
        self._codes = codes = np.frombuffer(text.encode("utf-16-le"), np.uint16)
        breaks = np.flatnonzero(codes <= ord(" "))
        starts = np.append(0, breaks + 1)[:-1]
        sizes = breaks - starts
        self._line_ends = breaks[codes[breaks] == ord("\n")]
        han = (codes[starts] > ord("z")) & (sizes <= LONGEST_WORD)
        keys = _keys(codes, starts[han], sizes[han])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._places: Integers = starts[han][order]

    def __len__(self) -> int:
        return len(self._line_ends)

    def __contains__(self, word: str) -> bool:
        """Tell whether a Chinese word is in a group."""
        return len(self._found(word)) > 0

    def related(self, text: str) -> list[list[str]]:
        """Return the Chinese words of the same meaning for each word of a question.

        Han words are found by the longest match from the left.
        """
        found = [self.others(word)[:_MOST_CONSIDERED] for word in self._han_words(text)]
        stems = dict.fromkeys(
            stem(token) for token in query_tokens(text) if _ENGLISH.fullmatch(token)
        )
        return found + [_words(self._by_stem.get(one, ()))[:_MOST_CONSIDERED] for one in stems]

    def others(self, word: str) -> list[str]:
        """Return the other words of the groups of a Chinese word, the closest first."""
        lines = map(self._line, np.searchsorted(self._line_ends, self._found(word)))
        return [other for other in _words(lines) if other != word]

    def _line(self, number: int) -> str:
        start = self._line_ends[number - 1] + 1 if number else 0
        return self._codes[start : self._line_ends[number]].tobytes().decode("utf-16-le")

    def _found(self, word: str) -> Integers:
        """Return the places of a Chinese word in the text."""
        codes = word.encode("utf-16-be", "surrogatepass").ljust(2 * LONGEST_WORD, b"\0")
        if len(codes) > 2 * LONGEST_WORD or "\0" in word:
            return np.empty(0, np.int64)
        key = np.uint64(int.from_bytes(codes))
        first = self._keys.searchsorted(key)
        end = self._keys.searchsorted(key, "right")
        return self._places[first:end]

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for line in map(self._line, range(len(self))):
            stems = line.partition("\t")[0].split()
            # A longer description has too little to do with each of its words.
            for one in stems if len(stems) <= _MOST_STEMS else ():
                found[one] = (*found.get(one, ()), line)
        return found

    def _han_words(self, text: str) -> list[str]:
        bare, start = without_question_words(text), 0
        words: dict[str, None] = {}
        while start < len(bare):
            for length in range(LONGEST_WORD, 1, -1):
                word = bare[start : start + length]
                if len(word) == length and word in self:
                    words[word] = None
                    start += length
                    break
            else:
                start += 1
        return list(words)


def _keys(codes: NDArray[np.uint16], starts: Integers, sizes: Integers) -> NDArray[np.uint64]:
    """Return a number for each word of at most four UTF-16 codes, others for other words."""
    keys = np.zeros(len(starts), np.uint64)
    for place in range(LONGEST_WORD):
        code = codes[np.minimum(starts + place, len(codes) - 1)]
        keys = keys << np.uint64(16) | np.where(place < sizes, code, 0).astype(np.uint64)
    return keys


def _words(lines: Iterable[str]) -> list[str]:
    """Return the Chinese words of lines, each once."""
    return list(dict.fromkeys(word for line in lines for word in line.partition("\t")[2].split()))


def stem(word: str) -> str:
    """Return an English word in lower case without a common ending.

    Forms of a word that a dictionary and a question may have give one stem, which need not
    be a word: employee, employees, employ → employ.
    """
    for pattern, kept in _ENDINGS:
        shorter = pattern.sub(kept, word)
        if len(shorter) >= _SHORTEST_STEM:
            word = shorter
    return word


@cache
def load_thesaurus() -> Thesaurus:
    """Return the bundled thesaurus, read once."""
    return Thesaurus(gzip.decompress(GROUPS_FILE.read_bytes()).decode())


def related_tokens(
    question: str, frequencies: Callable[[Sequence[str]], Integers]
) -> tuple[str, ...]:
    """Return search tokens of words that mean what the question's words mean.

    Only words whose every pair of characters occurs in the documents are taken, at most
    three for a word, closest in meaning first. ``frequencies`` counts the paragraphs of
    tokens: ``(n_tokens,)`` int64. Tokens of the question itself are left out.
    """
    related = load_thesaurus().related(question)
    pairs = list(
        dict.fromkeys(pair for words in related for word in words for pair in _pairs(word))
    )
    if not pairs:
        return ()
    known = {pair for pair, count in zip(pairs, frequencies(pairs), strict=True) if count}
    own = set(query_tokens(question))
    taken = (
        pair
        for words in related
        for word in [word for word in words if known.issuperset(_pairs(word))][:_MOST_WORDS]
        for pair in _pairs(word)
        if pair not in own
    )
    return tuple(dict.fromkeys(taken))


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(len(word) - 1)]
