"""A row of boxes that are alike is an article; what stands below it with links is a site's."""

from time import perf_counter

import pytest

from support.around import SAID, TEXTS, page, read, texts

LINKS = "".join(f'<div><a href="/{n}">{n}号台借来的刨子</a></div>' for n in "一二三")
SHARED = '<div class="q1"><a href="/t/wood">#木工</a></div>'
REST = f'{SHARED}<div class="q2">{LINKS}<div>柳嫂</div><div>{SAID}</div></div>'


def row(*lines: str, name: str = "k7") -> str:
    return "".join(f'<div class="{name}"><div><span>{one}</span></div></div>' for one in lines)


def boxes(inner: str, after: str = REST) -> str:
    return page(f'<div><div class="z9"><div class="m3">{inner}</div></div>{after}</div>')


def test_what_stands_with_links_below_a_row_of_boxes_is_the_sites() -> None:
    assert texts(boxes(row(*TEXTS))) == list(TEXTS)


@pytest.mark.parametrize(
    "after",
    [
        f'<div class="q2">{{}}</div>{REST}',
        f'{SHARED}<div class="q2">{LINKS}<h2>后来</h2><div>{{}}</div></div>',
        f'{SHARED}<div class="q2">{LINKS}</div><div class="m3"><div>{{}}</div></div>',
        f'{SHARED}<div class="q2">{LINKS}</div><div class="p4"><div class="k7">{{}}</div></div>',
        f'{SHARED}<div class="q2">{LINKS}</div><p>{{}}</p>',
        f'{SHARED}<div class="q2">{LINKS}</div><div class="p4">[1] {{}}</div>',
        f'{SHARED}<div class="q2">{LINKS}</div><div class="p4">1. {{}}</div>',
        '<div class="q2"><a href="/b">借来的刨子</a></div><div class="p4">{}</div>',
    ],
)
def test_what_may_be_of_an_article_below_a_row_of_boxes_stays(after: str) -> None:
    last = "晒场上的小剧场第一场戏，演的就是粮站的旧事。"
    told = texts(boxes(row(*TEXTS), after.format(last)))
    assert told[: len(TEXTS)] == list(TEXTS)
    assert any(last in one for one in told)


def test_a_long_rest_below_a_row_of_boxes_stays() -> None:
    long = SAID.replace("。", "，") * 9
    assert long in texts(boxes(row(*TEXTS), f'{SHARED}{LINKS}<div class="q2">{long}</div>'))


def test_a_row_of_very_many_boxes_takes_little_time() -> None:
    boxed = f'<div class="k7"><div>{SAID}</div></div><a href="/b">刨子</a>' * 10_000
    start = perf_counter()
    read(boxes(boxed + row(*TEXTS)))
    assert perf_counter() - start < 10
