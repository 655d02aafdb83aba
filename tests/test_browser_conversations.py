"""Conversations in a real browser: kept with their answers, changed, begun anew, found again."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from qa.chatbot import Chatbot, Inquiry
from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import PHONE, ask, opened, wait_for_turn, wait_until_ready
from support.long_article import long_bot
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
GONE = ("ERR_", "error", "Error", "Failed")
"""What the browser logs of a server that is not there."""
STORE = "article-qa-conversations"
FIRST, SECOND, THIRD = "第12号记录是什么？", "第7号记录是什么？", "第3号记录是什么？"


class Asked:
    """Every question that chatbots were asked, in order."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def bot(self) -> Chatbot:
        """Return a chatbot on a log of twenty records."""
        bot = long_bot(20)
        sound = bot.inquire

        def inquire(question: str, history: Sequence[str] = ()) -> Inquiry:
            self.questions.append(question)
            return sound(question, history)

        bot.inquire = inquire
        return bot


@contextmanager
def served(asked: Asked | None = None, port: int = 0, *, keep: bool = True) -> Iterator[Server]:
    server = serve((asked or Asked()).bot, port=port, block=False, keep=keep)
    yield server
    server.close()


@pytest.fixture(scope="module")
def log() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def page(browser: "Browser", log: Server) -> Iterator["Page"]:
    with opened(browser, log.url) as shown:
        yield shown


def questions(page: "Page") -> list[str]:
    return page.locator(".asked p").all_inner_texts()


def kept(page: "Page") -> list[dict[str, Any]]:
    return json.loads(page.evaluate(f"() => localStorage.getItem('{STORE}') ?? '[]'"))


def wait_for_answers_kept(page: "Page", count: int) -> None:
    """Wait until the newest conversation is kept with so many answers."""
    page.wait_for_function(
        f"""(count) => {{
            const all = JSON.parse(localStorage.getItem('{STORE}') ?? '[]');
            return all.length && all[0].turns.filter((turn) => turn.answer).length === count;
        }}""",
        arg=count,
    )


def wait_for_questions(page: "Page", wanted: list[str]) -> None:
    page.wait_for_function(
        """(wanted) => {
            const shown = [...document.querySelectorAll('.asked p')].map((one) => one.textContent);
            return JSON.stringify(shown) === JSON.stringify(wanted);
        }""",
        arg=wanted,
    )


def in_menu(page: "Page", name: str) -> None:
    page.locator(".masthead .menu summary").click()
    page.locator(".masthead .menu button", has_text=name).click()


def on_turn(page: "Page", number: int, name: str) -> None:
    turn = page.locator(f'.turn[data-turn="{number}"]')
    turn.locator(".bubble").hover()
    turn.locator(".bubble .menu summary").click()
    turn.get_by_role("button", name=HANS[name]).click()


def test_answers_outlive_a_restart_and_are_not_asked_again(browser: "Browser") -> None:
    asked = Asked()
    with served(asked) as first:
        port = first.page.server_port
        with opened(browser, first.url, expected=GONE) as page:
            ask(page, FIRST)
            ask(page, SECOND)
            wait_for_answers_kept(page, 2)
            answers = page.locator(".reply").all_inner_texts()
            first.close()
            page.locator(".masthead .away").get_by_text(HANS["away"]).wait_for()
            asked.questions.clear()
            with served(asked, port):
                page.locator(".masthead .away").wait_for(state="hidden")
                wait_until_ready(page)
                wait_for_turn(page, 2)
                assert questions(page) == [FIRST, SECOND]
                assert page.locator(".reply").all_inner_texts() == answers
                ask(page, THIRD)
                assert asked.questions[0] == THIRD


def test_an_answer_that_does_not_stand_any_more_is_asked_again(page: "Page") -> None:
    ask(page, FIRST)
    wait_for_answers_kept(page, 1)
    quoted = page.locator("blockquote").first.text_content()
    page.evaluate(
        f"""() => {{
            const all = JSON.parse(localStorage.getItem('{STORE}'));
            all[0].turns[0].answer.passages[0].text = '这不是原文。';
            localStorage.setItem('{STORE}', JSON.stringify(all));
        }}"""
    )
    later = page.context.new_page()
    later.goto(page.url)
    wait_for_turn(later, 1)
    assert later.locator("blockquote").first.text_content() == quoted


def eventually(page: "Page", found: Callable[[], object], wanted: object) -> None:
    """Wait until something is found as it is wanted."""
    end = time.monotonic() + PATIENCE
    while found() != wanted and time.monotonic() < end:
        page.wait_for_timeout(50)
    assert found() == wanted


