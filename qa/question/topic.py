"""What a question is about: its subject, and whether it has one of its own. By rule.

A question is cut into pieces by what each word does (:mod:`qa.question.lexicon`); what is in no
list is taken for a name or a thing that the question is about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from qa.question import lexicon
from qa.question.thesaurus import load_thesaurus
from qa.text import HAN, fold
from qa.text.words import Word, tag_of, words_of

__all__ = [
    "Piece",
    "Role",
    "Topic",
    "analyse",
    "is_entity_like",
    "is_group",
    "is_name",
    "names_one",
    "within_noun",
]

Role = Literal["ask", "pronoun", "points", "time", "joins", "predicate", "attribute", "own"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a question's characters that does one thing."""

    role: Role
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with the part that names what it is about.

    ``text`` is the question as typed, without opening words and final punctuation;
    ``subject`` the words in it that name its subject ("" if it has none of its own), and
    ``pieces`` what its words do, with offsets in ``text``. ``linked`` tells whether it is
    worded as going on from something: 那…, …呢, and…
    """

    text: str
    subject: str
    pieces: tuple[Piece, ...]
    linked: bool

    def has(self, *roles: Role) -> bool:
        """Tell whether any piece does one of these things."""
        return any(piece.role in roles for piece in self.pieces)

    def first(self, *roles: Role) -> int | None:
        """Return where the first piece of these roles starts, if there is one."""
        return next((piece.start for piece in self.pieces if piece.role in roles), None)


_OPENING = re.compile(
    r"^(?>(?:[\s,，、。.!！…]|那么|那(?![些个种里儿边天年时次家位座款项本部支是])|"
    r"还有(?=[,，:：\s])|另外|此外|然后|所以|但是?(?=[,，\s])|不过|对了|顺便问?(?:一下)?|话说|"
    rf"再问(?:一下)?|(?:{lexicon.COURTESIES_ZH})(?=[,，\s。.!！~…])|嗯|哦|谢谢(?:你|您)?|那(?=是)|"
    r"请问(?:一下)?|(?:hi|hello|hey)\b(?=[,.!\s])|(?:and|then|also|so|but|well|ok|okay|"
    r"thanks|thank you)\b(?! on\b)|"
    r"(?:what|how) about\b|其实(?=[^\s]))+)"
)
_LINKING = re.compile(
    r"^(?:那么?|还有|另外|然后|and\b|then\b|(?:what|how) about\b)|呢[\s?？!！。.…~～]*$"
)
_CLOSING = re.compile(r"[\s?？!！。.…~～]+$")
_HAN = re.compile(f"[{HAN}]")


def _words(listed: str) -> str:
    return rf"\b(?:{listed})\b"


_PIECES = re.compile(
    rf"(?P<ask>{lexicon.ASKING_ZH}"
    rf"|\bis it (?:true|possible|right|correct)\b|{_words(lexicon.ASKING_EN)})"
    rf"|(?P<pronoun>{lexicon.PRONOUNS_ZH}|{_words(lexicon.PRONOUNS_EN)})"
    rf"|(?P<points>{lexicon.DEMONSTRATIVES_ZH})"
    rf"|(?P<time>{lexicon.TIMES_ZH}|{_words(lexicon.TIMES_EN)})"
    # A verb or a measure within the name of an office or a house is part of the name.
    rf"|(?P<predicate>(?:{lexicon.PREDICATES_ZH})"
    r"(?!银行|中心|区|处|部|局|委|公司|集团|大学|基金|院|员|者)"
    rf"|{_words(lexicon.PREDICATES_EN)})"
    rf"|(?P<attribute>{lexicon.ATTRIBUTES_ZH}|{_words(lexicon.ATTRIBUTES_EN)})"
    rf"|(?P<joins>{lexicon.JOINING_ZH}|{_words(lexicon.JOINING_EN)})"
    rf"|(?P<own>[{HAN}]|[^\W{HAN}]+(?:['’.,-][^\W{HAN}]+)*)"
)
_LOOSE = re.compile(
    rf"(?:{lexicon.LOOSE_ATTRIBUTES_ZH}|{lexicon.ATTRIBUTES_ZH}|[零一二两三四五六七八九十百千万半\d])+"
)
_AFTER_VERB = ("过", "了", "着")
"""The character in front is a verb: 拿过."""
_CAPITAL = re.compile(r"(?<=\w )[A-Z][a-z]")
_CAPITAL_BEFORE = re.compile(r" [A-Z][\w'-]* $")
_CAPITAL_AFTER = re.compile(r" [A-Z]")
# Single characters that only join at the edge of a run; inside a name they belong to it.
_LEADING = (
    "在有和与跟同对从由被把给向为于去到用做买看还也都又再就只才很最不没会能要想将可让叫上当"
    "座本部支条台名位份期倍张只件次"
)
_LEADING_AT_START = "对跟"
_TRAILING = re.compile(
    r"(?:[在有和与跟对从由被把给向为于去到用做还也都又再就只才很不没要想将可让叫呈升降达重卖住拿改管收]"
    r"|[之里中说当]"
    r"|(?<![社大协工年议学教商展晚班])会|(?<![功性智可节储电热动])能)$"
)
_TRAILING_OF_TWO = re.compile(r"(?<![国所现拥存自理内私公])[有在由]$")
_HOLDS = re.compile(
    r"(?<=.{2})有(?!限|关|效|道|色|机|些|名|所)(?<!国有|所有|没有|现有|拥有|还有|只有|私有)"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_GENERIC = re.compile(lexicon.GENERIC_SUBJECTS)
_QUOTES = ("《》", "〈〉", "“”", "「」", "『』")
_NAME = re.compile(rf"[A-Z0-9{HAN}]")
_NAME_TAGS = ("nr", "ns", "nt", "nz")
"""What the segmenter calls names: of people, places, bodies and others."""
_COUNTED = re.compile(r"第[一二三四五六七八九十\d]+")
_ASKS_FOR_MEANING = re.compile(r"什么|何为|何谓|啥|who|what")


@lru_cache(maxsize=256)
def analyse(question: str) -> Topic:
    """Return a question with its subject and the roles of its words; kept, as it is pure."""
    text = _core(question)
    folded = fold(text)
    # Folding seldom changes the length; where it does, the search copy is shown.
    shown = text if len(folded) == len(text) else folded
    pieces = _pieces(folded, shown)
    subject = _subject(pieces, folded, shown)
    linked = bool(_LINKING.search(fold(question.strip())))
    return Topic(shown, subject, tuple(pieces), linked)


def _core(question: str) -> str:
    """Return the question without opening words and final punctuation, as typed."""
    text = question.strip()
    folded = fold(text)
    if len(folded) != len(text):
        text = folded
    opening = _OPENING.match(folded)
    if opening and opening.end() < len(_CLOSING.sub("", folded)):
        text, folded = text[opening.end() :], folded[opening.end() :]
    return text[: len(_CLOSING.sub("", folded))].strip()


def _pieces(folded: str, shown: str) -> list[Piece]:
    raw: list[Piece] = []
    for match in _PIECES.finditer(folded):
        role = "own" if _is_part_of_noun(match, folded) else _role(match, shown)
        piece = Piece(role, match.start(), match.end(), match.group())
        first = raw[-1] if raw else None
        if first and first.role == piece.role == "own" and _adjoins(first, piece, folded, shown):
            piece = Piece("own", first.start, piece.end, folded[first.start : piece.end])
            raw.pop()
        elif first and first.role == "own" and piece.text in _AFTER_VERB and len(first.text) > 2:
            raw[-1] = Piece("own", first.start, first.end - 1, first.text[:-1])
        raw.append(piece)
    return [piece for one in raw for piece in _refined(one)]


def _is_part_of_noun(match: re.Match[str], folded: str) -> bool:
    """Tell whether what is listed as a function word belongs to a noun: 犹他州, 哪吒, 第三世界.

    Only where one may: a pronoun behind a character, an asking one in front (but 几层楼 asks), 第三
    without a unit.
    """
    role, start, end = match.lastgroup, *match.span()
    single, more = end - start == 1, bool(_HAN.match(folded, end))
    may_be = (
        (role == "pronoun" and single and bool(_HAN.match(folded[start - 1 : start])))
        or (role == "ask" and single and more and match.group() != "几")
        or (role == "points" and more and _COUNTED.fullmatch(match.group()) is not None)
    )
    return may_be and within_noun(folded, start, end)


def within_noun(text: str, start: int, end: int) -> bool:
    """Tell whether some characters are only a part of a noun of the segmenter's dictionary."""
    noun = _nouns(text)[start]
    return noun is not None and end <= noun.end and end - start < noun.end - noun.start


