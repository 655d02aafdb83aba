"""Questions about the article itself: its title, its date and source, its sections. By rule.

Such a question shares no word with the line that answers it, so neither search finds it.
"""

import re

from qa.text import fold
from qa.types import BlockKind

__all__ = ["asked_kind", "asked_ordinal"]

_ARTICLE = (
    "(?:文章|本文|全文|这篇|该篇|此文|这则|报道|报导|原文|新闻稿?"
    "|article|story|this (?:text|piece))"
)
_ASKS: tuple[tuple[BlockKind, re.Pattern[str]], ...] = (
    (
        "heading",
        re.compile(
            rf"小标题|(?:{_ARTICLE}|^)(?:一共|总共|共|总)?(?:分成?|分为|有|包含|包括).{{0,3}}"
            r"(?:几|哪|多少).{0,3}(?:部分|章节?|小?节|板块)"
            rf"|第.{{1,2}}(?:部分|章|节|小节)的?(?:标题|题目|名)"
            rf"|{_ARTICLE}.{{0,6}}(?:结构|大纲|目录|章节)"
            rf"|(?:how many|what|which|list).{{0,20}}\b(?:sections?|headings?)\b"
            rf"|parts.{{0,12}}{_ARTICLE}"
            r"|\b(?:first|second|third|last) (?:section|heading|part)\b"
            r".{0,12}\b(?:title|heading|called)"
        ),
    ),
    (
        "title",
        re.compile(
            rf"(?:{_ARTICLE}).{{0,6}}(?:标题|题目|题为|叫什么)|^(?:大?标题|题目)(?:是|叫)?什么"
            rf"|title.{{0,16}}{_ARTICLE}|{_ARTICLE}.{{0,6}}title|{_ARTICLE}.{{0,4}}\bcalled\b"
        ),
    ),
    (
        "byline",
        re.compile(
            rf"(?:{_ARTICLE}).{{0,8}}(?:(?:发表|发布|刊登|刊发|发出|写于|出自|来源|来自|作者|谁写"
            r"|哪家媒体|哪个媒体|哪里发|日期|时间|出处)(?!了?[《“「])|(?:什么时候|哪天|何时|几号|几点).{0,4}(?:发|写|登))"
            rf"|^(?:作者|来源|出处|发表时间|发布时间|发布日期|发表日期)(?:是|在|为)?(?:谁|什么|哪.{{0,2}})?[?？]?$"
            rf"|(?:谁|什么时候|哪天|何时|哪家媒体).{{0,6}}(?:写|发表|发布|刊登|发).{{0,4}}{_ARTICLE}"
            rf"|{_ARTICLE}.{{0,16}}(?:publish|written|posted|dated|author|source|come from)"
            rf"|(?:publish|wrote|author|source|date|posted).{{0,16}}{_ARTICLE}"
        ),
    ),
)
_ORDINALS = ("一1", "二2两", "三3", "四4", "五5", "六6", "七7", "八8", "九9")
_ORDINALS_EN = ("first", "second", "third", "fourth", "fifth", "sixth")


def asked_kind(question: str) -> BlockKind | None:
    """Return the kind of line that a question about the article itself asks for, if it is one."""
    folded = fold(question)
    for kind, pattern in _ASKS:
        if pattern.search(folded):
            return kind
    return None


def asked_ordinal(question: str) -> int | None:
    """Return the place, from 0, of the section that a question names (第二部分), if it does."""
    folded = fold(question)
    chinese = re.search(
        r"第([一二两三四五六七八九1-9])(?:个?部分|个?章|个?节|个?小节|个?小?标题)", folded
    )
    if chinese:
        return next(n for n, signs in enumerate(_ORDINALS) if chinese.group(1) in signs)
    for place, word in enumerate(_ORDINALS_EN):
        if re.search(rf"\b{word} (?:section|heading|part)\b", folded):
            return place
    return None
