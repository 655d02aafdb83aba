"""Kinds of lines and boxes on a page: what of them is the article's, and what is the site's."""

import pytest

from support.around import SAID, TEXTS, TITLE, page, paragraphs, shown, texts


def test_the_place_of_a_shop_or_in_a_table_is_no_way_to_a_page() -> None:
    names = "<tr><th>位置</th><th>器具</th><th>用途</th></tr>"
    row = "<tr><td>东墙</td><td>刨子</td><td>刨平</td></tr>"
    inner = paragraphs(*TEXTS[:3], "位置：河湾村东头老槐树旁") + f"<table>{names}{row}</table>"
    told = texts(page(inner + paragraphs(*TEXTS[3:])))
    assert "位置：河湾村东头老槐树旁" in told
    assert "位置：东墙；器具：刨子；用途：刨平" in told
    assert "位置：首页 > 村里" not in texts(page(paragraphs(*TEXTS, "位置：首页 > 村里")))


QUESTIONS = ("学一天木工要多少钱？", "孩子几岁可以来学？")
ANSWERS = ("一天八十元，木料另算，午饭自己带。", "满六岁就可以来，要有大人陪着。")


@pytest.mark.parametrize(
    "item",
    [
        '<button aria-controls="a{n}">{q}</button><div id="a{n}" style="display:none">{a}</div>',
        '<h3><button data-bs-target="#a{n}">{q}</button></h3><div id="a{n}" hidden>{a}</div>',
        '<h4><a href="#a{n}">{q}</a></h4><div id="a{n}" style="color:red;display: none">{a}</div>',
        '<a href="#" aria-controls="a{n}">{q}</a><div id="a{n}" hidden><p>{a}</p></div>',
        "<button>{q}</button><div>{a}</div>",
        '<button aria-expanded="false" aria-controls="a{n}">{q}</button><div id="a{n}">{a}</div>',
        '<dl><dt>{q}</dt><dd style="display:none">{a}</dd></dl>',
        '<p>{q}</p><div class="s" hidden>{a}</div>',
    ],
)
def test_answers_that_a_button_opens_are_read_below_their_questions(item: str) -> None:
    pairs = zip(QUESTIONS, ANSWERS, strict=True)
    items = "".join(item.format(n=n, q=q, a=a) for n, (q, a) in enumerate(pairs))
    told = texts(page(f"<div>{paragraphs(*TEXTS)}{items}{paragraphs('就写到这里。')}</div>"))
    expected = [QUESTIONS[0], ANSWERS[0], QUESTIONS[1], ANSWERS[1]]
    assert told == [*TEXTS, *expected, "就写到这里。"]


@pytest.mark.parametrize(
    "box",
    [
        '<button aria-controls="m">菜单</button><ul id="m" hidden><li><a>村里的事。</a></li></ul>',
        '<button aria-controls="m">登录</button><p id="m" role="dialog" hidden>请先登录。</p>',
        '<button aria-controls="m">评论（2）</button><div id="m" hidden>板凳很结实。</div>',
        '<button aria-controls="m">跳到正文</button><i id="m"></i>',
        '<p>几点开门？</p><div style="display:none">网络有些问题，请稍后再试。</div>',
        '<nav><button aria-controls="m">村里？</button><div id="m" hidden>去村里看看。</div></nav>',
    ],
)
def test_menus_dialogs_and_what_nothing_opens_stay_hidden(box: str) -> None:
    told = texts(page(f"<div>{paragraphs(*TEXTS)}{box}{paragraphs('就写到这里。')}</div>"))
    assert [text for text in told if text != "几点开门？"] == [*TEXTS, "就写到这里。"]


def test_a_button_that_only_unfolds_the_rest_is_no_line() -> None:
    rest = '<button aria-controls="r">展开全文</button><div id="r" hidden>余下的改天再写。</div>'
    assert texts(page(f"<div>{paragraphs(*TEXTS)}{rest}</div>")) == [*TEXTS, "余下的改天再写。"]


