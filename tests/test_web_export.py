"""A conversation to keep, for people and for programs."""

import hashlib
import json

import pytest
from markdown_it import MarkdownIt

from qa import loaders
from qa.types import Answer
from qa.web.events.chat import answer
from qa.web.service import Service
from qa.web.visit.export import FORMAT, to_json, whole_markdown
from qa.web.visit.visits import Visit, Visits
from support.models import BotMaker
from support.waiting import PATIENCE

ARTICLE = "灯塔高三十二米，<b>漆成**白色**</b>。\n\n守护人叫陈阿福。\n"


@pytest.fixture
def service(make_bot: BotMaker, shared_model: None) -> Service:
    started = Service(lambda: make_bot({"灯塔": ARTICLE}))
    started.start()
    assert started.wait(PATIENCE)
    return started


@pytest.fixture
def visit(service: Service) -> Visit:
    begun = Visits(service).enter("session", "")
    begun.language = "zh-Hans"
    begun.library.add(loaders.from_text("渡轮", "船长叫周海平。\n"))
    list(answer(begun, "守护人叫什么？"))
    list(answer(begun, "灯塔有多高？"))
    return begun


def test_json_has_all_that_tells_where_an_answer_came_from(service: Service, visit: Visit) -> None:
    bot = service.ready_chatbot()
    kept = json.loads(to_json(visit, bot))
    assert kept["format"] == FORMAT
    assert kept["model"] == {"name": bot.config.model, "fingerprint": bot.fingerprint}
    assert [turn["asked"] for turn in kept["turns"]] == ["守护人叫什么？", "灯塔有多高？"]
    texts = {one["document_id"]: one["sha256"] for one in kept["documents"]}
    assert texts["灯塔"] == hashlib.sha256(ARTICLE.encode()).hexdigest()
    first = kept["turns"][0]["passages"][0]
    assert ARTICLE[first["start"] : first["end"]] == first["text"] == "守护人叫陈阿福。"
    assert isinstance(first["score"], float)
    assert kept["turns"][1]["history"] == ["守护人叫什么？"]


def test_markdown_shows_questions_passages_and_places_to_the_character(
    service: Service, visit: Visit
) -> None:
    text = whole_markdown(visit, service.ready_chatbot())
    html = MarkdownIt("commonmark").render(text)
    assert "守护人叫什么？" in html
    assert "灯塔 · 第 2 段" in html
    assert "&lt;b&gt;漆成**白色**&lt;/b&gt;" in html
    assert hashlib.sha256(ARTICLE.encode()).hexdigest() in html
    assert service.ready_chatbot().fingerprint in html


def test_nothing_asked_is_nothing_kept(service: Service) -> None:
    empty = Visits(service).enter("session", "")
    assert json.loads(to_json(empty, service.ready_chatbot()))["turns"] == []


def test_a_reason_is_kept_in_the_language_of_the_page(service: Service) -> None:
    visit = Visits(service).enter("session", "")
    visit.language = "en"
    turn = visit.conversation.begin("行长是谁？", None)
    turn.answer = Answer(
        "行长是谁？", answered=False, confidence=0.1, reason="文中没有提到。", missing=("行长",)
    )
    bot = service.ready_chatbot()
    for kept in (whole_markdown(visit, bot), to_json(visit, bot)):
        assert "does not mention" in kept
        assert "文中没有提到" not in kept
