"""Tables and marks of Markdown as a browser shows them: what is seen, marked and copied."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa
from qa.web import Server, serve
from support.browser import PHONE, ask, lit, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MANUAL = """# 净水器使用说明

**滤芯**一般每[半年](https://example.com/filter)更换一次，更换后按`复位`键五秒。

| 指示灯 | 含义 | 处理办法 |
|---|---|---|
| 红色常亮 | **滤芯**到期 | 更换滤芯 |
| 黄色闪烁 | 水压太低 | 检查进水阀 |

总阀在水槽下面的柜子里。
"""
PRICES = "线路,票价,首班\n一号线,三元,六点\n二号线,四元,六点半\n机场线,二十元,五点半\n"
SELECTED = """(id) => {
    getSelection().selectAllChildren(document.getElementById(id));
    return getSelection().toString();
}"""
LEFT_EDGES = """(row) => [...row.querySelectorAll('.cell')].map(
    (cell) => Math.round(cell.getBoundingClientRect().left))"""
MARKED = "(name) => [...CSS.highlights.get(name)].map((range) => range.toString())"


@pytest.fixture(scope="module")
def manual(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The web chat on a Markdown file and a table."""
    folder: Path = tmp_path_factory.mktemp("manual")
    (folder / "a.md").write_text(MANUAL, encoding="utf-8")
    (folder / "b.csv").write_text(PRICES, encoding="utf-8")
    bot = qa.Chatbot.from_paths(folder)
    served = serve(lambda: bot, port=0, block=False)
    served.service.wait()
    yield served
    served.close()


@pytest.fixture
def page(browser: "Browser", manual: Server) -> Iterator["Page"]:
    with opened(browser, manual.url) as shown:
        yield shown


def test_what_is_selected_is_the_text_as_it_was_written(page: "Page") -> None:
    for number, text in ((1, MANUAL.split("\n")[2]), (3, "| 红色常亮 | **滤芯**到期 | 更换滤芯 |")):
        paragraph = page.locator(f"#p{number}")
        assert paragraph.evaluate("(one) => one.textContent") == text
        assert page.evaluate(SELECTED, f"p{number}").strip() == text
    mark = page.locator("#p1 .mark").first
    assert mark.evaluate("(one) => one.getBoundingClientRect().width") == 0
    assert page.locator("#p1 a").count() == 0


def test_columns_stand_below_each_other(page: "Page") -> None:
    rows = page.locator("#article .row")
    edges = [rows.nth(number).evaluate(LEFT_EDGES) for number in range(rows.count())]
    assert len(edges) == 3
    assert len(edges[0]) == 3
    assert edges[0] == edges[1] == edges[2] == sorted(set(edges[0]))
    tops = rows.nth(1).evaluate(
        "(row) => new Set([...row.querySelectorAll('.cell')].map("
        "(cell) => cell.getBoundingClientRect().top)).size"
    )
    assert tops == 1
    assert page.get_by_role("table").get_by_role("columnheader", name="含义").is_visible()


def test_an_answer_in_a_row_is_marked_where_it_stands(page: "Page") -> None:
    ask(page, "红色常亮是什么意思？")
    quoted = page.locator(".passage blockquote").first
    text = "| 红色常亮 | **滤芯**到期 | 更换滤芯 |"
    assert quoted.evaluate("(one) => one.textContent") == text
    columns = quoted.locator(".cell").evaluate_all("(all) => all.map((one) => one.dataset.column)")
    assert columns == ["指示灯", "含义", "处理办法"]
    assert lit(page) == "p3"
    (words,) = page.evaluate(MARKED, "words")
    assert "滤芯**到期" in words
    (sentence,) = page.evaluate(MARKED, "sentence")
    assert words in sentence
    assert sentence in text


def test_a_table_of_a_spreadsheet(browser: "Browser", manual: Server) -> None:
    with opened(browser, f"{manual.url}?d=b.csv") as page:
        ask(page, "二号线的票价是多少？")
        page.locator(".passage .place").first.click()
        assert lit(page) == "p2"
        rows = page.locator("#article .row")
        edges = [rows.nth(number).evaluate(LEFT_EDGES) for number in range(rows.count())]
        assert len(edges) == 3
        assert edges[0] == edges[1] == edges[2]
        assert page.evaluate(SELECTED, "p2").strip() == "线路：二号线；票价：四元；首班：六点半"
        (words,) = page.evaluate(MARKED, "words")
        assert words == "四元"


def test_a_phone_shows_each_value_with_its_column(browser: "Browser", manual: Server) -> None:
    with opened(browser, manual.url, viewport=PHONE) as page:
        page.locator("[data-open]").click()
        cell = page.locator("#p4 .cell").nth(1)
        cell.wait_for()
        content = cell.evaluate("(one) => getComputedStyle(one, '::before').content")
        assert content == '"含义"'
        wide = "() => document.querySelector('#article').scrollWidth - window.innerWidth"
        assert page.evaluate(wide) <= 0
