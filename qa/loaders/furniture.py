"""What a saved page carries besides its article: navigation lines, bare ordinals.

Only short lines without a sentence count as furniture, and navigation only before the
first or after the last paragraph, so that no sentence of an article is ever dropped.
"""

import re

from qa.text import ends_sentence, fold

__all__ = ["is_crumb", "is_navigation", "is_ordinal"]

_LONGEST_NAVIGATION = 60
_ORDINAL = re.compile(r"(?:part|no)?\s*[.．]?\s*\d{1,2}\s*[.、．/]?", re.IGNORECASE)
_TERMS = re.compile(
    "首页|主页|返回|顶部|底部|语音|播报|相关|新闻|推荐|阅读|更多|自媒体|作者|联盟|专栏|频道|导航|"
    "上一篇|下一篇|上一页|下一页|打印|收藏|分享|评论|点赞|登录|注册|客户端|下载|手机|扫一扫|二维码|"
    "广告|版权|所有|声明|免责|举报|反馈|意见|关于我们|联系我们|网站|地图|搜索|热搜|热点|排行|"
    "微信|微博|朋友圈|公众号|关注|订阅|字号|字体|大中小|关闭|窗口|本页|本文|点赞|在看|home|back|top|share|login|sign|subscribe|"
    "related|news|more|menu|search|print|comments?"
)
_CRUMB = re.compile("([您你]?(?:当前|现在|目前)?)(?:所在)?的?(?:位置|所在)是?[:：](.*)", re.DOTALL)
_LEVELS = re.compile("[>›»＞→/\\\\|]|首页|主页|^$")
_LETTERS = re.compile(r"\w")


def is_ordinal(line: str) -> bool:
    """Tell whether a line is nothing but the number of the section after it (``01``)."""
    return _ORDINAL.fullmatch(fold(line)) is not None


def is_crumb(line: str) -> bool:
    """Tell whether a line says where on a site its page is."""
    crumb = _CRUMB.match(line)
    if crumb is None or "；" in line or ends_sentence(line.rstrip("：: ")):
        return False
    # A shop has a place too, and so has a row of a table, but nobody's.
    whose, where = crumb.groups()
    return bool(whose) or _LEVELS.search(where.strip()) is not None


def is_navigation(line: str) -> bool:
    """Tell whether a short line consists mostly of the words of a site's navigation."""
    if len(line) > _LONGEST_NAVIGATION or ends_sentence(line):
        return False
    folded = fold(line)
    letters = len(_LETTERS.findall(folded))
    rest = len(_LETTERS.findall(_TERMS.sub("", folded)))
    terms = len(_TERMS.findall(folded))
    return terms >= 2 and rest <= 0.4 * letters
