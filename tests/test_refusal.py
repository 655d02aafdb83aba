"""Which words of a question are missing."""

import pytest
from test_question import question

from qa.answering.differences import differences
from qa.answering.refusal import counted, missing_words, reason_in, refuse, refuse_blank
from qa.question.analysis import Question
from qa.question.intent import intent
from qa.text import Language
from qa.types import Answer, Counts, Difference


@pytest.mark.parametrize(
    ("asked", "document", "missing"),
    [
        ("蚂蚁集团的额度是多少?", "乐信的额度很高", {"蚂蚁集团"}),
        ("螞蟻集團的額度是多少?", "乐信的额度很高", {"螞蟻集團"}),
        ("Did Google buy 乐信?", "乐信的额度很高", {"google", "buy"}),
        ("乐信2019年的额度?", "乐信2021年的额度很高", {"2019年"}),
        ("乐信的额度?", "乐信的额度很高", set()),
        ("什么?", "乐信的额度很高", set()),
        ("第13条是什么?", "第十三条 摊主应当清扫", set()),
        ("五月二十三日开会吗?", "5月23日开会", set()),
        ("星期一的票价?", "周一票价", set()),
        ("十二万元的贷款", "120,000元的贷款", set()),
        ("这类东西能抢到吗?", "乐信", {"抢到"}),
        ("陈静之是哪里人?", "乐信", {"陈静之"}),
        ("海底捞的额度?", "乐信的额度", {"海底捞"}),
        ("乐信一共有多少额度? 总共呢?", "乐信的额度", set()),
        ("请总结一下全文", "乐信", set()),
        ("请问能不能告诉我这是什么样的额度?", "乐信的额度", set()),
        ("微众银行的额度是多少?", "乐信银行的额度", {"微众银行"}),
        ("青禾数科贷后怎么做?", "青禾数科的贷后", set()),
        ("青禾融创用啥技术?", "青禾融创的技术", set()),
        ("惠及多少家小微企业?", "惠及小微企业", set()),
        ("物流贷是哪家的?", "物流贷", set()),
        ("青禾贷能贷多少?", "青禾贷", set()),
        ("这首诗的作者是谁?", "这一首诗", set()),
        ("乐信CEO是谁?", "乐信的额度", {"ceo"}),
        ("腾讯CEO是谁?", "CEO很忙", {"腾讯"}),
        ("工作10个小时的是谁?", "每天工作10小时", set()),
        ("工作10个小时的是谁?", "每天工作8小时", {"10个小时"}),
        ("15块钱的活动?", "15元的活动", set()),
        ("中午12点的是谁?", "晚上12点的", {"中午12点"}),
        ("奇乐的额度?", "乐信的额度", {"奇乐"}),
    ],
)
def test_missing_words(asked: str, document: str, missing: set[str]) -> None:
    found = missing_words(question(asked, document))
    assert {word.casefold() for word in found} == missing


def test_missing_words_are_shown_as_they_were_typed() -> None:
    assert missing_words(question("腾讯QQ是否赚钱?", "乐信")) == ("腾讯QQ", "赚钱")


@pytest.mark.parametrize(
    ("asked", "missing", "shown", "reason"),
    [
        ("行长是谁?", ("行长",), "en", "The article does not mention “行长”"),
        ("招商的行长?", ("招商", "行长"), "zh-Hant", "文中沒有提到「招商」「行长」"),
        ("Who runs it?", ("runs",), "zh-Hans", "文中有与此相近的段落"),
    ],
)
def test_a_reason_is_told_in_the_language_it_is_shown_in(
    asked: str, missing: tuple[str, ...], shown: Language, reason: str
) -> None:
    answer = Answer(asked, False, 0.0, asked=asked, missing=missing)
    assert reason_in(shown, answer).startswith(reason)


@pytest.mark.parametrize(
    ("typed", "shown", "reason"),
    [
        ("？！", "en", "There is no question; type one."),
        ("？！", "zh-Hant", "沒有看到問題"),
        ("写一首诗", "zh-Hans", "这里只找出文章里的原话"),
        ("写一首诗", "en", "This chat only finds passages"),
        ("asdf", "zh-Hant", "看不出這是什麼問題"),
        ("hello", "zh-Hans", "这里用文章里的原话回答问题"),
    ],
)
def test_what_is_no_question_is_refused_as_what_it_is(
    typed: str, shown: Language, reason: str
) -> None:
    found = intent(typed)
    answer = refuse_blank(typed, 100) if found is None else refuse(typed, found)
    assert answer is not None
    assert not answer.answered
    assert reason_in(shown, answer).startswith(reason)


