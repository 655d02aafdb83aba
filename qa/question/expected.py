"""What an answer to a kind of question usually contains: a date, a number, a reason."""

import re

from qa.text import fold

__all__ = ["expected_pattern"]

_NUMERAL = r"[\d零〇一二三四五六七八九十百千万亿两半]"
_EXPECTED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"什么时候|什么时间|何时|几时|啥时候|哪一?年|哪一?天|几月|几号|日期"
            r"|\bwhen\b|what (?:year|date)"
        ),
        # From the beginning of a run only: a long one would be searched from each of its digits.
        re.compile(
            rf"(?<!{_NUMERAL}){_NUMERAL}+\s*(?:年|月|日|时|世纪)"
            r"|\b\d{4}\b|今年|去年|昨[天日]|当[天日]"
        ),
    ),
    (
        re.compile(
            r"多少|多大|多久|多长|多高|多远|多深|几[^乎]|比例|人数|金额|额度"
            r"|how (?:many|much|long|old|big|large|far)"
        ),
        re.compile(rf"{_NUMERAL}"),
    ),
    (
        re.compile(r"为什么|为何|为啥|原因|\bwhy\b"),
        re.compile("因|由于|致使|导致|because|since|due"),
    ),
    (
        re.compile(r"何为|何谓|是什么意思|什么是|指的?是?什么|定义|what (?:is|does) .* mean"),
        re.compile("是指|指的是|即|称为|意为|means|refers"),
    ),
)


def expected_pattern(question: str) -> re.Pattern[str] | None:
    """Return what an answer to this kind of question usually contains (a date, a number…)."""
    folded = fold(question)
    for asks, answers in _EXPECTED:
        if asks.search(folded):
            return answers
    return None
