"""What a follow-up takes from the questions before it, and that a changed subject takes nothing."""

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.chatbot import Chatbot
from qa.evaluate import Label, evaluate, read_labels, score
from qa.question.follow_up import stand_alone, topic
from support.models import BotMaker

LIMIT = ["微乐贷的平均额度是多少?"]
LEXIN = ["What does Lexin offer?"]


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["微乐贷是什么?"], "那额度呢?", "微乐贷 那额度呢?"),
        (["微乐贷是什么?"], "它的额度是多少?", "微乐贷 它的额度是多少?"),
        (["What is 微乐贷?"], "What about its limit?", "微乐贷 What about its limit?"),
        (LIMIT, "那利率呢?", "微乐贷 那利率呢?"),
        (LIMIT, "利率", "微乐贷 利率"),
        (LIMIT, "怎么申请", "微乐贷 怎么申请"),
        (LIMIT, "要抵押吗", "微乐贷 要抵押吗"),
        (LIMIT, "还能提前还吗", "微乐贷 还能提前还吗"),
        (LIMIT, "会影响征信吗", "微乐贷 会影响征信吗"),
        (LIMIT, "了解他的利率吗", "微乐贷 了解他的利率吗"),
        (LIMIT, "是谁推出的?", "微乐贷 是谁推出的?"),
        (LIMIT, "最长能借多久", "微乐贷 最长能借多久"),
        (LIMIT, "这个产品靠谱吗", "微乐贷 这个产品靠谱吗"),
        (LIMIT, "who runs it?", "微乐贷 who runs it?"),
        (["乐信推出了哪些产品?"], "它是哪一年成立的", "乐信 它是哪一年成立的"),
        (["乐信推出了哪些产品?"], "他们的总部在哪", "乐信 他们的总部在哪"),
        (["在线教育是什么?"], "它有什么问题", "在线教育 它有什么问题"),
        (["华为的总部在哪?"], "员工有多少", "华为 员工有多少"),
        (["《三体》讲什么?"], "作者是谁?", "《三体》 作者是谁?"),
        (["《三体》讲什么?"], "主要内容是什么?", "《三体》 主要内容是什么?"),
        (["《三体》是一本什么书?"], "讲了什么?", "《三体》 讲了什么?"),
        (["三步走方案是什么?"], "分几个部分?", "三步走方案 分几个部分?"),
        (LIMIT, "这是干什么的?", "微乐贷 这是干什么的?"),
        (LIMIT, "能写代码吗?", "微乐贷 能写代码吗?"),
        (LEXIN, "who wrote it?", "Lexin who wrote it?"),
        (LEXIN, "what is it about?", "Lexin what is it about?"),
        (["公司是哪年成立的?"], "董事长是谁?", "公司 董事长是谁?"),
        (["請問臨海市的人口有多少？"], "那面積呢？", "臨海市 那面積呢？"),
        (["請問臨海市的人口有多少？"], "市長是誰？", "臨海市 市長是誰？"),
        (LEXIN, "Where is it based?", "Lexin Where is it based?"),
        (LEXIN, "founded when?", "Lexin founded when?"),
        (LEXIN, "它的总部在哪?", "Lexin 它的总部在哪?"),
        (["What is Lexin's limit?"], "And the rate?", "Lexin And the rate?"),
        (LIMIT, "利息呢?", "微乐贷 利息呢?"),
        (LIMIT, "那手续费呢?", "微乐贷 那手续费呢?"),
        (LIMIT, "还款方式呢", "微乐贷 还款方式呢"),
        (LIMIT, "余额呢", "微乐贷 余额呢"),
        (LIMIT, "贷款用途呢", "微乐贷 贷款用途呢"),
        (LIMIT, "what about the collateral?", "微乐贷 what about the collateral?"),
        (["公司的利率是多少?"], "手續費呢？", "公司 手續費呢？"),
        (["小米手机的屏幕多大?"], "电池呢?", "小米手机 电池呢?"),
        (["华山酒店的房价是多少?"], "早餐呢", "华山酒店 早餐呢"),
        (["张伟的年龄是多少?"], "爱好呢", "张伟 爱好呢"),
        (
            ["How much does the Nova phone cost?"],
            "and the warranty?",
            "Nova and the warranty?",
        ),
    ],
)
def test_what_is_asked_of_the_same_subject_takes_the_subject(
    history: list[str], follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, history) == expected


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["乐信推出了哪些产品?"], "那第二个呢", "乐信推出了哪些产品 那第二个呢"),
        (["乐信推出了哪些产品?"], "第二个是什么", "乐信推出了哪些产品 第二个是什么"),
        (["乐信推出了哪些产品?"], "另一个呢", "乐信推出了哪些产品 另一个呢"),
        (LIMIT, "为什么?", "微乐贷的平均额度是多少 为什么?"),
        (LIMIT, "为什么这么高", "微乐贷的平均额度是多少 为什么这么高"),
        (LIMIT, "2021年呢?", "微乐贷的平均额度是多少 2021年呢?"),
        (LIMIT, "能详细说说吗", "微乐贷的平均额度是多少 能详细说说吗"),
        (LIMIT, "和小赢卡贷比呢", "微乐贷的平均额度是多少 和小赢卡贷比呢"),
        (["县财政补贴多少?"], "低保户呢?", "县财政补贴多少 低保户呢?"),
        (["Is parking free?"], "and breakfast?", "Is parking free and breakfast?"),
        (LEXIN, "and the second one?", "What does Lexin offer and the second one?"),
        (LEXIN, "the other one?", "What does Lexin offer the other one?"),
        (LEXIN, "why?", "What does Lexin offer why?"),
        (LEXIN, "how about in 2020?", "What does Lexin offer how about in 2020?"),
    ],
)
def test_what_goes_on_with_a_question_takes_all_of_it(
    history: list[str], follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, history) == expected


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (LIMIT, "那小赢卡贷呢?", "小赢卡贷的平均额度是多少?"),
        (["乐信推出了哪些产品?"], "360数科呢", "360数科推出了哪些产品?"),
        (["怎麼去霧湖？"], "那月潭呢？", "怎麼去月潭？"),
        (["微乐贷是什么?"], "那微乐贷呢?", "微乐贷是什么?"),
        (LEXIN, "And Xiaoying?", "What does Xiaoying offer?"),
        (["How tall is Skarn Head?"], "what about Mell Rock?", "How tall is Mell Rock?"),
        (LIMIT, "how about 小赢卡贷", "小赢卡贷的平均额度是多少?"),
        (LIMIT, "禾苗贷呢", "禾苗贷的平均额度是多少?"),
        (LIMIT, "比亚迪呢?", "比亚迪的平均额度是多少?"),
        (LIMIT, "那和平呢?", "和平的平均额度是多少?"),
        (["华山酒店的房价是多少?"], "阳光酒店呢", "阳光酒店的房价是多少?"),
        (["张伟的年龄是多少?"], "李明呢", "李明的年龄是多少?"),
        (["北京大学的学生有多少?"], "清华呢?", "清华的学生有多少?"),
        (["華為的總部在哪？"], "Oppo呢", "Oppo的總部在哪？"),
        (["暖仓卖多少钱?"], "小电驴呢?", "小电驴卖多少钱?"),
        (["腾讯的总部在哪?"], "百度呢?", "百度的总部在哪?"),
        (["小赢银行几点开门?"], "春节呢?", "春节几点开门?"),
        (["粽子多少钱?"], "月饼呢?", "月饼多少钱?"),
        (["月饼多少钱?"], "年糕呢?", "年糕多少钱?"),
        (["How much does the Nova cost?"], "and the Pixel?", "How much does the Pixel cost?"),
        (["How tall is the tower?"], "and the lighthouse?", "How tall is the lighthouse?"),
    ],
)
def test_another_subject_takes_the_place_of_the_last(
    history: list[str], follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "小赢科技服务了多少个体户?",
        "那小赢科技服务了多少个体户?",
        "另外,小赢科技的计划是什么?",
        "还有,新市民是什么意思?",
        "那小赢卡贷的利率呢?",
        "怎么申请小赢卡贷",
        "什么是新市民",
        "新市民?",
        "文章什么时候发表的?",
        "标题是什么?",
        "第二部分的标题是什么?",
        "文章分几个部分?",
        "有几个小标题?",
        "讲了什么?",
        "总结一下这份报告",
        "summarize it",
        "那些新市民是谁?",
        "其实新市民是谁?",
        "百信银行成立之初它确定了什么?",
        "What does Lexin offer?",
        "And when did Harrow Labs open its software?",
        "Is it true that Lexin lends money?",
        "What is the population of Berlin?",
        "How long is the trail to 月潭?",
        "米其林餐厅有哪些?",
        "犹他州在哪里?",
        "土耳其的首都是哪里?",
        "还珠格格是谁写的?",
        "能源價格漲了多少？",
        "需求量有多大?",
        "会展中心在哪里?",
        "第三世界国家有哪些?",
        "哪吒是谁的儿子?",
    ],
)
def test_a_changed_subject_takes_nothing(question: str) -> None:
    assert stand_alone(question, LIMIT) == question


