"""Articles shown as they are elsewhere: answers stay where they are."""

import random

from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.data.views import joined, unpunctuated
from qa.types import Span

TEXTS = ("门票六十元。", "周一闭馆；节日照开。", "停车免费，限两小时。", "馆长姓顾。")
ARTICLE = LabelledArticle(
    "one",
    "馆",
    TEXTS,
    (
        LabelledQuestion("门票多少钱？", (0,), answer=Span(2, 5)),
        LabelledQuestion("能停多久？", (2,), ignored=(3, 1), answer=Span(6, 9)),
        LabelledQuestion("谁建的？", ()),
    ),
)


def test_neighbours_are_joined_up_to_a_length_and_answers_move_along() -> None:
    one = joined(ARTICLE, 20)
    assert one.paragraphs == (TEXTS[0] + TEXTS[1], TEXTS[2] + TEXTS[3])
    ticket, parking, builder = one.questions
    assert ticket.answer is not None
    assert ticket.answer.of(one.paragraphs[0]) == "六十元"
    assert parking.positives == (1,)
    assert parking.ignored == (0,)
    assert parking.answer is not None
    assert parking.answer.of(one.paragraphs[1]) == "两小时"
    assert builder.positives == ()


def test_paragraphs_of_an_english_article_are_joined_by_a_blank() -> None:
    english = LabelledArticle(
        "one",
        "",
        ("It rained.", "It was cold."),
        (LabelledQuestion("?", (1,), answer=Span(7, 11)),),
    )
    one = joined(english, 100)
    assert one.paragraphs == ("It rained. It was cold.",)
    (question,) = one.questions
    assert question.answer is not None
    assert question.answer.of(one.paragraphs[0]) == "cold"


def test_without_full_stops_no_character_moves() -> None:
    shown = unpunctuated(TEXTS, random.Random(1))
    assert shown != TEXTS
    assert [len(text) for text in shown] == [len(text) for text in TEXTS]
    assert not any("。" in text for text in shown)
