"""What sites write around any article: of its readers, of its rights, of themselves."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from qa.loaders.furniture import is_navigation
from qa.loaders.html.endings import is_last_line
from qa.text import fold

__all__ = [
    "is_closing",
    "is_disclaimer",
    "is_imprint",
    "is_label",
    "is_next",
    "is_onward",
    "is_prompt",
    "is_veil",
    "subjects",
    "topics",
]

_LONGEST_DISCLAIMER = 120
_LONGEST_PROMPT = 160
# A line is none of these if the article is about what it says; words of one kind are the same.
_TOPICS = {
    "rights": re.compile(
        "版权|版權|著作权|著作權|声明|聲明|免责|免責|侵权|侵權|转载|轉載|授权|授權|抄袭|知识产权"
    ),
    "readers": re.compile("评论|評論|点评|點評|留言|评价|評價|问答|提问|跟帖|回帖|口碑"),
    "writing": re.compile("投稿|征稿|徵稿|来稿|稿酬|稿费|线索|爆料|热线"),
    "following": re.compile("公众号|公眾號|二维码|二維碼|扫码|订阅|訂閱|点赞|點讚|邮箱|客户端"),
}
_RELATED = re.compile(
    "(?:相关|相關|推荐|推薦|延伸|扩展|热门|熱門|更多|往期|精彩|猜你喜欢|猜你喜歡|大家都在看|关键词|标签)"
    "(?:阅读|閱讀|新闻|新聞|推荐|推薦|报道|報導|文章|链接|連結|内容|专题|精选|回顾)*[:：]?"
    "|(?:你|您)(?:可能|也许)(?:还|也)?(?:会)?(?:喜欢|喜歡|感兴趣|感興趣|想看)(?:的(?:文章|内容)?)?[:：]?"
    "|(?:累计|全部|最新|热门|网友|用户|买家|商品|精彩)(?:评价|评论|跟帖|回复)(?:[（(]\\d+[）)])?"
    "|(?:为|給|给)(?:你|您)推荐[:：]?|看(?:过|了)(?:本文|此文)?的人(?:还|也)看(?:了|过)?[:：]?"
    "|related(?: articles| stories| news)?|read more|recommended|you may also like"
)
_AROUND = "【】[]()（）<>《》■▲▼※◆● "
_DISCLAIMER = re.compile(
    "(?:(?:本|此|该)(?:篇|文|文章|内容|稿件|信息)|以[上下](?:回答|答复|解答|言论|评论|内容)).{0,20}(?:不代表|仅代表|只代表|仅为|纯属).{0,12}"
    "(?:观点|观點|立场|意见|看法)"
    "|.{0,30}(?:不代表本(?:站|网|平台|报|刊|号)|与本(?:站|网|网站|平台|报|刊|号)的?(?:观点|立场|意见|无关))"
    "|.{0,20}如有侵权|.{0,20}侵权(?:请)?(?:联系)?(?:删除|必删|立删)"
)
_TAIL = re.compile(
    r"[(（【\[]?\s*(?:责任编辑|責任編輯|责编|責編|编辑|編輯|校对|审核|值班编辑|美编|监制)\s*[:：/|]"
    "|[(（【]?(?:免责|免責|版权|版權|特别|郑重|法律|风险|重要|本站|本网|网站|平台|转载|原创|分析师)?"
    "(?:声明|聲明)[】)）:：]|(?:notice|disclaimer)\\s*:"
    "|(?:版权所有|版權所有|copyright|©|\\(c\\)\\s|未经.{0,8}授权|未經.{0,8}授權)"
    "|(?:分享到|(?:用|请|打开)?(?:微信|手机)?(?:扫码|扫一扫|掃碼)|长按|打开app|下载app|扫描.{0,6}二维码)"
    "|(?:关键词|關鍵詞|标签|標籤|tags?)\\s*[:：]"
    "|更多.{0,8}(?:内容|精彩|资讯|新闻|报道).{0,20}(?:客户端|app|公众号|关注)|.{0,15}手机用户请"
    "|点击.{0,8}(?:关注|下载|进入|展开|查看全)"
    "|阅读(?:量|数)?\\s*[:：]?\\s*[\\d.]+\\s*[万w]?\\+?(?:\\s|$)"
    r"|(?:已有|共有|已)?\s*\d[\d,.]*\s*[万w]?\+?\s*人(?:已|已经)?"
    "(?:赞赏|讚賞|打赏|点赞|觉得.{0,4}有(?:用|帮助))[^。.!?]{0,30}$"
    "|(?:主办|承办|主管|協辦|主辦)(?:单位|單位)?\\s*[:：].{0,40}(?:承办|地址|备案|电话|网站|维护)"
    "|.{0,20}(?:icp备|icp证|公网安备|许可证编?号|违法和不良信息)"
)
# A clause of a rule says what is not allowed, as a site does.
_CLAUSE = re.compile(
    r"第[一二三四五六七八九十百零\d]+[条款章]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d+[.、．]"
)
_BUTTON = re.compile(
    r"(?:[【\[(（]?(?:打印|关闭|返回|收藏|顶部)(?:本页|窗口)?[】\])）]?\s*)+|收起|展开|知道了|关闭|举报|已?收藏(?:文章|本文|成功)?!?|打印(?:本页)?|\+1|返回(?:搜狐|首页|顶部|列表)?"
)
# Whoever made a text ready, behind it.
_STAFF = re.compile(
    r"(?:(?:责任|值班|执行)?(?:编辑|責編|责编|校对|审核|排版|美编|监制|制图|主编)\s+[^\s，。]{2,4}(?:\s+|$))+"
)
_REPORTER = re.compile(
    r"(?:[（(【]?(?:采写|撰文|文)?[:：]?\s*[^\s，。：:]{0,8}(?:记者|通讯员|评论员)\s*[:：]?\s*"
    r"[^\s，。：:]{2,4}(?:[\s、]+[^\s，。：:]{2,4}){0,3}[）)】]?\s*){1,3}"
)
_LONGEST_REPORTER = 40
_IMPRINT = re.compile(
    r"版权所有|版權所有|copyright|©|all rights reserved|[a-z\u4e00-\u9fff]icp(?:备|证)"
    r"|公网安备|公安备案"
)
_END = re.compile(
    r"[-—–=~*·•\s(（【\[]*(?:(?:the )?end|完|终|全文完|本文完|正文完)[-—–=~*·•\s)）】\].]*"
)
# The article before and after this one, under whatever name.
_NEXT = re.compile(
    r"[【\[<«(（]*[上下前后後]一?[条條篇则則章節节回期集版讲页頁个個](?:\s*[】\]>»)）:：|].{0,80})?"
)
_ASKED = re.compile(
    "点赞|點讚|在看|转发|轉發|分享|收藏|关注|關注|星标|留言|长按|長按|二维码|二維碼|扫码|掃碼|扫一扫"
    "|公众号|公眾號|读者群|交流群|打赏|赞赏|三连|订阅|訂閱|点(?:一?[个下]|击|右下|下方)[^,，。]{0,6}(?:赞|讚)"
)
# Of these one at least, so that no sentence of a story is taken for it.
_OF_READERS = re.compile(
    "点赞|點讚|在看|星标|长按|長按|二维码|二維碼|扫码|掃碼|公众号|公眾號|读者群|交流群|打赏|三连|点(?:一?[个下]|击|右下|下方)[^,，。]{0,6}(?:赞|讚)"
)
_ASKING = re.compile(
    "请|請|欢迎|歡迎|喜欢[这本]|喜歡[這本]|记得|记住|别忘|帮(?:我|忙)|如果(?:你|您|觉得|喜欢|喜歡)|(?:你|您)的|即可|领取|更多|每日|下方"
)
_FOLLOW = re.compile(
    r"(?:[↑▲△👆\s]*(?:点击|點擊|戳|长按|長按|关注)(?:上方|下方|上面|下面|顶部|左上角|文末)?.{0,3}"
    "(?:蓝字|藍字|蓝色.{0,4}名|名片|卡片|二维码|二維碼))"
)
_WANTED = re.compile(
    "欢迎.{0,10}(?:提供.{0,6}线索|投稿|来稿|赐稿).{0,20}(?:稿酬|稿费|奖励|从优|热线|邮箱)|一经采用.{0,4}付稿酬"
    "|(?:留下|输入|填写).{0,6}邮箱.{0,20}(?:每|发|寄|收到)|(?:马上|立即|现在)(?:注册|登录)"
    "|更多.{0,8}(?:资讯|内容|精彩|新闻).{0,10}(?:请?下载|关注|客户端|app)|点[【「“\\[]?(?:在看|赞)[】」”\\]]"
    "|^分享(?:到|至)\\s*[:：]?$|^(?:您|你)?需要?\\s*登录|^扫码下载"
    "|^(?:下载|打开).{0,8}(?:客户端|app).{0,12}(?:随时|第一时间|更多|接收|体验|收藏)"
)
_OF_SITE = re.compile(
    "本(?:网站|站|网|平台|公众号|号|报|刊|频道|社区|页面|词条|栏目).{0,60}"
    "(?:仅供参考|仅供.{0,6}参考|不构成.{0,20}(?:建议|要约|承诺)|授权.{0,10}发布|不对.{0,20}负责|概不负责|建立镜像"
    "|不得(?:以.{0,6}形式)?(?:转载|转发|摘编|复制))"
    "|未经.{0,12}(?:同意|许可|授权|允许).{0,12}(?:不得|严禁|禁止|请勿|谢绝)"
    ".{0,12}(?:转载|转发|摘编|复制|镜像|商用|搬运)"
    "|(?:严禁|禁止|谢绝|请勿|不得).{0,6}(?:转载|搬运)|转[载发](?:请|须|需|应)(?:注明|联系|附上|在.{0,6}后台|征得)"
    "|(?:网上|线上|在线|网络|以上|本站).{0,6}(?:回答|咨询|解答|建议|内容|信息).{0,6}(?:不能|不可|无法|不)"
    "(?:代替|替代|取代|作为).{0,12}(?:面诊|诊断|就医|就诊|诊疗|医嘱|医疗|意见|依据)"
    "|(?:词条|网页|页面)内容.{0,20}仅供参考|(?:著作权|版权)归.{0,10}所有"
    "|(?:本文|以上内容|文中内容).{0,6}仅供.{0,8}参考"
    "|^(?:部分|本文)?(?:图片|图文|信息|内容|素材)(?:均|都)?(?:来源于?|来自|源自)(?:于)?网络.{0,8}$"
    "|^(?:本|该)(?:帖|贴|主题|菜谱|词条|文章|页面|图集)(?:最后|最初|首次)?"
    "(?:由.{1,24}(?:编辑|修改|创建)|(?:创建|发布|更新|收录)于)"
)
# Between two paragraphs: the article goes on.
_ONWARD = re.compile(
    "[(（【]*(?:请|請)?(?:(?:继续|繼續)(?:往下|向下|下拉)?|往下|向下|下拉)(?:滑动|滑動|滚动)?"
    r"(?:阅读|閱讀|观看|觀看|看)(?:全文|下文|更多|正文)?[)）】\s.…。↓▼]*"
    "|(?:continue reading|story continues|article continues)"
    r"(?: below)?(?: (?:this |the )?(?:ad|advertisement))?[\s.…↓]*",
)

# Over and below a picture.
_VEIL = re.compile(
    "(?:请)?登录(?:后|之后)(?:即?可|才能|才可|方可)?(?:以)?(?:查看|阅读|看到?|浏览)[^，。！？]{0,20}"
    r"|点击(?:图片)?(?:查看|放大|看)(?:大图|原图|图片)?|查看(?:大图|原图)|图片加载中[.…]*"
)


def topics(text: str) -> frozenset[str]:
    """Return which of these a text is about."""
    return frozenset(name for name, words in _TOPICS.items() if words.search(text))


def subjects(title: str, texts: Sequence[str]) -> frozenset[str]:
    """Return which of these an article is about: its title, or several of its first texts."""
    first = [topics(text) for text in texts[: len(texts) // 2]]
    often = {name for name in _TOPICS if sum(name in one for one in first) > 1}
    return topics(title) | often


def is_label(text: str) -> bool:
    """Tell whether a line stands above links to other articles."""
    return _RELATED.fullmatch(fold(text).strip(_AROUND)) is not None


def is_disclaimer(text: str) -> bool:
    """Tell whether a text says whose opinion an article is."""
    return len(text) <= _LONGEST_DISCLAIMER and _DISCLAIMER.match(text) is not None


def is_imprint(text: str) -> bool:
    """Tell whether a line says whose a site is and under which number it is known."""
    return len(text) <= _LONGEST_PROMPT and _IMPRINT.search(fold(text)) is not None


def is_reporter(text: str) -> bool:
    """Tell whether a line is nothing but who wrote a text, for whom."""
    is_short = len(text) <= _LONGEST_REPORTER
    return is_short and " " in text and _REPORTER.fullmatch(text) is not None


def is_next(text: str) -> bool:
    """Tell whether a text leads to the article before or after this one."""
    return _NEXT.fullmatch(text) is not None


def is_onward(text: str) -> bool:
    """Tell whether a line says nothing but that the article goes on below."""
    return _ONWARD.fullmatch(fold(text)) is not None


def is_veil(text: str) -> bool:
    """Tell whether a line, where a picture is, says how to see that."""
    return _VEIL.fullmatch(text) is not None


def is_prompt(text: str) -> bool:
    """Tell whether a text asks its readers to follow, to share or to write."""
    if len(text) > _LONGEST_PROMPT:
        return False
    folded = fold(text)
    if _FOLLOW.match(folded) or _WANTED.search(folded):
        return True
    asked = {one.group() for one in _ASKED.finditer(folded)}
    is_of_readers = _OF_READERS.search(folded) is not None
    return len(asked) > 1 and is_of_readers and _ASKING.search(folded) is not None


def is_closing(text: str, about: AbstractSet[str]) -> bool:
    """Tell whether a text that ends a page is no end of an article about certain things."""
    if _CLAUSE.match(text):
        return False
    if _BUTTON.fullmatch(text) or _STAFF.fullmatch(text):
        return True
    if is_navigation(text) or _END.fullmatch(fold(text)):
        return True
    if not about.isdisjoint(topics(text)):
        return False
    is_of_site = len(text) <= _LONGEST_PROMPT and _OF_SITE.search(fold(text)) is not None
    is_line = is_last_line(text) or is_prompt(text)
    return _TAIL.match(fold(text)) is not None or is_line or is_of_site
