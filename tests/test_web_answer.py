"""An answer as HTML: the words first, what answers open, the rest folded, nothing interpreted."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.render.phrases import LABELS
from qa.types import Answer, Span
from qa.web.html.answer import answer_html
from qa.web.look import Look
from support.answers import HOSTILE, answered, passage, read, refused

HANS = Look("zh-Hans")
TEXT = "雪山很远。它高4810米，终年积雪。"
SENTENCE = Span(5, 18)
WORDS = Span(7, 12)


def lead(html: str) -> str:
    found = re.search(r'<p class="lead ?(\w*)"[^>]*>([^<]*)</p>', html)
    return "" if found is None else f"{found[1]}:{found[2]}"


def test_the_shortest_answering_words_come_first() -> None:
    html = answer_html(answered(passage(TEXT, SENTENCE, WORDS)), HANS)
    assert lead(html) == "glance:4810米"
    assert html.index('class="lead') < html.index('class="certainty"') < html.index("<section")
    assert "<mark>它高<strong>4810米</strong>，终年积雪。</mark>" in html


def test_without_them_the_sentence_comes_first() -> None:
    html = answer_html(answered(passage(TEXT, SENTENCE)), HANS)
    assert lead(html) == "glance:它高4810米，终年积雪。"


def test_a_long_clause_is_only_marked_where_it_stands() -> None:
    long = "山里的雪" * 8 + "。"
    html = answer_html(answered(passage(f"雪山很远。{long}", Span(5, 5 + len(long)))), HANS)
    assert lead(html) == ""
    assert f"<mark>{long}</mark>" in html


def test_a_passage_that_is_one_sentence_is_not_said_twice() -> None:
    html = answer_html(answered(passage("甲乙丙。", Span(0, 4))), HANS)
    assert lead(html) == ""
    assert 'class="passage whole"' in html


def test_the_number_behind_the_word_for_certainty_is_there_on_demand() -> None:
    html = answer_html(answered(passage(TEXT, SENTENCE), confidence=0.87), HANS)
    (folded,) = re.findall(r'<details class="certainty".*?</details>', html)
    assert "open" not in folded.split(">")[0]
    assert "<strong>确定</strong></summary>" in folded
    assert "<span>把握 87%</span>" in folded


def test_what_also_answers_is_open_and_the_rest_is_folded() -> None:
    first, second, third = passage("甲", answers=True), passage("乙"), passage("丙", answers=True)
    open_part, folded = answer_html(answered(first, second, third), HANS).split(
        '<details class="more"'
    )
    assert "文中还有 1 处也回答了" in open_part
    assert re.findall("<blockquote[^>]*>(.)", open_part) == ["甲", "丙"]
    assert "另外 1 段" in folded
    assert re.findall("<blockquote[^>]*>(.)", folded) == ["乙"]


def test_a_refusal_marks_nothing_and_says_so() -> None:
    nearest = passage("甲乙", Span(0, 2), Span(0, 1), answers=True)
    html = answer_html(refused(nearest, passage("丙", answers=True)), HANS)
    assert not {"mark", "strong"} & {tag for tag, _ in read(html).elements}
    assert lead(html) == ""
    assert "没有一段回答了这个问题。" in html
    assert LABELS["zh-Hans"].nearest in html
    assert "另外 1 段（同样没有回答）" in html
    assert "data-start" not in html


def test_a_passage_carries_its_place_and_its_marks() -> None:
    html = answer_html(answered(passage(TEXT, SENTENCE, WORDS)), Look("en", with_title=True))
    (section,) = (given for tag, given in read(html).elements if tag == "section")
    assert section["data-paragraph"] == "p12"
    assert section["data-cite"] == "题目 · Paragraph 12 · 第一节"
    assert [section[f"data-{name}"] for name in ("start", "end", "from", "to")] == [
        "5",
        "18",
        "7",
        "12",
    ]
    assert '<a class="place" data-keep="place0" href="?d=a.md&amp;p=12"' in html


def test_nobody_is_asked_for_a_judgement_that_nobody_wants() -> None:
    html = answer_html(answered(passage(TEXT)), HANS)
    assert "data-vote" not in html
    assert "data-right" not in html


@pytest.mark.parametrize(
    ("liked", "right", "shown", "gone"),
    [
        (None, None, ["data-vote", "data-right"], ["judged"]),
        (True, None, ["谢谢，已记下。", "data-right"], ["data-vote"]),
        (False, None, ["答案在哪一段", "choosing", "文中其实没有回答"], ["data-vote"]),
        (False, -1, ["谢谢，已记下。"], ["data-vote", "data-right"]),
        (False, 0, ["谢谢，已记下。", "已记为正确段落"], ["data-vote", "data-right"]),
    ],
)
def test_judging_is_offered_once(
    liked: bool | None, right: int | None, shown: list[str], gone: list[str]
) -> None:
    look = Look("zh-Hans", judged=frozenset({"a.md"}), liked=liked, right=right)
    html = answer_html(answered(passage(TEXT)), look)
    assert all(text in html for text in shown)
    assert not any(text in html for text in gone)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_every_character_of_a_passage_is_shown(text: str) -> None:
    reader = read(answer_html(answered(passage(text, Span(0, 3))), Look("en")))
    assert "".join(reader.texts["blockquote"]) == text


def test_no_element_is_made_of_article_question_or_title() -> None:
    look = Look("en", with_title=True, judged=frozenset({HOSTILE, "a.md"}))
    found = passage(HOSTILE, Span(3, 20), Span(5, 9), document_id=HOSTILE, section=HOSTILE)
    harmless = passage("甲" * 30, Span(3, 20), Span(5, 9))
    expected = {tag for tag, _ in read(answer_html(answered(harmless), look)).elements}
    reader = read(answer_html(answered(found, question=HOSTILE), look))
    assert {tag for tag, _ in reader.elements} == expected
    attributes = {name for _, found_attributes in reader.elements for name in found_attributes}
    assert not {name for name in attributes if name.startswith("on")}
    section = next(given for tag, given in reader.elements if tag == "section")
    assert section["data-document"] == HOSTILE


def test_where_else_a_passage_stands_is_named_and_escaped() -> None:
    first = passage(TEXT, SENTENCE)
    other = replace(first.paragraph, document_id="乙", title="<b>晚报</b>", position=0, number=1)
    assert "elsewhere" not in answer_html(answered(first), HANS)
    html = answer_html(answered(replace(first, also_in=(other,))), HANS)
    assert '<p class="elsewhere">另见：&lt;b&gt;晚报&lt;/b&gt; · 第 1 段' in html


def test_where_nothing_was_asked_it_is_not_said_that_the_article_does_not_say() -> None:
    html = answer_html(Answer("？！", False, 0.0, asked="？！", kind="blank"), Look("en"))
    assert "There is no question" in html
    assert LABELS["en"].absent not in html


def test_a_refusal_is_in_one_language() -> None:
    refusal = Answer("行长是谁?", False, 0.1, asked="行长是谁?", missing=("行长",))
    html = answer_html(refusal, Look("en"))
    assert LABELS["en"].absent in html
    assert "does not mention “行长”" in html
    assert "文中" not in html
