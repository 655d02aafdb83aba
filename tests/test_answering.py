"""From candidates to an answer, with the bundled models: words, several answers, refusals."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import BotMaker

from qa.answering import read_all
from qa.chatbot import Chatbot
from qa.config import Config
from qa.errors import ModelError
from qa.judge import Found
from qa.reader import Reading, Text
from qa.reader.cross import open_reader
from qa.retrieve import Hit
from qa.types import Paragraph

TOWN = {
    "港口.md": "# 白鹭港\n\n白鹭港位于青州东部，1987年开港，有12个泊位。\n\n"
    "2005年，港务局局长周明远宣布扩建，费用为3.5亿元。\n\n"
    "白鹭港每年吞吐货物2000万吨，主要是煤炭和粮食。\n\n"
    "青州市政府在2016年把港口交给海通公司经营。\n"
}


def test_the_answering_words_stand_in_their_sentence(make_bot: BotMaker) -> None:
    given = make_bot(TOWN).ask("白鹭港是哪一年开港的?")
    first = given.passages[0]
    assert given.answered
    assert first.answers
    assert first.answer is not None
    assert first.highlight is not None
    assert first.answer.of(first.text) == "1987年"
    assert first.highlight.start <= first.answer.start < first.answer.end <= first.highlight.end


def test_a_traditional_question_gets_the_words_as_the_article_has_them(make_bot: BotMaker) -> None:
    first = make_bot(TOWN).ask("誰宣布擴建白鷺港?").passages[0]
    assert first.answer is not None
    assert "周明远" in first.answer.of(first.text)


def test_a_question_from_elsewhere_is_refused(make_bot: BotMaker) -> None:
    given = make_bot(TOWN).ask("珠穆朗玛峰的高度是多少米?")
    assert not given.answered
    assert given.passages
    assert all(passage.answer is None and not passage.answers for passage in given.passages)


def test_without_a_reader_the_sentence_is_shown_and_no_words(article_bot: Chatbot) -> None:
    bot = Chatbot(
        article_bot.index, article_bot.embedder, article_bot.calibration, Config(reader=None)
    )
    first = bot.ask("微乐贷的平均额度是多少?").passages[0]
    assert first.highlight is not None
    assert first.answer is None


class CountingReader:
    """Reads like the bundled reader and keeps what it was given."""

    def __init__(self) -> None:
        self._reader = open_reader(Config().reader or "")
        self.calibration = self._reader.calibration
        self.read_texts: list[str] = []

    def read(self, question: str, passages: Sequence[Text]) -> list[Reading]:
        self.read_texts = [passage.text for passage in passages]
        return self._reader.read(question, passages)


@pytest.mark.parametrize(
    ("characters", "passages", "read"), [(25, 8, 2), (1, 8, 1), (1_000, 3, 3), (1_000, 8, 4)]
)
def test_reading_stops_at_its_limits(characters: int, passages: int, read: int) -> None:
    texts = [f"第{number}座桥长{number}00米。" for number in range(4)]
    found = [
        Found(
            Hit(number, 9.0 - number, 0.8, 1.0),
            Paragraph("id", "桥", "a.txt", "", number, 0, len(text), text),
        )
        for number, text in enumerate(texts)
    ]
    reader = CountingReader()
    config = Config(read_characters=characters, read_passages=passages)
    ordered = read_all("第2座桥多长?", found, reader, config)
    assert reader.read_texts == texts[:read]
    assert sorted(one.hit.number for one in ordered) == [0, 1, 2, 3]
    assert [one.reading is not None for one in ordered] == [True] * read + [False] * (4 - read)


def test_of_a_passage_as_long_as_a_book_the_beginning_is_read() -> None:
    text = "第2座桥长300米。" + "江水很宽。" * 100_000
    found = [Found(Hit(0, 9.0, 0.8, 1.0), Paragraph("id", "桥", "a", "", 0, 0, len(text), text))]
    reader = CountingReader()
    (one,) = read_all("第2座桥多长?", found, reader, Config())
    assert [len(read) for read in reader.read_texts] == [6_000]
    assert text.startswith(reader.read_texts[0])
    assert one.paragraph.text == text
    assert one.reading is not None
    assert one.reading.answer is not None
    assert one.reading.answer.of(text) == "300米"


def test_a_reader_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("灯塔建于1890年。", encoding="utf-8")
    with pytest.raises(ModelError, match="no reader 'nobody'"):
        Chatbot.from_paths(tmp_path, Config(reader="nobody"))


def test_a_heading_is_not_read_where_there_are_paragraphs(article_bot: Chatbot) -> None:
    reader = CountingReader()
    bot = Chatbot(
        article_bot.index,
        article_bot.embedder,
        article_bot.calibration,
        article_bot.config,
        reader=reader,
    )
    bot.ask("开辟行业新蓝海 落实“金融为民”服务宗旨")
    headings = {p.text for p in bot.paragraphs(bot.documents[0].id) if p.kind != "text"}
    assert reader.read_texts
    assert not headings.intersection(reader.read_texts)
