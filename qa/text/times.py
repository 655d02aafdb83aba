"""Shares, dates, times and English numbers in one form each. Pure functions on the search copy.

Numerals are Arabic figures already (:mod:`qa.text.numerals`). 百分之45 becomes 45%, 2022-05-23 and
May 23, 2022 become 2022年5月23日, 星期一 and Monday become 周一, 下午3点半 下午15:30, 3块5 3.5块.

Every pattern begins with characters, not with a condition: so it is found fast, and what
stands in front is looked at afterwards.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

__all__ = ["LONGEST_PART_OF_DAY", "PART_OF_DAY", "Rewriting", "full_year", "rewritings"]

Replacement = Callable[[re.Match[str]], str]
Rewriting = tuple[re.Pattern[str], Replacement]
"""A pattern and what replaces a match of it."""

_IN_NUMBER = frozenset("0123456789.")
_IN_DATE = frozenset("0123456789./-")
_IN_TIME = frozenset("0123456789.:")


def _before(match: re.Match[str]) -> str:
    """Return the character in front of a match; "" if there is none."""
    return match.string[match.start() - 1 : match.start()]


def _begins_word(match: re.Match[str]) -> bool:
    before = _before(match)
    return not before.isascii() or not (before.isalnum() or before in ("_", "."))


# ------------------------------------------------------------------ in Chinese

_SHARE = re.compile(r"[百千]分之(\d+(?:\.\d+)?)")
_FRACTION = re.compile(r"(\d+)分之(\d+)")
_TENTHS = re.compile(
    r"([1-9])成(?![立功为员本果长熟绩都品天分])([1-9一二三四五六七八九](?![\d成个家种名位项分是]))?"
)
_DATE = re.compile(
    r"((?:1[5-9]|20)\d\d)([-/.])(0?[1-9]|1[0-2])\2([12]\d|3[01]|0?[1-9])(?![\d/-]|\.\d)"
    r"|((?:19|20)\d\d)[-/](0[1-9]|1[0-2])(?![\d/-]|\.\d)"
)
_PADDED = re.compile(r"0[1-9](?=[月日号])")
_DAY_OF_MONTH = re.compile(r"月(\d{1,2})号")
_SHORT_YEAR = re.compile(r"(\d\d)年(?=(?:1[0-2]|0?[1-9])月)")
_OTHER_YEARS = frozenset(
    "民国 光绪 康熙 雍正 乾隆 嘉庆 道光 咸丰 同治 洪武 永乐 万历 崇祯 贞观 昭和 平成 令和".split()
)
"""Before a year of two digits that is none of our era."""
_LASTING = frozenset("满近刑期了共")
"""Before years that last: 工作了22年3月."""
_SPOKEN = re.compile(
    r"(?P<whole>\d{1,6}|[一二两三四五六七八九])(?:"
    r"(?P<unit>块|米)(?P<rest>\d{1,2}|(?<=米)[一二三四五六七八九]{1,2}|[一二三四五六七八九])"
    r"(?:[毛角](?![\d一二三四五六七八九](?:分|\W|$))|(?=$|[^\w.]|\.(?!\d)|[的了高左以吗吧呢包]|一[斤个份张瓶杯袋盒支本只条碗件套]))"
    r"|元(?P<tenth>\d|[一二三四五六七八九])[毛角](?![\d一二三四五六七八九](?:分|\W|$)))"
)
_SIGNS = "零一二三四五六七八九"
_SHORTENED = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)([wk])(?=$|[^\w]|[元块人多的了吗呢吧啊左以])")
_OF_MONEY_BEFORE = re.compile(r"(?:额度|[贷借款薪资赚挣花存卖价奖额付费投]) ?$")
_OF_MONEY_BEHIND = re.compile(r" ?[元块人]")
_WEEKDAY = re.compile(r"(?:星期|礼拜)(?:[一二三四五六日]|天(?!气))|周天(?!然)")
_HOUR = re.compile(
    r"(\d{1,2})[点时](?:(半)|(整|钟)|([13])刻|(\d{1,2})(?:分(?!之|钟)|(?![\d个分])))?"
)
_ENDS_TIME = re.compile(r"[左前后到至开上下关起出结准,。;、~\s-]|$")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?![\d:])")
_AFTERNOON = re.compile(r"(?:下午|午后|傍晚|晚上?) ?$")
_NIGHT = re.compile(r"夜里 ?$")
_NOON = re.compile(r"中午 ?$")
_DARK = re.compile(r"(?:晚上?|夜里|[深半午]夜|凌晨) ?$")
"""Before 12 o'clock: it is 0:00."""
_MORNING = re.compile(r"(?:上午|早上|早晨|清晨|凌晨|早) ?$")
PART_OF_DAY = re.compile(r"(?:[上下中]午|午后|傍晚|晚上?|夜里|[深半午]夜|早上?|早晨|清晨|凌晨) ?$")
"""What stands in front of a time and belongs to it."""
LONGEST_PART_OF_DAY = 3


