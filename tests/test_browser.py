"""The conversation as a person has it: a real server, a real headless browser."""

import json
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.chatbot import Chatbot
from qa.evaluate import read_labels
from qa.web import Server, page, serve
from qa.web.texts import TEXTS
from support.browser import (
    DESKTOP,
    ask,
    lit,
    wait_for_lit,
    wait_for_turn,
    wait_until_ready,
    watched_page,
)
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
UNKNOWN = "诺贝尔物理学奖颁给了哪位天文学家？"


def test_questions_typed_before_there_is_an_article(browser: "Browser", server: Server) -> None:
    gate = threading.Event()

    def slow() -> Chatbot:
        gate.wait(PATIENCE)
        return server.service.ready_chatbot()

    served = serve(slow, port=0, block=False)
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN") as page:
        page.goto(served.url)
        page.get_by_text(TEXTS["zh-Hans"]["opening"]).last.wait_for()
        ask(page, "何为新市民？", state="waiting")
        ask(page, UNKNOWN, state="waiting")
        gate.set()
        page.wait_for_selector('.turn[data-turn="1"][data-state="answered"]')
        page.wait_for_selector('.turn[data-turn="2"][data-state="answered"]')
        # What is sent twice would come before the answer to the next question.
        ask(page, "百信银行做了什么？")
        assert page.locator('.turn[data-state="answered"]').count() == 3
        assert page.locator(".turn .passage").first.is_visible()
        assert page.locator("#article article").count() == 1
    served.close()


def test_a_greeting_gets_questions_and_a_click_asks_one(desktop: "Page") -> None:
    desktop.locator("#question textarea").fill("你好")
    desktop.locator("#question textarea").press("Enter")
    card = desktop.locator('.turn[data-turn="1"][data-state="answered"]')
    card.wait_for()
    assert card.locator(".passage, .certainty").count() == 0
    question = card.locator(".examples button").first
    assert card.locator(".examples button").count() == 3
    asked = question.text_content()
    question.click()
    wait_for_turn(desktop, 2)
    assert desktop.locator(".turn").last.locator(".asked p").text_content() == asked


def test_an_outline_leads_into_the_article(desktop: "Page") -> None:
    ask(desktop, "总结一下")
    line = desktop.locator(".turn").last.locator(".lines .passage.heading").first
    line.click()
    assert lit(desktop) == line.get_attribute("data-paragraph")