@pytest.mark.parametrize(
    ("counts", "shown", "told"),
    [
        (
            Counts(1, 12, 2, 3_456),
            "zh-Hans",
            "正文有 12 段、3,456 字（不算标点和标题），有 2 个小标题。",
        ),
        (Counts(1, 12, 0, 3_456), "zh-Hant", "沒有小標題。"),
        (Counts(1, 12, 2, 3_456), "en", "Paragraphs: 12."),
        (Counts(1, 12, 2, 3_456, 3), "zh-Hans", "正文第 3 段，共 12 段"),
        (Counts(7), "zh-Hans", "这里有 7 篇文章。"),
    ],
)
def test_counts_are_told(counts: Counts, shown: Language, told: str) -> None:
    assert told in counted(counts, shown)


def test_an_answer_has_no_reason() -> None:
    assert reason_in("en", Answer("谁?", True, 0.9, asked="谁?")) == ""


@pytest.mark.parametrize(
    ("asked", "passage", "context", "differs"),
    [
        ("乐信2019年的额度?", "乐信2021年的额度。", "", ("2019年", ("2021年",))),
        ("第12条规定了什么?", "第十三条 应当清扫。", "", ("第12条", ("第十三条",))),
        ("How high was it in 2019?", "乐信2021年的额度。", "", ("2019", ("2021年",))),
        ("蚂蚁集团的额度?", "乐信的额度很高。", "", ("蚂蚁集团", ("乐信",))),
        ("螞蟻集團的額度?", "樂信的額度很高。", "", ("螞蟻集團", ("樂信",))),
        ("微众银行的行长是谁?", "招商银行的行长很忙。", "", ("微众银行", ("招商银行",))),
        ("陈静之住在哪里?", "沈一鸣住在青石县。", "", ("陈静之", ("沈一鸣",))),
        ("乐信2021年的额度?", "乐信二〇二一年的额度。", "", None),
        ("乐信2019年的额度?", "比2021年高。", "2019年年报", None),
        ("乐信2019年的额度?", "2017年、2018年、2020年都高。", "", None),
        ("蚂蚁集团的额度?", "额度很高。", "", None),
        ("蚂蚁集团的额度?", "乐信的额度高过蚂蚁。", "", None),
        ("陈静之住在哪里?", "乐信的额度很高。", "", None),
        ("额度是多少?", "乐信2021年的额度。", "", None),
        ("“白鹭号”的船长叫什么?", "船长叫周海平，今年五十二岁。", "", None),
        ("陈静之的老师是哪位?", "老师叫沈一鸣。", "", None),
        ("中午12点是什么班?", "夜班在晚上12点开始。", "", ("中午12点", ("晚上12点",))),
        ("下午3点是什么班?", "夜班在凌晨3点开始。", "", ("下午3点", ("凌晨3点",))),
        ("顾客投诉了多少次?", "店长王建国说，来信有12封。", "", None),
        ("英语四级什么时候考?", "清华大学在六月放假。", "", None),
        ("和微众银行合作的是哪家公司?", "与它合作的是招商银行。", "", None),
    ],
)
def test_what_the_nearest_passage_has_instead(
    asked: str, passage: str, context: str, differs: tuple[str, tuple[str, ...]] | None
) -> None:
    found = differences(Question(asked), passage, passage, context)
    assert found == (() if differs is None else (Difference(*differs),))


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("zh-Hans", "最相近的一段说的是“2021年”，不是“2019年”"),
        ("zh-Hant", "最相近的一段說的是「2021年」，不是「2019年」"),
        ("en", "The nearest passage is about “2021年”, not “2019年”"),
    ],
)
def test_a_reason_tells_what_differs(shown: Language, reason: str) -> None:
    differs = (Difference("2019年", ("2021年",)),)
    answer = Answer("2019年?", False, 0.1, asked="2019年?", missing=("2019年",), differs=differs)
    assert reason_in(shown, answer).startswith(reason)
    assert answer.to_dict()["differs"] == [{"asked": "2019年", "said": ["2021年"]}]
