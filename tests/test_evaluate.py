"""Figures of hand-made outcomes, labels that do not fit, and the article's own questions."""

import json
import math
from dataclasses import astuple
from pathlib import Path

import pytest

from qa.config import default_corpus
from qa.errors import LabelError
from qa.evaluate import Label, Outcome, by_kind, evaluate, read_labels, score, worst
from qa.types import Answer, Paragraph, Passage, Span
from support.models import BotMaker


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
    assert report.hit_at_1 == report.kept == 1
    for name in ("sentence_accuracy", "refusal_precision", "refusal_recall", "refusal_area"):
        assert math.isnan(getattr(report, name))
    assert all(math.isnan(value) for value in astuple(score([]))[2:])


PASSAGE = Paragraph("甲", "", "甲", "", 0, 0, 13, "成立于2011年。总部在无锡。")


def marked(words: Span | None, answers: tuple[str, ...]) -> Outcome:
    """Return an outcome whose first passage has its first sentence marked, and ``words``."""
    passage = Passage(PASSAGE, 1.0, Span(0, 9), words)
    label = Label("问", "甲", ("成立于2011年",), answers[0], more_answers=answers[1:])
    return Outcome(label, Answer("问", True, 0.8, (passage,)), 1, sentence_right=True)


def test_the_marked_words_are_compared_with_every_right_answer() -> None:
    report = score([marked(Span(3, 8), ("2012年", "2011年")), marked(Span(0, 8), ("2011年",))])
    # The second marks 成 立 于 2011 年, right are 2011 年: P = 2/5, R = 2/2, F1 = 0.8/1.4 = 4/7.
    assert report.answer_exact == pytest.approx((1 + 0) / 2)
    assert report.answer_f1 == pytest.approx((1 + 4 / 7) / 2)
    assert report.sentence_f1 == pytest.approx(1)


def test_no_marked_words_are_wrong_where_others_are_marked_and_no_figure_elsewhere() -> None:
    report = score([marked(Span(3, 8), ("2011年",)), marked(None, ("2011年",))])
    assert report.answer_exact == report.answer_f1 == pytest.approx(1 / 2)
    without = score([marked(None, ("2011年",))])
    assert math.isnan(without.answer_exact)
    assert math.isnan(without.answer_f1)


def test_the_sentence_is_compared_with_the_evidence() -> None:
    passage = Passage(PASSAGE, 1.0, Span(9, 15))
    label = Label("问", "甲", ("成立于2011年", "无锡"), "无锡")
    one = Outcome(label, Answer("问", True, 0.8, (passage,)), 1, sentence_right=True)
    # Marked are 总 部 在 无 锡, evidence is 无 锡: P = 2/5, R = 2/2, F1 = 4/7.
    assert score([one]).sentence_f1 == pytest.approx(4 / 7)


def test_the_worst_misses_are_the_surest() -> None:
    def sure(confidence: float, *, answered: bool, rank: int) -> Outcome:
        label = Label(str(confidence), evidence=("据",))
        return Outcome(label, Answer("问", answered, confidence), rank, sentence_right=False)

    outcomes = [
        sure(0.9, answered=True, rank=1),
        sure(0.6, answered=True, rank=2),
        sure(0.1, answered=False, rank=1),
        sure(0.8, answered=True, rank=0),
    ]
    # Of a refusal the certainty is 1 - 0.1 = 0.9.
    assert [one.label.question for one in worst(outcomes, 2)] == ["0.1", "0.8"]
    assert [one.label.question for one in worst(outcomes, 9)] == ["0.1", "0.8", "0.6"]
    assert worst(outcomes, 0) == []


def test_each_kind_has_its_figures() -> None:
    def of(kind: str, rank: int) -> Outcome:
        label = Label("问", evidence=("据",), kind=kind)
        return Outcome(label, Answer("问", True, 0.5), rank, sentence_right=False)

    reports = by_kind([of("乙", 1), of("甲", 2), of("甲", 1), of("", 2)])
    assert {name: (one.questions, one.hit_at_1) for name, one in reports.items()} == {
        "all": (4, 1 / 2),
        "乙": (1, 1.0),
        "甲": (2, 1 / 2),
    }
    assert next(iter(reports)) == "all"


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


def test_evidence_may_stand_in_several_articles(make_bot: BotMaker) -> None:
    bot = make_bot({"甲": "温泉水温是42度。", "乙": "据说温泉水温是42度。", "丙": "温泉是42度。"})
    label = Label("温泉的水温?", "甲", ("42度",), more_sources=("乙",))
    (one,) = evaluate(bot, [label])
    right = [passage.paragraph.source in ("甲", "乙") for passage in one.answer.passages]
    assert one.rank == right.index(True) + 1
    with pytest.raises(LabelError, match=r"'水温是43度' .* is not in 甲 or 乙"):
        evaluate(bot, [Label("问", "甲", ("水温是43度",), more_sources=("乙",))])
    with pytest.raises(LabelError, match="belongs to '丁'"):
        evaluate(bot, [Label("问", "甲", ("42度",), more_sources=("丁",))])


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
        ('{"question": "问", "answer": ["答", 1]}', r"labels\.jsonl:2: .* must be texts"),
        ('{"question": "问", "answer": ["答", ""]}', r"labels\.jsonl:2: .* empty text"),
        ('{"question": "问", "source": ["", "b.md"]}', r"labels\.jsonl:2: .* empty text"),
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


def test_a_label_may_list_its_sources_and_answers(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"question": "问", "source": ["a.md", "b.md"], "answer": ["6万", "六万"]},
        {"question": "问", "source": [], "answer": []},
        {"question": "问", "source": "a.md", "answer": "6万"},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    read = read_labels(path)
    assert [label.sources for label in read] == [("a.md", "b.md"), (), ("a.md",)]
    assert [label.answers for label in read] == [("6万", "六万"), (), ("6万",)]


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
