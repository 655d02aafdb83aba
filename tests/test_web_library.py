"""The articles of one visit: its own beside the built-in ones, asked alone or together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qa import loaders
from qa.chatbot import Chatbot
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.render.formats import certainty_word, remark
from qa.render.phrases import LABELS
from qa.types import Extent
from qa.web.service import Service
from qa.web.visit import library
from qa.web.visit.library import OWN as OWN_TOGETHER
from qa.web.visit.library import Library, Refused
from support.long_article import record
from support.models import BotMaker
from support.waiting import PATIENCE

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
    assert started.wait(PATIENCE)
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
    # Of the class: another test may have had the shared model loaded anew.
    sound = SentenceTransformerEmbedder.encode_documents
    monkeypatch.setattr(
        SentenceTransformerEmbedder,
        "encode_documents",
        lambda self, texts, progress=None: embedded.extend(texts) or sound(self, texts, progress),
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
    assert second.suggestions("渡轮", "zh-Hans") == ()
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
    assert shelf.own_count == 0


def test_a_removed_article_is_brought_back_with_its_name(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    pier = shelf.add(loaders.from_text("码头", "码头在城东，离灯塔三里。\n"))
    shelf.rename("渡轮", "渡口旧事")
    shelf.remove("渡轮")
    # What may come back takes its room.
    assert shelf.characters == len(OWN) + len(pier.text)
    assert shelf.bring_back() == "渡轮"
    assert [one.title for one in shelf.own_documents] == ["渡口旧事", "码头"]
    assert first_passage(shelf.chatbot(None), "船长叫什么？") == "船长叫周海平。"
    assert shelf.bring_back() == ""
    shelf.remove("渡轮")
    shelf.add(loaders.from_text("渡轮", OWN))
    assert shelf.bring_back() == ""
    assert shelf.own_count == 2


def test_a_renamed_article_goes_by_its_new_name_everywhere(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    found = shelf.chatbot("渡轮").ask("船长叫什么？")
    shelf.rename("渡轮", "渡口旧事")
    assert shelf.find("渡轮") in shelf.documents
    named = shelf.named(found)
    assert {one.paragraph.title for one in named.passages} == {"渡口旧事"}
    assert [one.text for one in named.passages] == [one.text for one in found.passages]
    # Those of all are nobody's to rename.
    shelf.rename("灯塔", "别的")
    assert shelf.documents[0].title != "别的"


def test_a_replaced_article_keeps_its_place(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    shelf.add(loaders.from_text("码头", "码头在城东，离灯塔三里。\n"))
    shelf.rename("渡轮", "渡口旧事")
    added = shelf.add(loaders.from_text("新渡轮", "船长叫陈阿福。\n"), instead_of="渡轮")
    assert (added.id, added.title) == ("渡轮", "新渡轮")
    assert [one.id for one in shelf.own_documents] == ["渡轮", "码头"]
    for scope in ("渡轮", None):
        assert first_passage(shelf.chatbot(scope), "船长叫什么？") == "船长叫陈阿福。"
    # Built-in ones are not replaced.
    assert shelf.add(loaders.from_text("岛", OWN), instead_of="灯塔").id == "岛"


def test_an_article_with_a_taken_name_gets_a_name_of_its_own(shelf: Library) -> None:
    added = shelf.add(loaders.from_text("灯塔", OWN))
    assert added.id == "灯塔 (2)"
    assert added.title == "灯塔"
    assert first_passage(shelf.chatbot(added.id), "船长叫什么？") == "船长叫周海平。"


def test_questions_to_start_with_come_from_the_own_article(shelf: Library) -> None:
    text = "灯塔的高度达到48米，造价超过20万元。\n\n船长叫周海平。\n"
    added = shelf.add(loaders.from_text("渡轮", text))
    assert shelf.suggestions(added.id, "zh-Hans") == ()
    shelf.suggest(added.id, "zh-Hans")
    assert shelf.suggestions(added.id, "zh-Hans")
    for question in shelf.suggestions(added.id, "zh-Hans"):
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
        assert go_on.wait(PATIENCE)

    adding = threading.Thread(target=shelf.add, args=(loaders.from_text("渡轮", OWN), slow))
    adding.start()
    assert begun.wait(PATIENCE)
    assert first_passage(shelf.chatbot(None), "灯塔有多高？") == "灯塔高三十二米。"
    go_on.set()
    adding.join(PATIENCE)
    assert shelf.is_own("渡轮")


LONG = "\n\n".join(["航海日志", "船长叫周海平。", *map(record, range(3, 151)), "锚重三百斤。"])


class Held:
    """Lets a thread that reads an article in wait once part of it can be asked."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.go_on = threading.Event()
        self.id = ""
        self.done: list[int] = []

    def open(self, document_id: str) -> None:
        self.id = document_id
        if not self.opened.is_set():
            self.opened.set()
            assert self.go_on.wait(PATIENCE)

    def progress(self, done: int, total: int) -> None:
        self.done.append(done)


