"""A server that goes away and comes back, as a person at the page has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import ask, opened, wait_for_turn, wait_until_ready
from support.long_article import long_bot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HANS = TEXTS["zh-Hans"]
GONE = ("ERR_", "error", "Error", "Failed")
"""What the browser logs of a server that is not there."""


@contextmanager
def served(port: int, *, keep: bool = True) -> Iterator[Server]:
    server = serve(lambda: long_bot(20), port=port, block=False, keep=keep)
    yield server
    server.close()


def test_a_conversation_outlives_a_restart_and_what_was_typed(browser: "Browser") -> None:
    with served(0) as first:
        port = first.page.server_port
        with opened(browser, first.url, expected=GONE) as page:
            ask(page, "第12号记录是什么？")
            ask(page, "第7号记录是什么？")
            quoted = page.locator("blockquote").all_text_contents()
            first.close()
            page.locator(".masthead .away").get_by_text(HANS["away"]).wait_for()
            page.locator("#question textarea").fill("还没问完")
            assert not page.locator(".toast-wrap").is_visible()
            with served(port):
                page.locator(".masthead .away").wait_for(state="hidden")
                wait_until_ready(page)
                page.wait_for_selector('.turn[data-turn="2"][data-state="answered"]')
                assert page.locator(".asked p").all_inner_texts() == [
                    "第12号记录是什么？",
                    "第7号记录是什么？",
                ]
                assert page.locator("blockquote").all_text_contents() == quoted
                page.wait_for_function(
                    "() => document.querySelector('#question textarea').value === '还没问完'"
                )
                page.locator("#question textarea").press("Enter")
                wait_for_turn(page, 3)


def test_a_conversation_is_kept_for_a_later_tab_until_it_is_cleared(browser: "Browser") -> None:
    with served(0) as server, opened(browser, server.url) as page:
        ask(page, "第12号记录是什么？")
        later = page.context.new_page()
        later.goto(server.url)
        later.wait_for_selector('.turn[data-turn="1"][data-state="answered"]')
        later.locator(".masthead .menu summary").click()
        later.get_by_role("button", name=HANS["begin_anew"]).click()
        later.locator(".turn").wait_for(state="detached")
        later.locator(".welcome").wait_for()
        assert later.evaluate("() => localStorage.getItem('article-qa-conversations')") is None
        ask(later, "第7号记录是什么？")
        assert later.locator(".asked p").all_inner_texts() == ["第7号记录是什么？"]


def test_nothing_is_kept_where_that_is_not_wanted(browser: "Browser") -> None:
    with served(0, keep=False) as server, opened(browser, server.url) as page:
        ask(page, "第12号记录是什么？")
        assert page.evaluate("() => localStorage.getItem('article-qa-conversations')") is None
        later = page.context.new_page()
        later.goto(server.url)
        wait_until_ready(later)
        ask(later, "第7号记录是什么？")
        assert later.locator(".asked p").all_inner_texts() == ["第7号记录是什么？"]
