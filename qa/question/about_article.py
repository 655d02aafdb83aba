"""Questions about the article itself: what it is about, its title, author, date, parts, size.

Such a question shares no word with the lines that answer it, so neither search finds them. By
rule, on the whole of the question: one that only mentions the author or a paragraph is none.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa.question.lexicon import COURTESIES_EN, COURTESIES_ZH
from qa.text import HAN, fold

__all__ = ["About", "Facet", "asked_about"]

Facet = Literal["outline", "headings", "title", "date", "author", "paragraph", "size"]


@dataclass(frozen=True, slots=True)
class About:
    """What is asked about the article.

    ``place`` is the section or paragraph asked for, from 0, or from the end if it is negative;
    ``named`` the title that the question names; ``explicit`` tells whether it says that it asks
    about the article, as who sums up does, and ``loose`` whether it could be asked of anything
    (谁写的?).
    """

    facet: Facet
    place: int | None = None
    named: str = ""
    explicit: bool = False
    loose: bool = False


_NUMBERS = {sign: number for number, sign in enumerate("零一二三四五六七八九十") if number} | {
    "两": 2
}
_ORDINALS_EN = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)

# Chinese, folded and without blanks.
_ARTICLE = (
    "(?:(?:这|该|此|本|那|整|全|这整)(?:一?篇|则)(?:文章|报道|报导|新闻稿?|故事|小说|散文|课文|论文|"
    "稿子|文字|文)?|(?:这|这个|此|本|该|全)(?:文章|文本|报道|报导|故事|文)|这(?:些|几篇)文章|"
    "文章|全文|通篇|原文|课文|正文|报道|报导|新闻稿)"
)
_FILE = (
    "(?:这[个份篇些]?|本)(?:文件|文档|报告|材料|资料|合同|通知|说明书?|pdf|word|docx?|pptx?|txt|markdown)"
    "(?:文件|文档|文稿)?|(?:文档|pdf)(?:文件)?"
)
"""A text as what it was added as; who wrote 这份报告 may be asked of one that the article is on."""
_SUM_UP = "(?:总结|概括|归纳|概述|简述|复述|提炼|梳理|整理|小结)"
_OPENING = re.compile(
    rf"^(?>(?:{COURTESIES_ZH}|对了|另外|还有|此外|然后|顺便问?(?:一下)?|话说|再问(?:一下)?|请问|请教|请|麻烦[你您妳]?|帮忙|帮我|给我|[你您妳]?能不能|[你您妳]?能否|"
    r"[你您妳]?可不可以|[你您妳]?可以|[你您妳]能|"
    rf"[你您妳来能](?=[你帮给替为来]|(?:简单|简要|简短)?{_SUM_UP})|我?想知道|我想问|告诉我|那么|那(?!篇)|[,.、:])+)"
)
_CLOSING = re.compile(rf"(?>(?:{COURTESIES_ZH}|[吗呢吧啊呀嘛?!.,。、…~;:])+)$")
_FRONT = re.compile(
    r"(?:在|把|对|将|就)?(?:《(?P<title>[^》]{1,80})》|[“「\"](?P<quoted>[^”」\"]{1,80})[”」\"])?"
    rf"(?:(?P<file>{_FILE})|(?P<article>{_ARTICLE}))?(?:里面?|中|内)?的?"
)
_WHAT = "(?:什么|啥|哪些)"
_WHEN = "(?:什么时候|什么时间|啥时候|何时|几时|哪一?[天年月日]|几号|几月几[号日]|几点几分|几点钟?)"
_WHO = "(?:谁|哪位|何人|什么人|哪个人)"
_MEDIUM = "(?:哪家|哪个|什么)(?:媒体|网站|报纸|报社|机构|平台|公众号|杂志|刊物)"
_TELLS = "(?:讲述?|说|写|谈论?|介绍|描述|描写|叙述|记叙|论述|讨论|报道|表达|阐述)"
_GIST = (
    "(?:主要内容|大概内容|大意|主旨|中心思想|中心内容|梗概|内容概要|内容提要|概要|摘要|提纲|"
    "大纲|段落大意|要点|重点|主要观点|核心观点|核心内容)"
)
_ALL = "(?>(?:一共|总共|共|总|大概|大约|到底|究竟|都)*)"
_PLACE = (
    "(?P<place>倒数第(?:[一二两三四五六七八九十]{1,3}|\\d{1,4})|第(?:[一二两三四五六七八九十]{1,3}|"
    "\\d{1,4})|最后一|最末一|开头一|结尾一|末尾一|头一|首|末|尾)"
)
_PUBLISHED = "(?:发表|发布|刊登|刊发|登载|登出|出版|发出|发|写成|写作|写|登)"

_SIZE_WISHED = (
    "(?:[用以成为到]|不超过|控制在|大概|大约)*[一两二三四五六七八九十百几\\d]+"
    "(?:个?(?:汉?字|要点)|[句段]话|点)(?:以内|之内|左右)?"
)
"""How long a summary is to be; it is passed over."""

_WITH_ARTICLE: tuple[tuple[Facet, str], ...] = (
    (
        "outline",
        rf"(?:主要|大概|大致|大体|究竟|到底|都|具体)*是?[在想]?{_TELLS}[的了些过到是]*(?:一个)?"
        rf"(?:{_WHAT}|什么样的?)(?:东西|内容|事情?|事儿|故事|问题|方面)?的?",
    ),
    ("outline", rf"是?关于{_WHAT}的?(?:文章)?|有(?:什么|哪些)(?:内容|要点|重点|看点)"),
    (
        "outline",
        rf"(?:内容|主题|中心|重点|结构|脉络|思路|{_GIST})[是有为]?(?:什么|啥|哪些|怎样的?|如何)?",
    ),
    ("outline", "(?:介绍|说说|讲讲|谈谈)(?:一下|下)?(?:主要)?(?:内容)?"),
    ("headings", "(?:章节|板块)(?:标题)?[是有]?(?:哪些|什么|几个)?"),
    ("title", f"(?:叫|题为|名为|名叫)做?{_WHAT}(?:名字?|标题|题目)?|(?:名字|名称)[是叫]?{_WHAT}"),
    ("date", f"是?在?(?:具体)?{_WHEN}{_PUBLISHED}(?:出来)?[的了]?"),
    ("date", f"(?:时间|日期)[是为]?(?:{_WHEN}|什么|多少)?"),
    ("author", f"是?由?{_WHO}(?:撰写|写|创作|发表|发布|刊登|报道|执笔)(?:出来)?[的了]?"),
    ("author", f"是?由?{_MEDIUM}(?:{_PUBLISHED}|报道)?(?:出来)?的?"),
    (
        "author",
        "是?(?:来自于?|出自于?|转自|选自|摘自|发表[在于]|刊登[在于]|登在|发在|在)"
        f"(?:哪里|哪儿|何处|什么地方|{_MEDIUM})(?:{_PUBLISHED})?的?",
    ),
    ("size", "有?多长|长度[是有]?(?:多少|多长)?|篇幅[是有]?(?:多少|多长|多大)?"),
    ("size", f"{_ALL}有?几个字"),
    ("paragraph", f"(?P<place>开头|结尾|末尾|最后)(?:部分)?是?{_TELLS}[的了是]*{_WHAT}"),
    ("paragraph", "是?(?:怎么|怎样|如何)(?P<place>开头|结尾)的?"),
)
_ALONE: tuple[tuple[Facet, str], ...] = (
    ("outline", rf"(?:主要|大概|大致)是?在?{_TELLS}[的了是]*{_WHAT}(?:内容)?"),
    ("outline", rf"讲[的了是]*{_WHAT}(?:内容|故事)?"),
    ("outline", rf"{_GIST}[是有为]?(?:什么|啥|哪些)?"),
    (
        "headings",
        f"{_ALL}有?(?:几|哪|多少|什么|哪几)?[个些]?小标题(?:各|都|分别)*[有是叫]?"
        "(?:哪些|几个|哪几个|多少个?|什么|啥)?|(?:列出)?(?:所有|全部)?的?(?:小标题|章节标题|目录)",
    ),
    (
        "headings",
        f"{_PLACE}(?:个?(?:大?部分|章|小?节)的?(?:小?标题|题目|名字|名称)|个?小标题)[是叫]?做?{_WHAT}?",
    ),
    ("title", rf"(?:大|主|总|正|完整的?)?(?:标题|题目|篇名|题名)[是叫为]?做?(?:{_WHAT}|哪个)?"),
    ("date", f"(?:发表|发布|刊登|刊发|写作|成文)(?:时间|日期)[是在为]?(?:{_WHEN}|什么|多少)?"),
    ("date", f"{_WHEN}(?:写|发表|发布|刊登)[的了]?{_ARTICLE}"),
    (
        "author",
        f"(?:原?作者|撰稿人|执笔人)(?:的?(?:名字|姓名))?[是叫]?(?:{_WHO}|什么名字?|哪个|什么)?",
    ),
    ("author", f"是?(?:{_WHO}|{_MEDIUM})(?:写|发表|发布|刊登)[的了]?{_ARTICLE}"),
    (
        "paragraph",
        rf"(?:看看?|读|显示|念|引用|介绍|{_SUM_UP})?(?:一?下)?{_PLACE}个?(?:自然)?段(?:落|话|文字)?(?:里面?|中)?的?"
        rf"(?:主要|大概|都)?(?:内容|{_GIST})?在?(?:是|{_TELLS})?[了的是]*{_WHAT}?(?:内容|东西|事情?)?的?",
    ),
    ("paragraph", f"(?P<place>开头|结尾)(?:部分)?{_TELLS}[的了是]*{_WHAT}"),
    (
        "size",
        f"{_ALL}(?:有|分成?|分为|包含|由)?了?(?:几|多少)个?(?:自然)?段(?:落|文字|话)?(?:组成|构成)?的?",
    ),
    ("size", f"{_ALL}有?多少个?(?:汉|文)?字(?:数|符)?|{_ALL}字数[是有]?(?:多少|几)?"),
    ("size", f"段落?数[是有]?(?:多少|几)?|{_ALL}有?(?:几|多少)篇(?:文章)?"),
)
_SUMMED: tuple[tuple[Facet, str], ...] = (
    (
        "outline",
        rf"(?:{_SIZE_WISHED})?来?(?:简单|简要|简短|扼要|大概|快速|简明)?[地的]?{_SUM_UP}(?:总结|概括)?(?:一下|下|一遍)?"
        rf"(?:{_ARTICLE}|{_FILE})?的?(?:(?:主要|全部|核心)?(?:内容|大意|要点|重点|中心思想|观点|主旨)?(?:一下)?"
        rf"|(?:主要|大概)?{_TELLS}[的了是]*{_WHAT})(?:,?{_SIZE_WISHED})?",
    ),
    (
        "outline",
        f"(?:介绍|说说|讲讲|谈谈)(?:一下|下)?(?:{_ARTICLE}|{_FILE})的?(?:主要)?(?:内容|{_GIST})?",
    ),
    (
        "outline",
        "(?:来|做|写|给|列)?(?:一?[个份段篇下]|出)?(?:[一两二三几]句话)?(?:简短|简单|简要|简|全文|文章|内容)?的?"
        "(?:总结|摘要|概括|概要|小结|提要|提纲|大纲)|太长不看",
    ),
)
_LOOSE: tuple[tuple[Facet, str], ...] = (
    ("outline", "这是(?:干|做|讲|说|写|关于)(?:什么|啥|嘛)的?"),
    (
        "headings",
        f"{_ALL}(?:分成?|分为|有|包含|包括|由)了?(?:哪|几|多少|哪几)(?:个|些|大)*(?:部分|章节?|小?节|板块)"
        "(?:组成|构成)?",
    ),
    ("date", f"是?在?{_WHEN}(?:发表|发布|刊登|刊发|写|写成)(?:出来)?的?"),
    ("author", f"是?{_WHO}写的|(?:来源|出处)[是在]?(?:哪里|哪儿|什么|{_MEDIUM})?"),
)

# English.
_OPENING_EN = re.compile(
    rf"^(?>(?:(?:{COURTESIES_EN}|please|(?:can|could|would) you|tell me|give me|show me|i want "
    rf"to know|"
    r"so|and)\b[\s,.!]*)+)"
)
_CLOSING_EN = re.compile(r"(?:\b(?:please|for me|thanks|thank you)\b|[\s?!.,…;:])+$")
_TEXT_EN = r"(?:article|text|story|piece|essay|report|document|file|pdf|page|post)"
_ARTICLE_EN = rf"(?:(?:this|the|that)(?: whole| entire| news)? {_TEXT_EN}|these articles|this)"
_IT = rf"(?:{_ARTICLE_EN}|it)"
_IS = r"(?:what(?:'s| is| are|s) )?(?:the )?"
_OF = rf"(?: (?:of|in) {_ARTICLE_EN})?"
_ORDINAL_EN = rf"(?P<place>{'|'.join(_ORDINALS_EN)}|\d+(?:st|nd|rd|th)|last|final|opening)"
_ENGLISH: tuple[tuple[Facet, str], ...] = (
    (
        "outline",
        rf"(?:(?:summari[sz]e|outline|recap|sum up)(?: {_IT})?|explain {_IT})"
        r"(?: briefly| in .{1,30})?",
    ),
    (
        "outline",
        rf"{_IS}(?:an? )?(?:short |brief |quick )?(?:summary|overview|outline|gist|abstract|"
        rf"synopsis|"
        rf"main (?:idea|point|topic|theme|message)s?|key (?:point|takeaway|idea)s?)"
        rf"(?: (?:of|in|from) {_ARTICLE_EN})?",
    ),
    ("outline", rf"what(?:'s| is|s| are) {_IT} (?:all )?about|tl;?dr"),
    (
        "outline",
        rf"what (?:does|do) {_IT} (?:say|tell(?: us)?|talk about|discuss|cover|describe)",
    ),
    (
        "headings",
        r"(?:how many|what|which|list)(?: are)?(?: all)?(?: the)? (?:sub)?(?:sections?|"
        r"headings?|parts|"
        rf"section titles)(?: (?:are there(?: in {_ARTICLE_EN})?|(?:does|do) {_ARTICLE_EN} have|"
        rf"(?:are )?(?:of|in) {_ARTICLE_EN}))?|{_IS}table of contents{_OF}",
    ),
    ("headings", rf"{_IS}(?:title|heading|name) of the {_ORDINAL_EN} (?:section|part|heading)"),
    (
        "headings",
        rf"{_IS}{_ORDINAL_EN} (?:section|part|heading)(?:'s)? ?(?:title|heading|called)?{_OF}",
    ),
    ("title", rf"{_IS}(?:title|headline){_OF}|{_IS}name of {_ARTICLE_EN}"),
    ("title", rf"what(?:'s| is) {_ARTICLE_EN}(?:'s)? (?:title|headline|called|titled)"),
    ("date", rf"when (?:was|is) {_ARTICLE_EN} (?:published|written|posted|released|dated)"),
    ("date", r"when was it (?:published|written)"),
    ("date", rf"when did {_ARTICLE_EN} (?:come out|appear)|{_IS}publication date{_OF}"),
    ("date", rf"{_IS}date of (?:publication|{_ARTICLE_EN})"),
    (
        "author",
        rf"who (?:wrote|published|posted|authored|is the (?:author|writer) of) {_IT}",
    ),
    ("author", rf"(?:who(?:'s| is) )?(?:the )?(?:author|writer)(?: of {_ARTICLE_EN})?"),
    ("author", rf"who was {_ARTICLE_EN} (?:written|published) by|{_IS}source of {_ARTICLE_EN}"),
    (
        "author",
        rf"where (?:was {_ARTICLE_EN} published|does {_ARTICLE_EN} come from|is "
        rf"{_ARTICLE_EN} from)",
    ),
    (
        "paragraph",
        rf"(?:what (?:does|is|do|'s) )?(?:the )?{_ORDINAL_EN} paragraph"
        rf"(?: (?:say|says|about|(?:of|in) {_ARTICLE_EN}(?: say| about)?))?",
    ),
    ("paragraph", r"(?:what (?:does|is) )?paragraph (?P<place>\d{1,4})(?: say| about)?"),
    ("paragraph", rf"how does {_ARTICLE_EN} (?P<place>begin|start|end)"),
    (
        "size",
        r"how many (?:paragraphs|words|characters|articles)(?: (?:are there|long))?"
        rf"(?: (?:is|does|do|are) {_ARTICLE_EN}(?: have)?| (?:are )?in {_ARTICLE_EN})?",
    ),
    ("size", rf"how long is {_ARTICLE_EN}|{_IS}(?:word|character|paragraph) count{_OF}"),
)


def _compiled(rules: tuple[tuple[Facet, str], ...]) -> tuple[tuple[Facet, re.Pattern[str]], ...]:
    return tuple((facet, re.compile(rule)) for facet, rule in rules)


_RULES, _ALONE_RULES = _compiled(_WITH_ARTICLE + _ALONE), _compiled(_ALONE)
_FILE_RULES = tuple(one for one in _RULES if one[0] in ("outline", "paragraph"))
_SUMMED_RULES, _LOOSE_RULES = _compiled(_SUMMED), _compiled(_LOOSE)
_ENGLISH_RULES = _compiled(_ENGLISH)
_SAYS_ARTICLE = re.compile(rf"\b{_ARTICLE_EN}\b")
_SUMS_UP = re.compile(r"(?:summari[sz]e|outline|recap|sum up|explain)\b")
_SAYS_IT = re.compile(r"\bit\b")
_LONGEST = 120
_LAST = ("最后", "最末", "结尾", "末", "尾", "last", "final", "end")
_HAS_HAN = re.compile(f"[{HAN}]")


def asked_about(question: str) -> About | None:
    """Return what a question asks about the article itself, None if it asks something else.

    One of several parts (分几个部分，小标题是什么) asks what its first part does, if each is of
    this kind.
    """
    if len(question) > _LONGEST:
        return None
    folded = fold(question).strip()
    if not _HAS_HAN.search(folded):
        return _asked_in_english(folded)
    bare = "".join(folded.split())
    found = _asked_in_chinese(bare)
    if found is None and "," in bare:
        parts = [_asked_in_chinese(part) for part in bare.split(",") if part]
        return None if None in parts else next(iter(parts), None)
    return found


def _asked_in_chinese(bare: str) -> About | None:
    core = _CLOSING.sub("", _OPENING.sub("", bare))
    front = _FRONT.match(core)
    said = front.groupdict() if front else {}
    named, explicit = said.get("title") or said.get("quoted") or "", bool(said.get("article"))
    says, file = bool(named or explicit), bool(said.get("file"))
    rest = core[front.end() :] if front and (says or file) else core
    for facet, rule in _SUMMED_RULES:
        if rule.fullmatch(rest):
            return About(facet, None, named, explicit=True)
    for facet, rule in _RULES if says else _FILE_RULES if file else _ALONE_RULES:
        match = rule.fullmatch(rest)
        if match:
            return About(facet, _place(match), named, explicit)
    for facet, rule in _LOOSE_RULES if says or not file else ():
        if rule.fullmatch(rest):
            return About(facet, None, named, explicit, loose=not says)
    return None


def _asked_in_english(folded: str) -> About | None:
    core = _CLOSING_EN.sub("", _OPENING_EN.sub("", folded)).replace("’", "'")
    for facet, rule in _ENGLISH_RULES:
        match = rule.fullmatch(core)
        if match:
            explicit = bool(_SAYS_ARTICLE.search(core) or _SUMS_UP.match(core))
            loose = not explicit and _SAYS_IT.search(core) is not None
            return About(facet, _place(match), explicit=explicit, loose=loose)
    return None


def _place(match: re.Match[str]) -> int | None:
    """Return the place that a rule found, from 0, or from the end if it is negative."""
    said = match.groupdict().get("place")
    if not said:
        return None
    number = _number(said)
    if said.startswith(_LAST):
        return -1
    if said.startswith("倒数"):
        return -number
    return number - 1


def _number(said: str) -> int:
    """Return the number in an ordinal, 1 if there is none in it: 十二, 12th, first, 首."""
    digits = re.search(r"\d+", said)
    if digits:
        return max(int(digits.group()), 1)
    if said in _ORDINALS_EN:
        return _ORDINALS_EN.index(said) + 1
    tens, ten, ones = said.removeprefix("倒数").removeprefix("第").rpartition("十")
    if ten:
        return _NUMBERS.get(tens, 1) * 10 + _NUMBERS.get(ones, 0)
    return _NUMBERS.get(ones, 1)