def _share(match: re.Match[str]) -> str:
    return match.group(1) + ("%" if match.group()[0] == "百" else "‰")


def _fraction(match: re.Match[str]) -> str:
    return match.group() if _before(match) == "." else f"{match.group(2)}/{match.group(1)}"


def _tenths(match: re.Match[str]) -> str:
    whole, rest = match.groups()
    if _before(match) in _IN_NUMBER or _before(match) == "第":
        return match.group()
    if rest and not rest.isdecimal():
        rest = str(_SIGNS.index(rest))
    return f"{whole}{rest or 0}%"


def _date(match: re.Match[str]) -> str:
    if _before(match) in _IN_DATE:
        return match.group()
    year, _, month, day, other_year, other_month = match.groups()
    if day is None:
        return f"{other_year}年{int(other_month)}月"
    return f"{year}年{int(month)}月{int(day)}日"


def _padded(match: re.Match[str]) -> str:
    return match.group() if _before(match) in _IN_NUMBER else match.group()[1:]


def _day_of_month(match: re.Match[str]) -> str:
    return f"月{match.group(1)}日" if _before(match).isdigit() else match.group()


def _short_year(match: re.Match[str]) -> str:
    """Return the year that 22年3月 tells of in four digits; the match where it may be none."""
    text, start, year = match.string, match.start(), full_year(match.group(1))
    is_other = text[max(start - 2, 0) : start] in _OTHER_YEARS or _before(match) in _LASTING
    if year is None or is_other or _before(match) == "第" or _before(match) in _IN_DATE:
        return match.group()
    return f"{year}年"


def full_year(figures: str) -> str | None:
    """Return the year that its last two figures tell of, of 1950 to 2039; None if none."""
    if not "40" <= figures < "50":
        return f"{19 if figures >= '50' else 20}{figures}"
    return None


def _spoken(match: re.Match[str]) -> str:
    """Return a price or length with its unit behind: 3块5 is 3.5块, 1米75 1.75米."""
    whole, unit = match["whole"], match["unit"] or "元"
    signs = match["rest"] or match["tenth"]
    rest = "".join(str(_SIGNS.index(one)) if one in _SIGNS else one for one in signs).rstrip("0")
    if not rest or _before(match) in _IN_NUMBER or _before(match) in ("第", "几"):
        return match.group()
    if not whole.isdecimal():
        whole = "2" if whole == "两" else str(_SIGNS.index(whole))
    return f"{whole}.{rest}{unit}"


def _shortened(match: re.Match[str]) -> str:
    """Return money or people counted by w (万) and k in full; what else 10w may be is left."""
    figures, letter = match.groups()
    text, start = match.string, match.start()
    counts = _OF_MONEY_BEFORE.search(text[max(start - 3, 0) : start]) or _OF_MONEY_BEHIND.match(
        text, match.end()
    )
    if not counts or not _begins_word(match):
        return match.group()
    value = Decimal(figures) * (10_000 if letter == "w" else 1_000)
    return format(value.normalize(), "f")


def _weekday(match: re.Match[str]) -> str:
    return "周" + match.group()[-1].replace("天", "日")


def _hour(match: re.Match[str]) -> str:
    hour, half, whole, quarters, minutes = match.groups()
    text, start, end = match.string, match.start(), match.end()
    part = text[max(start - LONGEST_PART_OF_DAY, 0) : start]
    told = half or whole or quarters or minutes
    if not told and not _is_bare_time(part, text, end):
        return match.group()
    minute = 30 if half else 15 * int(quarters) if quarters else int(minutes or 0)
    return _time(match, part, int(hour), minute)


def _is_bare_time(part: str, text: str, end: int) -> bool:
    """Tell whether a bare 3点 is a time, by what stands in front of it or behind."""
    of_day = any(one.search(part) for one in (_AFTERNOON, _MORNING, _NOON, _NIGHT))
    return of_day or _ENDS_TIME.match(text, end) is not None


def _clock(match: re.Match[str]) -> str:
    hour, minute = match.groups()
    part = match.string[max(match.start() - LONGEST_PART_OF_DAY, 0) : match.start()]
    return _time(match, part, int(hour), int(minute))


