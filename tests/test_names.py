"""Names of people and bodies in a sentence, and the words of a text."""

import subprocess
import sys
from pathlib import Path

import pytest

from qa.question.names import names_in
from qa.text.words import words_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("蚂蚁集团的额度是多少", {"蚂蚁集团": "body"}),
        ("微众银行的行长是谁", {"微众银行": "body"}),
        ("螞蟻集團的額度", {"螞蟻集團": "body"}),
        ("北京大学在哪里", {"北京大学": "body"}),
        ("据悉，乐信平均额度达到6万", {"乐信": "body"}),
        ("腾讯QQ是否赚钱", {"腾讯QQ": "body"}),
        ("陈静之是哪里人", {"陈静之": "person"}),
        ("王芳和李明在学校", {"王芳": "person", "李明": "person"}),
        ("服务逾160万个体户与小微企业", {}),
        ("这家银行的客户", {}),
        ("商业银行应当怎么做", {}),
        ("高铁票怎么买", {}),
        ("能贷10w吗", {}),
        ("月薪3k的人", {}),
        ("华为的手机卖多少钱", {"华为": "body"}),
        *((f"{word}有多少？", {}) for word in "顾客 白领 陆军 高峰 武功 石英 叶子 马匹".split()),
        *((f"{word}有多少？", {}) for word in "英语 佛教 世界杯 摩托车 抗生素 沙发".split()),
        ("What is it?", {}),
    ],
)
def test_names(text: str, names: dict[str, str]) -> None:
    assert {text[one.start : one.end]: one.kind for one in names_in(text)} == names


def test_words_are_all_of_the_text() -> None:
    text = "沈一鸣能抢到2张票吗？ ok\n"
    words = words_of(text)
    assert "".join(word.text for word in words) == text
    assert all(text[word.start : word.end] == word.text for word in words)


def test_the_segmenter_says_nothing_and_writes_no_file(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom qa.text.words import words_of\nassert 'jieba' not in sys.modules\n"
        "assert words_of('乐信的额度')\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout, run.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []
