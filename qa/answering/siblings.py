"""Of values in the order of their names the one whose name a question has. By rule.

2019年、2020年的收入分别为3亿元和4亿元: the reader marks both, or another one's.
"""

import re
from collections.abc import Sequence

from qa.question.analysis import Question
from qa.text import BLANKS, fold, strip
from qa.text.numerals import RUN
from qa.types import Span

__all__ = ["named_value"]

_OTHERS = re.compile(
    "分别|各|哪[些几]|其[他余]|除|[之以]外|合计|总计|[一总]共|相?比|[之以]?[前后]|上一|下一|去年|次年|一起"
)
"""What asks for more than one of the values, or for another than the one named."""
_IN_ORDER = re.compile("分别|依次")
_ITEM = re.compile("(?:(?!、|和|与|以及|及).)+")
_BEFORE_NAME = re.compile("[为是由有在]?")
_SHORTEST, _LONGEST = 2, 20
"""Characters of a name that is only a part of its item."""


def _without(breaks: str) -> re.Pattern[str]:
    """Return what finds the parts between breaks; what stands within a number breaks nothing."""
    return re.compile(rf"(?:[^{breaks}]|(?<=\d),(?=\d{{3}}(?!\d))|(?<=\d):(?=\d\d))+")


_CLAUSE = _without(",:;。!?")


def named_value(question: Question, text: str, words: Span, sentence: Span) -> Span | None:
    """Return the value in a sentence of ``text`` that belongs to the one name of the question.

    It stands where the name does in a list of as many names before. None where ``words`` mark none
    of such values, or that one already, or it is not clear.
    """
    said = fold(text)
    places = (words.start, words.end, sentence.start, sentence.end)
    # Search folds characters into one and takes others apart, which may cancel out at the end.
    if (
        any(len(fold(text[:place])) != place for place in places)
        or not question.is_in_language_of(text)
        or _OTHERS.search(question.folded)
    ):
        return None
    lists: list[tuple[list[Span], list[Span]]] = []
    names: list[Span] = []
    for clause in _parts(_CLAUSE, said, sentence):
        order = _IN_ORDER.search(said, clause.start, clause.end)
        head = Span(clause.start, order.start() if order else clause.end)
        own = _parts(_ITEM, said, head)
        if len(own) > 1:
            names = own
        values = _parts(_ITEM, said, Span(order.end(), clause.end)) if order else []
        if len(values) > 1 and any(_touch(one, words) for one in values):
            lists.append((names, values))
    if len(lists) != 1 or len(lists[0][0]) != len(lists[0][1]):
        return None
    names, values = lists[0]
    place = _place_of_name(question.folded, [one.of(said) for one in names])
    if place is None or [at for at, one in enumerate(values) if _touch(one, words)] == [place]:
        return None
    return _bare(values, place, said, words)


def _place_of_name(asked: str, names: Sequence[str]) -> int | None:
    """Return the place of the only name that a question has.

    Before a name may stand what it is (导演顾海、编剧苏唯), and around them what belongs to all:
    去年东岭、西坪两地的产量.
    """
    lengths, last = range(_SHORTEST, _LONGEST + 1), len(names) - 1
    forms = {name: place for place, name in enumerate(names)}
    forms |= {names[place][-length:]: place for place in range(last) for length in lengths}
    forms |= {names[last][:length]: last for length in lengths}
    found: set[int] = set()
    for form in sorted(forms, key=len, reverse=True):
        if form in asked and sum(form in name for name in names) == 1:
            asked, count = re.subn(rf"(?<!\d){re.escape(form)}", " ", asked)
            found |= {forms[form]} if count else set()
    return found.pop() if len(found) == 1 else None


def _bare(values: Sequence[Span], place: int, said: str, words: Span) -> Span:
    """Return a value without what stands before the first and behind the last of a list."""
    value = values[place]
    if _touch(value, words):
        return Span(max(value.start, words.start), min(value.end, words.end))
    if place:
        return value
    number = RUN.search(said, value.start, value.end)
    if number and all(RUN.match(said, one.start) for one in values[1:]):
        return Span(number.start(), value.end)
    before = _BEFORE_NAME.match(said, value.start)
    return Span(before.end() if before else value.start, value.end)


def _parts(pattern: re.Pattern[str], said: str, within: Span) -> list[Span]:
    found = pattern.finditer(said, within.start, within.end)
    return [strip(said, *one.span()) for one in found if one.group().strip(BLANKS)]


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
