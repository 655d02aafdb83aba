"""The web chat over HTTP, without a browser: a real server on loopback that stays offline."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.chatbot import Chatbot
from qa.errors import EmptyCorpus, QAError
from qa.web import Server, build, serve
from qa.web.offline import keep_offline
from support import http
from support.beacon import fragile_bot
from support.waiting import PATIENCE

LOOPBACK = {"127.0.0.1", "localhost", "::1", "0.0.0.0", ""}


@pytest.fixture(scope="module")
def bot() -> Chatbot:
    return fragile_bot()


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
    assert served.service.wait(PATIENCE)
    yield served
    served.close()


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    with pytest.MonkeyPatch.context() as patch:
        # The client library, not the server, asks the hub who is calling.
        patch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
        return Client(
            server.url,
            httpx_kwargs={"timeout": PATIENCE},
            verbose=False,
            analytics_enabled=False,
        )


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
    event = http.post(call, json={"question": "灯塔多高？"}).json()["event_id"]
    stream = http.get(f"{server.url}gradio_api/call/ask/{event}").text
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


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "data: expected 3 values (question, history, k), got 0"),
        (["灯塔多高？"], "got 1"),
        ([None, None, None], "question: expected a text"),
    ],
)
def test_ask_names_what_is_missing(
    server: Server, data: list[object], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    call = f"{server.url}gradio_api/call/ask"
    event = http.post(call, json={"data": data}).json()["event_id"]
    reply = http.get(f"{call}/{event}").text
    assert message in reply
    assert "Traceback" not in capfd.readouterr().err


def test_ask_by_name_names_what_is_missing_or_too_much(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    call = f"{server.url}gradio_api/call/v2/ask"
    event = http.post(call, json={"k": 1}).json()["event_id"]
    stream = http.get(f"{server.url}gradio_api/call/ask/{event}").text
    assert "question: expected a text" in stream
    reply = http.post(call, json={"question": "灯塔多高？", "many": 3})
    assert reply.status_code == 422
    assert reply.json()["detail"] == "many: not known; expected question, history and k"
    assert "Traceback" not in capfd.readouterr().err


def test_ask_survives_a_lone_surrogate(server: Server) -> None:
    call = f"{server.url}gradio_api/call/ask"
    body, kind = rb'{"data": ["\ud800?", null, null]}', {"content-type": "application/json"}
    event = http.post(call, content=body, headers=kind).json()["event_id"]
    assert "event: complete" in http.get(f"{call}/{event}").text


def test_questions_at_once(client: Client) -> None:
    found: dict[str, str] = {}

    def ask(question: str) -> None:
        found[question] = client.predict(question, api_name="/ask")["asked"]

    questions = ["灯塔多高？", "谁设计了灯塔？", "什么是雾号？", "守护人几点点灯？"]
    threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == {question: question for question in questions}


def test_nothing_outside_was_contacted(connections: list[str], client: Client) -> None:
    assert client.predict("灯塔多高？", api_name="/ask")["passages"]
    assert connections
    assert set(connections) <= LOOPBACK


def test_a_port_that_is_taken_is_said(server: Server, bot: Chatbot) -> None:
    taken = server.page.server_port
    with pytest.raises(QAError, match=rf"port {taken} of 127\.0\.0\.1 is taken"):
        serve(lambda: bot, port=taken, block=False)


def test_a_port_that_cannot_be(bot: Chatbot) -> None:
    with pytest.raises(QAError, match="port is 70000; expected"):
        serve(lambda: bot, port=70_000, block=False)
    with pytest.raises(QAError, match=r"cannot listen on port 7860 of 192\.0\.2\.1"):
        serve(lambda: bot, host="192.0.2.1", block=False)


def test_serve_raises_what_kept_the_chatbot_from_being_made() -> None:
    def fail() -> Chatbot:
        raise EmptyCorpus("there is nothing")

    with pytest.raises(EmptyCorpus, match="there is nothing"):
        serve(fail, port=0)


def test_keep_offline_keeps_what_was_excepted_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.com, localhost")
    monkeypatch.setenv("no_proxy", "*")
    keep_offline()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["NO_PROXY"] == "example.com,localhost,127.0.0.1,::1"
    assert os.environ["no_proxy"] == "*"


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
    assert called.wait(PATIENCE)
