"""The answering sentence, reasons and evidence, worked out by hand."""

import math
from collections.abc import Sequence

import pytest
from test_question import question

from qa.answering.judge import Found, answering_sentence, collect_evidence, judge
from qa.reader import Reading
from qa.reader.calibration import Calibration, Logistic
from qa.retrieval.fusion import Hit
from qa.types import Answer, Paragraph, Span

YES = Logistic({}, bias=2.0, threshold=0.5)
NO = Logistic({}, bias=-2.0, threshold=0.5)


def paragraph(text: str, position: int = 0) -> Paragraph:
    return Paragraph("id", "题", "source.txt", "", position, 0, len(text), text)


def found_of(hits: Sequence[Hit], paragraphs: Sequence[Paragraph]) -> list[Found]:
    return [Found(hit, own) for hit, own in zip(hits, paragraphs, strict=True)]


def highlighted(asked: str, text: str) -> str:
    span = answering_sentence(question(asked, text), paragraph(text))
    assert span is not None
    return span.of(text)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        (
            "微乐贷的额度是多少?",
            "乐信成立了。微乐贷平均额度达到6万。大家很高兴。",
            "微乐贷平均额度达到6万。",
        ),
        ("谁写了诗?", "王维写了诗。李白喝了酒。", "王维写了诗。"),
        (
            "何为新市民?",
            "何为“新市民”?其是指来到城镇常住的群体。它很大。",
            "其是指来到城镇常住的群体。",
        ),
        ("什么是新市民?", "很多人谈论。什么是新市民?", "什么是新市民?"),
        ("微樂貸額度", "别的事情。微乐贷额度很高。", "微乐贷额度很高。"),
        (
            "Where is the office?",
            "We moved. The office is in Paris. Good.",
            "The office is in Paris.",
        ),
        ("完全无关", "第一句。第二句。", "第一句。"),
    ],
)
def test_the_answering_sentence(asked: str, text: str, expected: str) -> None:
    assert highlighted(asked, text) == expected


def test_at_a_tie_the_kind_of_words_asked_for_decides() -> None:
    text = "通知影响很大。通知于2022年3月面世。"
    assert highlighted("通知什么时候面世?", text) == "通知于2022年3月面世。"
    assert highlighted("通知?", text) == "通知影响很大。"


def test_an_empty_paragraph_has_no_answering_sentence() -> None:
    assert answering_sentence(question("甲", "乙"), paragraph("")) is None


def test_evidence_of_a_tiny_example() -> None:
    first, second = paragraph("额外的话。额度高。"), paragraph("乐信", 1)
    asked = question("微额度多少?", first.text, second.text)
    hits = [Hit(0, 9.0, 0.9, 3.0), Hit(1, 6.5, 0.85, 0.0)]
    evidence = collect_evidence(asked, found_of(hits, [first, second]), (0.8, 0.05))
    one, none = math.log(1 + 2 / 1.5), math.log(1 + 2 / 0.5)
    total = 3 * none + 4 * one
    assert evidence.coverage == pytest.approx(4 * one / total)
    assert evidence.sentence_coverage == pytest.approx(4 * one / total)
    assert evidence.missing == pytest.approx(3 * none / total)
    assert evidence.dense == pytest.approx(0.9)
    assert evidence.dense_lead == pytest.approx(2.0)
    assert evidence.margin == pytest.approx(2.5)
    assert evidence.agreement == 1.0
    assert evidence.expected == -1.0
    assert evidence.same_language


def test_evidence_of_searches_that_disagree_in_another_language() -> None:
    first, second = paragraph("额度6万。"), paragraph("乐信", 1)
    asked = question("How much is the limit?", first.text, second.text)
    hits = [Hit(0, 9.0, 0.8, 0.0), Hit(1, 6.5, 0.9, 1.0)]
    evidence = collect_evidence(asked, found_of(hits, [first, second]), (0.8, 0.0))
    assert evidence.agreement == 0.0
    assert evidence.expected == 1.0
    assert evidence.dense_lead == 0.0
    assert not evidence.same_language


def test_evidence_of_a_single_paragraph_has_no_margin() -> None:
    only = paragraph("乐信很好。")
    evidence = collect_evidence(
        question("乐信?", only.text), [Found(Hit(0, 9.0, 0.8, 1.0), only)], (0.8, 0.0)
    )
    assert evidence.margin == 0.0
    assert evidence.expected == 0.0
    assert evidence.coverage == evidence.sentence_coverage == 1.0


