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


RULE = (
    "经营者应当在收到消费者退货申请之日起七日内办理退款,消费者可以要求经营者承担往返运费,"
    "并有权就此向当地市场监督管理部门投诉。申请须在到货后三十日内提出。"
)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("七日", "十五日"),
        ("七日", "三日"),
        ("可以要求", "不得要求"),
        ("可以要求", "要求"),
        ("应当", "不必"),
        ("有权", "无权"),
        ("退款", "换货"),
        ("当地", "省级"),
        ("经营者承担", "平台承担"),
        ("到货后", "到货前"),
    ],
)
@pytest.mark.parametrize("document", ["甲", "乙"])
def test_two_versions_that_differ_in_a_word_are_kept(
    said: str, instead: str, document: str
) -> None:
    ranked = [paragraph(RULE), paragraph(RULE.replace(said, instead), document)]
    assert fold_duplicates(ranked) == [Kept(0), Kept(1)]
    assert fold_duplicates(ranked[::-1]) == [Kept(0), Kept(1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("不可以退款。", "可以退款。"),
        ("小号12元,大号15元。", "小号15元,大号12元。"),
        ("红队以三比一胜蓝队。", "红队以一比三胜蓝队。"),
        ("持身份证和户口本办理。", "持身份证或户口本办理。"),
        ("每箱重3.2公斤。", "每箱重2公斤。"),
    ],
)
def test_opposites_and_exchanged_numbers_are_kept(first: str, second: str) -> None:
    ranked = [paragraph(first), paragraph(second, "乙")]
    assert fold_duplicates(ranked) == [Kept(0), Kept(1)]
    assert fold_duplicates(ranked[::-1]) == [Kept(0), Kept(1)]


@pytest.mark.parametrize(
    "copy",
    [
        RULE.replace("消费者可以", "消费者也可以").replace("退货申请之日", "退货申请日"),
        RULE.replace(",", ";"),
        "申请须在到货后三十日内提出。" + RULE.partition("。")[0] + "。",
    ],
)
def test_a_copy_without_a_character_that_says_nothing_is_folded(copy: str) -> None:
    assert fold_duplicates([paragraph(RULE), paragraph(copy, "乙")]) == [Kept(0, (1,))]


def test_a_copy_may_leave_out_whole_sentences() -> None:
    middle = "运费由经营者先行垫付。"
    longer = RULE.replace("。", f"。{middle}", 1)
    assert fold_duplicates([paragraph(longer), paragraph(RULE, "乙")]) == [Kept(0, (1,))]


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
