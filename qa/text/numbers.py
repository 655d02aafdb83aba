"""Numbers, dates and times in any form: written alike for search, found and compared.

第十三条 and 第13条 are the same, and so are 12万元, 120,000元 and 十二万元, or 五月二十三日
and May 23. By rule; all functions are pure, and none needs more than the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal, cast

from qa.text.folding import fold
from qa.text.numerals import RUN, to_arabic
from qa.text.times import LONGEST_PART_OF_DAY, PART_OF_DAY, rewritings

__all__ = [
    "AskedNumber",
    "Conflict",
    "Kind",
    "Mention",
    "asked_numbers",
    "canonical",
    "conflicts",
    "in_forms_of",
    "mentions",
]

Kind = Literal["year", "month", "day", "weekday", "time", "percent", "ordinal", "quantity", "scale"]
"""``scale`` is of words, not of numbers (:mod:`qa.text.scales`)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text: where it stands, of which kind it is and how much.

    ``value`` is written in one way for all forms. Only mentions of the same kind and ``unit``
    compare: 第13条 with 第12条, not with 第12章.
    """

    start: int
    end: int
    kind: Kind
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """A number that a question names, and how it is written there."""

    mention: Mention
    words: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A number or word of a question that a passage lacks, where it has others of the same kind.

    ``asked`` is how the question has it, ``said`` how the passage has the others, in order.
    """

    kind: Kind
    asked: str
    said: tuple[str, ...]


def canonical(folded: str) -> str:
    """Return the search copy of a text with every number, date and time in one form."""
    text = RUN.sub(to_arabic, folded)
    for pattern, replacement in rewritings(text):
        text = pattern.sub(replacement, text)
    return text


