"""Answers about the article itself, cards and refusals, on made-up articles of several genres."""

import json

import pytest

from qa.answering.central import central_sentences, stretches
from qa.chatbot import Chatbot
from qa.loaders import from_text, load_file
from qa.render.formats import to_markdown, to_text
from qa.types import Answer, Counts, Document, Paragraph
from qa.web.html.answer import answer_html
from qa.web.look import Look
from support.models import BotMaker

NEWS = (
    "# 白鹭港扩建完工\n\n*2023年04月12日 09:30 青州晚报*\n\n"
    "白鹭港扩建工程昨日完工，港口新增六个泊位。\n\n"
    "## 为什么扩建\n\n白鹭港的泊位多年不够用。港口的货船常常要在海上等三天才能进港。\n\n"
    "渔民也抱怨航道太窄。\n\n"
    "## 花了多少钱\n\n港口扩建工程一共花了3.5亿元，比预算少两千万元。\n"
)
ESSAY = (
    "外婆的石榴树种在后院的墙角。每年五月，石榴树开满红花。\n\n外婆说石榴树是她出嫁那年种下的，比母亲还大两岁。\n\n"
    "后来后院要修路，工人来砍石榴树，外婆搬一把椅子坐在树下，谁劝也不走。\n\n路最后绕了一个弯，石榴树留了下来。\n"
)
RECIPE = "豆腐要先用盐水泡十分钟。\n\n锅里放油，油热后下豆瓣酱炒出红油。"
"\n\n最后撒上花椒粉就可以出锅。\n"
ENGLISH = (
    "The lighthouse on Mell Rock was built in 1890 by local fishermen.\n\n"
    "Its keeper, Ann Moor, lit the lamp every night for forty years.\n\n"
    "The lighthouse was closed in 1918, and the lamp is in a museum now.\n"
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Document:
    path = tmp_path_factory.mktemp("news") / "港口.md"
    path.write_text(NEWS, encoding="utf-8")
    return load_file(path)


@pytest.fixture(scope="module")
def news(port: Document) -> Chatbot:
    return Chatbot.from_documents([port])


@pytest.fixture(scope="module")
def essay(make_bot: BotMaker) -> Chatbot:
    return make_bot({"外婆.txt": ESSAY})


@pytest.fixture(scope="module")
def several(port: Document) -> Chatbot:
    more = [from_text("外婆.txt", ESSAY), from_text("豆腐.txt", RECIPE)]
    return Chatbot.from_documents([port, *more])


def marked(answer: Answer) -> list[str]:
    """Return what is marked in each passage; it stands at its place."""
    for one in answer.passages:
        assert one.highlight is not None
        assert one.answers is answer.answered is True
    return [one.highlight.of(one.text) for one in answer.passages if one.highlight]


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("标题是什么？", ["白鹭港扩建完工"]),
        ("這篇文章叫什麼", ["白鹭港扩建完工"]),
        ("什么时候发表的", ["2023年04月12日 09:30 青州晚报"]),
        ("这篇文章的来源是哪家媒体", ["2023年04月12日 09:30 青州晚报"]),
        ("who wrote this?", ["2023年04月12日 09:30 青州晚报"]),
        ("有几个小标题", ["为什么扩建", "花了多少钱"]),
        ("第二部分的标题是什么", ["花了多少钱", "为什么扩建"]),
        ("第一段说什么", ["白鹭港扩建工程昨日完工，港口新增六个泊位。"]),
        ("最后一段", ["港口扩建工程一共花了3.5亿元，比预算少两千万元。"]),
        ("总结最后一段", ["港口扩建工程一共花了3.5亿元，比预算少两千万元。"]),
        ("who wrote it?", ["2023年04月12日 09:30 青州晚报"]),
    ],
)
def test_lines_of_the_article(news: Chatbot, asked: str, lines: list[str]) -> None:
    answer = news.ask(asked)
    assert answer.kind == "about"
    assert marked(answer) == lines
    document = news.documents[0]
    for one in answer.passages:
        assert document.text[one.paragraph.start : one.paragraph.end] == one.text


