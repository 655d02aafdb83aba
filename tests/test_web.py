"""The web chat without a browser: a real server on loopback, and its parts."""

import logging
import os
import re
import socket
import string
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import huggingface_hub
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa import loaders
from qa.chatbot import Chatbot
from qa.config import Config
from qa.errors import EmptyCorpus, QAError, QuestionTooLong
from qa.text import Language
from qa.types import Answer
from qa.web import Server, build, serve
from qa.web.article import article_html, choose_document
from qa.web.chat import HISTORY, KEPT_TURNS, answer, clean
from qa.web.feedback import Feedback
from qa.web.offline import keep_offline
from qa.web.service import Service
from qa.web.texts import GRADIO_LOCALES, TEXTS, as_language, choose_language
from qa.web.view import conversation_html
from qa.web.visits import Visit, Visits

LOOPBACK = {"127.0.0.1", "localhost", "::1", "0.0.0.0", ""}
TEXT = (
    "灯塔简史\n\n"
    "青石灯塔建于1887年，由工程师林若海设计。它高三十二米。\n\n"
    "灯塔的守护人叫陈阿福，他每天傍晚六点点灯。\n\n"
    "何为“雾号”？其是指大雾时代替灯光的汽笛，每隔一分钟响一次。\n"
)
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> **x** {{x}} ${x}"


def fragile(bot: Chatbot) -> Chatbot:
    """Give a chatbot a bug, and a question that shows the history it was given."""
    sound = bot.ask

    def ask(question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        if question == "坏掉":
            raise RuntimeError("a bug")
        if question == "历史":
            return Answer(" / ".join(history), answered=False, confidence=0.0)
        return sound(question, history, k)

    bot.ask = ask
    return bot


def visit_to(service: Service, language: Language) -> Visit:
    """Begin a visit in a language, as if a page had been opened."""
    visit = Visits(service).enter("session", "")
    visit.language = language
    return visit


@pytest.fixture(scope="module")
def bot() -> Chatbot:
    texts = {"灯塔": TEXT, "附录": f"{HOSTILE}\n\n灯塔的颜色是{HOSTILE}白色。\n"}
    return fragile(Chatbot.from_texts(texts))


@pytest.fixture(scope="module")
def connections() -> Iterator[list[str]]:
    """Record every host that is looked up or connected to."""
    hosts: list[str] = []
    patch = pytest.MonkeyPatch()
    look_up, connect, connect_ex = (
        socket.getaddrinfo,
        socket.socket.connect,
        socket.socket.connect_ex,
    )

    def seen(address: object) -> None:
        if isinstance(address, tuple):
            hosts.append(str(address[0]))
            if address[0] not in LOOPBACK:
                raise OSError(f"refused: {address[0]}")

    def recorded_look_up(host: bytes | str | None, *rest: object, **named: object) -> object:
        seen((host.decode() if isinstance(host, bytes) else host or "",))
        return look_up(host, *rest, **named)

    def recorded_connect(self: socket.socket, address: tuple[str, int] | str) -> None:
        seen(address)
        connect(self, address)

    def recorded_connect_ex(self: socket.socket, address: tuple[str, int] | str) -> int:
        seen(address)
        return connect_ex(self, address)

    patch.setattr(socket, "getaddrinfo", recorded_look_up)
    patch.setattr(socket.socket, "connect", recorded_connect)
    patch.setattr(socket.socket, "connect_ex", recorded_connect_ex)
    # A proxy that is not there: the server has to reach itself all the same.
    patch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    patch.setenv("http_proxy", "http://127.0.0.1:9")
    yield hosts
    patch.undo()


@pytest.fixture(scope="module")
def server(bot: Chatbot, connections: list[str]) -> Iterator[Server]:
    served = serve(lambda: bot, port=0, block=False)
    assert served.service.wait(60)
    yield served
    served.close()


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    with pytest.MonkeyPatch.context() as patch:
        # The client library, not the server, asks the hub who is calling.
        patch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
        return Client(server.url, verbose=False, analytics_enabled=False)


def test_ask_returns_the_structured_answer(client: Client, bot: Chatbot) -> None:
    result = client.predict("灯塔的守护人是谁？", api_name="/ask")
    assert result == bot.ask("灯塔的守护人是谁？").to_dict()
    first = result["passages"][0]
    document = next(one for one in bot.documents if one.id == first["document_id"])
    assert document.text[first["start"] : first["end"]] == first["text"]
    assert "陈阿福" in first["text"]


def test_ask_takes_history_and_k(client: Client) -> None:
    result = client.predict("历史", ["甲？", "乙？"], 2, api_name="/ask")
    assert result["question"] == "甲？ / 乙？"
    assert len(client.predict("灯塔多高？", None, 2, api_name="/ask")["passages"]) == 2


def test_ask_over_plain_http(server: Server) -> None:
    call = f"{server.url}gradio_api/call/v2/ask"
    event = httpx.post(call, json={"question": "灯塔多高？"}).json()["event_id"]
    stream = httpx.get(f"{server.url}gradio_api/call/ask/{event}", timeout=60).text
    assert "event: complete" in stream
    assert '"answered"' in stream


def test_only_ask_is_published(client: Client, server: Server) -> None:
    published = client.view_api(return_format="dict")
    assert list(published["named_endpoints"]) == ["/ask"]
    assert not published["unnamed_endpoints"]
    others = [one for one in server.page.config["dependencies"] if one["api_name"] != "ask"]
    assert {one["api_visibility"] for one in others} == {"private"}


def test_ask_of_nothing_says_so(client: Client) -> None:
    for blank in ("", "  \n", "？！…"):
        result = client.predict(blank, api_name="/ask")
        assert result["answered"] is False
        assert result["reason"]


def test_ask_too_long_is_an_error_that_says_so(client: Client) -> None:
    with pytest.raises(AppError, match=r"2,001 characters, at most 2,000"):
        client.predict("问" * 2_001, api_name="/ask")
    assert client.predict("问" * 2_000, api_name="/ask")["asked"] == "问" * 2_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((7,), "question: expected a text"),
        (("甲？", "乙？"), "history: expected a list of texts"),
        (("甲？", [1]), "history: expected a list of texts"),
        (("甲？", [], "x"), "k: expected a whole number"),
        (("甲？", [], 0), "k is 0"),
    ],
)
def test_ask_names_what_is_wrong(client: Client, arguments: tuple[Any], message: str) -> None:
    with pytest.raises(AppError, match=message):
        client.predict(*arguments, api_name="/ask")


