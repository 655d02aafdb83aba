"""A real headless Chromium for the tests and for the screenshots."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import pytest

from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LEAVING = ("AbortError", "Connection errored out")
"""What gradio says when a page is left, or loaded again, in the middle of something."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def browser_path() -> str | None:
    """Return where a Chromium is installed."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Run a browser; skip the test if there is none, unless QA_REQUIRE_BROWSER asks for one."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _do_without("playwright is not installed: pip install playwright")
    path = browser_path()
    if path is None:
        _do_without(f"no browser: none of {', '.join(NAMES)} is on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _do_without(reason: str) -> NoReturn:
    if os.environ.get("QA_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def watched_page(
    browser: "Browser", expected: Sequence[str] = (), **options: object
) -> Iterator["Page"]:
    """Open a page that must neither log an error nor ask anything of another machine.

    A message that contains one of the texts ``expected`` is none.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(1_000 * PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            problems.append(f"outside: {request.url}") if _is_outside(request.url) else None
        ),
    )
    page.on("dialog", lambda dialog: (problems.append("a dialog opened"), dialog.dismiss()))
    yield page
    allowed = (*LEAVING, *expected)
    found = [one for one in problems if not any(text in one for text in allowed)]
    # What closing breaks off is no problem of the page.
    context.close()
    assert found == [], found


def _is_outside(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in ("data", "blob", "about") and parts.hostname not in LOOPBACK


@contextmanager
def opened(browser: "Browser", url: str, **options: object) -> Iterator["Page"]:
    """Open the chat and wait until the article is there and questions are answered at once."""
    with watched_page(browser, **{"viewport": DESKTOP, "locale": "zh-CN", **options}) as page:
        page.goto(url)
        wait_until_ready(page)
        yield page


def wait_until_ready(page: "Page") -> None:
    """Wait until the article is there and the conversation says no more that it loads."""
    page.wait_for_selector("#article article", state="attached")
    page.wait_for_selector("#conversation .loading", state="detached")


def ask(page: "Page", question: str, state: str = "answered") -> int:
    """Type a question, press Enter and wait; return the number of its turn."""
    number = page.locator(".turn").count() + 1
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    wait_for_turn(page, number, state)
    return number


def wait_for_turn(page: "Page", number: int, state: str = "answered") -> None:
    """Wait until a turn is answered, and until its strip can be drawn."""
    page.wait_for_selector(f'.turn[data-turn="{number}"][data-state="{state}"]')
    if state == "answered":
        page.wait_for_selector(f'.turn[data-turn="{number}"][data-bearing]')


def wait_until(page: "Page", holds: Callable[[], bool]) -> None:
    """Look again and again, while the page goes on, until something holds that is not in it."""
    while not holds():
        page.wait_for_timeout(20)


def wait_for_drawing(page: "Page") -> None:
    """Wait until what the page has begun to show is shown: two frames were drawn."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def lit(page: "Page") -> str:
    """Return the id of the lit paragraph once it stands inside the visible article."""
    page.wait_for_function(
        """() => {
            const lit = document.querySelector('#article .lit');
            if (!lit) return false;
            const box = lit.getBoundingClientRect();
            const pane = document.querySelector('#article').getBoundingClientRect();
            return box.top >= pane.top - 1 && box.top < pane.bottom
                && getComputedStyle(lit).visibility === 'visible';
        }"""
    )
    return page.locator("#article .lit").get_attribute("id") or ""


def wait_for_lit(shown: "Page", paragraph: str | None) -> None:
    """Wait until the paragraph of that id is lit."""
    shown.wait_for_function(
        "(id) => document.querySelector('#article .lit')?.id === id", arg=paragraph
    )
