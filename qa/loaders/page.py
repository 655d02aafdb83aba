"""A saved web page: which of its parts are the article, and which are the site's furniture."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from qa.loaders.furniture import is_navigation
from qa.loaders.markup import Element, Found, is_unseen, local_name
from qa.text import ends_sentence, fold

__all__ = ["article_range", "hide_furniture", "is_furniture", "without_tail", "without_teasers"]

# An element is the article's if it holds this share of the page's sentences: what a site adds
# without naming it is seldom more, and a sentence too many costs less than one too few.
_ARTICLE_SHARE = 0.95
# What holds more of a page's text than this is no furniture, whatever it is called.
_LARGEST_FURNITURE = 0.4
_LINKED = 0.8
# An article has so many characters, and this share of what is longer than it beside it.
_SHORTEST_ARTICLE = 15
_SHORTEST_SHARE = 0.1
# A paragraph of so many bytes, 17 Han characters, is one even if it ends without a full stop.
_LONG_WITHOUT_END = 50
# What the library leaves out is not the article if it stands among links, as other articles do,
# and is not most of the sentences.
_ENOUGH_AGREED = 0.3
_AMONG_LINKS = 0.3
_LONGEST_TEASER = 120
_PARTS_OF_A_TEASER = 4
_LONGEST_DISCLAIMER = 120
_FURNITURE_TAGS = frozenset(["nav", "aside", "footer", "form", "menu", "dialog"])
_FURNITURE_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary"])
_PARAGRAPHS = frozenset(
    "p li ul ol dl dd dt pre blockquote tr tbody table span font b strong".split()
)
_HEADING = re.compile("h[1-6]")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FURNITURE_NAMES = frozenset(
    "nav navi navbar navigation topnav subnav menu breadcrumb breadcrumbs crumb crumbs footer foot "
    "copyright related relate relation recommend recommends recommended reco share sharing social "
    "comment comments cmt cmts review reviews reply replies huifu gentie navbox catlinks sidebar "
    "aside advert advertisement ad ads adbox banner sponsor "
    "sponsored promo promotion login register qrcode ewm pagination pager hotnews rank ranking "
    "toplist tags keywords toolbar tools disclaimer declare search subscribe follow pinglun "
    "tuijian xiangguan guanggao fenxiang daohang banquan paihang gotop backtop totop popup modal "
    "cookie cookies app download".split()
)
# Names of what may be longer than the article that it comes after.
_OTHERS = frozenset(
    "comment comments cmt cmts review reviews reply replies huifu gentie pinglun related relate "
    "relation recommend recommends recommended reco "
    "tuijian xiangguan sidebar rank ranking paihang hotnews toplist".split()
)
# Names that no page gives to what its article is in.
_CERTAIN = frozenset(
    "nav navbar navigation topnav subnav daohang breadcrumb breadcrumbs crumb crumbs footer foot "
    "copyright banquan disclaimer login register cookie cookies".split()
)
# What the element that holds nothing but the text of an article is called.
_TEXT_NAME = re.compile(
    r"(?:entry|post|article|art|news|rich_media|blog|story|detail|js|main|con)[-_]?"
    r"(?:content|body|text|txt|con|content)|trs_editor|content_?text|text_?content|"
    r"c-body|zoom",
    re.IGNORECASE,
)
_ENOUGH_NAMED = 0.6
_RELATED = re.compile(
    "(?:相关|相關|推荐|推薦|延伸|扩展|热门|熱門|更多|往期|精彩|猜你喜欢|猜你喜歡|大家都在看|关键词|标签)"
    "(?:阅读|閱讀|新闻|新聞|推荐|推薦|报道|報導|文章|链接|連結|内容|专题|精选|回顾)*[:：]?"
    "|(?:你|您)(?:可能|也许)(?:还|也)?(?:会)?(?:喜欢|喜歡|感兴趣|感興趣|想看)(?:的(?:文章|内容)?)?[:：]?"
    "|(?:累计|全部|最新|热门|网友|用户|买家|商品|精彩)(?:评价|评论|跟帖|回复)(?:[（(]\\d+[）)])?"
    "|(?:为|給|给)(?:你|您)推荐[:：]?|看(?:过|了)(?:本文|此文)?的人(?:还|也)看(?:了|过)?[:：]?"
    "|related(?: articles| stories| news)?|read more|recommended|you may also like"
)
_DISCLAIMER = re.compile(
    "(?:本|此|该)(?:篇|文|文章|内容|稿件|信息).{0,20}(?:不代表|仅代表|只代表|仅为|纯属).{0,12}"
    "(?:观点|观點|立场|意见|看法)"
    "|.{0,30}(?:不代表|与)本(?:站|网|网站|平台|报|刊|号)(?:的)?(?:观点|立场|意见)?"
    "|.{0,20}如有侵权|.{0,20}侵权(?:请)?(?:联系)?(?:删除|必删|立删)"
)
_CRUMB = re.compile("[您你]?(?:当前|现在|目前)?(?:所在)?的?(?:位置|所在)是?[:：]")
_TAIL = re.compile(
    r"[(（【\[]?\s*(?:责任编辑|責任編輯|责编|責編|编辑|編輯|校对|审核|值班编辑|美编|监制)\s*[:：/|]"
    "|[(（【]?(?:免责声明|免責聲明|版权声明|版權聲明|特别声明|郑重声明|声明|聲明)[】)）:：]"
    "|(?:版权所有|版權所有|copyright|©|\\(c\\)\\s|未经.{0,8}授权|未經.{0,8}授權)"
    "|(?:分享到|(?:用|请|打开)?(?:微信|手机)?(?:扫码|扫一扫|掃碼)|长按|打开app|下载app|上一篇|下一篇|上一則|下一則)"
    "|(?:关键词|關鍵詞|标签|標籤|tags?)\\s*[:：]"
    "|更多.{0,8}(?:内容|精彩|资讯|新闻|报道).{0,20}(?:客户端|app|公众号|关注)|.{0,15}手机用户请"
    "|点击.{0,8}(?:关注|下载|进入|展开|查看全)|[-—–\\s]*(?:the )?end[-—–\\s]*$"
    "|阅读(?:量|数)?\\s*[:：]?\\s*[\\d.]+\\s*[万w]?\\+?(?:\\s|$)"
    "|(?:主办|承办|主管|協辦|主辦)(?:单位|單位)?\\s*[:：].{0,40}(?:承办|地址|备案|电话|网站|维护)"
    "|.{0,20}(?:icp备|icp证|公网安备|许可证编?号|违法和不良信息)"
)


def hide_furniture(body: Element) -> None:
    """Hide what its tag, role, class or id calls furniture, in place."""
    lengths = _prose_lengths(body)
    called = [one for one in body.iter() if one is not body and _is_called_furniture(one)]
    called = [one for one in called if not _holds_title(one)]
    later = _after_article(body, called, lengths)
    outside = lengths[body] - _held(called, lengths)
    hooks = _hooks(called, later, lengths, outside)
    largest = _LARGEST_FURNITURE * max(lengths[body], 1)
    for element in called:
        is_certain = _is_certain(element) and _is_enough(outside, lengths[element])
        is_small = lengths[element] <= largest
        if element not in hooks and (is_small or is_certain or element in later):
            element.set("hidden", "")


def _is_enough(outside: int, length: int) -> bool:
    """Tell whether an article may be what stands outside of an element of a length."""
    return outside >= max(_SHORTEST_ARTICLE, _SHORTEST_SHARE * length)


def _hooks(
    called: Sequence[Element],
    later: AbstractSet[Element],
    lengths: Mapping[Element, int],
    outside: int,
) -> set[Element]:
    """Return what is called furniture by a hook of the page's program: the article is in there."""
    likely = [one for one in called if one not in later and not _is_certain(one)]
    largest = max(likely, key=lambda one: lengths[one], default=None)
    if largest is None:
        return set()
    same = [one for one in likely if one.get("class") == largest.get("class")]
    if outside >= _LARGEST_FURNITURE * _held(same, lengths):
        return set()
    return {*same, *largest.iterancestors()}


