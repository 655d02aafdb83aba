"""Questions made by rule from articles that nobody has asked about.

A Chinese question keeps the order of the statement that answers it. So a clause becomes a
question where a figure, a date or a name gives way to a question word, with what the sentence
is about in front: 二季度营收12亿元, said of a company 丙, becomes 丙二季度营收多少. Such questions
share their words with the passage and teach little about wording. Swapped for another name of
the article (:mod:`qa.training.questions.swaps`), they teach that a figure of one company is none of
another.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.text import HAN, sentences
from qa.training.questions.swaps import Mention, mentions
from qa.types import Span

__all__ = ["Made", "make"]

SHORTEST, LONGEST = 7, 40
"""Characters of a question."""

WITHOUT_MARK = 0.3
"""Share of the questions that do not end in a question mark."""

_UNITS = (
    "人民币|美元|欧元|港元|日元|英镑|元|人次|人|名|位|家|个|台|辆|架|艘|次|项|件|款|吨|公斤|公里|"
    "平方公里|平方米|立方米|千米|米|公顷|亩|天|小时|分钟|岁|倍|户|所|座|场|种|股|份|张|只|头|批|条|"
    "例|篇|千瓦时|千瓦|度"
)
_NUMBER = r"\d[\d,.]*[十百千万亿]*[多余]?"
_ASKED = (
    (re.compile(rf"{_NUMBER}(?:[%％]|个百分点)"), ("多少", "百分之多少", "几个点")),
    (re.compile(rf"{_NUMBER}(?P<unit>{_UNITS})"), ("多少", "多少{unit}", "几{unit}")),
    (
        re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{4}年\d{1,2}月"),
        ("什么时候", "何时", "哪一天", "哪天"),
    ),
    (re.compile(r"(?<!\d)\d{4}年(?![\d代])"), ("哪一年", "什么时候", "哪年")),
)
"""What can be asked for, and the question words for it."""

_POST = re.compile(
    "(?:部长|主任|院长|校长|经理|总裁|董事长|执行官|经济学家|教授|研究员|市长|主席|总统|总理|首相|大使|"
    "局长|书记|省长|州长|会长|秘书长|发言人|分析师|负责人|创始人|主教练|导演|理事长|司长|处长)$"
)
_CLAUSE = re.compile(r"[^，；：,;。！？!?\s]+")
_OPENING = re.compile(
    "^(?>(?:其中|同时|而且|并且|此外|另外|据悉|据了解|目前|截至|不过|但是|因此|所以|如今|当时|随后|"
    "并|且|而|也|还|但|即|则|其|该)+)"
)
_APPROXIMATE = re.compile("(?:大约|约|近|超过|超|逾|不足|高达|至少|仅|将近|接近)+$")
_BRACKET = re.compile(r"[（）()【】\[\]“”\"‘’「」『』<>]")
_CONTENT = re.compile(f"[{HAN}]{{2}}")
_UNFINISHED = re.compile("(?:[后前时中内外间起]|以[上下内外来后前]|左右|之[后前间内外])$")
_HOUR = re.compile(r"^(?:上午|下午|凌晨|中午|晚上?|当天|早上|清晨|夜间|[\d:点时分许])+")
_SOURCE = re.compile("(?:[日晚周]报|网|新闻|记者|通讯社|新华社|频道|客户端)$")
"""Who reports is not what a report is about."""

_SUBJECTS = frozenset({"person", "place", "body", "name", "latin", "title"})


@dataclass(frozen=True, slots=True)
class Made:
    """A question with its answering words in the paragraph.

    ``named`` tells whether the sentence itself names what the question is about; if not, an
    earlier sentence of the paragraph does.
    """

    text: str
    answer: Span
    named: bool


def make(paragraph: str, generator: random.Random) -> Iterator[Made]:
    """Yield at most one question for each sentence of a paragraph.

    Raises:
        MissingExtra: without jieba.

    """
    carried: Mention | None = None
    for span in sentences(paragraph):
        sentence = span.of(paragraph)
        own = [one for one in mentions(sentence) if _is_subject(one)]
        own.sort(key=lambda one: sentence.find(one.words))
        found = list(_from_sentence(sentence, own, carried, generator))
        if found:
            made = generator.choice(found)
            answer = Span(span.start + made.answer.start, span.start + made.answer.end)
            yield Made(made.text, answer, made.named)
        carried = own[0] if own else carried


def _is_subject(mention: Mention) -> bool:
    return mention.kind in _SUBJECTS and not _SOURCE.search(mention.words)


def _from_sentence(
    sentence: str, own: Sequence[Mention], carried: Mention | None, generator: random.Random
) -> Iterator[Made]:
    """Yield questions with their answering words in the sentence."""
    for match in _CLAUSE.finditer(sentence):
        clause = Span(match.start(), match.end())
        if _BRACKET.search(match.group()) or _UNFINISHED.search(match.group()):
            continue
        named = [one for one in own if sentence.find(one.words) < clause.end]
        subject = named[0] if named else carried
        if subject is None:
            continue
        for answer, word in _gaps(match.group(), own, generator):
            text = _question(match.group(), answer, word, subject)
            if SHORTEST <= len(text) <= LONGEST and subject.words not in answer.of(match.group()):
                mark = "" if generator.random() < WITHOUT_MARK else "？"
                place = Span(clause.start + answer.start, clause.start + answer.end)
                yield Made(text + mark, place, bool(named))


def _gaps(
    clause: str, own: Sequence[Mention], generator: random.Random
) -> Iterator[tuple[Span, str]]:
    """Yield words of a clause that can be asked for, each with the question word for it."""
    for pattern, words in _ASKED:
        for match in pattern.finditer(clause):
            unit = match.groupdict().get("unit", "")
            before = _OPENING.sub("", clause[: match.start()])
            # A date asks for what happened on it, a figure for what it counts.
            told = before if unit or "多少" in words else _HOUR.sub("", clause[match.end() :])
            if _CONTENT.search(told):
                yield Span(*match.span()), generator.choice(words).format(unit=unit)
    for one in own:
        place = clause.find(one.words)
        if one.kind == "person" and place > 0 and _POST.search(clause[:place]):
            yield Span(place, place + len(one.words)), "是谁"


def _question(clause: str, answer: Span, word: str, subject: Mention) -> str:
    """Return the clause as a question about the subject, with the word for the answer."""
    before = _APPROXIMATE.sub("", _OPENING.sub("", clause[: answer.start]))
    after = "" if word == "是谁" else clause[answer.end :]
    about = "" if subject.words in before + after else subject.words
    return f"{about}{before}{word}{after}"
