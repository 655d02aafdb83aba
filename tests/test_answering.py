"""From candidates to an answer, with the bundled models: words, several answers, refusals."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.answering.judge import Found
from qa.answering.pipeline import read_all
from qa.chatbot import Chatbot
from qa.config import Config
from qa.errors import ModelError
from qa.question.analysis import Question
from qa.reader import Reading, Text
from qa.reader.cross import open_reader
from qa.retrieval.fusion import Hit
from qa.types import Paragraph
from support.models import BotMaker

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
        self.read_texts: list[list[str]] = []

    def begin(self) -> None:
        self._reader.begin()

    def read(self, question: str, passages: Sequence[Text]) -> list[Reading | None]:
        self.read_texts.append([passage.text for passage in passages])
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
    ordered = read_all(Question("第2座桥多长?"), found, reader, config)
    assert reader.read_texts[0] == texts[:read]
    assert sorted(one.hit.number for one in ordered) == [0, 1, 2, 3]
    assert [one.reading is not None for one in ordered] == [True] * read + [False] * (4 - read)


def test_of_a_passage_as_long_as_a_book_the_beginning_is_read() -> None:
    text = "第2座桥长300米。" + "江水很宽。" * 100_000
    found = [Found(Hit(0, 9.0, 0.8, 1.0), Paragraph("id", "桥", "a", "", 0, 0, len(text), text))]
    reader = CountingReader()
    (one,) = read_all(Question("第2座桥多长?"), found, reader, Config())
    assert [len(read) for read in reader.read_texts[0]] == [6_000]
    assert text.startswith(reader.read_texts[0][0])
    assert one.paragraph.text == text
    assert one.reading is not None
    assert one.reading.answer is not None
    assert one.reading.answer.of(text) == "300米"


def test_where_the_decision_is_close_the_first_passage_is_read_by_itself() -> None:
    texts = ["第1座桥长300米，宽12米。", "白鹭港去年停了三百条船。", "灯塔每晚六点点灯。"]
    found = [
        Found(
            Hit(number, 9.0 - number, 0.8, 1.0),
            Paragraph("id", "桥", "a.txt", "", number, 0, len(text), text),
        )
        for number, text in enumerate(texts)
    ]
    close = []
    for asked in ("第1座桥多长?", "白鹭港的船有多少?", "灯塔几点亮?", "桥是谁造的?", "灯塔多高?"):
        reader = CountingReader()
        first = read_all(Question(asked), found, reader, Config())[0]
        assert first.reading is not None
        close.append(-4 < first.reading.score < 2)
        assert reader.read_texts[1:] == [[first.paragraph.text]] * close[-1]
        assert (first.reading.alone is not None) == close[-1]
    assert {*close} == {True, False}


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
    assert not headings.intersection(reader.read_texts[0])


_SIGNS = "零一二三四五六七八九"


def _in_han(number: int) -> str:
    """Return a number below 200 as a law writes it: 十三, 四十, 一百零八, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    figures = ("" if tens == 1 and not hundreds else _SIGNS[tens]) + "十" if tens else ""
    if hundreds and rest and not tens:
        figures = "零"
    return ("一百" if hundreds else "") + figures + (_SIGNS[ones] if ones else "")


def _law() -> str:
    """Return a law of 110 articles, all alike, some of which refer to others."""
    who = ["摊主", "买主", "管理员", "运货人", "集市委员会", "县商务局", "税务所", "邻近住户"]
    does = [
        "应当每日清扫",
        "不得占用",
        "可以申请使用",
        "须登记",
        "有权查看",
        "负责修缮",
        "应当保管",
    ]
    what = [
        "摊位",
        "水井",
        "称具",
        "货棚",
        "道路",
        "账册",
        "牌照",
        "灯具",
        "排水沟",
        "仓库",
        "凉亭",
    ]
    lines = []
    for number in range(1, 111):
        text = f"{who[number % 8]}{does[number % 7]}{what[number % 11]}"
        other = f"；违反本法第{_in_han(number - 7)}条的除外" if number in (21, 56, 91, 102) else ""
        lines.append(f"第{_in_han(number)}条　{text}{other}。")
    return "青石县集市法\n\n" + "\n\n".join(lines)


@pytest.fixture(scope="module")
def law(make_bot: BotMaker) -> Chatbot:
    return make_bot({"青石县集市法": _law()})


@pytest.mark.parametrize(
    "form", ["第{han}条是什么？", "第{number}条是什么？", "第{number}條的內容是什麼？"]
)
def test_an_article_of_a_law_is_found_in_any_form(form: str, law: Chatbot) -> None:
    for number in (3, 13, 31, 49, 60, 84, 95, 101, 110):
        answer = law.ask(form.format(han=_in_han(number), number=number))
        assert answer.answered
        assert answer.passages[0].text.startswith(f"第{_in_han(number)}条")


def test_a_refusal_tells_that_another_year_is_meant(make_bot: BotMaker) -> None:
    bot = make_bot({"窑": "青石窑\n\n青石窑二〇二一年烧制了三千只茶碗。\n\n窑工住在河边的村子里。"})
    answer = bot.ask("青石窑2019年烧制了多少只茶碗？")
    if not answer.answered:
        assert "“二〇二一年”" in answer.reason
        assert "“2019年”" in answer.reason
