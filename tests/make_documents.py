"""Make the documents in ``tests/data/documents`` again from their Markdown originals.

Needs what the tests themselves do not: LibreOffice, pandoc, Chromium, qpdf, Noto CJK fonts,
and the packages typst and reportlab. Run from the project's folder:
``python tests/make_documents.py``.
"""

import csv
import html
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "documents"
FONT = "Noto Serif CJK SC"
Item = tuple[str, str]


def original(name: str) -> list[Item]:
    """Return (kind, text) of each block; kind is h1…h3, p, li or tr (cells joined by tabs)."""
    items: list[Item] = []
    for line in (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines():
        hashes = len(line) - len(line.lstrip("#"))
        if not line or set(line) <= set("| -"):
            continue
        if hashes:
            items.append((f"h{hashes}", line.lstrip("# ")))
        elif line.startswith("- "):
            items.append(("li", line[2:]))
        elif line.startswith("|"):
            items.append(("tr", "\t".join(cell.strip() for cell in line.strip("|").split("|"))))
        else:
            items.append(("p", line))
    return items


def body_html(items: Sequence[Item], indent: str = "") -> str:
    """Return plain HTML of the blocks, lists and tables closed."""
    written: list[str] = []
    opened = ""
    for kind, text in items:
        wanted = {"li": "ul", "tr": "table"}.get(kind, "")
        if opened != wanted:
            written.append(f"</{opened}>" if opened else "")
            written.append(f"<{wanted}>" if wanted else "")
            opened = wanted
        if kind == "tr":
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in text.split("\t"))
            written.append(f"<tr>{cells}</tr>")
        else:
            shift = indent if kind == "p" else ""
            written.append(f"<{kind}>{shift}{html.escape(text)}</{kind}>")
    written.append(f"</{opened}>" if opened else "")
    return "\n".join(filter(None, written))


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=180)


def office(source: Path, kind: str, target: Path) -> None:
    """Convert with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", kind, "--outdir", folder, source,
        )  # fmt: skip
        made = next(path for path in Path(folder).iterdir() if path.stem == source.stem)
        target.write_bytes(made.read_bytes())


def chromium_pdf(page: str, target: Path) -> None:
    from playwright.sync_api import sync_playwright

    small = 'style="font-size: 9px; margin-left: 60px"'
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        tab.pdf(
            path=target,
            format="A4",
            margin={"top": "60px", "bottom": "60px", "left": "60px", "right": "60px"},
            display_header_footer=True,
            header_template=f"<div {small}>高原农业通讯　内部打印</div>",
            footer_template=f'<div {small}>第 <span class="pageNumber"></span> 页，共 '
            '<span class="totalPages"></span> 页</div>',
        )
        browser.close()


# Web pages


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


# Word processors


def python_docx(items: Sequence[Item], target: Path) -> None:
    import docx
    from docx.enum.text import WD_BREAK

    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "江口晚报社内部稿件"
    made.sections[0].footer.paragraphs[0].text = "第 1 页"
    rows = [text.split("\t") for kind, text in items if kind == "tr"]
    table = None
    for place, (kind, text) in enumerate(items):
        if kind == "h1":
            made.add_paragraph(text, style="Title")
        elif kind.startswith("h"):
            made.add_heading(text, int(kind[1]) - 1)
        elif kind == "li":
            made.add_paragraph(text, style="List Bullet")
        elif kind == "tr" and table is None:
            table = made.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
        elif kind == "p":
            paragraph = made.add_paragraph()
            half = len(text) // 2
            paragraph.add_run(text[:half])
            paragraph.add_run(text[half:]).bold = place % 2 == 0
    made.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    made.save(str(target))


def make_word() -> None:
    python_docx(original("night-market"), FOLDER / "python-docx.docx")
    run("pandoc", "-f", "markdown-smart", FOLDER / "greenhouse.md", "-o", FOLDER / "pandoc.docx")
    with tempfile.TemporaryDirectory() as folder:
        middle = Path(folder) / "old-street.odt"
        run("pandoc", "-f", "markdown-smart", FOLDER / "old-street.md", "-o", middle)
        office(middle, "docx", FOLDER / "libreoffice.docx")


# PDF


def typst_pdf(items: Sequence[Item], target: Path) -> None:
    """Two columns with running header, page numbers and hyphenated English."""
    import typst

    def escaped(text: str) -> str:
        return "".join(f"\\{sign}" if sign in "#*_`$<>@\\[]" else sign for sign in text)

    lines = [
        '#set page(paper: "a5", columns: 2, '
        "header: align(center, text(8pt)[高原农业通讯 · 2023年第4期]), "
        "footer: context align(center, text(8pt)[— #counter(page).display() —]))",
        f'#set text(font: "{FONT}", size: 10pt, lang: "zh", hyphenate: true)',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true))",
        '#place(top, scope: "parent", float: true)[#set align(center)',
        f"#text(16pt)[{escaped(items[0][1])}]",
        f"#text(9pt)[{escaped(items[1][1])}]]",
    ]
    for kind, text in items[2:]:
        if kind.startswith("h"):
            lines.append(f"#heading(level: {int(kind[1]) - 1})[{escaped(text)}]")
        elif text.isascii():
            lines.append(f'#text(lang: "en")[{escaped(text)}]')
        else:
            lines.append(escaped(text))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "main.typ"
        source.write_text("\n\n".join(lines), encoding="utf-8")
        target.write_bytes(typst.compile(str(source)))


def scanned_pdf(target: Path) -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(picture).rectangle((40, 40, 360, 60), fill=0)
    picture.save(target, "PDF")


def make_pdf() -> None:
    office(FOLDER / "python-docx.docx", "pdf", FOLDER / "libreoffice.pdf")
    typst_pdf(original("greenhouse"), FOLDER / "typst-columns.pdf")
    style = f"body {{ font: 14px/1.7 '{FONT}' }} h1 {{ font-size: 24px }} p {{ text-indent: 2em }}"
    items = original("greenhouse")
    page = f"<meta charset=utf-8><style>{style}</style>{body_html(items)}"
    chromium_pdf(page, FOLDER / "chromium.pdf")
    scanned_pdf(FOLDER / "scanned.pdf")
    run(
        "qpdf", "--encrypt", "user", "owner", "256", "--",
        FOLDER / "libreoffice.pdf", FOLDER / "encrypted.pdf",
    )  # fmt: skip


# Books, texts and data


def hand_made_epub(items: Sequence[Item], target: Path) -> None:
    """An EPUB 2 with one file a chapter, a cover page and a table of contents."""
    chapters: list[list[Item]] = [[]]
    for item in items:
        if item[0] == "h2":
            chapters.append([])
        chapters[-1].append(item)
    names = [f"Text/chapter {number}.xhtml" for number in range(len(chapters))]
    manifest = "".join(
        f'<item id="c{number}" href="{name.replace(" ", "%20")}" '
        'media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(names)))
    package = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id"><metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{items[0][1]}</dc:title>
<dc:identifier id="id">old-street</dc:identifier><dc:language>zh-TW</dc:language></metadata>
<manifest>{manifest}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
<spine toc="ncx">{spine}</spine></package>"""
    container = (
        '<?xml version="1.0"?><container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", container)
        book.writestr("OEBPS/content.opf", package)
        book.writestr("OEBPS/toc.ncx", "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'/>")
        for name, chapter in zip(names, chapters, strict=True):
            book.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title>{items[0][1]}</title></head><body>{body_html(chapter)}</body></html>",
            )


