"""Take the pictures of the chat that the README shows.

``PYTHONPATH=tests python -m support.screenshots`` writes them into ``tests/data``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qa.chatbot.cached import default_chatbot
from qa.web import serve
from support.browser import DESKTOP, PHONE, ask, chromium, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parents[1] / "data"
KNOWN = "何为新市民？"
FOLLOW_UP = ("微乐贷是什么？", "那额度呢？")
UNKNOWN = "招商银行的行长是谁？"
OWN = (
    "渡轮往事\n\n渡轮每天早上七点开船，平均票价为12元。\n\n船长叫周海平，在这条航线上跑了三十年。\n\n"
    "什么是雾号？雾号是大雾时代替灯光的汽笛，每隔一分钟响一次。\n"
)


def main() -> None:
    server = serve(default_chatbot, port=0, block=False)
    server.service.wait()
    with chromium() as browser:
        for scheme in ("light", "dark"):
            with looked_at(browser, server.url, scheme, DESKTOP) as page:
                take(page, f"welcome-{scheme}")
                ask(page, KNOWN)
                page.locator(".passage blockquote").first.click()
                page.mouse.move(0, 0)
                take(page, f"desktop-{scheme}")
            with looked_at(browser, server.url, scheme, PHONE) as page:
                ask(page, KNOWN)
                take(page, f"phone-{scheme}")
                page.locator(".passage blockquote").first.click()
                take(page, f"phone-article-{scheme}")
        with looked_at(browser, server.url, "light", DESKTOP) as page:
            for question in FOLLOW_UP:
                ask(page, question)
            ask(page, UNKNOWN)
            take(page, "refusal-light")
            page.locator("[data-add]").click()
            page.locator("#paste-text textarea").fill(OWN)
            take(page, "adding-light")
            page.locator("#paste-add button, button#paste-add").click()
            page.wait_for_selector(".shelf .menu")
            ask(page, "船长叫什么？")
            page.locator(".turn").last.locator(".passage blockquote").first.click()
            page.mouse.move(0, 0)
            take(page, "own-light")
    server.close()


@contextmanager
def looked_at(
    browser: "Browser", url: str, scheme: str, viewport: dict[str, int]
) -> Iterator["Page"]:
    """Open the chat as somebody with a light or dark screen of a size."""
    look = {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}
    with opened(browser, url, **look) as page:
        yield page


def take(page: "Page", name: str) -> None:
    page.wait_for_timeout(500)
    path = FOLDER / f"screenshot-{name}.png"
    page.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main()
