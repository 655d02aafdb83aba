import json
import random
import re
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.config import Config
from qa.errors import LabelError, ModelError
from qa.training import evaluate, records, sources
from qa.training.__main__ import main
from qa.training.augment import VARIANTS, augment, keywords, other_script
from qa.training.batches import collate, epoch_of_groups
from qa.training.card import Origin
from qa.training.export import export
from qa.training.held_out import sample
from qa.training.plot import draw, smoothed
from qa.training.records import LabelledArticle, LabelledQuestion
from qa.training.retriever import RetrieverTask
from qa.training.run import Run, Step
from qa.training.scores import RetrieverScore, best, load_scores, save_scores
from qa.training.settings import RetrieverSettings
from qa.training.train import progress, rate, train
from qa.training.weights import Candidate, candidates, merged

MODEL = Path(qa.__file__).parent / "models" / Config().model
needs_model = pytest.mark.skipif(
    not (MODEL / "model.safetensors").exists(), reason="the bundled model is not here"
)

QUESTIONS = (
    "灯塔的守夜制度是怎么定的？",
    "光绪十三年(1887年)渡口换过哪些船工？",
    "2011年5月3日到9日之间，这条渡船停在哪里？",
    "目前離白鷺燈塔最近的碼頭是哪一個碼頭？",
    "How many ferries did the Town of Heron have in 1996?",
    "2.4亿元的修桥费用占多少比例？",
)


def article(title: str, paragraphs: int = 4, collection: str = "one") -> LabelledArticle:
    """Return an article whose every paragraph answers two questions."""
    texts = tuple(
        f"{title}的第{number}个车站在{1900 + number}年建成，造价{number}0万元，离市区很远。"
        for number in range(paragraphs)
    )
    questions = tuple(
        LabelledQuestion(f"{title}的第{number}个车站{what}", (number,))
        for number in range(paragraphs)
        for what in ("在哪一年建成？", "造价多少？")
    )
    return LabelledArticle(collection, title, texts, questions)


ARTICLES = tuple(article(title) for title in ("北海线", "南山线", "东江线", "西河线"))


def squad(*entries: tuple[str, str, str, str, int]) -> str:
    """Return a file in SQuAD form: title, context, question, answer, answer_start of each."""
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": context,
                    "qas": [
                        {
                            "question": question,
                            "answers": [{"text": answer, "answer_start": start}],
                        }
                    ],
                }
            ],
        }
        for title, context, question, answer, start in entries
    ]
    return json.dumps({"data": data}, ensure_ascii=False)


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

    def test_unanswered_questions_and_follow_ups_are_counted_not_used(self, folder: Path) -> None:
        label = {"question": "问", "source": "loan.md", "evidence": ["利率很低"], "history": []}
        path = self.labels(
            folder, {**label, "evidence": []}, {**label, "history": ["微乐贷是什么？"]}, label
        )
        source = sources.from_jsonl(path, folder, "mine")
        assert source.unused == 2
        assert len(source.articles[0].questions) == 1

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


class TestAugment:
    @pytest.mark.parametrize("kind", VARIANTS)
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_digits_are_never_touched(self, kind: str, question: str) -> None:
        for seed in range(60):
            variant = VARIANTS[kind](question, random.Random(seed))
            assert re.findall(r"\d+", variant) == re.findall(r"\d+", question)
            if "十二" in question:
                assert "十二" in variant
            assert variant.strip()

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_the_same_generator_gives_the_same_variant(self, question: str) -> None:
        first = [augment(question, random.Random(seed), 0.5) for seed in range(20)]
        assert first == [augment(question, random.Random(seed), 0.5) for seed in range(20)]

    def test_a_share_of_zero_changes_nothing(self) -> None:
        assert all(augment(one, random.Random(1), 0.0) == one for one in QUESTIONS)

    def test_other_script_goes_both_ways(self) -> None:
        assert other_script("灯塔守夜制度") == "燈塔守夜制度"
        assert other_script("燈塔守夜制度") == "灯塔守夜制度"
        assert other_script("When?") == "When?"

    def test_keywords_keep_what_the_question_is_about(self) -> None:
        short = keywords("灯塔的守夜制度是什么？", random.Random(2)).replace(" ", "")
        assert short == "灯塔守夜制度"
        assert (
            keywords("How many ferries did Heron have?", random.Random(2)) == "ferries Heron have"
        )


