"""Saved pages: encodings, furniture, titles, bylines, layouts of many kinds."""

import sys
from pathlib import Path

import pytest

import qa
from qa.errors import DocumentError
from qa.loaders import html
from qa.loaders.content import Content

SENTENCE = "渡口的木船每天早上六点开出第一班，晚上九点收班，票价两元。"
OTHER = "船老大姓方，撑了三十一年船，手上的茧子比船板还硬。"


def read(page: str | bytes) -> Content:
    data = page if isinstance(page, bytes) else page.encode()
    (content,) = html.read(data, "page.html")
    return content


def shown(page: str | bytes) -> list[tuple[str, str]]:
    content = read(page)
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def texts(page: str | bytes) -> list[str]:
    return [text for _, text in shown(page)]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030"])
@pytest.mark.parametrize("form", ['<meta charset="{}">', '<meta content="text/html; charset={}">'])
def test_a_declared_chinese_encoding_is_read_with_its_superset(declared: str, form: str) -> None:
    page = f"<html><head>{form.format(declared)}</head><body><p>{SENTENCE}镕㐂</p></body></html>"
    assert texts(page.encode("gb18030")) == [f"{SENTENCE}镕㐂"]


def test_a_page_saved_as_utf8_with_an_old_declaration() -> None:
    assert texts(f'<meta charset="gb2312"><p>{SENTENCE}</p>') == [SENTENCE]


@pytest.mark.parametrize("declared", ["undefined", "idna", "punycode", "unicode-escape", "hex"])
def test_what_is_declared_and_no_encoding_of_a_page_is_passed_over(declared: str) -> None:
    page = f"<meta charset={declared}><p>{SENTENCE}\\x41</p>"
    assert texts(page.encode("gb18030")) == [f"{SENTENCE}\\x41"]
    with pytest.raises(DocumentError, match="save it as UTF-8"):
        read(f"<meta charset={declared}>".encode() + bytes(range(128, 256)) * 40)


def test_a_page_without_a_declaration_is_guessed() -> None:
    assert texts(f"<p>{SENTENCE}</p>".encode("gb18030")) == [SENTENCE]


def test_one_broken_byte_does_not_cost_the_page() -> None:
    data = f'<meta charset="gbk"><p>{SENTENCE * 20}</p>'.encode("gb18030") + b"\xff"
    assert SENTENCE in texts(data)[0]


def test_a_picture_named_as_a_page_is_named() -> None:
    with pytest.raises(DocumentError, match=r"^page\.html: "):
        read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\xff\xfe" * 20)


@pytest.mark.parametrize(
    "furniture",
    [
        f"<nav><p>{OTHER}</p></nav>",
        f"<aside>{OTHER}</aside>",
        f'<div class="sidebar-left"><p>{OTHER}</p></div>',
        f'<div id="relatedNews">{OTHER}</div>',
        f'<div class="box tuijian">{OTHER}</div>',
        f'<div role="navigation">{OTHER}</div>',
        f"<script>var x = '{OTHER}';</script>",
        f"<div hidden>{OTHER}</div>",
        f'<p style="color: red; display: none">{OTHER}</p>',
        f"<!-- {OTHER} -->",
        f'<ul><li><a href="/1">{OTHER}</a></li></ul>',
        "<p>责任编辑：方小舟</p>",
        "<p>【免责声明】本文仅代表作者观点。</p>",
        "<p>未经书面授权，不得转载本文内容。</p>",
        "<p>Copyright © 2024 渡口网</p>",
        "<p>相关阅读</p>",
        "<p>微信扫一扫 分享到朋友圈</p>",
    ],
)
def test_furniture_goes_and_the_article_stays(furniture: str) -> None:
    page = f"<body><h1>渡口</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>{furniture}</body>"
    assert shown(page) == [("title", "渡口"), ("text", SENTENCE), ("text", SENTENCE)]


@pytest.mark.parametrize("name", ["comment", "related", "ad", "sidebar"])
def test_what_holds_the_article_is_none_whatever_it_is_called(name: str) -> None:
    assert texts(f'<div class="{name}"><p>{SENTENCE}</p><p>{OTHER}</p></div>') == [SENTENCE, OTHER]


def test_a_word_inside_a_name_is_no_furniture() -> None:
    page = f'<p>{SENTENCE}</p><div class="loading-shadow-header">{OTHER}</div>'
    assert texts(page) == [SENTENCE, OTHER]


def test_text_behind_a_removed_element_stays() -> None:
    page = f"<div><p>{SENTENCE}</p><nav>导航</nav>{OTHER}<aside>边栏</aside>还有一句话。</div>"
    assert texts(page) == [SENTENCE, f"{OTHER}还有一句话。"]


