"""Boxes of a site that what they are for tells: not to be printed, to write in, to buy."""

from time import perf_counter

import pytest

from support.around import TEXTS, TITLE, page, paragraphs, read, texts

OFFER = "樟木小板凳，孩子坐正合适。"
CARD = f'<div class="o1"><div>{OFFER}</div><div>¥48.00</div><a href="/buy">加入购物车</a></div>'


def test_a_box_to_buy_from_among_paragraphs_goes() -> None:
    inner = paragraphs(*TEXTS[:2]) + CARD + paragraphs(*TEXTS[2:])
    assert texts(page(f"<div>{inner}</div>")) == list(TEXTS)


@pytest.mark.parametrize(
    "inner",
    [
        paragraphs(*TEXTS[:2]) + CARD.replace("加入购物车", "网上开户") + paragraphs(*TEXTS[2:]),
        CARD + paragraphs(*TEXTS),
        paragraphs(*TEXTS) + CARD,
        paragraphs(*TEXTS[:2]) + CARD + paragraphs(TEXTS[2]) + CARD + paragraphs(*TEXTS[3:]),
        paragraphs(*TEXTS[:2])
        + CARD.replace(OFFER, OFFER.replace("。", "，") * 20 + OFFER)
        + paragraphs(*TEXTS[2:]),
        paragraphs(*TEXTS[:2])
        + CARD.replace(OFFER, paragraphs(OFFER, OFFER))
        + paragraphs(*TEXTS[2:]),
    ],
)
def test_what_a_page_is_to_sell_stays(inner: str) -> None:
    assert any(OFFER in one for one in texts(page(f"<div>{inner}</div>")))


WRITE = "登记之后就能和木匠们说上话，也能看到他们的回信。"


def test_what_stands_around_a_field_to_write_in_goes() -> None:
    box = f'<div class="w1"><h5>说几句</h5><textarea></textarea><p>{WRITE}</p></div>'
    assert texts(page(f"<div><div>{paragraphs(*TEXTS)}</div>{box}</div>")) == list(TEXTS)


def test_an_article_around_a_field_to_write_in_stays() -> None:
    field = "<textarea></textarea>"
    short = paragraphs(*TEXTS[:2])
    filled = f"<div><textarea>x = 1</textarea><p>{WRITE}</p></div>"
    menu = "<div>" + "".join(f'<a href="/{n}">第{n}张工作台</a>' for n in range(60)) + "</div>"
    assert texts(page(f"{menu}<div>{short}{field}</div>")) == list(TEXTS[:2])
    assert WRITE in texts(page(f"<div>{paragraphs(*TEXTS)}{filled}</div>"))


def test_what_is_not_to_be_printed_goes() -> None:
    slogan = "河湾村志，村里人自己写的书"
    inner = f'<div class="x no-print">{slogan}</div>{paragraphs(*TEXTS)}'
    content = read(page(inner, name=f"{TITLE} - {slogan}"))
    assert [content.text[block.start : block.end] for block in content.blocks] == [TITLE, *TEXTS]


def test_sentences_that_are_not_to_be_printed_stay() -> None:
    few = ("刨子挂在东墙。", "锯子挂在西墙。")
    inner = f'{paragraphs(*TEXTS)}<div class="noprint">{paragraphs(*few)}</div>'
    assert texts(page(f"<div>{inner}</div>")) == [*TEXTS, *few]
    for part in (f'<div class="noprint">{paragraphs(*TEXTS[3:])}</div>', ""):
        rest = part or paragraphs(*TEXTS[3:]).replace("<p>", '<p class="noprint">')
        assert texts(page(f"<div>{paragraphs(*TEXTS[:3])}{rest}</div>")) == list(TEXTS)


@pytest.mark.parametrize(
    "part",
    [
        '<a href="/b">加入购物车</a>',
        '<div class="o1"><div><i></i></div><button>立即购买</button></div><p>好。</p>',
        "<div><textarea></textarea></div>",
        '<div class="noprint"><i></i></div>',
    ],
)
def test_very_many_such_boxes_take_little_time(part: str) -> None:
    start = perf_counter()
    read(page(f"<div>{part * 10_000}{paragraphs(*TEXTS)}</div>"))
    assert perf_counter() - start < 10