def make_books() -> None:
    run(
        "pandoc", "-f", "markdown-smart", "--metadata", f"title={original('greenhouse')[0][1]}",
        FOLDER / "greenhouse.md", "-o", FOLDER / "pandoc.epub",
    )  # fmt: skip
    office(FOLDER / "python-docx.docx", "epub", FOLDER / "libreoffice.epub")
    hand_made_epub(original("old-street"), FOLDER / "hand-made.epub")


def make_texts() -> None:
    for name, target, options in (
        ("greenhouse", "pandoc-wrapped.md", ["-t", "markdown-smart", "--columns=60"]),
        ("old-street", "pandoc-gfm.md", ["-t", "gfm", "--wrap=none"]),
        ("greenhouse", "pandoc-wrapped.txt", ["-t", "plain", "--columns=60"]),
    ):
        run(
            "pandoc", "-f", "markdown-smart+east_asian_line_breaks",
            FOLDER / f"{name}.md", "-o", FOLDER / target, *options,
        )  # fmt: skip
    office(FOLDER / "libreoffice.docx", "txt:Text (encoded):UTF8", FOLDER / "libreoffice.txt")
    lines = [text.replace("\t", "　") for _, text in original("night-market")]
    text = "\r\n".join(f"　　{line}" if line.endswith("。") else line for line in lines)
    (FOLDER / "notepad-gb18030.txt").write_bytes(text.encode("gb18030"))


def record(name: str) -> dict[str, str]:
    """Return an article as a row of data: the body as lines."""
    items = original(name)
    source, *date = reversed(items[1][1].split())
    body = "\n".join(text.replace("\t", " | ") for _, text in items[2:])
    return {"title": items[0][1], "date": " ".join(reversed(date)), "source": source, "body": body}


def make_data() -> None:
    records = [record(name) for name in ("night-market", "greenhouse", "old-street")]
    articles = {"count": len(records), "articles": records}
    (FOLDER / "articles.json").write_text(
        json.dumps(articles, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    lines = [json.dumps({"id": f"n{n}", "content": one["body"], "标题": one["title"]})
             for n, one in enumerate(records)]  # fmt: skip
    (FOLDER / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = {"title": "标题", "date": "发布时间", "source": "来源", "body": "正文"}
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(names.values()))
    writer.writeheader()
    writer.writerows({names[key]: value for key, value in one.items()} for one in records)
    (FOLDER / "spreadsheet-gb18030.csv").write_bytes(written.getvalue().encode("gb18030"))
    with zipfile.ZipFile(FOLDER / "mixed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("portal-gb18030.html", "python-docx.docx", "old-street.md"):
            packed.write(FOLDER / name, f"文章/{name}")


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["word", "pages", "pdf", "books", "texts", "data"]
    for group in wanted:
        globals()[f"make_{group}"]()