def test_a_page_of_nothing_but_links_is_kept_rather_than_empty() -> None:
    assert read('<a href="/">首页</a>').title == ""


@pytest.mark.parametrize(
    "head",
    [
        "<title>渡口的方老大_渡口网</title>",
        "<title>渡口的方老大 - 社会 - 渡口网</title>",
        "<title>渡口的方老大|渡口网</title>",
        '<meta property="og:title" content="渡口的方老大"><title>渡口网</title>',
    ],
)
def test_the_title_comes_from_the_head_when_the_page_shows_none(head: str) -> None:
    page = f"<head>{head}</head><body><p>{SENTENCE}</p></body>"
    assert shown(page) == [("title", "渡口的方老大"), ("text", SENTENCE)]


def test_of_many_declared_titles_the_first_counts() -> None:
    declared = "".join(
        f'<meta property="og:title" content="{name}">' for name in ("", "渡口", "江")
    )
    page = f"<head>{declared}</head><body><h2>江</h2><p>{SENTENCE}</p></body>"
    assert shown(page)[0] == ("title", "渡口")
    assert ("heading", "江") in shown(page)


def test_the_time_a_page_takes_grows_with_its_length_only() -> None:
    """Compared is what is called how often: a clock would measure the machine."""

    def calls(times: int) -> int:
        page = '<meta property="og:title" content="abc">' * times + "<p>x<br>y" * times
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            del frame, argument
            counted += event == "call"

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            read(page)
        finally:
            sys.setprofile(before)
        return counted

    # Ten times as long; every title compared with every part would be a hundred times as many.
    assert calls(300) < 15 * calls(30)


def test_the_name_of_the_site_in_a_heading_is_not_the_title() -> None:
    page = (
        "<title>渡口的方老大_渡口网</title><body><h1>渡口网</h1>"
        f"<h1>渡口的方老大</h1><p>{SENTENCE}</p></body>"
    )
    assert shown(page) == [("title", "渡口的方老大"), ("text", SENTENCE)]


def test_the_lead_between_title_and_article_is_kept() -> None:
    page = (
        f'<h1>渡口</h1><div class="intro"><p>{OTHER}</p></div>'
        f'<div class="share"><a href="#">微博</a></div><div>{f"<p>{SENTENCE}</p>" * 9}</div>'
    )
    assert shown(page)[:3] == [("title", "渡口"), ("text", OTHER), ("text", SENTENCE)]


def test_date_and_source_come_from_the_head_when_the_page_shows_none() -> None:
    page = (
        '<meta property="article:published_time" content="2024-03-16T19:30:00+08:00">'
        f'<meta name="author" content="江口晚报"><h1>渡口</h1><p>{SENTENCE}</p>'
    )
    assert ("byline", "2024-03-16 江口晚报") in shown(page)


def test_paragraphs_told_apart_by_line_breaks() -> None:
    page = f"<div>{SENTENCE}<br><br>{OTHER}<br>　　第三段从这里开始，<br>到这里为止。</div>"
    assert texts(page) == [SENTENCE, OTHER, "第三段从这里开始，\n到这里为止。"]


def test_a_wrapped_source_puts_no_blank_between_han_characters() -> None:
    assert texts("<p>渡口的木船\n   每天开出，\n  用 app 买\n票。</p>") == [
        "渡口的木船每天开出，用 app 买票。"
    ]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<p><b>第一班船</b></p>", "heading"),
        ('<p><span style="font-weight: bold">第一班船</span></p>', "heading"),
        ('<style>.t { font-weight: 700 }</style><p class="t">第一班船</p>', "heading"),
        ("<h4>第一班船</h4>", "heading"),
        ("<p><b>第一班</b>船</p>", "text"),
        ("<p><b>第一班船六点开。</b></p>", "text"),
    ],
)
def test_bold_lines_are_headings(markup: str, kind: str) -> None:
    page = f"<h1>渡口</h1><p>{SENTENCE}</p>{markup}<p>{OTHER}</p><h5>尾声</h5><p>{OTHER}</p>"
    assert shown(page)[2][0] == kind


def test_tables_of_data_are_rows_and_tables_of_layout_are_not() -> None:
    rows = "<tr><th>班次</th><th>时间</th></tr><tr><td>头班</td><td><p>六<b>点</b></p></td></tr>"
    assert texts(f"<p>{SENTENCE}</p><table>{rows}</table>") == [
        SENTENCE,
        "班次：头班；时间：六点",
    ]
    long, other = SENTENCE * 12, OTHER * 12
    layout = f"<table><tr><td>{long}</td><td>{other}</td></tr><tr><td>完。</td></tr></table>"
    assert texts(layout) == [long, other, "完。"]