def test_ask_and_find_the_place(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    assert desktop.locator("#question textarea").input_value() == ""
    answer = desktop.locator(".turn").last
    passage = answer.locator(".passage").first
    quoted = passage.locator("blockquote").inner_text()
    assert "何为“新市民”?其是指因本人创业就业" in quoted
    mark = passage.locator("mark").inner_text()
    assert mark in quoted
    assert (
        passage.locator(".place").inner_text() == "第 6 段 · 利用科技力量 多维度评估新市民信用水平"
    )
    assert not answer.locator(".certainty span").is_visible()
    answer.locator(".certainty summary").click()
    assert re.fullmatch(r"把握 \d+%", answer.locator(".certainty span").inner_text())
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
    wait_for_lit(desktop, second.get_attribute("data-paragraph"))


def test_short_words_that_answer_are_large(desktop: "Page") -> None:
    ask(desktop, "微乐贷的平均额度是多少？")
    answer = desktop.locator(".turn").last
    words = answer.locator(".lead").inner_text()
    assert "6万" in words
    assert words in answer.locator(".passage mark").first.inner_text()
    size = "(shown) => parseFloat(getComputedStyle(shown).fontSize)"
    quoted = answer.locator(".passage blockquote").first
    assert answer.locator(".lead").evaluate(size) > quoted.evaluate(size)


def test_what_the_article_does_not_say(desktop: "Page") -> None:
    ask(desktop, UNKNOWN)
    answer = desktop.locator(".turn").last
    assert answer.locator(".certainty").inner_text() == "文中没有提到"
    assert answer.locator(".reason").inner_text()
    assert "并没有回答这个问题" in answer.locator(".nearest").inner_text()
    assert answer.locator("mark").count() == 0
    answer.locator(".place").first.click()
    assert lit(desktop)


def test_an_error_inside_leaves_the_input_alive(desktop: "Page") -> None:
    box = desktop.locator("#question textarea")
    ask(desktop, "坏掉", state="failed")
    assert desktop.locator(".problem").inner_text() == TEXTS["zh-Hans"]["broken"]
    desktop.wait_for_function("(box) => box.value === '坏掉'", arg=box.element_handle())
    ask(desktop, "问" * 2_001, state="failed")
    assert "最多可以有 2000 个" in desktop.locator(".problem").last.inner_text()
    desktop.wait_for_function("(box) => box.value.length === 2001", arg=box.element_handle())
    box.fill("   ")
    # What is in the box is read when it is sent.
    with desktop.expect_request("**/gradio_api/queue/join*"):
        box.press("Enter")
    ask(desktop, "何为新市民？")
    assert desktop.locator(".turn").count() == 3


def test_a_second_question_while_one_is_answered(
    desktop: "Page", slow_answer: threading.Event
) -> None:
    slow_answer.clear()
    ask(desktop, "慢慢来", state="waiting")
    ask(desktop, "何为新市民？")
    assert desktop.locator(".turn").first.get_attribute("data-state") == "waiting"
    desktop.locator("#question textarea").fill("还在写")
    slow_answer.set()
    desktop.wait_for_selector('.turn[data-turn="1"][data-state="answered"]')
    assert desktop.locator("#question textarea").input_value() == "还在写"


def test_what_a_follow_up_took_over_is_shown_and_can_be_left_out(desktop: "Page") -> None:
    ask(desktop, "微乐贷是什么？")
    assert desktop.locator(".carried").count() == 0
    ask(desktop, "那额度呢？")
    carried = desktop.locator(".turn").last.locator(".carried")
    assert "微乐贷" in carried.inner_text()
    carried.get_by_role("button", name=HANS["ask_alone"]).click()
    wait_for_turn(desktop, 3)
    assert desktop.locator(".asked p").last.inner_text() == "那额度呢？"
    assert desktop.locator(".turn").last.locator(".carried").count() == 0


def test_a_passage_is_copied_with_its_place(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    passage = desktop.locator(".passage").first
    passage.hover()
    passage.locator("[data-copy]").click()
    passage.get_by_text(HANS["copied"]).wait_for()
    copied = desktop.evaluate("() => navigator.clipboard.readText()")
    quoted, place = copied.split("\n—— ")
    assert quoted == passage.locator("blockquote").evaluate("(quote) => quote.textContent")
    assert "第 6 段" in place
    assert "以科技为媒" in place


def test_a_conversation_is_kept(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    keep = desktop.locator(".masthead .menu summary")
    keep.click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name=HANS["download_json"]).click()
    assert download.value.suggested_filename == "对话.json"
    kept = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert kept["turns"][0]["asked"] == "何为新市民？"
    assert re.fullmatch(r"[0-9a-f]{64}", kept["documents"][0]["sha256"])
    assert kept["model"]["fingerprint"]
    keep.click()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name=HANS["download_markdown"]).click()
    assert download.value.suggested_filename == "对话.md"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    keep.click()
    desktop.get_by_role("button", name=HANS["copy_markdown"]).click()
    desktop.wait_for_function(
        "(text) => navigator.clipboard.readText().then((copied) => copied === text)", arg=text
    )
    assert "### 何为新市民？" in text


def test_judgements_are_written_down(desktop: "Page", feedback: Path) -> None:
    before = len(feedback.read_text(encoding="utf-8").splitlines())
    ask(desktop, "何为新市民？")
    desktop.get_by_role("button", name=HANS["helpful"], exact=True).click()
    desktop.get_by_text(HANS["thanks"]).wait_for()
    ask(desktop, "新市民的整体规模是多少？")
    turn = desktop.locator(".turn").last
    turn.get_by_role("button", name=HANS["not_helpful"], exact=True).click()
    turn.get_by_text(HANS["which_right"]).wait_for()
    turn.locator("details.more summary").click()
    second = turn.locator("details.more .passage").first
    second.hover()
    second.get_by_role("button", name=HANS["right_passage"]).click()
    turn.get_by_text(HANS["marked_right"]).wait_for()
    quoted = second.locator("blockquote").evaluate("(quote) => quote.textContent")
    first_label, second_label = read_labels(feedback)[before:]
    assert first_label.question == "何为新市民？"
    assert second_label.evidence == (quoted,)
    turn = desktop.locator(f'.turn[data-turn="{ask(desktop, "百信银行做了什么？")}"]')
    turn.get_by_role("button", name=HANS["not_helpful"], exact=True).click()
    turn.get_by_role("button", name=HANS["none_right"]).click()
    turn.get_by_text(HANS["thanks"]).wait_for()
    assert read_labels(feedback)[-1].evidence == ()


def test_what_was_unfolded_stays_so_and_the_focus_too(desktop: "Page") -> None:
    ask(desktop, "何为新市民？")
    desktop.locator("details.more summary").click()
    link = desktop.locator(".turn").first.locator(".place").first
    desktop.locator("#question textarea").fill(UNKNOWN)
    desktop.locator("#question textarea").press("Enter")
    link.focus()
    wait_for_turn(desktop, 2)
    assert desktop.locator(".turn").first.locator("details.more").get_attribute("open") is not None
    assert link.evaluate("(link) => document.activeElement === link")


def test_an_input_method_sends_nothing_before_its_time(desktop: "Page") -> None:
    box = desktop.locator("#question textarea")
    box.focus()
    keyboard = desktop.context.new_cdp_session(desktop)
    keyboard.send(
        "Input.imeSetComposition", {"text": "xin", "selectionStart": 3, "selectionEnd": 3}
    )
    enter = {"key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.insertText", {"text": "新市民"})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    assert box.input_value() == "新市民"
    box.press("Shift+Enter")
    assert box.input_value() == "新市民\n"
    box.press("Enter")
    wait_for_turn(desktop, 1)
    assert desktop.locator(".turn").count() == 1


def test_past_the_limit_a_clear_busy(
    browser: "Browser",
    server: Server,
    slow_answer: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "WAITING", 1)
    monkeypatch.setattr(page, "QUESTIONS_AT_ONCE", 1)
    crowded = serve(server.service.ready_chatbot, port=0, block=False)
    slow_answer.clear()
    with watched_page(browser, viewport=DESKTOP, locale="zh-CN", expected=["503"]) as shown:
        shown.goto(crowded.url)
        wait_until_ready(shown)
        ask(shown, "慢慢来", state="waiting")
        box = shown.locator("#question textarea")
        for question in ("何为新市民？", UNKNOWN):
            box.fill(question)
            with shown.expect_response(lambda reply: "queue/join" in reply.url):
                box.press("Enter")
        shown.get_by_text(HANS["busy"]).first.wait_for()
        assert box.input_value() == UNKNOWN
        slow_answer.set()
        wait_for_turn(shown, 2)
        ask(shown, UNKNOWN)
    crowded.close()
