"""Divisions of a text that a question names: 第13条, Chapter 2. By rule."""

import re

from qa.text import search_copy
from qa.text.numbers import Mention, mentions

__all__ = ["asks_for_division", "begins_with", "named_division"]

_DIVISIONS = frozenset("条款章节编回讲课篇")
_LONGEST_ORDINAL = 20
_ASKS_FOR_DIVISION = re.compile(
    r"第\d+[条款章节编回讲课篇]的?(?:主要|具体)?(?:内容|规定|原文|条文|全文)?"
    r"(?:都?(?:是|说|讲|写|规定|要求|包括)了?(?:些?什么|啥|哪些)(?:内容|规定)?"
    r"|(?:是)?(?:怎么|怎样|如何)(?:说|写|规定|讲)的?)?[呢吗啊]?[\s?。.!]*$"
    r"|what (?:is|does|do).{0,12}第\d+[条款章节](?: (?:say|state|provide|require|about)s?)*[\s?.]*$"
)


def named_division(question: str) -> Mention | None:
    """Return the division of a text that a question names (第13条, Article 13), if it does."""
    return next(
        (one for one in mentions(question) if one.kind == "ordinal" and one.unit in _DIVISIONS),
        None,
    )


def asks_for_division(question: str) -> bool:
    """Tell whether a question wants a division as a whole: 第13条是什么, and nothing in it."""
    return _ASKS_FOR_DIVISION.search(search_copy(question)) is not None


def begins_with(text: str, division: Mention) -> bool:
    """Tell whether a paragraph is the division named: it begins with its ordinal."""
    first = next(iter(mentions(text[:_LONGEST_ORDINAL])), None)
    return (
        first is not None
        and first.start == 0
        and (first.kind, first.value, first.unit) == ("ordinal", division.value, division.unit)
    )
