"""The form of answer that a question asks for, and what a line does: ask, lead in, be numbered.

By rule. A line that only asks is answered by what follows it; one that leads in (申请需要以下
材料：) by the items after it; a step asked by its number (第二步) by the item of that number.
"""

import re
import unicodedata
from dataclasses import dataclass

from qa.text import CLOSERS, fold, query_tokens, sentences, tokens, without_question_words
from qa.types import Span

__all__ = [
    "AskedItem",
    "Mark",
    "announces",
    "asked_item",
    "asked_words",
    "asks_for_all",
    "asks_what_is_asked",
    "asks_whether",
    "chosen",
    "clauses",
    "either_or",
    "ends_asking",
    "is_row",
    "leads_in",
    "mark_before",
    "mark_of",
    "only_asks",
    "tells_how",
    "yes_or_no",
]

LAST = -1
"""The number of the last item."""

_NUMERAL = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_ENGLISH = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth last final".split(),
        (*range(1, 11), LAST, LAST),
        strict=True,
    )
) | dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
_UNITS_ZH = r"步骤?|项|条|款|点|行|道工序|个(?:步骤|条件|要求|材料|原因|理由|要点|项目)|种|样"
_UNITS_EN = (
    "step|item|row|clause|article|rule|point|stage|condition|requirement|reason|ingredient|"
    "instruction|document|tip|option|method|feature|duty|task"
)
_ASKED_ZH = re.compile(
    rf"(?P<back>倒数)?第(?P<number>{_NUMERAL})(?P<unit>{_UNITS_ZH})(?![\d年月日路街])"
    rf"|步骤(?P<after>{_NUMERAL})(?!个)"
    rf"|最后(?:的?一|的)?(?P<last>{_UNITS_ZH})"
)
_ASKED_EN = re.compile(
    rf"\b(?:{_UNITS_EN})\s+(?P<after>\d{{1,3}}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    rf"|\b(?P<number>{'|'.join(list(_ENGLISH)[:12])}|\d{{1,3}}(?:st|nd|rd|th))\s+(?P<unit>{_UNITS_EN})\b"
)
_ASKS_FOR_ALL = re.compile(
    "哪些|哪几|列出|列举|列一下|都有什么|有什么|什么(?:材料|资料|证件|文件|条件|要求|步骤|东西|手续|工具)"
    "|分为?几|步骤|流程|怎么|怎样|如何"
    r"|\b(?:list|steps?|procedure|how (?:do|does|can|should|to))\b"
    r"|\b(?:what|which) (?:are|were|do)\b"
    r"|\b(?:what|which) (?:\w+ ){0,2}\w+s (?:are|were|do|must|should|can)\b"
)
_ASKS_HOW = re.compile(r"怎么|怎样|如何|步骤|流程|\bhow (?:do|does|can|should|to)\b")
_TELLS_HOW = re.compile(
    r"做法|步骤|流程|方法|制作|过程|程序|操作|\b(?:how to|steps?|instructions?|method|directions)\b"
)
_BLAND = re.compile(
    "做|干|办(?!理)|是|的|里|中|内容|具体|分别|说|讲|写|规定|应该|需要|要求|要|准备|提供|提交|具备|携带|带|进行|"
    "全部|所有|列出|列举|步骤|流程|表格|列表|第|有|需|我|你|您"
    r"|\b(?:what['’]s|steps?|list|says?|need(?:s|ed)?|required?|must|should|procedure|table|all)\b"
)
_ASKS_WHETHER = re.compile(
    r"吗[?？。]?$|是否|是不是|能否|能不能|可不可以|要不要|需不需要|会不会|有没有|该不该"
    r"|^(?:is|are|was|were|do|does|did|can|could|may|must|will|has|have|should)\b"
)
_SIDE = r"[^\s,，、。；;:：?？!！]+?"
_EITHER_ZH = re.compile(
    rf"(?P<one>{_SIDE})(?:还是|抑或是?)(?:说)?(?P<other>{_SIDE})[?？。.!！\s]*$"
)
_EITHER_EN = re.compile(
    r"(?:^|[,;:.?!])[^,;:.?!]*?\b(?P<one>\w+(?:[ -]\w+)?),? or (?P<other>\w+(?:[ -]\w+)?)[?.!\s]*$"
)
_ASKS_OTHERWISE = re.compile(
    r"什么|怎[么样]|如何|为[何啥]|何[时处地人]|谁|哪|啥|多[少大久长高远]|几[个家岁次天年月点]|吗[?？\s]*$"
    r"|\b(?:how|why|who|whom|whose|what|when|where)\b"
)
"""What one clause asks for beside a choice: 还是 means still in it, or both sides are meant."""
_BEFORE_CHOICE = re.compile(".*(?:是|要|在|用|由|给|选|走|去|为|属于|按)(?=.)")
_AFTER_CHOICE = re.compile(r"(?:的|呢|吗|啊|呀|了)+$")
_NEGATED = re.compile(r"(?:[不非无没未免]|\b(?:not|no|never|without) )$")
_YES_OR_NO = re.compile(
    r"(?:可以|不可以|能|不能|不行|行|是的?|不是|会|不会|需要|不需要|不用|要|不要|有|没有|对|不对|当然[^，。,.!！]{0,4}"
    r"|yes|no)(?=[，。,.;；!！])"
)
_LABEL = re.compile(r"(?:答|回答|a|answer|[\w·]{2,6})\s*[:：]\s*")
_CLAUSE = re.compile("[^，,；;。！!？?]+")
_ASKS_WHAT_IS_ASKED = re.compile(
    r"(?:提出?|问)了?(?:哪些|什么|几个|多少个?)问题|(?:哪些|什么)问题没|\bwhat questions?\b"
)

