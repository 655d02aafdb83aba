"""The address of a passage on the web page that it came from."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from qa.types import Passage, Span
from qa.web.html.source import source_link
from support.answers import passage

LONG = "这一句很长，" * 20 + "到这里才完。"


def from_page(shown: Passage, source: str = "https://example.org/a") -> Passage:
    return replace(shown, paragraph=replace(shown.paragraph, source=source))


@pytest.mark.parametrize(
    ("shown", "parts"),
    [
        (passage("甲。乙-丙,丁&戊。", Span(2, 10)), ["乙-丙,丁&戊。"]),
        (passage("没有标出的一段。"), ["没有标出的一段。"]),
        (passage(LONG), [LONG[:20], LONG[-20:]]),
        (passage("第一行\n\n第二行 "), ["第一行", "第二行"]),
        (passage("\n", Span(0, 1)), [""]),
    ],
)
def test_the_sentence_is_named(shown: Passage, parts: list[str]) -> None:
    page, _, fragment = source_link(from_page(shown)).partition("#:~:text=")
    assert page == "https://example.org/a"
    assert [unquote(part) for part in fragment.split(",")] == parts
    # These have a meaning of their own in a fragment.
    assert not set("-&") & set(fragment)


@pytest.mark.parametrize("source", ["a.md", "", "javascript:alert(1)", "file:///a", "ftp://a/b"])
def test_only_what_came_from_the_web_has_one(source: str) -> None:
    assert source_link(from_page(passage("甲。"), source)) == ""


def test_a_place_within_the_page_gives_way() -> None:
    link = source_link(from_page(passage("甲。"), "http://a.b/c?d=1#top"))
    assert link.startswith("http://a.b/c?d=1#:~:text=")
