"""Blocks of plain text: paragraphs of every style, titles, bylines, headings; nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loaders import plain
from support.layouts import OTHER_LINES, SENTENCES, assert_no_sentence_is_lost, shown


def of_plain(text: str) -> list[tuple[str, str]]:
    return shown(text, plain.blocks(text))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("gap", [1, 2, 3], ids=["lines", "blank", "blanks"])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000", "    ", "\t"])
def test_paragraph_styles_give_the_same_blocks(end: str, gap: int, indent: str) -> None:
    lines = ["一个题目", "第一段的内容在这里。", "第二段也有它自己的内容。"]
    assert of_plain((end * gap).join(indent + line for line in lines)) == [
        ("title", "一个题目"),
        ("text", "第一段的内容在这里。"),
        ("text", "第二段也有它自己的内容。"),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    first = (
        "新市民是指因本人创业就业、子女上学、投靠\n"
        "子女等原因来到城镇常住,未获得当地户籍或\n"
        "获得当地户籍不满三年的各类群体,包括进城\n"
        "务工人员、新就业大中专毕业生等。"
    )
    second = (
        "消费金融所具备的小额分散优势,与新市民工\n"
        "作生活涉及的消费场景紧密关联,是一种近距\n"
        "离触达新市民的新金融业态。"
    )
    assert of_plain(f"{first}\n\n{second}\n") == [("text", first), ("text", second)]
    indented = f"\u3000\u3000{first}\n\u3000\u3000{second}"
    assert of_plain(indented) == [("text", first), ("text", second)]


@pytest.mark.parametrize(
    "byline",
    [
        "2022年05月23日 16:52 柒财经",
        "2022-05-23",
        "来源:柒财经",
        "作者：张三",
        "By: Jane Doe",
        "May 23, 2022 Example News",
        "By Jane Doe",
        "by JANE DOE and Li Ming, Example News",
        "Written by the Editors",
        "By Jane Doe, 23 May 2022",
        "Published 3rd Sept 2022",
    ],
)
def test_the_line_of_date_and_source_below_the_title(byline: str) -> None:
    assert of_plain(f"一个题目\n{byline}\n\n内容在这里。") == [
        ("title", "一个题目"),
        ("byline", byline),
        ("text", "内容在这里。"),
    ]


def test_a_line_that_only_begins_like_a_byline_is_none() -> None:
    found = of_plain(f"The Ferry\nBy train and by boat\n\n{'It takes an hour to cross. ' * 3}")
    assert ("byline", "By train and by boat") not in found


def test_a_sentence_with_a_date_is_no_byline() -> None:
    found = of_plain("一个题目\n2022年5月23日,通知发布了。\n后来又有了很多新的变化和发展。")
    assert ("text", "2022年5月23日,通知发布了。") in found


def test_numbered_headings_and_bare_section_numbers() -> None:
    body = "这一段有足够多的内容,所以在它上面的短行是一个小标题而不是别的什么东西,读者也这样看。"
    found = of_plain(f"一个题目\n{body}\n一、开头\n{body}\n02\n中间部分\n{body}")
    assert [text for kind, text in found if kind == "heading"] == ["一、开头", "中间部分"]
    assert "02" not in [text for _, text in found]


@pytest.mark.parametrize("title", ["中小学", "大中小企业"])
def test_a_title_of_everyday_words_is_no_navigation(title: str) -> None:
    assert of_plain(f"{title}\n\n这是第一段的内容,比题目长。\n")[0] == ("title", title)


def test_what_stands_between_two_titles_is_kept() -> None:
    found = of_plain("一个题目\n第一句话在这里。\n一个题目\n第二句话在这里。")
    assert ("text", "第一句话在这里。") in found


def test_a_text_of_one_line_is_a_paragraph() -> None:
    assert of_plain("微乐贷") == [("text", "微乐贷")]


def test_a_page_of_nothing_but_navigation_words_is_kept() -> None:
    assert of_plain("新浪首页 语音播报 返回顶部")[0][1] == "新浪首页 语音播报 返回顶部"


@given(st.lists(st.one_of(SENTENCES, OTHER_LINES), max_size=10).map("\n".join))
def test_no_sentence_of_a_plain_text_is_lost(text: str) -> None:
    assert_no_sentence_is_lost(text, of_plain(text))
