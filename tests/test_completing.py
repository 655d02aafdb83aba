"""Answers of more than one form, found with the bundled models in texts of several genres."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from test_outline import MANUAL, PERMIT

from qa import loaders
from qa.answering.completing import handed_over
from qa.answering.judge import Found
from qa.answering.surroundings import Outlines
from qa.chatbot import Chatbot
from qa.index.local import LocalIndex
from qa.render.formats import deciding, to_text
from qa.retrieval.fusion import Hit
from qa.types import Answer
from support.models import BotMaker

SHOP = """青橙商城常见问题

问：下单以后多久能发货？
答：工作日十六点前付款的订单当天发出，之后的第二天发出。

问：偏远地区的运费由谁承担？
答：新疆、西藏和青海的订单由买家承担二十元，其余包邮。

问：可以开发票吗？
答：可以。在订单页填写税号，三个工作日内发到邮箱。
"""
LIBRARY = """Harbour Library FAQ

Q: How many books can I borrow at once?
A: Adults may take twelve items, children six.

Q: Can I bring my dog?
A: Assistance dogs are welcome everywhere; other pets stay outside.
"""
BEES = """城里的蜜蜂

楼顶养蜂的人越来越多，去年全市登记的蜂箱超过四千个。

那么，蜜蜂在城里吃什么？

行道树、阳台和公园里的花。槐树开花的半个月，一箱蜂能酿二十斤蜜。

邻居被蜇了怎么办？

登记的养蜂人必须买责任险，一次最高赔五万元。
"""
TALK = """对话木匠老贺

记者：当时学徒要学多长时间才能出师？

贺师傅：三年零一节。头一年只许磨刀，后两年才碰料子。

记者：您觉得学木工最难的是什么？

贺师傅：不是手艺，是耐得住没人夸你的那些年。
"""
STEW = """# 家常红烧肉

## 用料

- 五花肉 500克
- 冰糖 30克
- 黄酒 半碗

## 做法

1. 五花肉切块，冷水下锅焯三分钟。
2. 小火炒化冰糖，放肉翻到上色。
3. 倒黄酒和生抽，加热水没过肉。
4. 小火炖一个钟头，大火收汁。
"""
LEASE = """Tenancy agreement

The tenant must provide the following documents:

1. A copy of a passport or identity card.

2. Payslips for the last three months.

Moving out

Step 1: Give notice in writing at least four weeks ahead.

Step 2: Clean the flat and repair any damage.

Step 3: Hand over the keys and sign the protocol.
"""
BOATS = """渡轮公司的船

公司的第一款电动渡轮是白鹭号，2017年在宁波下水。

第一条航线从码头开到灯塔岛，第二条航线2021年开通，只在夏天开。

第二款渡轮叫苍鹭号，2024年开始载客。

上船前请带好：

1. 船票

2. 身份证

3. 雨衣
"""
BRIDGE = """灯塔村的桥

灯塔村的石桥2010年被洪水冲垮，三个月后重修。

灯塔村的石桥2016年又被洪水冲垮，这次改建成了钢桥。

村里的小学有六十名学生，两位老师。