class TestBatches:
    def test_an_epoch_asks_every_question_once(self) -> None:
        batches = epoch_of_groups([*ARTICLES, article("长线", 40)], RetrieverSettings(), 0)
        asked = [q.text for batch in batches for group in batch for q in group.questions]
        wanted = [q.text for one in [*ARTICLES, article("长线", 40)] for q in one.questions]
        assert sorted(asked) == sorted(wanted)

    def test_a_paragraph_is_in_a_batch_once_and_answers_its_questions(self) -> None:
        settings = RetrieverSettings(augmented_share=0.0, converted_share=0.0, repeats={"one": 2})
        known = [*ARTICLES, article("长线", 40)]
        for groups in epoch_of_groups(known, settings, 3):
            batch = collate(groups, settings, 0)
            assert len(set(batch.paragraphs)) == len(batch.paragraphs)
            for question, label in zip(batch.questions, batch.labels, strict=True):
                assert batch.paragraphs[label].startswith(question.split("个")[0])

    def test_hard_negatives_of_a_long_article_share_words_with_its_questions(self) -> None:
        texts = ("银行贷款额度二十万元。", *(f"天气很好{n}。" for n in range(30)), "银行贷款利率。")
        question = LabelledQuestion("银行贷款额度多少？", (0,))
        long = LabelledArticle("one", "题", texts, (question,))
        ((group,),) = epoch_of_groups([long], RetrieverSettings(), 0)
        assert group.positions[:2] == (0, 31)
        assert len(group.positions) == 8

    def test_articles_of_one_subject_are_never_in_one_batch(self) -> None:
        same = [article("铁路线", collection="a"), article("鐵路線", collection="b")]
        for batch in epoch_of_groups(same, RetrieverSettings(), 0):
            assert len({group.article.key for group in batch}) == len(batch)

    def test_every_answering_paragraph_has_its_row_and_ignores_the_others(self) -> None:
        question = LabelledQuestion("问", (0, 2), ignored=(3,))
        one = LabelledArticle("one", "题", ("甲。", "乙。", "丙。", "丁。"), (question,))
        settings = RetrieverSettings(augmented_share=0.0, converted_share=0.0)
        batch = collate(epoch_of_groups([one], settings, 0)[0], settings, 0)
        assert batch.labels == (0, 2)
        assert batch.ignored == ((2, 3), (0, 3))

    def test_the_seed_decides(self) -> None:
        def texts(seed: int) -> list[tuple[str, ...]]:
            settings = RetrieverSettings(seed=seed, paragraphs_per_batch=8)
            groups = epoch_of_groups(ARTICLES, settings, 0)
            return [collate(one, settings, step).questions for step, one in enumerate(groups)]

        assert texts(1) == texts(1)
        assert texts(1) != texts(2)


class TestSchedule:
    def test_rises_then_falls_to_zero(self) -> None:
        settings = RetrieverSettings(steps=100, warmup_steps=10, learning_rate=1.0)
        rates = [rate(settings, step, 0) for step in range(101)]
        assert rates[0] == pytest.approx(0.1)
        assert rates[9] == pytest.approx(0.91)
        assert rates[50] == pytest.approx(0.5)
        assert rates[100] == 0

    def test_whatever_ends_first_counts(self) -> None:
        settings = RetrieverSettings(steps=100, minutes=10)
        assert progress(settings, 20, 60) == pytest.approx(0.2)
        assert progress(settings, 20, 300) == pytest.approx(0.5)
        assert progress(settings, 20, 6000) == 1


