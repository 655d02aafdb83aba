"""A server that runs for long keeps nothing of those who are gone and counts for nobody."""

from collections.abc import Iterator

import httpx
import pytest
from conftest import BotMaker

from qa.web import Server, page, serve, upkeep

SESSIONS = 5
STATES = 2


@pytest.fixture
def server(make_bot: BotMaker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(upkeep, "SESSIONS", SESSIONS)
    monkeypatch.setattr(page, "STATES", STATES)
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    assert served.service.wait(60)
    yield served
    served.close()


def ask(http: httpx.Client, **session: str) -> str:
    body = {"data": ["灯塔多高？", None, None], **session}
    number = http.post("gradio_api/call/ask", json=body).json()["event_id"]
    return http.get(f"gradio_api/call/ask/{number}").text


def test_programs_that_have_their_answers_are_forgotten(server: Server) -> None:
    queue = server.page._queue
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for _ in range(2 * SESSIONS):
            assert "灯塔高三十二米" in ask(http).encode().decode("unicode_escape")
    assert len(queue.pending_event_ids_session) == SESSIONS
    assert len(queue.pending_messages_per_session) == SESSIONS


def test_what_was_shown_to_programs_that_are_gone_is_forgotten(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for _ in range(3 * STATES):
            ask(http)
        assert len(server.page.state_holder.session_data) == STATES
        # One that was forgotten is served as before.
        told = [ask(http, session_hash=name) for name in ("a", "b", "c", "a")]
    assert len(set(told)) == 1
    assert "complete" in told[0]


def test_a_connection_in_use_is_not_forgotten(server: Server) -> None:
    queue = server.page._queue
    for remembered in (queue.pending_event_ids_session, queue.pending_messages_per_session):
        remembered["a page"] = "kept"
        for number in range(3 * SESSIONS):
            remembered[f"program {number}"] = "gone"
            assert remembered["a page"] == "kept"
        assert len(remembered) == SESSIONS
        # As gradio looks for the connection of an event.
        assert {key for key, value in remembered.items() if value == "kept"} == {"a page"}


def test_no_statistics_are_made_of_what_was_asked(server: Server) -> None:
    queue = server.page._queue
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for _ in range(3):
            ask(http)
    assert queue.events_recorded == 3
    assert len(queue.event_analytics) <= 1
    assert queue.cached_event_analytics_summary == {"functions": {}}
