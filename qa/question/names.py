"""Names of people and bodies in a sentence: by the segmenter, endings and surnames."""

import re
from dataclasses import dataclass
from typing import Literal

from qa.question.lexicon import SURNAMES
from qa.question.thesaurus import load_thesaurus
from qa.text.folding import fold
from qa.text.words import Word, words_of

__all__ = ["Name", "names_in"]

_BODY_ENDINGS = (
    "公司|银行|集团|科技|数科|金服|金融|保险|证券|基金|基金会|"
    "大学|学院|中学|小学|医院|研究院|研究所|协会|俱乐部"
)
_IS_ENDING = re.compile(rf"(?:{_BODY_ENDINGS})+")
_ENDS_AS_BODY = re.compile(rf"(?:{_BODY_ENDINGS})$")
_OF_NAMES = ("n", "j", "eng")
_GENERIC = frozenset("商业银行 国有银行 股份公司 有限公司 互联网 商业 人民 地方 农村 城市".split())
"""What begins a word for a kind of body, not a name."""
_NO_BODIES = frozenset("语文教杯族节奖")
"""Last characters of names of languages, religions, cups, peoples, feasts and prizes."""
_LONGEST_NAME = 12
_PERSON = re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]{{1,3}}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at its place in a text: of a person or of a body (a company, a school…)."""

    start: int
    end: int
    kind: Literal["person", "body"]


def names_in(text: str) -> list[Name]:
    """Return the names in ``text``, in order, with offsets in it.

    Where folding changes the length of a text, none are found.
    """
    folded = fold(text)
    if len(folded) != len(text):
        return []
    words = words_of(folded)
    names: list[Name] = []
    for place, word in enumerate(words):
        if names and word.start < names[-1].end:
            continue
        name = _body(words, place) or _person(words, place)
        if name is not None:
            names.append(name)
    return names


def _body(words: list[Word], place: int) -> Name | None:
    """Return a name that ends like one of a body (微众银行) or that is known as such."""
    word = words[place]
    if not _may_begin(word):
        return None
    end = place + 1
    while end < len(words) and _goes_on(word, words[end]):
        end += 1
    named = "".join(one.text for one in words[place:end])
    if end == place + 1 and not (_ENDS_AS_BODY.search(named) and not _IS_ENDING.fullmatch(named)):
        known = word.tag == "nz" or (word.tag == "nr" and word.text[0] not in SURNAMES)
        known = known and not _is_common(word.text)
        # Within a clause it may be a part of another word: 160万个体户与小微企业.
        begins = not place or not words[place - 1].text.isalnum()
        return Name(word.start, word.end, "body") if known and begins and len(named) < 5 else None
    return Name(word.start, words[end - 1].end, "body") if len(named) <= _LONGEST_NAME else None


def _goes_on(first: Word, word: Word) -> bool:
    """Tell whether a word goes on with a name; a letter behind figures is a unit (10w)."""
    if word.tag != "eng":
        return _IS_ENDING.fullmatch(word.text) is not None
    return len(word.text) > 1 or not first.text.isdecimal()


def _may_begin(word: Word) -> bool:
    if word.text in _GENERIC or _IS_ENDING.fullmatch(word.text) or word.tag == "ns":
        return False
    may = word.tag.startswith(_OF_NAMES) or word.text.isdecimal()
    return may and len(word.text) > 1 and word.text.isalnum()


def _is_common(word: str) -> bool:
    """Tell whether what the segmenter takes for a name is a word, or no body's: 顾客, 英语."""
    return word in load_thesaurus() or word[-1] in _NO_BODIES


def _person(words: list[Word], place: int) -> Name | None:
    """Return a person's name; one character may be all that the segmenter left of it (陈静之)."""
    word = words[place]
    if word.tag != "nr" or not _PERSON.fullmatch(word.text) or word.text in load_thesaurus():
        return None
    after = words[place + 1] if place + 1 < len(words) else None
    joined = len(word.text) == 2 and after is not None and after.text in "之一儿"
    return Name(word.start, after.end if joined and after else word.end, "person")
