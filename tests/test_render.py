"""Answers as text, Markdown and HTML: verbatim, marked, and never interpreted."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.render.formats import (
    SURE,
    certainty,
    elsewhere,
    escape_html,
    escape_markdown,
    paragraph_anchor,
    place,
    printable,
    segments,
    to_markdown,
    to_text,
)
from qa.render.phrases import LABELS
from qa.types import Answer, Span
from support.answers import HOSTILE, answered, passage, read, refused


@pytest.mark.parametrize(
    ("confidence", "expected"), [(1.0, "sure"), (SURE, "sure"), (SURE - 0.01, "unsure")]
)
def test_certainty_of_an_answer(confidence: float, expected: str) -> None:
    assert certainty(answered(passage("甲"), confidence=confidence)) == expected


def test_certainty_of_a_refusal_is_absent_whatever_the_number() -> None:
    assert certainty(Answer("谁?", False, 0.99)) == "absent"


def test_place_counts_from_one_and_names_the_section() -> None:
    paragraph = passage("甲").paragraph
    assert place(paragraph, LABELS["zh-Hans"]) == "第 12 段 · 第一节"
    assert place(paragraph, LABELS["en"], with_title=True) == "题目 · Paragraph 12 · 第一节"


def test_what_has_no_number_is_named_as_what_it_is() -> None:
    heading = replace(passage("一").paragraph, kind="heading", number=0, page=3)
    assert place(heading, LABELS["zh-Hans"]) == "第 3 页 · 小标题"
    assert paragraph_anchor(heading) == "l12"


def test_where_else_a_passage_stands_is_named() -> None:
    first = passage("甲")
    same = replace(first.paragraph, position=13, number=14, section="")
    other = replace(first.paragraph, document_id="乙", title="<b>晚报</b>", position=0, number=1)
    copied = replace(first, also_in=(same, other))
    assert elsewhere(first, LABELS["en"]) == ""
    assert (
        elsewhere(copied, LABELS["en"])
        == "Also in: Paragraph 14; <b>晚报</b> · Paragraph 1 · 第一节"
    )
    assert to_text(answered(copied)).endswith("另见：第 14 段; <b>晚报</b> · 第 1 段 · 第一节")
    shown = MarkdownIt("commonmark").render(to_markdown(answered(copied)))
    assert "另见：第 14 段; &lt;b&gt;晚报&lt;/b&gt; · 第 1 段 · 第一节" in shown


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(*sorted(pair)))


@given(st.text(max_size=25), st.none() | spans, st.none() | spans)
def test_segments_lose_no_character(text: str, highlight: Span | None, answer: Span | None) -> None:
    assert "".join(one.text for one in segments(passage(text, highlight, answer))) == text


def test_segments_by_hand() -> None:
    cut = segments(passage("甲乙丙丁戊", Span(1, 4), Span(2, 3)))
    assert [(one.text, one.strength) for one in cut] == [
        ("甲", 0),
        ("乙", 1),
        ("丙", 2),
        ("丁", 1),
        ("戊", 0),
    ]


def test_html_keeps_a_carriage_return() -> None:
    assert escape_html("a\r\nb") == "a&#13;\nb"


MARKDOWN = [
    MarkdownIt("commonmark"),
    MarkdownIt("commonmark").enable(["table", "strikethrough"]),
]


@pytest.mark.parametrize("markdown", MARKDOWN)
@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "# 不是标题",
        "1. 不是列表",
        "2022) 不是列表",
        "- 不是列表",
        "+ 不是列表",
        "* 不是列表",
        "> 不是引用",
        "---",
        "***",
        "===",
        "    不是代码",
        "\t不是代码",
        "　　全角缩进",
        "```\n不是代码\n```",
        "一行\n另一行\n\n空行之后",
        "|a|b|\n|-|-|\n|1|2|",
        "<b>x</b>&lt;&#42;",
        "末尾两格  \n第二行",
        "反斜线\\\n第二行",
        "[^1] :smile: <http://a.b> a@b.c",
        "3*4*5 = 60, 5_6_7",
    ],
)
def test_markdown_round_trip(markdown: MarkdownIt, text: str) -> None:
    reader = read(markdown.render(escape_markdown(text)))
    assert {tag for tag, _ in reader.elements} <= {"p", "br"}
    # The parser ends a paragraph with a line feed of its own.
    assert reader.texts["p"] == [text]


@given(st.text(alphabet="ab甲 *_`#<>&\\[]()!|~$-+=.1:\"'{}^@\n", min_size=1, max_size=40))
def test_markdown_makes_no_element_but_paragraphs_and_breaks(text: str) -> None:
    reader = read(MARKDOWN[1].render(escape_markdown(text)))
    assert {tag for tag, _ in reader.elements} <= {"p", "br"}
    assert "".join("".join(reader.texts.get("p", [])).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("blanks", "references"),
    [(" ", "&#32;"), ("\u3000 ", "&#12288;&#32;"), ("\x0b", "\x0b"), ("\x85 ", "\x85&#32;")],
)
def test_blanks_at_the_edges_of_a_line_are_kept_and_others_left_alone(
    blanks: str, references: str
) -> None:
    assert escape_markdown(f"{blanks}甲{blanks}乙{blanks}") == (
        f"{references}甲{blanks}乙{references}"
    )
    assert escape_markdown(blanks) == references


def test_very_many_blanks_in_a_line_are_written_at_once() -> None:
    line = f"甲{' ' * 1_000_000}乙"
    assert escape_markdown(line) == line


def test_markdown_of_an_answer() -> None:
    found = passage("甲*乙*丙。", Span(0, 6), Span(1, 4))
    assert to_markdown(answered(found, question="谁*?")) == (
        "### 谁\\*?\n\n"
        "**确定** (把握 90%)\n\n"
        "> <mark>甲<strong>\\*乙\\*</strong>丙。</mark>\n>\n> — 第 12 段 · 第一节\n"
    )


def test_markdown_of_hostile_answer_is_harmless() -> None:
    found = passage(HOSTILE, Span(3, 20), section=HOSTILE)
    reader = read(MARKDOWN[1].render(to_markdown(answered(found, question=HOSTILE))))
    assert {tag for tag, _ in reader.elements} == {"h3", "p", "strong", "blockquote", "mark"}
    assert reader.texts["h3"] == [HOSTILE]


def test_text_is_verbatim_and_says_where() -> None:
    shown = to_text(answered(passage("甲乙\n丙"), passage("丁")))
    assert shown == "确定 (把握 90%)\n\n1. 第 12 段 · 第一节\n甲乙\n丙\n\n2. 第 12 段 · 第一节\n丁"


def test_text_shows_k_passages() -> None:
    assert "丁" not in to_text(answered(passage("甲"), passage("丁")), k=1)


def test_text_of_a_refusal() -> None:
    shown = to_text(refused(passage("甲")))
    assert shown.startswith(
        "文中没有提到\n\n没有提到。\n\n下面是最接近的段落，它们并没有回答这个问题:\n"
    )


def test_text_names_documents_when_there_are_several() -> None:
    assert "题目" not in to_text(answered(passage("甲"), passage("乙")))
    assert "题目" in to_text(answered(passage("甲"), passage("乙", document_id="b.md")))


def test_text_in_the_language_of_the_question() -> None:
    assert to_text(answered(passage("甲"), question="Who is it?")).startswith("Sure (confidence")
    assert to_text(answered(passage("甲"), question="誰說的?")).startswith("確定")


def test_text_in_colour() -> None:
    shown = to_text(answered(passage("甲乙丙", Span(0, 2), Span(1, 2))), color=True)
    assert "\x1b[33m甲\x1b[0m\x1b[1;33m乙\x1b[0m丙" in shown


def test_text_commands_no_terminal() -> None:
    shown = to_text(answered(passage("甲\x1b[2J\x07\x9b乙\x7f", section="\x1b]0;x\x07")))
    assert not {character for character in shown if character != "\n" and character < " "}
    assert "\x7f" not in shown
    assert "\x9b" not in shown
    assert "甲␛[2J␇�乙␡" in shown
    assert printable("行\n\t列") == "行\n\t列"
