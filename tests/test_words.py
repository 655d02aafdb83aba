"""Chinese words: as jieba segments them, with less memory and sooner."""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from qa.text.words import Word, load_words, words_of
from qa.training.data.written import written

# It is older than some rules of the language that it breaks, and warns of them.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from jieba import posseg

PROGRAM = """
import jieba
jieba.add_word("龘龘县", tag="ns")
from qa.text.words import words_of
words_of("龘龘县的人口")
from jieba import posseg
print([tuple(pair) for pair in posseg.cut("龘龘县的人口")])
"""


def test_words_are_at_their_places_with_their_part_of_speech() -> None:
    assert words_of("赵明在北京。") == [
        Word(0, 2, "赵明", "nr"),
        Word(2, 3, "在", "p"),
        Word(3, 5, "北京", "ns"),
        Word(5, 6, "。", "x"),
    ]
    assert words_of("") == []


def test_words_are_those_of_jieba_itself() -> None:
    texts = [text for article in written().held_out[::6] for text in article.paragraphs]
    texts += ["", "\n", "𠮷野家", "a.b-c 3.5%", "二〇二一年", "長篇繁體", "B超", "\ud800县"]
    plain = posseg.POSTokenizer()
    plain.tokenizer.initialize()
    assert load_words().tokenizer.total == plain.tokenizer.total
    for text in texts:
        own = [(pair.word, pair.flag) for pair in load_words().cut(text)]
        assert own == [(pair.word, pair.flag) for pair in plain.cut(text)]


@pytest.mark.parametrize(
    "first", ["", "import jieba.posseg\n", "import jieba\njieba.initialize()\n"]
)
def test_a_program_that_uses_jieba_itself_keeps_its_own_words(first: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", first + PROGRAM],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[('龘龘县', 'ns'), ('的', 'uj'), ('人口', 'n')]"


def test_a_program_keeps_its_own_dictionary(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("龘龘县 5 ns\n的 5 uj\n人口 5 vn\n", encoding="utf-8")
    own = (
        f"import jieba\njieba.dt.tmp_dir = {str(tmp_path)!r}\njieba.set_dictionary({str(words)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{own}\n{PROGRAM}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[('龘龘县', 'ns'), ('的', 'uj'), ('人口', 'vn')]"
