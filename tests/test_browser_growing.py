"""A long article in a real browser while it is read in: asked in part, stopped, left alone."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.embedding import Progress
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.types import Floats
from qa.web import Server
from qa.web.texts import TEXTS
from qa.web.visit import visits
from support.browser import (
    DESKTOP,
    PHONE,
    ask,
    opened,
    wait_for_turn,
    wait_until,
    wait_until_ready,
)
from support.long_article import record

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
COUNT = 200
READ = 64
"""Paragraphs that can be asked before the rest is read."""
LAST = "灯塔看守人叫陈阿福。"
LOG = "\n\n".join(["航海日志", "船长叫周海平。", *map(record, range(3, COUNT)), LAST])
FERRY = "渡轮每天早上七点开船。\n\n渡轮的船长叫林向东。\n"


class Gate:
    """Keeps the model from embedding more than the beginning of the log, until it is opened."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.reached = threading.Event()

    def open(self) -> None:
        self._open.set()

    def wait(self, progress: Progress | None) -> None:
        self.reached.set()
        while not self._open.wait(0.02):
            # As between two batches.
            if progress is not None:
                progress(0, COUNT)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    sound = SentenceTransformerEmbedder.encode_documents

    def encode_documents(
        self: SentenceTransformerEmbedder, texts: Sequence[str], progress: Progress | None = None
    ) -> Floats:
        if any(f"第{READ + 10}号记录" in text for text in texts):
            made.wait(progress)
        return sound(self, texts, progress)

    monkeypatch.setattr(SentenceTransformerEmbedder, "encode_documents", encode_documents)
    yield made
    made.open()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "日志.txt"
    path.write_text(LOG, encoding="utf-8")
    return path


def open_form(page: "Page") -> None:
    if page.locator('#shelf [data-add][aria-expanded="false"]').count():
        page.locator("#shelf [data-add]").click()


def add(page: "Page", path: Path) -> None:
    open_form(page)
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name=HANS["choose_files"], exact=True).click()
    chosen.value.set_files(path)


def paste(page: "Page", text: str, name: str) -> None:
    open_form(page)
    page.get_by_label(HANS["paste_name"]).fill(name)
    page.get_by_label(HANS["paste_text"]).fill(text)
    page.get_by_role("button", name=HANS["paste_add"]).click()


def wait_for_part(page: "Page") -> None:
    """Wait until an article that is being read in can be asked in part."""
    page.locator(".adding-status").get_by_text(HANS["read_can_be_asked"]).wait_for()
    page.wait_for_selector('#article article[data-title="航海日志"]')


def told(page: "Page", number: int) -> str:
    return page.locator(f'.turn[data-turn="{number}"] .reply').inner_text()


def uploads(server: Server) -> list[Path]:
    """Return the copies of files that the server holds."""
    folder = Path(server.page.GRADIO_CACHE)
    return [path for path in folder.rglob("*") if path.is_file() and "日志" in path.name]


def test_what_is_read_of_a_long_article_can_be_asked(page: "Page", gate: Gate, log: Path) -> None:
    add(page, log)
    wait_for_part(page)
    number = ask(page, "船长叫什么？")
    first = page.locator(f'.turn[data-turn="{number}"] blockquote').first
    assert first.inner_text() == "船长叫周海平。"
    so_far = f"只读了前 {READ - 1} 段（共 {COUNT - 1} 段）"
    assert so_far in told(page, number)
    number = ask(page, "灯塔看守人叫什么？")
    assert so_far in told(page, number)
    assert "文中没有提到" not in told(page, number)
    assert "读过的部分没有提到" in told(page, number)
    # All of it can be read.
    assert page.locator("#article .paragraph").count() == COUNT
    gate.open()
    page.locator(".adding-status p.added").wait_for()
    number = ask(page, "灯塔看守人叫什么？")
    assert page.locator(f'.turn[data-turn="{number}"] blockquote').first.inner_text() == LAST
    assert "只读了" not in told(page, number)
    # What was told before stays as it was found.
    assert so_far in told(page, 1)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_reading_an_article_is_stopped_and_begun_again(
    browser: "Browser", own_articles_server: Server, gate: Gate, log: Path, viewport: dict[str, int]
) -> None:
    with opened(browser, own_articles_server.url, viewport=viewport) as page:
        if viewport == PHONE:
            page.locator("[data-open]").click()
        add(page, log)
        wait_for_part(page)
        assert gate.reached.is_set()
        page.get_by_role("button", name=HANS["stop"], exact=True).click()
        page.locator(".adding-status").get_by_text(HANS["stopped"].format(name=log.name)).wait_for()
        page.wait_for_selector('#article article[data-document="article.md"]')
        assert page.locator("[data-documents]").count() == 0
        assert uploads(own_articles_server) == []
        assert not own_articles_server.service.one_reading._is_held
        gate.open()
        add(page, log)
        page.locator(".adding-status p.added").wait_for()
        page.wait_for_selector('#article article[data-title="航海日志"]')


def test_removing_what_is_read_in_part_stops_it(page: "Page", gate: Gate, log: Path) -> None:
    add(page, log)
    wait_for_part(page)
    page.locator(".shelf .menu summary").click()
    page.locator("[data-remove]").click()
    page.locator(".adding-status p.stopped").wait_for()
    page.wait_for_selector('#article article[data-document="article.md"]')
    ask(page, "何为新市民？")


def test_an_article_that_waits_is_stopped_alone(page: "Page", gate: Gate, log: Path) -> None:
    add(page, log)
    wait_for_part(page)
    paste(page, FERRY, "渡轮")
    line = page.locator(".adding-status p.waiting", has_text="渡轮")
    line.get_by_role("button", name=HANS["stop"], exact=True).click()
    page.locator(".adding-status p.stopped", has_text="渡轮").wait_for()
    assert page.locator(".adding-status p.busy", has_text=log.name).count() == 1
    paste(page, FERRY, "渡轮")
    page.locator(".adding-status p.waiting", has_text="渡轮").wait_for()
    gate.open()
    page.wait_for_selector('#article article[data-title="渡轮"]')
    page.locator(".adding-status p.busy").wait_for(state="detached")
    assert page.locator("[data-documents] option").count() == 3


def test_a_question_elsewhere_waits_for_an_article_that_is_read_in(
    page: "Page", gate: Gate, log: Path
) -> None:
    add(page, log)
    wait_for_part(page)
    page.locator("#scope").get_by_text("问全部 2 篇").click()
    page.locator("#question textarea").fill("何为新市民？")
    page.locator("#question textarea").press("Enter")
    page.locator(".notice").get_by_text(HANS["ask_anyway"]).click()
    wait_for_turn(page, 1)
    assert "只读了" not in told(page, 1)


def test_a_page_that_is_loaded_again_goes_on_and_one_that_is_closed_stops(
    browser: "Browser",
    own_articles_server: Server,
    gate: Gate,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with opened(browser, own_articles_server.url) as page:
        add(page, log)
        wait_for_part(page)
        page.reload()
        wait_until_ready(page)
        wait_for_part(page)
        ask(page, "船长叫什么？")
        assert f"共 {COUNT - 1} 段" in told(page, 1)
        monkeypatch.setattr(visits, "AWAY_SECONDS", 0.0)
        page.close()
        with opened(browser, own_articles_server.url) as other:
            wait_until(other, lambda: not own_articles_server.service.one_reading._is_held)
            wait_until(other, lambda: uploads(own_articles_server) == [])
