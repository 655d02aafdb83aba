"""What a site puts below and between the lines of an article: legal, sharing, related."""

import re
from collections.abc import Sequence

from qa.loaders.furniture import is_crumb, is_navigation
from qa.loaders.markup import Found
from qa.text import fold

__all__ = ["is_furniture", "without_tail"]

_LINKED = 0.8
_LONGEST_DISCLAIMER = 120
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


def is_furniture(one: Found) -> bool:
    """Tell whether a part in the middle of an article belongs to the site."""
    text = one.part.text
    if one.part.kind != "heading" and one.linked >= _LINKED:
        return True
    if is_crumb(text):
        return True
    if len(text) <= _LONGEST_DISCLAIMER and _DISCLAIMER.match(text):
        return True
    return _RELATED.fullmatch(fold(text)) is not None


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