@pytest.mark.parametrize("history", [[], [""], [" \n"], ["", "\u3000"], ["你好", "谢谢!"], ["?!"]])
def test_without_earlier_questions_nothing_is_added(history: list[str]) -> None:
    assert stand_alone("那额度呢?", history) == "那额度呢?"


@pytest.mark.parametrize("question", ["总结一下", "列一下大纲", "这篇文章讲了什么?"])
def test_to_sum_up_is_asked_of_the_article_after_a_book_too(question: str) -> None:
    assert stand_alone(question, ["《三体》是一本什么书?"]) == question


@pytest.mark.parametrize("question", ["谢谢", "你好", "thanks!", "?", "", "长" * 201 + "呢?"])
def test_what_asks_nothing_or_is_long_takes_nothing(question: str) -> None:
    assert stand_alone(question, LIMIT) == question


@pytest.mark.parametrize(
    ("history", "follow_up", "expected"),
    [
        (["微乐贷是什么?", "那额度呢?"], "那期限呢?", "微乐贷 那期限呢?"),
        (["微乐贷是什么?", "谢谢"], "那期限呢?", "微乐贷 那期限呢?"),
        (["微乐贷是什么?", "你好", "你是谁?", "写一首诗"], "那期限呢?", "微乐贷 那期限呢?"),
        (["微乐贷是什么?", "总结一下", "第一段说什么?"], "那期限呢?", "微乐贷 那期限呢?"),
        (["微乐贷是什么?", "asdf", "什么时候发表的?"], "利率呢?", "微乐贷 利率呢?"),
        (["你好，微乐贷是什么?"], "你好，那期限呢?", "微乐贷 你好，那期限呢?"),
        (
            ["微乐贷是什么?", "那额度呢?", "小赢科技有什么计划?"],
            "它服务了多少人?",
            "小赢科技 它服务了多少人?",
        ),
        ([*LIMIT, "那小赢卡贷呢?"], "那利率呢?", "小赢卡贷 那利率呢?"),
        ([*LIMIT, "那小赢卡贷呢?"], "为什么?", "小赢卡贷的平均额度是多少 为什么?"),
        (["微乐贷是什么?", "文章的标题是什么?", "微乐贷的期限?"], "额度?", "微乐贷 额度?"),
        ([*LEXIN, "Who founded it?"], "And the headquarters?", "Lexin And the headquarters?"),
    ],
)
def test_a_chain_follows_the_subject(history: list[str], follow_up: str, expected: str) -> None:
    assert stand_alone(follow_up, history) == expected


