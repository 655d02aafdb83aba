"""Questions that an article does not answer, made from ones that it does.

A name, number or date in a question is swapped for another of the same kind from the same
article: the hardest questions to refuse, since all their words are in the article.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.errors import MissingExtra
from qa.text import HAN, simplified

__all__ = ["Mention", "mentions", "swap", "tagged"]

_NUMERAL = r"[\d零〇一二三四五六七八九十百千万亿两]"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("year", re.compile(r"(?<!\d)\d{3,4}年(?!代)")),
    ("day", re.compile(r"\d{1,2}月\d{1,2}[日号]")),
    ("month", re.compile(r"\d{1,2}月(?!\d)")),
    ("percent", re.compile(r"\d+(?:\.\d+)?[%％]")),
    ("title", re.compile(r"《[^《》]{1,20}》")),
    ("quoted", re.compile(r"[“「][^”」]{1,12}[”」]")),
    ("latin", re.compile(r"[A-Z][A-Za-z0-9&.'-]*(?: [A-Z][A-Za-z0-9&.'-]*)*")),
)
_MEASURE = re.compile(rf"({_NUMERAL}[\d,.]*{_NUMERAL}*)([{HAN}])")
_TAGS = {"nr": "person", "nrt": "person", "nrfg": "person", "ns": "place", "nt": "body"}
_OTHER_NAMES = {"nz": "name"}
_ORGANISATION = re.compile(
    "(?:公司|集团|银行|大学|学院|中学|小学|医院|学会|协会|俱乐部|球队|乐队|政府|法院|军|党)$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text that name something of a kind."""

    kind: str
    words: str


def mentions(text: str) -> list[Mention]:
    """Return what ``text`` names: people, places, bodies, works, numbers and dates.

    Raises:
        MissingExtra: without jieba.

    """
    found: dict[str, Mention] = {}
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            found.setdefault(match.group(), Mention(kind, match.group()))
    for match in _MEASURE.finditer(text):
        number, unit = match.groups()
        if unit not in "年月日号第":
            found.setdefault(match.group(), Mention(f"number of {unit}", number + unit))
    for word, tag in _joined(tagged(text)):
        kind = _TAGS.get(tag) or _OTHER_NAMES.get(tag, "")
        if kind and len(word) > 1:
            found.setdefault(word, Mention("body" if _ORGANISATION.search(word) else kind, word))
    return list(found.values())


def tagged(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of ``text``, as it has them, with their part of speech as jieba names it.

    Raises:
        MissingExtra: without jieba.

    """
    try:
        # It is older than some rules of the language that it breaks, and warns of them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
            from jieba import posseg
    except ImportError as error:
        raise MissingExtra("jieba", "train") from error
    jieba.setLogLevel("ERROR")
    simple = simplified(text)
    start = 0
    for pair in posseg.cut(simple if len(simple) == len(text) else text):
        end = start + len(pair.word)
        yield text[start:end], pair.flag
        start = end


def _joined(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Join neighbours of one part of speech: the parts of a name."""
    for tag, group in groupby(words, key=lambda pair: pair[1]):
        yield "".join(word for word, _ in group), tag


def swap(
    question: str, own: Sequence[Mention], known: Iterable[Mention], barred: str
) -> Iterator[str]:
    """Yield ``question`` with one of its ``own`` mentions swapped for a known one of its kind.

    Nothing that stands in ``barred`` (the answering sentence) is put in, as it may well be
    right there too.
    """
    others = list(known)
    for mention in own:
        for other in others:
            if (
                other.kind == mention.kind
                and other.words not in question
                and other.words not in barred
                and mention.words not in other.words
                and other.words not in mention.words
            ):
                yield question.replace(mention.words, other.words)