class TestEvaluate:
    def test_sample_takes_whole_articles_of_three_paragraphs_or_more(self) -> None:
        many = [article(f"题{number}", number % 5 + 1) for number in range(50)]
        chosen = sample(many, 40)
        assert all(len(one.paragraphs) >= 3 for one in chosen)
        assert 40 <= sum(len(one.questions) for one in chosen) < 50

    def test_table_and_best(self) -> None:
        scores = [
            RetrieverScore("base", "zh", 10, 0.8, 0.7),
            RetrieverScore("base", "en", 5, 0.6, 0.6),
            RetrieverScore("tuned", "zh", 10, 0.9, 0.8),
            RetrieverScore("tuned", "en", 5, 0.6, 0.4),
        ]
        assert evaluate.table(scores).splitlines() == [
            "| model | zh (n=10) | varied | en (n=5) | varied |",
            "| --- | ---: | ---: | ---: | ---: |",
            "| base | 80.0 | 70.0 | 60.0 | 60.0 |",
            "| tuned | 90.0 | 80.0 | 60.0 | 40.0 |",
        ]
        assert best(scores) == "base"

    def test_scores_are_kept(self, tmp_path: Path) -> None:
        scores = [RetrieverScore("base", "zh", 10, 0.8, 0.7)]
        save_scores(scores, tmp_path / "evaluation.json")
        assert load_scores(RetrieverScore, tmp_path / "evaluation.json") == scores


class TestPicture:
    def test_running_mean(self) -> None:
        assert smoothed([1.0, 2.0, 2.0]) == pytest.approx([1.0, 1.05, 1.0975])

    def test_is_a_png(self, tmp_path: Path) -> None:
        pytest.importorskip("matplotlib")
        draw([Step(n, 0, 1 / n, 0.5, 1e-5, 2.0, 30) for n in range(1, 9)], tmp_path / "loss.png")
        assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