@lru_cache(maxsize=16)
def _nouns(text: str) -> tuple[Word | None, ...]:
    """Return for each character of a text the noun that it is in, worked out once for all."""
    found: list[Word | None] = []
    for one in words_of(text):
        is_noun = one.tag.startswith("n") and tag_of(one.text) is not None
        found += [one if is_noun else None] * len(one.text)
    return tuple(found)


def _role(match: re.Match[str], shown: str) -> Role:
    """Return what a word does; a listed one with a capital beside another belongs to a name."""
    start, end = match.span()
    if _CAPITAL.match(shown, start) and (
        _CAPITAL_BEFORE.search(shown[:start]) or _CAPITAL_AFTER.match(shown, end)
    ):
        return "own"
    return cast(Role, match.lastgroup)


def _adjoins(first: Piece, second: Piece, folded: str, shown: str) -> bool:
    between = folded[first.end : second.start]
    if between.isspace():
        return bool(_NAME.match(shown[first.start])) and bool(_NAME.match(shown[second.start]))
    return between in ("", "·", "-", "&")


def _refined(piece: Piece) -> list[Piece]:
    """Trim joining characters from a run of own words and see what is left of it."""
    if piece.role != "own" or not _HAN.search(piece.text):
        return [piece] if piece.text else []
    holds = _HOLDS.search(piece.text)
    if holds:
        cut = piece.start + holds.start()
        return [
            *_refined(Piece("own", piece.start, cut, piece.text[: holds.start()])),
            *_refined(Piece("own", cut + 1, piece.end, piece.text[holds.end() :])),
        ]
    start, end, text = piece.start, piece.end, piece.text
    while len(text) > 1 and (
        joined := (_TRAILING if len(text) > 2 else _TRAILING_OF_TWO).search(text)
    ):
        end, text = joined.start() + start, text[: joined.start()]
    # What a question begins with is sooner a name: 在线教育, 有道词典.
    leading = _LEADING if start else _LEADING_AT_START
    while len(text) > 2 and text[0] in leading:
        start, text = start + 1, text[1:]
    if _LOOSE.fullmatch(text):
        return [Piece("attribute", start, end, text)]
    if len(text) < 2:
        return [Piece("joins", start, end, text)]
    return [Piece("own", start, end, text)]


