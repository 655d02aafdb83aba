"""Chinese numerals in Arabic figures: 二〇二一, 十二万, 1.2亿, 三点五, 第十三. Pure functions.

What may be no number, or several, is left as it is: 一些, 万一, 三明治, 二三十, 数十万.
"""

import re
from decimal import Decimal

__all__ = ["RUN", "to_arabic"]

_DIGITS = {character: place for place, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2} | {sign: n for n, sign in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}
_MULTIPLIERS = _TENS | _GROUPS
_NUMERAL = "".join([*_DIGITS, *_MULTIPLIERS])
_LONGEST = 24
"""Characters of the longest numeral that is read."""

RUN = re.compile(rf"[0-9{_NUMERAL}]+(?:[.,][0-9]+[{_NUMERAL}]*|点[0-9{_NUMERAL}]+)*")
"""What may be a numeral, in the search copy."""

_PLAIN = re.compile(r"[0-9.,]+")
_PART = re.compile(r"[0-9]+(?:\.[0-9]+)?|.")
_READ_SINGLY = re.compile(r"[零〇一二三四五六七八九]+")
_FINANCIAL = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟]")
_FINANCIAL_NUMBER = re.compile(r"[壹贰叁肆伍陆柒捌玖][拾佰仟万亿]|拾[壹贰叁肆伍陆柒捌玖万亿]")

_PARTS_OF_WORDS = frozenset("百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟")
"""Alone they are sooner in words: 百姓, 千万别, 零售."""
_COUNTED = re.compile(
    r"[年月日号天周岁元块户人口名位家项件次种条章款页层楼栋套台辆艘架座只头匹张份册卷篇首届批组倍"
    r"米尺寸里斤克吨升亩个班级点]|本(?!正|书|来)|节|所(?!以)|部(?!分|门|队|落)|场(?!面)|期(?!间)|队|路(?!口)"
    r"|成(?![立功为员本果长熟绩都品天分])|度(?!假)|时(?![候常间])|秒|分钟|分之|小时|季度|公[里斤顷尺]"
    r"|[千毫厘]米|平方|立方|世纪|[美欧日港]元|港币|等[奖舱]"
)
"""What follows a single numeral that surely counts."""
_COUNTED_ONCE = re.compile(
    r"[年月日天周岁元名位家项件种个次条章款页层楼号届批倍米吨亩户]|人(?![们士])|小时|分钟|秒钟|季度"
    r"|公[里斤顷]|世纪|[美欧]元|等[奖舱]|分之|点(?:半|钟|整|[一三]刻)|年级"
)
"""What follows 一 where it counts."""
_MAKES_A_WORD = frozenset("统唯之逐专划单如")
"""Before 一: 统一, 之一, 逐一."""
_ROUND = re.compile("十[百千万亿]*")
_PER_WEEK = re.compile("[个次天节场趟]")


def to_arabic(match: re.Match[str]) -> str:
    """Return what replaces a match of :data:`RUN`: Arabic figures, or the run itself."""
    run = match.group()
    if run[0] <= "9" and _PLAIN.fullmatch(run):
        return run
    text, start, end = match.string, match.start(), match.end()
    before = text[start - 1 : start]
    if before in ("几", "数") and _ROUND.fullmatch(run):
        return run
    if len(run) == 1:
        counts = _counts(run, text, start, end)
        return (_read(run) or run) if counts else run
    if "点" in run:
        return _with_point(run, text, end)
    if run[0] == "一" and before in _MAKES_A_WORD and text[start - 2 : start] != "分之":
        return run
    if _READ_SINGLY.fullmatch(run):
        return _singly(run) if _is_read_singly(run, before, text, end) else run
    if _FINANCIAL.search(run) and not _FINANCIAL_NUMBER.search(run):
        return run
    return _read(run) or run


def _is_read_singly(run: str, before: str, text: str, end: int) -> bool:
    """Tell whether digits in a row are one number: not 三五年, 七八年, 九一八."""
    if len(run) == 2 and text.startswith("年", end):
        first, second = (_DIGITS[sign] for sign in run)
        return first in (0, 5, 6, 7, 8, 9) and second != first + 1
    has_zero = len(run) > 2 and ("〇" in run or "零" in run)
    return has_zero or len(run) == 4 or before == "第"


def _counts(sign: str, text: str, start: int, end: int) -> bool:
    """Tell whether a numeral of one character surely counts, by what stands around it."""
    before = text[start - 1 : start]
    if before == "第":
        return True
    if before == "之" and text[start - 2 : start] == "分之":
        return True
    if sign == "俩":
        return text.startswith("人", end)
    if sign in _PARTS_OF_WORDS or before in ("期", "拜"):
        return False
    if before == "周" and not (
        text[start - 2 : start - 1] in ("每", "一", "1") and _PER_WEEK.match(text, end)
    ):
        return False
    if sign == "一":
        return before not in _MAKES_A_WORD and _COUNTED_ONCE.match(text, end) is not None
    return _COUNTED.match(text, end) is not None


def _with_point(run: str, text: str, end: int) -> str:
    """Return a decimal (三点五) or a time with Arabic figures (三点十分)."""
    whole, _, rest = run.partition("点")
    first = _read(whole)
    singly = rest.rstrip("百千万亿")
    if first is None or "点" in rest or len(rest) > _LONGEST:
        return run
    minutes = _read(rest)
    is_time = text.startswith(("分", "刻"), end) and not text.startswith("分之", end)
    if is_time or whole[-1] <= "9" or not _READ_SINGLY.fullmatch(singly):
        return f"{first}点{minutes}" if minutes else run
    value = Decimal(f"{first}.{_singly(singly)}")
    for sign in rest[len(singly) :]:
        value *= _MULTIPLIERS[sign]
    return _written(value)


def _singly(run: str) -> str:
    return "".join(str(_DIGITS[sign]) for sign in run)


def _read(run: str) -> str | None:
    """Return a numeral in Arabic figures; None if it is none or several."""
    if run == "百":
        return "100"
    value = _value(run.replace(",", "")) if len(run) <= _LONGEST else None
    return None if value is None else _written(value)


def _written(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _value(run: str) -> Decimal | None:
    """Return the value of digits and multipliers (3万5千); None where there is none.

    Two digits that meet have none (二三十), nor has a full stop behind a multiplier (三百.5).
    """
    total, section, unit = Decimal(0), Decimal(0), 1
    digit: Decimal | None = None
    for part in _PART.findall(run):
        if part in _GROUPS:
            held = section + (digit or 0)
            if not held and not total:
                return None
            # 12万亿 multiplies all of it, 1亿2万 only what stands behind 亿.
            total = (total + held) * _GROUPS[part] if part == "亿" else total + held * _GROUPS[part]
            section, digit, unit = Decimal(0), None, _GROUPS[part]
        elif part in _TENS:
            if digit is None and (part not in "十拾" or section):
                return None
            section += (1 if digit is None else digit) * _TENS[part]
            digit, unit = None, _TENS[part]
        elif digit is not None or part == ".":
            return None
        elif part in "零〇":
            unit = 1
        else:
            digit = Decimal(_DIGITS.get(part, part))
            if len(part) > 1:
                unit = 1
    if digit is not None:
        # What 两万五 and 2万5 leave out is the next lower multiplier.
        digit *= max(unit // 10, 1)
    return total + section + (digit or 0)
