"""A visit's conversation without a server: waiting, failing, history, and its HTML."""

import json
import logging
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa import loaders
from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import EmptyCorpus, QuestionTooLong
from qa.render.formats import paragraph_anchor
from qa.text import Language
from qa.types import Floats
from qa.web.events.chat import ASKED_AGAIN, again, answer
from qa.web.feedback import Feedback
from qa.web.html.article import article_html, choose_document
from qa.web.html.chat_pane import conversation_html
from qa.web.service import Service
from qa.web.texts import TEXTS
from qa.web.visit import conversation
from qa.web.visit.conversation import HISTORY, KEPT_TURNS, LONGEST_KEPT
from qa.web.visit.keeping import clean
from qa.web.visit.visits import Visit, Visits
from support.beacon import HOSTILE, TEXT, fragile_bot
from support.waiting import PATIENCE

NAME = "1-2-3-4"
"""What a browser calls a conversation."""


def visit_to(service: Service, language: Language) -> Visit:
    """Begin a visit in a language, as if a page had been opened."""
    visit = Visits(service).enter("session", "")
    visit.language = language
    return visit


@pytest.fixture(scope="module")
def bot() -> Chatbot:
    return fragile_bot()


@pytest.fixture(scope="module")
def service(bot: Chatbot) -> Service:
    opened = Service(lambda: bot)
    opened.start()
    assert opened.wait(PATIENCE)
    return opened


def test_a_question_waits_for_the_chatbot(bot: Chatbot) -> None:
    gate = threading.Event()

    def slow() -> Chatbot:
        gate.wait(PATIENCE)
        return bot

    service = Service(slow)
    visit = visit_to(service, "zh-Hans")
    assert TEXTS["zh-Hans"]["opening"] in conversation_html(service, visit)
    service.start()
    steps = answer(visit, "灯塔多高？")
    turn = next(steps)
    assert TEXTS["zh-Hans"]["waiting_for_model"] in conversation_html(service, visit)
    gate.set()
    next(steps)
    assert service.state == "ready"
    assert turn.answer is not None
    assert 'data-state="answered"' in conversation_html(service, visit)


def test_what_embeds_articles_is_loaded_before_the_first_is_added(bot: Chatbot) -> None:
    embedder = SentenceTransformerEmbedder(bot.config.model)
    # The index is there already, as after every start but the first.
    service = Service(lambda: Chatbot(bot.index, embedder, bot.calibration, bot.config))
    service.start()
    service.end(PATIENCE)
    assert service.settled
    assert embedder._loaded is not None


def test_a_chatbot_that_cannot_be_made_is_told_on_the_page() -> None:
    def fail() -> Chatbot:
        raise EmptyCorpus("<b>nothing</b>")

    service = Service(fail)
    service.start()
    assert service.wait(PATIENCE)
    visit = visit_to(service, "en")
    assert "could not be opened: &lt;b&gt;nothing" in conversation_html(service, visit)
    list(answer(visit, "Who?"))
    assert visit.conversation.turns[0].problem == "<b>nothing</b>"
    assert visit.conversation.unsent == "Who?"


def test_an_error_inside_keeps_the_question(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    visit = visit_to(service, "en")
    with caplog.at_level(logging.ERROR, logger="qa.web.events.chat"):
        list(answer(visit, "坏掉"))
    assert "RuntimeError: a bug" in caplog.text
    assert visit.conversation.turns[0].problem == TEXTS["en"]["broken"]
    assert visit.conversation.unsent == "坏掉"
    list(answer(visit, "灯塔多高？"))
    assert visit.conversation.turns[1].answer is not None


def test_a_long_question_is_answered_with_the_limit(service: Service) -> None:
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "问" * 2_001))
    assert "2001 个字符，最多可以有 2000 个" in visit.conversation.turns[0].problem
    assert visit.conversation.unsent == "问" * 2_001


def test_history_is_what_was_asked_before_without_failures(service: Service) -> None:
    visit = visit_to(service, "zh-Hans")
    for question in ["甲？", "坏掉", "乙？", "历史"]:
        list(answer(visit, question))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == "甲？ / 乙？"
    for _ in range(HISTORY):
        list(answer(visit, "丙？"))
    list(answer(visit, "历史"))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == " / ".join(["丙？"] * HISTORY)


def test_history_of_another_article_does_not_count(service: Service) -> None:
    visit = visit_to(service, "zh-Hans")
    visit.reading, visit.asking = "附录", "this"
    list(answer(visit, "甲？"))
    visit.asking = "all"
    assert visit.conversation.begin("乙？", visit.scope).history == []


def test_a_question_can_be_asked_without_what_came_before(service: Service) -> None:
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    list(answer(visit, "那高度呢？"))
    shown = conversation_html(service, visit)
    assert "承接上一问：“灯塔”" in shown
    assert 'data-ask="那高度呢？" data-alone' in shown
    list(answer(visit, "那高度呢？", alone=True))
    found = visit.conversation.turns[-1].answer
    assert found is not None
    assert found.question == "那高度呢？"


def test_a_conversation_does_not_grow_without_end(service: Service) -> None:
    conversation = visit_to(service, "en").conversation
    for number in range(KEPT_TURNS + 5):
        conversation.begin(f"{number}?", None)
    assert len(conversation.turns) == KEPT_TURNS
    assert conversation.turns[-1].number == KEPT_TURNS + 5
    assert conversation.turn(5) is None