def _subject(pieces: Sequence[Piece], folded: str, shown: str) -> str:
    asks_in_english = any(piece.role == "ask" and piece.text.isascii() for piece in pieces)
    if asks_in_english or not _HAN.search(folded):
        return _english_subject(pieces, shown)
    run = _first_run(pieces, folded)
    if not run:
        generic = _GENERIC.match(folded)
        return shown[: generic.end()] if generic else ""
    if len(run) > 1 and _is_asked_of(run, pieces, folded):
        run = run[:-1]
    return _with_quotes(shown, run[0].start, run[-1].end)


def _with_quotes(text: str, start: int, end: int) -> str:
    """Return ``text[start:end]`` with the quotes that stand around it."""
    quoted = start > 0 and text[start - 1 : start] + text[end : end + 1] in _QUOTES
    return text[start - 1 : end + 1] if quoted else text[start:end]


def _first_run(pieces: Sequence[Piece], folded: str) -> list[Piece]:
    """Return the first own words with those that 的 joins to them."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.role == "own":
            if run and folded[run[-1].end : piece.start].strip('《》“”"「」 ') != "的":
                break
            run.append(piece)
        elif run and piece.text != "的":
            break
    return run


def _is_asked_of(run: Sequence[Piece], pieces: Sequence[Piece], folded: str) -> bool:
    """Tell whether the last words of 甲的乙 are what is asked of the first: 甲的乙有多大."""
    after = [piece for piece in pieces if piece.start >= run[-1].end and piece.role != "joins"]
    if not after or after[0].role != "ask" or _ASKS_FOR_MEANING.search(after[0].text):
        return False
    return not any(piece.role in ("predicate", "attribute", "own") for piece in after)


def _english_subject(pieces: Sequence[Piece], shown: str) -> str:
    own = [piece for piece in pieces if piece.role == "own"]
    names = [piece for piece in own if is_name(shown[piece.start : piece.end])]
    words = [shown[piece.start : piece.end] for piece in names[:1] or own]
    return " ".join(_POSSESSIVE.sub("", word) for word in words)


def is_name(text: str) -> bool:
    """Tell whether a word of an English question is written as a name: with a capital."""
    return _NAME.match(text) is not None


def is_entity_like(text: str) -> bool:
    """Tell whether a word looks like a name: by its ending, its script or a surname."""
    folded = fold(text)
    return bool(
        re.search(rf"(?:{lexicon.ENTITY_ENDINGS})$", folded)
        or re.search(r"[a-z0-9《“]", folded)
        or (2 <= len(folded) <= 3 and folded[0] in lexicon.SURNAMES)
    )


def names_one(text: str, question: str) -> bool | None:
    """Tell whether words of a question name one of a kind (小赢卡贷), or are a noun (利息).

    In English by capitals, in Chinese by two dictionaries, of which one has no names; None where
    they disagree (百度).
    """
    text = text.rpartition("的")[2]
    if not _HAN.search(question):
        return any(one.isupper() or one.isdigit() for one in text)
    folded = fold(text)
    if not _HAN.search(folded) or _GENERIC.fullmatch(folded):
        return True
    words, meanings = words_of(folded), load_thesaurus()
    if len(words) > 1 and is_entity_like(folded):
        return True
    if any(
        len(one.text) < 2 or tag_of(one.text) is None or one.tag[:2] in _NAME_TAGS for one in words
    ):
        return True
    return None if any(one.text not in meanings for one in words) else False


def is_group(text: str) -> bool:
    """Tell whether a word looks like a group, a time or a side of something: 低保户, 贷中."""
    return fold(text).endswith(tuple(lexicon.GROUP_ENDINGS))
