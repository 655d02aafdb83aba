"""Questions to start with: made by rule, kept only if the right paragraph answers."""

import pytest

from qa.chatbot.suggestions import candidates, follow_ups, suggest_on
from qa.types import BlockKind, Paragraph
from support.models import BotMaker

TEXT = (
    "灯塔简史\n\n"
    "青石灯塔建于1887年，由工程师林若海设计，灯塔高度达到32米。\n\n"
    "灯塔的守护人叫陈阿福，他每天傍晚六点点灯。\n\n"
    "何为“雾号”？其是指大雾时代替灯光的汽笛，每隔一分钟响一次。\n"
)


def paragraphs(*parts: tuple[str, BlockKind, str]) -> list[Paragraph]:
    return [
        Paragraph("a", "a", "a", section, position, 0, len(text), text, kind)
        for position, (text, kind, section) in enumerate(parts)
    ]


def test_by_rule() -> None:
    found = candidates(
        paragraphs(
            ("2022年5月1日", "byline", ""),
            ("该局发布《关于灯塔管理的通知》，以青石灯塔为例，平均高度达到32米。", "text", ""),
            ("守护“灯塔”的人", "heading", ""),
            ("守护人叫陈阿福。", "text", "守护“灯塔”的人"),
        )
    )
    assert [(one.question, sorted(one.positions)) for one in found] == [
        ("《关于灯塔管理的通知》是谁发布的？", [1]),
        ("这篇文章是什么时候发表的？", [0]),
        ("青石灯塔做了什么？", [1]),
        ("守护人叫什么？", [3]),
        ("文章怎样谈“守护‘灯塔’的人”？", [2, 3]),
        ("这篇文章讲了什么？", [0, 1, 2, 3]),
        ("第一段说什么？", [1]),
        # Of what, it does not say: good for want of a better one.
        ("平均高度是多少？", [1]),
    ]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("什么是雾号？它是汽笛。", "什么是雾号？"),
        ("何謂之？「霧號」是指大霧時的汽笛，它為船隻指路。", "什麼是霧號？"),
        ("The average depth is 40 metres.", "What is the average depth?"),
        ("Grand Lighthouse announced a tour.", "What did Grand Lighthouse do?"),
    ],
)
def test_rules_in_each_language(text: str, question: str) -> None:
    assert candidates(paragraphs((text, "text", "")))[0].question == question


def test_nothing_comes_of_nothing() -> None:
    assert candidates([]) == []


def test_only_what_is_answered_for_certain_from_its_own_paragraph(make_bot: BotMaker) -> None:
    bot = make_bot({"灯塔": TEXT})
    found = suggest_on(bot, "灯塔")
    made = {one.question: one for one in candidates(bot.paragraphs("灯塔"))}
    assert "灯塔高度是多少？" in found
    assert set(found) <= set(made)
    for question in found:
        answer = bot.ask(question)
        assert answer.answered
        assert answer.passages[0].paragraph.position in made[question].positions


def test_a_heading_that_comes_again_is_asked_for_once_with_all_under_it() -> None:
    found = candidates(
        paragraphs(
            ("守护人", "heading", "守护人"),
            ("甲。", "text", "守护人"),
            ("守护人", "heading", "守护人"),
            ("乙。", "text", "守护人"),
        )
    )
    assert [(one.question, sorted(one.positions)) for one in found] == [
        ("文章怎样谈“守护人”？", [0, 1, 2, 3]),
        ("这篇文章讲了什么？", [0, 1, 2, 3]),
        ("第一段说什么？", [1]),
    ]


@pytest.mark.parametrize(
    ("clause", "question"),
    [
        ("青石灯塔建于1887年", "青石灯塔建于哪一年？"),
        ("大桥全长约3600米", "大桥全长是多少？"),
        ("雪山高4810米", "雪山高多少米？"),
        ("船長叫周海平", "船長叫什麼？"),
        ("灯塔由工程师林若海设计", "灯塔由谁设计？"),
        ("它高三十二米", ""),
        ("谁知道大桥全长3600米", ""),
        ("灯塔在城东", ""),
        (f"{'灯' * 40}高32米", ""),
    ],
)
def test_a_clause_asks_for_its_answer(clause: str, question: str) -> None:
    made = [one.question for one in candidates(paragraphs((f"{clause}。", "text", "")))]
    assert made == ([question] if question else [])


def test_questions_are_in_the_language_of_the_reader(make_bot: BotMaker) -> None:
    listed = paragraphs(("何为“雾号”？它是汽笛。灯塔高32米。", "text", ""))
    asked = {one.question for one in candidates(listed, "en")}
    assert "What is 雾号?" in asked
    assert all("？" not in question for question in asked)
    bot = make_bot({"灯塔": TEXT})
    found = suggest_on(bot, "灯塔", reader="en")
    assert found
    assert all(question.startswith(("What", "Who", "When")) for question in found)


def test_what_to_go_on_with_is_answered_and_new(make_bot: BotMaker) -> None:
    bot = make_bot({"灯塔": TEXT})
    first = bot.ask("灯塔的守护人叫什么？")
    found = list(follow_ups(bot, [first], "zh-Hans"))
    assert 1 <= len(found) <= 3
    shown = {first.passages[0].text}
    answers = [first]
    for question in found:
        answers.append(bot.ask(question))
        assert answers[-1].answered
        assert answers[-1].passages[0].text not in shown
    # What was asked meanwhile, in these words or others, does not come again.
    again = list(follow_ups(bot, answers, "zh-Hans"))
    assert not set(again) & set(found)


def test_only_so_many_are_asked_for(make_bot: BotMaker) -> None:
    bot = make_bot({"灯塔": TEXT})
    assert len(list(follow_ups(bot, [bot.ask("灯塔有多高？")], "zh-Hans", 1))) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [("Aa Bb " * 250_000, "text", "")],
        [(str(number), "heading", str(number)) for number in range(200_000)],
        [("a", "heading", "a")] * 200_000,
    ],
    ids=["names", "headings", "one heading"],
)
def test_an_article_made_to_take_long_is_done_with_at_once(
    parts: list[tuple[str, BlockKind, str]],
) -> None:
    assert len(candidates(paragraphs(*parts))) in (0, 1, len(parts))
