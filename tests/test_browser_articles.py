"""Own articles as a person adds them: dropped, chosen, pasted; seen by nobody else."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.loaders import Loaded
from qa.web import Server
from qa.web.html import panes
from qa.web.texts import TEXTS
from qa.web.visit import uploads
from support.browser import (
    PHONE,
    ask,
    lit,
    opened,
    wait_for_turn,
    wait_until,
    wait_until_ready,
)
from support.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
FERRY = (
    "渡轮往事\n\n渡轮每天早上七点开船，平均票价为12元。\n\n船长叫周海平。\n\n"
    "什么是雾号？雾号是大雾时代替灯光的汽笛，每隔一分钟响一次。\n\n"
    "去年，县里发布的《渡口管理办法》要求船上备足救生衣。\n"
)
HOSTILE = (
    "<script>document.title='被改'</script><img src=x onerror=alert(1)> **x** $$x$$ {{x}} ${x}"
)
DROP = """(files) => {
    const dropped = new DataTransfer();
    for (const [name, text] of files) dropped.items.add(new File([text], name));
    for (const type of ["dragover", "drop"]) {
        document.querySelector("#conversation").dispatchEvent(
            new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }
}"""


def remove(shown: "Page") -> None:
    shown.locator(".shelf .menu summary").click()
    shown.locator("[data-remove]").click()


def paste(shown: "Page", text: str, name: str = "") -> None:
    shown.locator("[data-add]").click()
    shown.get_by_label(HANS["paste_name"]).fill(name)
    shown.get_by_label(HANS["paste_text"]).fill(text)
    shown.get_by_role("button", name=HANS["paste_add"]).click()


def status(shown: "Page", state: str) -> str:
    """Return what is told about an article, once that is of a kind."""
    told = shown.locator(f'.adding-status[data-state="{state}"]')
    told.wait_for(state="attached")
    return told.locator("> div").evaluate("(told) => told.textContent")


def reading(shown: "Page", document_id: str) -> None:
    shown.wait_for_selector(f'#article article[data-document="{document_id}"]', state="attached")


def test_a_pasted_text_is_asked_alone_and_with_the_other(desktop: "Page") -> None:
    assert not desktop.locator("#scope").is_visible()
    paste(desktop, FERRY)
    reading(desktop, "渡轮往事")
    assert status(desktop, "added") == "已添加“渡轮往事”，共 4 段，现在可以问它了。"
    assert not desktop.locator("#adding").is_visible()
    desktop.locator("[data-ask]", has_text="雾号").click()
    wait_for_turn(desktop, 1)
    assert desktop.locator(".examples").count() == 0
    ask(desktop, "何为新市民？")
    texts = desktop.locator(".turn").last.locator("blockquote").all_text_contents()
    assert all(text in FERRY for text in texts)
    desktop.locator("#scope").get_by_text("问全部 2 篇").click()
    ask(desktop, "何为新市民？")
    place = desktop.locator(".turn").last.locator(".place").first
    assert place.inner_text().startswith("以科技为媒")
    place.click()
    reading(desktop, "article.md")
    assert lit(desktop) == "p6"
    ask(desktop, "船长叫什么？")
    passage = desktop.locator(".turn").last.locator(".passage").first
    assert passage.locator("blockquote").inner_text() == "船长叫周海平。"
    passage.locator(".place").click()
    reading(desktop, "渡轮往事")
    assert lit(desktop) == "p2"


def test_files_are_dropped_anywhere_on_the_page(desktop: "Page") -> None:
    desktop.locator("#shelf [data-add]").click()
    desktop.locator(".hint.by-mouse").wait_for()
    assert desktop.locator(".hint.by-touch").is_hidden()
    desktop.locator("#shelf [data-add]").click()
    desktop.evaluate(DROP, [["渡轮.md", "# 渡轮往事\n\n船长叫周海平。\n"], ["图.xyz", "x"]])
    reading(desktop, "渡轮.md")
    told = status(desktop, "failed")
    assert "已添加“渡轮往事”" in told
    assert HANS["unsupported"].format(name="图.xyz") in told
    assert told.count("能读的文件：.txt") == 1
    assert ".docx" in told
    # What went well is not told for ever; what went wrong, until it was read.
    desktop.locator(".adding-status p.added").wait_for(state="detached")
    assert HANS["unsupported"].format(name="图.xyz") in status(desktop, "failed")
    desktop.get_by_role("button", name=HANS["dismiss"]).click()
    assert desktop.locator(".adding-status").count() == 0
    ask(desktop, "船长叫什么？")
    assert desktop.locator(".passage blockquote").first.inner_text() == "船长叫周海平。"


def test_files_that_come_together_are_asked_together(desktop: "Page") -> None:
    ferry, fort = "渡轮往事\n\n船长叫周海平。\n", "炮台旧闻\n\n炮台的守将叫林向东。\n"
    desktop.evaluate(DROP, [["渡轮.txt", ferry], ["炮台.txt", fort]])
    reading(desktop, "炮台.txt")
    scope = desktop.locator("#scope")
    assert scope.locator("label.selected").inner_text() == "问添加的 2 篇"
    for question, words in (("船长叫什么？", "周海平"), ("炮台的守将叫什么？", "林向东")):
        turn = desktop.locator(f'.turn[data-turn="{ask(desktop, question)}"]')
        assert words in turn.locator("blockquote").first.inner_text()
        assert "新市民" not in " ".join(turn.locator("blockquote").all_text_contents())
    scope.get_by_text("只问这篇").click()
    ask(desktop, "船长叫什么？")
    texts = desktop.locator(".turn").last.locator("blockquote").all_text_contents()
    assert all(text in fort for text in texts)


def test_a_question_before_an_article_is_there_is_kept_for_it(
    desktop: "Page", monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    load = uploads.from_file

    def slow(path: Path, look: Callable[[], None]) -> Loaded:
        gate.wait(PATIENCE)
        return load(path, look)

    monkeypatch.setattr(uploads, "from_file", slow)
    box = desktop.locator("#question textarea")
    desktop.evaluate(DROP, [["渡轮.txt", FERRY]])
    status(desktop, "busy")
    box.fill("船长叫什么？")
    box.press("Enter")
    desktop.locator(".notice").get_by_text("“渡轮.txt”还没有读完").wait_for()
    desktop.wait_for_function("(box) => box.value === '船长叫什么？'", arg=box.element_handle())
    assert desktop.locator(".turn").count() == 0
    desktop.get_by_role("button", name=HANS["ask_anyway"]).click()
    wait_for_turn(desktop, 1)
    assert box.input_value() == ""
    box.fill("船长叫什么？")
    box.press("Enter")
    desktop.locator(".notice").wait_for()
    gate.set()
    reading(desktop, "渡轮.txt")
    desktop.locator(".notice").wait_for(state="detached")
    desktop.wait_for_function("(box) => box.value === '船长叫什么？'", arg=box.element_handle())
    box.press("Enter")
    wait_for_turn(desktop, 2)
    turn = desktop.locator(".turn").last
    assert turn.locator("blockquote").first.inner_text() == "船长叫周海平。"


def test_a_file_is_chosen_and_its_copy_deleted(desktop: "Page", tmp_path: Path) -> None:
    path = tmp_path / "码头一九七三.txt"
    path.write_text("码头在城东，离灯塔三里。\n", encoding="gb18030")
    desktop.locator("[data-add]").click()
    with desktop.expect_file_chooser() as chooser:
        desktop.locator("#files").click()
    with desktop.expect_response(lambda reply: reply.url.endswith("/upload")) as uploaded:
        chooser.value.set_files(path)
    reading(desktop, "码头一九七三.txt")
    (copy,) = uploaded.value.json()
    wait_until(desktop, lambda: not Path(copy).exists())


def test_an_own_article_is_removed_and_the_built_in_one_stays(desktop: "Page") -> None:
    assert desktop.locator("[data-remove]").count() == 0
    paste(desktop, FERRY, "我的渡轮")
    reading(desktop, "我的渡轮")
    options = desktop.locator("[data-documents] option").all_inner_texts()
    assert options[1] == "我的渡轮 · 你添加的"
    remove(desktop)
    reading(desktop, "article.md")
    assert desktop.locator("[data-documents]").count() == 0
    assert not desktop.locator("#scope").is_visible()
    ask(desktop, "船长叫什么？")
    assert "周海平" not in " ".join(desktop.locator("blockquote").all_text_contents())


def test_what_cannot_be_taken_is_told(
    browser: "Browser", server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "ARTICLE_CHARACTERS", 1_000)
    monkeypatch.setattr(panes, "FILE_BYTES", 1_000_000)
    with opened(browser, server.url) as shown:
        paste(shown, "  ")
        assert status(shown, "failed") == HANS["nothing_pasted"]
        assert shown.locator("#adding").is_visible()
        text = shown.get_by_label(HANS["paste_text"])
        text.fill("字" * 1_001)
        shown.get_by_role("button", name=HANS["paste_add"]).click()
        shown.locator(".adding-status").get_by_text("有 1,001 个字符，一篇最多 1,000 个").wait_for()
        # What was pasted is still there to be shortened.
        assert len(text.input_value()) == 1_001
        large = {"name": "大.txt", "mimeType": "text/plain", "buffer": b"x" * 1_600_000}
        small = {"name": "小.txt", "mimeType": "text/plain", "buffer": "船长叫周海平。".encode()}
        files = shown.locator("#article-pane input[type=file]")
        files.set_input_files([large])
        too_large = "“大.txt”有 1.6 MB，一个文件最多 1 MB。"
        assert shown.locator("#adding .too-large").inner_text() == too_large
        files.set_input_files([large, small])
        reading(shown, "小.txt")


def test_nobody_else_sees_it_and_a_reload_keeps_it(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url) as first, opened(browser, server.url) as second:
        paste(first, FERRY)
        reading(first, "渡轮往事")
        address = first.url
        second.goto(f"{server.url}?d=渡轮往事&p=3")
        wait_until_ready(second)
        assert second.locator("[data-documents]").count() == 0
        reading(second, "article.md")
        ask(second, "船长叫什么？")
        assert "周海平" not in " ".join(second.locator("blockquote").all_text_contents())
        assert first.locator(".turn").count() == 0
        first.goto(address)
        wait_until_ready(first)
        reading(first, "渡轮往事")
        ask(first, "船长叫什么？")
        assert first.locator(".turn").count() == second.locator(".turn").count() == 1
        assert first.locator("blockquote").first.inner_text() == "船长叫周海平。"


def test_a_hostile_article_is_text(desktop: "Page") -> None:
    paste(desktop, f"{HOSTILE}\n\n雪山高4810米，{HOSTILE}\n\n{'长' * 5_000}\n", HOSTILE)
    desktop.wait_for_selector("#article .paragraph >> text=4810")
    ask(desktop, "雪山有多高？")
    assert desktop.locator("#panes script, #panes img").count() == 0
    shown = desktop.locator("#article #p2").evaluate("(p) => p.textContent")
    assert shown == f"雪山高4810米，{HOSTILE}"
    option = desktop.locator("[data-documents] option").last
    assert option.inner_text().startswith(HOSTILE)
    wide = "(pane) => pane.scrollWidth - pane.clientWidth"
    for pane in ("#article", "#conversation", "#article-pane"):
        assert desktop.locator(pane).evaluate(wide) <= 1
    remove(desktop)
    reading(desktop, "article.md")


def test_on_a_phone(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url, viewport=PHONE, has_touch=True, is_mobile=True) as shown:
        shown.locator("[data-open]").tap()
        shown.wait_for_selector("#article-pane", state="visible")
        shown.locator("#shelf [data-add]").tap()
        shown.locator(".hint.by-touch").wait_for()
        assert shown.locator(".hint.by-mouse").is_hidden()
        shown.locator("#shelf [data-add]").tap()
        paste(shown, FERRY)
        reading(shown, "渡轮往事")
        shown.locator("#shelf [data-close]").tap()
        shown.wait_for_selector("#article-pane", state="hidden")
        ask(shown, "船长叫什么？")
        shown.locator(".passage blockquote").first.tap()
        assert lit(shown) == "p2"
        wide = "() => document.documentElement.scrollWidth - window.innerWidth"
        assert shown.evaluate(wide) <= 0


def assert_the_title_is_seen(shown: "Page") -> None:
    status(shown, "added")
    bottom = "(one) => one.getBoundingClientRect().bottom"
    news = shown.locator("#adding-status .adding-status").evaluate(bottom)
    title = shown.locator("#article #p1").evaluate("(one) => one.getBoundingClientRect().top")
    assert news <= title


@pytest.mark.parametrize("width", [320, 390])
def test_an_own_article_is_put_in_from_the_welcome_of_a_phone(
    browser: "Browser", server: Server, width: int
) -> None:
    look = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    with opened(browser, server.url, locale="en", reduced_motion="reduce", **look) as shown:
        shown.locator("[data-own]").tap()
        shown.wait_for_selector("#adding", state="visible")
        shown.locator("#paste-text textarea").fill(FERRY)
        shown.locator("button#paste-add").click()
        reading(shown, "渡轮往事")
        assert_the_title_is_seen(shown)
        choice = shown.locator("[data-documents]")
        assert choice.evaluate("(one) => one.getBoundingClientRect().width") > 0.3 * width
        for button in (".shelf .menu summary", "#shelf [data-add]", "#shelf [data-close]"):
            assert shown.locator(button).evaluate(
                "(one) => { const box = one.getBoundingClientRect();"
                " return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)"
                " === one; }"
            )
        shown.locator(".shelf .menu summary").tap()
        shown.locator("[data-remove]").tap()
        reading(shown, "article.md")


def test_the_news_of_an_article_does_not_cover_its_title(
    browser: "Browser", server: Server
) -> None:
    with opened(browser, server.url, reduced_motion="reduce") as shown:
        shown.locator("[data-own]").click()
        shown.locator("#paste-text textarea").fill(FERRY)
        shown.locator("button#paste-add").click()
        reading(shown, "渡轮往事")
        status(shown, "added")
        bottom = "(one) => one.getBoundingClientRect().bottom"
        news = shown.locator("#adding-status .adding-status").evaluate(bottom)
        title = shown.locator("#article #l1").evaluate("(one) => one.getBoundingClientRect().top")
        assert news <= title
