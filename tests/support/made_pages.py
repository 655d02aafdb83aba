"""Pages of many layouts with the paragraphs that belong to their articles.

Those of ``UNSEEN`` are kept apart: the loader was first run on them when it was done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["PAGES", "UNSEEN", "MadePage"]


class Story(NamedTuple):
    title: str
    byline: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class MadePage:
    name: str
    html: str
    paragraphs: Sequence[str]
    head: Sequence[str]


WELL = Story(
    "石盘村打出新水井",
    "2023-05-18 09:20 来源：石盘镇政府",
    (
        "5月17日上午，石盘村村口的新水井打出第一股清水，全村一百四十六户人家结束了挑水的日子。",
        "水井深一百八十二米，由县水务局出资四十五万元，施工用了二十六天。",
        "村支书何长水说，过去村民要到三里外的沟底挑水，一趟要走五十分钟。",
        "水质检测结果显示，井水各项指标都符合饮用标准。",
        "镇里计划年底前再为相邻的两个村各打一口井。",
    ),
)
BREAD = Story(
    "用土灶烤一只酸面包",
    "林小麦 2021年11月3日",
    (
        "酸面包的关键是酵种，养一份酵种要七天，每天喂一次面粉和水。",
        "面团的含水量在百分之七十五左右，摸起来湿而不粘手。",
        "第一次发酵放在二十四度的地方，大约四个小时，中间折叠三次。",
        "土灶要先烧一个半小时，等砖变白了再把炭扒出来。",
        "烤四十分钟，敲一敲底部，声音发空就是熟了。",
        "出炉以后至少放凉两个小时再切，不然里面是湿的。",
    ),
)
NOTICE = Story(
    "关于做好冬季供暖工作的通知",
    "发布时间：2022-10-28",
    (
        "各街道办事处，各供热单位：",
        "为保障居民温暖过冬，现就今年冬季供暖工作通知如下",
        "一、供暖时间为11月10日至次年3月20日，室内温度不得低于18摄氏度",
        "二、供热单位应当在11月5日前完成设备检修和注水试压",
        "三、居民缴费截止日期为11月1日，逾期缴费的用户从缴费次日起供暖",
        "区供热管理办公室",
    ),
)
CHESS = Story(
    "十七岁棋手夺得省冠军",
    "2024-01-22 21:05 体育晚报 记者 杜一鸣",
    (
        "昨晚，在省围棋锦标赛决赛中，十七岁的棋手沈墨以一又四分之三子战胜卫冕冠军，首次夺得省冠军。",
        "比赛进行了五个半小时，双方在第一百五十手前都没有明显失误。",
        "“我只想着下好每一步，没有想过输赢。”沈墨赛后说。",
        "沈墨六岁学棋，十二岁升为业余六段，去年进入省队。",
        "按照规则，冠军将代表本省参加四月在南江举行的全国赛。",
    ),
)
BIRDS = Story(
    "湿地越冬候鸟数量创新高",
    "2022-12-30 来源：湿地保护中心",
    (
        "湿地保护中心昨天公布的调查显示，今年到白沙湿地越冬的候鸟有六万三千只，是有记录以来最多的一年。",
        "调查由四十名志愿者分八个小组完成，历时九天，共记录到鸟类一百一十二种。",
        "数量最多的是豆雁，有一万九千只，其次是绿头鸭和白骨顶。",
        "中心主任罗青认为，水位稳定和禁捕是候鸟增多的主要原因。",
        "专家提醒，观鸟时应与鸟群保持至少两百米的距离。",
    ),
)
LINKS = "".join(
    f'<li><a href="/n/{n}.html">{text}</a></li>'
    for n, text in enumerate(
        (
            "县城东路下月起改为单行道", "老粮仓变身图书馆引来众多读者",
            "今年的桃子为什么这么甜？", "中学生发明自动浇花器获奖", "一张车票背后的四十年",
        )
    )
)  # fmt: skip


def body(story: Story) -> str:
    return "".join(f"<p>{text}</p>" for text in story.paragraphs)


def page(story: Story, inner: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{story.title}_地方网</title>'
        f"{head}</head><body>{inner}</body></html>"
    )


def hook() -> MadePage:
    inner = (
        f'<div class="nav"><ul>{LINKS}</ul></div><script>var a="{"说明" * 400}";</script>'
        f"<h1>{WELL.title}</h1><p>{WELL.byline}</p>"
        f'<div class="article-share-box">{body(WELL)}</div>'
        '<div class="footer"><p>地方网版权所有，未经许可不得转载。</p></div>'
    )
    return MadePage("hook", page(WELL, inner), WELL.paragraphs, WELL[:2])


def comments() -> MadePage:
    said = "".join(
        f'<div class="item"><span class="user">网友{n}</span><p>{text}</p></div>'
        for n, text in enumerate(
            (
                "我照着做了三次都没有发起来，后来发现是面粉不对。",
                "我家的烤箱用二百三十度烤了五十分钟，味道也不错。",
                "请问可以用全麦面粉吗？比例是多少？", "楼上的，全麦最多放三成，多了会很硬。",
                "这篇文章救了我的酵种，它现在两岁了，每天都很活泼，谢谢作者的分享。",
                "其实放冰箱冷藏一夜味道更好，酸味更足，外皮也更脆一些。",
                "土灶在城里哪里找得到啊，还是老老实实用烤箱吧。",
            )
        )
    )  # fmt: skip
    inner = (
        f'<header><a href="/">林小麦的厨房</a></header><main><article><h1>{BREAD.title}</h1>'
        f"<span>{BREAD.byline}</span>{body(BREAD)}</article>"
        f'<section id="comments"><h3>全部评论（7）</h3>{said}</section></main>'
    )
    return MadePage("comments", page(BREAD, inner), BREAD.paragraphs, BREAD[:2])


def no_stops() -> MadePage:
    rows = "".join(f"<p>　　{text}</p>" for text in NOTICE.paragraphs)
    inner = (
        "<table width=100%><tr><td>您现在的位置：首页 &gt; 政务公开</td></tr></table>"
        f'<div class="xl"><h2>{NOTICE.title}</h2><div>{NOTICE.byline}　字号：[大 中 小]</div>'
        f'<div class="TRS_Editor">{rows}</div><div class="bottom">'
        f"<ul>{LINKS}</ul></div></div><div class=foot><p>主办单位：区政府办公室</p></div>"
    )
    return MadePage("no-stops", page(NOTICE, inner), NOTICE.paragraphs, NOTICE[:2])


def ranking() -> MadePage:
    cards = "".join(
        f'<div class="one"><h3><a href="/{n}">{title}</a></h3><p>{text}</p>'
        f"<em>{n + 2}小时前</em></div>"
        for n, (title, text) in enumerate(
            (
                ("白菜价格上涨两成", "菜农说，雨水多是主要原因。"),
                ("小学操场翻新完成", "新跑道长三百米，下周一启用。"),
                ("桥头夜市重新开张", "共有摊位八十六个，营业到晚上十一点。"),
            )
        )
    )
    inner = (
        f'<div class="wrap"><div class="l"><h1>{CHESS.title}</h1><p>{CHESS.byline}</p>'
        f"<div>{body(CHESS)}</div></div><div class='r'><h2>今日要闻</h2>{cards}</div></div>"
    )
    return MadePage("ranking", page(CHESS, inner), CHESS.paragraphs, CHESS[:2])


def early_end() -> MadePage:
    inner = (
        '<div class="head"><a href="/">首页</a></div></body></html>\n<!-- 页头完 -->'
        f"<div><h1>{BIRDS.title}</h1><p>{BIRDS.byline}</p>{body(BIRDS)}</div>"
    )
    return MadePage("early-end", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def line_breaks() -> MadePage:
    text = "<br><br>".join(f"&nbsp;&nbsp;{one}" for one in WELL.paragraphs)
    inner = (
        f"<table><tr><td width=160><ul>{LINKS}</ul></td><td><font size=5>{WELL.title}</font><br>"
        f"{WELL.byline}<br><br>{text}</td></tr><tr><td colspan=2>Copyright 地方网</td></tr></table>"
    )
    return MadePage("line-breaks", page(WELL, inner), WELL.paragraphs, WELL[:2])


def sections() -> MadePage:
    parts = "".join(
        f'<section><h2>第{n}步</h2><div class="txt"><p>{text}</p></div>'
        f'<div class="ad-slot"><p>厨房用品满三百减五十，今天下单明天到。</p></div></section>'
        for n, text in enumerate(BREAD.paragraphs, 1)
    )
    inner = f'<div id="app"><h1>{BREAD.title}</h1><div>{BREAD.byline}</div>{parts}</div>'
    headed = [text for n, one in enumerate(BREAD.paragraphs, 1) for text in (f"第{n}步", one)]
    return MadePage("sections", page(BREAD, inner), headed, BREAD[:2])


def declared() -> MadePage:
    text = "\\n".join(CHESS.paragraphs)
    head = (
        '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"地方网"},'
        f'{{"@type":"NewsArticle","headline":"{CHESS.title}","articleBody":"{text}"}}]}}</script>'
    )
    inner = f"<div id=root><h1>{CHESS.title}</h1><p>昨晚，在省围棋锦标赛决赛中……展开全文</p></div>"
    return MadePage("declared", page(CHESS, inner, head), CHESS.paragraphs, CHESS[:2])


def state() -> MadePage:
    blocks = ",".join(f'{{"type":"p","text":"{text}"}}' for text in BIRDS.paragraphs)
    code = (
        f'window.__STATE__={{"user":undefined,"detail":{{"title":"{BIRDS.title}",'
        f'"content":[{blocks}]}},"tips":["登录后可以收藏文章。"]}};'
    )
    inner = f"<div id=app></div><script>{code}</script>"
    return MadePage("state", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def legal() -> MadePage:
    inner = (
        f'<div class="content"><h1>{WELL.title}</h1><p class="info">{WELL.byline}</p>{body(WELL)}'
        '<p>责任编辑：何小满</p></div><div class="msg">'
        "<p>本网转载的文章版权归原作者所有，内容为作者个人观点，"
        "不代表本网立场。</p><p>如有侵权，请在三十日内与本网联系，我们会及时处理。</p></div>"
        f'<div class="hot"><h3>热点推荐</h3><ul>{LINKS}</ul></div>'
    )
    return MadePage("legal", page(WELL, inner), WELL.paragraphs, WELL[:2])


def lists() -> MadePage:
    items = "".join(f"<li>{text}</li>" for text in BREAD.paragraphs)
    inner = (
        f'<nav>{LINKS}</nav><div class="post"><h1>{BREAD.title}</h1><ol>{items}</ol></div>'
        f'<div class="widget"><h4>最近的文章</h4><ul>{LINKS}</ul></div>'
    )
    numbered = [f"{n}. {text}" for n, text in enumerate(BREAD.paragraphs, 1)]
    return MadePage("lists", page(BREAD, inner), numbered, BREAD[:2])


def hidden_until_shown() -> MadePage:
    inner = (
        f'<h1>{NOTICE.title}</h1><div id="full" style="display:none">{body(NOTICE)}</div>'
        "<script>document.getElementById('full').style.display='block'</script>"
    )
    return MadePage("hidden", page(NOTICE, inner), NOTICE.paragraphs, NOTICE[:2])


def app_root() -> MadePage:
    inner = (
        f'<h1>{BIRDS.title}</h1><div id="app" class="app"><div class="tools">打印 收藏</div>'
        f"{body(BIRDS)}</div><script>{'var x = 1;' * 900}</script>"
    )
    return MadePage("app-root", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def blog_replies() -> MadePage:
    replies = "".join(
        f'<li class="reply-item"><b>访客{n}</b><div>{text}</div></li>'
        for n, text in enumerate(("写得真好，学到了很多。", "我也去看过，鸟真的很多。", "求地址！"))
    )
    inner = (
        f'<div class="side"><p>这里是老罗的博客，写鸟，也写树。</p><ul>{LINKS}</ul></div>'
        f'<div class="entry"><h2>{BIRDS.title}</h2>{body(BIRDS)}'
        '<div class="tags">标签：鸟 湿地</div>'
        f'</div><ol class="replies">{replies}</ol>'
    )
    return MadePage("blog", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def word_paste() -> MadePage:
    text = "".join(
        f"<p class=MsoNormal><span lang=ZH-CN>{one.replace('的', '的<o:p></o:p>')}</span></p>"
        for one in WELL.paragraphs
    )
    inner = (
        f'<div class="top">{LINKS}</div><div class=WordSection1><h1>{WELL.title}</h1>{text}</div>'
    )
    return MadePage("word", page(WELL, inner), WELL.paragraphs, WELL[:2])


def cards_after() -> MadePage:
    cards = "".join(
        f'<a href="/{n}"><div><h4>{text}</h4><p>点击查看详情，更多精彩内容等你来看。</p></div></a>'
        for n, text in enumerate(("周末去哪儿玩", "十种家常菜的做法", "怎样挑选一把好锄头"))
    )
    inner = (
        f"<article><h1>{CHESS.title}</h1><div>{CHESS.byline}</div><div>{body(CHESS)}</div>"
        f"<section><h3>猜你喜欢</h3>{cards}</section></article>"
    )
    return MadePage("cards", page(CHESS, inner), CHESS.paragraphs, CHESS[:2])


def shadow() -> MadePage:
    inner = (
        f'<site-header><template shadowrootmode="open"><ul>{LINKS}</ul></template></site-header>'
        f'<story-body><template shadowrootmode="open"><h1>{BREAD.title}</h1>{body(BREAD)}'
        "</template></story-body>"
    )
    return MadePage("shadow", page(BREAD, inner), BREAD.paragraphs, BREAD[:2])


def sidebar_prose() -> MadePage:
    inner = (
        f'<div class="col-8"><h1>{NOTICE.title}</h1><p>{NOTICE.byline}</p>{body(NOTICE)}</div>'
        '<div class="col-4"><div class="box"><h3>网站公告</h3>'
        "<p>本站将于本周六凌晨进行系统维护，届时无法访问。</p>"
        "</div><div class='box'><h3>联系方式</h3>"
        "<p>电话：5550133，工作日上午九点到下午五点有人接听。</p></div></div>"
    )
    return MadePage("sidebar", page(NOTICE, inner), NOTICE.paragraphs, NOTICE[:2])


_SEEN: Sequence[Callable[[], MadePage]] = (
    hook, comments, no_stops, ranking, early_end, line_breaks, sections, declared, state, legal,
    lists, hidden_until_shown,
)  # fmt: skip
_UNSEEN: Sequence[Callable[[], MadePage]] = (
    app_root, blog_replies, word_paste, cards_after, shadow, sidebar_prose,
)  # fmt: skip
PAGES = tuple(make() for make in _SEEN)
UNSEEN = tuple(make() for make in _UNSEEN)