_ASKING_LABEL = re.compile(
    r"(?:问|提问|q|question)\s*\d{0,3}\s*[:：.、]\s*|(?:问题|question)\s*[\d一二三四五六七八九十]{1,3}\s*[:：.、]\s*"
)
_INTERVIEWER = re.compile(
    r"(?:本?报?记者|主持人|采访者|编者|编辑|观众|听众|读者|网友|用户|顾客|家长|学生|学员"
    r"|interviewer|reporter|host|moderator|reader|customer)\w{0,6}\s*[:：]\s*"
)
_ANSWER_LABEL = re.compile(r"(?:答|回答|答复|答案|a|answer)\s*\d{0,3}\s*[:：.、]")
_ANSWER_INSIDE = re.compile(r"(?:^|[\s。？?!！])(?:答|回答|a|answer)\s*[:：]")
_INVITES = re.compile(r"请(?:您|你)?|谈谈|说说|介绍|聊聊|\b(?:tell|describe|explain)\b")
_LONGEST_QUESTION = 200

_LEADS_IN = re.compile(
    r"[:：]$|(?:如下|以下|下列|下面)[^。？！?!]{0,12}[。.]?$"
    r"|(?:as follows|the following)\b[^?]{0,40}[.:]$"
)

_ANNOUNCES = re.compile("如下|以下|下列|下面|步骤|流程|清单|following|steps|these")


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item that is asked for by its number, from 1, or from the end: -1 is the last.

    ``unit`` is what it is called (步, 条, row), ``words`` how the question calls it.
    """

    number: int
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line of a list begins with: ``number`` from 1 (0 for a bullet), and its kind."""

    kind: str
    number: int


def asked_item(question: str) -> AskedItem | None:
    """Return the item that a question asks for by its number (第二步, the last row), if it does."""
    folded = fold(question)
    chinese = _ASKED_ZH.search(folded)
    if chinese:
        number = _value(chinese["number"] or chinese["after"] or "") or LAST
        unit = (chinese["unit"] or chinese["last"] or "步")[0]
        return AskedItem(-number if chinese["back"] else number, unit, chinese.group())
    english = _ASKED_EN.search(folded)
    if english:
        word = english["after"] or english["number"]
        number = _ENGLISH.get(word) or int(re.sub(r"\D", "", word))
        unit = english["unit"] or english.group().split()[0]
        return AskedItem(number, unit, english.group())
    return None


def asks_for_all(question: str) -> bool:
    """Tell whether a question asks for several things, or for how something is done."""
    return _ASKS_FOR_ALL.search(fold(question)) is not None


def asks_whether(question: str) -> bool:
    """Tell whether a question asks for yes or no."""
    return _ASKS_WHETHER.search(fold(question.strip())) is not None


def yes_or_no(text: str) -> Span | None:
    """Return the word that says yes or no at the beginning of an answer, after its label."""
    folded = fold(text)
    if len(folded) != len(text):
        return None
    label = _LABEL.match(folded)
    found = _YES_OR_NO.match(folded, label.end() if label else 0)
    return Span(*found.span()) if found else None