def test_lists_quotes_code_and_ruby() -> None:
    page = (
        f"<p>{SENTENCE}</p><ul><li>船。<li>桨。</ul><blockquote><p>{OTHER}</p></blockquote>"
        "<pre>a = 1\n  b = 2</pre><p><ruby>渡<rt>dù</rt></ruby>口在这里。</p>"
    )
    assert texts(page)[1:] == ["船。", "桨。", OTHER, "a = 1\n  b = 2", "渡口在这里。"]


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "span"])
def test_elements_nested_without_end_are_refused_or_read(tag: str) -> None:
    try:
        content = read(f"<p>{SENTENCE}</p>" + f"<{tag}>" * 100_000 + OTHER)
    except DocumentError as error:
        assert "nested too deeply" in str(error)
    else:
        assert OTHER in content.text


@pytest.mark.parametrize("page", ["", " ", "<", "<!---->", "<html>", "\0", "<p>\ud800</p>", "&#0;"])
def test_odd_pages_give_no_block_and_no_crash(page: str) -> None:
    assert read(page.encode("utf-8", "surrogatepass")).blocks == () or "\ud800" in page


def test_script_in_a_page_is_never_text() -> None:
    page = f'<p>{SENTENCE}</p><p onclick="x()">{OTHER}&lt;script&gt;</p>'
    assert texts(page) == [SENTENCE, f"{OTHER}<script>"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ol><li>关阀<li>拆盖<li>换芯</ol>", ["1. 关阀", "2. 拆盖", "3. 换芯"]),
        ("<ol start=4><li>关阀<li value=9>拆盖<li>换芯</ol>", ["4. 关阀", "9. 拆盖", "10. 换芯"]),
        ("<ol reversed><li>铜<li>银<li>金</ol>", ["3. 铜", "2. 银", "1. 金"]),
        ("<ol reversed start=9><li>铜<li>银</ol>", ["9. 铜", "8. 银"]),
        ("<ol type=a><li>关阀<li>拆盖</ol>", ["a. 关阀", "b. 拆盖"]),
        ("<ol type=I><li>关阀<li>拆盖</ol>", ["I. 关阀", "II. 拆盖"]),
        ("<ol style='list-style: cjk-ideographic'><li>关阀<li>拆盖</ol>", ["一、关阀", "二、拆盖"]),
        ("<ol style='list-style-type:none'><li>关阀<li>拆盖</ol>", ["关阀", "拆盖"]),
        ("<ul><li>关阀<li>拆盖</ul>", ["关阀", "拆盖"]),
        ("<ol><li>1、关阀<li>2、拆盖</ol>", ["1、关阀", "2、拆盖"]),
        ("<ol><li>第一步：关阀<li>第二步：拆盖</ol>", ["第一步：关阀", "第二步：拆盖"]),
        ("<ol><li><p>关阀</p><p>听声</p><li><p>拆盖</p></ol>", ["1. 关阀", "听声", "2. 拆盖"]),
        (
            "<ol><li>关阀<ol type=i><li>向右<li>拧紧</ol><li>拆盖<ul><li>上盖</ul></ol>",
            ["1. 关阀", "i. 向右", "ii. 拧紧", "2. 拆盖", "上盖"],
        ),
        ("<ol><li><li>拆盖</ol><p>完</p>", ["2. 拆盖", "完"]),
        ("<ol><li></ol><p>完</p>", ["完"]),
    ],
)
def test_items_of_a_list_keep_their_numbers(markup: str, expected: list[str]) -> None:
    page = f"<h1>换芯</h1><p>{SENTENCE}</p>{markup}<p>{OTHER}</p><h5>尾声</h5><p>{OTHER}</p>"
    assert texts(page)[1:] == [SENTENCE, *expected, OTHER, "尾声", OTHER]


def test_an_item_is_found_by_its_number(tmp_path: Path) -> None:
    steps = (
        "关闭总阀并放掉余水",
        "逆时针拆下旧滤芯",
        "装上新滤芯并对齐箭头",
        "打开总阀检查有无漏水",
    )
    items = "".join(f"<li>{step}。</li>" for step in steps)
    page = f"<title>滤芯</title><h1>滤芯</h1><p>{SENTENCE}</p><ol>{items}</ol><p>{OTHER}</p>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    bot = qa.Chatbot.from_paths(tmp_path)
    for question in ("第三项是什么？", "第三步做什么？"):
        answer = bot.ask(question)
        assert answer.answered
        assert "装上新滤芯" in answer.passages[0].text