_UNITS: dict[str, tuple[str, ...]] = {
    "元": ("人民币", "块钱", "块", "圆", "yuan", "rmb"),
    "美元": ("dollars", "us dollars"),
    "人": ("名", "位", "people"),
    "岁": ("周岁",),
    "公里": ("千米", "km", "kilometers", "kilometres"),
    "米": ("meters", "metres"),
    "公斤": ("千克", "kg"),
    "吨": ("tons", "tonnes"),
    "小时": ("个小时", "hours"),
    "分钟": ("minutes",),
    "天": ("days",),
    "个月": ("months",),
    "年": ("years",),
} | dict.fromkeys("欧元 日元 港元 英镑 秒 平方米 平方公里 亩 公顷 层 摄氏度".split(), ())
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in (unit, *names)}
_LONGEST_FIRST = "|".join(sorted(_UNIT_OF, key=len, reverse=True))
_YEAR = r"(?:1\d|20)\d\d"
_MENTION = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:(?P<low>\d+(?:\.\d+)?)"
    rf"(?= ?[-–—~至到]{{1,2}} ?\d+(?:\.\d+)? ?(?:月|%|{_LONGEST_FIRST}))"
    rf"|(?P<year>{_YEAR})(?:年(?!级|的?历史|之久|间)"
    rf"|(?= ?(?:[^\w.,%:‰/~–—-]|财年|赛季|年度|$)|[,.](?!\d)| ?[-–—~至到]+ ?{_YEAR}(?![\d-])))"
    r"|(?P<month>1[0-2]|[1-9])月(?:(?P<day>[12]\d|3[01]|[1-9])日)?"
    r"|(?P<time>\d{1,2}:[0-5]\d)(?![\d:])"
    r"|(?P<percent>\d+(?:\.\d+)?)[%‰]"
    rf"|(?<![前每哪头])(?P<quantity>\d+(?:,\d{{3}})*(?:\.\d+)?)"
    rf" ?[多余]?(?P<unit>{_LONGEST_FIRST})(?![a-z代])"
    r")|周(?P<weekday>[一二三四五六日])(?![岁年])"
    r"|第(?P<ordinal>\d+)(?P<of>季度|部分|小节|.)?"
    r"|(?<![前每共分\d.])(?P<numbered>\d{1,3})(?P<thing>号[线楼馆厅院]|季度|楼|栋|路(?=公交|车)|期(?=工程|项目))"
)
_TO = re.compile(r"\s*(?:[-–—~～至到]|to|through)+\s*")
_BOUND_BEFORE = re.compile(
    r"(?:超过|超|不到|不足|不满|未满|满|低于|高于|至少|最多|最少|多于|少于|大于|小于|不[少多]于|近|约|自|从"
    r"|over|under|above|below|than|least|most|since|before|after|from|until|by|about) ?$"
)
_BOUND_BEHIND = re.compile(r"[之以及]?[以]?[前后来上下内外]|起|左右|多|余")
_LONGEST_BOUND = 8
_PARTS_OF_DAY = frozenset("上下中午傍晚夜深半早清凌")
"""First characters of parts of the day."""
_FEWEST_FIGURES = 3
"""Of a number without a unit that may be the amount asked for."""


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the numbers, dates and times of ``text`` in order, with offsets in it.

    A date gives a mention for each of its parts. Where folding changes the length of a text,
    the offsets are those of the search copy (:func:`qa.text.folding.fold`).
    """
    return tuple(_mentions(_Traced.of(fold(text))))


def in_forms_of(question: str, texts: Iterable[str]) -> str:
    """Return the question with its numbers as the texts write them, the first that has each.

    For what compares words as they are: 第13条 becomes 第十三条 where texts have only that.
    """
    if len(fold(question)) != len(question):
        return question
    wanted = _by_place(question)
    forms: dict[tuple[int, int], str] = {}
    for text in texts if wanted else ():
        told = {what: place for place, what in _by_place(text).items()}
        for place, what in wanted.items():
            if place not in forms and what in told:
                forms[place] = _shown(*told[what], text, fold(text))
    for (start, end), form in sorted(forms.items(), reverse=True):
        question = question[:start] + form + question[end:]
    return question


def _by_place(text: str) -> dict[tuple[int, int], frozenset[tuple[str, str, str]]]:
    """Return what is mentioned at each place: of a date several numbers are."""
    found: dict[tuple[int, int], frozenset[tuple[str, str, str]]] = {}
    for one in mentions(text):
        place = (one.start, one.end)
        found[place] = found.get(place, frozenset()) | {(one.kind, one.value, one.unit)}
    return found


class _Traced:
    """A text in canonical form that knows where its characters come from."""

    def __init__(self, text: str, starts: list[int], ends: list[int]) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends

    @classmethod
    def of(cls, folded: str) -> "_Traced":
        traced = cls(folded, list(range(len(folded))), list(range(1, len(folded) + 1)))
        traced._apply(RUN, to_arabic)
        for pattern, replacement in rewritings(traced.text):
            traced._apply(pattern, replacement)
        return traced

    def _apply(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> None:
        """Replace what changes; each of its new characters comes from all of the old ones."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            new = replacement(match)
            if new == match.group():
                continue
            first, last = match.span()
            pieces += [self.text[done:first], new]
            starts += self.starts[done:first] + [self.starts[first]] * len(new)
            ends += self.ends[done:first] + [self.ends[last - 1]] * len(new)
            done = last
        if done:
            self.text = "".join([*pieces, self.text[done:]])
            self.starts = starts + self.starts[done:]
            self.ends = ends + self.ends[done:]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def _mentions(traced: _Traced) -> Iterator[Mention]:
    low: Mention | None = None
    for match in _MENTION.finditer(traced.text):
        found = _mention(match, traced)
        if low is not None and found[0].kind in ("year", "month", "percent", "quantity"):
            # The first number of 18至60岁 is of the kind of the second.
            yield replace(low, kind=found[0].kind, unit=found[0].unit)
        low = found[0] if match["low"] else None
        if low is None:
            yield from found


def _mention(match: re.Match[str], traced: _Traced) -> tuple[Mention, ...]:
    """Return what a match tells: a month may have a day."""
    groups = match.groupdict()
    name = next(name for name in _NAMES if groups[name] is not None)
    kind = cast(Kind, _KINDS.get(name, name))
    value = _plain(groups[name])
    unit = ""
    start, end = match.span()
    if kind == "time":
        part = PART_OF_DAY.search(traced.text[max(start - LONGEST_PART_OF_DAY, 0) : start])
        start -= len(part.group()) if part else 0
    if name == "numbered":
        unit = groups["thing"]
    elif kind == "ordinal":
        unit = groups["of"] or ""
        if not unit.isalpha():
            unit, end = "", match.end("ordinal")
    elif kind == "quantity" and groups["unit"]:
        unit = _UNIT_OF[groups["unit"]]
    span = traced.span(start, end)
    first = Mention(*span, kind, value, unit)
    if groups["day"]:
        return first, Mention(*span, "day", _plain(groups["day"]), value)
    return (first,)


