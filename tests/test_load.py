"""Many people at once; the long form is ``tests/benchmarks/load.py``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.chatbot import Chatbot
from qa.config import Config
from qa.web import Server, page, serve
from support.crowd import Crowd, served, visit
from support.models import BotMaker
from support.people import MixedUp, check
from support.places import article_of, questions_about, write_articles
from support.readers import why_no_pages
from support.waiting import run_apart

PEOPLE = 12
PROGRAMS = {"asked over HTTP", "asked by gradio_client", "broken requests"}
PAGES = {
    "opened the page",
    "turned to an article",
    "asked on the page",
    "added an article",
    "removed an article",
    "chose what to ask",
}
QUESTION, OTHER = questions_about(7)[0], questions_about(8)[0]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_articles(folder, PEOPLE)
    return folder


@pytest.fixture
def bot(corpus: Path, make_bot: BotMaker) -> Chatbot:
    made = make_bot({path.name: path.read_text(encoding="utf-8") for path in corpus.iterdir()})
    return Chatbot(made.index, made.embedder, made.calibration, Config(reader=None))


@pytest.fixture
def narrow(bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A page that takes one question at a time and lets one wait."""
    monkeypatch.setattr(page, "QUESTIONS_AT_ONCE", 1)
    monkeypatch.setattr(page, "PROGRAMS_AT_ONCE", 1)
    monkeypatch.setattr(page, "WAITING", 1)
    serving = serve(lambda: bot, port=0, block=False)
    assert serving.service.wait()
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


@pytest.mark.slow
def test_a_dozen_at_once_are_all_answered(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    crowd = Crowd(
        people=PEOPLE,
        seconds=0,
        think=0.4,
        pages=0 if why_no_pages() else 2,
        clients=2,
        strangers=3,
        acts=7,
    )
    with served(corpus, tmp_path / "log") as server:
        outcome = run_apart(visit(server.url, crowd, server.process))
    tally = outcome.tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy == 0
    assert set(tally.seconds) == PROGRAMS | (PAGES if crowd.pages else set())


def test_past_the_limit_everybody_is_told_or_answered(narrow: Server) -> None:
    crowd = Crowd(people=PEOPLE, seconds=0, think=0.05, acts=2)
    tally = run_apart(visit(narrow.url, crowd)).tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy > 0
    assert len(tally.answers) == PEOPLE


def test_past_the_limit_a_page_still_opens(narrow: Server) -> None:
    need_pages()
    crowd = Crowd(people=PEOPLE, seconds=0, think=0.05, pages=1, acts=1)
    tally = run_apart(visit(narrow.url, crowd)).tally
    assert tally.errors == []
    assert tally.mixed_up == []
    assert tally.busy > 0
    assert len(tally.seconds["opened the page"]) >= crowd.pages
