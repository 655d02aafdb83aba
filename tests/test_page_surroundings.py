"""What stands around an article on a page: what goes, and what of the article stays."""

import pytest

from support.around import SAID, TEXTS, TITLE, article, page, paragraphs, read, shown, texts


@pytest.mark.parametrize("name", ["CopyrightProse-body", "z9 disclaimerBox", "post-banquan"])
def test_what_holds_most_sentences_is_no_furniture_whatever_its_name(name: str) -> None:
    asked = "<p>请问粮站现在还收粮食吗，听说已经改成了别的地方？</p>"
    held = f'{asked}<div class="{name}">{paragraphs(*TEXTS)}</div>'
    assert set(TEXTS) <= set(texts(page(held)))
    legal = "地方网版权所有，未经许可不得转载。"
    assert legal not in texts(article(f'<div class="{name}"><p>{legal}</p></div>'))


def test_answers_that_together_are_most_of_a_page_stay() -> None:
    told = paragraphs("问题是三天前提的。", "到今天有三个人答了，说法各不相同，都在下面。")
    answers = "".join(f'<div class="card app-answer"><p>{text}</p></div>' for text in TEXTS)
    assert set(TEXTS) <= set(texts(page(told * 2 + answers)))


def test_the_reply_of_an_office_to_a_letter_stays() -> None:
    asked = f"<p>{TEXTS[0]}</p><p>请问晒场什么时候改建？</p>"
    reply = f'<div class="reply-box"><p>回复单位：河湾镇政府</p>{paragraphs(*TEXTS[1:])}</div>'
    assert set(TEXTS) <= set(texts(page(f"<div>{asked}{reply}</div>")))


def test_a_mark_of_citation_does_not_keep_a_sentence_from_ending() -> None:
    lead = f'旧粮站<a href="/item/9">河湾村</a>。<sup>[2]</sup>{paragraphs(*TEXTS[1:])}'
    assert texts(page(f"<div><div>{lead}</div></div>"))[0] == "旧粮站河湾村。[2]"


def test_the_first_heading_is_the_title_though_another_has_more_of_the_name() -> None:
    inner = (
        f'<div class="d">{TEXTS[0]}</div><h2>材料</h2><ul><li>松木两块</li><li>木钉八颗</li></ul>'
        f"<h2>小板凳的做法</h2>{paragraphs(*TEXTS[1:])}"
    )
    found = shown(page(inner, "小板凳", "小板凳的做法，一看就会"))
    assert found[0] == ("title", "小板凳")
    assert {TEXTS[0], "松木两块", "小板凳的做法"} <= {text for _, text in found}


def test_nothing_is_cut_before_a_heading_in_mid_page() -> None:
    inner = f"{paragraphs(*TEXTS[:2])}<h2>旧粮站</h2>{paragraphs(*TEXTS[2:])}"
    assert texts(f"<title>{TITLE}</title><div>{inner}</div>") == [
        *TEXTS[:2],
        "旧粮站",
        *TEXTS[2:],
    ]


PARTS = ("屋顶", "工作台", "孟广田")


def sections(prefix: str = "") -> str:
    return "".join(
        f'<h2 id="s{n}">{prefix}{name}</h2><p>{text}</p>'
        for n, (name, text) in enumerate(zip(PARTS, TEXTS, strict=False))
    )


@pytest.mark.parametrize(
    "table",
    [
        "<p>本文目录</p><ul>{items}</ul>",
        "<h3>目录 [隐藏]</h3><ol>{items}</ol>",
        "<ul>{items}</ul>",
        "<div>目录</div><ul>{plain}</ul>",
        "<p>{links}</p>",
    ],
)
@pytest.mark.parametrize("prefix", ["", TITLE])
def test_a_table_of_contents_goes(table: str, prefix: str) -> None:
    links = [f'<a href="#s{n}"><i>{n + 1}</i> {name}</a>' for n, name in enumerate(PARTS)]
    items = "".join(f"<li>{link}</li>" for link in links)
    plain = "".join(f"<li>{prefix}{name}</li>" for name in PARTS)
    told = table.format(items=items, plain=plain, links=" ".join(links))
    wanted = [
        text for name, one in zip(PARTS, TEXTS, strict=False) for text in (prefix + name, one)
    ]
    assert texts(page(f"<div>{told}{sections(prefix)}</div>")) == wanted