def test_conversations_are_begun_found_again_and_deleted(page: "Page") -> None:
    ask(page, FIRST)
    ask(page, SECOND)
    wait_for_answers_kept(page, 2)
    in_menu(page, HANS["new_conversation"])
    page.locator(".welcome").wait_for()
    ask(page, THIRD)
    wait_for_answers_kept(page, 1)
    page.locator(".masthead .menu summary").click()
    earlier = page.locator(".conversations li")
    eventually(page, earlier.count, 1)
    earlier.locator("[data-conversation]").click()
    wait_for_questions(page, [FIRST, SECOND])
    # An answer from before moves nothing, and a new one is added where it belongs.
    ask(page, "第5号记录是什么？")
    wait_for_answers_kept(page, 3)
    eventually(page, lambda: sorted(len(one["turns"]) for one in kept(page)), [1, 3])
    in_menu(page, HANS["begin_anew"])
    page.locator(".welcome").wait_for()
    eventually(page, lambda: [one["turns"][0]["question"] for one in kept(page)], [THIRD])
    page.locator(".masthead .menu summary").click()
    earlier.hover()
    earlier.locator("[data-delete]").click()
    page.locator(".conversations").wait_for(state="hidden")
    eventually(page, lambda: kept(page), [])


def test_many_conversations_are_searched_by_what_was_asked(page: "Page") -> None:
    for number in range(8):
        ask(page, f"第{number + 1}号记录是什么？")
        wait_for_answers_kept(page, 1)
        in_menu(page, HANS["new_conversation"])
        page.locator(".welcome").wait_for()
    page.locator(".masthead .menu summary").click()
    page.locator(".conversations input").fill("第4号")
    eventually(page, page.locator(".conversations li").count, 1)
    page.locator(".conversations [data-conversation]").click()
    wait_for_questions(page, ["第4号记录是什么？"])


def test_a_tab_does_not_overwrite_what_another_one_added(page: "Page") -> None:
    ask(page, FIRST)
    wait_for_answers_kept(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_turn(other, 1)
    ask(other, SECOND)
    wait_for_answers_kept(other, 2)
    ask(page, THIRD)
    page.wait_for_function(
        f"""() => JSON.parse(localStorage.getItem('{STORE}'))
            .filter((one) => one.turns.every((turn) => turn.answer)).length === 2"""
    )
    asked = [[turn["question"] for turn in one["turns"]] for one in kept(page)]
    assert sorted(asked) == sorted([[FIRST, THIRD], [FIRST, SECOND]])


def test_a_question_is_changed_and_asked_again_where_it_stands(page: "Page") -> None:
    ask(page, FIRST)
    ask(page, SECOND)
    on_turn(page, 1, "edit")
    editor = page.locator(".editor textarea")
    assert editor.input_value() == FIRST
    editor.fill(THIRD)
    editor.press("Escape")
    assert questions(page) == [FIRST, SECOND]
    on_turn(page, 1, "edit")
    editor.fill(SECOND)
    editor.press("Enter")
    wait_for_questions(page, [SECOND, SECOND])
    wait_for_turn(page, 1)
    assert "第7号记录" in (page.locator(".turn").first.locator("mark").first.text_content() or "")
    wait_for_answers_kept(page, 2)
    assert [turn["question"] for turn in kept(page)[0]["turns"]] == [SECOND, SECOND]


def test_what_is_being_changed_stays_while_an_answer_comes(page: "Page") -> None:
    ask(page, FIRST)
    on_turn(page, 1, "edit")
    page.locator(".editor textarea").fill("还在改")
    page.locator("#question textarea").fill(SECOND)
    page.locator("#question textarea").press("Enter")
    wait_for_turn(page, 2)
    assert page.locator(".editor textarea").input_value() == "还在改"
    page.locator('.editor [data-done="cancel"]').click()
    assert questions(page) == [FIRST, SECOND]


def test_a_turn_is_deleted_for_good(page: "Page") -> None:
    ask(page, FIRST)
    ask(page, SECOND)
    wait_for_answers_kept(page, 2)
    on_turn(page, 1, "drop")
    wait_for_questions(page, [SECOND])
    assert [turn["question"] for turn in kept(page)[0]["turns"]] == [SECOND]
    page.locator("#question textarea").fill(THIRD)
    page.locator("#question textarea").press("Enter")
    wait_for_turn(page, 3)
    page.reload()
    wait_for_turn(page, 3)
    assert questions(page) == [SECOND, THIRD]


def test_the_arrow_brings_back_what_was_asked(page: "Page") -> None:
    ask(page, FIRST)
    ask(page, SECOND)
    box = page.locator("#question textarea")
    box.focus()
    page.keyboard.press("ArrowUp")
    assert box.input_value() == SECOND
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box.input_value() == FIRST
    page.keyboard.press("ArrowDown")
    assert box.input_value() == SECOND
    page.keyboard.press("ArrowDown")
    assert box.input_value() == ""
    # What is typed is not thrown away.
    page.keyboard.type("还没问完")
    page.keyboard.press("ArrowUp")
    assert box.input_value() == "还没问完"


def test_on_a_phone_the_menu_of_a_turn_is_there_without_a_pointer(
    browser: "Browser", log: Server
) -> None:
    with opened(browser, log.url, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        ask(page, FIRST)
        page.locator(".bubble .menu summary").tap()
        page.locator(".bubble [data-drop]").tap()
        page.locator(".welcome").wait_for()


def test_nothing_is_kept_where_that_is_not_wanted(browser: "Browser") -> None:
    with served(keep=False) as server, opened(browser, server.url) as page:
        ask(page, FIRST)
        in_menu(page, HANS["new_conversation"])
        page.locator(".welcome").wait_for()
        assert page.evaluate(f"() => localStorage.getItem('{STORE}')") is None
