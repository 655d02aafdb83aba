"""A saved web page: which of its parts are the article, and which are the site's furniture."""

import re
from collections.abc import Mapping, Sequence

from qa.loaders.furniture import is_navigation
from qa.loaders.markup import Element, Found, local_name
from qa.text import ends_sentence, fold

__all__ = ["article_range", "hide_furniture", "is_furniture", "without_tail"]

# An element is the article's if it holds this share of the page's sentences: what a site adds
# without naming it is seldom more, and a sentence too many costs less than one too few.
_ARTICLE_SHARE = 0.95
# What holds more of a page's text than this is no furniture, whatever it is called.
_LARGEST_FURNITURE = 0.4
_LINKED = 0.8
_FURNITURE_TAGS = frozenset(["nav", "aside", "footer", "form", "menu", "dialog"])
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary"])
_PARAGRAPHS = frozenset(
    "p li ul ol dl dd dt pre blockquote tr tbody table span font b strong".split()
)
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FURNITURE_NAMES = frozenset(
    "nav navi navbar navigation topnav subnav menu breadcrumb breadcrumbs crumb crumbs footer foot "
    "copyright related relate relation recommend recommends recommended reco share sharing social "
    "comment comments reply sidebar aside advert advertisement ad ads adbox banner sponsor "
    "sponsored promo promotion login register qrcode ewm pagination pager hotnews rank ranking "
    "toplist tags keywords toolbar tools disclaimer declare search subscribe follow pinglun "
    "tuijian xiangguan guanggao fenxiang daohang banquan paihang gotop backtop totop popup modal "
    "cookie cookies app download".split()
)
_RELATED = re.compile(
    "(?:相关|相關|推荐|推薦|延伸|扩展|热门|熱門|更多|往期|精彩|猜你喜欢|猜你喜歡|大家都在看|关键词|标签)"
    "(?:阅读|閱讀|新闻|新聞|推荐|推薦|报道|報導|文章|链接|連結|内容|专题|精选|回顾)*[:：]?"
    "|related(?: articles| stories| news)?|read more|recommended"
)
_TAIL = re.compile(
    r"[(（【\[]?\s*(?:责任编辑|責任編輯|责编|責編|编辑|編輯|校对|审核|值班编辑|美编|监制)\s*[:：/|]"
    "|[(（【]?(?:免责声明|免責聲明|版权声明|版權聲明|特别声明|郑重声明|声明|聲明)[】)）:：]"
    "|(?:版权所有|版權所有|copyright|©|\\(c\\)\\s|未经.{0,8}授权|未經.{0,8}授權)"
    "|(?:分享到|扫码|扫一扫|掃碼|长按|点击(?:关注|下载|进入)|打开app|下载app|上一篇|下一篇|上一則|下一則)"
    "|(?:关键词|關鍵詞|标签|標籤|tags?)\\s*[:：]"
    "|.{0,20}(?:icp备|icp证|公网安备|许可证编?号|违法和不良信息)"
)


def hide_furniture(body: Element) -> None:
    """Hide what its tag, role, class or id calls furniture, in place."""
    lengths = _text_lengths(body)
    whole = max(lengths[body], 1)
    for element in list(body.iter()):
        if element is body or not _is_called_furniture(element):
            continue
        if lengths[element] <= _LARGEST_FURNITURE * whole and not _holds_title(element):
            element.set("hidden", "")


def _holds_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _is_called_furniture(element: Element) -> bool:
    name = local_name(element)
    if name == "div" and element.get("title") in ("header", "footer"):
        # So LibreOffice marks the running lines of a document that it saved as a page.
        return True
    if name in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    called = f"{element.get('class', '')} {element.get('id', '')}"
    return any(word.lower() in _FURNITURE_NAMES for word in _NAME_WORD.findall(called))


def _text_lengths(body: Element) -> dict[Element, int]:
    """Return the number of characters inside each element."""
    elements = list(body.iter())
    lengths = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        lengths[element] += len((element.text or "").strip()) if local_name(element) else 0
        parent = element.getparent()
        if element is not body and parent in lengths:
            lengths[parent] += lengths[element] + len((element.tail or "").strip())
    return lengths


def article_range(body: Element, found: Sequence[Found]) -> tuple[int, int]:
    """Return the bounds of the parts inside the smallest element that holds the article."""
    weights = dict.fromkeys(body.iter(), 0)
    for one in found:
        if one.element in weights and one.linked < _LINKED and ends_sentence(one.part.text):
            weights[one.element] += len(one.part.text)
    elements = list(weights)
    for element in reversed(elements):
        parent = element.getparent()
        if element is not body and parent in weights:
            weights[parent] += weights[element]
    if not weights.get(body):
        return 0, len(found)
    enough = _ARTICLE_SHARE * weights[body]
    # In document order the last one that holds enough is the innermost. One long paragraph
    # may hold nearly all, but what stands beside it is of the same article.
    holders = [
        element
        for element in elements
        if weights[element] >= enough and local_name(element) not in _PARAGRAPHS
    ]
    article = _with_paragraphs_beside((holders or [body])[-1], body, weights)
    inside = set(article.iter())
    places = [place for place, one in enumerate(found) if one.element in inside]
    return (places[0], places[-1] + 1) if places else (0, len(found))


def _with_paragraphs_beside(
    article: Element, body: Element, weights: Mapping[Element, int]
) -> Element:
    """Return the element around the article as long as paragraphs of it stand beside it."""
    parent = article.getparent()
    while article is not body and parent is not None:
        beside = (one for one in parent if one is not article and local_name(one) in _PARAGRAPHS)
        if not any(weights.get(one) for one in beside):
            break
        article, parent = parent, parent.getparent()
    return article


def is_furniture(one: Found) -> bool:
    """Tell whether a part in the middle of an article belongs to the site."""
    text = one.part.text
    if one.part.kind != "heading" and one.linked >= _LINKED:
        return True
    return _RELATED.fullmatch(fold(text)) is not None


def without_tail(found: Sequence[Found]) -> list[Found]:
    """Return the parts without the editor's, legal and sharing lines after the article."""
    kept = list(found)
    while kept and (_TAIL.match(fold(kept[-1].part.text)) or is_navigation(kept[-1].part.text)):
        kept.pop()
    return kept
