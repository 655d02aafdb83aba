"""The page around the conversation: the article beside it, languages, screens, other articles."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import (
    DESKTOP,
    PHONE,
    ask,
    lit,
    opened,
    wait_for_lit,
    wait_for_turn,
    wait_until_ready,
    watched_page,
)

from qa.chatbot import Chatbot
from qa.web import Server, serve
from qa.web.texts import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


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
    # What gradio says when a page is left in the middle of something.
    leaving = ("AbortError", "Connection errored out")
    with opened(browser, server.url, expected=leaving) as page:
        heading = page.locator(".outline a").last
        heading.click()
        assert page.locator(f"#{lit(page)}").inner_text() == heading.inner_text()
        page.goto(f"{server.url}?p=12")
        assert lit(page) == "p12"


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
        assert page.locator(".outline h2").inner_text() == texts["contents"]
        box = page.get_by_label(texts["question"], exact=True)
        assert box.get_attribute("placeholder") == texts["placeholder"]
        page.get_by_role("button", name=texts["send"], exact=True).wait_for()
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
        page.wait_for_timeout(200)
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


def test_two_browsers_see_their_own_conversation(browser: "Browser", server: Server) -> None:
    with (
        watched_page(browser, viewport=DESKTOP, locale="zh-CN") as first,
        watched_page(browser, viewport=DESKTOP, locale="en") as second,
    ):
        for page in (first, second):
            page.goto(server.url)
            page.wait_for_selector("#article article")
        ask(first, "何为新市民？")
        ask(second, "百信银行做了什么？")
        assert first.locator(".turn").count() == 1
        assert second.locator(".turn").count() == 1
        assert "新市民" in first.locator(".asked").inner_text()


def test_from_passage_to_passage_by_keys_and_buttons(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    ranks = [one.get_attribute("data-paragraph") for one in desktop.locator(".passage").all()]
    assert len(ranks) == 5
    box = desktop.locator("#question textarea")
    box.press("Alt+ArrowDown")
    wait_for_lit(desktop, ranks[0])
    box.press("Alt+ArrowDown")
    wait_for_lit(desktop, ranks[1])
    desktop.get_by_role("button", name=HANS["next_passage"]).click()
    wait_for_lit(desktop, ranks[2])
    assert desktop.locator("details.more").get_attribute("open") is not None
    assert desktop.locator(".walk output").inner_text() == "3 / 5"
    desktop.get_by_role("button", name=HANS["previous_passage"]).click()
    wait_for_lit(desktop, ranks[1])
    assert desktop.locator(".passage.chosen").get_attribute("data-paragraph") == ranks[1]


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
    assert strongest == "p9"
    assert "p9" in desktop.locator("#strip i.quoted").evaluate_all(
        "(marks) => marks.map((mark) => mark.dataset.paragraph)"
    )
    desktop.locator('#strip i[data-paragraph="p20"]').click()
    wait_for_lit(desktop, "p20")
    # What was quoted stays marked when another question is asked.
    ask(desktop, UNKNOWN)
    assert desktop.locator('#strip i.quoted[data-paragraph="p9"]').count() == 1
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
    assert desktop.locator(".outline h2").inner_text() == TEXTS["en"]["contents"]


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


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_the_line_beside_the_name_is_whole_or_not_there(
    browser: "Browser", server: Server, locale: str
) -> None:
    with opened(browser, server.url, locale=locale) as page:
        seen = {}
        for width in (DESKTOP["width"], 960):
            page.set_viewport_size({"width": width, "height": 800})
            seen[width] = page.locator(".masthead p").evaluate(
                """(line) => {
                    const box = line.getBoundingClientRect();
                    const words = [...line.children].find((one) => one.offsetWidth);
                    const at = words.getBoundingClientRect();
                    if (at.top >= box.bottom) return "hidden";
                    return at.right <= box.right && at.bottom <= box.bottom + 1 ? "whole" : "cut";
                }"""
            )
        assert seen[DESKTOP["width"]] == "whole"
        assert "cut" not in seen.values()