def _is_certain(element: Element) -> bool:
    return local_name(element) in ("nav", "footer") or not _CERTAIN.isdisjoint(_names(element))


def _held(elements: Sequence[Element], lengths: Mapping[Element, int]) -> int:
    """Return the prose inside elements, counting those inside others once."""
    chosen = set(elements)
    return sum(
        lengths[one] for one in elements if not any(up in chosen for up in one.iterancestors())
    )


def _after_article(
    body: Element, called: Sequence[Element], lengths: Mapping[Element, int]
) -> set[Element]:
    """Return what readers wrote and other articles, if it comes after prose of the page's own."""
    furniture = set(called)
    inside: set[Element] = set()
    later: set[Element] = set()
    before = 0
    for element in body.iter():
        if element in furniture or element.getparent() in inside:
            inside.add(element)
        elif lengths[element] and ends_sentence(text := (element.text or "").strip()):
            before += len(text)
        others = element in furniture and not _OTHERS.isdisjoint(_names(element))
        if others and _is_enough(before, lengths[element]):
            later.add(element)
    return later


def _holds_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _is_called_furniture(element: Element) -> bool:
    name = local_name(element)
    if name == "div" and element.get("title") in ("header", "footer"):
        # So LibreOffice marks the running lines of a document that it saved as a page.
        return True
    if name in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    return not _FURNITURE_NAMES.isdisjoint(_names(element))