@contextmanager
def read_in_part(shelf: Library) -> Iterator[Held]:
    """Read a long article in; yield while a part of it can be asked."""
    held = Held()
    adding = threading.Thread(
        target=shelf.add,
        args=(loaders.from_text("日志", LONG), held.progress),
        kwargs={"opened": held.open},
    )
    adding.start()
    assert held.opened.wait(PATIENCE)
    yield held
    held.go_on.set()
    adding.join(PATIENCE)


def test_what_is_read_of_an_article_answers_and_says_how_much_that_is(shelf: Library) -> None:
    with read_in_part(shelf) as held:
        assert held.id == "日志"
        assert shelf.is_in_part("日志")
        found = shelf.find("日志")
        assert found is not None
        assert found.text == LONG
        part = shelf.chatbot("日志")
        answer = part.ask("船长叫什么？")
        assert answer.passages[0].text == "船长叫周海平。"
        assert answer.extent == Extent(read=63, total=150)
        assert "63" in remark(answer, "en")
        assert "150" in remark(answer, "en")
        refused = part.ask("锚有多重？")
        assert not refused.answered
        for interface in LABELS:
            told = remark(refused, interface) + certainty_word(refused, LABELS[interface])
            assert "63" in told
            assert LABELS[interface].absent not in told
        assert refused.reason == remark(refused, "zh-Hans")
        assert part.ask("谢谢").extent is None
        # What is asked of all is asked of what is read to its end.
        assert "日志" not in {one.id for one in shelf.chatbot(None).documents}
        assert shelf.own_documents == ()
        assert shelf.suggestions("日志", "zh-Hans") == ()
        shelf.suggest("日志", "zh-Hans")
        assert shelf.suggestions("日志", "zh-Hans") == ()
        shelf.rename("日志", "旧日志")
    assert not shelf.is_in_part("日志")
    assert [one.title for one in shelf.own_documents] == ["旧日志"]
    for scope in ("日志", None):
        answer = shelf.chatbot(scope).ask("锚有多重？")
        assert answer.passages[0].text == "锚重三百斤。"
        assert answer.extent is None
    assert held.done == sorted(held.done)
    assert held.done[0] == 0


def test_an_article_that_is_stopped_leaves_nothing(shelf: Library) -> None:
    class Enough(Exception):
        pass

    def progress(done: int, total: int) -> None:
        if done > 64:
            assert shelf.is_in_part("日志")
            raise Enough

    shelf.add(loaders.from_text("渡轮", OWN))
    with pytest.raises(Enough):
        shelf.add(loaders.from_text("日志", LONG), progress)
    assert shelf.find("日志") is None
    assert shelf.characters == len(OWN)
    assert [one.id for one in shelf.own_documents] == ["渡轮"]
    assert first_passage(shelf.chatbot(None), "船长叫什么？") == "船长叫周海平。"
    added = shelf.add(loaders.from_text("日志", LONG))
    assert added.id == "日志"
    assert first_passage(shelf.chatbot("日志"), "锚有多重？") == "锚重三百斤。"


def test_others_come_and_go_while_an_article_is_read_in(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    with read_in_part(shelf):
        assert shelf.add(loaders.from_text("日志", "别的日志。\n\n锚很轻。\n")).id == "日志 (2)"
        shelf.remove("渡轮")
    assert [one.id for one in shelf.own_documents] == ["日志 (2)", "日志"]
    assert {one.id for one in shelf.chatbot(OWN_TOGETHER).documents} == {"日志 (2)", "日志"}
    passages = shelf.chatbot(None).ask("船长叫什么？").passages
    assert all(one.paragraph.document_id != "渡轮" for one in passages)


def test_what_is_replaced_is_asked_until_the_new_one_is_read(shelf: Library) -> None:
    shelf.add(loaders.from_text("日志", OWN))
    asked: list[str] = []

    def progress(done: int, total: int) -> None:
        assert not shelf.is_in_part("日志")
        asked.append(first_passage(shelf.chatbot("日志"), "船长叫什么？"))

    shelf.add(loaders.from_text("日志", LONG), progress, instead_of="日志")
    assert set(asked) == {"船长叫周海平。"}
    assert first_passage(shelf.chatbot("日志"), "锚有多重？") == "锚重三百斤。"


def test_an_answer_of_an_own_article_that_is_gone_is_still_nobody_elses(shelf: Library) -> None:
    shelf.add(loaders.from_text("渡轮", OWN))
    answer = shelf.chatbot("渡轮").ask("船长叫什么？")
    shelf.remove("渡轮")
    assert shelf.shows_own(answer)
    assert not shelf.shows_own(shelf.chatbot("灯塔").ask("灯塔有多高？"))
