"""Pages as they are in the world: where the article is, what is not, and what is told of it."""

import json
from pathlib import Path

import pytest

import qa
from qa import loaders
from qa.errors import NoArticle, PartlyRead
from qa.loaders import html
from qa.loaders.content import Content
from support.made_pages import PAGES, MadePage
from support.more_pages import MORE_PAGES

LEAD = "南坡果园的苹果今天开始采摘。"
REST = "果园有四十亩，预计收果九万斤。"
OTHER = "邻村的养鱼场昨天换了新的水泵。"
TITLE = "南坡苹果开摘"
HEAD = f"<head><title>{TITLE}</title></head>"


def read(page: str) -> Content:
    (content,) = html.read(page.encode(), "page.html")
    return content


def shown(page: str) -> list[tuple[str, str]]:
    content = read(page)
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def texts(page: str) -> list[str]:
    return [text for kind, text in shown(page) if kind == "text"]


def article(inner: str = f"<p>{LEAD}</p><p>{REST}</p>") -> str:
    return f"{HEAD}<h1>{TITLE}</h1>{inner}"


@pytest.mark.parametrize("page", [*PAGES, *MORE_PAGES], ids=lambda page: page.name)
def test_every_paragraph_of_an_article_and_none_beside_it(page: MadePage) -> None:
    content = read(page.html)
    found = [block for block in content.blocks if block.kind in ("text", "heading")]
    assert [content.text[one.start : one.end] for one in found] == list(page.paragraphs)
    assert content.problem == ""


@pytest.mark.parametrize("name", ["share-zone", "js_download_ctn", "app tools", "search-result"])
def test_a_hook_in_a_name_does_not_cost_the_article(name: str) -> None:
    script = f"<script>var a = '{LEAD * 40}'</script>"
    inner = f'<div class="{name}"><p>{LEAD}</p><p>{REST}</p></div>'
    page = script + article(inner)
    assert texts(page) == [LEAD, REST]
    beside = f'{article()}<div class="{name}"><p>用手机看</p></div>'
    assert texts(beside) == [LEAD, REST]


def test_a_hook_around_each_paragraph_does_not_cost_one() -> None:
    inner = "".join(f'<div class="ad-hook">{text}</div>' for text in (LEAD, REST, LEAD, REST))
    assert texts(article(inner)) == [LEAD, REST, LEAD, REST]


@pytest.mark.parametrize(
    "body",
    [
        "苹果今年大年，南坡四十亩果树挂果九万斤，比去年多三成，价格与去年持平，每斤四元",
        "春分种下，秋分收起",
    ],
)
def test_a_body_without_a_full_stop(body: str) -> None:
    page = (
        f"{HEAD}<table><tr><td>您所在的位置：</td></tr></table><div><h1>{TITLE}</h1>"
        f'<div id="zoom"><p>{body}</p></div></div><div class="foot"><p>版权所有 果业局</p></div>'
    )
    assert texts(page) == [body]


@pytest.mark.parametrize("ends", ["</html>", "</body></html>", "</BODY>\n</HTML >"])
def test_text_after_an_early_end(ends: str) -> None:
    top = f"<html>{HEAD}<body><div><a href=/>首页</a></div>{ends}"
    page = f"{top}<p>{LEAD}</p><p>{REST}</p></body></html>"
    assert texts(page) == [LEAD, REST]


STATE = {"page": {"title": TITLE, "content": f"<p>{LEAD}</p><p>{REST}</p>"}, "tip": OTHER}


@pytest.mark.parametrize(
    "inner",
    [
        f"<div id=app></div><noscript><h1>{TITLE}</h1><p>{LEAD}</p><p>{REST}</p></noscript>",
        f"<a-b><template shadowrootmode=open><p>{LEAD}</p><p>{REST}</p></template></a-b>",
        f"<script>window.__DATA__ = {json.dumps(STATE)};</script>",
        f"<script id=__NEXT_DATA__ type=application/json>{json.dumps({'props': [STATE]})}</script>",
        f"<script>var s = JSON.parse({json.dumps(json.dumps(STATE))})</script>",
        f'<div id="more" style="display: none"><p>{LEAD}</p><p>{REST}</p></div>',
        f'<iframe srcdoc="&lt;p>{LEAD}&lt;/p>&lt;p>{REST}&lt;/p>"></iframe>',
        '<script>s={"article":{"title":"'
        + TITLE
        + '","author":undefined,"paragraphs":["'
        + f'{LEAD}","{REST}"]}}}}</script>',
    ],
)
def test_a_text_that_a_browser_shows_later(inner: str) -> None:
    content = read(f"{HEAD}<body>{inner}</body>")
    assert content.text.split("\n\n") == [TITLE, LEAD, REST]
    assert content.problem == ""


