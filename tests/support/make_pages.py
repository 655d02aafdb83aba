"""Web pages of several sites and times, with all that stands around an article there."""

from collections.abc import Sequence

from support.originals import FOLDER, Item, body_html, office, original, run


def portal_page(items: Sequence[Item]) -> bytes:
    """A news portal of today: menus, share buttons, advertisement, related links, legal lines."""
    title, byline = items[0][1], items[1][1]
    date, clock, source = byline.split()
    links = "".join(f'<li><a href="/{n}">{n}月热点回顾：江城这一月</a></li>' for n in range(1, 9))
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{title}_江城新闻_江口在线</title>
<meta property="og:title" content="{title}">
<style>.nav a {{ color: red }}</style><script>var config = "广告。";</script></head>
<body class="page-related">
<div class="top-nav"><a href="/">首页</a><a href="/n">新闻</a><a href="/f">财经</a>
<a href="/l">登录</a><a href="/r">注册</a></div>
<div class="path">您的位置：<a href="/">江口在线</a> &gt; <a href="/n">江城新闻</a> &gt; 正文</div>
<div class="wrap"><div class="main">
<h1 class="main-title">{title}</h1>
<div class="top-bar"><div class="date-source"><span class="date">{date} {clock}</span>
<span class="source">{source}</span></div>
<div class="share"><a href="#">微信</a><a href="#">微博</a><a href="#">分享到朋友圈</a></div></div>
<div class="article" id="artibody">
<div class="ad">买船票，上江口通，立减十元！</div>
{body_html(items[2:], "　　")}
<p style="display:none">这句话是看不见的。</p>
<p class="show_author">责任编辑：王小满</p>
</div>
<div class="keywords">关键词：<a href="#">夜市</a><a href="#">船厂</a></div>
<div class="relate"><h3>相关阅读</h3><ul>{links}</ul></div>
<div class="comment"><p>网友“江边人”：终于等到了。</p><p>网友“阿米”：停车怎么办？</p></div>
</div><div class="sidebar"><h3>热门排行</h3><ul>{links}</ul></div></div>
<div class="footer"><p>版权所有 江口在线 未经授权禁止转载。</p><p>江ICP备00000000号</p></div>
</body></html>""".encode("gb18030")


def old_page(items: Sequence[Item]) -> bytes:
    """A page of the years of layout tables: paragraphs are only told apart by line breaks."""
    written = []
    for kind, text in items[2:]:
        bold = f"<b>{text}</b>" if kind == "h2" else text
        written.append(f"　　{bold}")
    inner = "<br>\r\n<br>\r\n".join(written)
    return f"""<HTML><HEAD><TITLE>{items[0][1]} - 桃園時報電子報</TITLE>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"></HEAD>
<BODY BGCOLOR=#FFFFFF><TABLE WIDTH=760><TR><TD COLSPAN=2>
<A HREF=/>首頁</A> | <A HREF=/1>要聞</A> | <A HREF=/2>社會</A> | <A HREF=/3>娛樂</A></TD></TR>
<TR><TD WIDTH=160><A HREF=/a>本日頭條</A><BR><A HREF=/b>地方新聞</A><BR><A HREF=/c>氣象</A></TD>
<TD><FONT SIZE=5><B>{items[0][1]}</B></FONT><BR><FONT SIZE=2>{items[1][1]}</FONT><BR><BR>
{inner}
<BR><BR><FONT SIZE=2>【聲明】本報所有文章未經授權不得轉載。</FONT></TD></TR>
<TR><TD COLSPAN=2 ALIGN=CENTER>Copyright &copy; 2022 桃園時報 版權所有</TD></TR></TABLE>
</BODY></HTML>
""".encode("big5")


def messenger_page(items: Sequence[Item]) -> bytes:
    """An account's post in a messenger: sections in sections, spans in spans, bold headings."""
    written = []
    for kind, text in items[2:]:
        inner = f"<strong>{text}</strong>" if kind.startswith("h") else text
        half = len(inner) // 2 if "<" not in inner else len(inner)
        written.append(
            '<section style="margin: 8px"><p style="text-indent: 2em">'
            f'<span style="font-size: 16px">{inner[:half]}</span>'
            f"<span>{inner[half:]}</span></p></section>"
        )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>
<meta property="og:title" content="{items[0][1]}"></head><body>
<div id="js_article"><h1 class="rich_media_title" id="activity-name">
{items[0][1]}
</h1><div id="meta_content"><span>{items[1][1]}</span></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden">
<section>{"".join(written)}</section></div>
<div id="js_pc_qr_code"><p>微信扫一扫</p><p>关注该公众号</p></div>
<div class="rich_media_tool"><a href="#">阅读原文</a> <span>阅读 10万+</span></div></div>
<script>document.getElementById("js_content").style.visibility = "visible";</script></body></html>
""".encode()


def make_pages() -> None:
    (FOLDER / "portal-gb18030.html").write_bytes(portal_page(original("night-market")))
    (FOLDER / "old-table-big5.html").write_bytes(old_page(original("old-street")))
    (FOLDER / "messenger.html").write_bytes(messenger_page(original("greenhouse")))
    run(
        "pandoc", "--standalone", "--columns=60", "--toc", "--metadata", "pagetitle=双湖温室",
        "-f", "markdown-smart", FOLDER / "greenhouse.md", "-o", FOLDER / "pandoc.html",
    )  # fmt: skip
    office(FOLDER / "python-docx.docx", "html", FOLDER / "libreoffice.html")
