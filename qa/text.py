"""Pure functions on text: sentences, the folded search copy, tokens and question words.

Folding and tokens serve search only; whatever is shown comes from the unaltered text.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Literal

from qa.types import Span

__all__ = [
    "CLOSERS",
    "FUNCTION_CHARACTERS",
    "TERMINATORS",
    "Language",
    "ends_sentence",
    "expected_pattern",
    "fold",
    "has_content",
    "language",
    "query_tokens",
    "same_language",
    "sentences",
    "strip",
    "tokens",
    "without_question_words",
    "without_surrogates",
]

Language = Literal["zh-Hans", "zh-Hant", "en"]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
TERMINATORS = "。！？!?…｡"
CLOSERS = "”’」』）)】》〉〗］]\"'"
FUNCTION_CHARACTERS = "的了是在有和与及或之其也都就对于从到被把让向为以而且等得着过地个"
"""Han characters that join words and mean little alone."""
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
BLANKS = " \t\r\n\f\v\u00a0\u3000\u2028\u2029\x85\x1c\x1d\x1e\x1f" + INVISIBLE

_LINE_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_SENTENCE_END = re.compile(
    rf"[{TERMINATORS}]+[{re.escape(CLOSERS)}]*"
    # An English full stop ends a sentence before a blank and an upper-case or Han character,
    # unless it follows a capital (an initial) or a form of address.
    r"|(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)(?<!\bvs)(?!(?<=\bNo)\.\s*\d)"
    rf"\.[{re.escape(CLOSERS)}]*(?=\s+[^a-z\s]|\s*$)"
    r"|\r\n|[\n\r\f\v\x85\u2028\u2029]"
)
_TOKEN = re.compile(rf"[{HAN}]+|\d+(?:[.,]\d+)*|[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What asks rather than tells: these carry no evidence about which paragraph answers.
_QUESTION_WORDS_ZH = (
    "请问|请教|麻烦问|想问|我想知道|想知道|告诉我|能不能|可不可以|能否|是否|是不是|有没有|"
    "为什么|为何|为啥|凭什么|怎么样|怎么办|怎么|怎样|如何|"
    "是什么时候|什么时候|什么时间|何时|几时|啥时候|哪一年|哪年|哪一天|哪天|几月|几号|"
    "是什么|什么样|什么|何为|何谓|何种|何处|何地|何人|啥|"
    "哪一个|哪个|哪些|哪几个|哪几|哪家|哪种|哪里|哪儿|哪位|哪一|哪|谁|"
    "多少个|多少|多大|多久|多长|多高|多远|多深|几个|几家|几种|几次|几年|几岁|几|"
    "文章里|文章中|文中|本文|这篇|该篇|吗|呢|吧|啊|呀|嘛|么"
)
_QUESTION_WORDS_EN = frozenset(
    (
        "what which who whom whose when where why how many much is are was were do does did the"
        " a an of to in on for by with and or it its this that there be been can could please"
        " tell me article has have had at as from about"
    ).split()
)
_ZH_QUESTION = re.compile(_QUESTION_WORDS_ZH)

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


def strip(text: str, start: int, end: int) -> Span:
    """Return the part of ``text[start:end]`` without outer blanks and invisible characters."""
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    return Span(start, end)


def has_content(text: str) -> bool:
    """Tell whether there is any letter, digit or ideograph."""
    return any(character.isalnum() for character in text)


def ends_sentence(text: str) -> bool:
    """Tell whether the last visible character closes a sentence."""
    bare = text.rstrip(BLANKS).rstrip(CLOSERS)
    return bool(bare) and (bare[-1] in TERMINATORS or bare[-1] in ".；;：:")


def lines(text: str) -> list[Span]:
    """Return every line without its line break, blank ones too."""
    spans, start = [], 0
    for match in _LINE_BREAK.finditer(text):
        spans.append(Span(start, match.start()))
        start = match.end()
    spans.append(Span(start, len(text)))
    return spans


def sentences(text: str) -> list[Span]:
    """Return the sentences in order; between them only blanks are left out.

    Closing quotes and brackets stay with the sentence they close.
    """
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        span = strip(text, start, match.end())
        if span.start < span.end:
            spans.append(span)
        start = match.end()
    rest = strip(text, start, len(text))
    if rest.start < rest.end:
        spans.append(rest)
    return _join_fragments(text, spans)


def _join_fragments(text: str, spans: list[Span]) -> list[Span]:
    """Join what holds no letter or digit (a stray quote, dots) to the sentence before it."""
    joined: list[Span] = []
    for span in spans:
        if joined and not has_content(span.of(text)):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters."""
    return _converter()(without_surrogates(text))


def without_surrogates(text: str) -> str:
    """Return ``text`` with lone surrogates, which no encoding can write, replaced one by one."""
    return _SURROGATE.sub("\ufffd", text)


def fold(text: str) -> str:
    """Return the search copy: full width, case and traditional script folded away."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


def tokens(text: str) -> list[str]:
    """Return the search tokens of ``text`` in order.

    Every Han character and every pair of neighbouring ones; Latin words and numbers whole
    (thousands separators dropped).
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match.group()
        if run[0].isdigit():
            found.append(run.replace(",", ""))
        elif _is_han(run[0]):
            found.extend(run)
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
        else:
            found.append(run)
    return found


def _is_han(character: str) -> bool:
    return re.match(f"[{HAN}]", character) is not None


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
        if token not in _QUESTION_WORDS_EN
    ]
    return list(dict.fromkeys(content or tokens(question)))


def expected_pattern(question: str) -> re.Pattern[str] | None:
    """Return what an answer to this kind of question usually contains (a date, a number…)."""
    folded = fold(question)
    for asks, answers in _EXPECTED:
        if asks.search(folded):
            return answers
    return None


def language(text: str) -> Language:
    """Return the script a reader of ``text`` reads."""
    if not re.search(f"[{HAN}]", text):
        return "en"
    return "zh-Hans" if simplified(text) == text else "zh-Hant"


def same_language(question: str, text: str) -> bool:
    """Tell whether both are Chinese, in whatever script, or neither is."""
    return (language(question) == "en") == (language(text) == "en")
