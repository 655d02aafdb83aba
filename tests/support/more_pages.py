"""Pages of further kinds of sites: forums, encyclopedias, manuals, recipes, galleries.

The loader was first run on them as it was; what it got wrong then was mended afterwards.
"""

from collections.abc import Callable, Sequence

from support.made_pages import BIRDS, BREAD, CHESS, LINKS, NOTICE, WELL, MadePage, body, page

__all__ = ["MORE_PAGES"]


def forum() -> MadePage:
    said = (
        "楼主写得太详细了，我们村去年也打了一口，花了四十万。",
        "请问水质检测是在哪里做的？费用大概多少？",
        "回楼上，县疾控中心就能做，一次八百元左右，一个星期出结果。",
        "收藏了，以后用得上。",
    )
    posts = "".join(
        f'<div class="t-item" id="post{n}"><div class="t-side"><a href="/u/{n}">用户{n}</a>'
        f"<em>Lv.{n}</em></div><div class='t-main'><p>{text}</p></div>"
        f'<div class="t-foot"><a href="#">{n}楼</a> <a href="#">回复</a> '
        '<a href="#">举报</a></div></div>'
        for n, text in enumerate(said, 2)
    )
    inner = (
        f'<div id="hd"><ul>{LINKS}</ul></div><h1>{WELL.title}</h1>'
        f'<div class="t-item first"><div class="t-main">{body(WELL)}</div></div>'
        f'<div id="replies"><h3>全部回复</h3>{posts}</div>'
    )
    return MadePage("forum", page(WELL, inner), WELL.paragraphs, WELL[:2])


def encyclopedia() -> MadePage:
    head = '<span class="ed">[<a href="/edit">编辑</a>]</span>'
    parts = "".join(
        f'<h2><span id="s{n}">{name}</span>{head}</h2>'
        f'<p>{text}<sup><a href="#r{n}">[{n}]</a></sup></p>'
        for n, (name, text) in enumerate(
            zip(("水位", "方法", "种类", "原因", "观鸟"), BIRDS.paragraphs, strict=True), 1
        )
    )
    refs = "".join(f'<li id="r{n}"><a href="#s{n}">^</a> 白沙年鉴，第{n}卷</li>' for n in (1, 2, 3))
    box = f'<table class="navbox"><tr><th>湿地</th></tr><tr><td>{LINKS}</td></tr></table>'
    inner = (
        f'<div id="mw-panel"><ul>{LINKS}</ul></div><div id="content"><h1>{BIRDS.title}</h1>'
        f'<div id="siteSub">来自自由的百科</div>'
        '<div id="toc"><ul><li><a href="#s1">1 水位</a></ul></div>'
        f'<div class="out">{parts}<ol class="references">{refs}</ol>{box}</div></div>'
        '<div id="catlinks"><a href="/c">分类</a>：<a href="/c/1">湿地</a></div>'
    )
    wanted = [
        text
        for n, (name, one) in enumerate(
            zip(("水位", "方法", "种类", "原因", "观鸟"), BIRDS.paragraphs, strict=True), 1
        )
        for text in (name, f"{one}[{n}]")
    ]
    wanted += [f"{n}. ^ 白沙年鉴，第{n}卷" for n in (1, 2, 3)]
    return MadePage("encyclopedia", page(BIRDS, inner), wanted, BIRDS[:2])


def manual() -> MadePage:
    mark = '<a class="headerlink" href="#x" title="永久链接">¶</a>'
    steps = "".join(
        f"<section id='s{n}'><h2>第{n}节{mark}</h2><p>{text}</p></section>"
        for n, text in enumerate(BREAD.paragraphs, 1)
    )
    inner = (
        f'<div class="sphinxsidebar"><h3>目录</h3><ul>{LINKS}</ul></div>'
        f'<div class="document"><div class="body" role="main"><section><h1>{BREAD.title}{mark}</h1>'
        f'{steps}<div class="admonition note"><p class="admonition-title">注意</p>'
        "<p>砖很烫，要戴手套。</p></div></section></div></div>"
        '<div class="related" role="navigation"><a href="/n">下一页</a></div>'
        '<div class="footer">© 版权所有 2021, 林小麦. 由 Sphinx 创建。</div>'
    )
    wanted = [text for n, one in enumerate(BREAD.paragraphs, 1) for text in (f"第{n}节", one)]
    return MadePage(
        "manual", page(BREAD, inner), [*wanted, "注意", "砖很烫，要戴手套。"], BREAD[:2]
    )


