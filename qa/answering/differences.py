"""What the nearest passage names in place of what a question names. By rule.

A question for 2019 finds the paragraph on 2021, and one for a bank that of another bank. That
is said only where it is clear: the question names one of a kind, and the passage one or two
others in its place.
"""

import re
from collections.abc import Iterator

from qa.question.analysis import Question
from qa.question.names import names_in
from qa.text.folding import fold
from qa.types import Difference

__all__ = ["differences"]

_MOST_SAID = 2
_NAMES_A_PLACE = ("year", "ordinal", "scale")
"""Kinds of which a passage may name two; of the others one is clear."""
_ASKS_FOR = {
    "person": re.compile(
        r"谁|哪[一几]?位|哪个人|哪些人|何人|[叫姓](?:什么|啥)|名字|\b(?:who|whose|whom|name)\b"
    ),
    "body": re.compile(
        r"哪[一几两些]?[家个所](?!月|年|人)"
        r"|(?:哪些|什么)(?:公司|银行|机构|企业|学校|单位)"
        r"|\b(?:who|which|what) (?:\w+ ){0,2}"
        r"(?:company|companies|firms?|banks?|schools?|universit(?:y|ies))\b"
    ),
}
"""What asks for a name of a kind: those that a passage has may answer, in nobody's place."""


def differences(
    question: Question, passage: str, sentence: str, context: str
) -> tuple[Difference, ...]:
    """Return what ``passage`` has in place of numbers, words of a scale and names that it lacks.

    ``sentence`` is its nearest sentence and ``context`` where it stands: its title and heading.
    """
    values = tuple(_values(question, passage, sentence, context))
    return values or tuple(_names(question, passage, sentence, context))


def _values(question: Question, passage: str, sentence: str, context: str) -> Iterator[Difference]:
    around = question.conflicts_with(f"{context}\n{passage}")
    everywhere = {(one.kind, one.asked) for one in around}
    near = {(one.kind, one.asked): one.said for one in question.conflicts_with(sentence)}
    for one in question.conflicts_with(passage):
        key = (one.kind, one.asked)
        said = near.get(key, one.said)
        most = _MOST_SAID if one.kind in _NAMES_A_PLACE else 1
        if key in everywhere and len(said) <= most:
            yield Difference(one.asked, said)


def _names(question: Question, passage: str, sentence: str, context: str) -> Iterator[Difference]:
    if len(question.names) != 1:
        return
    name = question.names[0]
    if _ASKS_FOR[name.kind].search(question.folded):
        return
    wanted = question.text[name.start : name.end]
    searched, folded = fold(f"{context}\n{passage}"), fold(wanted)
    if folded in searched or (len(folded) > _SHORTEST_PART and folded[:_SHORTEST_PART] in searched):
        return
    said = dict.fromkeys(
        sentence[one.start : one.end] for one in names_in(sentence) if one.kind == name.kind
    )
    if 0 < len(said) <= _MOST_SAID:
        yield Difference(wanted, tuple(said))


_SHORTEST_PART = 2
"""Characters by which a name may be called: 微众 for 微众银行."""