def test_ask_survives_a_lone_surrogate(server: Server) -> None:
    call = f"{server.url}gradio_api/call/ask"
    body, kind = rb'{"data": ["\ud800?", null, null]}', {"content-type": "application/json"}
    event = httpx.post(call, content=body, headers=kind).json()["event_id"]
    assert "event: complete" in httpx.get(f"{call}/{event}", timeout=60).text


def test_questions_at_once(client: Client) -> None:
    found: dict[str, str] = {}

    def ask(question: str) -> None:
        found[question] = client.predict(question, api_name="/ask")["asked"]

    questions = ["灯塔多高？", "谁设计了灯塔？", "什么是雾号？", "守护人几点点灯？"]
    threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {question: question for question in questions}


def test_nothing_outside_was_contacted(connections: list[str], client: Client) -> None:
    assert client.predict("灯塔多高？", api_name="/ask")["passages"]
    assert connections
    assert set(connections) <= LOOPBACK


def test_a_port_that_is_taken_gives_way(server: Server, bot: Chatbot) -> None:
    taken = server.page.server_port
    second = serve(lambda: bot, port=taken, block=False)
    assert second.page.server_port > taken
    second.close()


def test_a_port_that_cannot_be(bot: Chatbot) -> None:
    with pytest.raises(QAError, match="port is 70000; expected"):
        serve(lambda: bot, port=70_000, block=False)
    with pytest.raises(QAError, match=r"no free port for 192\.0\.2\.1"):
        serve(lambda: bot, host="192.0.2.1", block=False)


def test_serve_raises_what_kept_the_chatbot_from_being_made() -> None:
    def fail() -> Chatbot:
        raise EmptyCorpus("there is nothing")

    with pytest.raises(EmptyCorpus, match="there is nothing"):
        serve(fail, port=0)


