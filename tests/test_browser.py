"""The web chat as a person uses it: a real server, a real headless browser."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest
from browser import chromium, watched_page

from qa.chatbot import Chatbot
from qa.config import default_corpus
from qa.types import Answer
from qa.web import Server, serve
from qa.web.texts import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
KNOWN = "百信银行的绿色云数据中心用了什么技术？百信银行成立之初确定了什么定位？"
UNKNOWN = "诺贝尔物理学奖颁给了哪位天文学家？"
HOSTILE = (
    "　　<script>document.title='被改'</script><img src=x onerror=\"document.title='被改'\"> "
    "**x** $$x$$ # x {{x}} ${x} `x` <b>y</b> &amp; 😀 \u202eabc\u202c"
)
HOSTILE_ARTICLE = f"{HOSTILE}\n\n雪山的高度是4810米，{HOSTILE}\n\n长行{'雪' * 5_000}\n"


GATE = threading.Event()


def fragile(bot: Chatbot) -> Chatbot:
    """Give a chatbot a bug, and a question that takes its time."""
    sound = bot.ask

    def ask(question: str, history: Sequence[str] = (), k: int | None = None) -> Answer:
        if question == "坏掉":
            raise RuntimeError("a bug")
        if question == "慢慢来":
            GATE.wait(20)
        return sound(question, history, k)

    bot.ask = ask
    return bot


@pytest.fixture(scope="module")
def server(browser: "Browser") -> Iterator[Server]:
    served = serve(lambda: fragile(Chatbot.from_paths([default_corpus()])), port=0, block=False)
    yield served
    served.close()


@pytest.fixture(scope="module")
def two_articles(server: Server) -> Iterator[Server]:
    texts = {"灯塔": "灯塔高三十二米。\n\n守护人叫陈阿福。\n", HOSTILE: HOSTILE_ARTICLE}
    served = serve(lambda: Chatbot.from_texts(texts), port=0, block=False)
    yield served
    served.close()


@pytest.fixture
def desktop(browser: "Browser", server: Server) -> Iterator["Page"]:
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as page:
        page.goto(server.url)
        page.wait_for_selector("#article article")
        yield page


def test_a_question_typed_while_the_model_loads_is_answered(
    browser: "Browser", server: Server
) -> None:
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as page:
        page.goto(server.url)
        ask(page, "什么是新市民？")
        assert page.locator(".turn .passage").first.is_visible()


def test_questions_typed_before_there_is_an_article(browser: "Browser", server: Server) -> None:
    gate = threading.Event()

    def slow() -> Chatbot:
        assert gate.wait(30)
        assert server.service.chatbot is not None
        return server.service.chatbot

    served = serve(slow, port=0, block=False)
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as page:
        page.goto(served.url)
        page.get_by_text(TEXTS["zh-Hans"]["opening"]).last.wait_for()
        ask(page, "何为新市民？", state="waiting")
        ask(page, UNKNOWN, state="waiting")
        gate.set()
        page.wait_for_selector('.turn[data-turn="1"][data-state="answered"]')
        page.wait_for_selector('.turn[data-turn="2"][data-state="answered"]')
        page.wait_for_timeout(500)
        assert page.locator('.turn[data-state="answered"]').count() == 2
        assert page.locator("#article article").count() == 1
    served.close()


def test_ask_and_find_the_place(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    answer = desktop.locator(".turn").last
    passage = answer.locator(".passage").first
    assert "何为“新市民”?其是指因本人创业就业" in passage.locator("blockquote").inner_text()
    mark = passage.locator("mark").inner_text()
    assert mark
    assert mark in passage.locator("blockquote").inner_text()
    assert answer.locator("details.more").get_attribute("open") is None
    desktop.locator("#article").evaluate("(pane) => pane.scrollTo(0, pane.scrollHeight)")
    passage.locator("blockquote").click()
    paragraph = desktop.locator(f"#{lit(desktop)}")
    assert paragraph.inner_text() == passage.locator("blockquote").inner_text()
    assert paragraph.get_attribute("aria-current") == "true"
    sentence = desktop.evaluate("() => String([...CSS.highlights.get('sentence')][0])")
    assert sentence == mark
    answer.locator("details.more summary").click()
    second = answer.locator("details.more .passage").first
    second.locator(".place").click()
    desktop.wait_for_function(
        "(id) => document.querySelector('#article .lit')?.id === id",
        arg=second.get_attribute("data-paragraph"),
    )


def test_what_the_article_does_not_say(desktop: "Page") -> None:
    ask(desktop, UNKNOWN)
    answer = desktop.locator(".turn").last
    assert answer.locator(".certainty").inner_text() == "文中没有提到"
    assert answer.locator(".reason").inner_text()
    assert "并没有回答这个问题" in answer.locator(".nearest").inner_text()
    assert answer.locator("mark").count() == 0
    answer.locator(".place").first.click()
    assert lit(desktop)


def test_example_questions_are_asked_by_a_click(desktop: "Page") -> None:
    button = desktop.locator("[data-ask]").first
    question = button.inner_text()
    button.click()
    desktop.wait_for_selector('.turn[data-state="answered"]')
    assert desktop.locator(".asked p").inner_text() == question


def test_keyboard_alone(desktop: "Page") -> None:
    desktop.locator("#question textarea").focus()
    desktop.keyboard.type("何为新市民？")
    desktop.keyboard.press("Enter")
    desktop.wait_for_selector('.turn[data-state="answered"]')
    assert desktop.locator("#question textarea").input_value() == ""
    for _ in range(12):
        desktop.keyboard.press("Shift+Tab")
        if desktop.evaluate("() => document.activeElement.matches('a.place')"):
            break
    desktop.keyboard.press("Enter")
    assert lit(desktop) == desktop.locator(".passage").first.get_attribute("data-paragraph")


def test_outline_and_link_to_a_paragraph(desktop: "Page", server: Server) -> None:
    heading = desktop.locator(".outline a").last
    heading.click()
    assert desktop.locator(f"#{lit(desktop)}").inner_text() == heading.inner_text()
    desktop.goto(f"{server.url}?p=12")
    assert lit(desktop) == "p12"


def test_an_error_inside_leaves_the_input_alive(desktop: "Page") -> None:
    box = desktop.locator("#question textarea")
    ask(desktop, "坏掉", state="failed")
    assert desktop.locator(".problem").inner_text() == TEXTS["zh-Hans"]["broken"]
    desktop.wait_for_function("(box) => box.value === '坏掉'", arg=box.element_handle())
    ask(desktop, "问" * 2_001, state="failed")
    assert "最多可以有 2000 个" in desktop.locator(".problem").last.inner_text()
    desktop.wait_for_function("(box) => box.value.length === 2001", arg=box.element_handle())
    ask(desktop, "何为新市民？")
    box.fill("   ")
    box.press("Enter")
    desktop.wait_for_timeout(300)
    assert desktop.locator(".turn").count() == 3


def test_a_second_question_while_one_is_answered(desktop: "Page") -> None:
    GATE.clear()
    ask(desktop, "慢慢来", state="waiting")
    ask(desktop, "何为新市民？")
    assert desktop.locator(".turn").first.get_attribute("data-state") == "waiting"
    desktop.locator("#question textarea").fill("还在写")
    GATE.set()
    desktop.wait_for_selector('.turn[data-turn="1"][data-state="answered"]')
    assert desktop.locator("#question textarea").input_value() == "还在写"


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


def test_phone(browser: "Browser", server: Server) -> None:
    with watched_page(browser, viewport=PHONE, locale="zh-CN", has_touch=True) as page:
        page.goto(server.url)
        page.wait_for_selector("#article article", state="attached")
        assert not page.locator("#article-pane").is_visible()
        ask(page, "何为新市民？")
        page.locator(".passage blockquote").first.tap()
        assert lit(page)
        page.locator("#article [data-close]").tap()
        page.wait_for_selector("#article-pane", state="hidden")
        page.locator("[data-open]").tap()
        page.wait_for_selector("#article-pane", state="visible")
        page.keyboard.press("Escape")
        page.wait_for_selector("#article-pane", state="hidden")
        overflow = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert page.evaluate(overflow) <= 0


def test_hostile_article_and_question_are_text(browser: "Browser", two_articles: Server) -> None:
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as page:
        page.goto(two_articles.url)
        page.wait_for_selector("#article article")
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
    with watched_page(browser, viewport=DESKTOP, locale="en") as page:
        page.goto(two_articles.url)
        page.wait_for_selector("#article article")
        assert page.locator(".welcome h2").inner_text() == TEXTS["en"]["welcome_several"]
        page.locator("#documents").wait_for()
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
