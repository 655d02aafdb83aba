"""Variants of a question, as people really type them.

Typing errors, the other Chinese script, keyword form, small talk, other words. Numbers are never
touched: a changed one makes another question. All choices come from the generator given.
"""

import random
import re
from collections.abc import Callable
from functools import cache

from qa.question.thesaurus import LONGEST_WORD, Thesaurus, load_thesaurus
from qa.text import HAN, simplified

__all__ = [
    "VARIANTS",
    "augment",
    "keywords",
    "other_script",
    "other_words",
    "small_talk",
    "typing_error",
]

_HAN = re.compile(f"[{HAN}]")
_DIGITS = re.compile(r"\d")
_NUMBER = re.compile(r".?[\d零〇一二三四五六七八九十百千万萬亿億两兩]+.?")

_SHORTEST_FOR_TYPING_ERROR = 6
"""Letters; in a shorter question an error may leave nothing to understand."""

_CLOSEST = 8
"""Words of the closest meaning, one of which takes the place of another."""
_REPLACED = 0.6
"""Share of the words that have any such."""

_COMMON_HAN = (
    "的是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
    "过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心"
)
_ASKING_HAN = re.compile(
    "请问|請問|是什么时候|什么时候|是什麼時候|什麼時候|什么样的|什麼樣的|是什么|是什麼|为什么|為什麼|"
    "有什么|有什麼|什么|什麼|哪一年|哪一个|哪一個|哪一位|哪个|哪個|哪些|哪里|哪裡|哪年|哪|"
    "是谁|是誰|谁|誰|怎么样|怎麼樣|怎么|怎麼|如何|多少|几|幾|为何|為何|何时|何時|何|"
    "吗|嗎|呢|了|的|是|在|被|由|于|於|[？?，,。]"
)
_ASKING_ENGLISH = re.compile(
    r"\b(?:what|which|who|whom|when|where|why|how|is|are|was|were|did|does|do|the|a|an|of|to|in"
    r"|by|many|much)\b|[?]",
    re.IGNORECASE,
)
_OPENINGS_HAN = (
    "请问",
    "请问一下，",
    "我想知道",
    "我想问一下",
    "想了解一下，",
    "帮我查查",
    "麻烦问下，",
    "那个，",
    "你知道",
    "那",
    "告诉我，",
    "文章里",
)
_ENDINGS_HAN = ("啊", "呢", "呀", "来着", "，谢谢", "嘛", "？？", "。")
_OPENINGS_ENGLISH = (
    "hey, ",
    "can you tell me ",
    "please tell me: ",
    "I'd like to know ",
    "so ",
    "do you know ",
    "um, ",
)


@cache
def _converter(direction: str) -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(direction).convert
    return convert


def other_script(text: str) -> str:
    """Return traditional text in simplified characters, any other text in traditional ones."""
    simplified = _converter("t2s")(text)
    return simplified if simplified != text else _converter("s2t")(text)


def typing_error(question: str, generator: random.Random) -> str:
    """Swap, drop or replace one letter or Han character; in long questions sometimes two.

    What stands beside a number stays: it may be its unit, or keep it apart from the next one.
    """
    letters = list(question)
    kept = {place for match in _NUMBER.finditer(question) for place in range(*match.span())}
    places = [
        place
        for place, letter in enumerate(letters)
        if letter.isalpha() and not kept & {place, place + 1}
    ]
    if len(places) < _SHORTEST_FOR_TYPING_ERROR:
        return question
    long = len(places) >= 20 and generator.random() < 1 / 3
    for _ in range(2 if long else 1):
        _disturb(letters, generator.choice(places), generator)
    return "".join(letters)


def _disturb(letters: list[str], place: int, generator: random.Random) -> None:
    """Change one character of ``letters`` in place; a dropped one becomes ""."""
    chance = generator.random()
    following = letters[place + 1] if place + 1 < len(letters) else ""
    if chance < 0.35 and following.isalpha():
        letters[place], letters[place + 1] = following, letters[place]
    elif chance < 0.7:
        letters[place] = ""
    elif _HAN.match(letters[place]):
        letters[place] = generator.choice(_COMMON_HAN)
    else:
        letters[place] *= 2


def keywords(question: str, generator: random.Random) -> str:
    """Drop what only asks and the small words, as in a search box."""
    chinese = _HAN.search(question) is not None
    joint = " " if not chinese or generator.random() < 0.7 else ""
    dropped = (_ASKING_HAN if chinese else _ASKING_ENGLISH).sub(" ", question)
    short = _join(dropped, joint)
    return short if len(short) >= (4 if chinese else 10) else question


def _join(text: str, joint: str) -> str:
    """Join the pieces of ``text``; between two digits a blank stays, or they were one number."""
    joined = ""
    for piece in text.split():
        digits = joined and _DIGITS.match(joined[-1]) and _DIGITS.match(piece[0])
        joined += (" " if digits else joint if joined else "") + piece
    return joined


def small_talk(question: str, generator: random.Random) -> str:
    """Put the words around a question that people put there in a chat."""
    if _HAN.search(question) is None:
        lowered = question[:1].lower() + question[1:]
        if generator.random() < 0.8:
            return generator.choice(_OPENINGS_ENGLISH) + lowered
        return lowered.rstrip("?")
    asked = question.rstrip("？?。 ")
    if generator.random() < 0.8:
        asked = generator.choice(_OPENINGS_HAN) + asked
    if generator.random() < 0.5:
        asked += generator.choice(_ENDINGS_HAN)
    elif generator.random() < 0.6:
        asked += "？"
    return other_script(asked) if generator.random() < 0.3 else asked


def other_words(question: str, generator: random.Random) -> str:
    """Say some of the words of a Chinese question with others of about the same meaning."""
    thesaurus = load_thesaurus()
    text = simplified(question)
    pieces: list[str] = []
    start = 0
    while start < len(text):
        word = _known_word(text, start, thesaurus)
        others = thesaurus.others(word)[:_CLOSEST]
        keep = not others or generator.random() >= _REPLACED
        pieces.append(word if keep else generator.choice(others))
        start += len(word)
    return "".join(pieces)


def _known_word(text: str, start: int, thesaurus: Thesaurus) -> str:
    """Return the longest word of the thesaurus at ``start``, else the next character."""
    for length in range(LONGEST_WORD, 1, -1):
        word = text[start : start + length]
        if len(word) == length and word in thesaurus and not _ASKING_HAN.fullmatch(word):
            return word
    return text[start]


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "typing error": typing_error,
    "other script": lambda question, _: other_script(question),
    "keywords": keywords,
    "small talk": small_talk,
    "other words": other_words,
}
_CHINESE_ONLY = ("other script", "other words")
_WEIGHTS = {
    "typing error": 3,
    "other script": 3,
    "keywords": 2,
    "small talk": 3,
    "other words": 6,
}


def augment(question: str, generator: random.Random, share: float) -> str:
    """Return the question, or with the probability ``share`` one of its variants."""
    if generator.random() >= share:
        return question
    chinese = _HAN.search(question) is not None
    kinds = [kind for kind in VARIANTS if chinese or kind not in _CHINESE_ONLY]
    (kind,) = generator.choices(kinds, [_WEIGHTS[kind] for kind in kinds])
    return VARIANTS[kind](question, generator)