def answer(asked: str, logistic: Logistic, n_passages: int = 1) -> Answer:
    texts = ["乐信的额度很高。"] * n_passages
    return judge(
        question(asked, *texts),
        [
            Found(Hit(place, 9.0 - place, 0.8, 1.0), paragraph(text, place))
            for place, text in enumerate(texts)
        ],
        (0.8, 0.01),
        Calibration(logistic, logistic, "", None),
        n_passages,
    )


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("长颈鹿的额度?", "文中没有提到“长颈鹿”，所以没有找到能回答这个问题的段落。"),
        ("蚂蚁集团的额度?", "最相近的一段说的是“乐信”，不是“蚂蚁集团”，所以没有回答这个问题。"),
        ("長頸鹿的額度?", "文中沒有提到「長頸鹿」，所以沒有找到能回答這個問題的段落。"),
        ("螞蟻集團的額度?", "最相近的一段說的是「乐信」，不是「螞蟻集團」，所以沒有回答這個問題。"),
        ("乐信的额度?", "文中有与此相近的段落，但没有一段回答了这个问题。"),
        ("樂信的額度?", "文中有與此相近的段落，但沒有一段回答了這個問題。"),
        (
            "How big is Google?",
            "There are passages on something close, but none of them answers the question.",
        ),
    ],
)
def test_the_reason_is_in_the_language_of_the_question(asked: str, reason: str) -> None:
    refused = answer(asked, NO)
    assert not refused.answered
    assert refused.reason == reason


@pytest.mark.parametrize(
    ("asked", "text", "missing"),
    [
        ("公司的总裁是谁?", "The company makes electric bicycles.", ()),
        ("電動自行車賣多少錢?", "The company makes electric bicycles.", ()),
        ("Who is the president?", "公司生产电动自行车。", ()),
        ("总裁是谁?", "公司生产电动自行车。", ("总裁",)),
        ("Who is the president?", "The company makes bicycles.", ("president",)),
    ],
)
def test_missing_words_are_told_within_one_language(
    asked: str, text: str, missing: tuple[str, ...]
) -> None:
    found = [Found(Hit(0, 9.0, 0.8, 1.0), paragraph(text))]
    calibration = Calibration(NO, NO, "", None)
    assert judge(question(asked, text), found, (0.8, 0.01), calibration, 1).missing == missing


def test_the_threshold_decides_and_an_answer_needs_no_reason() -> None:
    given = answer("乐信的额度?", YES)
    assert given.answered
    assert given.reason == ""
    assert given.confidence == pytest.approx(1 / (1 + math.exp(-2)))
    assert not answer("乐信的额度?", Logistic({}, 2.0, threshold=0.95)).answered


def test_only_the_first_three_passages_are_highlighted() -> None:
    given = answer("乐信的额度?", YES, 5)
    assert [passage.highlight is not None for passage in given.passages] == [True] * 3 + [False] * 2
    assert [passage.score for passage in given.passages] == [9.0, 8.0, 7.0, 6.0, 5.0]


TEXT = "乐信成立于2013年。它的总部在深圳。"


def judged(*readings: Reading, logistic: Logistic = YES) -> Answer:
    found = [
        Found(Hit(place, 9.0 - place, 0.8, 1.0), paragraph(TEXT, place), reading)
        for place, reading in enumerate(readings)
    ]
    calibration = Calibration(logistic, logistic, "", None)
    asked = "乐信的总部在哪?"
    return judge(question(asked, TEXT), found, (0.8, 0.01), calibration, len(found))


def test_the_words_of_the_reader_are_shown_inside_their_sentence() -> None:
    (passage,) = judged(Reading(3.0, Span(16, 18), 0.9)).passages
    assert passage.answer is not None
    assert passage.highlight is not None
    assert passage.answer.of(TEXT) == "深圳"
    assert passage.highlight.of(TEXT) == "它的总部在深圳。"


def test_words_that_reach_over_two_sentences_show_both() -> None:
    (passage,) = judged(Reading(3.0, Span(5, 18), 0.9)).passages
    assert passage.highlight == Span(0, len(TEXT))


def test_every_passage_that_the_reader_finds_about_as_good_answers() -> None:
    scores = (4.0, -1.0, 1.5, 2.5)
    given = judged(*(Reading(score, Span(16, 18), 0.9) for score in scores))
    assert [passage.paragraph.position for passage in given.passages] == [0, 3, 1, 2]
    assert [passage.answers for passage in given.passages] == [True, True, False, False]
    assert [passage.answer is not None for passage in given.passages] == [True, True, False, False]


def test_a_refusal_shows_no_answering_words() -> None:
    refused = judged(Reading(-3.0, Span(16, 18), 0.9), logistic=NO)
    assert not refused.answered
    assert refused.passages[0].answer is None
    assert not refused.passages[0].answers


def test_evidence_of_readings() -> None:
    found = [
        Found(Hit(0, 9.0, 0.8, 1.0), paragraph(TEXT), Reading(2.0, Span(16, 18), 0.7)),
        Found(Hit(1, 8.0, 0.8, 1.0), paragraph(TEXT, 1), Reading(1.0, None, 0.0)),
        Found(Hit(2, 7.0, 0.8, 1.0), paragraph(TEXT, 2), Reading(1.0, None, 0.0)),
        Found(Hit(3, 6.0, 0.8, 1.0), paragraph(TEXT, 3)),
    ]
    evidence = collect_evidence(question("乐信?", TEXT), found, (0.8, 0.01))
    assert evidence.read
    assert evidence.reading == 2.0
    # 2 - ln(e^1 + e^1) = 1 - ln 2
    assert evidence.reading_lead == pytest.approx(1 - math.log(2))
    assert evidence.certainty == 0.7
    # 9 - 8: the first passage against the best of the others by searching
    assert evidence.margin == 1.0


@pytest.mark.parametrize(
    ("asked", "texts", "words_found", "all_words"),
    [
        # All in the passage; what only asks is no such word.
        ("港口的吊车是谁买的?", ["港口新买的吊车重十二吨。", "票价三元。"], 1.0, 1.0),
        # 吊车 in another paragraph only, 灯塔 in none.
        ("港口的吊车是谁买的?", ["港口去年很忙。", "买的吊车在码头。"], 1.0, 0.0),
        ("港口的灯塔是谁买的?", ["港口去年很忙。", "买的吊车在码头。"], 0.6, 0.0),
        # Any form of a number and either script are the same; another language has no words here.
        ("二〇二一年的港口票價是多少?", ["2021年港口票价三元。"], 1.0, 1.0),
        ("How heavy is the crane?", ["吊车重十二吨。"], 1.0, 0.0),
    ],
)
def test_evidence_of_whole_words(
    asked: str, texts: list[str], words_found: float, all_words: float
) -> None:
    found = [
        Found(Hit(place, 9.0 - place, 0.8, 1.0), paragraph(text, place), Reading(1.0, None, 0.5))
        for place, text in enumerate(texts)
    ]
    evidence = collect_evidence(question(asked, "".join(texts)), found, (0.8, 0.01))
    assert (evidence.words_found, evidence.all_words) == (words_found, all_words)


@pytest.mark.parametrize(("alone", "expected"), [(None, 1.0), (-2.5, -2.5), (-90.0, -20.0)])
def test_evidence_of_a_reading_by_itself(alone: float | None, expected: float) -> None:
    found = [Found(Hit(0, 9.0, 0.8, 1.0), paragraph(TEXT), Reading(1.0, None, 0.5, alone))]
    assert collect_evidence(question("乐信?", TEXT), found, (0.8, 0.01)).alone == expected


def test_of_what_does_not_answer_the_sentence_is_the_one_the_reader_came_closest_in() -> None:
    text = "乐信的额度很高。利率在去年降了。"
    closest = Span(text.index("去年"), text.index("降"))
    read = Found(Hit(0, 9.0, 0.8, 1.0), paragraph(text), Reading(-3.0, closest, 0.5))
    refused = judge(
        question("乐信的额度高是什么时候?", text),
        [read],
        (0.8, 0.01),
        Calibration(NO, NO, "", None),
        1,
    )
    (passage,) = refused.passages
    assert not refused.answered
    assert passage.answer is None
    assert passage.highlight is not None
    assert passage.highlight.of(text) == "利率在去年降了。"
