"""A long article in a real browser: it answers without laying itself out again and again."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qa.chatbot import Chatbot, Inquiry
from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import (
    DESKTOP,
    PHONE,
    ask,
    lit,
    opened,
    wait_for_drawing,
    wait_for_lit,
    wait_for_turn,
)
from support.long_article import PARAGRAPHS, long_bot, record
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOST_LAYOUTS = 60
"""In one question: of the panes as they are drawn anew, of the scrolling, of the strip."""


GATE = threading.Event()


def answering_three_times(bot: Chatbot) -> Chatbot:
    """Let a chatbot answer with its first three passages, and "没有" with none."""
    sound = bot.inquire

    def inquire(question: str, history: Sequence[str] = (), k: int | None = None) -> Inquiry:
        if question.startswith("慢慢来"):
            GATE.wait(PATIENCE)
        found = sound(question, (), k)
        listed = enumerate(found.answer.passages)
        passages = tuple(replace(one, answers=rank < 3) for rank, one in listed)
        answer = replace(found.answer, passages=passages, answered=question != "没有")
        return replace(found, answer=answer)

    bot.inquire = inquire
    return bot


@pytest.fixture(scope="module")
def sea() -> Iterator[Server]:
    served = serve(lambda: answering_three_times(long_bot()), port=0, block=False)
    yield served
    served.close()


@pytest.fixture
def log(browser: "Browser", sea: Server) -> Iterator["Page"]:
    with opened(browser, sea.url) as page:
        yield page


class Layouts:
    """Counts how often a page is laid out."""

    def __init__(self, page: "Page") -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    def __call__(self) -> int:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return int(next(one["value"] for one in metrics if one["name"] == "LayoutCount"))


def wait_for_the_middle(page: "Page", paragraph: str) -> None:
    """Wait until a paragraph stands where it is scrolled to."""
    page.wait_for_function(
        """(id) => {
            const box = document.getElementById(id).getBoundingClientRect();
            const pane = document.querySelector("#article").getBoundingClientRect();
            const middle = (one) => (one.top + one.bottom) / 2;
            return Math.abs(middle(box) - middle(pane)) < 8;
        }""",
        arg=paragraph,
    )


def test_a_question_lays_the_page_out_a_few_times(log: "Page") -> None:
    assert log.locator("#article .paragraph").count() == PARAGRAPHS
    layouts = Layouts(log)
    before = layouts()
    ask(log, "第2481号记录是什么？")
    log.wait_for_selector("#strip i.quoted", state="attached")
    assert layouts() - before < MOST_LAYOUTS
    before = layouts()
    ask(log, "第77号记录里风向变了吗？")
    assert layouts() - before < MOST_LAYOUTS


def test_the_strip_has_marks_that_can_be_hit(log: "Page") -> None:
    ask(log, "第2481号记录是什么？")
    log.wait_for_selector("#strip i.quoted", state="attached")
    heights = log.locator("#strip i").evaluate_all(
        "(marks) => marks.map((mark) => mark.getBoundingClientRect().height)"
    )
    assert 50 < len(heights) < 400
    assert min(heights[:-1]) > 2.5
    log.locator("#strip i.quoted").first.click()
    assert lit(log)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_far_paragraph_is_reached_and_numbered_as_answers_name_it(
    browser: "Browser", sea: Server, viewport: dict[str, int]
) -> None:
    with opened(browser, f"{sea.url}?p=2481", viewport=viewport) as page:
        if viewport == PHONE:
            page.locator("[data-open]").click()
        assert lit(page) == "p2481"
        wait_for_the_middle(page, "p2481")
        page.wait_for_function(
            "([id, text]) => document.getElementById(id).innerText === text",
            arg=["p2481", record(2_482)],
        )
        if viewport == PHONE:
            page.keyboard.press("Escape")
        ask(page, "第77号记录是什么？")
        passage = page.locator(".passage").first
        passage.locator(".place").click()
        there = passage.get_attribute("data-paragraph") or ""
        wait_for_lit(page, there)
        wait_for_the_middle(page, there)


def test_the_article_goes_to_the_answer_and_from_there_to_the_others(log: "Page") -> None:
    ask(log, "第2481号记录是什么？")
    there = [one.get_attribute("data-paragraph") or "" for one in log.locator(".passage").all()]
    assert lit(log) == there[0]
    wait_for_the_middle(log, there[0])
    assert "p=" not in log.url
    count = log.locator(".walk output")
    assert count.inner_text() == "1 / 3"
    marked = log.locator("#article .answering").evaluate_all("(all) => all.map((one) => one.id)")
    assert set(marked) == set(there[:3])
    assert log.evaluate("() => CSS.highlights.get('sentence').size") == 3
    box = log.locator("#question textarea")
    box.press("Alt+ArrowDown")
    wait_for_lit(log, there[1])
    log.get_by_role("button", name=TEXTS["zh-Hans"]["next_passage"]).click()
    wait_for_lit(log, there[2])
    assert count.inner_text() == "3 / 3"
    box.press("Alt+ArrowDown")
    assert lit(log) == there[2]
    # A passage that does not answer is none of the three.
    log.locator("details.more summary").click()
    log.locator("details.more .passage").first.click()
    wait_for_lit(log, there[3])
    assert log.locator(".passage.chosen").get_attribute("data-paragraph") == there[3]
    assert count.inner_text() == "1 / 3"
    ask(log, "没有")
    assert not log.locator(".walk").is_visible()
    assert log.locator("#article .answering").count() == 0


def test_the_article_stays_where_its_reader_is(log: "Page") -> None:
    GATE.clear()
    ask(log, "慢慢来，第2481号记录是什么？", state="waiting")
    log.locator("#article").dispatch_event("wheel")
    GATE.set()
    wait_for_turn(log, 1)
    log.wait_for_function("() => document.querySelectorAll('#article .answering').length === 3")
    wait_for_drawing(log)
    assert log.locator("#article .lit").count() == 0
