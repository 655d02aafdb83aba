"""Questions and the weights of their tokens, worked out by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from qa.question.analysis import Question
from qa.question.terms import Terms, weigh
from qa.text import tokens
from qa.types import Integers


def question(text: str, *documents: str) -> Terms:
    """Return the question weighed on paragraphs given as texts."""
    held = [set(tokens(document)) for document in documents]

    def frequencies(asked: Sequence[str]) -> Integers:
        return np.array([sum(token in own for own in held) for token in asked], np.int64)

    return weigh(Question(text, text), frequencies, len(documents))


def test_the_weights_of_a_question() -> None:
    # 额 and 度 stand in one of two paragraphs: ln(1 + 2 / 1.5); the pair weighs twice that.
    # 微 stands nowhere: ln(1 + 2 / 0.5); so does the pair 微额.
    weighed = question("微额度", "额度高", "乐信")
    assert weighed.tokens == ("微", "额", "度", "微额", "额度")
    one, none = math.log(1 + 2 / 1.5), math.log(1 + 2 / 0.5)
    assert weighed.weights == pytest.approx([none, one, one, 2 * none, 2 * one])
    assert weighed.known.tolist() == [0, 1, 1, 0, 1]


def test_the_part_of_a_question_that_stands_only_elsewhere() -> None:
    asked = question("乐信微贷", "乐信", "微贷")
    one, none = math.log(1 + 2 / 1.5), math.log(1 + 2 / 0.5)
    # 乐, 信 and 乐信 of all; the pair 信微 stands nowhere and is part of none.
    assert asked.only_elsewhere("微贷") == pytest.approx(4 * one / (8 * one + 2 * none))
    assert asked.only_elsewhere("乐信的微贷") == 0.0
    assert question("乐信微贷", "微贷").only_elsewhere("微贷") == 0.0


@pytest.mark.parametrize(
    ("asked", "document", "searched"),
    [
        ("22年净利润是多少?", "2022年的净利润", "2022年净利润是多少?"),
        ("公司98年发生了什么?", "用了12年，在1998年上市", "公司1998年发生了什么?"),
        ("22年和23年哪年高?", "2022年、2023年都高", "2022年和2023年哪年高?"),
        ("2022年和22年一样吗?", "2022年的净利润", "2022年和2022年一样吗?"),
        ("22年净利润是多少?", "2021年的净利润", None),
        ("22年净利润是多少?", "2022年，用了22天", None),
        ("30年的历史是从哪年算起?", "2030年", None),
        ("22年前发生了什么?", "2022年", None),
        ("第22年发生了什么?", "2022年", None),
        ("工作了22年", "2022年", None),
        ("康熙22年发生了什么?", "2022年", None),
        ("45年的酒卖多少?", "2045年1945年", None),
    ],
)
def test_a_year_of_two_figures_is_one_of_the_documents(
    asked: str, document: str, searched: str | None
) -> None:
    held = set(tokens(document))

    def frequencies(wanted: Sequence[str]) -> Integers:
        return np.array([one in held for one in wanted], np.int64)

    found = Question(asked).with_full_years(frequencies)
    assert (found.text, found.asked) == ((searched, asked) if searched else (asked, ""))
