"""Take the pictures of the chat that the README shows: python tests/screenshots.py"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from browser import chromium, watched_page

from qa.chatbot import default_chatbot
from qa.web import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parent / "data"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUESTIONS = ("何为新市民？", "招商银行的行长是谁？")


def main() -> None:
    server = serve(default_chatbot, port=0, block=False)
    server.service.wait()
    with chromium() as browser:
        for scheme in ("light", "dark"):
            with asked(browser, server.url, scheme, DESKTOP) as page:
                page.locator(".passage blockquote").first.click()
                page.mouse.move(0, 0)
                take(page, f"desktop-{scheme}")
            with asked(browser, server.url, scheme, PHONE) as page:
                take(page, f"phone-{scheme}")
                page.locator(".passage blockquote").first.click()
                take(page, f"phone-article-{scheme}")
    server.close()


@contextmanager
def asked(browser: "Browser", url: str, scheme: str, viewport: dict[str, int]) -> Iterator["Page"]:
    """Open the chat and ask: first what the article answers, then what it does not say."""
    look = {"viewport": viewport, "color_scheme": scheme, "locale": "zh-CN"}
    with watched_page(browser, **look, reduced_motion="reduce") as page:
        page.goto(url)
        page.wait_for_selector("#article article", state="attached")
        for number, question in enumerate(QUESTIONS, 1):
            page.locator("#question textarea").fill(question)
            page.locator("#question textarea").press("Enter")
            page.wait_for_selector(f'.turn[data-turn="{number}"][data-state="answered"]')
        yield page


def take(page: "Page", name: str) -> None:
    page.wait_for_timeout(500)
    path = FOLDER / f"screenshot-{name}.png"
    page.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main()
