"""How strongly paragraphs bear on a question."""

import numpy as np
import pytest

from qa.index import Candidates
from qa.retrieval.relevance import bearing
from qa.types import Paragraph
from support.models import BotMaker

TEXTS = {
    "灯塔": "灯塔高三十二米。\n\n守护人叫陈阿福。\n\n灯塔建于1887年。\n",
    "渡轮": "船长叫周海平。\n\n渡轮每天开船。\n",
}


class OneDocument:
    """An index whose paragraph of number n is the n-th of document "a"."""

    def paragraph(self, number: int) -> Paragraph:
        document = "a" if number < 3 else "b"
        return Paragraph(document, "", "", "", number % 3, 0, 1, "字")


def test_by_hand() -> None:
    found = Candidates(
        numbers=np.array([0, 2, 3]),
        dense=np.array([0.8, 0.1, 0.9], np.float32),
        lexical=np.array([2.0, 0.0, 50.0], np.float32),
        dense_mean=0.4,
        dense_deviation=0.1,
    )
    # With a scale of 5: 2 + 5 * 0.4 = 4, then 5 * -0.3 < 0; number 3 is of another document.
    assert bearing(found, OneDocument(), 5.0, "a", 4).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert bearing(found, OneDocument(), 5.0, "c", 2).tolist() == [0.0, 0.0]


def test_the_answering_paragraph_bears_most(make_bot: BotMaker) -> None:
    bot = make_bot(TEXTS)
    found = bot.bearing(bot.inquire("灯塔的守护人是谁？"), "灯塔")
    assert found.shape == (3,)
    assert found.dtype == np.float32
    assert int(found.argmax()) == 1
    assert found.max() == 1.0
    assert found.min() >= 0.0


def test_nothing_asked_bears_on_nothing(make_bot: BotMaker) -> None:
    bot = make_bot(TEXTS)
    assert bot.bearing(bot.inquire(" ？"), "渡轮").tolist() == [0.0, 0.0]


def test_a_document_that_is_not_there(make_bot: BotMaker) -> None:
    bot = make_bot(TEXTS)
    with pytest.raises(KeyError):
        bot.bearing(bot.inquire("谁？"), "no such document")