@pytest.mark.parametrize(
    "told",
    [
        "<p>改造分三步：</p><ul><li>屋顶</li><li>工作台</li></ul>",
        '<ul><li><a href="#a">怎么报名？</a></li><li><a href="#b">要带工具吗？</a></li></ul>',
        '<ul><li><a href="#s0">屋顶</a>用旧瓦铺成，只换了檩条</li><li>工作台</li></ul>',
    ],
)
def test_a_list_that_is_no_table_of_contents_stays(told: str) -> None:
    count = told.count("<li>")
    found = texts(page(f"<div>{paragraphs(TEXTS[4])}{told}{sections()}</div>"))
    assert len(found) == 7 + count + told.count("<p>")


def test_numbers_of_lines_and_buttons_beside_code_go() -> None:
    code = (
        '<pre><code>cp a b\nls</code><div class="tip">登录后复制</div></pre>'
        '<ul class="n"><li>1</li><li>2</li><li>3</li></ul>'
    )
    plain = "<pre><code><span>copy</span> a b</code></pre>"
    found = texts(page(f"<div>{paragraphs(TEXTS[0])}{code}{plain}{paragraphs(TEXTS[1])}</div>"))
    assert found == [TEXTS[0], "cp a b\nls", "copy a b", TEXTS[1]]


@pytest.mark.parametrize(
    "label",
    [
        "网友评论", "股友点评", "大家做的小板凳", "关于这个木工坊的问答", "更多回答", "相关问题",
        "《旧粮站》有 3 条评论", "看过这篇的人还看过", "免责声明", "关于本站", "您可能还关注",
        "订阅河湾日报电子版",
    ],
)  # fmt: skip
def test_a_section_of_the_site_goes_with_its_heading(label: str) -> None:
    link = '<a href="/u/7">麦穗</a>'
    after = f'<div class="k7"><h3>{label}</h3><div>{link}<p>{SAID}</p></div></div>'
    assert texts(article(after)) == list(TEXTS)


def test_a_column_on_a_side_and_boxes_in_the_article_go() -> None:
    bio = '<div class="author-box"><h4>关于 孟小满</h4><p>写木头，也写种木头的人。</p></div>'
    letter = '<div class="newsletter-form"><p>每个月寄给你一封写木头的信。</p></div>'
    posts = '<div id="x-relatedposts"><p>晒场上的电影放了四十年还在放。</p></div>'
    column = (
        '<div class="colRight-x side-column"><h3>提示</h3><p>请不要相信陌生人的电话。</p></div>'
    )
    inner = f'<div class="main">{paragraphs(*TEXTS)}{letter}{posts}{bio}</div>{column}'
    assert texts(page(inner)) == list(TEXTS)


