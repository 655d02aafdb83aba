"""From a follow-up and the questions before it to a question that stands alone. By rule.

What an earlier question was about is put in front of the follow-up as it was typed, so
that a reader sees what was carried over.
"""

import re
from collections.abc import Sequence

from qa.text import fold, query_tokens

__all__ = ["stand_alone", "topic"]

# Words that point at something said before.
_POINTS_BACK_ZH = re.compile(
    r"^\s*(?:那么?|那它|还有|另外|以及|然后)(?!些|个|种|里|儿|天|年|时)"
    r"|^(?:它|他|她|其(?!实|中|他|它|余|次))|它们|他们|她们"
    r"|(?:^|[，,、\s])(?:该|这家|这个|这项|那家|那个|上述|前者|后者)"
    r"(?!文章|报道|新闻|通知)"
    r"|(?:它|其)(?:的|是|有|在|为|由|何|平|主|成|提|和|与|怎|什|多|哪|中)"
)
_POINTS_BACK_EN = re.compile(
    r"^\s*(?:and|what about|how about|then)\b"
    r"|\b(?:it|its|they|their|them|he|his|him|she|her|that one|this one|the same)\b"
    r"|\bthe (?:first|second|third|other|former|latter) (?:one)?\b"
)
_ELLIPSIS = re.compile(r"呢\s*[?？!！。]*\s*$")
_ASKING = re.compile(
    r"请问|请教|想问|我?想知道|告诉我|(?:是|指的?是?)?什么(?:意思|时候|样的?)?|(?:何为|何谓|什么是)|"
    r"有?(?:哪些|哪个|哪家|哪里|哪儿|哪年|哪一年|哪)|多少|几(?:个|家|种|年|岁)?|为什么|为何|"
    r"怎么样|怎么|怎样|如何|有没有|是不是|是否|谁|吗|呢|吧|[?？!！。,，]+"
)
_ASKING_EN = re.compile(
    r"^\s*(?:what|who|where|when|which|why|how(?: many| much)?)\s+"
    r"(?:is|are|was|were|do|does|did)?\s*"
    r"|^\s*(?:and|what about|how about)\s+|[?!.]+\s*$",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^(?:那|的|是)+|(?:的|是|在|有|了)+$")
_SHORT_FOLLOW_UP_TOKENS = 12
_LONGEST_CHAIN = 20


def stand_alone(question: str, history: Sequence[str]) -> str:
    """Return ``question`` with what it takes from the last question put in front, if anything."""
    return _completed(question, _last_full(history))


def _completed(question: str, previous: str) -> str:
    if not previous or not _depends(question):
        return question
    about = topic(previous)
    return f"{about} {question}" if about and fold(about) not in fold(question) else question


def topic(question: str) -> str:
    """Return what a question is about: its words as typed, without those that only ask."""
    bare = _ASKING_EN.sub(" ", _ASKING.sub(" ", question))
    words = (_EDGES.sub("", word) for word in bare.split())
    return " ".join(word for word in words if word)


def _last_full(history: Sequence[str]) -> str:
    """Return the latest earlier question, itself completed from those before it."""
    asked = [question for question in history if question.strip()][-_LONGEST_CHAIN:]
    previous = ""
    for question in asked:
        previous = _completed(question, previous)
    return previous


def _depends(question: str) -> bool:
    folded = fold(question)
    if _POINTS_BACK_ZH.search(folded) or _POINTS_BACK_EN.search(folded):
        return True
    return bool(_ELLIPSIS.search(folded)) and len(query_tokens(question)) <= _SHORT_FOLLOW_UP_TOKENS