@pytest.mark.parametrize(
    ("tag", "line"),
    [
        ("div", "（1998年5月村民大会通过 2021年3月8日第二次修订 自2021年6月1日起施行）"),
        ("figcaption", "去年冬天的旧粮站 孟广田 摄"),
        ("p", "雪后的旧粮站，门口堆着拆下来的房梁"),
    ],
)
@pytest.mark.parametrize("byline", ["", "<p>2024-03-05 10:20 来源：河湾村</p>"])
def test_captions_clauses_and_what_a_law_was_passed_by_stay_above_it(
    tag: str, line: str, byline: str
) -> None:
    above, inner = f"<{tag}>{line}</{tag}>{byline}", paragraphs(*TEXTS)
    assert texts(page(f"{above}<div>{inner}</div>")) == [line, *TEXTS]
    assert texts(page(f"<div>{above}{inner}</div>")) == [line, *TEXTS]


@pytest.mark.parametrize(
    "line",
    [
        "发布于：03-05 10:20 阅读数：1.2万",
        "字数总计：1.4k 阅读时长：5分钟",
        "3,120 次浏览 12 评论",
        "字数：140 阅读量：",
    ],
)
def test_lines_of_when_and_how_often_above_an_article_are_no_part_of_it(line: str) -> None:
    assert texts(page(f"<div><p>{line}</p>{paragraphs(*TEXTS)}</div>")) == list(TEXTS)
    above = f"<div class=second-line>{line}</div>"
    assert texts(page(f"{above}<div class=article-content>{paragraphs(*TEXTS)}</div>")) == [*TEXTS]
    hours = paragraphs("9:20", TEXTS[0], "10:40", *TEXTS[1:])
    assert texts(page(f"<div>{hours}</div>")) == ["9:20", TEXTS[0], "10:40", *TEXTS[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "已有 57 人赞赏，谢谢大家请村里的孩子喝茶",
        "喜欢这篇文章，就点一下右下角的赞，也可以打赏请我喝茶",
        "本文为原创，未经授权请勿搬运。",
        "以上回答仅代表木匠个人看法，与木工坊没有关系",
        "温馨提示：在线咨询不能代替就诊，手受了伤请马上去医院。",
    ],
)
def test_what_a_site_says_to_its_readers_below_an_article_goes(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == list(TEXTS)


@pytest.mark.parametrize(
    "line",
    [
        "已有 57 人打赏过孟广田的直播。",
        "未经许可，不得使用明火。",
        "重点项目受到称赞，更多村民开始关注木工坊。",
        "到场的 57 位村民认为剧场应该早点建",
    ],
)
def test_an_article_may_end_with_how_many_and_what_is_not_allowed(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == [*TEXTS, line]


@pytest.mark.parametrize("line", ["請繼續往下閱讀...", "（继续阅读）", "Story continues below"])
def test_lines_that_say_an_article_goes_on_go(line: str) -> None:
    inner = paragraphs(*TEXTS[:3], line, *TEXTS[3:])
    assert texts(page(f"<div>{inner}</div>")) == list(TEXTS)


SOLD = "五折买刨子，今天下单明天送到，还送两张砂纸。"


@pytest.mark.parametrize(
    "mark", ["<span class=m>广告</span>", "<i class=m>【推广】</i>", "<em class=m>Sponsored</em>"]
)
def test_a_box_marked_as_an_advertisement_goes_from_between_paragraphs(mark: str) -> None:
    box = f"<div class=q>{mark}<p>{SOLD}</p><a href=/buy>去买</a></div>"
    inner = "".join((paragraphs(*TEXTS[:3]), box, paragraphs(*TEXTS[3:])))
    assert texts(page(f"<div>{inner}</div>")) == list(TEXTS)


@pytest.mark.parametrize(
    ("box", "title"),
    [
        (f"<div class=q><span class=m>广告</span><p>{SOLD}</p></div>", "旧粮站"),
        (f"<div><span class=m>广告</span><p>{SOLD}</p><a>看</a></div>", "村里贴广告的墙"),
        (f"<ul><li class=m>广告</li><li>{SOLD}<a>看</a></li></ul>", "旧粮站"),
        (f"<p>他说：<span class=m>广告</span>里写着{SOLD}<a>看</a></p>", "旧粮站"),
    ],
)
def test_what_an_article_says_of_advertisements_stays(box: str, title: str) -> None:
    inner = "".join((paragraphs(*TEXTS[:3]), box, paragraphs(*TEXTS[3:])))
    assert any(SOLD in text for text in texts(page(f"<div>{inner}</div>", title)))


def test_a_mark_at_the_top_of_a_large_box_hides_nothing() -> None:
    heads = "".join(f"<h3><b>第{n}间</b><i>屋</i></h3><p>{TEXTS[n % 5]}</p>" for n in range(30))
    held = f"<div><span class=m>广告</span>{heads}<a href=/buy>去买</a></div>"
    assert set(TEXTS) <= set(texts(page(paragraphs("就写到这里。") + held)))


def answer(name: str, said: str) -> str:
    who = f"<p><a>{name}</a><span>木工教师</span><i>已认证</i></p><p>擅长：榫卯、家具修理</p>"
    return (
        f'<div class="one"><div class="who">{who}</div><div class="said"><p>{said}</p>'
        f'<p>{said}</p></div><span class="when">2024-03-05 10:20</span></div>'
    )


def test_who_answers_and_when_is_no_part_of_the_answers() -> None:
    said = ("板凳腿要斜着开榫，坐上去才不会晃。", "胶水只是帮忙，榫头太松胶水也没有用。")
    answers = answer("孟广田", said[0]) + answer("孟小禾", said[1])
    asked = paragraphs("自己做的板凳一坐就晃，榫头也对，问题出在哪里？")
    told = texts(page(f"<div>{asked}<h3>老师回答（2）</h3>{answers}</div>"))
    assert told == [
        "自己做的板凳一坐就晃，榫头也对，问题出在哪里？",
        *[said[0]] * 2,
        *[said[1]] * 2,
    ]


@pytest.mark.parametrize("label", ["", "<p>他这个<i>回答</i>很好。</p>"])
def test_people_and_times_stay_where_nobody_answers(label: str) -> None:
    told = texts(page(f"<div>{label}{answer('孟广田', TEXTS[0])}{answer('禾', TEXTS[1])}</div>"))
    assert {"擅长：榫卯、家具修理", "2024-03-05 10:20", TEXTS[0], TEXTS[1]} <= set(told)
    assert not label or "他这个回答很好。" in told


def test_what_stands_over_a_picture_goes_and_stays_where_there_is_none() -> None:
    veil = "登录后可查看木工坊的照片"
    inner = paragraphs(TEXTS[0]) + "<ul><li>{}</li></ul>" + paragraphs(*TEXTS[1:])
    picture = f"<img src=x><span>{veil}</span>"
    assert texts(page(f"<div>{inner.format(picture)}</div>")) == list(TEXTS)
    assert veil in texts(page(f"<div>{inner.format(veil)}</div>"))


def test_the_name_of_a_site_behind_a_dash_is_no_part_of_the_title() -> None:
    byline = "<p>2024-03-05 10:20 河湾村 文/林满 (点击:)</p>"
    told = f"<title>{TITLE}-河湾新闻网</title><table><tr><td>{TITLE}</td></tr></table>{byline}"
    kinds = shown(f"{told}<div class=content>{paragraphs(*TEXTS)}</div>")
    assert kinds[0] == ("title", TITLE)
    assert kinds[1] == ("byline", "2024-03-05 10:20 河湾村 文/林满 (点击:)")
    assert [text for _, text in kinds[2:]] == list(TEXTS)


def test_what_announces_the_first_line_of_an_article_is_no_byline() -> None:
    inner = paragraphs("2024年3月5日河湾村传来消息：", *TEXTS)
    assert texts(page(f"<div>{inner}</div>")) == ["2024年3月5日河湾村传来消息：", *TEXTS]


@pytest.mark.parametrize(
    "line",
    [
        "赞同 1234 · 32 条评论",
        "浏览次数：123",
        "阅读原文",
        "返回河湾，查看更多",
        "【字体：大 中 小】",
        "Was this page helpful? Yes No",
        "您还没有登录，请登录后发表评论",
        "原文链接：https://example.com/a?b=1",
        "如需转载，请联系我们获取授权",
        "加入木工好友，不错过每一期",
        "Sign up for our weekly newsletter to get the best of the village in your inbox.",
        "Follow us on Twitter and Facebook.",
        "风险提示：以上内容不构成投资建议，投资有风险，入市需谨慎。",
        "【延伸閱讀】",
        "上一篇：村里的戏台",
    ],
)
def test_whole_lines_that_a_site_puts_below_go(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == list(TEXTS)
    above = [*TEXTS[:3], line, *TEXTS[3:]]
    assert set(TEXTS) <= set(texts(page(f"<div>{paragraphs(*above)}</div>")))


@pytest.mark.parametrize(
    "line",
    [
        "他把视频分享了 3 次。",
        "村里人把这一天叫作“返回河湾”",
        "想学的人可以加入木工班，不收学费。",
        "字体用的是村里老人写的毛笔字",
        "Follow us to the river, said the carpenter.",
    ],
)
def test_lines_of_an_article_that_are_like_those_of_a_site_stay(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == [*TEXTS, line]


@pytest.mark.parametrize("line", ["（文章来源：河湾晚报）", "本文經授權轉載自河灣雜誌"])
def test_where_a_text_is_from_is_told_with_its_byline(line: str) -> None:
    assert ("byline", line) in shown(page(f"<div>{paragraphs(*TEXTS, line)}</div>"))


ADVICE = ("选料要选榆木，松木太软容易裂。", "刨子每天用完要擦油，不然第二天会生锈。")


@pytest.mark.parametrize(
    "name",
    [
        'section id="tools"',
        'section class="recommendations"',
        'div class="follow-up"',
        'div class="menu"',
        'aside class="note"',
    ],
)
def test_a_box_of_nothing_but_sentences_among_paragraphs_is_of_the_article(name: str) -> None:
    tag = name.split()[0]
    box = f"<{name}><h3>老木匠的话</h3>{paragraphs(*ADVICE)}</{tag}>"
    inner = "".join((paragraphs(*TEXTS[:3]), box, paragraphs(*TEXTS[3:])))
    assert texts(page(f"<div>{inner}</div>")) == [*TEXTS[:3], "老木匠的话", *ADVICE, *TEXTS[3:]]


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ('div class="related"', '<a href="/b">别的事</a>'),
        ('div class="ad"', ""),
        ('div class="reviews"', ""),
        ('div class="copyright"', ""),
        ('div class="recommend"', "<p>本文版权归河湾网所有，未经许可不得转载。</p>"),
        ("aside", ""),
    ],
)
def test_a_box_that_leads_elsewhere_or_is_called_a_sites_goes(name: str, after: str) -> None:
    tag = name.split()[0]
    box = f"<{name}><h3>老木匠的话</h3>{paragraphs(*ADVICE)}{after}</{tag}>"
    inner = "".join((paragraphs(*TEXTS[:3]), box, paragraphs(*TEXTS[3:])))
    assert texts(page(f"<div>{inner}</div>")) == list(TEXTS)
    assert texts(page(f"<div>{paragraphs(*TEXTS)}{box}</div>")) == list(TEXTS)


def test_what_readers_wrote_above_a_field_to_write_in_goes() -> None:
    field = '<form action="/r"><textarea name="c"></textarea></form>'
    said = f"<td><b>读者留言</b><br>柳嫂(2005-3-1)：<br>{SAID}<br>{{}}</td>"
    inner = f"<table><tr><td>{'<br><br>'.join(TEXTS)}</td></tr><tr>{said}</tr></table>"
    assert texts(page(inner.format(field))) == list(TEXTS)
    assert SAID in "".join(texts(page(inner.format(""))))


def test_both_ways_to_other_articles_in_one_line_go() -> None:
    ways = '上一篇：<a href="/a">晒场上的电影和一个很长的夏天</a><br>下一篇：没有了'
    assert texts(page(f"<div>{paragraphs(*TEXTS)}</div><div>{ways}</div>")) == list(TEXTS)


def test_the_standing_of_those_who_answer_goes() -> None:
    head = '<div class="u"><a href="/u">柳嫂</a><span>3.1k 声望</span></div>'
    asked = "<strong>2 个回答</strong><div><span>已被采纳</span></div>"
    answers = "".join(f"<div>{head}<div><p>{one}</p></div></div>" for one in TEXTS[3:])
    told = texts(page(f"<div>{paragraphs(*TEXTS[:3])}</div>{asked}<div>{answers}</div>"))
    assert not any("声望" in one or "采纳" in one for one in told)
    assert set(TEXTS) <= set(told)