def test_a_question_waits_for_the_chatbot(bot: Chatbot) -> None:
    gate = threading.Event()

    def slow() -> Chatbot:
        gate.wait(30)
        return bot

    service = Service(slow)
    visit = visit_to(service, "zh-Hans")
    assert TEXTS["zh-Hans"]["opening"] in conversation_html(service, visit)
    service.start()
    threading.Timer(0.2, gate.set).start()
    steps = answer(visit, "灯塔多高？")
    turn = next(steps)
    assert TEXTS["zh-Hans"]["waiting_for_model"] in conversation_html(service, visit)
    next(steps)
    assert service.state == "ready"
    assert turn.answer is not None
    assert 'data-state="answered"' in conversation_html(service, visit)


def test_a_chatbot_that_cannot_be_made_is_told_on_the_page() -> None:
    def fail() -> Chatbot:
        raise EmptyCorpus("<b>nothing</b>")

    service = Service(fail)
    service.start()
    assert service.wait(10)
    visit = visit_to(service, "en")
    assert "could not be opened: &lt;b&gt;nothing" in conversation_html(service, visit)
    list(answer(visit, "Who?"))
    assert visit.conversation.turns[0].problem == "<b>nothing</b>"
    assert visit.conversation.unsent == "Who?"


def test_an_error_inside_keeps_the_question(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    visit = visit_to(server.service, "en")
    with caplog.at_level(logging.ERROR, logger="qa.web.chat"):
        list(answer(visit, "坏掉"))
    assert "RuntimeError: a bug" in caplog.text
    assert visit.conversation.turns[0].problem == TEXTS["en"]["broken"]
    assert visit.conversation.unsent == "坏掉"
    list(answer(visit, "灯塔多高？"))
    assert visit.conversation.turns[1].answer is not None


def test_a_long_question_is_answered_with_the_limit(server: Server) -> None:
    visit = visit_to(server.service, "zh-Hans")
    list(answer(visit, "问" * 2_001))
    assert "2001 个字符，最多可以有 2000 个" in visit.conversation.turns[0].problem
    assert visit.conversation.unsent == "问" * 2_001


def test_history_is_what_was_asked_before_without_failures(server: Server) -> None:
    visit = visit_to(server.service, "zh-Hans")
    for question in ["甲？", "坏掉", "乙？", "历史"]:
        list(answer(visit, question))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == "甲？ / 乙？"
    for _ in range(HISTORY):
        list(answer(visit, "丙？"))
    list(answer(visit, "历史"))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == " / ".join(["丙？"] * HISTORY)


def test_history_of_another_article_does_not_count(server: Server) -> None:
    visit = visit_to(server.service, "zh-Hans")
    visit.reading, visit.ask_all = "附录", False
    list(answer(visit, "甲？"))
    visit.ask_all = True
    assert visit.conversation.begin("乙？", visit.scope).history == []


def test_a_question_can_be_asked_without_what_came_before(server: Server) -> None:
    visit = visit_to(server.service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    list(answer(visit, "那高度呢？"))
    shown = conversation_html(server.service, visit)
    assert "承接上一问：“灯塔”" in shown
    assert 'data-ask="那高度呢？" data-alone' in shown
    list(answer(visit, "那高度呢？", alone=True))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == "那高度呢？"


def test_a_conversation_does_not_grow_without_end(server: Server) -> None:
    conversation = visit_to(server.service, "en").conversation
    for number in range(KEPT_TURNS + 5):
        conversation.begin(f"{number}?", None)
    assert len(conversation.turns) == KEPT_TURNS
    assert conversation.turns[-1].number == KEPT_TURNS + 5
    assert conversation.turn(5) is None


def test_bearing_is_shown_for_the_article_of_the_first_passage(
    server: Server, bot: Chatbot
) -> None:
    visit = visit_to(server.service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    (turn,) = visit.conversation.turns
    assert len(turn.bearing) == len(bot.paragraphs("灯塔"))
    assert max(turn.bearing) == 1.0 == turn.bearing[2]
    shown = conversation_html(server.service, visit)
    assert f'data-bearing="{" ".join(f"{one:g}" for one in turn.bearing)}"' in shown
    assert 'data-quoted="p3" data-bearing-on="灯塔"' in shown


def test_nobody_judges_an_answer_with_an_own_article_in_it(bot: Chatbot, tmp_path: Path) -> None:
    service = Service(lambda: bot, Feedback(tmp_path / "f.jsonl"))
    service.start()
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    assert "data-vote" in conversation_html(service, visit)
    visit.library.add(loaders.from_text("渡轮", "渡轮的船长叫周海平。\n"))
    list(answer(visit, "渡轮的船长是谁？"))
    _, last = conversation_html(service, visit).split('data-turn="2"')
    assert "周海平" in last
    assert "data-vote" not in last
    assert "data-right" not in last


def test_question_and_article_are_escaped(server: Server, bot: Chatbot) -> None:
    visit = visit_to(server.service, "zh-Hans")
    list(answer(visit, f"灯塔是什么颜色？{HOSTILE}"))
    document = choose_document(bot.documents, "附录")
    for html in (
        conversation_html(server.service, visit),
        article_html(bot, document, "zh-Hans"),
    ):
        assert "&lt;script&gt;alert(1)" in html
        assert "<script" not in html
        assert "<img" not in html


def test_article_html_has_each_paragraph_to_the_character(bot: Chatbot) -> None:
    document = choose_document(bot.documents, "no such document")
    assert document.id == "灯塔"
    html = article_html(bot, document, "en")
    for paragraph in bot.paragraphs("灯塔"):
        found = re.search(rf'id="p{paragraph.position + 1}"[^>]*>([^<]*)<', html)
        assert found is not None
        assert found[1] == paragraph.text


def test_every_language_has_every_text() -> None:
    keys = {language: set(texts) for language, texts in TEXTS.items()}
    assert keys["zh-Hans"] == keys["zh-Hant"] == keys["en"]
    for key in keys["en"]:
        fields = {
            frozenset(field for _, field, _, _ in string.Formatter().parse(texts[key]) if field)
            for texts in TEXTS.values()
        }
        assert len(fields) == 1, key
    assert all(text.strip() for texts in TEXTS.values() for text in texts.values())
    assert set(GRADIO_LOCALES.values()) == set(TEXTS)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK;q=0.9", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB,en;q=0.5", "en"),
        ("de,zh-TW;q=0.5,en;q=0.3", "zh-Hant"),
        ("fr", "en"),
        ("", "en"),
        (",;,", "en"),
    ],
)
def test_choose_language(header: str, expected: str) -> None:
    assert choose_language(header) == expected


