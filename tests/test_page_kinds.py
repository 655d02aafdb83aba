"""Kinds of lines and boxes on a page: what of them is the article's, and what is the site's."""

from support.around import TEXTS, page, paragraphs, texts


def test_the_place_of_a_shop_or_in_a_table_is_no_way_to_a_page() -> None:
    names = "<tr><th>位置</th><th>器具</th><th>用途</th></tr>"
    row = "<tr><td>东墙</td><td>刨子</td><td>刨平</td></tr>"
    inner = paragraphs(*TEXTS[:3], "位置：河湾村东头老槐树旁") + f"<table>{names}{row}</table>"
    told = texts(page(inner + paragraphs(*TEXTS[3:])))
    assert "位置：河湾村东头老槐树旁" in told
    assert "位置：东墙；器具：刨子；用途：刨平" in told
    assert "位置：首页 > 村里" not in texts(page(paragraphs(*TEXTS, "位置：首页 > 村里")))
