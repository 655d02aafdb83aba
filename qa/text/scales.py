"""Words of which only one can be meant: 去年 or 前年, 上半年 or 下半年, 增长 or 下降, A级 or B级.

Who asks for one of a scale is not answered by a passage that has only others of it. By rule; the
scales are few, and of words that hardly ever stand for each other.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from qa.text.folding import fold
from qa.text.numbers import Conflict

__all__ = ["opposites"]


def _scale(*words: str, neither: str = "(?!)") -> re.Pattern[str]:
    """Return what finds the words of a scale, each in a group of its own.

    Where ``neither`` is found the text leaves open which is meant: 较去年 tells of this year.
    """
    groups = (f"(?P<_{place}>{one})" for place, one in enumerate(words))
    return re.compile(f"{'|'.join(groups)}|(?P<neither>{neither})")


_SCALES = (
    _scale(
        "(?<![大以之目])前年",
        r"(?:(?<!过)去年|上一?年(?!级))(?!同期|[底末])|\blast year\b",
        r"今年|(?<!日)本年度?(?!级)|\bthis year\b",
        r"明年|来年|\bnext year\b",
        "(?<!前)后年",
        neither="[比较](?:去年|上一?年)|(?:去年|上年)(?:同期|[底末])",
    ),
    _scale(r"上半年|\bfirst half\b", r"下半年|\bsecond half\b"),
    _scale("上旬", "中旬", "下旬"),
    _scale(
        r"(?<!以)上个?月(?!亮)|\blast month\b",
        r"(?<!日)本月|这个月|\bthis month\b",
        r"(?<!以)下个?月(?!亮)|\bnext month\b",
    ),
    _scale(
        r"(?<!以)上周(?![边围期转])|\blast week\b",
        r"(?<!日)本周(?![边围期转])|这周(?![边围期转])|\bthis week\b",
        r"(?<!以)下周(?![边围期转])|\bnext week\b",
    ),
    _scale(
        "(?<![目以之])前天(?!气)",
        r"昨[天日]|\byesterday\b",
        r"今[天日]|\btoday\b",
        r"明[天日]|\btomorrow\b",
    ),
    _scale(r"上午|\bmorning\b", r"下午|\bafternoon\b"),
    _scale(
        r"春[季天]|\bspring\b", r"夏[季天]|\bsummer\b",
        r"秋[季天]|\bautumn\b", r"冬[季天]|\bwinter\b",
    ),
    _scale("初级|初等(?!教育)", "中级|中等(?!教育)", "高级|高等(?!教育)"),
    _scale("大号", "中号", "小号"),
    _scale("买入|购入", "卖出|售出"),
    _scale("进口", "出口"),
    _scale("线上", "线下"),
    _scale("左[侧边手]", "右[侧边手]"),
)  # fmt: skip
_EXTREMES = (
    _scale("最高", "最[低矮]"),
    _scale("最大", "最小"),
    _scale("最多", "最少"),
    _scale("最长", "最短"),
    _scale("最贵", "最便宜"),
    _scale("最早", "最晚"),
)
_CHANGE = _scale(
    r"增(?:长(?!率)|加)|提[高升]|上升|升高|涨|\b(?:rise|rose|increase[ds]?|grow|grew)\b",
    r"下[降滑]|减少|降低|缩减|回落|跌"
    r"|\b(?:fall|fell(?! ill| asleep)|decrease[ds]?|drop(?:ped)?|decline[ds]?)\b",
    neither="[升降]",
)
_HOW = re.compile(
    r"怎么(?!样)|怎样|如何|\bhow (?:to|do|does|did|can|could|should|will|would|have|has|is|are)\b"
)
"""What is done to a thing may be told in other words: 怎么提高满意度, by less waiting."""
_NOUN = re.compile(r"[\u4e00-\u9fff]{2}")
_NO_NOUN = frozenset("的是为有在到达可能会要不只仅一")
_NEAR = 4
"""Characters around a word in which the noun stands that it is of."""
_GRADE = re.compile(r"(?<![a-z\d])(?P<letter>[a-z]|[甲乙丙丁])(?P<of>[级类款型座区组班档])")


def opposites(question: str, passage: str) -> tuple[Conflict, ...]:
    """Return the words of a question of whose scale a passage has others and not these.

    A question that has two of a scale compares them, and is left alone.
    """
    asked, told = _Words(question), _Words(passage)
    found = (*_on_scales(asked, told), *_of_grades(asked, told))
    return tuple(dict.fromkeys(found))


class _Words:
    """A text and its search copy, in which words are found that are shown as they are written."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.text = text if len(text) == len(self.folded) else self.folded

    def by_group(self, pattern: re.Pattern[str]) -> dict[str, list[re.Match[str]]]:
        found: dict[str, list[re.Match[str]]] = {}
        for one in pattern.finditer(self.folded):
            found.setdefault(one.lastgroup or "", []).append(one)
        return found

    def shown(self, found: Sequence[re.Match[str]]) -> list[str]:
        return [self.text[one.start() : one.end()] for one in found]


def _on_scales(asked: _Words, told: _Words) -> Iterator[Conflict]:
    how = _HOW.search(asked.folded)
    for scale in (*_SCALES, *_EXTREMES, _CHANGE):
        wanted = asked.by_group(scale)
        said = told.by_group(scale) if len(wanted) == 1 else {}
        if not said or "neither" in {*wanted, *said} or wanted.keys() <= said.keys():
            continue
        (first, *_), others = *wanted.values(), list(chain.from_iterable(said.values()))
        if scale is _CHANGE and how is not None and how.start() < first.start():
            continue
        if scale in _EXTREMES and all(_is_of_another(first, one) for one in others):
            continue
        yield _conflict(asked.shown([first]), told.shown(others))


def _is_of_another(asked: re.Match[str], told: re.Match[str]) -> bool:
    """Tell whether the opposite of 最高额度 is of another noun, where 额度 stands elsewhere."""
    noun = _NOUN.match(asked.string, asked.end())
    other = _NOUN.match(told.string, told.end())
    if noun is None or other is None or noun.group() not in told.string:
        return False
    near = told.string[max(told.start() - _NEAR, 0) : told.end() + _NEAR]
    return noun.group() not in near and other.group()[0] not in _NO_NOUN


def _of_grades(asked: _Words, told: _Words) -> Iterator[Conflict]:
    wanted, said = _grades(asked), _grades(told)
    for (kind, letter), words in wanted.items():
        others = [words for (of, _), words in said.items() if of == kind]
        if others and (kind, letter) not in said:
            yield _conflict(words, *others)


def _grades(words: _Words) -> dict[tuple[str, str], list[str]]:
    """Return how each grade is written, by what it is a grade of and its letter."""
    return {
        (one["of"], one["letter"]): [words.text[one.start() : one.end()]]
        for one in _GRADE.finditer(words.folded)
    }


def _conflict(asked: Sequence[str], *said: Sequence[str]) -> Conflict:
    return Conflict("scale", asked[0], tuple(dict.fromkeys(chain.from_iterable(said))))
