"""The search copy of a text and its tokens; whatever is shown comes from the unaltered text."""

import re
from operator import add

from qa.text.asking import ASKING, alternatives
from qa.text.folding import fold
from qa.text.numbers import canonical
from qa.text.scripts import HAN

__all__ = [
    "FUNCTION_CHARACTERS",
    "QUESTION_WORDS_EN",
    "query_tokens",
    "search_copy",
    "tokens",
    "without_question_words",
]

FUNCTION_CHARACTERS = "的了是在有和与及或之其也都就对于从到被把让向为以而且等得着过地个"
"""Han characters that join words and mean little alone."""

_FIRST_HAN = "\u3007"
_TOKEN = re.compile(
    rf"(?P<han>[{HAN}]+)|\d{{1,2}}:\d\d(?!\d)|\d+(?:[.,]\d+)*|[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)?"
)

# What asks rather than tells: these carry no evidence about which paragraph answers.
_ALSO_ASKING = (
    "麻烦问|我想知道|想知道|是什么时候|是什么|几月|几号|哪几个|哪几|多少个|几个|几家|几种|几次|几年|几岁|几|"
    "文章里|文章中|文中|本文|这篇|该篇"
)
QUESTION_WORDS_EN = frozenset(
    (
        "what which who whom whose when where why how many much is are was were do does did the"
        " a an of to in on for by with and or it its this that there be been can could please"
        " tell me article has have had at as from about"
    ).split()
)
_ZH_QUESTION = re.compile(alternatives(ASKING, _ALSO_ASKING))


def search_copy(text: str) -> str:
    """Return what is searched of ``text``: folded, with every number in one form."""
    return canonical(fold(text))


def tokens(text: str) -> list[str]:
    """Return the search tokens of ``text`` in order.

    Every Han character and every pair of neighbouring ones; Latin words and numbers whole.
    All forms of a number give the same tokens (:mod:`qa.numbers`); with what makes it an
    ordinal, a date or a share it gives a token more: 第13条, 5月, 45%.
    """
    found: list[str] = []
    searched = search_copy(text)
    for match in _TOKEN.finditer(searched):
        run = match.group()
        if run[0] >= _FIRST_HAN:
            if match.lastgroup is None:
                found.append(run)
                continue
            found += run
            found += map(add, run, run[1:])
        elif run[0].isdigit():
            found += _number_tokens(run.replace(",", ""), searched, match.start(), match.end())
        else:
            found.append(run)
    return found


def _number_tokens(number: str, text: str, start: int, end: int) -> list[str]:
    """Return the tokens of a number with what stands around it."""
    after = text[end : end + 1]
    if text[start - 1 : start] == "第":
        ordinal = f"第{number}"
        return [number, ordinal, ordinal + after] if after.isalpha() else [number, ordinal]
    if after in ("月", "日") and len(number) <= 2:
        return [number + after]
    return [number, f"{number}%"] if after == "%" else [number]


def without_question_words(question: str) -> str:
    """Return the folded question with what only asks replaced by blanks."""
    return _ZH_QUESTION.sub(lambda match: " " * len(match.group()), fold(question))


def query_tokens(question: str) -> list[str]:
    """Return the distinct search tokens of a question, in order, without what only asks.

    A question of nothing but question words keeps them.
    """
    content = [
        token
        for token in tokens(without_question_words(question))
        if token not in QUESTION_WORDS_EN
    ]
    return list(dict.fromkeys(content or tokens(question)))