def _names(element: Element) -> set[str]:
    """Return the words in the class and id of an element."""
    called = f"{element.get('class', '')} {element.get('id', '')}"
    return {word.lower() for word in _NAME_WORD.findall(called)}


def _prose_lengths(body: Element) -> dict[Element, int]:
    """Return the number of seen characters inside each element that are no link or heading."""
    elements = list(body.iter())
    lengths = dict.fromkeys(elements, 0)
    passed = set()
    for element in elements:
        name = local_name(element)
        apart = name == "a" or _HEADING.fullmatch(name) or is_unseen(name, element)
        unseen = element is not body and apart
        if unseen or element.getparent() in passed:
            passed.add(element)
    for element in reversed(elements):
        lengths[element] += len((element.text or "").strip()) if element not in passed else 0
        parent = element.getparent()
        if element is not body and parent in lengths:
            tail = len((element.tail or "").strip()) if parent not in passed else 0
            lengths[parent] += lengths[element] + tail
    return lengths


def article_range(
    body: Element, found: Sequence[Found], kept: AbstractSet[Element] = frozenset()
) -> tuple[int, int]:
    """Return the bounds of the parts inside the smallest element that holds the article.

    ``kept`` are the elements that a library takes for it. What it and the page's sentences
    agree on is the article, unless they agree on little, or plain paragraphs would be lost.
    """
    prose = _prose(found)
    agreed = [place for place in prose if found[place].element in kept]
    others = [one for one in found if one.element not in kept]
    linked = sum(len(one.part.text) * one.linked for one in others)
    among_links = linked > _AMONG_LINKS * sum(len(one.part.text) for one in others)
    if not among_links or _length(found, agreed) < _ENOUGH_AGREED * _length(found, prose):
        agreed = prose
    weights = dict.fromkeys(body.iter(), 0)
    for place in agreed:
        if found[place].element in weights:
            weights[found[place].element] += len(found[place].part.text)
    elements = list(weights)
    for element in reversed(elements):
        parent = element.getparent()
        if element is not body and parent in weights:
            weights[parent] += weights[element]
    if not weights.get(body):
        return 0, len(found)
    named = _called_text(weights, body)
    if named is not None:
        body = named
    enough = _ARTICLE_SHARE * weights[body]
    # In document order the last one that holds enough is the innermost. One long paragraph
    # may hold nearly all, but what stands beside it is of the same article.
    holders = [
        element
        for element in elements
        if weights[element] >= enough
        and local_name(element) not in _PARAGRAPHS
        and (named is None or element is named or named in element.iterancestors())
    ]
    article = _with_paragraphs_beside((holders or [body])[-1], body, weights)
    inside = set(article.iter())
    places = [place for place, one in enumerate(found) if one.element in inside]
    return (places[0], places[-1] + 1) if places else (0, len(found))