def test_an_outline_has_title_headings_and_a_sentence_of_each_part(news: Chatbot) -> None:
    answer = news.ask("这篇文章讲了什么？")
    kinds = [one.paragraph.kind for one in answer.passages]
    assert kinds == ["title", "text", "heading", "text", "heading", "text"]
    assert marked(answer)[3] in NEWS
    assert [one.paragraph.kind for one in news.ask("总结一下", k=2).passages] == [
        "title",
        "heading",
    ]


@pytest.mark.parametrize(
    "asked",
    ["总结一下", "總結全文", "summarize", "中心思想是什么", "你总结一下这个文档", "用100字总结"],
)
def test_an_outline_without_headings_has_a_sentence_of_each_stretch(
    essay: Chatbot, asked: str
) -> None:
    answer = essay.ask(asked)
    assert [one.paragraph.position for one in answer.passages] == [0, 1, 2, 3]
    assert all(sentence in ESSAY for sentence in marked(answer))


@pytest.mark.parametrize(
    "asked", ["有几段", "全文多少字", "这篇文章有多长？", "第九段说什么", "how many words"]
)
def test_a_count_is_told_and_is_no_passage(essay: Chatbot, asked: str) -> None:
    answer = essay.ask(asked)
    assert (answer.kind, answer.answered, answer.passages) == ("about", False, ())
    assert answer.counts == Counts(1, 4, 0, 91)
    assert "91" in answer.reason


def test_the_number_of_a_paragraph_is_told(news: Chatbot) -> None:
    answer = news.ask("最后一段")
    assert answer.counts is not None
    assert (answer.counts.paragraph, answer.counts.paragraphs) == (4, 4)
    assert "正文第 4 段，共 4 段" in to_text(answer)


@pytest.mark.parametrize("asked", ["作者是谁", "什么时候发表的", "标题是什么"])
def test_what_the_article_does_not_tell_about_itself_is_searched_for(
    essay: Chatbot, asked: str
) -> None:
    assert essay.ask(asked).kind == "passages"


def test_a_date_alone_names_no_author(make_bot: BotMaker) -> None:
    bot = make_bot({"a.md": "雪\n\n2020年1月2日 08:00\n\n昨夜下了一场大雪，山路不通。\n"})
    assert bot.ask("什么时候发表的").kind == "about"
    assert bot.ask("作者是谁").kind == "passages"


def test_of_several_articles_titles_are_listed(several: Chatbot) -> None:
    answer = several.ask("这些文章讲了什么")
    assert marked(answer) == [
        "白鹭港扩建完工",
        "外婆的石榴树种在后院的墙角。",
        "豆腐要先用盐水泡十分钟。",
    ]
    told = several.ask("有几段")
    assert told.counts == Counts(3)
    assert "3 篇" in told.reason
    assert several.ask("第一段说什么").passages == ()


def test_of_several_articles_the_named_one_counts(several: Chatbot) -> None:
    assert marked(several.ask("《白鹭港扩建完工》有几个小标题")) == ["为什么扩建", "花了多少钱"]
    assert marked(several.ask("《白鹭港扩建完工》这篇文章是什么时候发表的"))[0].startswith("2023年")
    assert several.ask("《红楼梦》的作者是谁").kind == "passages"
    assert several.ask("《白鹭港扩建完工》讲了什么").kind == "passages"


@pytest.mark.parametrize("asked", ["你好", "謝謝", "你能做什么", "help"])
def test_a_card_has_three_questions_that_are_answered(news: Chatbot, asked: str) -> None:
    answer = news.ask(asked)
    assert (answer.kind, answer.answered, answer.passages) == ("help", False, ())
    assert len(answer.suggestions) == 3
    assert all(news.ask(one).kind in ("passages", "about") for one in answer.suggestions)


