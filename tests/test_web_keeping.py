"""What a browser keeps of a conversation, and what of it is believed when it comes back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from conftest import BotMaker

from qa import loaders
from qa.index.content import to_json
from qa.types import Answer, Counts, Difference, Extent, Span
from qa.web.events.chat import again, answer
from qa.web.service import Service
from qa.web.visit.conversation import KEPT_TURNS, Turn
from qa.web.visit.keeping import KEPT_CHARACTERS, read_document, read_turns, record_of
from qa.web.visit.visits import Visit, Visits
from support.answers import answered, passage, refused
from support.beacon import TEXT

NAME = "1-2-3-4"


@pytest.fixture(scope="module")
def service(make_bot: BotMaker) -> Service:
    bot = make_bot({"灯塔": TEXT})
    opened = Service(lambda: bot)
    opened.start()
    assert opened.wait(60)
    return opened


def visit_to(service: Service) -> Visit:
    visit = Visits(service).enter("session", "")
    visit.language = "zh-Hans"
    return visit


def kept_of(visit: Visit) -> list[dict[str, Any]]:
    return [
        {"number": turn.number, "question": turn.question, "scope": "", **record_of(turn)}
        for turn in visit.conversation.turns
    ]


WHOLE = (
    answered(replace(passage("甲乙丙", Span(0, 3), Span(1, 2)), also_in=(passage("").paragraph,))),
    replace(refused(), missing=("雪山",), differs=(Difference("2020年", ("2021年",)),)),
    Answer("几段？", False, 0.0, kind="about", counts=Counts(1, 4, 0, 91), suggestions=("谁？",)),
    replace(refused(), extent=Extent(64, 200)),
)


@pytest.mark.parametrize("whole", WHOLE)
def test_an_answer_comes_back_as_it_was(whole: Answer) -> None:
    turn = Turn(3, "谁？", history=["早先？"], answer=whole)
    (kept,) = read_turns(json.dumps([{"number": 3, "question": "谁？", **record_of(turn)}]))
    assert (kept.number, kept.answer, kept.history) == (3, whole, ("早先？",))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answered", 1),
        ("confidence", "0.9"),
        ("kind", "other"),
        ("missing", [1]),
        ("passages", [{}]),
        ("passages", "甲"),
        ("counts", {"articles": -1}),
        ("differs", [[]]),
        ("extent", {"read": 3}),
    ],
)
def test_an_answer_that_was_damaged_is_none(name: str, value: object) -> None:
    record = record_of(Turn(1, "谁？", answer=WHOLE[0]))
    record["answer"][name] = value
    (kept,) = read_turns(json.dumps([{"question": "谁？", **record}]))
    assert kept.answer is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("highlight", [0, 4]), ("answer", [2, 1]), ("start", -1), ("text", None), ("kind", "poem")],
)
def test_a_passage_that_was_damaged_is_none(name: str, value: object) -> None:
    record = record_of(Turn(1, "谁？", answer=WHOLE[0]))
    record["answer"]["passages"][0][name] = value
    (kept,) = read_turns(json.dumps([{"question": "谁？", **record}]))
    assert kept.answer is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"甲"', "[1, {}]", "9" * KEPT_CHARACTERS])
def test_what_is_no_list_of_turns_is_nothing(text: str) -> None:
    assert read_turns(text) == []


def test_numbers_go_up_whatever_was_kept() -> None:
    kept = [{"number": number, "question": "谁？"} for number in (3, 3, -1, "4", 10**30, 9)]
    assert [one.number for one in read_turns(json.dumps(kept))] == [3, 4, 5, 6, 7, 9]


def test_a_conversation_comes_back_with_its_answers_unasked(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visit_to(service)
    for question in ("灯塔有多高？", "守护人叫什么？", "谁设计的？"):
        list(answer(before, question))
    before.conversation.drop(2)
    later = visit_to(service)
    asked: list[str] = []
    monkeypatch.setattr(service.ready_chatbot(), "inquire", asked.append)
    list(again(later, NAME, json.dumps(kept_of(before))))
    assert asked == []
    assert [(turn.number, turn.answer) for turn in later.conversation.turns] == [
        (turn.number, replace_scores(turn.answer)) for turn in before.conversation.turns
    ]
    assert later.conversation.begin("下一个？", None).number == 4


def replace_scores(found: Answer | None) -> Answer | None:
    """Round the figures of an answer as its record has them."""
    if found is None:
        return None
    passages = tuple(replace(one, score=round(one.score, 4)) for one in found.passages)
    return replace(found, confidence=round(found.confidence, 4), passages=passages)


def test_an_answer_on_an_article_that_changed_is_asked_again(service: Service) -> None:
    before = visit_to(service)
    list(answer(before, "灯塔有多高？"))
    kept = kept_of(before)
    kept[0]["answer"]["passages"][0]["text"] = "灯塔高九十米。"
    later = visit_to(service)
    list(again(later, NAME, json.dumps(kept)))
    (turn,) = later.conversation.turns
    assert turn.answer is not None
    assert turn.answer.passages[0].text in TEXT


def test_an_answer_on_an_article_that_is_gone_stays(service: Service) -> None:
    before = visit_to(service)
    before.library.add(loaders.from_text("渡轮", "船长叫周海平。\n"))
    list(answer(before, "船长叫什么？"))
    later = visit_to(service)
    list(again(later, NAME, json.dumps(kept_of(before))))
    (turn,) = later.conversation.turns
    assert turn.answer is not None
    assert turn.answer.passages[0].text == "船长叫周海平。"


def test_what_was_asked_meanwhile_comes_after(service: Service) -> None:
    visit = visit_to(service)
    list(answer(visit, "守护人叫什么？"))
    list(again(visit, NAME, json.dumps([{"number": 1, "question": "灯塔有多高？"}])))
    assert [(turn.number, turn.question) for turn in visit.conversation.turns] == [
        (1, "灯塔有多高？"),
        (2, "守护人叫什么？"),
    ]
    # Once only: a page that is loaded again has it all already.
    list(again(visit, NAME, json.dumps([{"number": 1, "question": "谁？"}])))
    assert len(visit.conversation.turns) == 2


def test_a_conversation_takes_back_only_so_much(service: Service) -> None:
    visit = visit_to(service)
    record = record_of(Turn(1, "谁？", answer=WHOLE[0]))
    kept = [{"question": f"{number}？", **record} for number in range(KEPT_TURNS + 9)]
    next(again(visit, NAME, json.dumps(kept)))
    assert len(visit.conversation.turns) == KEPT_TURNS


@pytest.mark.parametrize("name", ["", "<b>", "1" * 65])
def test_what_is_no_name_takes_nothing_over(service: Service, name: str) -> None:
    visit = visit_to(service)
    assert list(again(visit, name, json.dumps([{"question": "谁？"}]))) == []


def test_an_own_article_comes_back_as_it_was() -> None:
    document = loaders.from_text("灯塔", f"# 灯塔\n\n{TEXT}")
    assert read_document(to_json(document)) == document


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("blocks", [[0, 9_999, "text", 0, 0]]),
        ("blocks", [[5, 9, "text", 0, 0], [0, 4, "text", 0, 0]]),
        ("blocks", [[0, 4, "poem", 0, 0]]),
        ("blocks", []),
        ("text", 1),
        ("id", ""),
    ],
)
def test_an_own_article_that_was_damaged_is_left_out(name: str, value: object) -> None:
    record = json.loads(to_json(loaders.from_text("灯塔", TEXT)))
    record[name] = value
    assert read_document(json.dumps(record)) is None