def test_what_a_browser_kept_is_asked_again(service: Service) -> None:
    kept = [
        {"question": "灯塔的守护人是谁？", "scope": "", "alone": False},
        {"question": "渡轮的船长是谁？", "scope": "没有这篇", "alone": True},
    ]
    visit = visit_to(service, "zh-Hans")
    list(again(visit, NAME, json.dumps(kept)))
    first, second = visit.conversation.turns
    assert first.answer is not None
    assert first.answer.asked == "灯塔的守护人是谁？"
    assert second.problem == TEXTS["zh-Hans"]["article_gone"]
    # Where there is a conversation, it goes on.
    list(again(visit, NAME, json.dumps(kept)))
    assert len(visit.conversation.turns) == 2


@pytest.mark.parametrize(
    "kept",
    ["", "{", "7", '{"question": "甲"}', '[1, {"question": 2}, {"question": " "}]', "[" * 99_999],
)
def test_what_is_no_list_of_questions_is_left_alone(service: Service, kept: str) -> None:
    visit = visit_to(service, "en")
    list(again(visit, NAME, kept))
    assert visit.conversation.turns == []


def test_only_the_last_questions_are_asked_again(service: Service) -> None:
    kept = json.dumps([{"question": f"{number}？"} for number in range(ASKED_AGAIN + 5)])
    visit = visit_to(service, "en")
    next(again(visit, NAME, kept))
    assert len(visit.conversation.turns) == ASKED_AGAIN
    assert visit.conversation.turns[0].question == "5？"


def test_a_question_on_the_page_is_embedded_once(
    service: Service, bot: Chatbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    encode = bot.embedder.encode_queries

    def counting(questions: Sequence[str]) -> Floats:
        embedded.extend(questions)
        return encode(questions)

    monkeypatch.setattr(bot.embedder, "encode_queries", counting)
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "谁每天傍晚点灯？"))
    (turn,) = visit.conversation.turns
    assert turn.bearing
    assert embedded == ["谁每天傍晚点灯？"]


def test_bearing_is_shown_for_the_article_of_the_first_passage(
    service: Service, bot: Chatbot
) -> None:
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    (turn,) = visit.conversation.turns
    assert len(turn.bearing) == len(bot.paragraphs("灯塔"))
    assert max(turn.bearing) == 1.0 == turn.bearing[2]
    shown = conversation_html(service, visit)
    assert f'data-bearing="{" ".join(f"{one:g}" for one in turn.bearing)}"' in shown
    assert 'data-quoted="p2" data-bearing-on="灯塔"' in shown


def test_nobody_judges_an_answer_with_an_own_article_in_it(bot: Chatbot, tmp_path: Path) -> None:
    service = Service(lambda: bot, Feedback(tmp_path / "f.jsonl"))
    service.start()
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, "灯塔的守护人是谁？"))
    assert "data-vote" in conversation_html(service, visit)
    visit.library.add(loaders.from_text("渡轮", "渡轮的船长叫周海平。\n"))
    list(answer(visit, "渡轮的船长是谁？"))
    _, last = conversation_html(service, visit).split('data-turn="2"')
    assert "周海平" in last
    assert "data-vote" not in last
    assert "data-right" not in last


def test_question_and_article_are_escaped(service: Service, bot: Chatbot) -> None:
    visit = visit_to(service, "zh-Hans")
    list(answer(visit, f"灯塔是什么颜色？{HOSTILE}"))
    document = choose_document(bot.documents, "附录")
    for html in (
        conversation_html(service, visit),
        article_html(document, "zh-Hans"),
    ):
        assert "&lt;script&gt;alert(1)" in html
        assert "<script" not in html
        assert "<img" not in html


def test_article_html_has_each_paragraph_to_the_character(bot: Chatbot) -> None:
    document = choose_document(bot.documents, "no such document")
    assert document.id == "灯塔"
    html = article_html(document, "en")
    for paragraph in bot.paragraphs("灯塔"):
        found = re.search(rf'id="{paragraph_anchor(paragraph)}"[^>]*>([^<]*)<', html)
        assert found is not None
        assert found[1] == paragraph.text


def test_clean_leaves_text_alone() -> None:
    assert clean("　　灯塔\n𠮷 **x**") == "　　灯塔\n𠮷 **x**"


def test_limit_of_the_configuration_is_the_limit_of_the_page() -> None:
    small = Chatbot.from_texts({"灯塔": TEXT}, Config(max_question_characters=5))
    service = Service(lambda: small)
    service.start()
    with pytest.raises(QuestionTooLong):
        service.ask("六个字的问题")


def test_of_a_question_that_is_far_too_long_its_beginning_is_kept(service: Service) -> None:
    visit = visit_to(service, "en")
    list(answer(visit, "问" * (LONGEST_KEPT + 1)))
    (turn,) = visit.conversation.turns
    assert len(turn.question) < 300
    assert "10001 characters; at most 2000" in turn.problem
    assert visit.conversation.unsent == ""
    kept = json.dumps([{"question": "问" * (LONGEST_KEPT + 1)}, {"question": "灯塔多高？"}])
    later = visit_to(service, "en")
    list(again(later, NAME, kept))
    assert [turn.question for turn in later.conversation.turns] == ["灯塔多高？"]


def test_answers_that_are_very_long_push_out_the_oldest(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "SHOWN_CHARACTERS", 1)
    visit = visit_to(service, "en")
    for question in ("灯塔多高？", "灯塔有多高？", "灯塔高吗？"):
        list(answer(visit, question))
        conversation_html(service, visit)
    assert [turn.question for turn in visit.conversation.turns] == ["灯塔高吗？"]