def test_a_person_may_be_the_answer_to_the_last_question() -> None:
    asked: list[str] = []

    def answer_to(question: str) -> str:
        asked.append(question)
        return "陆一鸣"

    history = ["青禾科技是什么?", "创始人是谁?"]
    found = stand_alone("他哪年出生?", history, answer_to)
    assert found == "青禾科技 陆一鸣 他哪年出生?"
    assert asked == ["青禾科技 创始人是谁?"]
    found = stand_alone("那职务呢?", [*history, "他哪年出生?"], answer_to)
    assert found == "陆一鸣 那职务呢?"
    assert stand_alone("它哪年成立?", history, answer_to) == "青禾科技 它哪年成立?"


@pytest.mark.parametrize("answer", ["", "很" * 31])
def test_without_a_short_answer_the_subject_is_taken(answer: str) -> None:
    found = stand_alone("他哪年出生?", ["青禾科技的创始人是谁?"], lambda _: answer)
    assert found == "青禾科技 他哪年出生?"


def test_a_very_long_conversation_is_no_trouble() -> None:
    question = stand_alone("那额度呢?", ["微乐贷是什么?" * 300, *["那额度呢?"] * 3_000])
    assert question.endswith("那额度呢?")


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("微乐贷是什么?", "微乐贷"),
        ("微乐贷平均额度多少", "微乐贷"),
        ("何为新市民?", "新市民"),
        ("请问小赢科技?", "小赢科技"),
        ("乐信的微乐贷是什么产品?", "乐信的微乐贷"),
        ("小赢科技的微光计划服务了多少人?", "小赢科技的微光计划"),
        ("哪家公司推出了微乐贷?", "微乐贷"),
        ("为什么新市民难以获得贷款?", "新市民"),
        ("2021年乐信的信用借款业务有多大?", "乐信"),
        ("What is Lexin?", "Lexin"),
        ("What is the average limit of 微乐贷?", "微乐贷"),
        ("how does a heat pump work", "heat pump"),
        ("在线教育是什么?", "在线教育"),
        ("有道词典是什么?", "有道词典"),
        ("什么?", ""),
        ("米其林餐厅有哪些?", "米其林餐厅"),
        ("土耳其的首都是哪里?", "土耳其"),
        ("酒吧在哪里?", "酒吧"),
        ("吗啡有什么副作用?", "吗啡"),
        ("它有几层楼?", "层楼"),
    ],
)
def test_the_topic_of_a_question(question: str, about: str) -> None:
    assert topic(question) == about


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_a_question_is_kept_as_typed_or_its_subject_is(question: str, history: list[str]) -> None:
    found = stand_alone(question, history)
    assert found.endswith(question) or topic(question) in found