def test_a_language_by_its_name() -> None:
    assert as_language("zh-Hant") == "zh-Hant"
    assert as_language("fr") is None
    assert as_language(None) is None


def test_keep_offline_keeps_what_was_excepted_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    monkeypatch.setenv("NO_PROXY", "example.com, localhost")
    monkeypatch.setenv("no_proxy", "*")
    keep_offline()
    assert os.environ["NO_PROXY"] == "example.com,localhost,127.0.0.1,::1"
    assert os.environ["no_proxy"] == "*"


def test_clean_leaves_text_alone() -> None:
    assert clean("　　灯塔\n𠮷 **x**") == "　　灯塔\n𠮷 **x**"


def test_page_names_no_other_machine() -> None:
    files = list((Path(__file__).parent.parent / "qa" / "web" / "assets").iterdir())
    assert files
    for file in files:
        assert "//" not in file.read_text(encoding="utf-8"), file.name


def test_build_makes_the_chatbot_itself(bot: Chatbot) -> None:
    called = threading.Event()

    def factory() -> Chatbot:
        called.set()
        return bot

    build(factory)
    assert called.wait(10)


def test_limit_of_the_configuration_is_the_limit_of_the_page() -> None:
    small = Chatbot.from_texts({"灯塔": TEXT}, Config(max_question_characters=5))
    service = Service(lambda: small)
    service.start()
    with pytest.raises(QuestionTooLong):
        service.ask("六个字的问题")