_NAMES = ("low", "year", "month", "time", "percent", "quantity", "weekday", "ordinal", "numbered")
_KINDS = {"low": "quantity", "numbered": "ordinal"}


def _plain(figures: str) -> str:
    """Return figures without separators and needless zeros; a weekday or time as it is."""
    plain = figures.replace(",", "")
    if "." in plain:
        return plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


def asked_numbers(question: str) -> tuple[AskedNumber, ...]:
    """Return the numbers of a question that an answer has to agree with: no bound (2019年以后)."""
    folded = fold(question)
    return tuple(
        AskedNumber(one, _shown(one.start, one.end, question, folded))
        for one in _mentions(_Traced.of(folded))
        if not _is_bound(one, folded)
    )


def conflicts(asked: Sequence[AskedNumber], passage: str) -> tuple[Conflict, ...]:
    """Return the numbers of a question that a passage lacks, though it has others of the kind.

    Years, months, days, weekdays, times, shares, ordinals and quantities of one unit compare,
    in whatever form and language. A passage lacks nothing that a range in it may hold
    (2019年至2022年, 18岁以上).
    """
    if not asked:
        return ()
    said_in = fold(passage)
    traced = _Traced.of(said_in)
    told = tuple(_mentions(traced))
    found: list[Conflict] = []
    for one in asked:
        mention = one.mention
        same = [other for other in told if (other.kind, other.unit) == (mention.kind, mention.unit)]
        bare = mention.kind == "quantity" and _is_bare(mention.value, traced.text, told)
        if same and not bare and not _may_hold(same, mention, said_in):
            said = dict.fromkeys(_shown(its.start, its.end, passage, said_in) for its in same)
            found.append(Conflict(mention.kind, one.words, tuple(said)))
    return tuple(dict.fromkeys(found))


def _is_bare(value: str, text: str, told: Sequence[Mention]) -> bool:
    """Tell whether a number of some figures stands in a text without a unit: 月薪1万2."""
    return (
        len(value) >= _FEWEST_FIGURES
        and all(one.value != value for one in told)
        and re.search(rf"(?<![\d.,]){re.escape(value)}(?![.,]?\d|[%‰])", text) is not None
    )


def _may_hold(told: Sequence[Mention], wanted: Mention, text: str) -> bool:
    """Tell whether any of the numbers told is the one wanted, or a range may hold it."""
    if any(one.value == wanted.value or _is_bound(one, text) for one in told):
        return True
    if wanted.kind == "year" and re.search(rf"(?<!\d){wanted.value}(?!\d)", text):
        return True
    amount = _amount(wanted)
    return any(
        _TO.fullmatch(text, first.end, second.start) and _amount(first) <= amount <= _amount(second)
        for first, second in pairwise(told)
    )


def _is_bound(mention: Mention, text: str) -> bool:
    """Tell whether the words around a number make it the end of a range: 以上, 至少, since."""
    before = text[max(mention.start - _LONGEST_BOUND, 0) : mention.start]
    # A time with its part of the day is told exactly: 从晚上12点开始.
    is_exact = mention.kind == "time" and text[mention.start] in _PARTS_OF_DAY
    if not is_exact and _BOUND_BEFORE.search(before):
        return True
    return _BOUND_BEHIND.match(text, mention.end) is not None


def _amount(mention: Mention) -> Decimal:
    if mention.kind == "weekday":
        return Decimal("一二三四五六日".index(mention.value))
    if mention.kind == "time":
        hour, _, minute = mention.value.partition(":")
        return Decimal(60 * int(hour) + int(minute))
    return Decimal(mention.value)


def _shown(start: int, end: int, text: str, folded: str) -> str:
    """Return a mention as a text has it; where folding changes its length, as folded."""
    shown = text if len(text) == len(folded) else folded
    return shown[start:end].strip(" ,.，。")