WORDS = st.sampled_from(
    "那 它 的 额度 微乐贷 小赢卡贷 是 什么 呢 为什么 第二个 and it why ? ".split()
)


@given(st.lists(WORDS, max_size=6).map("".join), st.lists(WORDS, max_size=6).map(" ".join))
def test_nothing_is_taken_that_was_not_asked_before(question: str, before: str) -> None:
    found = stand_alone(question, [before])
    assert not set(found) - set(question) - set(before) - {" "}


@pytest.fixture(scope="module")
def dialogues(data: Path) -> dict[str, list[Label]]:
    """The labelled dialogues, by article."""
    found: dict[str, list[Label]] = defaultdict(list)
    for label in read_labels(data / "dialogues.jsonl"):
        found[label.source].append(label)
    return found


@pytest.fixture(scope="module")
def expert(make_bot: BotMaker, data: Path) -> Callable[[str], Chatbot]:
    """Return a chatbot on an article that dialogues are about, made when it is first asked."""

    @functools.cache
    def on(source: str) -> Chatbot:
        return make_bot({source: (data / "dialogues" / source).read_text(encoding="utf-8")})

    return on


def hits(
    expert: Callable[[str], Chatbot],
    dialogues: Mapping[str, Sequence[Label]],
    kind: str,
    *,
    kept: bool,
) -> float:
    """Return hit@1 of a group of kinds, each asked of its own article, with history or not."""
    outcomes = []
    for source, labels in dialogues.items():
        chosen = [label for label in labels if label.kind.startswith(kind)]
        outcomes += evaluate(expert(source), [_asked(one, kept) for one in chosen])
    return score(outcomes).hit_at_1


def _asked(label: Label, kept: bool) -> Label:
    history: Sequence[str] = label.history if kept else ()
    return Label(label.question, label.source, label.evidence, label.answer, tuple(history))


def test_the_dialogues_are_many_and_of_both_sorts(dialogues: dict[str, list[Label]]) -> None:
    kinds = [label.kind for labels in dialogues.values() for label in labels]
    assert len(dialogues) >= 8
    assert len(kinds) >= 120
    follow_ups = sum(kind.startswith("follow-up") for kind in kinds)
    assert 0.4 <= follow_ups / len(kinds) <= 0.6
    assert all(label.history and label.evidence for one in dialogues.values() for label in one)


FLOORS = {"follow-up": 0.9, "change": 0.9}
GAIN = 0.15


@pytest.fixture(params=[3, pytest.param(None, marks=pytest.mark.slow)], ids=["some", "all"])
def asked(
    request: pytest.FixtureRequest, dialogues: dict[str, list[Label]]
) -> Mapping[str, Sequence[Label]]:
    """The dialogues on some of the articles, and in the long form on all."""
    return dict(list(dialogues.items())[: request.param])


def test_follow_ups_are_found_with_their_history(
    expert: Callable[[str], Chatbot], asked: Mapping[str, Sequence[Label]]
) -> None:
    with_history = hits(expert, asked, "follow-up", kept=True)
    assert with_history >= FLOORS["follow-up"]
    assert with_history >= hits(expert, asked, "follow-up", kept=False) + GAIN


def test_a_changed_subject_is_found_in_spite_of_its_history(
    expert: Callable[[str], Chatbot], asked: Mapping[str, Sequence[Label]]
) -> None:
    with_history = hits(expert, asked, "change", kept=True)
    assert with_history >= FLOORS["change"]
    assert with_history >= hits(expert, asked, "change", kept=False) - 0.02