def recipe() -> MadePage:
    needed = ("高筋面粉 500 克", "水 375 克", "酵种 100 克", "盐 10 克")
    items = "".join(f"<li>{one}</li>" for one in needed)
    steps = "".join(f"<li><p>{text}</p></li>" for text in BREAD.paragraphs)
    inner = (
        f"<header><nav>{LINKS}</nav></header><main><h1>{BREAD.title}</h1><p>{BREAD.byline}</p>"
        f"<h2>用料</h2><ul class='ings'>{items}</ul><h2>做法</h2><ol class='steps'>{steps}</ol>"
        "<div class='rec'><h3>你可能也喜欢</h3><ul>" + LINKS + "</ul></div></main>"
    )
    numbered = [f"{n}. {text}" for n, text in enumerate(BREAD.paragraphs, 1)]
    return MadePage("recipe", page(BREAD, inner), ["用料", *needed, "做法", *numbered], BREAD[:2])


def interview() -> MadePage:
    asked = ("为什么要打井？", "一共花了多少钱？", "以前怎么取水？")
    talk = "".join(
        f"<p><strong>记者：{question}</strong></p><p>何长水：{text}</p>"
        for question, text in zip(asked, WELL.paragraphs, strict=False)
    )
    promo = '<div class="subscribe-box"><p>喜欢这篇文章？留下邮箱，每周收到一封信。</p></div>'
    half = len(talk) // 2
    cut = talk.index("<p><strong>", half)
    inner = (
        f"<article><h1>{WELL.title}</h1><time>{WELL.byline}</time>{talk[:cut]}{promo}{talk[cut:]}"
        f"</article><aside>{LINKS}</aside>"
    )
    wanted = [
        text
        for question, one in zip(asked, WELL.paragraphs, strict=False)
        for text in (f"记者：{question}", f"何长水：{one}")
    ]
    return MadePage("interview", page(WELL, inner), wanted, WELL[:2])


def inserted_links() -> MadePage:
    card = (
        '<div class="inline-card"><a href="/9"><img src="a.jpg"><span>一张车票背后的四十年</span>'
        "</a></div>"
    )
    texts = [f"<p>{text}</p>" for text in CHESS.paragraphs]
    inner = (
        f'<div class="page"><h1>{CHESS.title}</h1><div class="meta">{CHESS.byline}</div>'
        f"<div class='rich'>{texts[0]}{texts[1]}{card}{''.join(texts[2:])}"
        "<p>（原标题：少年夺冠）</p></div>"
        f"<div class='more'><h3>更多报道</h3>{card}{card}</div></div>"
    )
    wanted = [*CHESS.paragraphs, "（原标题：少年夺冠）"]
    return MadePage("inserted-links", page(CHESS, inner), wanted, CHESS[:2])


def questions() -> MadePage:
    pairs = (("什么时候供暖？", 2), ("设备什么时候检修？", 3), ("怎么缴费？", 4))
    inner = (
        f'<div class="top"><a href="/">首页</a></div><h1>{NOTICE.title}</h1>'
        + "".join(
            f"<details><summary>{asked}</summary><p>{NOTICE.paragraphs[n]}</p></details>"
            for asked, n in pairs
        )
        + '<div class="foot"><p>区供热管理办公室主办</p></div>'
    )
    wanted = [text for asked, n in pairs for text in (asked, NOTICE.paragraphs[n])]
    return MadePage("questions", page(NOTICE, inner), wanted, NOTICE[:2])


