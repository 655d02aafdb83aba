"""The numbers of lists in their forms: 3, III, c, 三, 叁, ③, 丙."""

from collections.abc import Callable

__all__ = ["written"]

_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_FORMAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_LARGEST = 10_000


def written(number: int, form: str) -> str:
    """Return a number in the form that Word calls so, in digits if there is none."""
    write = _FORMS.get(form)
    return write(number) if write is not None and 0 < number < _LARGEST else str(number)


def _chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    written = ""
    zero = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        zero = zero or (digit == 0 and written != "")
        if digit:
            written += (digits[0] if zero and written else "") + digits[digit]
            written += units[place - 1] if place else ""
            zero = False
    # 十二, not 一十二; formal numbers keep the one.
    return written[1:] if digits is _DIGITS and 10 <= number < 20 else written


def _digitwise(number: int) -> str:
    return "".join("〇" if digit == "0" else _DIGITS[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "M CM D CD C XC L XL X IX V IV I".split(),
        strict=True,
    ):
        written += sign * (number // value)
        number %= value
    return written


def _letters(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "decimalFullWidth": lambda number: "".join(chr(ord(one) + 0xFEE0) for one in str(number)),
    "decimalEnclosedFullstop": "{}.".format,
    "decimalEnclosedParen": "({})".format,
    "decimalEnclosedCircle": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperLetter": _letters,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    **dict.fromkeys(
        (
            *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
            *("taiwaneseCounting", "taiwaneseCountingThousand"),
        ),
        _chinese,
    ),
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "taiwaneseDigital": _digitwise,
    "chineseLegalSimplified": lambda number: _chinese(number, _FORMAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: _chinese(number, _FORMAL_TRADITIONAL, "拾佰仟"),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _of("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
}
