"""Tables: each value with the name of its column, in every kind of file."""

import pytest

from qa import loaders
from qa.loaders import markdown
from qa.loaders.rows import as_read
from qa.loaders.split import search_context, split
from qa.loaders.table import Cell, expand, row_texts
from qa.render.formats import place
from qa.render.phrases import LABELS
from qa.types import Document, Paragraph, Span

INCOME: list[list[Cell]] = [
    ["产品", "2024年收入", "2025年收入"],
    ["遵义红", "1.2亿元", "1.5亿元"],
    ["湄潭翠芽", "3.4亿元", "3.1亿元"],
]


def test_every_value_has_the_name_of_its_column() -> None:
    assert row_texts(INCOME) == [
        "产品：遵义红；2024年收入：1.2亿元；2025年收入：1.5亿元",
        "产品：湄潭翠芽；2024年收入：3.4亿元；2025年收入：3.1亿元",
    ]


def test_a_line_across_the_table_is_its_title_or_a_group() -> None:
    rows: list[list[Cell]] = [["各茶收入", None, None], *INCOME, ["合计", None, None]]
    found = row_texts(rows)
    assert found[0] == "各茶收入"
    assert found[1].endswith("2025年收入：1.5亿元")
    assert found[-1] == "合计"


def test_two_rows_of_names_are_one_name_a_column() -> None:
    rows = expand(
        [
            [("路线", 1, 2), ("票价", 2, 1)],
            [("平日", 1, 1), ("假日", 1, 1)],
            [("一号线", 1, 2), ("4元", 1, 1), ("5元", 1, 1)],
            [("6元", 1, 1), ("8元", 1, 1)],
        ]
    )
    assert row_texts(rows) == [
        "路线：一号线；票价 平日：4元；票价 假日：5元",
        "路线：一号线；票价 平日：6元；票价 假日：8元",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["姓名", "张三"], ["民族", "汉族"]],
        [["电话：", "0851-1234"], ["地址：", "学府路5号"]],
        [["头班", "6:00"], ["末班", "21:00"]],
        [["2.5", "3.1", "4.0"], ["2.6", "3.3", "4.1"]],
    ],
)
def test_values_are_no_names_of_columns(rows: list[list[Cell]]) -> None:
    assert row_texts(rows) == [" | ".join(filter(None, row)) for row in rows]


def test_two_columns_are_named_by_what_columns_are_called_or_by_figures_below() -> None:
    assert row_texts([["灯的颜色", "含义"], ["红", "缺水"]]) == ["灯的颜色：红；含义：缺水"]
    rows: list[list[Cell]] = [["村", "户"], ["坪上", "32"], ["河口", "27"]]
    assert row_texts(rows)[0] == "村：坪上；户：32"


def test_an_empty_cell_says_nothing_and_an_unused_name_is_kept() -> None:
    rows: list[list[Cell]] = [["渡口", "班次", "备注"], ["东渡", "", ""], ["西渡", "8班", ""]]
    assert row_texts(rows) == ["渡口 | 班次 | 备注", "渡口：东渡", "渡口：西渡；班次：8班"]


def test_english_has_english_signs() -> None:
    assert row_texts([["Pier", "Boats", "Fare"], ["East", "4", "$2"]]) == [
        "Pier: East; Boats: 4; Fare: $2"
    ]


def test_cells_that_claim_to_reach_far_are_bounded() -> None:
    rows = expand([[("甲", 10**9, 10**9)]] * 50)
    assert max(map(len, rows)) <= 1_000


# Rows that stand in the text as they were written

WRITTEN = """# 茶厂年报

## 收入

| 产品 | 2024年收入 | 2025年收入 |
|:-----|-----------:|-----------:|
| 遵义红 | 1.2亿元 | 1.5亿元 |
| 湄潭翠芽 | | 3.1亿元 |

两样茶都卖得好。
"""


def of_markdown(text: str) -> list[Paragraph]:
    return list(split(Document("a", "a", "a", text, markdown.blocks(text))))


def test_a_row_of_markdown_is_read_with_its_columns_and_stays_as_it_is_written() -> None:
    *_, red, green, last = of_markdown(WRITTEN)
    assert red.text == WRITTEN[red.start : red.end] == "| 遵义红 | 1.2亿元 | 1.5亿元 |"
    assert as_read(red).text == "产品：遵义红；2024年收入：1.2亿元；2025年收入：1.5亿元"
    assert as_read(green).text == "产品：湄潭翠芽；2025年收入：3.1亿元"
    assert as_read(last).text == last.text == "两样茶都卖得好。"
    assert "2025年收入" in search_context(red)
    assert place(red, LABELS["zh-Hans"]) == "第 2 段 · 收入 · 产品 | 2024年收入 | 2025年收入"


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("1.5亿元", "1.5亿元"),
        ("2025年收入：1.5亿元", "1.5亿元"),
        ("1.5", "1.5"),
        ("遵义红", "遵义红"),
    ],
)
def test_words_found_in_a_row_are_marked_in_the_row_as_it_is_written(
    read: str, written: str
) -> None:
    red = of_markdown(WRITTEN)[-3]
    pieces = as_read(red)
    start = pieces.text.index(read)
    assert pieces.original(Span(start, start + len(read))).of(red.text) == written


def test_cells_between_tabs_are_read_with_the_words_above_their_figures() -> None:
    text = "茶厂年报说明。\n\n产品\t产量\n遵义红\t32吨\n湄潭翠芽\t57吨\n\n完。"
    found = split(loaders.from_text("年报", text))
    assert [as_read(one).text for one in found[-4:]] == [
        "产品\t产量",
        "产品：遵义红；产量：32吨",
        "产品：湄潭翠芽；产量：57吨",
        "完。",
    ]


@pytest.mark.parametrize(
    "text", ["甲|乙\n丙|丁", "甲\t乙\n丙\t丁", "甲。\n---\n乙|丙。", "| 甲 |\n\n| 乙 |"]
)
def test_other_lines_with_bars_and_tabs_have_no_columns(text: str) -> None:
    assert not any(one.header for one in split(loaders.from_text("a", text)))
