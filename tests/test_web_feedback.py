"""Judgements become labelled questions that the other commands read."""

import json
import signal
from pathlib import Path

import pytest

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.evaluate import evaluate, read_labels
from qa.training.prepare.sources import from_jsonl
from qa.web import feedback
from qa.web.feedback import Feedback
from support.models import BotMaker

ARTICLE = "渡轮每天早上七点开船。\n\n船长叫周海平，五十二岁。\n"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_thumb_up_is_a_label_that_eval_and_training_read(
    tmp_path: Path, shared_model: None
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "渡轮.txt").write_text(ARTICLE, encoding="utf-8")
    bot = Chatbot.from_paths([corpus])
    path = tmp_path / "feedback.jsonl"
    written = Feedback(path)
    answer = bot.ask("船长叫什么？")
    assert answer.answered
    written.judge(answer, [], liked=True)
    written.mark_right(bot.ask("几点开船？"), [], 1)
    first, second = read_labels(path)
    assert first.evidence == ("船长叫周海平，五十二岁。",)
    assert first.kind == "feedback"
    assert second.question == "几点开船？"
    assert evaluate(bot, [first])[0].right
    source = from_jsonl(path, corpus, "feedback")
    assert source.unused == 0
    assert len(source.articles[0].questions) == 2


def test_a_thumb_up_on_a_refusal_says_that_there_is_no_answer(
    tmp_path: Path, make_bot: BotMaker
) -> None:
    answer = make_bot({"渡轮": ARTICLE}).ask("诺贝尔物理学奖颁给了哪位天文学家？")
    assert not answer.answered
    Feedback(tmp_path / "f.jsonl").judge(answer, [], liked=True)
    (label,) = read_labels(tmp_path / "f.jsonl")
    assert label.evidence == ()
    assert label.source == "渡轮"


def test_a_thumb_down_is_no_label_but_is_kept(tmp_path: Path, make_bot: BotMaker) -> None:
    answer = make_bot({"渡轮": ARTICLE}).ask("船长叫什么？")
    Feedback(tmp_path / "f.jsonl").judge(answer, [], liked=False)
    assert lines(tmp_path / "f.jsonl") == []
    (vote,) = lines(tmp_path / "f-votes.jsonl")
    assert vote["liked"] is False
    Feedback(tmp_path / "f.jsonl").mark_absent(answer, [])
    (label,) = read_labels(tmp_path / "f.jsonl")
    assert (label.question, label.evidence) == ("船长叫什么？", ())
    assert vote["asked"] == "船长叫什么？"


def test_the_history_is_kept_only_where_it_counted(tmp_path: Path, make_bot: BotMaker) -> None:
    bot = make_bot({"渡轮": ARTICLE})
    written = Feedback(tmp_path / "f.jsonl")
    history = ["船长叫什么？"]
    written.mark_right(bot.ask("那他多大呢？", history), history, 0)
    written.mark_right(bot.ask("渡轮几点开船？", history), history, 0)
    follow_up, other = read_labels(tmp_path / "f.jsonl")
    assert follow_up.history == ("船长叫什么？",)
    assert other.history == ()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(QAError, match=r"f\.jsonl .*; name a file in a folder that exists"):
        Feedback(tmp_path / "no" / "f.jsonl")


def test_a_file_does_not_grow_without_end(
    tmp_path: Path, make_bot: BotMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = make_bot({"渡轮": ARTICLE}).ask("船长叫什么？")
    written = Feedback(tmp_path / "f.jsonl")
    written.mark_right(answer, [], 0)
    monkeypatch.setattr(feedback, "LARGEST_FILE", (tmp_path / "f.jsonl").stat().st_size + 1)
    written.mark_right(answer, [], 0)
    assert len(lines(tmp_path / "f.jsonl")) == 1


def test_only_the_owner_reads_what_people_say(tmp_path: Path, make_bot: BotMaker) -> None:
    answer = make_bot({"渡轮": ARTICLE}).ask("船长叫什么？")
    Feedback(tmp_path / "f.jsonl").judge(answer, [], liked=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f-votes.jsonl", "f.jsonl"]
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", ['{"question": "谁', "{", '{"question": "谁"}', "", " \n"])
def test_half_a_line_is_repaired_before_the_next(
    tmp_path: Path, make_bot: BotMaker, left: str
) -> None:
    answer = make_bot({"渡轮": ARTICLE}).ask("船长叫什么？")
    path = tmp_path / "f.jsonl"
    whole = '{"question": "甲"}\n' * 5_000
    path.write_text(whole + left, encoding="utf-8")
    Feedback(path).mark_right(answer, [], 0)
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith(whole)
    rest = [json.loads(line)["question"] for line in kept[len(whole) :].split("\n") if line.strip()]
    assert rest == (["谁"] if left.endswith("}") else []) + ["船长叫什么？"]
    assert kept.endswith("}\n")


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a limit on the size of files")
def test_a_line_is_there_whole_or_not_at_all(tmp_path: Path, make_bot: BotMaker) -> None:
    resource = pytest.importorskip("resource")
    answer = make_bot({"渡轮": ARTICLE}).ask("船长叫什么？")
    path = tmp_path / "f.jsonl"
    written = Feedback(path)
    written.mark_right(answer, [], 0)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            written.mark_right(answer, [], 0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before
