"""Labelled questions as they are read, cut into paragraphs, held out and kept."""

import json
import lzma
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import LabelError
from qa.training.data import records
from qa.training.data.records import LabelledArticle, LabelledQuestion, Split
from qa.training.data.written import written
from qa.training.prepare import sources
from qa.training.prepare.translations import from_translated
from support.labelled import ARTICLES, article, squad


class TestSources:
    def test_cut_keeps_every_sentence_whole_and_in_order(self) -> None:
        text = "".join(f"这是第{number}句话，它说了一件小事情。" for number in range(40))
        spans = sources.cut(text)
        assert "".join(span.of(text) for span in spans) == text
        assert all(span.of(text).endswith("。") for span in spans)
        assert all(60 <= span.end - span.start <= 150 for span in spans)

    def test_cut_joins_a_short_rest_to_the_paragraph_before(self) -> None:
        text = "甲" * 99 + "。" + "乙" * 99 + "。" + "丙。"
        assert [len(span.of(text)) for span in sources.cut(text, 100)] == [100, 102]

    def test_the_positive_holds_the_answer_even_if_the_offset_is_wrong(
        self, tmp_path: Path
    ) -> None:
        context = "甲" * 120 + "。" + "乙" * 100 + "他生于1963年。" + "丙" * 120 + "。"
        path = tmp_path / "set.json"
        path.write_text(squad(("题", context, "他生于哪年？", "1963年", 7)), encoding="utf-8")
        (one,) = sources.from_squad(path, "set").articles
        (question,) = one.questions
        assert "1963年" in one.paragraphs[question.positives[0]]

    def test_an_answer_across_two_paragraphs_belongs_to_the_one_with_more_of_it(
        self, tmp_path: Path
    ) -> None:
        context = "甲" * 100 + "。" + "乙" * 100 + "。"
        path = tmp_path / "set.json"
        answer = context[98:110]
        path.write_text(squad(("题", context, "问", answer, 98)), encoding="utf-8")
        (one,) = sources.from_squad(path, "set").articles
        assert one.questions == (LabelledQuestion("问", (1,), ignored=(0,)),)

    def test_a_question_whose_answer_is_nowhere_is_counted_not_used(self, tmp_path: Path) -> None:
        path = tmp_path / "set.json"
        path.write_text(squad(("题", "天很蓝。", "谁？", "王维", 0)), encoding="utf-8")
        source = sources.from_squad(path, "set")
        assert source.unused == 1
        assert source.articles[0].questions == ()

    def test_another_form_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "set.json"
        path.write_text('{"rows": []}')
        with pytest.raises(LabelError, match=r"set\.json is not in SQuAD form"):
            sources.from_squad(path, "set")


class TestOwnQuestions:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir()
        text = "# 微乐贷\n\n微乐贷是一款贷款。\n\n它的额度是20万元。\n\n它的利率很低。\n"
        (folder / "loan.md").write_text(text, encoding="utf-8")
        return folder

    def labels(self, folder: Path, *lines: Mapping[str, object]) -> Path:
        path = folder.parent / "mine.jsonl"
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        path.write_text(text, encoding="utf-8")
        return path

    def test_evidence_names_the_paragraphs(self, folder: Path) -> None:
        path = self.labels(
            folder,
            {
                "question": "额度和利率怎样？",
                "source": "loan.md",
                "evidence": ["额度是20万元", "利率很低"],
                "answer": "20万元",
                "history": [],
            },
        )
        (one,) = sources.from_jsonl(path, folder, "mine").articles
        (question,) = one.questions
        found = [one.paragraphs[position] for position in question.positives]
        assert found == ["它的额度是20万元。", "它的利率很低。"]

    def test_unanswered_questions_and_follow_ups_are_used(self, folder: Path) -> None:
        label = {"question": "问", "source": "loan.md", "evidence": ["利率很低"], "history": []}
        path = self.labels(
            folder,
            {**label, "evidence": [], "kind": "x"},
            {**label, "history": ["微乐贷是什么？"], "answer": ["很低", "低"]},
        )
        (one,) = sources.from_jsonl(path, folder, "mine").articles
        unanswered, follow_up = one.questions
        assert (unanswered.positives, unanswered.answer, unanswered.kind) == ((), None, "x")
        assert one.answerable == (follow_up,)
        assert follow_up.history == ("微乐贷是什么？",)
        assert follow_up.answer is not None
        assert follow_up.answer.of(one.paragraphs[follow_up.positives[0]]) == "很低"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"evidence": ["没有这句话"]}, r"mine\.jsonl, line 1: the evidence '没有这句话'"),
            ({"source": "other.md"}, r"line 1: no article 'other\.md'.*loan\.md"),
        ],
    )
    def test_a_label_that_does_not_fit_is_named(
        self, folder: Path, change: dict[str, object], message: str
    ) -> None:
        label = {"question": "问", "source": "loan.md", "evidence": ["利率很低"]}
        with pytest.raises(LabelError, match=message):
            sources.from_jsonl(self.labels(folder, {**label, **change}), folder, "mine")

    def test_a_label_without_evidence_key_is_named(self, folder: Path) -> None:
        path = self.labels(folder, {"question": "问", "source": "loan.md"})
        with pytest.raises(LabelError, match="expected question, source and evidence"):
            sources.from_jsonl(path, folder, "mine")