def either_or(question: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return what each side of an either-or question may be called (收费还是免费), None of others.

    The words before the first side are not told apart from it by rule; so it has several names.
    """
    folded = fold(question.strip())
    found = _EITHER_ZH.search(folded) or _EITHER_EN.search(folded)
    if found is None or _ASKS_OTHERWISE.search(found.group()):
        return None
    other = _AFTER_CHOICE.sub("", _BEFORE_CHOICE.sub("", found["other"]))
    one = _AFTER_CHOICE.sub("", found["one"])
    ones = {_BEFORE_CHOICE.sub("", one), one[-len(other) :] if other else ""}
    sides = frozenset(ones - {"", other}), frozenset({other} - {""})
    return sides if all(sides) else None


def chosen(sides: tuple[frozenset[str], frozenset[str]], text: str, within: Span) -> Span | None:
    """Return the words of a part of a text that name one side, None if both or none are named."""
    folded = fold(text)
    if len(folded) != len(text):
        return None
    named: list[Span] = []
    for names in sides:
        places = (
            (folded.find(name, within.start, within.end), name)
            for name in sorted(names, key=len, reverse=True)
        )
        first = next(((start, name) for start, name in places if start >= 0), None)
        if first is not None:
            named.append(Span(first[0], first[0] + len(first[1])))
    if len(named) != 1 or _NEGATED.search(folded, within.start, named[0].start):
        return None
    return named[0]


def clauses(text: str, within: Span) -> list[Span]:
    """Return the clauses of a part of a text, without the punctuation between them."""
    return [Span(*one.span()) for one in _CLAUSE.finditer(text, within.start, within.end)]


def asked_words(question: str, asked: AskedItem | None = None) -> set[str]:
    """Return the search tokens of what a question is about: not how it asks, nor the number."""
    text = fold(question)
    if asked is not None:
        text = text.replace(asked.words, " ", 1)
    return set(tokens(_BLAND.sub(" ", without_question_words(text)))) & set(query_tokens(question))


def tells_how(question: str, head: str) -> bool:
    """Tell whether a question asks how something is done, and a line is the head of that."""
    return bool(_ASKS_HOW.search(fold(question)) and _TELLS_HOW.search(fold(head)))


def asks_what_is_asked(question: str) -> bool:
    """Tell whether what the article asks is itself asked for."""
    return _ASKS_WHAT_IS_ASKED.search(fold(question)) is not None


def ends_asking(text: str) -> bool:
    """Tell whether the last sentence of a text is a question."""
    return text.rstrip().rstrip(CLOSERS).endswith(("?", "？"))


def only_asks(text: str) -> bool:
    """Tell whether a line asks and says nothing that answers.

    It is marked as a question (问：, Q:), asked by an interviewer, or mostly questions.
    """
    if len(text) > _LONGEST_QUESTION:
        return False
    folded = fold(text.strip())
    if _ANSWER_LABEL.match(folded) or _ANSWER_INSIDE.search(folded):
        return False
    asks = ends_asking(text)
    label = _ASKING_LABEL.match(folded)
    if label:
        return asks or len(sentences(folded[label.end() :])) == 1
    interviewer = _INTERVIEWER.match(folded)
    if interviewer and (asks or _INVITES.search(folded, interviewer.end())):
        return True
    if not asks:
        return False
    asking = sum(span.end - span.start for span in sentences(text) if ends_asking(span.of(text)))
    return 2 * asking >= len(text.strip())


def leads_in(text: str) -> bool:
    """Tell whether a line announces what follows it, as 申请需要以下材料： does."""
    return _LEADS_IN.search(fold(text.rstrip())) is not None


def announces(text: str) -> bool:
    """Tell whether a line says that several things follow: 步骤如下, the following."""
    return _ANNOUNCES.search(fold(text)) is not None


def is_row(text: str) -> bool:
    """Tell whether a line is a row of a table."""
    return text.startswith("|") or " | " in text


_MARK = re.compile(
    rf"第\s*(?P<nth>{_NUMERAL})\s*(?P<unit>步|条|项|款|点|种|章|节|阶段|天|课|道|[,，、:：])"
    rf"|(?P<word>步骤|step|rule|clause|article|item|stage|day|phase)\s*(?P<after>{_NUMERAL})(?![\d\w])"
    rf"|[(（]\s*(?P<bracketed>{_NUMERAL})\s*[)）]"
    rf"|(?P<plain>{_NUMERAL})\s*(?:[、)）](?!\d)|[.．](?!\d)|[:：](?=\s))"
)
_CIRCLED = re.compile("[\u2460-\u2473\u2474-\u249b\u24f5-\u24fe\u2776-\u2793]")
_BULLET = re.compile(r"[•·●▪■◆○]|[-*+–—](?=\s)")
_MARK_BEFORE = re.compile(r"[ \t>]*(?:(?P<number>\d{1,9})[.)]|[-*+])[ \t]+$")


def mark_of(text: str) -> Mark | None:
    """Return what a line of a list begins with: 第二步, （二）, 2., ②, Step 2 or a bullet."""
    if _CIRCLED.match(text):
        return Mark("circled", int(unicodedata.numeric(text[0])))
    if _BULLET.match(text):
        return Mark("bullet", 0)
    found = _MARK.match(fold(text[:16]))
    if not found:
        return None
    numeral = found["nth"] or found["after"] or found["bracketed"] or found["plain"]
    script = "digit" if numeral.isdigit() else "han"
    kind = found["unit"] or (found["word"] or "").replace("骤", "")
    if not kind:
        kind = ("bracket " if found["bracketed"] else "plain ") + script
    return Mark(kind, _value(numeral))


def mark_before(line_start: str) -> Mark | None:
    """Return the mark that stands before a paragraph in its line, as in Markdown."""
    found = _MARK_BEFORE.fullmatch(line_start)
    if not found:
        return None
    return Mark("plain digit", int(found["number"])) if found["number"] else Mark("bullet", 0)


def _value(numeral: str) -> int:
    """Return the value of digits or of a Chinese numeral up to 99; 0 of what is neither."""
    if not numeral:
        return 0
    if numeral.isdigit():
        return int(numeral)
    digits = "零一二三四五六七八九"
    tens, ten, ones = numeral.replace("两", "二").partition("十")
    if not ten:
        return digits.find(tens) if len(tens) == 1 else 0
    return 10 * (digits.find(tens) if tens else 1) + (digits.find(ones) if ones else 0)
