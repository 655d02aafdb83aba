"""Whole lines that a site puts below any article: counts, buttons, where to follow it."""

import re

from qa.text import fold

__all__ = ["is_last_line"]

_LONGEST = 120
_COUNT = r"\d(?:[\d,.]*\d)?"
_LINES = (
    # how often it was read
    r"(?:(?:赞同|点赞|浏览|阅读|点击|访问|评论|收藏|转发|分享)(?:次数|量|数)?\s*(?:[:：]\s*)?"
    rf"{_COUNT}(?:\s*[万kw+]+)?(?:\s*(?:次|人|条))?[\s·|,，]*|{_COUNT}\s*条(?:评论|回复|留言)[\s·|,，]*)+",
    r"(?:本文|全文)共?\s*\d+\s*字[^。]{0,20}",
    # buttons
    "预览时标签不可点|继续滑动看下一[个篇]|(?:阅读|查看|点击)原文|我要(?:举报|评论|打印|纠错)|打赏|赞赏|已?关注|人点赞"
    "|(?:加载|查看|看|點我看|点我看)更多|没有更多(?:了|内容)?|暂无(?:评论|留言|回复)|展开(?:阅读)?(?:全文|更多|剩余.{0,6})"
    "|发表(?:您|你)?的?(?:看法|评论|见解)|返回.{1,6}[,，]\\s*查看更多",
    r"[【\[(（]?字[体號号](?:大小)?\s*[:：]?\s*(?:[大中小特]\s*){2,4}[】\])）]?",
    "(?:print|share|edit|save|email|report) this(?: (?:page|article|story|post))?(?: on github)?:?"
    "|back to top|leave a (?:reply|comment)(?: cancel reply)?|load more|show more"
    r"|was this (?:article|page|post|answer)? ?helpful\?.{0,20}",
    # where comments may be written
    r"[^。]{0,10}(?:登录|登錄)(?:后|之后|後)?[^。]{0,4}(?:发表|参与|發表)?(?:评论|回复|留言|評論)",
    "[^。]{0,12}(?:抢沙发|抢首评|快来评论吧?)",
    r"your email address will not be published\..{0,60}",
    # where it is kept, and who may take it
    r"(?:原文|本文|文章|转载)(?:链接|連結|地址|网址|出处)\s*[:：]\s*(?:https?://)?[\w./%?=&#~:-]*",
    "文章被以下专栏收录|专栏收录该内容.{0,40}",
    "(?:如需|若需|如要|需要).{0,4}(?:转载|轉載).{0,24}",
    "(?:本|该|此)回答(?:已|由|被).{0,12}(?:采纳|推荐|认可)",
    r"(?:filed under|tagged(?: with)?|categor(?:y|ies))\s*[:：].{0,80}|all rights reserved\.?",
    # what its readers may follow
    "[^。]{0,12}(?:按[赞讚]|加入)[^。]{0,8}(?:粉[丝絲][团團专專]|好友)[^。]{0,16}",
    "(?:sign up|subscribe) (?:for|to) (?:our|the|my) [^.]{0,60}(?:newsletters?|list|updates|inbox)"
    r"\b[^.]{0,50}\.?",
    "(?:follow|like|find) (?:us|me) on (?:twitter|facebook|x|instagram|linkedin|youtube)"
    r"[^.]{0,60}\.?",
    # what its words are no ground for
    "(?:风险提示[:：])?(?:以上|文中|本文|上述)(?:内容|信息|观点|分析|数据).{0,16}不构成.{0,16}(?:建议|要约|依据|意见).{0,30}",
)
_LINE = re.compile("|".join(f"(?:{one})" for one in _LINES))


def is_last_line(text: str) -> bool:
    """Tell whether a line below an article is one that a site puts there."""
    return len(text) <= _LONGEST and _LINE.fullmatch(fold(text).strip()) is not None