def test_a_declared_body_is_read_where_the_page_shows_less() -> None:
    declared = {"@type": "NewsArticle", "headline": TITLE, "articleBody": f"{LEAD}\n{REST}"}
    script = f"<script type='application/ld+json'>{json.dumps(declared)}</script>"
    assert texts(f"{HEAD}{script}<div id=root></div>") == [LEAD, REST]
    whole = f"<p>{LEAD}</p><p>{REST}</p><p>{OTHER}</p>"
    assert texts(f"{script}{article(whole)}") == [LEAD, REST, OTHER]


def test_words_of_a_program_are_no_article_beside_one() -> None:
    state = json.dumps({"dialog": {"title": "须知", "content": OTHER * 20}})
    assert texts(f"{article()}<script>x={state}</script>") == [LEAD, REST]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("每斤<o:p></o:p>四元，<st1:time w:st=on>今天</st1:time>起。", "每斤四元，今天起。"),
        ("请拨打<x-tel>5550188</x-tel>，<text>早九点</text>以后。", "请拨打5550188，早九点以后。"),
        ("<site-link><a href=/x>南坡</a></site-link>在县城南边。", "南坡在县城南边。"),
    ],
)
def test_unknown_elements_are_inline(markup: str, text: str) -> None:
    assert texts(article(f"<p>{LEAD}</p><p>{markup}</p>")) == [LEAD, text]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> 斤", "10⁶ 斤"),
        ("10<sup>-3</sup> 米", "10⁻³ 米"),
        ("2<sup>0.5</sup> 倍", "2^(0.5) 倍"),
        ("H<sub>2</sub>O 和 x<sub>n</sub>", "H₂O 和 xn"),
        ("第 5<sup>th</sup> 街", "第 5th 街"),
        ("据县志<sup>[3]</sup>记载", "据县志[3]记载"),
        ("据县志<sup><a href='#n3'>3</a></sup>记载", "据县志³记载"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>9</mn></math> 时", "x²=9 时"),
        (
            "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math> 斤",
            "(a+b)/2 斤",
        ),
        ("<math><msqrt><mi>x</mi></msqrt><annotation>z</annotation></math> 根", "√(x) 根"),
        ("<ruby>苹<rp>(</rp><rt>píng</rt><rp>)</rp></ruby>果", "苹果"),
    ],
)
def test_what_stands_beside_the_line(markup: str, text: str) -> None:
    assert texts(article(f"<p>{LEAD}</p><p>{markup}，共三处。</p>"))[1] == f"{text}，共三处。"


def test_what_a_site_puts_behind_a_heading_goes() -> None:
    links = (
        "[<a href=/e>编辑</a>]",
        "<a href='#a'>¶</a>",
        "[<a href=/v>编辑</a> | <a>编辑源代码</a>]",
    )
    parts = "".join(f"<h2>产量{link}</h2><p>{REST}</p>" for link in links)
    headings = [text for kind, text in shown(article(f"<p>{LEAD}</p>{parts}")) if kind == "heading"]
    assert headings == ["产量"] * 3


@pytest.mark.parametrize(
    "line",
    [
        "本文仅代表作者个人观点，不代表本站立场。",
        "以上内容与本站立场无关，请读者自行判断。",
        "图片来自网络，如有侵权请联系删除。",
    ],
)
def test_a_disclaimer_is_not_the_article(line: str) -> None:
    assert texts(article(f"<p>{LEAD}</p><p>{REST}</p><p>{line}</p>")) == [LEAD, REST]


def test_a_table_of_links_is_a_menu_and_one_of_text_is_not() -> None:
    rows = "".join(f"<tr><td><a href=/{n}>果园{n}</a></td><td>{{}}</td></tr>" for n in range(3))
    menu = rows.replace("{}", "<a href=/x>详情</a>")
    assert texts(article(f"<p>{LEAD}</p><table>{menu}</table><p>{REST}</p>")) == [LEAD, REST]
    table = rows.replace("{}", "挂果九万斤")
    assert len(texts(article(f"<p>{LEAD}</p><table>{table}</table><p>{REST}</p>"))) == 5


def test_captions_are_text() -> None:
    table = (
        "<table><caption>表1 收果量</caption><tr><td>年</td><td>斤</td></tr>"
        "<tr><td>今年</td><td>九万</td></tr></table>"
        "<figure><img><figcaption>图1 果园</figcaption></figure>"
    )
    assert "表1 收果量" in texts(article(f"<p>{LEAD}</p>{table}<p>{REST}</p>"))
    assert "图1 果园" in texts(article(f"<p>{LEAD}</p>{table}<p>{REST}</p>"))


