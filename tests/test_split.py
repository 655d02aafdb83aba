"""Paragraphs: exact offsets, in order, under their headings."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loaders import markdown, plain
from qa.loaders.split import search_context, split
from qa.types import Block, Document, Paragraph

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "",
                "\u3000\u3000新市民是进城务工的人员。",
                "标题",
                "01",
                "新浪首页 语音播报 返回顶部",
                "2022年05月23日 16:52 柒财经",
                "# 一级标题",
                "## 二级 ##",
                "标题行\n===",
                "---",
                "- 甲。",
                "  - 乙。",
                "> 引用。",
                "```",
                "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
                "<div>甲</div>",
                "*斜体*",
                "第一章 开头",
                "这一行写到一半就在中间断开了没有句号结尾所以它看起来像是硬换行的文本",
                "\ufeff\u200b",
                "\u2028",
                "😀",
            ]
        ),
        st.text(max_size=12),
    ),
    max_size=12,
)
TEXTS = st.builds(lambda lines, end: end.join(lines), LINES, st.sampled_from(["\n", "\r\n", "\r"]))


def check_offsets(document: Document) -> None:
    position = 0
    for place, paragraph in enumerate(split(document)):
        assert document.text[paragraph.start : paragraph.end] == paragraph.text
        assert paragraph.text.strip() == paragraph.text != ""
        assert paragraph.start >= position
        assert paragraph.position == place
        position = paragraph.end


@pytest.mark.parametrize("blocks", [plain.blocks, markdown.blocks], ids=["txt", "md"])
@given(text=TEXTS)
def test_offsets_are_exact_ascend_and_never_overlap(
    blocks: Callable[[str], tuple[Block, ...]], text: str
) -> None:
    check_offsets(Document("id", "title", "source", text, blocks(text)))


def test_the_article_has_exact_offsets(article: str) -> None:
    document = Document("id", "title", "article.md", article, markdown.blocks(article))
    assert len(split(document)) > 20
    check_offsets(document)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    return split(Document("id", "题", "source.md", text, markdown.blocks(text)))


def test_a_paragraph_stands_under_the_last_heading_before_it() -> None:
    found = paragraphs("# 题\n\n*2022年5月1日 报社*\n\n开头。\n\n## 一\n\n甲。\n\n## 二\n\n乙。\n")
    assert [(one.kind, one.section, one.text) for one in found] == [
        ("title", "", "题"),
        ("byline", "", "2022年5月1日 报社"),
        ("text", "", "开头。"),
        ("heading", "一", "一"),
        ("text", "一", "甲。"),
        ("heading", "二", "二"),
        ("text", "二", "乙。"),
    ]


def test_only_paragraphs_of_the_text_are_numbered() -> None:
    found = paragraphs("# 题\n\n*2022年5月1日 报社*\n\n开头。\n\n## 一\n\n甲。\n")
    assert [one.number for one in found] == [0, 0, 1, 0, 2]
    assert [one.position for one in found] == [0, 1, 2, 3, 4]


def test_a_paragraph_is_searched_with_its_title_and_section() -> None:
    *_, last = paragraphs("# 题\n\n## 二\n\n乙。\n")
    assert search_context(last) == "题\n二"


def test_a_paragraph_before_the_first_heading_is_searched_with_its_title() -> None:
    assert search_context(paragraphs("# 题\n\n开头。\n")[1]) == "题"
