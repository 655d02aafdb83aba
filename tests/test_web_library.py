"""The articles of one visit: its own beside the built-in ones, asked alone or together."""

import threading
from collections.abc import Iterator

import pytest
from conftest import BotMaker

from qa import loaders
from qa.chatbot import Chatbot
from qa.web import library
from qa.web.library import OWN_ARTICLES, Library, Refused
from qa.web.service import Service

BUILT_IN = {
    "灯塔": "灯塔高三十二米。\n\n守护人叫陈阿福。\n",
    "雪山": "雪山高4810米。\n\n山上有雪。\n",
}
OWN = "渡轮每天早上七点开船。\n\n船长叫周海平。\n"


@pytest.fixture(autouse=True)
def one_model(shared_model: None) -> None:
    """Own articles are embedded by the model that is loaded already."""


@pytest.fixture
def service(make_bot: BotMaker) -> Service:
    started = Service(lambda: make_bot(BUILT_IN))
    started.start()
    assert started.wait(60)
    return started


@pytest.fixture
def shelf(service: Service) -> Iterator[Library]:
    yield Library(service, lambda: 1_000_000)


def first_passage(chatbot: Chatbot, question: str) -> str:
    return chatbot.ask(question).passages[0].text


def test_an_own_article_is_asked_alone_and_with_all_others(shelf: Library) -> None:
    added = shelf.add(loaders.from_text("渡轮", OWN))
    assert [one.id for one in shelf.documents] == ["灯塔", "雪山", "渡轮"]
    assert [one.id for one in shelf.chatbot("渡轮").documents] == ["渡轮"]
    assert first_passage(shelf.chatbot("渡轮"), "船长叫什么？") == "船长叫周海平。"
    everything = shelf.chatbot(None)
    assert first_passage(everything, "船长叫什么？") == "船长叫周海平。"
    assert first_passage(everything, "灯塔有多高？") == "灯塔高三十二米。"
    assert shelf.is_own(added.id)
    assert not shelf.is_own("灯塔")


def test_one_built_in_article_is_asked_alone(shelf: Library, service: Service) -> None:
    chatbot = shelf.chatbot("雪山")
    assert [one.id for one in chatbot.documents] == ["雪山"]
    assert chatbot is service.only("雪山")
    assert "山" in first_passage(chatbot, "灯塔有多高？")


def test_nothing_is_embedded_twice(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    model = shelf.chatbot(None)._embedder
    sound = model.encode_documents
    monkeypatch.setattr(
        model,
        "encode_documents",
        lambda texts, progress=None: embedded.extend(texts) or sound(texts, progress),
    )
    shelf.add(loaders.from_text("渡轮", OWN))
    shelf.chatbot("灯塔")
    shelf.add(loaders.from_text("码头", "码头在城东。\n"))
    shelf.remove("码头")
    assert sum("船长叫周海平" in text for text in embedded) == 1
    assert not any("三十二米" in text for text in embedded)


def test_two_visits_do_not_see_each_others_articles(service: Service) -> None:
    first, second = Library(service, lambda: 1_000_000), Library(service, lambda: 1_000_000)
    first.add(loaders.from_text("渡轮", OWN))
    assert [one.id for one in second.documents] == ["灯塔", "雪山"]
    # The id of another's article leads to the built-in ones, never to that article.
    assert second.chatbot("渡轮") is service.chatbot
    assert second.reading_view("渡轮") is service.chatbot
    assert second.suggestions("渡轮") == ()
    for document_id in ("渡轮", None):
        passages = second.chatbot(document_id).ask("船长叫什么？").passages
        assert all("周海平" not in passage.text for passage in passages)


def test_a_removed_article_is_gone(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    shelf.add(loaders.from_text("码头", "码头在城东，离灯塔三里。\n"))
    shelf.remove("渡轮")
    assert [one.id for one in shelf.documents] == ["灯塔", "雪山", "码头"]
    passages = shelf.chatbot(None).ask("船长叫什么？").passages
    assert all("周海平" not in passage.text for passage in passages)
    shelf.remove("灯塔")
    assert shelf.documents[0].id == "灯塔"
    shelf.remove("码头")
    assert shelf.characters == 0


def test_an_article_with_a_taken_name_gets_a_name_of_its_own(shelf: Library) -> None:
    added = shelf.add(loaders.from_text("灯塔", OWN))
    assert added.id == "灯塔 (2)"
    assert added.title == "灯塔"
    assert first_passage(shelf.chatbot(added.id), "船长叫什么？") == "船长叫周海平。"


def test_questions_to_start_with_come_from_the_own_article(shelf: Library) -> None:
    text = "灯塔的高度达到48米，造价超过20万元。\n\n船长叫周海平。\n"
    added = shelf.add(loaders.from_text("渡轮", text))
    assert shelf.suggestions(added.id) == ()
    shelf.suggest(added.id)
    assert shelf.suggestions(added.id)
    for question in shelf.suggestions(added.id):
        assert shelf.chatbot(added.id).ask(question).answered


@pytest.mark.parametrize(
    ("text", "key"),
    [("字" * 500_001, "too_long_article"), ("字" * 1_001, "crowded")],
)
def test_what_is_too_much_is_refused(service: Service, text: str, key: str) -> None:
    shelf = Library(service, lambda: 1_000)
    with pytest.raises(Refused) as refused:
        shelf.add(loaders.from_text("长", text))
    assert refused.value.key == key
    assert len(shelf.documents) == 2


def test_there_are_only_so_many(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "OWN_ARTICLES", 1)
    assert OWN_ARTICLES > 1
    shelf.add(loaders.from_text("渡轮", OWN))
    with pytest.raises(Refused) as refused:
        shelf.add(loaders.from_text("码头", OWN))
    assert refused.value.fields == {"limit": 1}


def test_beside_a_large_corpus_own_articles_are_searched_among_themselves(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "JOINED_PARAGRAPHS", 1)
    shelf.add(loaders.from_text("渡轮", OWN))
    shelf.add(loaders.from_text("码头", "码头在城东。\n"))
    assert [one.id for one in shelf.chatbot(None).documents] == ["渡轮", "码头"]
    assert first_passage(shelf.chatbot("灯塔"), "灯塔有多高？") == "灯塔高三十二米。"


def test_a_built_in_corpus_that_changes_is_joined_anew(
    shelf: Library, service: Service, make_bot: BotMaker
) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    service.replace(make_bot({"水库": "水库的蓄水量是三千万立方米。\n"}))
    assert [one.id for one in shelf.documents] == ["水库", "渡轮"]
    everything = shelf.chatbot(None)
    assert [one.id for one in everything.documents] == ["水库", "渡轮"]
    assert shelf.chatbot(None) is everything
    assert first_passage(everything, "蓄水量是多少？").startswith("水库")
    shelf.remove("渡轮")
    assert shelf.chatbot(None) is service.chatbot


def test_who_asks_does_not_wait_for_an_article_that_is_taken_in(
    shelf: Library, service: Service
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(done: int, total: int) -> None:
        begun.set()
        assert go_on.wait(30)

    adding = threading.Thread(target=shelf.add, args=(loaders.from_text("渡轮", OWN), slow))
    adding.start()
    assert begun.wait(30)
    assert first_passage(shelf.chatbot(None), "灯塔有多高？") == "灯塔高三十二米。"
    go_on.set()
    adding.join(30)
    assert shelf.is_own("渡轮")