def _time(match: re.Match[str], part: str, hour: int, minute: int) -> str:
    """Return a time of 24 hours, told by the part of the day in front; the match if none."""
    if hour > 24 or minute > 59 or _before(match) in _IN_TIME:
        return match.group()
    if hour == 12 and _DARK.search(part):
        hour = 0
    elif (
        _AFTERNOON.search(part)
        or (hour > 6 and _NIGHT.search(part))
        or (hour < 4 and _NOON.search(part))
    ):
        hour += 12 if hour < 12 else 0
    return f"{hour}:{minute:02}"


# ------------------------------------------------------------------ in English


def _numbered_from(first: int, words: str) -> dict[str, int]:
    return {word: place for place, word in enumerate(words.split(), first)}


_MONTHS = _numbered_from(
    1,
    "january february march april may june july august september october november december",
)
_SHORT_MONTHS = {name[:3]: place for name, place in _MONTHS.items()} | {"sept": 9}
_SURELY_MONTHS = [name for name in _MONTHS if name not in ("may", "march")]
_WEEKDAYS = dict(
    zip(
        "monday tuesday wednesday thursday friday saturday sunday".split(),
        "一二三四五六日",
        strict=True,
    )
)
_UNITS = _numbered_from(
    1,
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
_TENS = {
    word: 10 * tens
    for word, tens in _numbered_from(
        2, "twenty thirty forty fifty sixty seventy eighty ninety"
    ).items()
}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12}
_ORDINALS = _numbered_from(1, "first second third fourth fifth sixth seventh eighth ninth tenth")
_DIVISIONS = {"article": "条", "clause": "款", "chapter": "章", "section": "节", "page": "页"}
_PERIODS = {"quarter": "季度", "chapter": "章", "article": "条", "section": "节", "floor": "层"}


def _any(words: Iterable[str]) -> str:
    return "|".join(words)


_SCALED = rf"(?: (?:{_any(_SCALES)})\b)+"
_MONTH = rf"({_any(_MONTHS)}|{_any(_SHORT_MONTHS)})\b\.?"
_DAY = r"([12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"((?:1[5-9]|20)\d\d)\b"

_PAST = re.compile(rf"(half|quarter) past (\d{{1,2}}|{_any(_UNITS)})\b")
_NTH = re.compile(rf"(\d{{1,4}})(?:st|nd|rd|th) (?:({_any(_PERIODS)})|century)\b")
_NTH_IN_WORDS = re.compile(rf"({_any(_ORDINALS)}) ({_any(_PERIODS)})\b")
_SCALED_FIGURES = re.compile(rf"(\d+(?:,\d{{3}})*(?:\.\d+)?)({_SCALED})")
_IN_WORDS = re.compile(rf"({_any(_UNITS | _TENS)})(?:[ -]({_any(_UNITS)}))?\b({_SCALED})?")
_A_SCALE = re.compile(rf"a({_SCALED})")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?per ?cent\b")
_NUMBERED = re.compile(rf"({_any(_DIVISIONS)}) (\d{{1,6}})\b")
_MERIDIEM = re.compile(r"(\d{1,2})(?::([0-5]\d))? ?([ap])\.?m\b\.?")
_OCLOCK = re.compile(r"(\d{1,2}) o['’]clock\b")
_MONTH_FIRST = re.compile(rf"{_MONTH} {_DAY}\b(?:,? {_YEAR})?(?! ?[:%])")
_DAY_FIRST = re.compile(rf"{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?(?!\w)")
_MONTH_OF_YEAR = re.compile(rf"{_MONTH},? (?:of )?{_YEAR}")
_MONTH_ALONE = re.compile(rf"({_any(_SURELY_MONTHS)})\b")
_DAY_OF_WEEK = re.compile(rf"({_any(_WEEKDAYS)})s?\b")
_DOES = re.compile(r"\b(?:i|you|we|they|he|she|it|one|who|which|that|this|there|users?|people) $")


def _past(match: re.Match[str]) -> str:
    told, hour = match.groups()
    value = _UNITS.get(hour) or int(hour)
    return f"{value}:{30 if told == 'half' else 15}" if value <= 12 else match.group()


def _nth(match: re.Match[str]) -> str:
    number, period = match.groups()
    return f"第{number}{_PERIODS[period]}" if period else f"{number}世纪"


def _nth_in_words(match: re.Match[str]) -> str:
    word, period = match.groups()
    return f"第{_ORDINALS[word]}{_PERIODS[period]}"


def _scaled(value: Decimal, scales: str | None) -> str:
    for scale in (scales or "").split():
        value *= _SCALES[scale]
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled_figures(match: re.Match[str]) -> str:
    figures, scales = match.groups()
    if _before(match) in (".", ","):
        return match.group()
    return _scaled(Decimal(figures.replace(",", "")), scales)


def _in_words(match: re.Match[str]) -> str:
    first, second, scales = match.groups()
    value = _UNITS.get(first) or _TENS[first]
    if second:
        if first not in _TENS or _UNITS[second] > 9:
            return match.group()
        value += _UNITS[second]
    return match.group() if value == 1 and not scales else _scaled(Decimal(value), scales)


