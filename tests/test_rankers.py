"""Rankings of the same paragraphs, side by side."""

import pytest

from qa.chatbot import Chatbot, Inquiry
from qa.errors import LabelError
from qa.evaluate import RANKERS, Label, compare
from qa.types import Paragraph
from support.models import BotMaker

TEXT = "黄山的温泉水温是42度。\n从县城坐23路公交车到山门。\n山顶的旅馆有60张床。"


def test_each_ranker_is_measured_on_the_same_answerable_questions(make_bot: BotMaker) -> None:
    def in_order(bot: Chatbot, asked: Inquiry) -> list[Paragraph]:
        assert asked.answer.question
        return [bot.index.paragraph(number) for number in range(len(bot.index))]

    labels = [
        Label("旅馆有多少张床?", "甲", ("60张床",)),
        Label("怎么坐公交车去山门?", "甲", ("23路",)),
        Label("山有多高?", "甲"),
    ]
    seen: list[tuple[int, int]] = []
    found = compare(
        make_bot({"甲": TEXT}),
        labels,
        {**RANKERS, "in order": in_order},
        lambda done, total: seen.append((done, total)),
    )
    assert [one.name for one in found] == [*RANKERS, "in order"]
    assert seen == [(1, 2), (2, 2)]
    # In order the beds are third and the bus is second: MRR = (1/3 + 1/2) / 2 = 5/12.
    last = found[-1]
    assert (last.questions, last.hit_at_1, last.hit_at_3) == (2, 0.0, 1.0)
    assert last.reciprocal_rank == pytest.approx(5 / 12)
    assert all(one.hit_at_1 == 1 for one in found[:-1])


def test_words_and_meaning_are_ranked_apart(make_bot: BotMaker) -> None:
    bot = make_bot({"甲": TEXT})
    labels = [Label("What may a guest lie on there?", "甲", ("60张床",))]
    found = {one.name: one for one in compare(bot, labels)}
    assert found["dense"].hit_at_1 == 1
    # No word of the question is in the text, so the order of the text is left: it is third.
    assert found["lexical"].reciprocal_rank == pytest.approx(1 / 3)


def test_a_follow_up_is_compared_with_its_subject(make_bot: BotMaker) -> None:
    bot = make_bot({"甲": TEXT})
    (found,) = compare(
        bot,
        [Label("那水温呢?", "甲", ("42度",), history=("黄山的温泉在哪?",))],
        {"lexical": RANKERS["lexical"]},
    )
    assert found.hit_at_1 == 1


def test_labels_are_checked_first(make_bot: BotMaker) -> None:
    with pytest.raises(LabelError, match="43度"):
        compare(make_bot({"甲": TEXT}), [Label("问", "甲", ("43度",))])