@pytest.mark.parametrize(
    "line",
    [
        '上一条：<a href="/8">晒场上放了一场电影</a>',
        '【下一则】<a href="/9">河湾村修了两座桥</a>',
        "分析师声明：本报告的作者有执业资格，分析逻辑基于本人的职业理解。",
        "本网站刊载的信息仅供参考，不构成任何要约。",
        "本报所有新闻授权数字报发布，未经书面许可不得转载。",
        "欢迎读者提供新闻线索，一经采用即付稿酬。",
        '分类：<a href="/c/1">手艺</a> <a href="/c/2">乡村</a>',
        "该图集创建于2020-03-08，收藏 18 次",
        "如果你喜欢这个故事，请点赞、在看，也欢迎长按二维码加入读者群。",
        "— 全文完 —",
        "编辑 宋小禾 校对 林满",
        "看都看完了，点【在看】再走",
        "（更多原创资讯请下载河湾新闻客户端）",
        "图片均来自网络",
        "收起",
        "【打印】【关闭窗口】",
        "平台声明：该文观点仅代表作者本人。",
        "【提示】本文仅供科普参考，不能代替医生诊断。",
    ],
)
def test_a_line_of_the_site_after_the_article_goes(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == list(TEXTS)


@pytest.mark.parametrize(
    "line",
    [
        "村主任与本报记者一起看了新铺的屋顶。",
        "他喜欢收藏旧工具，也愿意分享给来学手艺的人。",
        "未经木匠同意，孩子们不得使用电锯。",
        "下一期：教大家做风车。",
        "关于这件事，村里也有不同的评论。",
    ],
)
def test_a_sentence_like_a_site_s_stays(line: str) -> None:
    assert texts(page(f"<div>{paragraphs(*TEXTS, line)}</div>")) == [*TEXTS, line]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "转载文章的版权声明怎么写",
            ("转载以前应当取得授权。", "如有侵权，请联系删除，这句话不免除责任。"),
        ),
        ("河湾日报征稿启事", ("来稿请寄编辑部。", "欢迎读者投稿，一经采用即付稿酬。")),
        (
            "公众号怎样留住读者",
            ("先想好写给谁看。", "文末请读者点赞、在看，长按二维码关注公众号。"),
        ),
        ("借阅规则", ("第一条 凭证借书。", "第二条 未经许可，不得复制和转载馆藏文献。")),
    ],
)
def test_what_an_article_is_about_stays(title: str, lines: tuple[str, ...]) -> None:
    assert texts(page(f"<div>{paragraphs(*lines)}</div>", title)) == list(lines)


def test_a_section_of_the_article_stays_whatever_its_heading() -> None:
    names = ("起因", "改造", "网友评论")
    alike = "".join(
        f'<div class="sec"><h2>{name}</h2><p>{text}</p></div>'
        for name, text in zip(names, TEXTS, strict=False)
    )
    flowing = "".join(
        f"<h2>{name}</h2><p>{text}</p>" for name, text in zip(names, TEXTS, strict=False)
    )
    wanted = [text for name, one in zip(names, TEXTS, strict=False) for text in (name, one)]
    assert texts(page(alike)) == texts(page(f"<div>{flowing}</div>")) == wanted


def test_what_stands_below_in_other_elements_goes_if_it_is_no_sentences() -> None:
    bio = "住在河边，写木头，也写种木头的人，一年写四万字。"
    counts = ("25人鼓掌", "麦穗", "共写了8.3万字", "一共 3,310 次阅读", "从2楼写起的人")
    below = "".join(f"<div>{line}</div>" for line in (*counts, bio))
    text = f'<div class="a"><div class="j8">{paragraphs(*TEXTS * 3)}</div></div>'
    inner = f'{text}<div class="scroll"><div class="scroll-item">{{}}</div></div>'
    assert texts(page(f"<div>{inner.format(below)}</div>")) == list(TEXTS * 3)
    signed = "<div>河湾村村民委员会</div><div>2016年5月10日</div>"
    listed = "<ul><li>松木两块</li><li>木钉八颗</li></ul>"
    told = f"<div>后来的事</div><p>{SAID}</p>"
    for last in (signed, listed, told):
        kept = texts(page(f"<div>{inner.format(f'<p>{SAID}</p>{last}')}</div>"))
        assert len(kept) == 3 * len(TEXTS) + 3


def test_sections_that_went_are_not_missed() -> None:
    said = "".join(f"<p><a href='/u/{n}'>木友</a></p><p>{SAID}{n}</p>" for n in range(12))
    content = read(article(f'<div class="k7"><h3>网友评论</h3>{said}</div>'))
    assert SAID not in content.text
    assert content.problem == ""


