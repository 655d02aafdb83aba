"""Many people at once; the long form is ``tests/benchmarks/load.py``."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BotMaker
from crowd import Crowd, served, visit
from people import MixedUp, check
from places import article_of, questions_about, write_articles
from readers import why_no_pages

from qa.chatbot import Chatbot
from qa.web import Server, page, serve

PEOPLE = 12
QUESTION, OTHER = questions_about(7)[0], questions_about(8)[0]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_articles(folder, PEOPLE)
    return folder


@pytest.fixture
def bot(corpus: Path, make_bot: BotMaker) -> Chatbot:
    return make_bot({path.name: path.read_text(encoding="utf-8") for path in corpus.iterdir()})


@pytest.fixture
def narrow(bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A page that takes one question at a time and lets one wait."""
    monkeypatch.setattr(page, "QUESTIONS_AT_ONCE", 1)
    monkeypatch.setattr(page, "WAITING", 1)
    serving = serve(lambda: bot, port=0, block=False)
    assert serving.service.wait(60)
    yield serving
    serving.close()


def need_pages() -> None:
    """Skip the test without a browser; where one is required the other tests say so."""
    if why_no_pages():
        pytest.skip(why_no_pages())


def answer_to(asked: str, paragraph: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "question": asked,
        "answered": True,
        "passages": [{"text": paragraph}],
    }


def test_every_question_is_answered_by_its_paragraph(bot: Chatbot) -> None:
    for number in range(PEOPLE):
        for question in questions_about(number):
            answer = bot.ask(question.text).to_dict()
            check(question, answer)
            assert answer["passages"][0]["document_id"] == article_of(number)


@pytest.mark.parametrize(
    "answer",
    [
        answer_to(OTHER.text, OTHER.paragraph),
        answer_to(QUESTION.text, OTHER.paragraph),
        answer_to(OTHER.text, QUESTION.paragraph),
        answer_to(QUESTION.text, QUESTION.paragraph) | {"answered": False},
        answer_to(QUESTION.text, QUESTION.paragraph) | {"passages": []},
    ],
)
def test_an_answer_to_something_else_is_noticed(answer: dict[str, Any]) -> None:
    check(QUESTION, answer_to(QUESTION.text, QUESTION.paragraph))
    with pytest.raises(MixedUp, match=QUESTION.text):
        check(QUESTION, answer)


def test_a_dozen_at_once_are_all_answered(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    crowd = Crowd(
        people=PEOPLE,
        seconds=4,
        think=0.5,
        pages=0 if why_no_pages() else 2,
        clients=2,
        strangers=3,
    )
    with served(corpus, tmp_path / "log") as server:
        outcome = asyncio.run(visit(server.url, crowd, server.process))
    tally = outcome.tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy == 0
    expected = {"asked over HTTP", "asked by gradio_client", "broken requests"}
    assert expected | ({"opened the page"} if crowd.pages else set()) <= set(tally.seconds)


def test_past_the_limit_everybody_is_told_or_answered(narrow: Server) -> None:
    crowd = Crowd(people=PEOPLE, seconds=2, think=0.05)
    tally = asyncio.run(visit(narrow.url, crowd)).tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy > 0
    assert len(tally.answers) > 1


def test_past_the_limit_a_page_still_opens(narrow: Server) -> None:
    need_pages()
    crowd = Crowd(people=PEOPLE, seconds=3, think=0.02, pages=2)
    tally = asyncio.run(visit(narrow.url, crowd)).tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy > 0
    assert len(tally.seconds["opened the page"]) >= crowd.pages