def test_a_list_of_other_articles_goes_and_linked_sections_stay() -> None:
    cards = "".join(
        f"<h4><a href=/{n}>{name}</a></h4><p>2020-05-0{n} 08:00</p>"
        for n, name in enumerate(("水泵", "河堤", "校车"), 1)
    )
    assert texts(article(f"<p>{LEAD}</p><p>{REST}</p><div class=box>{cards}</div>")) == [LEAD, REST]
    sections = "".join(f"<h3><a href=/{n}>第{n}园</a></h3><p>{REST * 9}</p>" for n in (1, 2, 3))
    assert len(texts(article(f"<p>{LEAD}</p>{sections}"))) == 4
    marks = "".join(f"<h3><a href='#{n}'>第{n}园</a></h3><p>{REST}</p>" for n in (1, 2, 3))
    assert len(texts(article(f"<p>{LEAD}</p>{marks}"))) == 4


@pytest.mark.parametrize("name", ["comment-list", "pl_reply", "Comments"])
def test_comments_longer_than_the_article_go(name: str) -> None:
    said = f"<p>甲：{OTHER}</p>" * 12
    assert texts(article() + f'<div class="{name}">{said}</div>') == [LEAD, REST]


def test_bold_lines_under_a_name_are_text() -> None:
    bold = "".join(f"<p><b>{line}</b></p>" for line in ("主办：果业局", "时间：9月8日", "采摘须知"))
    page = article(f"<p>{LEAD}</p>{bold}<p>{REST}</p>")
    assert shown(page)[2:5] == [
        ("text", "主办：果业局"),
        ("text", "时间：9月8日"),
        ("heading", "采摘须知"),
    ]


def test_a_bold_line_can_answer(tmp_path: Path) -> None:
    bold = "<p><strong>领队：秦守义</strong></p>"
    (tmp_path / "a.html").write_text(article(f"<p>{LEAD}</p>{bold}<p>{REST}</p>"), encoding="utf-8")
    answer = qa.Chatbot.from_paths(tmp_path).ask("领队是谁？")
    assert answer.answered
    assert "秦守义" in answer.passages[0].text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "<frameset cols='20%,*'><frame src=menu.html><frame src=text.html></frameset>",
            "text.html",
        ),
        ("<body><h1>南坡苹果开摘</h1><iframe src='/show?id=7'></iframe></body>", "/show?id=7"),
        ("<body><div id=app></div><script src=app.js></script></body>", "save it from there"),
        ("<body><p>首页 新闻 登录 注册</p><h1>南坡苹果开摘</h1></body>", "menu words"),
        ("<noscript>请启用 JavaScript 后再访问。</noscript><h1>南坡苹果开摘</h1>", "program"),
        (
            "<body><h1>南坡苹果开摘</h1><p>您的浏览器版本过低，请升级浏览器。</p></body>",
            "menu words",
        ),
        (f"<body><h1>南坡苹果开摘</h1>正在加载<script>{'f();' * 900}</script></body>", "program"),
    ],
)
def test_a_page_without_its_article_is_named(body: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(HEAD + body, encoding="utf-8")
    loaded = loaders.load_paths([tmp_path])
    (problem,) = loaded.problems
    assert told in str(problem)
    assert isinstance(problem, NoArticle | PartlyRead)
    assert bool(loaded.documents) == isinstance(problem, PartlyRead)


def test_a_name_around_the_whole_page_hides_nothing() -> None:
    greeting = "<div>您好，欢迎访问本站！今天是星期二。</div>"
    for name in ("nav-wrap", "comment-page", "footer-fixed"):
        inner = f'<div class="{name}">{f"<p>{LEAD}</p><p>{REST}</p>" * 9}</div>'
        assert len(texts(f"{HEAD}{greeting}{inner}")) >= 18


def test_a_small_part_of_a_page_is_told_and_loaded(tmp_path: Path) -> None:
    lines = "".join(f"<div>第{n}号果树挂果{n + 60}个</div>" for n in range(60))
    page = f"{HEAD}<div><h1>{TITLE}</h1><p>{LEAD}</p><p>{REST}</p></div><div>{lines}</div>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    bot = qa.Chatbot.from_paths(tmp_path)
    assert LEAD in bot.documents[0].text
    for problem in bot.problems:
        assert problem.notice.startswith("read in part: page.html: only ")


def test_a_short_page_is_none_without_an_article() -> None:
    assert read("<h1>渡口</h1><p>今日停航</p>").problem == ""
