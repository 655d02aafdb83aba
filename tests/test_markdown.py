"""Blocks of Markdown: headings, lists, tables, code, front matter; nothing lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.loaders import markdown
from support.layouts import OTHER_LINES, SENTENCES, assert_no_sentence_is_lost, shown


def of_markdown(text: str) -> list[tuple[str, str]]:
    return shown(text, markdown.blocks(text))


@given(st.lists(st.one_of(SENTENCES, OTHER_LINES), max_size=10).map("\n".join))
@example("---\n 第一。\n 第二。\n---")
def test_no_sentence_of_a_markdown_text_is_lost(text: str) -> None:
    assert_no_sentence_is_lost(text, of_markdown(text))


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_markdown_layout(end: str) -> None:
    text = end.join(
        [
            "---",
            "layout: page",
            "tags: [a, b]",
            "---",
            "# 一个题目 #",
            "",
            "*2022年05月23日 16:52 柒财经*",
            "",
            "第一段。",
            "",
            "小节甲",
            "------",
            "",
            "- 条目一",
            "- 条目二",
            "  1. 里面",
            "",
            "> 引用的话。",
            "",
            "### 小节乙",
            "",
            "**粗**的 `码` 和 [链](http://example.com)。",
        ]
    )
    assert of_markdown(text) == [
        ("title", "一个题目"),
        ("byline", "2022年05月23日 16:52 柒财经"),
        ("text", "第一段。"),
        ("heading", "小节甲"),
        ("text", "条目一"),
        ("text", "条目二"),
        ("text", "1. 里面"),
        ("text", "引用的话。"),
        ("heading", "小节乙"),
        ("text", "**粗**的 `码` 和 [链](http://example.com)。"),
    ]


def test_heading_levels() -> None:
    text = "题\n===\n\n## 二\n\n甲。\n\n乙\n---\n"
    assert [(block.kind, block.level) for block in markdown.blocks(text)] == [
        ("title", 0),
        ("heading", 2),
        ("text", 0),
        ("heading", 2),
    ]


def test_a_table_gives_its_rows_and_no_rule() -> None:
    assert of_markdown("| 甲 | 乙 |\n| --- | --- |\n| 丙 | 丁 |\n") == [
        ("text", "| 甲 | 乙 |"),
        ("text", "| 丙 | 丁 |"),
    ]


def test_a_code_fence_is_one_paragraph_without_its_fence() -> None:
    assert of_markdown("```python\nx = '# 甲'\ny = 2\n```\n\n乙。") == [
        ("text", "x = '# 甲'\ny = 2"),
        ("text", "乙。"),
    ]


def test_a_code_fence_that_is_never_closed_loses_no_line() -> None:
    assert of_markdown("```\n甲。\n乙。") == [("text", "甲。\n乙。")]


def test_html_stays_as_it_is_written() -> None:
    assert of_markdown("<div>\n<b>甲</b>&amp;\n</div>\n\n乙 <i>丙</i> &lt;。") == [
        ("text", "<div>\n<b>甲</b>&amp;\n</div>"),
        ("text", "乙 <i>丙</i> &lt;。"),
    ]


def test_a_row_of_very_many_cells_is_text() -> None:
    row = "|甲" * 2_000
    assert of_markdown(f"{row}\n{'|-' * 2_000}\n") == [("text", f"{row}\n{'|-' * 2_000}")]


def test_a_note_in_the_form_of_a_link_definition_is_kept() -> None:
    assert "数据来自年报。" in "".join(
        block for _, block in of_markdown("甲。\n\n[注]: 数据来自年报。")
    )


def test_text_between_two_rules_at_the_start_is_no_front_matter() -> None:
    assert ("text", "第一段说了很多。") in of_markdown("---\n\n第一段说了很多。\n\n---\n\n第二段。")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_front_matter_without_its_end_is_text_and_read_at_once(end: str) -> None:
    lines = [f"第{number}条: 这是一句话。" for number in range(200)]
    read = "".join(
        text for _, text in of_markdown(end.join(["---", *(f"a{one}" for one in lines)]))
    )
    assert all(one in read for one in lines)
    assert of_markdown(end.join(["---", "a: b", "c: d", "---", "甲。"])) == [("text", "甲。")]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("# 题 #", "题"),
        ("# 题 ##  ", "题"),
        ("# 题#", "题#"),
        ("# 题 \\#", "题 \\#"),
        ("# C# #", "C#"),
    ],
)
def test_hashes_that_close_a_heading_are_not_shown(line: str, heading: str) -> None:
    assert of_markdown(f"{line}\n\n甲。") == [("title", heading), ("text", "甲。")]


def test_a_heading_with_very_many_blanks_is_read_at_once() -> None:
    line = f"题{' ' * 1_000_000}目"
    assert of_markdown(f"# {line}\n") == [("title", line)]


def test_a_wrapped_markdown_paragraph_is_one_and_sentence_lines_are_several() -> None:
    assert of_markdown("甲在\n第二行。\n\n丙。\n丁。") == [
        ("text", "甲在\n第二行。"),
        ("text", "丙。"),
        ("text", "丁。"),
    ]