def test_sources_go_where_they_are_links() -> None:
    links = '<li><a href="/1">河湾村志</a></li><li><a href="/2">粮站旧事</a></li>'
    told = "<li>河湾村志，1992年，第41页</li><li>粮站旧事，2003年</li>"
    box = '<div class="src"><h3>参考资料</h3><ul>{}</ul></div>'
    inner = f"<div>{paragraphs(*TEXTS)}{{}}</div>"
    assert texts(page(inner.format(box.format(links)))) == list(TEXTS)
    assert len(texts(page(inner.format(box.format(told))))) == len(TEXTS) + 3


def test_what_a_firm_says_of_itself_below_its_news_stays() -> None:
    box = f'<div class="about"><h3>关于河湾木工平台</h3><p>{TEXTS[4]}</p></div>'
    assert TEXTS[4] in texts(page(f"<div>{paragraphs(*TEXTS[:4])}{box}</div>"))


def test_a_box_of_background_stays() -> None:
    box = f'<div class="xglj"><h3>相关链接</h3><p>{TEXTS[4]}</p></div>'
    assert TEXTS[4] in texts(page(f"<div>{paragraphs(*TEXTS[:4])}{box}</div>"))


def post(number: int, text: str) -> str:
    marks = f"<span>{number}楼</span><em>发表于 2016-5-8 20:1{number}</em>"
    return f'<div id="post_88{number}"><b>木友{number}</b>{marks}<div>{text}</div></div>'


def test_replies_to_a_long_first_post_go() -> None:
    cell = "<div>积分 1172</div><div>注册时间 2011-5-8</div>"
    first = f'<div id="post_880">{cell}<div id="postmessage_880">{paragraphs(*TEXTS)}</div></div>'
    replies = "".join(post(number, SAID) for number in (2, 3, 4))
    assert texts(page(f"<div>{first}{replies}</div>")) == list(TEXTS)


def test_long_replies_stay() -> None:
    whole = "".join(TEXTS)
    story = "".join(post(number, f"{whole}第{number}回。") for number in (1, 2, 3))
    assert sum(whole in text for text in texts(page(f"<div>{story}</div>"))) == 3
    asked = post(1, "粮站的屋顶漏雨，请问怎么补？")
    answers = post(2, whole) + post(3, whole)
    assert sum(whole in text for text in texts(page(f"<div>{asked}{answers}</div>"))) == 2


def test_lines_above_and_below_the_title_stay() -> None:
    lines = (
        "空了十一年，换来六张工作台",
        f"<b-title>{TITLE}</b-title>",
        "——记河湾村木匠孟广田",
        "本报记者 宋小禾 通讯员 林阿满",
    )
    rows = "".join(f'<tr><td class="f{n % 2}">{line}</td></tr>' for n, line in enumerate(lines))
    inner = f'<table>{rows}</table><div id="ozoom">{paragraphs(*TEXTS)}</div>'
    found = shown(f"<title>{TITLE}</title><div>{inner}</div>")
    assert found[:4] == [
        ("title", TITLE),
        ("byline", "本报记者 宋小禾 通讯员 林阿满"),
        ("text", "空了十一年，换来六张工作台"),
        ("text", "——记河湾村木匠孟广田"),
    ]


def test_prompts_numbers_and_credits_of_a_message() -> None:
    inner = (
        "<p>点击上方蓝字关注我们，每周读一个手艺人的故事</p>"
        f"<p>{TEXTS[0]}</p><p>01</p><p><strong>屋顶上的旧瓦</strong></p><p>{TEXTS[3]}</p>"
        "<p>- END -</p><p>撰文：宋小禾</p><p>编辑：木木 ｜ 摄影：老段</p>"
    )
    assert shown(page(f'<div id="js_content">{inner}</div>')) == [
        ("title", TITLE),
        ("byline", "撰文：宋小禾"),
        ("text", TEXTS[0]),
        ("heading", "屋顶上的旧瓦"),
        ("text", TEXTS[3]),
    ]


