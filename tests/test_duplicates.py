"""Paragraphs that repeat each other are folded, those that only look alike are not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.duplicates import Kept, fold_duplicates
from qa.types import BlockKind, Paragraph
from support.models import BotMaker

LONG = "青禾科技的禾苗贷面向种植户,单户平均额度为3.2万元,年化利率9.6%,最长可以分18期归还。"


def paragraph(text: str, document: str = "甲", kind: BlockKind = "text") -> Paragraph:
    return Paragraph(document, document, document, "", 0, 0, len(text), text, kind)


@pytest.mark.parametrize(
    "copy",
    [
        LONG,
        "最长可以分18期归还",
        "青禾科技的禾苗贷，面向种植户；单户平均额度为３.２万元。",
        "青禾科技的禾苗貸面向種植戶,單戶平均額度為3.2萬元",
    ],
)
@pytest.mark.parametrize("document", ["甲", "乙"])
def test_what_says_no_more_is_folded(copy: str, document: str) -> None:
    ranked = [paragraph(LONG), paragraph("别的事情。"), paragraph(copy, document)]
    assert fold_duplicates(ranked) == [Kept(0, (2,)), Kept(1)]


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("9.6", "9.8"),
        LONG.replace("18", "24"),
        LONG.replace("青禾科技的禾苗贷", "石榴金服的石榴红"),
        LONG + "陆一鸣说,公司不收抵押物,因为种植户的农机大多是租来的。",
    ],
)
@pytest.mark.parametrize("document", ["甲", "乙"])
def test_what_says_something_else_or_more_is_kept(other: str, document: str) -> None:
    ranked = [paragraph(LONG), paragraph(other, document)]
    assert fold_duplicates(ranked) == [Kept(0), Kept(1)]


def test_an_edited_copy_is_folded_only_in_another_document() -> None:
    # 长 becomes 多: 2 pairs of over 30 differ, fewer than one in ten.
    edited = LONG.replace("最长可以", "最多可以")
    assert fold_duplicates([paragraph(LONG), paragraph(edited, "乙")]) == [Kept(0, (1,))]
    assert fold_duplicates([paragraph(LONG), paragraph(edited, "甲")]) == [Kept(0), Kept(1)]


def test_latin_words_are_compared_whole() -> None:
    ranked = [
        paragraph("The Quill 2 weighs 340 grams and runs for three weeks on one charge."),
        paragraph("The Slate 2 weighs 340 grams and runs for three weeks on one charge.", "乙"),
        paragraph("the quill 2 weighs 340 grams", "乙"),
    ]
    assert fold_duplicates(ranked) == [Kept(0, (2,)), Kept(1)]


def test_a_heading_is_no_copy_of_a_text() -> None:
    ranked = [paragraph(LONG), paragraph("青禾科技", kind="heading")]
    assert fold_duplicates(ranked) == [Kept(0), Kept(1)]


def test_the_best_one_is_kept_with_all_its_copies() -> None:
    ranked = [paragraph("甲乙丙丁。", name) for name in "一二三"]
    assert fold_duplicates(ranked) == [Kept(0, (1, 2))]
    assert fold_duplicates([]) == []
    assert fold_duplicates([paragraph(""), paragraph("甲")]) == [Kept(0), Kept(1)]


TEXTS = st.lists(st.text(alphabet="甲乙丙的1a。", max_size=6), max_size=6)


@given(TEXTS)
def test_every_paragraph_is_kept_or_named_once(texts: list[str]) -> None:
    kept = fold_duplicates([paragraph(text) for text in texts])
    named = [place for one in kept for place in (one.place, *one.repeated_at)]
    assert sorted(named) == list(range(len(texts)))
    assert [one.place for one in kept] == sorted(one.place for one in kept)
    assert all(place > one.place for one in kept for place in one.repeated_at)


def test_an_answer_has_a_copied_passage_once_and_tells_where_else(make_bot: BotMaker) -> None:
    other = "石榴金服2019年在海口注册,目前有员工460人。"
    bot = make_bot({"早报": f"{LONG}\n{other}", "晚报": f"{LONG}\n天气晴朗。"})
    answer = bot.ask("禾苗贷的平均额度是多少?", k=2)
    first, second = answer.passages
    assert first.text == LONG
    (copy,) = first.also_in
    assert {first.paragraph.source, copy.source} == {"早报", "晚报"}
    assert copy.text == LONG
    assert second.text != LONG
    assert second.also_in == ()
    raw = json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))
    assert [place["source"] for place in raw["passages"][0]["also_in"]] == [copy.source]
    assert raw["passages"][1]["also_in"] == []
