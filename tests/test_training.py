"""Training the retriever: schedule, comparison, messages, and a real run of all commands."""

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.config import Config
from qa.errors import LabelError, ModelError
from qa.training.__main__ import main
from qa.training.data import records
from qa.training.data.held_out import sample
from qa.training.retriever import evaluate
from qa.training.retriever.export import export
from qa.training.retriever.task import RetrieverTask
from qa.training.run.card import Origin
from qa.training.run.folder import Run, Step
from qa.training.run.loop import progress, rate, train
from qa.training.run.plot import draw, smoothed
from qa.training.run.scores import RetrieverScore, best, load_scores, save_scores
from qa.training.run.settings import RetrieverSettings
from qa.training.run.weights import Candidate, candidates, merged
from support.labelled import ARTICLES, article, squad

MODEL = Path(qa.__file__).parent / "models" / Config().model
needs_model = pytest.mark.skipif(
    not (MODEL / "model.safetensors").exists(), reason="the bundled model is not here"
)


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
        assert main(["prepare", "--no-written", "--to", str(tmp_path / "data")]) == 1
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
            (["--held-out", "few"], "--held-out: expected a number"),
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
            ["prepare", "--no-written", "--squad", str(path), *licence, "--to", data],
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
