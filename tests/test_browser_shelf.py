"""Own articles in a real browser: a folder of them, renamed, replaced, removed and brought back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qa.web import Server, serve
from qa.web.texts import TEXTS
from support.browser import ask, opened, wait_until_ready
from support.long_article import long_bot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
FERRY = "渡轮每天早上七点开船。\n\n船长叫周海平。\n"
GONE = ("ERR_", "error", "Error", "Failed")
"""What the browser logs of a server that is not there."""
STORE = "article-qa-own"


def paste(page: "Page", text: str, name: str) -> None:
    page.locator("#shelf [data-add]").click()
    page.get_by_label(HANS["paste_name"]).fill(name)
    page.get_by_label(HANS["paste_text"]).fill(text)
    page.get_by_role("button", name=HANS["paste_add"]).click()
    reading(page, name)
    # The form closes with the news, which may come after the article.
    page.locator('#shelf [data-add][aria-expanded="false"]').wait_for()


def reading(page: "Page", title: str) -> None:
    page.wait_for_selector(f'#article article[data-title="{title}"]')


def reading_built_in(page: "Page") -> None:
    page.wait_for_selector('#article article[data-document="article.md"]')


def own_menu(page: "Page", name: str) -> None:
    page.locator(".shelf .menu summary").click()
    page.locator(".shelf .menu").get_by_role("button", name=HANS[name]).click()


def test_an_own_article_is_renamed_where_its_name_stands(page: "Page") -> None:
    paste(page, FERRY, "渡轮")
    ask(page, "船长叫什么？")
    own_menu(page, "rename")
    name = page.get_by_role("textbox", name=HANS["rename"])
    assert name.input_value() == "渡轮"
    name.fill("别的名字")
    name.press("Escape")
    reading(page, "渡轮")
    own_menu(page, "rename")
    name.fill("渡口 <b>旧事</b>")
    name.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('#article article').dataset.title === '渡口 <b>旧事</b>'"
    )
    option = page.locator("[data-documents] option:checked")
    assert option.inner_text() == f"渡口 <b>旧事</b> · {HANS['own']}"
    # Answers from before go by the new name too.
    assert page.locator(".place").first.inner_text().startswith("渡口 <b>旧事</b>")


def test_an_own_article_is_replaced_and_stays_the_one_that_is_asked(page: "Page") -> None:
    paste(page, FERRY, "渡轮")
    own_menu(page, "replace")
    page.locator(".replacing").get_by_text("渡轮").wait_for()
    page.get_by_label(HANS["paste_name"]).fill("渡轮新版")
    page.get_by_label(HANS["paste_text"]).fill("船长叫陈阿福。\n\n渡轮漆成白色。\n")
    page.get_by_role("button", name=HANS["paste_add"]).click()
    reading(page, "渡轮新版")
    assert page.locator("[data-documents] option").count() == 2
    ask(page, "船长叫什么？")
    assert page.locator("blockquote").first.inner_text() == "船长叫陈阿福。"


def test_who_gives_up_replacing_adds_as_before(page: "Page") -> None:
    paste(page, FERRY, "渡轮")
    own_menu(page, "replace")
    page.keyboard.press("Escape")
    paste(page, "灯塔高三十二米。\n", "灯塔")
    assert page.locator("[data-documents] option").count() == 3


def test_what_was_removed_is_brought_back(page: "Page") -> None:
    paste(page, FERRY, "渡轮")
    own_menu(page, "remove")
    reading_built_in(page)
    removed = page.locator(".adding-status").get_by_text(HANS["removed"].format(name="渡轮"))
    removed.wait_for()
    page.get_by_role("button", name=HANS["undo"]).click()
    reading(page, "渡轮")
    removed.wait_for(state="detached")
    ask(page, "船长叫什么？")
    assert page.locator("blockquote").first.inner_text() == "船长叫周海平。"


def test_what_can_be_read_is_listed(page: "Page") -> None:
    page.locator("#shelf [data-add]").click()
    kinds = page.locator("#adding .kinds")
    kinds.locator("summary").click()
    assert ".docx" in kinds.inner_text()
    assert ".md" in kinds.inner_text()


def test_a_whole_folder_is_taken_and_each_file_told_of(page: "Page", tmp_path: Path) -> None:
    folder = tmp_path / "文件夹"
    (folder / "里面").mkdir(parents=True)
    (folder / "渡轮.txt").write_text(FERRY, encoding="utf-8")
    (folder / "里面" / "灯塔.md").write_text("灯塔高三十二米。\n", encoding="utf-8")
    (folder / "空.txt").write_text("", encoding="utf-8")
    (folder / "图.png").write_bytes(b"png")
    (folder / ".隐藏.txt").write_text("隐藏。", encoding="utf-8")
    page.locator("#shelf [data-add]").click()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name=HANS["choose_folder"]).click()
    chosen.value.set_files(folder)
    page.wait_for_selector('.adding-status[data-state="failed"]')
    told = page.locator(".adding-status p")
    assert told.locator("visible=true").count() == 3
    assert page.locator(".adding-status p.added").count() == 2
    assert "空.txt" in page.locator(".adding-status p.failed").inner_text()
    assert page.locator("[data-documents] option").count() == 3


@contextmanager
def restarted(port: int = 0) -> Iterator[Server]:
    server = serve(lambda: long_bot(20), port=port, block=False)
    yield server
    server.close()


def test_own_articles_outlive_a_restart_if_their_owner_says_so(browser: "Browser") -> None:
    with restarted() as first:
        port = first.page.server_port
        with opened(browser, first.url, expected=GONE) as page:
            page.locator("#shelf [data-add]").click()
            page.locator("[data-keep-own]").check()
            page.locator("#shelf [data-add]").click()
            paste(page, FERRY, "渡轮")
            paste(page, "灯塔高三十二米。\n", "灯塔")
            own_menu(page, "remove")
            page.wait_for_function(
                f"() => JSON.parse(localStorage.getItem('{STORE}') ?? '[]').length === 1"
            )
            first.close()
            page.locator(".masthead .away").get_by_text(HANS["away"]).wait_for()
            with restarted(port):
                page.locator(".masthead .away").wait_for(state="hidden")
                wait_until_ready(page)
                option = page.locator("[data-documents] option", has_text="渡轮")
                option.wait_for(state="attached")
                # What is read and asked stays as it was.
                assert "渡轮" not in page.locator("[data-documents] option:checked").inner_text()
                page.locator("#shelf [data-add]").click()
                page.locator("[data-keep-own]").uncheck()
                assert page.evaluate(f"() => localStorage.getItem('{STORE}')") is None


def test_nothing_of_an_own_article_is_kept_unasked(page: "Page") -> None:
    paste(page, FERRY, "渡轮")
    assert page.evaluate(f"() => localStorage.getItem('{STORE}')") is None