def _called_text(weights: Mapping[Element, int], body: Element) -> Element | None:
    """Return the element that its page calls the text of the article, if most prose is there."""
    enough = _ENOUGH_NAMED * weights[body]
    for element, weight in weights.items():
        if weight < enough or element is body or local_name(element) in _PARAGRAPHS:
            continue
        called = f"{element.get('class', '')} {element.get('id', '')}".split()
        declared = element.get("itemprop", "").lower() == "articlebody"
        if declared or any(map(_TEXT_NAME.fullmatch, called)):
            return element
    return None


def _prose(found: Sequence[Found]) -> list[int]:
    """Return the places of sentences and long parts; where there are none, of any text."""
    own = [
        place
        for place, one in enumerate(found)
        if one.linked < _LINKED and one.part.kind != "heading"
    ]
    texts = [found[place].part.text for place in own]
    told = list(zip(own, texts, strict=True))
    sentences = [place for place, text in told if _is_sentence(text)]
    prose = [place for place, text in told if len(text.encode()) >= _LONG_WITHOUT_END]
    return sorted({*sentences, *prose}) or [
        place for place, text in told if not (is_navigation(text) or _CRUMB.match(text))
    ]


def _is_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does, and not as one that announces something."""
    return ends_sentence(text) and not text.endswith(("：", ":"))


def _length(found: Sequence[Found], places: Sequence[int]) -> int:
    return sum(len(found[place].part.text) for place in places)


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
    if _CRUMB.match(text) and not ends_sentence(text):
        return True
    if len(text) <= _LONGEST_DISCLAIMER and _DISCLAIMER.match(text):
        return True
    return _RELATED.fullmatch(fold(text)) is not None


def without_teasers(found: Sequence[Found]) -> list[Found]:
    """Return the parts without lists of other articles: headings that are links, little text.

    Where most of the page is such a list, it is what the page is about.
    """
    kept: list[Found] = []
    place = 0
    while place < len(found):
        end = _end_of_teasers(found, place)
        if end == place:
            kept.append(found[place])
            end += 1
        else:
            # The heading of the list goes with it.
            while kept and kept[-1].part.kind == "heading":
                kept.pop()
        place = end
    enough = len(_prose(kept)) and 2 * _length(kept, _prose(kept)) > _length(found, _prose(found))
    return kept if enough else list(found)


def _end_of_teasers(found: Sequence[Found], start: int) -> int:
    """Return where a list of linked headings that begins at ``start`` ends."""
    if not _is_linked_heading(found[start]):
        return start
    around = set(found[start].element.iterancestors())
    listing = None
    headings, text, end, last = 1, 0, start + 1, start
    while end < len(found) and end - last <= _PARTS_OF_A_TEASER:
        one = found[end]
        if _is_linked_heading(one):
            if listing is None:
                listing = next((up for up in one.element.iterancestors() if up in around), None)
            headings, last = headings + 1, end
        elif one.part.kind == "heading" or len(one.part.text) > _LONGEST_TEASER:
            break
        if listing is not None and listing not in one.element.iterancestors():
            break
        text += len(one.part.text) if one.part.kind != "heading" else 0
        end += 1
    return end if headings > 1 and text <= _LONGEST_TEASER * headings else start


def _is_linked_heading(one: Found) -> bool:
    return one.part.kind == "heading" and one.linked >= _LINKED


def without_tail(found: Sequence[Found]) -> list[Found]:
    """Return the parts without the editor's, legal and sharing lines after the article.

    A heading that nothing comes after is that of something left out.
    """
    end = len(found)
    has_text = any(one.part.kind == "text" for one in found)
    while end and (
        _is_tail(found[end - 1]) or (has_text and found[end - 1].part.kind == "heading")
    ):
        end -= 1
    return list(found[:end])


def _is_tail(one: Found) -> bool:
    text = one.part.text
    return _TAIL.match(fold(text)) is not None or is_navigation(text)
