"""What a site puts below and between the lines of an article: legal, sharing, related."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest

from qa.loaders.content import Part
from qa.loaders.furniture import is_crumb, is_navigation, is_ordinal
from qa.loaders.markup import Found
from qa.loaders.plain import is_byline
from qa.loaders.sections import section_before, site_sections, topics
from qa.text import fold

__all__ = ["credits_in", "is_furniture", "is_prompt", "without_ordinals", "without_tail"]

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
    "|[(（【]?(?:.{0,4}声明|.{0,4}聲明)[】)）:：]"
    "|(?:版权所有|版權所有|copyright|©|\\(c\\)\\s|未经.{0,8}授权|未經.{0,8}授權)"
    "|(?:分享到|(?:用|请|打开)?(?:微信|手机)?(?:扫码|扫一扫|掃碼)|长按|打开app|下载app|扫描.{0,6}二维码)"
    "|(?:关键词|關鍵詞|标签|標籤|tags?)\\s*[:：]"
    "|更多.{0,8}(?:内容|精彩|资讯|新闻|报道).{0,20}(?:客户端|app|公众号|关注)|.{0,15}手机用户请"
    "|点击.{0,8}(?:关注|下载|进入|展开|查看全)|[-—–\\s]*(?:the )?end[-—–\\s]*$"
    "|阅读(?:量|数)?\\s*[:：]?\\s*[\\d.]+\\s*[万w]?\\+?(?:\\s|$)"
    "|(?:主办|承办|主管|協辦|主辦)(?:单位|單位)?\\s*[:：].{0,40}(?:承办|地址|备案|电话|网站|维护)"
    "|.{0,20}(?:icp备|icp证|公网安备|许可证编?号|违法和不良信息)"
)


# The article before and after this one, under whatever name.
_NEXT = re.compile(
    r"[【\[<«(（]*[上下前后後]一?[条條篇则則章节節回期集版讲页頁个個][】\]>»)）]*\s*(?:[:：>»|].{0,80})?"
)
_FILED = re.compile(
    "(?:文章|词条|所属|相关|本文)?(?:分类|分類|标签|標籤|专栏|專欄|专题|栏目|话题|频道|收录于)\\s*[:：]?"
)
_MOSTLY_LINKED = 0.4
_CREDIT = re.compile("(?:撰文|作者|文字|文|本报记者|记者)\\s*[:：/|]")
_LONGEST_CREDIT = 30
_END = re.compile(
    r"[-—–=~*·•\s(（【\[]*"
    r"(?:(?:the )?end|完|终|全文完|本文完|正文完)[-—–=~*·•\s)）】\].]*"
)
_LONGEST_BUTTON = 6
_MOST_AFTER_END = 0.3
_LONGEST_PROMPT = 160
_ASKED = re.compile(
    "点赞|點讚|在看|转发|轉發|分享|收藏|关注|關注|星标|留言|评论区|长按|長按|二维码|二維碼|扫码|扫一扫|公众号|公眾號|读者群|交流群|打赏|赞赏|三连|订阅"
)
_ASKING = re.compile("请|請|帮|欢迎|歡迎|记得|别忘|如果|喜欢|喜歡|点击|點擊|即可|领取")
_FOLLOW = re.compile(
    "(?:点击|戳|长按|按住|关注|↑|▲|△|👆|\\s)*(?:上方|下方|上面|下面|顶部|左上角|文末|这里)?.{0,3}"
    "(?:蓝字|蓝色字|蓝色.{0,4}名|名片|卡片|二维码)"
)
_WANTED = re.compile(
    "(?:提供|爆料|报料|新闻).{0,4}线索|即付稿酬|稿费从优|欢迎(?:广大)?.{0,6}(?:投稿|来稿|赐稿)|留下.{0,4}邮箱|输入.{0,4}邮箱"
    "|(?:马上|立即|点击)(?:注册|登录|下载)|登录.{0,8}(?:才可以|后可|后才|后查看)|扫码下载|(?:下载|打开).{0,8}(?:客户端|app)"
)
_OF_SITE = re.compile(
    "(?:本(?:网站|站|网|平台|公众号|号|报|刊|频道|社|页面|词条)|词条内容|原创文章|(?:商业|非商业)?转载请?|(?:未经|经)?.{0,8}(?:同意|许可|授权|允许)).{0,60}"
    "(?:仅供参考|不构成.{0,20}(?:建议|要约|承诺)|不得(?:以.{0,6}形式)?(?:转载|转发|摘编|复制)|禁止转载|谢绝转载"
    "|(?:联系|注明|附上).{0,12}(?:授权|出处|来源)|严禁转载|授权.{0,10}发布|负责|立场|镜像|建议您咨询|不能代替)"
    "|著作权归|版权归|(?:本|该)(?:帖|文|主题|菜谱|作品|文章)(?:最后)?(?:由|创建于|首发于|发表于|收录于).{1,40}(?:编辑|修改|收藏|创建|$)"
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


def without_tail(found: Sequence[Found], title: str = "") -> list[Found]:
    """Return the parts without the site's sections and lines after the article.

    A heading that nothing comes after is that of something left out. What the ``title`` tells
    that the article is about is the article's.
    """
    about = topics(title)
    sections = site_sections(found, title)
    end = _after_end_mark(found)
    has_text = any(one.part.kind == "text" for one in found)
    while end:
        start = section_before(sections, end)
        one = found[end - 1]
        if start is not None:
            end = start
        elif _is_tail(one, about) or (has_text and one.part.kind == "heading"):
            end -= 1
        else:
            break
    return list(found[:end])


def _after_end_mark(found: Sequence[Found]) -> int:
    """Return where an article ends that says so itself; little comes after that."""
    lengths = [len(one.part.text) for one in found]
    for place, one in enumerate(found):
        after = sum(lengths[place + 1 :]) if _END.fullmatch(fold(one.part.text)) else None
        if place and after is not None and after <= _MOST_AFTER_END * sum(lengths[:place]):
            return place
    return len(found)


def credits_in(found: Sequence[Found]) -> list[Part]:
    """Return who wrote an article, of the lines that came after it, as bylines."""
    return [Part(one.part.text, "byline") for one in found if _is_credit(one)]


def _is_credit(one: Found) -> bool:
    text = one.part.text
    return len(text) <= _LONGEST_CREDIT and _CREDIT.match(text) is not None and is_byline(text)


def without_ordinals(found: Sequence[Found]) -> list[Found]:
    """Return the parts without bare numbers above headings."""
    return [
        one
        for one, after in zip_longest(found, found[1:])
        if not (after and after.part.kind == "heading" and is_ordinal(one.part.text))
    ]


def _is_tail(one: Found, about: AbstractSet[str]) -> bool:
    text = fold(one.part.text)
    if is_navigation(one.part.text) or is_furniture(one):
        return True
    if _NEXT.fullmatch(text) and (one.linked or len(text) <= _LONGEST_BUTTON):
        return True
    if one.linked >= _MOSTLY_LINKED and _FILED.match(text):
        return True
    if _is_credit(one):
        return True
    if not about.isdisjoint(topics(text)):
        return False
    return _TAIL.match(text) is not None or is_prompt(text) or _is_of_site(text)


def is_prompt(text: str) -> bool:
    """Tell whether a text asks its readers to follow, to share or to write."""
    if len(text) > _LONGEST_PROMPT:
        return False
    asked = {one.group() for one in _ASKED.finditer(text)}
    if len(asked) > 1 and _ASKING.search(text):
        return True
    return _FOLLOW.match(text) is not None or _WANTED.search(text) is not None


def _is_of_site(text: str) -> bool:
    """Tell whether a text is what a site says of itself and of all its texts."""
    return len(text) <= _LONGEST_PROMPT and _OF_SITE.search(text) is not None