每年秋天村民把核桃运到县城卖。
"""


@pytest.fixture(scope="module")
def markdown(make_bot: BotMaker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Chatbot]:
    """Chatbots on the texts that are Markdown."""
    folder = tmp_path_factory.mktemp("markdown")
    some = make_bot({"x": "甲。"})
    bots = {}
    for name, text in (("stew", STEW), ("manual", MANUAL)):
        path: Path = folder / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        index = LocalIndex.build([loaders.load_file(path)], some.embedder)
        bots[name] = Chatbot(
            index, some.embedder, some.calibration, some.config, reader=some.reader
        )
    return bots


def answering(answer: Answer) -> list[str]:
    return [one.text for one in answer.passages if one.answers]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (SHOP, "下单以后多久能发货?", "答：工作日十六点前"),
        (SHOP, "偏遠地區的運費由誰承擔？", "答：新疆、西藏"),
        (LIBRARY, "How many books can I borrow at once?", "A: Adults may take"),
        (LIBRARY, "Can I bring my dog?", "A: Assistance dogs"),
        (BEES, "蜜蜂在城里吃什么?", "行道树、阳台"),
        (BEES, "邻居被蜇了怎么办?", "登记的养蜂人"),
        (TALK, "学徒要学多长时间才能出师?", "贺师傅：三年零一节"),
        (TALK, "学木工最难的是什么?", "贺师傅：不是手艺"),
    ],
)
def test_the_answer_is_shown_and_not_what_only_asks(
    make_bot: BotMaker, text: str, question: str, expected: str
) -> None:
    given = make_bot({"a": text}).ask(question)
    assert given.answered
    assert given.passages[0].text.startswith(expected)
    for one in given.passages:
        assert one.answer is None or 0 <= one.answer.start < one.answer.end <= len(one.text)


def test_what_the_article_neither_asks_nor_says_is_refused(make_bot: BotMaker) -> None:
    assert not make_bot({"a": SHOP}).ask("会员积分怎么兑换礼品?").answered


def test_yes_or_no_is_the_word_that_says_so(make_bot: BotMaker) -> None:
    first = make_bot({"a": SHOP}).ask("可以开发票吗?").passages[0]
    assert first.text.startswith("答：可以。")
    assert first.answer is None or first.answer.of(first.text) == "可以"


def test_a_lead_in_brings_its_items_in_order(make_bot: BotMaker) -> None:
    given = make_bot({"a": PERMIT}).ask("申请居住证需要以下哪些材料?")
    assert given.answered
    assert [text[:3] for text in answering(given)[:4]] == ["申请需", "（一）", "（二）", "（三）"]
    assert [one.text[:3] for one, _ in deciding(given)][:3] == ["（一）", "（二）", "（三）"]
    assert "→ （二）近期一寸免冠照片两张；" in to_text(given)


def test_english_items_too(make_bot: BotMaker) -> None:
    given = make_bot({"a": LEASE}).ask("Which documents must the tenant provide?")
    assert given.answered
    assert [text[:2] for text in answering(given)[:3]] == ["Th", "1.", "2."]


def test_a_list_whose_heading_is_asked_for_is_shown_whole(markdown: dict[str, Chatbot]) -> None:
    given = markdown["stew"].ask("红烧肉需要准备哪些用料?")
    assert given.answered
    assert answering(given)[:3] == ["五花肉 500克", "冰糖 30克", "黄酒 半碗"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("第二步是什么?", "第二步：把登记表"),
        ("最后一步是什么?", "第二步：把登记表"),
        ("第三项材料是什么?", "（三）房屋租赁"),
        ("第二項材料是什麼？", "（二）近期"),
    ],
)
def test_an_item_is_found_by_its_number(make_bot: BotMaker, question: str, expected: str) -> None:
    given = make_bot({"a": PERMIT}).ask(question)
    assert given.answered
    assert answering(given) == [given.passages[0].text]
    assert given.passages[0].text.startswith(expected)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("公司的第一款渡轮是什么?", "公司的第一款"),
        ("第二款渡轮什么时候开始载客?", "第二款渡轮"),
        ("第二條航線是哪年開通的？", "第一条航线"),
        ("第一条航线开到哪里?", "第一条航线"),
        ("上船前要带的第二样是什么?", "2. 身份证"),
        ("第三步带什么?", "3. 雨衣"),
    ],
)
def test_the_first_of_other_things_is_no_item_of_a_list(
    make_bot: BotMaker, question: str, expected: str
) -> None:
    given = make_bot({"a": BOATS}).ask(question)
    assert given.passages[0].text.startswith(expected)
    assert given.answered


@pytest.mark.parametrize("question", ["第三条航线开到哪里?", "第三條航線哪年開通？"])
def test_the_item_of_a_list_does_not_answer_for_other_things(
    make_bot: BotMaker, question: str
) -> None:
    given = make_bot({"a": BOATS}).ask(question)
    assert not given.answered
    assert not given.passages[0].text.startswith("3.")


@pytest.mark.parametrize(
    ("name", "question", "expected"),
    [
        ("stew", "第三步怎么做?", "3. 倒黄酒和生抽，加热水没过肉。"),
        ("stew", "最后一步做什么?", "4. 小火炖一个钟头，大火收汁。"),
        ("manual", "安装的第一步是什么?", "1. 关闭总阀。"),
        ("manual", "第三步做什么？", "3. 打开总阀。"),
        ("manual", "表格的第二行是什么?", "| 红 | 到期 |"),
        ("manual", "多久换滤芯?", "半年一次。"),
    ],
)
def test_in_markdown_too(
    markdown: dict[str, Chatbot], name: str, question: str, expected: str
) -> None:
    given = markdown[name].ask(question)
    assert given.answered
    assert given.passages[0].text == expected


def test_an_english_step(make_bot: BotMaker) -> None:
    given = make_bot({"a": LEASE}).ask("What is step 2 of moving out?")
    assert given.answered
    assert given.passages[0].text.startswith("Step 2")


def test_what_asks_and_is_followed_by_nothing_comes_last(make_bot: BotMaker) -> None:
    bot = make_bot({"a": "题目\n\n河水很清，鱼很多，村民常来钓鱼。\n\n河水为什么清？"})
    paragraphs = bot.paragraphs("a")
    found = [Found(Hit(n, 9.0 - n, 0.8, 1.0), paragraphs[n]) for n in (2, 1)]
    ordered = handed_over("河水为什么清?", found, Outlines(bot.index))
    assert [one.paragraph.position for one in ordered] == [1, 2]
    asked = handed_over("文章提出了什么问题?", found, Outlines(bot.index))
    assert [one.paragraph.position for one in asked] == [2, 1]


def places(answer: Answer) -> Sequence[int]:
    return [one.paragraph.position for one in answer.passages if one.answers]


def test_more_shows_what_was_not_shown_and_then_refuses(make_bot: BotMaker) -> None:
    bot = make_bot({"a": BRIDGE})
    history = ["灯塔村的石桥哪年被洪水冲垮?"]
    seen = list(places(bot.ask(history[0])))
    assert seen
    for typed in ("还有别的吗?", "還有嗎？", "anything else?", "more"):
        given = bot.ask(typed, history)
        assert given.question == history[0]
        assert not set(seen) & {one.paragraph.position for one in given.passages}
        seen += places(given)
        history.append(typed)
    assert not given.answered
    assert given.reason == "Apart from the passages before, none answers the question."


def test_more_of_a_list_is_not_the_list_again(make_bot: BotMaker) -> None:
    bot = make_bot({"a": PERMIT})
    question = "申请居住证需要以下哪些材料?"
    first = set(places(bot.ask(question)))
    assert not first & set(places(bot.ask("还有吗?", [question])))
