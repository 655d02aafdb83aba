"""Figures of hand-made outcomes, labels that do not fit, and the article's own questions."""

import json
import math
from pathlib import Path

import pytest
from conftest import BotMaker

from qa.config import default_corpus
from qa.errors import LabelError
from qa.evaluate import Label, Outcome, evaluate, read_labels, score
from qa.types import Answer


def outcome(
    rank: int, *, evidence: bool, answered: bool, answer: str = "", sentence_right: bool = False
) -> Outcome:
    return Outcome(
        Label("问", evidence=("据",) if evidence else (), answer=answer),
        Answer("问", answered, 0.5),
        rank,
        sentence_right,
    )


def test_the_figures_of_six_outcomes() -> None:
    report = score(
        [
            outcome(1, evidence=True, answered=True, answer="答", sentence_right=True),
            outcome(2, evidence=True, answered=True, answer="答"),
            outcome(4, evidence=True, answered=False, answer="答"),
            outcome(0, evidence=True, answered=True),
            outcome(0, evidence=False, answered=False),
            outcome(0, evidence=False, answered=True),
        ]
    )
    assert (report.questions, report.answerable) == (6, 4)
    assert report.hit_at_1 == pytest.approx(1 / 4)
    assert report.hit_at_3 == pytest.approx(2 / 4)
    assert report.reciprocal_rank == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)
    assert report.sentence_accuracy == pytest.approx(1 / 3)
    assert report.refusal_precision == pytest.approx(1 / 2)
    assert report.refusal_recall == pytest.approx(1 / 2)


def test_a_figure_without_questions_is_nan() -> None:
    report = score([outcome(1, evidence=True, answered=True)])
    assert report.hit_at_1 == 1
    assert math.isnan(report.sentence_accuracy)
    assert math.isnan(report.refusal_precision)
    assert math.isnan(report.refusal_recall)
    assert math.isnan(score([]).hit_at_1)


@pytest.mark.parametrize(
    ("one", "right"),
    [
        (outcome(1, evidence=True, answered=True), True),
        (outcome(1, evidence=True, answered=False), False),
        (outcome(2, evidence=True, answered=True), False),
        (outcome(0, evidence=False, answered=False), True),
        (outcome(0, evidence=False, answered=True), False),
    ],
)
def test_what_counts_as_right(one: Outcome, right: bool) -> None:
    assert one.right is right


def test_labels_are_judged_against_the_answers(make_bot: BotMaker) -> None:
    bot = make_bot({"甲": "微乐贷平均额度达到6万以上。大家高兴。\n黄山的温泉水温是42度。"})
    labels = [
        Label("微乐贷的平均额度是多少?", "甲", ("额度达到6万",), "6万以上", kind="a"),
        Label("那水温呢?", "甲", ("是42度",), "42度", ("黄山的温泉?",)),
        Label("黄山的温泉水温是多少?", evidence=("额度达到6万",), answer="高兴"),
    ]
    seen: list[tuple[int, int]] = []
    first, second, third = evaluate(bot, labels, lambda done, total: seen.append((done, total)))
    assert (first.rank, first.sentence_right) == (1, True)
    assert (second.rank, second.sentence_right) == (1, True)
    assert second.answer.question.startswith("黄山的温泉")
    assert (third.rank, third.sentence_right) == (2, False)
    assert [one.label for one in (first, second, third)] == labels
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_labels_that_do_not_fit_the_articles_are_named(make_bot: BotMaker) -> None:
    bot = make_bot({"甲": "微乐贷平均额度达到6万以上。", "乙": "黄山的温泉水温是42度。"})
    with pytest.raises(LabelError, match=r"'问' belongs to '丙', .*\(甲, 乙\).*--corpus"):
        evaluate(bot, [Label("问", "丙", ("42度",))])
    with pytest.raises(LabelError, match=r"'42度' of the question '问' is not in 甲; expected"):
        evaluate(bot, [Label("问", "甲", ("42度",))])
    with pytest.raises(LabelError, match=r"'43度' .* is not in any document"):
        evaluate(bot, [Label("问", evidence=("43度",))])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"labels\.jsonl:2: .*expected an object with question"),
        ("[]", r"labels\.jsonl:2: "),
        ('{"evidence": []}', r"labels\.jsonl:2: KeyError\('question'\)"),
        ('{"question": " "}', r"labels\.jsonl:2: question, .* must be texts"),
        ('{"question": 5}', r"labels\.jsonl:2: question, .* must be texts"),
        ('{"question": "问", "source": null}', r"labels\.jsonl:2: .* must be texts"),
        ('{"question": "问", "evidence": [1]}', r"labels\.jsonl:2: .* must be texts"),
        ('{"question": "问", "evidence": 1}', r"labels\.jsonl:2: "),
        ('{"question": "问", "evidence": "一段话"}', r"labels\.jsonl:2: "),
        ('{"question": "问", "history": "上一个问题"}', r"labels\.jsonl:2: "),
    ],
)
def test_a_wrong_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f'{{"question": "好"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(LabelError, match=message):
        read_labels(path)


def test_a_label_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    with pytest.raises(LabelError, match=r"labels\.jsonl cannot be read .*UTF-8 JSON lines"):
        read_labels(path)
    path.write_text('{"question": "问题"}', encoding="gb18030")
    with pytest.raises(LabelError, match="cannot be read"):
        read_labels(path)
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(LabelError, match="no labelled question"):
        read_labels(path)


def test_labels_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    raw = {
        "question": "问\u2028题\x85?",
        "source": "a.md",
        "evidence": ["据"],
        "answer": "答",
        "history": ["前"],
        "kind": "类",
    }
    path.write_text(
        "\ufeff" + json.dumps(raw, ensure_ascii=False) + '\r\n\r\n{"question": "二"}',
        encoding="utf-8",
        newline="",
    )
    assert read_labels(path) == [
        Label("问\u2028题\x85?", "a.md", ("据",), "答", ("前",), "类"),
        Label("二"),
    ]


def test_the_questions_on_the_article_fit_it(article: str) -> None:
    labels = read_labels(default_corpus() / "questions.jsonl")
    assert len(labels) >= 80
    assert sum(not label.evidence for label in labels) >= len(labels) / 4
    for label in labels:
        assert label.source in ("", "article.md")
        assert all(evidence and evidence in article for evidence in label.evidence)
        assert label.answer in article
        if label.answer:
            assert any(label.answer in evidence for evidence in label.evidence)
    asked = [(label.question, label.history) for label in labels]
    assert len(set(asked)) == len(asked)


def test_the_questions_name_every_organisation_of_the_article() -> None:
    labels = read_labels(default_corpus() / "questions.jsonl")
    told = "\n".join(
        "".join([label.question, *label.evidence]) for label in labels if label.evidence
    )
    for name in (
        "百信银行",
        "马上消费",
        "百融云创",
        "360数科",
        "中原消费金融",
        "乐信",
        "小赢科技",
        "银保监会",
        "柒财经",
    ):
        assert name in told