def gallery() -> MadePage:
    shots = "".join(
        f'<figure><img src="{n}.jpg"><figcaption>{text}</figcaption></figure>'
        for n, text in enumerate(BIRDS.paragraphs)
    )
    inner = (
        f'<div class="bar">{LINKS}</div><div class="pics"><h1>{BIRDS.title}</h1>{shots}</div>'
        '<div class="thumbs"><a href="#1">1</a><a href="#2">2</a></div><p>图片版权归作者所有</p>'
    )
    return MadePage("gallery", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def preformatted() -> MadePage:
    text = "\n\n".join(f"　　{one}" for one in CHESS.paragraphs)
    inner = (
        f"<center><h2>{CHESS.title}</h2></center><hr><pre>{text}</pre><hr><a href=/>返回首页</a>"
    )
    return MadePage("preformatted", page(CHESS, inner), CHESS.paragraphs, CHESS[:2])


def table_notice() -> MadePage:
    rows = "".join(
        f"<tr><td>{place}</td><td>{day}</td><td>{phone}</td></tr>"
        for place, day, phone in (
            ("东街", "11月3日", "5550101"), ("西街", "11月4日", "5550102"),
            ("北关", "11月5日", "5550103"),
        )
    )  # fmt: skip
    inner = (
        f'<div class="crumb">当前位置：<a href="/">首页</a></div><h1>{NOTICE.title}</h1>'
        f'<div id="zoom">{body(NOTICE)}<table><tr><th>街道</th><th>检修</th><th>电话</th></tr>'
        f"{rows}"
        '</table><p>附件：<a href="a.doc">供暖申请表.doc</a></p></div>'
        f'<div class="xg"><h4>相关文件</h4><ul>{LINKS}</ul></div>'
    )
    read = (
        "街道：东街；检修：11月3日；电话：5550101",
        "街道：西街；检修：11月4日；电话：5550102",
        "街道：北关；检修：11月5日；电话：5550103",
        "附件：供暖申请表.doc",
    )
    return MadePage("table-notice", page(NOTICE, inner), [*NOTICE.paragraphs, *read], NOTICE[:2])


def timeline() -> MadePage:
    lines = "".join(
        f'<div class="ev"><span class="tm">{9 + n}:20</span><div class="tx">{text}</div></div>'
        for n, text in enumerate(CHESS.paragraphs)
    )
    inner = (
        f'<div class="head2"><ul>{LINKS}</ul></div><h1>{CHESS.title}</h1>'
        f'<div class="evs">{lines}</div>'
        '<div class="dl"><p>下载客户端，第一时间看直播。</p></div>'
    )
    wanted = [text for n, one in enumerate(CHESS.paragraphs) for text in (f"{9 + n}:20", one)]
    return MadePage("timeline", page(CHESS, inner), wanted, CHESS[:2])


def bottom_notes() -> MadePage:
    notes = (
        "本文章仅代表作者观点，与本站立场无关，请读者自行核实相关内容。",
        "我们每天从三百多家媒体挑选值得读的文章，欢迎投稿，稿费从优。",
    )
    inner = (
        f'<div id="main"><div class="hdr"><h1>{BREAD.title}</h1></div><div class="txt">'
        f'{body(BREAD)}</div><div class="note1"><p>{notes[0]}</p></div>'
        f'<div class="who"><p>{notes[1]}</p>'
        "</div></div>"
        f'<div class="rt">{LINKS}</div>'
    )
    return MadePage("bottom-notes", page(BREAD, inner), BREAD.paragraphs, BREAD[:2])


def bio() -> MadePage:
    c = "".join(
        f'<li class="cmt"><cite>读者{n}</cite><div>{t}</div></li>'
        for n, t in enumerate(
            ("我家的猫也爱闻面包味。", "求酵种！可以寄吗？", "砖灶图纸有吗？想自己砌一个。")
        )
    )
    inner = (
        f'<div id="wrap"><div class="blog-title">小麦日记</div><div class="entry-title">'
        f'<h1>{BREAD.title}</h1></div><p class="postmeta">{BREAD.byline}</p>'
        f'<div class="entry-content">{body(BREAD)}</div><div class="author-box">'
        f"<img><h4>林小麦</h4><p>住在山里的面包师，每周烤四十个面包，也写字。</p></div>"
        '<ul class="cmts">'
        f"{c}</ul></div>"
    )
    return MadePage("bio", page(BREAD, inner), BREAD.paragraphs, BREAD[:2])


def cards() -> MadePage:
    a = "".join(
        f'<article class="card"><a href="/{n}"><h3>{t}</h3></a><p>{x}</p></article>'
        for n, (t, x) in enumerate(
            (
                ("粮仓变图书馆", "老粮仓改造用了八个月，五月一日开放。"),
                ("桃子丰收", "今年的桃子个大味甜，每斤三元五角。"),
                ("单行道", "县城东路下月起改为单行道，请绕行。"),
            )
        )
    )
    inner = (
        f'<main><article class="main"><header><h1>{WELL.title}</h1><p>'
        f'{WELL.byline}</p></header>{body(WELL)}</article><section class="latest">'
        f"<h2>最新文章</h2>{a}</section></main>"
    )
    return MadePage("cards2", page(WELL, inner), WELL.paragraphs, WELL[:2])


def shop() -> MadePage:
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>"
        for a, b in (("型号", "JS-20"), ("重量", "4.5千克"), ("滤芯寿命", "十二个月"))
    )
    desc = (
        "这款净水器装在水槽下面，占地不到一张报纸。",
        "每分钟出水一点六升，一家五口够用。",
        "滤芯不用工具就能更换，换一次不到两分钟。",
    )
    rev = "".join(
        f'<div class="rate-item"><span>买家{n}</span><p>{t}</p></div>'
        for n, t in enumerate(
            ("水很好喝，安装师傅也很耐心。", "用了三个月才来评价，没有漏水。", "有点贵。")
        )
    )
    inner = (
        f'<div class="site-nav">{LINKS}</div><h1>双湖净水器</h1><div class="price">'
        f'￥1,299</div><div class="detail">{"".join(f"<p>{d}</p>" for d in desc)}<table>'
        f'{rows}</table></div><div id="reviews"><h3>累计评价</h3>{rev}</div>'
        f'<div class="service-foot"><p>七天无理由退货，全国联保。</p></div>'
    )
    w = [*desc, "型号 | JS-20", "重量 | 4.5千克", "滤芯寿命 | 十二个月"]
    return MadePage(
        "shop", page(WELL._replace(title="双湖净水器"), inner), w, ("双湖净水器", "￥1,299")
    )


