"""The page around the conversation: the article beside it, languages, screens, other articles."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from qa.chatbot import Chatbot
from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import (
    DESKTOP,
    PHONE,
    ask,
    lit,
    opened,
    wait_for_lit,
    wait_for_turn,
    wait_until,
    wait_until_ready,
    watched_page,
)

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Browser, Page, Route


HANS = TEXTS["zh-Hans"]
UNKNOWN = "诺贝尔物理学奖颁给了哪位天文学家？"
HOSTILE = (
    "　　<script>document.title='被改'</script><img src=x onerror=\"document.title='被改'\"> "
    "**x** $$x$$ # x {{x}} ${x} `x` <b>y</b> &amp; 😀 \u202eabc\u202c"
)
HOSTILE_ARTICLE = f"{HOSTILE}\n\n雪山的高度是4810米，{HOSTILE}\n\n长行{'雪' * 5_000}\n"


@pytest.fixture(scope="module")
def two_articles(server: Server) -> Iterator[Server]:
    texts = {"灯塔": "灯塔高三十二米。\n\n守护人叫陈阿福。\n", HOSTILE: HOSTILE_ARTICLE}
    served = serve(lambda: Chatbot.from_texts(texts), port=0, block=False)
    yield served
    served.close()


def test_outline_and_link_to_a_paragraph(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url) as page:
        heading = page.locator(".outline a").last
        heading.click()
        assert page.locator(f"#{lit(page)}").inner_text() == heading.inner_text()
        page.goto(f"{server.url}?p=12")
        assert lit(page) == "p12"


def line_beside_the_name(page: "Page") -> str:
    """Tell whether the line is whole, cut or hidden."""
    found: str = page.locator(".masthead p").evaluate(
        """(line) => {
            const box = line.getBoundingClientRect();
            const words = [...line.children].find((one) => one.offsetWidth);
            const at = words.getBoundingClientRect();
            if (at.top >= box.bottom) return "hidden";
            return at.right <= box.right && at.bottom <= box.bottom + 1 ? "whole" : "cut";
        }"""
    )
    return found


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("en-GB", "en")]
)
def test_interface_in_the_language_of_the_browser(
    browser: "Browser", server: Server, locale: str, language: str
) -> None:
    texts = next(texts for name, texts in TEXTS.items() if name == language)
    with watched_page(browser, viewport=DESKTOP, locale=locale) as page:
        page.goto(server.url)
        page.wait_for_selector("#article article")
        assert page.locator(".welcome h2").inner_text() == texts["welcome"]
        assert page.locator(".masthead h1").inner_text() == texts["name"]
        assert page.locator(".outline h3").inner_text() == texts["contents"]
        box = page.get_by_label(texts["question"], exact=True)
        assert box.get_attribute("placeholder") == texts["placeholder"]
        page.get_by_role("button", name=texts["send"], exact=True).wait_for()
        assert line_beside_the_name(page) == "whole"
        page.set_viewport_size({"width": 960, "height": 800})
        assert line_beside_the_name(page) != "cut"
        page.set_viewport_size(PHONE)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
        right = page.locator("[data-open]").evaluate("(one) => one.getBoundingClientRect().right")
        assert right < PHONE["width"]


def test_phone(browser: "Browser", server: Server) -> None:
    with watched_page(browser, viewport=PHONE, locale="zh-CN", has_touch=True) as page:
        page.goto(server.url)
        page.wait_for_selector("#article article", state="attached")
        assert not page.locator("#article-pane").is_visible()
        ask(page, "何为新市民？")
        page.locator(".passage blockquote").first.tap()
        assert lit(page)
        page.locator("#shelf [data-close]").tap()
        page.wait_for_selector("#article-pane", state="hidden")
        page.locator("[data-open]").tap()
        page.wait_for_selector("#article-pane", state="visible")
        page.keyboard.press("Escape")
        page.wait_for_selector("#article-pane", state="hidden")
        overflow = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert page.evaluate(overflow) <= 0


def test_hostile_article_and_question_are_text(browser: "Browser", two_articles: Server) -> None:
    with opened(browser, two_articles.url) as page:
        ask(page, f"雪山的高度是多少？{HOSTILE}")
        assert page.locator(".asked p").evaluate("(p) => p.textContent").endswith(HOSTILE)
        passage = page.locator(".passage", has_text="4810").first
        expected = f"雪山的高度是4810米，{HOSTILE}"
        assert passage.locator("blockquote").evaluate("(q) => q.textContent") == expected
        assert page.locator("#panes script, #panes img, #panes b").count() == 0
        if not passage.is_visible():
            page.locator("details.more summary").last.click()
        passage.locator(".place").click()
        paragraph = page.locator(f"#{lit(page)}")
        assert paragraph.evaluate("(p) => p.textContent") == expected
        # The title of the page is the article's, which is as hostile as the rest.
        assert page.title().strip().startswith("<script>")
        assert "document.title='被改'" in page.title()
        wide = "() => document.querySelector('#article').scrollWidth - 1 <= "
        assert page.evaluate(wide + "document.querySelector('#article').clientWidth")


def test_several_articles(browser: "Browser", two_articles: Server) -> None:
    # The page is left while the questions to start with are still being made.
    left = ["AbortError", "Connection errored out"]
    with opened(browser, two_articles.url, locale="en", expected=left) as page:
        assert page.locator(".welcome h2").inner_text() == TEXTS["en"]["welcome_several"]
        page.locator("[data-documents]").wait_for()
        assert page.locator("#article article").get_attribute("data-document") == "灯塔"
        ask(page, "雪山的高度是多少米？")
        page.locator(".passage", has_text="4810").locator(".place").first.click()
        page.wait_for_selector("#article .lit")
        address = json.loads(
            page.evaluate(
                "() => JSON.stringify(Object.fromEntries(new URL(location.href).searchParams))"
            )
        )
        assert address["d"].strip() == HOSTILE.strip()
        assert re.fullmatch(r"\d+", address["p"])
        page.reload()
        assert lit(page) == f"p{address['p']}"
        page.locator("[data-documents]").select_option("灯塔")
        page.wait_for_selector('article[data-document="灯塔"]')


def test_the_strip_shows_what_bears_on_the_question(desktop: "Page") -> None:
    assert desktop.locator("#strip i").count() == 0
    ask(desktop, "何为新市民？")
    strongest = desktop.evaluate(
        """() => {
            const marks = [...document.querySelectorAll('#strip i')];
            const strength = (mark) => Number(mark.style.getPropertyValue('--strength'));
            return marks.sort((a, b) => strength(b) - strength(a))[0].dataset.paragraph;
        }"""
    )
    paragraphs = desktop.locator("#article .paragraph").count()
    assert desktop.locator("#strip i").count() == paragraphs
    assert strongest == "p6"
    assert "p6" in desktop.locator("#strip i.quoted").evaluate_all(
        "(marks) => marks.map((mark) => mark.dataset.paragraph)"
    )
    desktop.locator('#strip i[data-paragraph="p15"]').click()
    wait_for_lit(desktop, "p15")
    # What was quoted stays marked when another question is asked.
    ask(desktop, UNKNOWN)
    assert desktop.locator('#strip i.quoted[data-paragraph="p6"]').count() == 1
    assert desktop.locator("#strip.absent").count() == 1


def test_the_language_is_switched_and_stays(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    desktop.get_by_role("button", name="English").click()
    desktop.get_by_placeholder(TEXTS["en"]["placeholder"]).wait_for()
    assert desktop.locator(".turn .certainty summary").inner_text() in ("Sure", "Not quite sure")
    assert desktop.locator(".masthead h1").inner_text() == TEXTS["en"]["name"]
    assert desktop.locator("html").get_attribute("lang") == "en"
    desktop.reload()
    wait_until_ready(desktop)
    assert desktop.locator(".masthead h1").inner_text() == TEXTS["en"]["name"]
    assert desktop.locator(".outline h3").inner_text() == TEXTS["en"]["contents"]


def test_a_reload_keeps_the_conversation(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    desktop.reload()
    wait_for_turn(desktop, 1)
    assert desktop.locator(".asked p").inner_text() == "何为新市民？"


def test_nothing_jumps_while_the_page_becomes_ready(browser: "Browser", server: Server) -> None:
    script = """
        window.shifts = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shifts += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
    """
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as shown:
        shown.add_init_script(script)
        shown.goto(server.url)
        wait_until_ready(shown)
        box = shown.locator("#question")
        place = box.bounding_box()
        assert shown.evaluate("() => window.shifts") < 0.1
        ask(shown, "何为新市民？")
        assert box.bounding_box() == place


def test_what_was_drawn_earlier_and_arrives_later_does_not_stay(
    browser: "Browser", server: Server
) -> None:
    held: list[tuple[Route, APIResponse]] = []

    def hold_first(route: "Route") -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    with opened(browser, server.url) as page:
        for question in ("何为新市民？", "新市民的整体规模是多少？"):
            ask(page, question)
        page.wait_for_selector(".next [data-ask]")
        page.route("**/gradio_api/run/predict", hold_first)
        page.locator("[data-vote=yes]").first.click()
        wait_until(page, lambda: bool(held))
        page.locator("[data-vote=yes]").last.click()
        page.get_by_text(HANS["thanks"]).last.wait_for()
        (route, response), *_ = held
        route.fulfill(response=response)
        page.wait_for_function(
            "(text) => document.querySelector('#conversation').innerText.split(text).length > 2",
            arg=HANS["thanks"],
        )


DRAWN_ANEW = "(one) => { const all = one.parentElement; all.innerHTML = all.innerHTML; }"


def test_what_is_drawn_anew_while_a_button_is_held_down_swallows_no_click(
    browser: "Browser", server: Server
) -> None:
    with opened(browser, server.url) as page:
        ask(page, "何为新市民？")
        page.wait_for_selector(".next [data-ask]")
        vote = page.locator("[data-vote=yes]")
        vote.hover()
        page.mouse.down()
        vote.evaluate(
            "(vote) => { const all = vote.parentElement; all.innerHTML = all.innerHTML; }"
        )
        page.mouse.up()
        page.get_by_text(HANS["thanks"]).wait_for()
        # Who moves away before letting go wants nothing.
        ask(page, "新市民的整体规模是多少？")
        page.wait_for_selector(".next [data-ask]")
        vote.hover()
        page.mouse.down()
        vote.evaluate(
            "(vote) => { const all = vote.parentElement; all.innerHTML = all.innerHTML; }"
        )
        page.mouse.move(5, 5)
        page.mouse.up()
        ask(page, "百信银行做了什么？")
        assert page.get_by_text(HANS["thanks"]).count() == 1
