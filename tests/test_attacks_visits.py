"""Nobody's things go because others knock: sessions, visits, articles and room."""

import time

import pytest

from qa import loaders
from qa.web import Server, serve
from qa.web.gate.visitors import MOST_CONNECTIONS, Connections
from qa.web.service import Service
from qa.web.visit import visits
from qa.web.visit.library import Refused
from qa.web.visit.visits import GRACE_SECONDS, MOST_VISITS, Visits
from support import http
from support.models import BotMaker
from support.waiting import PATIENCE

KEY = "0123456789abcdef" * 2
FERRY = "船长叫周海平。\n"


def test_invented_sessions_take_nothing_from_anybody(service: Service) -> None:
    kept = Visits(service)
    for number in range(3):
        service.connections.open(f"page {number}", f"person {number}")
        service.connections.note(f"page {number}", f"person {number}")
    with_article = kept.of("page 0")
    with_article.library.add(loaders.from_text("渡轮", FERRY))
    people = [with_article, kept.of("page 1"), kept.of("page 2")]
    for number in range(2 * MOST_VISITS):
        session = f"invented {number}"
        service.connections.note(session, "attacker")
        kept.of(session)
    assert len(kept) == MOST_VISITS
    assert [kept.of(f"page {number}") for number in range(3)] == people
    assert [one.title for one in with_article.library.documents] == ["灯塔", "渡轮"]


def test_of_one_visitor_those_with_articles_go_last(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MOST_VISITS", 3)
    kept = Visits(service)
    service.connections.open("open", "a")
    first = kept.of("article")
    first.library.add(loaders.from_text("渡轮", FERRY))
    second = kept.of("open")
    for number in range(5):
        kept.of(f"more {number}")
    assert kept.of("article") is first
    assert kept.of("open") is second
    assert len(kept) == 3


def test_a_page_that_never_connects_is_forgotten_soon(service: Service) -> None:
    kept = Visits(service)
    service.connections.open("page", "a")
    kept.enter("page", KEY)
    kept.enter("invented", "")
    kept.forget(time.monotonic() + GRACE_SECONDS + 10)
    assert len(kept) == 1


def test_one_visitor_has_half_of_the_room(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "OWN_CHARACTERS", 4 * len(FERRY))
    kept = Visits(service)
    for session, visitor in (("a1", "a"), ("a2", "a"), ("a3", "a"), ("b", "b")):
        service.connections.note(session, visitor)
    kept.of("a1").library.add(loaders.from_text("渡轮", FERRY))
    kept.of("a2").library.add(loaders.from_text("渡轮", FERRY))
    with pytest.raises(Refused, match="crowded"):
        kept.of("a3").library.add(loaders.from_text("渡轮", FERRY))
    kept.of("b").library.add(loaders.from_text("渡轮", FERRY))


def test_built_in_articles_are_copied_for_visits_within_bounds(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Visits(service)
    one, other = kept.of("one").library, kept.of("other").library
    one.add(loaders.from_text("渡轮", FERRY))
    monkeypatch.setattr(visits, "JOINED_BYTES", one.joined_bytes)
    other.add(loaders.from_text("渡轮", FERRY))
    assert len(one.chatbot(None).documents) == 2
    # Own articles alone, as beside a corpus that is too large for a copy.
    assert [document.title for document in other.chatbot(None).documents] == ["渡轮"]
    one.remove("渡轮")
    other.add(loaders.from_text("码头", "码头在城东。\n"))
    assert len(other.chatbot(None).documents) == 3


def test_connections_are_bounded_for_each_visitor() -> None:
    known = Connections()
    assert all(known.open(f"{number}", "a") for number in range(MOST_CONNECTIONS))
    assert not known.open("more", "a")
    assert known.open("more", "b")
    known.close("0", "a")
    assert not known.is_open("0")
    assert known.open("0", "a")


def test_an_open_page_is_known_by_its_connection(make_bot: BotMaker) -> None:
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    try:
        known = served.service.connections
        address = f"{served.url}gradio_api/heartbeat/somebody"
        with http.stream("GET", address) as reply:
            # Lines that nobody holds any more would close the connection.
            lines = reply.iter_lines()
            assert (reply.status_code, next(lines)) == (200, "data: ALIVE")
            assert known.is_open("somebody")
            assert known.visitor("somebody") == "127.0.0.1"
        assert gone(served, "somebody")
    finally:
        served.close()


def gone(served: Server, session: str) -> bool:
    """Wait until the server has noticed that a connection has ended."""
    end = time.monotonic() + PATIENCE
    while served.service.connections.is_open(session) and time.monotonic() < end:
        http.get(f"{served.url}gradio_api/app_id")
    return not served.service.connections.is_open(session)
