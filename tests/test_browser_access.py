"""The page for everybody: by keyboard alone, for screen readers, with enough contrast, calm."""

from typing import TYPE_CHECKING, Any

import pytest

from qa.web import Server
from qa.web.texts import TEXTS
from support.browser import PHONE, ask, lit, opened, wait_for_turn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HANS = TEXTS["zh-Hans"]
UNKNOWN = "诺贝尔物理学奖颁给了哪位天文学家？"


def findings(shown: "Page") -> list[str]:
    """Return what axe-core finds serious or worse."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    result: dict[str, Any] = axe.Axe().run(shown).response
    assert "color-contrast" in {one["id"] for one in result["passes"]}
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_nothing_serious_is_found_on_a_phone(browser: "Browser", server: Server) -> None:
    look = {"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"}
    with opened(browser, server.url, **look) as shown:
        ask(shown, "何为新市民？")
        assert findings(shown) == []
        shown.locator(".passage blockquote").first.tap()
        lit(shown)
        assert findings(shown) == []


def tab_to(shown: "Page", selector: str, key: str = "Tab") -> None:
    """Press Tab until what is wanted has the focus, as somebody without a mouse does."""
    for _ in range(60):
        shown.keyboard.press(key)
        if shown.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            outline = "() => getComputedStyle(document.activeElement).outlineStyle"
            assert shown.evaluate(outline) != "none"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_everything_by_keyboard(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url, reduced_motion="reduce") as shown:
        shown.wait_for_selector("[data-ask]")
        shown.locator("#question textarea").focus()
        tab_to(shown, "[data-ask]", "Shift+Tab")
        shown.keyboard.press("Enter")
        wait_for_turn(shown, 1)
        tab_to(shown, ".turn a.place")
        shown.keyboard.press("Enter")
        assert lit(shown)
        tab_to(shown, "[data-copy]")
        tab_to(shown, "details.more summary")
        shown.keyboard.press("Enter")
        assert shown.locator("details.more").get_attribute("open") is not None
        tab_to(shown, "[data-vote]")
        tab_to(shown, "[data-add]")
        shown.keyboard.press("Enter")
        shown.get_by_label(HANS["paste_text"]).wait_for()
        assert shown.evaluate("() => document.activeElement.matches('#paste-text textarea')")
        shown.keyboard.type("船长叫周海平。")
        shown.keyboard.press("Tab")
        shown.keyboard.press("Enter")
        shown.wait_for_selector(".shelf .menu")
        tab_to(shown, "#scope input", "Shift+Tab")
        shown.keyboard.press("ArrowRight")
        tab_to(shown, ".masthead .menu summary", "Shift+Tab")
        shown.keyboard.press("Enter")
        shown.get_by_role("button", name=HANS["copy_markdown"]).wait_for()
        shown.keyboard.press("Escape")
        assert not shown.get_by_role("button", name=HANS["copy_markdown"]).is_visible()


def test_a_screen_reader_is_told_what_came(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url) as shown:
        live = shown.get_by_role("status").locator("visible=true").first
        assert live.count() <= 1
        ask(shown, "何为新市民？")
        told = shown.locator("#live[aria-live=polite]").text_content() or ""
        assert (shown.locator(".passage mark").first.text_content() or "?") in told
        assert "第 6 段" in told
        ask(shown, UNKNOWN)
        told = shown.locator("#live").text_content() or ""
        assert "文中没有提到" in told


def test_who_wants_no_motion_gets_none(browser: "Browser", server: Server) -> None:
    with opened(browser, server.url, reduced_motion="reduce") as shown:
        ask(shown, "何为新市民？")
        moving = shown.evaluate(
            """() => [...document.querySelectorAll('#panes *')].filter((one) => {
                const style = getComputedStyle(one);
                return style.transitionDuration.split(',').some((time) => parseFloat(time) > 0);
            }).map((one) => one.className)"""
        )
        assert moving == []
        shown.locator("#article").evaluate("(pane) => pane.scrollTo(0, pane.scrollHeight)")
        shown.locator(".passage .place").first.click()
        # Without motion the paragraph is there at once.
        assert shown.locator("#article .lit").evaluate(
            "(lit) => lit.getBoundingClientRect().top > 0 "
            "&& lit.getBoundingClientRect().bottom < window.innerHeight"
        )
