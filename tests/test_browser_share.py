"""Links that open with a question asked, links to the source, and the chat inside another site."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from qa import loaders
from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import DESKTOP, ask, lit, opened, wait_for_turn, watched_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
LIGHTHOUSE = "灯塔高三十二米。\n\n守护人叫陈阿福。\n\n何为“雾号”？其是指大雾时代替灯光的汽笛。\n"
FERRY = "渡轮每天早上七点开船。\n\n船长叫周海平。\n"
KEEPER, CAPTAIN = "守护人叫什么？", "船长叫什么？"
ADDRESS = "https://example.org/a?b=1#top"


def two_articles() -> Chatbot:
    """Return a chatbot on an article of a file, and one that came from an address."""
    lighthouse = loaders.from_text("灯塔", LIGHTHOUSE)
    ferry = loaders.from_text("渡轮", FERRY)
    return Chatbot.from_documents([lighthouse, replace(ferry, source=ADDRESS)])


@pytest.fixture(scope="module")
def server(browser: "Browser") -> Iterator[Server]:
    served = serve(two_articles, port=0, block=False)
    yield served
    served.close()


def copied(page: "Page") -> str:
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def test_a_copied_link_opens_with_the_question_asked_and_the_passage_lit(
    browser: "Browser", server: Server
) -> None:
    access = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, server.url, **access) as page:
        ask(page, CAPTAIN)
        page.locator(".bubble").hover()
        page.locator(".bubble .menu summary").click()
        page.get_by_role("button", name=HANS["copy_link"]).click()
        page.wait_for_function("() => navigator.clipboard.readText().then((text) => text !== '')")
        link = copied(page)
    assert parse_qs(urlsplit(link).query) == {"d": ["渡轮"], "q": [CAPTAIN], "p": ["2"]}
    with opened(browser, link) as page:
        wait_for_turn(page, 1)
        assert page.locator(".asked p").inner_text() == CAPTAIN
        assert lit(page) == "p2"
        assert page.locator("#article article").get_attribute("data-document") == "渡轮"
        # It is asked once, however often the page is loaded.
        page.reload()
        wait_for_turn(page, 1)
        assert page.locator(".turn").count() == 1


def test_the_passage_of_a_link_stays_lit_though_another_one_answers(
    browser: "Browser", server: Server
) -> None:
    with opened(browser, f"{server.url}?q={quote(KEEPER)}&p=3") as page:
        wait_for_turn(page, 1)
        assert page.locator(".passage").first.get_attribute("data-paragraph") == "p2"
        assert lit(page) == "p3"


def test_a_question_in_a_link_is_text(browser: "Browser", server: Server) -> None:
    hostile = "<img src=x onerror=alert(1)>守护人叫什么？"
    with opened(browser, f"{server.url}?q={quote(hostile)}") as page:
        wait_for_turn(page, 1)
        assert page.locator(".asked p").inner_text() == hostile
        assert page.locator("#panes img").count() == 0


def test_a_passage_of_a_web_page_links_to_its_sentence_there(
    browser: "Browser", server: Server
) -> None:
    with opened(browser, server.url) as page:
        ask(page, CAPTAIN)
        link = page.locator(".passage").first.get_by_text(HANS["source_page"])
        sentence = quote("船长叫周海平。", safe="")
        assert link.get_attribute("href") == f"https://example.org/a?b=1#:~:text={sentence}"
        assert link.get_attribute("rel") == "noopener noreferrer"
        ask(page, KEEPER)
        first = page.locator(".turn").last.locator(".passage").first
        assert first.get_by_text(HANS["source_page"]).count() == 0


class OtherSite:
    """A site at an origin of its own that shows an address in a frame."""

    def __init__(self) -> None:
        site = self
        self.framed = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                frame = f'<iframe src="{site.framed}" width="1200" height="760"></iframe>'
                self.wfile.write(f"<!doctype html><title>x</title>{frame}".encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    site = OtherSite()
    yield site
    site.close()


# What the browser says of a frame that it does not show, and of the icon that the site lacks.
REFUSED = ("frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "favicon", "Failed to load resource")


def test_the_site_that_is_named_may_show_the_chat(
    browser: "Browser", other_site: OtherSite
) -> None:
    served = serve(two_articles, port=0, block=False, embed=other_site.origin)
    other_site.framed = served.url
    try:
        expected = ["Blocked autofocusing"]
        with watched_page(browser, expected, viewport=DESKTOP, locale="zh-CN") as page:
            page.goto(other_site.origin)
            frame = page.frame_locator("iframe")
            frame.locator("#article article").wait_for()
            frame.locator("#question textarea").fill(KEEPER)
            frame.locator("#question textarea").press("Enter")
            frame.locator('.turn[data-state="answered"]').wait_for()
    finally:
        served.close()


def test_no_other_site_may_show_it(
    browser: "Browser", server: Server, other_site: OtherSite
) -> None:
    other_site.framed = server.url
    with watched_page(browser, expected=REFUSED, viewport=DESKTOP) as page:
        page.goto(other_site.origin)
        page.wait_for_load_state("networkidle")
        assert page.frame_locator("iframe").locator("#question").count() == 0


@pytest.mark.parametrize(
    "embed",
    ["example.org", "https://", "https://a.b/path", "https://a b", "*", "https://a.b;x", "ftp://a"],
)
def test_what_is_no_origin_is_told(embed: str) -> None:
    with pytest.raises(QAError, match="is no origin of a site; expected for example"):
        serve(two_articles, port=0, block=False, embed=embed)
