"""Sections that a site puts after an article under a heading: comments, questions, notices."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from qa.loaders.html.phrases import is_label, topics
from qa.loaders.html.prose import is_sentence
from qa.loaders.markup import Element, Found, local_name
from qa.text import fold

__all__ = ["is_site_label", "section_before", "site_sections"]

_LONGEST_LABEL = 40
_LARGEST_SECTION = 3
"""Times the prose before it: comments may be longer than the article, but not by much more."""
_COUNT = r"[\s（(【\[]*\d*[\d,.万k+]*\s*(?:条|個|个|篇|楼)?[】\]）)]*"
_LABEL = re.compile(
    r"[【\[#|\s]*(?:"
    # what readers wrote
    r"(?:全部|最新|最热|热门|精彩|精选|网友|用户|读者|股吧|股友|买家|商品|网上|我要|发表|查看|更多|所有|参与|相关|文章|(?>\d+)条?)*"
    r"(?:评论|評論|点评|留言|跟帖|回帖|评价|吐槽|弹幕|讨论区|回复)(?:区|區|列表|选登)?"
    r"|《.{1,40}》(?:上|有)?\s*\d+\s*(?:条|則|个)?(?:评论|留言|回复)"
    r"|(?:其他|其它|更多|全部|相关|相關|类似|\d+个)(?:用户|网友|人)?的?(?:回答|答案|问题|問題|提问|问答|讨论)"
    r"|(?:用户|网友|买家|商品|大家|精选)的?(?:问答|提问|回答|都在问)(?:专区|区)?"
    r"|大家(?:都|还|也|在|正在)*(?:做|拍|晒|说|问|评|写|看|聊|搜)(?:过|了|的).{0,20}"
    r"|关于(?:这|本|该|此).{1,8}的?(?:问答|提问|讨论|评论|问题|留言)"
    # other articles
    r"|(?:您|你)(?:可能|也许|或许)?(?:还|也|会)*(?:关注|喜欢|想看|感兴趣)(?:的?.{0,4})?|猜(?:您|你)(?:关注|想看|喜欢)"
    r"|看(?:过|了)?.{0,8}的人(?:还|也|都)*(?:看|喜欢|在看|买)(?:了|过)?"
    r"|(?:相关|相關|推荐|推薦|延伸|热门|熱門|更多|往期|精彩|最新|近期|本周|今日|同类)"
    r"(?:阅读|閱讀|新闻|新聞|推荐|推薦|报道|報導|文章|链接|连接|連結|内容|专题|精选|回顾|政策|文件|政策文件|法规|公告|研报|词条|帖子|主题|图集)"
    r"|(?:友情|相关)链接|相关|相關"
    # of the site, and of whoever wrote
    r"|关于(?:本站|本网|我们|作者|博主|译者|楼主)|(?:本站|网站|站点|社区)公告|新手上路"
    r"|(?:免责|免責|版权|版權|郑重|特别|法律|本站|本网|网站|转载|分析师|网友)?(?:声明|聲明|申明)"
    r"|(?:词条|文章|相关|本文|热门)?(?:标签|標籤|tags?)|词条图册"
    r"|(?:免费)?(?:订阅|关注)(?:我们|本站|.{0,12}(?:报|刊|版|号|日报|周刊|电子版|邮件|公众号))|分享(?:到|至|给).{0,10}"
    r"|[参參]考(?:资料|資料|文献|文獻|来源|链接)|references"
    r"|related(?: articles| posts| stories)?|comments|leave a (?:comment|reply)|about the author"
    rf")[】\]]?{_COUNT}(?:[:：>»]*|更多[>»]*)",
    re.IGNORECASE,
)
_SOURCES = re.compile("参考|參考|references")
_LINKED = 0.5
_MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the parts inside an element begin, and the last of them."""

    first: int
    last: int


def is_site_label(text: str) -> bool:
    """Tell whether a text is what a site calls a section below an article."""
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(fold(text)) is not None


def site_sections(
    found: Sequence[Found], title: str, about: AbstractSet[str]
) -> list[tuple[int, int]]:
    """Return where sections of the site begin and end, each in an element of its own.

    One in an element like those of the article's own sections is of the article, and so is
    one whose name is what the article is about.
    """
    labels = [
        place
        for place, one in enumerate(found)
        if is_site_label(one.part.text)
        and one.part.text not in title
        and about.isdisjoint(topics(one.part.text))
    ]
    if not labels:
        return []
    spans = _spans(found)
    forms = _around_fields(found[labels[0]].element)
    ends = [(place, _end(found, place, spans, set(labels), forms)) for place in labels]
    return [(place, end) for place, end in ends if _is_sites(found[place:end])]


def _is_sites(section: Sequence[Found]) -> bool:
    """Tell whether a section holds anything, and links if it is called other texts."""
    label, *inside = section
    if _SOURCES.match(fold(label.part.text)):
        return bool(inside) and all(one.linked >= _LINKED for one in inside)
    is_told = any(is_sentence(one.part.text) for one in inside)
    is_linked = any(one.linked for one in inside)
    return bool(inside) and not (is_told and not is_linked and is_label(label.part.text))


def section_before(sections: Sequence[tuple[int, int]], end: int) -> int | None:
    """Return where the longest section begins of those that go on up to ``end``."""
    return min((first for first, last in sections if first < end <= last), default=None)


def _spans(found: Sequence[Found]) -> dict[Element, _Span]:
    spans: dict[Element, _Span] = {}
    for place, one in enumerate(found):
        for up in (one.element, *one.element.iterancestors()):
            spans[up] = _Span(spans[up].first if up in spans else place, place)
    return spans


def _around_fields(element: Element) -> set[Element]:
    """Return the elements of a page that hold a field to write in."""
    fields = islice(element.getroottree().iter("textarea"), _MOST_FIELDS)
    return {up for field in fields for up in field.iterancestors()}


def _end(
    found: Sequence[Found],
    label: int,
    spans: dict[Element, _Span],
    labels: set[int],
    forms: AbstractSet[Element],
) -> int:
    """Return where the largest element ends that begins with a label."""
    end = label + 1
    is_made = False
    before = _prose(found, 0, label)
    for up in (found[label].element, *found[label].element.iterancestors()):
        span = spans[up]
        if span.first != label or _is_section_among_others(found, up, spans, labels):
            break
        if _prose(found, label, span.last + 1) > _LARGEST_SECTION * before:
            break
        # Whoever writes an article seldom gives names to elements of it; a site does.
        # Nor does one have a field for readers to write in.
        is_made |= bool(_class(up) or up.get("id") or up in forms) and span.last > label
        end = span.last + 1
    is_made |= any(one.linked for one in found[label + 1 : end])
    return end if is_made else label + 1


def _prose(found: Sequence[Found], start: int, end: int) -> int:
    texts = (one.part.text for one in found[start:end] if one.part.kind != "heading")
    return sum(map(len, texts))


def _is_section_among_others(
    found: Sequence[Found], element: Element, spans: dict[Element, _Span], labels: set[int]
) -> bool:
    """Tell whether an element stands among others like it, which begin with other headings."""
    for other in element.itersiblings(preceding=True):
        span = spans.get(other)
        alike = local_name(other) == local_name(element) and _class(other) == _class(element)
        if span is None or not alike or span.first in labels or span.first == span.last:
            continue
        inside = found[span.first + 1 : span.last + 1]
        is_headed = found[span.first].part.kind == "heading"
        if is_headed and any(is_sentence(one.part.text) for one in inside):
            return True
    return False


def _class(element: Element) -> str:
    return str(element.get("class", ""))
