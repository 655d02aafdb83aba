"""People who use a served chat in a real browser: they ask, paste, upload, remove and reload."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from qa.web.texts import TEXTS
from support.browser import ARGUMENTS, browser_path
from support.people import Busy, MixedUp
from support.places import Question, article_of, questions_about, ship_of
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.async_api import Page

__all__ = ["Reader", "open_pages", "why_no_pages"]

HANS = TEXTS["zh-Hans"]
FILES = "#article-pane input[type=file]"


class Reader:
    """Somebody at a page, with articles of their own that come and go."""

    def __init__(self, page: "Page", url: str, number: int) -> None:
        self._page = page
        self._url = url
        self._article = article_of(number)
        self._questions = itertools.cycle(questions_about(number))
        self._ships = ship_of(number)
        self._steps: Iterator[Callable[[], Awaitable[str]]] = itertools.chain.from_iterable(
            (
                self._open,
                self._turn,
                self._ask,
                add,
                self._ask_own,
                self._remove,
                self._widen,
            )
            for add in itertools.cycle((self._paste, self._upload))
        )
        self._step: Callable[[], Awaitable[str]] | None = None
        self._own: tuple[str, Question] | None = None
        self._ship = next(self._ships)

    async def act(self) -> str:
        """Do the next thing; one that was too much for the server is tried again."""
        step = self._step or next(self._steps)
        self._step = step
        done = await step()
        self._step = None
        return done

    async def leave(self) -> None:
        """Close the page."""
        await self._page.close()

    async def _open(self) -> str:
        await self._page.goto(f"{self._url}?d={self._article}")
        await self._page.wait_for_selector(_article(self._article), state="attached")
        await self._page.wait_for_selector("#conversation .loading", state="detached")
        return "opened the page"

    async def _turn(self) -> str:
        choice = self._page.locator("[data-documents]")
        first = await choice.locator("option").first.get_attribute("value") or ""
        await choice.select_option(first)
        await self._page.wait_for_selector(_article(first), state="attached")
        return "turned to an article"

    async def _ask(self) -> str:
        await self._put(next(self._questions))
        return "asked on the page"

    async def _ask_own(self) -> str:
        assert self._own is not None
        await self._put(self._own[1])
        return "asked on the page"

    async def _put(self, question: Question) -> None:
        page = self._page
        turns = page.locator(".turn")
        last = await turns.last.get_attribute("data-turn") if await turns.count() else None
        turn = page.locator(f'.turn[data-turn="{int(last or 0) + 1}"][data-bearing]')
        box = page.locator("#question textarea")
        await box.fill(question.text)
        if not await self._joined(lambda: box.press("Enter")):
            await page.locator(".notice").get_by_text(HANS["busy"]).wait_for()
            raise Busy(HANS["busy"])
        await turn.wait_for()
        asked = await turn.locator(".asked p").first.inner_text()
        found = await turn.locator("blockquote").all_inner_texts()
        if asked != question.text or question.paragraph not in found[:1]:
            raise MixedUp(f"asked {question.text}, got {asked}: {found[:1]}")

    async def _paste(self) -> str:
        name, text, question = self._ship
        page = self._page
        if not await page.locator("#adding").is_visible():
            await page.locator("[data-add]").click()
        await page.get_by_label(HANS["paste_name"]).fill(name)
        await page.get_by_label(HANS["paste_text"]).fill(text)
        button = page.get_by_role("button", name=HANS["paste_add"])
        await self._added(await self._joined(button.click), name, question)
        return "added an article"

    async def _upload(self) -> str:
        name, text, question = self._ship
        file = {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text.encode()}
        files = self._page.locator(FILES)
        await self._added(
            await self._joined(lambda: files.set_input_files([file])), f"{name}.txt", question
        )
        return "added an article"

    async def _added(self, joined: bool, document: str, question: Question) -> None:
        if not joined:
            await self._page.locator(".adding-status").get_by_text(HANS["busy_adding"]).wait_for()
            raise Busy(HANS["busy_adding"])
        await self._page.wait_for_selector(_article(document), state="attached")
        self._own = document, question
        self._ship = next(self._ships)

    async def _remove(self) -> str:
        assert self._own is not None
        await self._page.locator(".shelf .menu summary").click()
        await self._page.locator("[data-remove]").click()
        await self._page.wait_for_selector(_article(self._own[0]), state="detached")
        return "removed an article"

    async def _widen(self) -> str:
        """Ask all articles from now on; after adding one, only that one was asked."""
        choice = self._page.locator("#scope").get_by_text(HANS["ask_all"].split("{")[0].strip())
        async with self._page.expect_response(lambda reply: "run/predict" in reply.url):
            await choice.click()
        return "chose what to ask"

    async def _joined(self, action: Callable[[], Awaitable[object]]) -> bool:
        """Do something that has to wait its turn; tell whether it may."""
        async with self._page.expect_response(lambda reply: "queue/join" in reply.url) as reply:
            await action()
        return (await reply.value).status != 503


def why_no_pages() -> str:
    """Return why there can be no pages; empty if there can."""
    try:
        import playwright.async_api  # noqa: F401
    except ImportError:
        return "playwright is not installed: pip install playwright"
    return "" if browser_path() else "there is no chromium on the PATH"


@asynccontextmanager
async def open_pages(count: int) -> AsyncIterator[list["Page"]]:
    """Open pages that share no cookies, in one browser."""
    if not count:
        yield []
        return
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        pages = []
        for _ in range(count):
            context = await browser.new_context(locale="zh-CN")
            context.set_default_timeout(PATIENCE * 1_000)
            pages.append(await context.new_page())
        yield pages
        await browser.close()


def _article(document: str) -> str:
    return f'#article article[data-document="{document}"]'