def gov() -> MadePage:
    t = "<br>".join(f"　　{x}" for x in NOTICE.paragraphs)
    inner = (
        f"<table><tr><td colspan=3><img></td></tr><tr><td width=180 valign=top>"
        f"<table><tr><td><a href=1>机构职能</a></td></tr><tr><td><a href=2>"
        f"政策法规</a></td></tr><tr><td>咨询电话：5550123</td></tr></table></td>"
        f"<td><font size=4><b>{NOTICE.title}</b></font><table width=90%>"
        f"<tr><td>{NOTICE.byline} 浏览次数：331</td></tr><tr><td><font>{t}</font>"
        f"</td></tr><tr><td align=right>【打印本页】【关闭窗口】</td></tr></table>"
        f"</td></tr></table><center>主办：区政府办公室　承办：信息中心<br>地址：中山路1号</center>"
    )
    return MadePage("gov", page(NOTICE, inner), NOTICE.paragraphs, NOTICE[:2])


def wechat() -> MadePage:
    s = "".join(
        f"<section><section><p><span>{t[:9]}</span><span>{t[9:]}</span></p></section></section>"
        for t in BIRDS.paragraphs
    )
    inner = (
        f'<div class="rich_media"><h1 class="rich_media_title">{BIRDS.title}</h1>'
        f'<div id="meta_content"><span>湿地保护中心</span><em>2022-12-30</em>'
        f'</div><div id="js_content">{s}<section><p>END</p></section>'
        f'<p>点击上方蓝字关注我们</p></div><div class="ft">阅读 2万 赞 331 在看 52</div>'
        f"<p>微信扫一扫可打开此内容，使用完整服务</p></div>"
    )
    return MadePage("wechat", page(BIRDS, inner), BIRDS.paragraphs, BIRDS[:2])


def epaper() -> MadePage:
    inner = (
        f'<table><tr><td><div>第03版：文体</div><ul>{LINKS}</ul></td><td><div class="next">'
        f"<a href=1>上一版</a> <a href=2>下一版</a></div>"
        f"<founder-title>{CHESS.title}</founder-title>"
        f"<div>{CHESS.byline}</div><founder-content>{body(CHESS)}</founder-content>"
        f"<div><a href=3>上一篇</a><a href=4>下一篇</a></div></td></tr></table>"
        f"<div>县日报社版权所有 未经书面授权不得复制</div>"
    )
    return MadePage("epaper", page(CHESS, inner), CHESS.paragraphs, CHESS[:2])


def unfold() -> MadePage:
    p = [f"<p>{t}</p>" for t in WELL.paragraphs]
    inner = (
        f'<div class="top-search"><input><button>搜索</button></div><h1>'
        f'{WELL.title}</h1><div class="c-info">{WELL.byline}</div><div class="c-body">'
        f'{p[0]}<hr>{p[1]}<iframe src=ad.html></iframe>{p[2]}<div class="unfold" '
        f'style="height:0">{p[3]}{p[4]}</div><div class="btn">点击展开全文</div>'
        f'</div><div class="c-rec"><h2>大家都在看</h2><ul>{LINKS}</ul></div>'
        f"<div><span>热搜</span><a href=1>桃子</a><a href=2>单行道</a></div>"
    )
    return MadePage("unfold", page(WELL, inner), WELL.paragraphs, WELL[:2])


def bilingual() -> MadePage:
    en = (
        "The wetland counted 63,000 migratory birds this winter.",
        "Forty volunteers in eight groups counted for nine days.",
        "Most numerous were bean geese, 19,000 of them.",
        "Stable water and the fishing ban are the main reasons.",
        "Keep at least two hundred metres from the flocks.",
    )
    inner = (
        f'<nav>{LINKS}</nav><div class="bi"><h1>{BIRDS.title}</h1>'
        + "".join(
            f'<div class="pair"><p class="zh">{a}</p><p class="en">{b}</p></div>'
            for a, b in zip(BIRDS.paragraphs, en, strict=True)
        )
        + '</div><div class="dict">'
        "<p>双击单词查看释义。</p></div>"
    )
    return MadePage(
        "bilingual",
        page(BIRDS, inner),
        [t for pair in zip(BIRDS.paragraphs, en, strict=True) for t in pair],
        BIRDS[:2],
    )


_KINDS: Sequence[Callable[[], MadePage]] = (
    forum, encyclopedia, manual, recipe, interview, inserted_links, questions, gallery,
    preformatted, table_notice, timeline, bio, cards, shop, gov, wechat, epaper, unfold,
    bilingual, bottom_notes,
)  # fmt: skip
MORE_PAGES = tuple(make() for make in _KINDS)
