"""What whoever looks after the server asks: is it there, and does it answer?"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import BotMaker

from qa.chatbot import Chatbot
from qa.errors import EmptyCorpus
from qa.web import Server, serve
from support.waiting import PATIENCE, interruptible

GATE = threading.Event()
# Ended by a signal that reaches a thread of its own, as the system may choose.
PROGRAM = """
import signal, sys, threading
from qa.chatbot import Chatbot
from qa.web import serve
def end():
    signal.pthread_kill(threading.get_ident(), getattr(signal, sys.stdin.readline().strip()))
threading.Thread(target=end, daemon=True).start()
serve(lambda: Chatbot.from_texts({"": "灯塔高三十二米。"}), port=0)
print("closed")
"""


@pytest.fixture
def slow(make_bot: BotMaker) -> Iterator[Server]:
    """A server whose chatbot is made when the gate is opened, behind a login."""

    def late() -> Chatbot:
        GATE.wait(60)
        return make_bot({"灯塔": "灯塔高三十二米。\n"})

    GATE.clear()
    served = serve(late, port=0, block=False, auth=("somebody", "secret words"))
    yield served
    GATE.set()
    served.close()


def health(server: Server) -> tuple[int, object]:
    reply = httpx.get(f"{server.url}healthz")
    assert reply.headers["content-type"] == "application/json"
    return reply.status_code, reply.json()


def test_it_is_told_when_questions_are_answered(slow: Server) -> None:
    assert health(slow) == (503, {"state": "opening"})
    GATE.set()
    assert slow.service.wait(60)
    assert health(slow) == (200, {"state": "ready"})


def test_it_is_told_that_there_will_be_no_answers() -> None:
    def fail() -> Chatbot:
        raise EmptyCorpus("there is nothing to answer from")

    served = serve(fail, port=0, block=False)
    try:
        assert served.service.wait(60)
        assert health(served) == (503, {"state": "failed"})
    finally:
        served.close()


def test_where_the_chat_is_open_is_said_in_words(
    make_bot: BotMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    served.close()
    told = capsys.readouterr().out
    assert told == f"The chat is open at {served.url} (Ctrl+C ends it). 在浏览器里打开这个地址。\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_reaches_another_thread_ends_the_server(ending: signal.Signals) -> None:
    with interruptible():
        started = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent,
        )
    with started as program:
        assert program.stdout is not None
        try:
            url = program.stdout.readline().split()[5]
            while httpx.get(f"{url}healthz").json() != {"state": "ready"}:
                time.sleep(0.1)
            # From now on nothing else wakes the thread that waits.
            time.sleep(1)
            said, _ = program.communicate(f"{ending.name}\n", PATIENCE)
            assert said == "closed\n"
            assert program.returncode == 0
        finally:
            program.kill()