def test_a_card_is_never_without_questions(make_bot: BotMaker) -> None:
    nothing = "豆腐很嫩，葱花很香。"
    assert make_bot({"豆腐": nothing}).ask("hi").suggestions == (
        "这篇文章讲了什么？",
        "第一段说什么？",
        "有几段？",
    )
    made, *always = make_bot({"豆腐": RECIPE}).ask("hi").suggestions
    assert made not in always
    assert always == ["这篇文章讲了什么？", "第一段说什么？"]


def test_questions_to_try_are_in_the_language_of_the_article(make_bot: BotMaker) -> None:
    found = make_bot({"rock": ENGLISH}).ask("你好").suggestions
    assert found[-1].isascii()


def test_orders_and_nonsense_have_no_passage(news: Chatbot) -> None:
    for typed, kind in (("写一首诗", "task"), ("asdfgh", "nonsense"), ("。。。。", "blank")):
        answer = news.ask(typed)
        assert (answer.kind, answer.answered, answer.passages) == (kind, False, ())
        assert answer.reason
    assert news.ask("今天天气怎么样").kind == "passages"


def test_a_word_of_the_article_is_no_nonsense(make_bot: BotMaker) -> None:
    bot = make_bot({"a": "工程师用 nsrmtd 协议传输数据。\n\n协议在2011年发布。\n"})
    assert bot.ask("nsrmtd").kind == "passages"
    assert bot.ask("nsrmtx").kind == "nonsense"


def test_a_greeting_does_not_disturb_what_follows(news: Chatbot) -> None:
    answer = news.ask("那花了多少钱？", ["白鹭港扩建工程是什么？", "你好", "总结一下"])
    assert answer.question.startswith("白鹭港")
    assert news.ask("你好", ["白鹭港扩建工程是什么？"]).question == "你好"


def test_every_face_tells_the_same(news: Chatbot) -> None:
    card, outline = news.ask("你好"), news.ask("总结一下")
    assert json.loads(json.dumps(card.to_dict()))["suggestions"] == list(card.suggestions)
    assert outline.to_dict()["kind"] == "about"
    assert news.ask("有几段").to_dict()["counts"]["paragraphs"] == 4
    for shown in (to_text(card), to_markdown(card), answer_html(card, Look("zh-Hans"))):
        assert "这里用文章里的原话回答问题" in shown
        assert "可以这样问" in shown
        assert "文中没有提到" not in shown
    for shown in (to_text(outline), to_markdown(outline), answer_html(outline, Look("zh-Hans"))):
        assert shown.index("白鹭港扩建完工") < shown.index("为什么扩建") < shown.index("花了多少钱")
        assert "渔民也抱怨" not in shown
    html = answer_html(card, Look("en"))
    assert html.count("data-ask=") == 3
    assert "Questions are answered here" in html


def paragraphs(*texts: str) -> list[Paragraph]:
    return [
        Paragraph("a", "题", "a", "", place, 0, len(text), text) for place, text in enumerate(texts)
    ]


def test_stretches_are_of_about_the_same_length() -> None:
    body = paragraphs("甲" * 10, "乙" * 10, "丙" * 10, "丁" * 10)
    assert [[one.position for one in part] for part in stretches(body, 2)] == [[0, 1], [2, 3]]
    assert [len(part) for part in stretches(body, 9)] == [1, 1, 1, 1]
    long = paragraphs("甲" * 100, "乙", "丙")
    assert [len(part) for part in stretches(long, 2)] == [1, 2]
    assert stretches([], 3) == []


def test_a_central_sentence_shares_words_with_the_others_and_stands_alone() -> None:
    body = paragraphs(
        "天气很热，大家都躲在屋里喝茶聊天。水库的堤坝在汛期前加固了两米。它由村民出工。",
        "水库的堤坝今年经受了洪水的考验。为什么水库的堤坝没有倒？",
    )
    found = [one.text for one in central_sentences([[one] for one in body])]
    assert found == ["水库的堤坝在汛期前加固了两米。", "水库的堤坝今年经受了洪水的考验。"]
