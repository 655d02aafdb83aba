"""One visitor cannot take all turns: who waits, who goes next, and who gives way."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from conftest import BotMaker
from gradio.queueing import EventQueue

from qa.arguments import HISTORY
from qa.types import Answer
from qa.web import Server, page, serve
from qa.web.gate import queueing
from qa.web.gate.asgi import Refusal
from qa.web.gate.queueing import FairQueue, Recent, _Inbox, _Inboxes
from qa.web.gate.turns import Turns
from support.waiting import run_apart

ASK = "gradio_api/call/ask"
QUESTION = {"data": ["灯塔多高？", None, None]}
OTHER_ADDRESS = "127.0.0.2"
WAITING = 4


class Held:
    """Answers wait until they are let go."""

    def __init__(self, served: Server) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()
        self._ask = served.service.ask

    def ask(self, *given: object, **named: object) -> Answer:
        self.begun.release()
        assert self.go.wait(60)
        return self._ask(*given, **named)  # type: ignore[arg-type]


@pytest.fixture
def server(make_bot: BotMaker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(page, "WAITING", WAITING)
    monkeypatch.setattr(page, "PROGRAMS_AT_ONCE", 2)
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    assert served.service.wait(60)
    yield served
    served.close()


def client(server: Server, address: str) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=server.url, timeout=60, transport=transport)


def told(http: httpx.Client, number: str) -> str:
    return http.get(f"{ASK}/{number}").text.encode().decode("unicode_escape")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second address of this machine")
def test_who_asks_most_gives_way(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(server)
    monkeypatch.setattr(server.service, "ask", held.ask)
    with client(server, OTHER_ADDRESS) as attacker, client(server, "127.0.0.1") as person:
        asked = [attacker.post(ASK, json=QUESTION) for _ in range(WAITING + 3)]
        numbers = [one.json()["event_id"] for one in asked if one.status_code == 200]
        # One goes on, of two that may; WAITING wait, and whoever came after that was told so.
        assert held.begun.acquire(timeout=60)
        assert len(numbers) in (WAITING, WAITING + 1)
        assert {one.status_code for one in asked} == {200, 503}
        while len(numbers) < WAITING + 1:
            numbers.append(attacker.post(ASK, json=QUESTION).json()["event_id"])
        mine = person.post(ASK, json=QUESTION)
        assert mine.status_code == 200
        # It goes next, though others have waited for longer.
        assert held.begun.acquire(timeout=60)
        held.go.set()
        assert "灯塔高三十二米" in told(person, mine.json()["event_id"])
        assert "Queue is full" in told(attacker, numbers[-1])
        assert all("灯塔高三十二米" in told(attacker, one) for one in numbers[:-1])


def test_the_history_of_a_question_is_bounded(server: Server) -> None:
    for history in (["谁？"] * (HISTORY + 1), ["谁" * 2_001]):
        with client(server, "127.0.0.1") as http:
            asked = http.post(ASK, json={"data": ["灯塔多高？", history, None]})
            assert "event: error" in told(http, asked.json()["event_id"])


def test_turns_are_shared_out() -> None:
    async def all_turns() -> list[str]:
        turns = Turns(most=4, waiting=8)
        order: list[str] = []
        go = asyncio.Event()

        async def take(visitor: str) -> None:
            async with turns.turn(visitor):
                order.append(visitor)
                await go.wait()

        tasks = [asyncio.create_task(take("a")) for _ in range(6)]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(take(visitor)) for visitor in ("b", "c", "d")]
        for _ in range(5):
            await asyncio.sleep(0)
        assert order == ["a", "a", "b", "c"]
        with pytest.raises(Refusal):
            for _ in range(8):
                tasks.append(asyncio.create_task(take("a")))
                await asyncio.sleep(0)
                if tasks[-1].done():
                    tasks[-1].result()
        left = tasks.pop(4)
        left.cancel()
        go.set()
        await asyncio.gather(left, *tasks, return_exceptions=True)
        async with turns.turn("a"):
            pass
        return order

    order = run_apart(all_turns())
    assert order[4] == "d"
    assert order.count("a") >= 5


def test_what_a_connection_uses_is_not_forgotten_for_others() -> None:
    kept = Recent(3, lambda key: key.startswith("open"))
    for key in ("open 1", "a", "b", "c", "open 2", "open 3", "open 4"):
        kept[key] = key
    assert list(kept) == ["open 2", "open 3", "open 4"]


def test_messages_that_nobody_reads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "UNREAD_BYTES", 100_000)

    message = SimpleNamespace(output={"data": ["x" * 40_000]})

    kept = _Inboxes(10, lambda key: key == "open")
    for key in ("open", "a", "b", "c"):
        kept[key] = asyncio.Queue()
        kept[key].put_nowait(message)
        kept.bound()
    assert list(kept) == ["open", "c"]
    inbox = kept["open"]
    assert isinstance(inbox, _Inbox)
    assert inbox.size > 40_000
    inbox.get_nowait()
    assert inbox.size == 0


def test_questions_do_not_wait_for_articles(server: Server) -> None:
    lanes = {one["api_name"]: one["id"] for one in server.page.config["dependencies"]}
    fns = server.page.fns
    assert fns[lanes["reply"]].concurrency_id != fns[lanes["add_files"]].concurrency_id
    with server.service.one_reading.turn("somebody"), client(server, "127.0.0.1") as http:
        who = {"session_hash": "pasting"}
        body = {"fn_index": lanes["add_pasted"], "data": ["", "船长叫周海平。", ""], **who}
        for _ in range(WAITING + page.ARTICLES_AT_ONCE + 1):
            http.post("gradio_api/queue/join", json=body)
        asked = http.post(ASK, json=QUESTION)
        assert "灯塔高三十二米" in told(http, asked.json()["event_id"])


@pytest.mark.parametrize(
    ("lane", "connected", "at_once"),
    [("questions", True, 2), ("questions", False, 1), ("programs", False, 2)],
)
def test_of_one_visitor_pages_have_half_the_places_and_others_a_quarter(
    lane: str, connected: bool, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "_visitor", lambda event: "one")

    def event(number: int) -> Any:  # noqa: ANN401
        return SimpleNamespace(session_hash=f"session{number}", concurrency_id=lane)

    going_on: list[Any] = []
    queue: Any = SimpleNamespace(
        active_jobs=[going_on], _connections=SimpleNamespace(is_open=lambda _: connected)
    )
    waiting = EventQueue(lane, 4)
    waiting.queue = [event(number) for number in range(4)]
    while (chosen := FairQueue._next(queue, waiting)) is not None:
        waiting.queue.remove(chosen)
        going_on.append(chosen)
    assert len(going_on) == at_once