class TestSplit:
    def test_no_title_is_on_both_sides_whatever_its_script_and_collection(self) -> None:
        simplified = [article(f"铁路线{number}", collection="a") for number in range(60)]
        traditional = [article(f"鐵路線{number}", collection="b") for number in range(60)]
        split = records.split_by_title(simplified + traditional, {"a": 30, "b": 30})
        train = {one.key for one in split.train}
        held_out = {one.key for one in split.held_out}
        assert train and held_out
        assert not train & held_out
        assert len(split.train) + len(split.held_out) == 120

    def test_the_percentage_is_about_kept_and_the_order_does_not_matter(self) -> None:
        many = [article(f"题{number}", 1) for number in range(1000)]
        split = records.split_by_title(many, {"one": 15})
        assert 110 <= len(split.held_out) <= 190
        turned = records.split_by_title(reversed(many), {"one": 15})
        assert turned.held_out == split.held_out[::-1]

    @pytest.mark.parametrize(
        ("percent", "held_out"),
        [(8, []), (9, ["范廷颂"]), (60, ["范廷颂"]), (61, ["范廷颂", "岬太郎"])],
    )
    def test_the_rule_is_the_hash_of_the_title(self, percent: int, held_out: list[str]) -> None:
        # int(sha256(title).hexdigest(), 16) % 100 is 8, 60 and 64.
        known = [article(title, 1) for title in ("范廷颂", "岬太郎", "NGC 6231")]
        split = records.split_by_title(known, {"one": percent})
        assert [one.title for one in split.held_out] == held_out

    def test_saving_and_loading_changes_nothing(self, tmp_path: Path) -> None:
        split = records.Split(ARTICLES[:3], ARTICLES[3:])
        prepared = records.Prepared(split, {"one": "CC BY-SA 4.0"})
        records.save(prepared, tmp_path / "data")
        assert records.load(tmp_path / "data") == prepared

    def test_another_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match=r"made by `python -m qa\.training prepare`"):
            records.load(tmp_path)


class TestWritten:
    def test_the_labels_hold(self) -> None:
        split = written()
        sides = [
            [q for one in side for q in one.questions] for side in (split.train, split.held_out)
        ]
        assert all(any(q.positives for q in side) for side in sides)
        assert all(any(not q.positives for q in side) for side in sides)
        for one in split.held_out:
            for question in one.answerable:
                assert question.answer is not None
                assert question.answer.of(one.paragraphs[question.positives[0]]).strip()

    def test_no_article_is_on_both_sides(self) -> None:
        split = written()
        shown = {one.opening for one in split.train}
        assert not any(one.opening in shown for one in split.held_out)


class TestFixedSides:
    def test_who_shares_a_paragraph_with_a_fixed_side_follows_it(self) -> None:
        known = [replace(article(f"题{n}线路的名称较长", 4), title=f"题{n}") for n in range(20)]
        fixed = Split(train=(known[0],), held_out=(known[1],))
        copies = [
            LabelledArticle("two", f"别名{n}", a.paragraphs, a.questions)
            for n, a in enumerate(known)
        ]
        split = records.split_by_title(copies, {"two": 50}, fixed)
        assert copies[0] in split.train
        assert copies[1] in split.held_out
        assert 4 < len(split.held_out) < 18


def in_squad_form(context: str, *questions: tuple[str, str, str]) -> str:
    """Return a file of one paragraph; a question without an answer is marked so."""
    asked = [
        {
            "id": key,
            "question": text,
            "is_impossible": not answer,
            "answers": [{"text": answer, "answer_start": context.index(answer)}] if answer else [],
        }
        for key, text, answer in questions
    ]
    return json.dumps(
        {"data": [{"title": "t", "paragraphs": [{"context": context, "qas": asked}]}]}
    )


def test_unanswerable_questions_of_a_packed_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "two.json.xz"
    text = in_squad_form("It rained in Wuxi.", ("1", "Where?", "Wuxi"), ("2", "Who?", ""))
    path.write_bytes(lzma.compress(text.encode()))
    (one,) = sources.from_squad(path, "two").articles
    assert [question.positives for question in one.questions] == [(0,), ()]


def test_a_translated_paragraph_is_asked_in_both_languages(tmp_path: Path) -> None:
    own, other, more = (tmp_path / name for name in ("zh.json", "en.json", "more.json"))
    own.write_text(in_squad_form("无锡下雨了。", ("1", "哪里？", "无锡")), encoding="utf-8")
    other.write_text(in_squad_form("It rained in Wuxi.", ("1", "Where?", "Wuxi")), encoding="utf-8")
    more.write_text(in_squad_form("It  rained in Wuxi", ("9", "Who snowed?", "")), encoding="utf-8")
    (one,) = from_translated(own, other, "both", [more]).articles
    assert one.paragraphs == ("无锡下雨了。",)
    assert [(q.text, q.positives) for q in one.questions] == [
        ("哪里？", (0,)),
        ("Where?", (0,)),
        ("Who snowed?", ()),
    ]


@pytest.mark.parametrize("text", ["nur eins", "一\t二\t三", "一\t "])
def test_a_line_that_is_no_pair_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(f"雨\train\n{text}\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"pairs\.tsv, line 2: expected two sentences"):
        records.read_sentences(path)
