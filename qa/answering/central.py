"""The sentences of an article that stand for its parts: those that share most with the others."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.text import CLOSERS, FUNCTION_CHARACTERS, fold, sentences, tokens
from qa.types import Paragraph, Span

__all__ = ["Sentence", "central_sentences", "stretches"]

_LOOKED_AT = 300
"""Paragraphs of an article that are looked at; of a longer one so many, at even distances."""
_OF_EACH = 12
"""Sentences of one paragraph that are looked at."""
_SHORT, _LONG = 12, 150
"""Characters between which a sentence is long enough to tell something and short enough to show."""
_LEANS = re.compile(
    r"[他她它这那其但而且并则也还就又却]|因此|所以|不过|然而|同时|另外|此外|例如|比如|可见|于是|接着|随后|"
    r"后来|当时|值得|换言之|进一步|据了解|据悉|无独有偶|对此|为此|对于|以.{1,8}为例|相比之下|总之|最后|"
    r"(?:it|he|she|they|this|that|these|those|but|and|however|so)\b"
)
"""What begins a sentence that needs the one before it."""
_LEANING, _LEADING = 0.7, 1.15
"""What a sentence counts that leans on the one before, and the first one of a paragraph."""
_FALLS = 0.35
"""What is lost from the beginning of a part to its end: what comes first tells what follows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at its place; ``leads`` tells whether it is the first of its paragraph."""

    paragraph: Paragraph
    span: Span
    leads: bool = False

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.span.of(self.paragraph.text)


def stretches(body: Sequence[Paragraph], count: int) -> list[list[Paragraph]]:
    """Cut paragraphs into at most ``count`` stretches of about the same length, in order."""
    total = max(sum(len(one.text) for one in body), 1)
    cut: list[list[Paragraph]] = []
    before = 0
    for one in body:
        if not cut or (len(cut) < count and before * count >= len(cut) * total):
            cut.append([])
        cut[-1].append(one)
        before += len(one.text)
    return cut


def central_sentences(parts: Sequence[Sequence[Paragraph]]) -> list[Sentence]:
    """Return the most central sentence of each part of an article that has one.

    A word counts by the number of sentences of the whole article that have it.
    """
    each = max(_LOOKED_AT // max(len(parts), 1), 1)
    found = [
        [one for paragraph in _sampled(part, each) for one in _sentences(paragraph)]
        for part in parts
    ]
    words = {one: _words(one.text) for part in found for one in part}
    counts = Counter(word for own in words.values() for word in own)
    chosen: list[Sentence] = []
    for part in filter(None, found):
        worths = [
            _worth(one, words[one], counts) * (1 - _FALLS * place / len(part))
            for place, one in enumerate(part)
        ]
        chosen.append(part[worths.index(max(worths))])
    return chosen


def _sampled(part: Sequence[Paragraph], count: int) -> Sequence[Paragraph]:
    step = math.ceil(len(part) / count)
    return part[:: max(step, 1)]


def _sentences(paragraph: Paragraph) -> list[Sentence]:
    spans = sentences(paragraph.text[: _OF_EACH * _LONG])[:_OF_EACH]
    return [Sentence(paragraph, span, place == 0) for place, span in enumerate(spans)]


def _words(text: str) -> frozenset[str]:
    """Return the words that tell something: pairs of characters, and whole words of letters."""
    return frozenset(
        token
        for token in tokens(text)
        if len(token) > 1 and not any(one in FUNCTION_CHARACTERS for one in token)
    )


def _worth(sentence: Sentence, words: frozenset[str], counts: Mapping[str, int]) -> float:
    """Return how much of the article is in a sentence, for its length."""
    shared = sum(math.log(counts[word]) for word in words)
    worth = shared / math.pow(len(words) + 8, 0.7)
    text = sentence.text
    if not _SHORT <= len(text) <= _LONG or text.rstrip(CLOSERS).endswith(("?", "？", "：", ":")):
        worth *= 0.3
    if _LEANS.match(fold(text).lstrip('“"「『')):
        worth *= _LEANING
    return worth * _LEADING if sentence.leads else worth
