"""Text shown as what its marks mean: each character stays, in its order, and is only text."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import loaders
from qa.loaders.rows import cells_of, labelled
from qa.loaders.split import split
from qa.render.emphasis import stretches
from qa.render.markup import Layout, marked_html, part_html
from qa.types import Paragraph, Passage, Span
from support.answers import HOSTILE, passage, read

MANUAL = """# 净水器

**滤芯**每[半年](https://example.com/a_(b))换一次，按`复位`键；见![接口图](a.png)。

| 灯 | 含义 | 处理 |
|---|:-:|---|
| 红色常亮 | **滤芯**到期 | 更换 |
| 黄灯 |  | 关\\|开 |

```
x = **y**
```

下一段 `a` 和 **b**。
"""
CSV = "产品,2024年,2025年\n遵义红,1.2亿元,1.5亿元\n都匀毛尖,,3亿元\n"


def shown(folder: Path, name: str, text: str) -> tuple[str, list[Paragraph]]:
    """Return the paragraphs of a file as the article shows them, and themselves."""
    (folder / name).write_text(text, encoding="utf-8")
    document = loaders.load_file(folder / name)
    paragraphs = split(document)
    layout = Layout(document, paragraphs)
    return "".join(layout.paragraph(one, "p", "") for one in paragraphs), list(paragraphs)


def meanings(text: str) -> list[tuple[str, str]]:
    """Return what each stretch means that is no mark."""
    found = sorted(stretches(text), key=lambda one: one.span)
    return [(one.meaning, one.span.of(text)) for one in found if one.meaning != "mark"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**三万元**以内", [("strong", "三万元")]),
        # CommonMark sees none beside Chinese punctuation; a reader does.
        ("**“要点”**的后面", [("strong", "“要点”")]),
        ("*斜*和 _斜_", [("emphasis", "斜"), ("emphasis", "斜")]),
        ("***都***", [("strong", "都"), ("emphasis", "都")]),
        ("~~作废~~", [("struck", "作废")]),
        ("按`复位 **x**`键", [("code", "复位 **x**")]),
        ("``a`b``", [("code", "a`b")]),
        ('[半年](http://a.b/c_(d) "题")', [("link", "半年"), ("address", 'http://a.b/c_(d) "题"')]),
        ("![图](a.png)", [("picture", "图"), ("address", "a.png")]),
        (
            "[![图](a.png)](b)",
            [("link", "![图](a.png)"), ("picture", "图"), ("address", "a.png"), ("address", "b")],
        ),
        ("<https://a.b/c>", [("link", "https://a.b/c")]),
        ("\\*不斜\\*", [("address", "\\"), ("address", "\\")]),
        ("长5*8*10厘米", []),
        ("snake_case_name 和 2 * 3 * 4", []),
        ("**没有完", []),
        ("[没有](完", []),
        ("见[注]和[1]", []),
    ],
)
def test_what_marks_mean(text: str, expected: list[tuple[str, str]]) -> None:
    assert meanings(text) == expected


MARKS = st.text(st.sampled_from("甲a *_`~[]()!<>\\|\n：；。1:/"), max_size=40)
PLACES = st.tuples(st.integers(0, 45), st.integers(0, 45)).map(lambda pair: Span(*sorted(pair)))


@given(MARKS, PLACES, PLACES, st.sampled_from(["a.md", "a.html", "a.txt"]), MARKS)
def test_no_character_is_lost_or_moved(
    text: str, highlight: Span, answer: Span, source: str, header: str
) -> None:
    paragraph = Paragraph("a", "a", source, "", 0, 0, len(text), text, header=header)
    html = marked_html(Passage(paragraph, 1.0, highlight, answer))
    assert "".join(read(f"<q>{html}</q>").texts["q"]) == text
    part = read(f"<q>{part_html(paragraph, highlight)}</q>").texts["q"][0]
    assert part == text[highlight.start : highlight.end]


def test_the_sentence_and_its_words_are_marked_in_what_they_mean() -> None:
    html = marked_html(passage("甲。乙丙丁。", Span(2, 6), Span(3, 4)))
    assert html == "甲。<mark>乙<strong>丙</strong>丁。</mark>"
    html = marked_html(passage("甲**乙丙**。", Span(0, 8), Span(3, 4)))
    assert html == (
        '<mark>甲<span class="mark">**</span><strong><span class="strong">乙</span></strong>'
        '<span class="strong">丙</span><span class="mark">**</span>。</mark>'
    )


def test_a_text_is_never_html_and_no_link_leads_away() -> None:
    found = read(f"<q>{marked_html(passage(HOSTILE, Span(0, 40)))}</q>")
    assert {tag for tag, _ in found.elements} == {"q", "mark", "span"}
    assert {name for _, attributes in found.elements for name in attributes} == {"class"}


def test_rows_of_markdown_are_a_table(tmp_path: Path) -> None:
    html, paragraphs = shown(tmp_path, "manual.md", MANUAL)
    assert html.count('role="table"') == 1
    assert html.count('role="row"') == 3
    (table,) = re.findall('<div class="table".*?</div>', html)
    assert [one.strip() for one in re.findall('role="columnheader"[^>]*>([^<]*)', table)] == [
        "灯", "含义", "处理",
    ]  # fmt: skip
    assert 'data-column="含义"' in table
    shares = re.findall("(?:--share|--skip):([0-9.]+)%", table)
    assert sum(map(float, shares)) == pytest.approx(300, abs=1)
    texts = read(html.replace("<p ", "<q ").replace("</p>", "</q>")).texts["q"]
    assert texts == [one.text for one in paragraphs]


def test_code_between_fences_is_code_and_nothing_else(tmp_path: Path) -> None:
    html, _ = shown(tmp_path, "manual.md", MANUAL)
    assert '<span class="code">x = **y**</span>' in html
    assert '<span class="code">a</span>' in html
    assert '<span class="strong">b</span>' in html


def test_marks_mean_nothing_in_other_kinds_of_files(tmp_path: Path) -> None:
    html, _ = shown(tmp_path, "a.txt", "**滤芯**每半年换一次，按`复位`键。\n")
    assert "<span" not in html


def test_rows_with_the_names_of_their_columns_are_a_table(tmp_path: Path) -> None:
    html, paragraphs = shown(tmp_path, "sales.csv", CSV)
    rows = html.split("<p ")[1:]
    assert [row.count('class="cell"') for row in rows] == [3, 2]
    assert ["heads" in row for row in rows] == [True, False]
    assert '<span class="name">2025年：</span>1.5亿元' in rows[0]
    # The cell that is missing leaves its column free.
    assert "--skip:" in rows[1]
    assert "--skip:" not in rows[0]
    assert "".join(read(f"<q>{html}</q>").texts["q"]) == "".join(one.text for one in paragraphs)
    alone = marked_html(Passage(paragraphs[-1], 1.0))
    assert alone.count('class="cell"') == 2


def test_a_sentence_with_colons_is_no_row(tmp_path: Path) -> None:
    text = "他说：今天不开船；船长说：明天开。"
    html, _ = shown(tmp_path, "a.txt", f"渡口\n\n{text}\n\n{text}\n")
    assert "cell" not in html


def test_many_columns_run_on(tmp_path: Path) -> None:
    names = ",".join(f"第{n}项" for n in range(9))
    values = ",".join(f"{n}吨" for n in range(9))
    html, _ = shown(tmp_path, "a.csv", f"{names}\n{values}\n{values}\n")
    assert 'role="table"' not in html
    assert html.count('class="cell"') == 18


@given(
    st.lists(
        st.tuples(st.text("甲乙丙", min_size=1, max_size=4), st.text("一二。", min_size=1)),
        min_size=2,
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_labelled_values_are_found_again(pairs: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, labelled([name for name, _ in pairs], [one for _, one in pairs])))
    paragraph = Paragraph("a", "a", "a.csv", "", 0, 0, len(text), text)
    cells = cells_of(paragraph, as_written=False)
    found = [(one.column, text[one.named.end : one.span.end].removesuffix("；")) for one in cells]
    assert found == pairs