def _a_scale(match: re.Match[str]) -> str:
    return _scaled(Decimal(1), match.group(1))


def _percent(match: re.Match[str]) -> str:
    return f"{match.group(1)}%"


def _numbered(match: re.Match[str]) -> str:
    return f"第{int(match.group(2))}{_DIVISIONS[match.group(1)]}"


def _meridiem(match: re.Match[str]) -> str:
    hour, minute, half = match.groups()
    if not 1 <= int(hour) <= 12 or _before(match) in _IN_TIME:
        return match.group()
    return f"{int(hour) % 12 + (12 if half == 'p' else 0)}:{minute or '00'}"


def _oclock(match: re.Match[str]) -> str:
    return f"{int(match.group(1))}:00" if _before(match) not in _IN_NUMBER else match.group()


def _in_order(year: str | None, month: str, day: str | None) -> str:
    number = _MONTHS.get(month) or _SHORT_MONTHS[month]
    return f"{f'{year}年' if year else ''}{number}月{f'{int(day)}日' if day else ''}"


def _month_first(match: re.Match[str]) -> str:
    month, day, year = match.groups()
    does = month in ("may", "march") and not year
    if does and _DOES.search(match.string[max(match.start() - 8, 0) : match.start()]):
        return match.group()
    return _in_order(year, month, day)


def _day_first(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return match.group() if _before(match) in _IN_DATE else _in_order(year, month, day)


def _month_of_year(match: re.Match[str]) -> str:
    return _in_order(match.group(2), match.group(1), None)


def _month_alone(match: re.Match[str]) -> str:
    return f"{_MONTHS[match.group(1)]}月"


def _day_of_week(match: re.Match[str]) -> str:
    return f"周{_WEEKDAYS[match.group(1)]}"


def _where_a_word_begins(replacement: Replacement) -> Replacement:
    return lambda match: replacement(match) if _begins_word(match) else match.group()


_OF_MONTHS = frozenset([*_MONTHS, *_SHORT_MONTHS])
_ENGLISH: tuple[tuple[frozenset[str], Rewriting], ...] = tuple(
    (frozenset(told), (pattern, _where_a_word_begins(replacement)))
    for told, pattern, replacement in (
        (["past"], _PAST, _past),
        (["st", "nd", "rd", "th"], _NTH, _nth),
        (_PERIODS, _NTH_IN_WORDS, _nth_in_words),
        (_SCALES, _SCALED_FIGURES, _scaled_figures),
        ([*_UNITS, *_TENS], _IN_WORDS, _in_words),
        (_SCALES, _A_SCALE, _a_scale),
        (["percent", "cent"], _PERCENT, _percent),
        (_DIVISIONS, _NUMBERED, _numbered),
        (["am", "pm", "m"], _MERIDIEM, _meridiem),
        (["clock"], _OCLOCK, _oclock),
        (_OF_MONTHS, _MONTH_FIRST, _month_first),
        (_OF_MONTHS, _DAY_FIRST, _day_first),
        (_OF_MONTHS, _MONTH_OF_YEAR, _month_of_year),
        (_SURELY_MONTHS, _MONTH_ALONE, _month_alone),
        ([day + end for day in _WEEKDAYS for end in ("", "s")], _DAY_OF_WEEK, _day_of_week),
    )
)
"""English rewritings, in the order to apply them, each with words that it takes."""
_TELLING = frozenset().union(*(told for told, _ in _ENGLISH)) - {"one"}
_LATIN = re.compile("[a-z]+")


def rewritings(text: str) -> Iterator[Rewriting]:
    """Yield what may have something to rewrite in ``text``, in the order to apply it."""
    if "分之" in text:
        yield _SHARE, _share
        yield _FRACTION, _fraction
    if "成" in text:
        yield _TENTHS, _tenths
    yield _DATE, _date
    if "块" in text or "米" in text or "元" in text:
        yield _SPOKEN, _spoken
    if "w" in text or "k" in text:
        yield _SHORTENED, _shortened
    if "月" in text:
        yield _SHORT_YEAR, _short_year
        yield _PADDED, _padded
        yield _DAY_OF_MONTH, _day_of_month
    if "星期" in text or "礼拜" in text or "周天" in text:
        yield _WEEKDAY, _weekday
    words = _TELLING.intersection(_LATIN.findall(text))
    if words:
        for told, rewriting in _ENGLISH:
            if not told.isdisjoint(words):
                yield rewriting
    if "点" in text or "时" in text:
        yield _HOUR, _hour
    if ":" in text:
        yield _CLOCK, _clock