@pytest.mark.parametrize(
    "line",
    ["河湾晚报记者 宋小禾 林满", "采写：见习记者 宋小禾", "本文来源：河湾晚报", "来源：河湾村"],
)
def test_who_wrote_it_is_told_below_the_article_too(line: str) -> None:
    assert ("byline", line) in shown(page(f"<div>{paragraphs(*TEXTS, line)}</div>"))
    told = "记者问他，粮站以后还会不会再收粮食"
    assert told in texts(page(f"<div>{paragraphs(*TEXTS, told)}</div>"))


def test_a_button_above_the_text_that_it_unfolds_stays() -> None:
    folded = "".join(
        f'<div class="q"><a href="#">第{n}步做什么？</a></div><div>{text}</div>'
        for n, text in enumerate(TEXTS)
    )
    assert len(texts(page(folded))) == 2 * len(TEXTS)
    others = '<ul><li><a href="#">晒场上的电影</a></li><li><a href="#">两座桥</a></li></ul>'
    assert texts(page(f"<div>{paragraphs(*TEXTS)}{others}</div>")) == list(TEXTS)


def test_paragraphs_behind_linked_headings_stay() -> None:
    lead = '<p><b><a href="/1">晒场上的电影</a></b></p><p><b><a href="/2">两座桥</a></b></p>'
    assert texts(page(f"<div>{lead}{paragraphs(*TEXTS)}</div>")) == list(TEXTS)


def test_links_with_dates_beside_or_below_them_go() -> None:
    beside = '<li><a href="/1">晒场上放了一场电影</a> 2016-05-08</li>'
    below = '<li><a href="/2">河湾村修了两座桥</a></li><li>2016-05-09</li>'
    listed = f"<ul>{beside}{below}</ul>"
    assert texts(page(f"<div>{paragraphs(*TEXTS)}{listed}</div>")) == list(TEXTS)
    results = '<li><a href="/1">河湾队</a> 3:2</li><li><a href="/2">粮站队</a> 2:3</li>'
    assert len(texts(page(f"<div>{paragraphs(*TEXTS)}<ul>{results}</ul></div>"))) == 7
    signed = ("河湾村村民委员会", "2016-05-10")
    assert texts(page(f"<div>{paragraphs(*TEXTS, *signed)}</div>")) == [*TEXTS, *signed]


def test_an_imprint_goes_with_the_lines_below_it() -> None:
    imprint = (
        "河湾村网 Copyright © 2018 湘ICP备00000000号",
        "地址：河湾村粮站路 18 号",
        "传真：5550166",
    )
    assert texts(page(f"<div>{paragraphs(*TEXTS, *imprint)}</div>")) == list(TEXTS)
    code = f"<pre>/* windmill.c Copyright 2018 */{'turn(); ' * 30}</pre>"
    assert len(texts(page(f"<div>{paragraphs(*TEXTS)}{code}</div>"))) == len(TEXTS) + 1
    called = ("联系人：孟广田", "电话：5550166")
    assert texts(page(f"<div>{paragraphs(*TEXTS, *called)}</div>")) == [*TEXTS, *called]


def test_what_a_library_finds_counts_where_the_column_of_links_is_hidden() -> None:
    links = "".join(
        f'<li><a href="/{n}">河湾村里的第{n}件新鲜事说给你听</a></li>' for n in range(40)
    )
    cards = "".join(f"<div><h3>别处的事{n}</h3><p>{SAID}{n}</p></div>" for n in range(4))
    inner = (
        f'<div class="a"><div class="left">{paragraphs(*TEXTS * 3)}</div></div>'
        f'<div class="scroll"><div class="scroll-item">{cards}</div></div>'
        f'<div class="right-column"><h3>新鲜事</h3><ul>{links}</ul></div>'
    )
    assert set(texts(page(f"<div>{inner}</div>"))) == set(TEXTS)
