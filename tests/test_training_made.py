"""Questions made by rule from articles that nobody has asked about."""

import json
import random
from pathlib import Path

import pytest

from qa.errors import LabelError
from qa.training.__main__ import main
from qa.training.data.records import LabelledArticle, LabelledQuestion, load
from qa.training.prepare.sources import from_articles
from qa.training.questions.made import make
from qa.training.questions.variants import with_variants
from qa.types import Span

WHALES = "上海远洋公司二季度营收12.5亿元。净利润同比增长8%。"
SHIPS = "北京航运公司同期运送旅客300万人次，亏损扩大。"


def made(paragraph: str) -> list[tuple[str, str, bool]]:
    found = make(paragraph, random.Random(1))
    return [(one.text.rstrip("？"), one.answer.of(paragraph), one.named) for one in found]


class TestMake:
    def test_a_figure_gives_way_to_a_question_word(self) -> None:
        (question, answer, named), *_ = made(WHALES)
        assert question.startswith("上海远洋公司二季度营收")
        assert question.endswith(("多少", "多少元", "几元"))
        assert answer == "12.5亿元"
        assert named

    def test_the_subject_of_an_earlier_sentence_is_put_in_front(self) -> None:
        _, (question, answer, named) = made(WHALES)
        assert question.startswith("上海")
        assert "净利润同比增长" in question
        assert answer == "8%"
        assert not named

    def test_a_date_asks_for_what_happened_on_it(self) -> None:
        ((question, answer, _),) = made("北京航运公司2019年3月2日开通新航线。")
        assert question.startswith("北京航运公司")
        assert question.endswith("开通新航线")
        assert answer == "2019年3月2日"
        assert made("北京航运公司2019年3月2日下午5点。") == []

    def test_a_person_of_a_post_is_asked_for(self) -> None:
        assert ("上海远洋公司总经理是谁", "王小明", True) in made("上海远洋公司总经理王小明说。")

    def test_who_reports_is_no_subject(self) -> None:
        assert made("人民日报今年以来已经刊登了12篇。") == []

    @pytest.mark.parametrize("text", ["", "。", "没有数字的句子。", "（上海远洋公司有3艘船）。"])
    def test_nothing_to_ask(self, text: str) -> None:
        assert made(text) == []


def article(question: LabelledQuestion, *paragraphs: str) -> LabelledArticle:
    return LabelledArticle("one", "航运", paragraphs, (question,))


class TestSwappedNames:
    ASKED = LabelledQuestion("上海远洋公司营收多少", (0,), answer=Span(11, 17))

    def swapped(self, *paragraphs: str) -> tuple[str, ...]:
        generator = random.Random(1)
        return with_variants(article(self.ASKED, *paragraphs), generator).questions[0].swapped

    def test_another_name_of_the_article_takes_the_place(self) -> None:
        assert any("北京" in one for one in self.swapped(WHALES, SHIPS))

    def test_but_none_of_which_the_same_is_told(self) -> None:
        told = "北京航运公司二季度营收7亿元。"
        assert not any("北京" in one for one in self.swapped(WHALES, told))

    def test_nor_one_that_the_next_sentence_may_go_on_about(self) -> None:
        told = "北京航运公司也公布了业绩。公司二季度营收7亿元。"
        assert not any("北京" in one for one in self.swapped(WHALES, told))


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    articles = [
        {"id": "1", "title": "航运", "text": f"{WHALES}\n{SHIPS}"},
        {"id": "2", "title": "转载", "text": f"另有消息。\n{SHIPS}"},
        {"id": "3", "title": "天气", "text": "今天晴。\n明天也晴。"},
    ]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_article_that_repeats_another_is_left_out(lines: Path) -> None:
    (one,) = from_articles(lines, "news", random.Random(1)).articles
    assert one.title == "航运"
    for question in one.questions:
        place = question.positives[0]
        assert question.answer is not None
        assert question.answer.of(one.paragraphs[place]) in WHALES + SHIPS


def test_articles_that_tell_no_figure_are_said_to(tmp_path: Path) -> None:
    path = tmp_path / "weather.txt"
    path.write_text("It rains today.\n\nIt will be fine tomorrow.\n", encoding="utf-8")
    with pytest.raises(LabelError, match="no question could be made"):
        from_articles(path, "weather", random.Random(1))


def test_prepare_makes_questions_of_unlabelled_articles(lines: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert (
        main(
            [
                "prepare",
                "--no-written",
                "--unlabelled",
                str(lines),
                "--held-out",
                "0",
                "--to",
                str(data),
            ]
        )
        == 0
    )
    (one,) = load(data).split.train
    assert one.collection == "news"
    assert len(one.questions) == 3


def test_calibration_leaves_out_what_is_named(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    assert (
        main(
            [
                "prepare",
                "--no-written",
                "--unlabelled",
                str(lines),
                "--held-out",
                "100",
                "--to",
                data,
            ]
        )
        == 0
    )
    calibrate = ["calibrate", data, "--model", "e5-small-zh-qa", "--without"]
    assert main([*calibrate, "olds"]) == 1
    assert "--without olds: expected one of: news" in capsys.readouterr().err
    assert main([*calibrate, "news"]) == 1
    assert "no held-out article to fit on" in capsys.readouterr().err
