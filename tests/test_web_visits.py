"""Visits: found again by their tab alone, forgotten when they are over."""

import time

import pytest

from qa import loaders
from qa.web.service import Service
from qa.web.visit import visits
from qa.web.visit.library import Refused
from qa.web.visit.visits import GRACE_SECONDS, IDLE_SECONDS, Visits

KEY = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2


def test_a_tab_finds_its_visit_again_after_a_reload(service: Service) -> None:
    kept = Visits(service)
    visit = kept.enter("first", KEY)
    kept.leave("first")
    assert kept.enter("second", KEY) is visit
    assert kept.of("second") is visit


def test_another_tab_is_another_visit(service: Service) -> None:
    kept = Visits(service)
    visit = kept.enter("first", KEY)
    assert kept.enter("second", OTHER) is not visit
    assert kept.of("third") is not visit


@pytest.mark.parametrize("key", ["", "short", KEY.upper(), KEY + "\n", "../" + KEY])
def test_what_is_no_key_opens_nothing(service: Service, key: str) -> None:
    kept = Visits(service)
    assert kept.enter("first", key) is not kept.enter("second", key)


def test_a_question_before_the_tab_has_said_who_it_is_is_not_lost(service: Service) -> None:
    kept = Visits(service)
    early = kept.of("first")
    assert kept.enter("first", KEY) is early
    assert kept.enter("again", KEY) is early


def test_a_visit_ends_with_its_tab(service: Service) -> None:
    kept = Visits(service)
    visit = kept.enter("first", KEY)
    visit.library.add(loaders.from_text("渡轮", "船长叫周海平。\n"))
    kept.leave("first")
    kept.forget(time.monotonic() + GRACE_SECONDS - 10)
    assert len(kept) == 1
    kept.forget(time.monotonic() + GRACE_SECONDS + 10)
    assert len(kept) == 0
    assert kept.enter("second", KEY).library.characters == 0


def test_an_open_tab_may_rest_for_hours(service: Service) -> None:
    kept = Visits(service)
    service.connections.open("first", "somebody")
    kept.enter("first", KEY)
    kept.forget(time.monotonic() + IDLE_SECONDS - 10)
    assert len(kept) == 1
    kept.forget(time.monotonic() + IDLE_SECONDS + 10)
    assert len(kept) == 0


def test_the_oldest_visit_makes_room(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MOST_VISITS", 2)
    kept = Visits(service)
    first = kept.enter("first", "1" * 32)
    kept.enter("second", "2" * 32)
    kept.enter("third", "3" * 32)
    assert len(kept) == 2
    assert kept.enter("again", "1" * 32) is not first


def test_all_visits_together_have_only_so_much_room(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "OWN_CHARACTERS", 16)
    service.connections.note("second", "another")
    service.connections.note("third", "somebody else")
    kept = Visits(service)
    kept.enter("first", KEY).library.add(loaders.from_text("渡轮", "船长叫周海平。\n"))
    kept.enter("second", OTHER).library.add(loaders.from_text("渡轮", "船长叫周海平。\n"))
    with pytest.raises(Refused) as refused:
        kept.enter("third", "").library.add(loaders.from_text("码头", "码头在城东。\n"))
    assert refused.value.key == "crowded"
