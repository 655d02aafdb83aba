"""Questions that an article does not answer, made from ones that it does.

A name, number or date in a question is swapped for another of the same kind from the same
article: the hardest questions to refuse, since all their words are in the article.
"""

import random
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.errors import MissingExtra
from qa.text import HAN, sentences, simplified
from qa.training.records import LabelledArticle, LabelledQuestion

__all__ = ["Mention", "mentions", "swap", "with_swaps"]

SWAPS_PER_QUESTION = 2

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
    for word, tag in _tagged(text):
        kind = _TAGS.get(tag) or _OTHER_NAMES.get(tag, "")
        if kind and len(word) > 1:
            found.setdefault(word, Mention("body" if _ORGANISATION.search(word) else kind, word))
    return list(found.values())


def _tagged(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of ``text`` with their part of speech; neighbours of one kind are joined."""
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
    pairs = posseg.cut(simple if len(simple) == len(text) else text)
    start = 0
    for tag, group in groupby(pairs, key=lambda pair: pair.flag):
        end = start + sum(len(pair.word) for pair in group)
        yield text[start:end], tag
        start = end


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


def with_swaps(article: LabelledArticle, generator: random.Random) -> LabelledArticle:
    """Return the article with some swapped variants at each of its questions."""
    known = mentions("\n".join((article.title, *article.paragraphs)))
    questions = tuple(_with_swaps(one, article, known, generator) for one in article.questions)
    return replace(article, questions=questions)


def _with_swaps(
    question: LabelledQuestion,
    article: LabelledArticle,
    known: Sequence[Mention],
    generator: random.Random,
) -> LabelledQuestion:
    barred = " ".join(_answering_sentences(question, article))
    found = list(dict.fromkeys(swap(question.text, mentions(question.text), known, barred)))
    chosen = generator.sample(found, min(SWAPS_PER_QUESTION, len(found)))
    return replace(question, swapped=tuple(chosen))


def _answering_sentences(question: LabelledQuestion, article: LabelledArticle) -> Iterator[str]:
    """Yield the sentence of the answer; without a known answer, the whole paragraph."""
    text = article.paragraphs[question.positives[0]]
    for span in sentences(text):
        if question.answer is None or span.start <= question.answer.start < span.end:
            yield span.of(text)