class TestMessages:
    def test_nothing_to_train_on(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match="smaller --held-out"):
            train(partial(RetrieverTask, [], SMALL), SMALL, Run(tmp_path))

    def test_a_run_without_an_end(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="--minutes or --steps"):
            train(
                partial(RetrieverTask, ARTICLES, RetrieverSettings()),
                RetrieverSettings(),
                Run(tmp_path),
            )

    def test_a_run_is_not_resumed_with_other_settings(self, tmp_path: Path) -> None:
        run = Run(tmp_path)
        run.begin(RetrieverSettings(steps=5))
        with pytest.raises(ModelError, match="steps 5 then and 6 now"):
            run.begin(RetrieverSettings(steps=6))

    def test_commands_end_with_a_message(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prepare", "--to", str(tmp_path / "data")]) == 1
        assert "give --squad FILE" in capsys.readouterr().err
        assert main(["train", str(tmp_path), "--run", str(tmp_path / "r"), "--steps", "1"]) == 1
        assert "prepare" in capsys.readouterr().err
        assert main(["export", "x", "--run", str(tmp_path), "--to", "y"]) == 1
        assert "holds no training run" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--licence", "free"], "--licence free: expected NAME=VALUE with a NAME of: mine"),
            (["--held-out", "yours=5"], "--held-out yours=5: expected NAME=VALUE"),
            (["--held-out", "few"], "--held-out: expected a whole number"),
            (["--squad", "other/mine.json"], "two files go by one name"),
            (["--questions", "own.jsonl"], "--questions needs --articles"),
        ],
    )
    def test_a_bad_option_is_named(
        self, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prepare", "--squad", "mine.json", *arguments, "--to", "data"]) == 1
        assert message in capsys.readouterr().err


SMALL = RetrieverSettings(
    base=str(MODEL), steps=3, paragraphs_per_batch=8, warmup_steps=1, checkpoint_every=1,
    snapshot_every=1, precision="float32",
)  # fmt: skip


TASK = partial(RetrieverTask, ARTICLES, SMALL)


class InterruptedRunError(Exception):
    pass


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run(tmp_path_factory.mktemp("run"))
    train(TASK, SMALL, run)
    return run


@pytest.mark.slow
@needs_model
class TestRun:
    def test_the_loss_falls_and_only_the_encoder_changes(self, finished: Run) -> None:
        steps = finished.steps()
        assert [one.step for one in steps] == [1, 2, 3]
        assert steps[-1].loss < steps[0].loss
        base = merged(MODEL, Candidate("base", (), 0.0))
        tuned = merged(MODEL, Candidate("tuned", finished.snapshots()[-1:], 1.0))
        changed = {name for name in base if not np.array_equal(base[name], tuned[name])}
        assert changed
        assert not any(name.startswith("embeddings.") for name in changed)

    def test_a_resumed_run_does_the_same_steps(self, finished: Run, tmp_path: Path) -> None:
        from safetensors.torch import load_file

        def interrupt(step: Step, share: float) -> None:
            if step.step == 2:
                raise InterruptedRunError

        run = Run(tmp_path / "again")
        with pytest.raises(InterruptedRunError):
            train(TASK, SMALL, run, report=interrupt)
        assert len(run.steps()) == 2
        train(TASK, SMALL, run)
        assert [one.step for one in run.steps()] == [1, 2, 3]
        losses = [one.loss for one in run.steps()]
        assert losses == pytest.approx([one.loss for one in finished.steps()], rel=1e-3)
        left = load_file(finished.snapshots()[-1])
        right = load_file(run.snapshots()[-1])
        for name, weight in left.items():
            np.testing.assert_allclose(weight, right[name], atol=2e-3)

    def test_the_mixture_lies_between_base_and_snapshot(self, finished: Run) -> None:
        last = finished.snapshots()[-1:]
        base, half, full = (
            merged(MODEL, Candidate("", last if share else (), share)) for share in (0.0, 0.5, 1.0)
        )
        for name, weight in base.items():
            np.testing.assert_allclose(half[name], (weight + full[name]) / 2, atol=1e-6)

    def test_the_exported_folder_is_a_model_like_the_base(
        self, finished: Run, tmp_path: Path
    ) -> None:
        from sentence_transformers import SentenceTransformer

        names = [one.name for one in candidates(finished)]
        assert len(names) == len(set(names))
        chosen = candidates(finished)[1]
        scores = evaluate.compare(MODEL, [candidates(finished)[0], chosen], ARTICLES[:2])
        assert all(0 <= one.varied <= 1 and one.questions == 16 for one in scores)
        prepared = records.Prepared(records.Split(ARTICLES[:2], ARTICLES[2:]), {"one": "CC0"})
        folder = tmp_path / "mine"
        export(Origin(finished, chosen, prepared), scores, folder)
        written = {path.name for path in folder.rglob("*")}
        # The calibration of the base does not hold for other weights.
        assert written == {path.name for path in MODEL.rglob("*")} - {"calibration.json"}
        assert (folder / "model.safetensors").stat().st_size < 1.01 * (
            MODEL / "model.safetensors"
        ).stat().st_size
        model = SentenceTransformer(str(folder), local_files_only=True)
        vectors = model.encode_query(["额度多少？"])
        assert vectors.shape == (1, model.get_embedding_dimension())
        card = (folder / "README.md").read_text(encoding="utf-8")
        for fact in ("# mine", "CC0", "16 questions on 2 articles", "| base |", "InfoNCE"):
            assert fact in card
        with pytest.raises(ModelError, match="exists already"):
            export(Origin(finished, chosen, prepared), scores, folder)

    def test_the_four_commands(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pytest.importorskip("matplotlib")
        entries = [
            (f"线路{n}", "".join(article(f"线路{n}", 24).paragraphs), "哪年建成？", "1901年", 0)
            for n in range(8)
        ]
        path = tmp_path / "mine.json"
        path.write_text(squad(*entries), encoding="utf-8")
        data, run, model = (str(tmp_path / name) for name in ("data", "run", "model"))
        licence = ["--held-out", "mine=50", "--licence", "mine=CC0"]
        commands = [
            ["prepare", "--squad", str(path), *licence, "--to", data],
            ["train", data, "--run", run, "--steps", "1", "--base", str(MODEL)],
            ["evaluate", data, "--run", run, "--questions", "2"],
            ["export", data, "--run", run, "--to", model],
        ]
        for command in commands:
            assert main(command) == 0, capsys.readouterr().err
        assert "| base |" in capsys.readouterr().out
        assert (tmp_path / "run" / "loss.png").exists()
        assert (tmp_path / "model" / "modules.json").exists()
        shutil.rmtree(tmp_path / "run")
