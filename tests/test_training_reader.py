"""Training the reader: examples without an answer, sequences, masking, the loss by hand, runs."""

import json
import math
import random
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import qa
from qa.config import Config
from qa.errors import LabelError, ModelError
from qa.reader import Text
from qa.reader.calibration import Calibration, Evidence, Logistic
from qa.reader.files import READER_FILE, WEIGHTS_FILE
from qa.reader.layout import CLOSE, OPEN, UNKNOWN, Layout, Placed, Tokens
from qa.training.calibrate.cases import ANSWERABLE, UNANSWERED, Case
from qa.training.calibrate.command import best_threshold, calibrate, case_weights, report
from qa.training.data import records
from qa.training.data.records import LabelledArticle, LabelledQuestion
from qa.training.reader.evaluate import compare
from qa.training.reader.examples import Example, epoch_of_examples
from qa.training.reader.export import export_reader
from qa.training.reader.task import Bound, ReaderTask, Target, layout_of, masked, reader_loss
from qa.training.run.card import Origin
from qa.training.run.encoder import reader_base
from qa.training.run.folder import Run
from qa.training.run.loop import train
from qa.training.run.settings import ReaderSettings, RetrieverSettings
from qa.training.run.weights import reader_candidates, trained_network
from qa.types import Span

MODEL = Path(qa.__file__).parent / "models" / Config().model


def article(town: str, collection: str = "one") -> LabelledArticle:
    """Return an article of five paragraphs, each of which answers one question."""
    texts = tuple(f"{town}第{n}座桥建于{1900 + n}年，长{n}20米，通往城东。" for n in range(1, 6))
    questions = tuple(
        LabelledQuestion(
            f"{town}第{n}座桥建于哪一年？",
            (n - 1,),
            answer=Span(texts[n - 1].index("19"), texts[n - 1].index("年") + 1),
        )
        for n in range(1, 6)
    )
    return LabelledArticle(collection, town, texts, questions)


ARTICLES = tuple(article(town) for town in ("清河镇", "白塔镇", "双林镇", "石门镇"))


class TestExamples:
    SETTINGS = ReaderSettings(
        augmented_share=0.0,
        removed_share=1.0,
        swapped_share=1.0,
        foreign_share=1.0,
        titled_share=1.0,
        joined_share=0.0,
        unpunctuated_share=0.0,
        mixed_share=0.0,
        nonsense_share=0.0,
    )

    def test_only_the_own_paragraph_answers(self) -> None:
        swapped = tuple(
            replace(one, questions=tuple(replace(q, swapped=("别的？",)) for q in one.questions))
            for one in ARTICLES
        )
        found = epoch_of_examples(swapped, self.SETTINGS, 0)
        own = {question.text: question for one in swapped for question in one.questions}
        answerable = [one for one in found if one.answering]
        assert {one.question for one in answerable} == set(own)
        for one in answerable:
            (place,) = one.answering
            assert one.answer is not None
            assert one.answer.of(one.passages[place]).startswith("19")
            assert one.question[:6] in one.passages[place]
        for one in found:
            if not one.answering and one.question in own:
                assert not any(one.question[:6] in passage for passage in one.passages)
        assert any(one.question == "别的？" and not one.answering for one in found)

    def test_a_question_that_is_not_answered_is_read_with_what_tempts(self) -> None:
        asked = LabelledQuestion("清河镇第9座桥建于哪一年？", (), kind="x")
        one = replace(ARTICLES[0], questions=(asked,))
        (example,) = epoch_of_examples([one], self.SETTINGS, 0)
        assert example.answering == ()
        assert example.answer is None
        assert set(example.passages) <= set(one.paragraphs)

    def test_a_follow_up_carries_what_it_is_about(self) -> None:
        asked = LabelledQuestion("那有多长？", (1,), history=("清河镇第2座桥建于哪一年？",))
        one = replace(ARTICLES[0], questions=(asked,))
        found = epoch_of_examples([one] * 20, self.SETTINGS, 0)
        assert all("清河镇第2座桥" in example.question for example in found)

    def test_of_a_form_that_tells_the_answer_some_are_left_out(self) -> None:
        answered = ARTICLES[0].questions[0]
        tempting = [LabelledQuestion(f"为什么拆了第{n}座桥？", ()) for n in range(400)]
        plain = [replace(answered, text=f"为什么第{n}座桥建于1901年？") for n in range(100)]
        one = replace(ARTICLES[0], questions=(*tempting, *plain))
        settings = replace(
            self.SETTINGS, removed_share=0.0, foreign_share=0.0, swapped_share=0.0, least_kept=0.1
        )
        found = epoch_of_examples([one], settings, 0)
        refused = sum(not example.answering for example in found)
        assert len(found) - refused == 100
        assert 70 <= refused <= 130

    def test_epochs_differ_and_repeat_themselves(self) -> None:
        first, again = (epoch_of_examples(ARTICLES, self.SETTINGS, 0) for _ in range(2))
        assert first == again
        assert first != epoch_of_examples(ARTICLES, self.SETTINGS, 1)

    def test_the_answer_is_found_again_in_the_sequence(self) -> None:
        passages = ("它很长。", "清河镇的桥建于1901年，通往城东。")
        example = Example("哪一年？", "清河镇", passages, (1,), Span(7, 12))
        target = layout_of(example, MODEL, 200)
        assert target.answer is not None
        window = target.layout.windows[1]
        first, last = target.answer.first - window.first, target.answer.last - window.first
        assert passages[1][window.tokens.starts[first] : window.tokens.ends[last]] == "1901年"
        assert target.answering == (1,)

    def test_passages_that_do_not_fit_are_left_out_but_never_the_answering_one(self) -> None:
        example = Example(
            "哪一年？", "", ("字" * 90, "桥建于1901年。", "字" * 90), (1,), Span(3, 8)
        )
        target = layout_of(example, MODEL, 120)
        assert len(target.layout.ids) <= 120
        assert target.answering
        assert target.answer is not None


def test_of_several_long_answering_passages_what_fits_is_shown() -> None:
    passages = ("江水很宽，桥建于1901年。" * 12, "渡口在北岸。" * 30)
    example = Example("哪一年？", "", passages, (1, 0), Span(0, 5))
    target = layout_of(example, MODEL, 150)
    assert len(target.layout.ids) <= 150
    assert target.answering
    assert target.answer is None


def test_the_loss_by_hand() -> None:
    torch = pytest.importorskip("torch")
    from qa.reader.network import Scores

    tokens = Tokens((7, 8), (0, 1), (1, 2))
    layout = Layout(tuple(range(7)), (Placed(0, 0, 1, 3, tokens), Placed(1, 3, 4, 6, tokens)))
    starts, ends = torch.zeros(2, 7), torch.zeros(2, 7)
    starts[0, 4], ends[0, 5], starts[0, 0] = 2.0, 1.0, 99.0
    scores = Scores(starts, ends, torch.tensor([0.0, 3.0, -1.0, -2.0]))
    batch = [Target(layout, (1,), Bound(4, 5)), Target(layout, (), None)]
    loss, right = reader_loss(scores, batch)
    # Among none (0), 0 and 3 the second passage; among none, -1 and -2 none.
    passages = math.log(2 + math.exp(3)) - 3 + math.log(1 + math.exp(-1) + math.exp(-2))
    # Among the four tokens of passages; what stands outside them does not count. Both means are
    # over what there is of each: two questions, and two bounds of the one that has an answer.
    bounds = math.log(3 + math.exp(2)) - 2 + math.log(3 + math.exp(1)) - 1
    assert loss.item() == pytest.approx(passages / 2 + bounds / 2, rel=1e-5)
    assert right == 1.0


# <s> question </s> passage </s> with the answer in the middle of the passage.
LONG = Layout((OPEN, *range(10, 1_010), CLOSE, *range(2_000, 5_000), CLOSE), ())
ANSWER = Bound(2_500, 2_519)
FREE = (*range(1, 1_001), *range(1_002, 2_500), *range(2_520, 4_002))


class TestMasking:
    def hit(self, share: float, answer: Bound | None = ANSWER) -> tuple[int, ...]:
        """Return the places that were masked; all others are as they were."""
        before = Target(LONG, (0,), answer)
        after = masked(before, share, random.Random(7))
        places = tuple(
            place
            for place, (one, other) in enumerate(
                zip(before.layout.ids, after.layout.ids, strict=True)
            )
            if one != other
        )
        assert {after.layout.ids[place] for place in places} <= {UNKNOWN}
        assert replace(after, layout=before.layout) == before
        return places

    def test_neither_the_answer_nor_the_marks_of_the_layout_are_touched(self) -> None:
        assert self.hit(1.0) == FREE
        without = set(self.hit(1.0, None)) - set(FREE)
        assert without == set(range(ANSWER.first, ANSWER.last + 1))

    def test_about_the_share_is_masked(self) -> None:
        # Six standard deviations of 3,980 throws.
        assert len(self.hit(0.06)) == pytest.approx(0.06 * len(FREE), abs=90)
        assert self.hit(0.0) == ()


READER = reader_base("reader-small-zh")


def test_the_base_is_a_reader_or_a_retriever() -> None:
    assert (READER / READER_FILE).is_file()
    assert reader_base(Config().model) == MODEL
    with pytest.raises(ModelError, match=f"no model 'nobody'; expected .*{Config().model}"):
        reader_base("nobody")


def test_training_goes_on_from_the_heads_of_a_reader(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    settings = replace(SMALL, base="reader-small-zh", steps=1)
    run = Run(tmp_path)
    train(partial(ReaderTask, ARTICLES, settings), settings, run)
    (snapshot,) = run.snapshots()
    before, after = load_file(READER / WEIGHTS_FILE), load_file(snapshot)
    heads = [name for name in after if not name.startswith("encoder.")]
    assert len(heads) == 6
    for name in heads:
        # One step of Adam moves a weight by the rate at most; new heads would be all different.
        moved = (after[name].float() - before[name].float()).abs().max().item()
        assert moved < 1e-3, name
    assert any(not after[name].equal(before[name]) for name in heads)


def test_a_reader_that_goes_on_is_mixed_with_its_base_half_and_half(tmp_path: Path) -> None:
    from qa.reader.network import Network

    base = reader_base("reader-small-zh")
    before = Network.of(base).state_dict()["span.bias"]
    run = Run(tmp_path)
    run.begin(ReaderSettings(base="reader-small-zh", steps=1))
    run.save_snapshot(1, {"span.bias": before + 1})
    changes = [
        (trained_network(base, one).state_dict()["span.bias"] - before).tolist()
        for one in reader_candidates(run)
    ]
    assert changes == [pytest.approx([1.0, 1.0], abs=0.01), pytest.approx([0.5, 0.5], abs=0.01)]


def test_a_run_that_was_begun_is_known_by_flat_names(tmp_path: Path) -> None:
    stored = {"trains": "reader", "base": "mine", "seed": 7, "head_rate": 2.0, "repeats": {"a": 3}}
    (tmp_path / "settings.json").write_text(json.dumps(stored), encoding="utf-8")
    run = Run(tmp_path)
    expected = ReaderSettings(base="mine", seed=7, head_rate=2.0, repeats={"a": 3})
    assert run.settings(ReaderSettings) == expected
    with pytest.raises(ModelError, match="another kind of model"):
        run.settings(RetrieverSettings)


SMALL = ReaderSettings(
    base=str(MODEL), steps=2, tokens_per_batch=512, warmup_steps=1, checkpoint_every=1,
    snapshot_every=1, precision="float32", longest=128, dropout=0.0, frozen_layers=10,
)  # fmt: skip


@pytest.mark.slow
def test_a_reader_is_trained_resumed_measured_and_exported(tmp_path: Path) -> None:
    from qa.reader.cross import open_reader

    run = Run(tmp_path / "run")
    train(partial(ReaderTask, ARTICLES, SMALL), SMALL, run)
    assert [one.step for one in run.steps()] == [1, 2]
    chosen = reader_candidates(run)[0]
    scores = compare(run, Config().model, [chosen], ARTICLES[:1])
    assert 0 <= scores[0].hit <= 1
    assert scores[0].questions == 5
    prepared = records.Prepared(records.Split(ARTICLES[:2], ARTICLES[2:]), {"one": "CC0"})
    export_reader(Origin(run, chosen, prepared, "By hand."), scores, tmp_path / "mine")
    card = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    for fact in ("# mine", "CC0", "By hand.", "swapped"):
        assert fact in card
    reader = open_reader(str(tmp_path / "mine"))
    reading, nothing = reader.read(
        "清河镇第1座桥建于哪一年？", [Text(ARTICLES[0].paragraphs[0], "清河镇"), Text("")]
    )
    assert reading.answer is not None
    assert 0 < reading.certainty <= 1
    assert nothing.answer is None


def case(kind: str, reading: float, *, right: bool = False) -> Case:
    evidence = Evidence(
        coverage=1.0, sentence_coverage=1.0, missing=0.0, elsewhere=0.0, dense=0.8, dense_lead=1.0,
        margin=1.0, agreement=1.0, expected=0.0, read=True, reading=reading,
    )  # fmt: skip
    return Case(kind, evidence, right=right)


def test_wrongly_refused_and_wrongly_answered_weigh_the_same() -> None:
    found = [
        *(case(ANSWERABLE, value, right=True) for value in (3.0, 2.0, 1.5, -1.0)),
        *(case(UNANSWERED, value) for value in (1.0, 0.5, -1.5, -3.0) * 5),
    ]
    weights = case_weights(found)
    assert weights[:4].sum() == pytest.approx(weights[4:].sum())
    plain = Logistic({"reading": 1.0}, bias=0.0, threshold=0.5)
    threshold = best_threshold(found, plain, weights)
    # Between 1.0 and 1.5: three of four are answered and right, and all others refused.
    assert 1 / (1 + math.exp(-1.0)) < threshold < 1 / (1 + math.exp(-1.5))
    figures = report(found, Calibration(replace(plain, threshold=threshold), plain, ""))
    assert figures["answered_and_right"] == pytest.approx(3 / 4)
    assert figures["refused"] == 1.0
    assert figures["balanced"] == pytest.approx(7 / 8)


def test_too_few_questions_to_fit_certainty_are_named() -> None:
    with pytest.raises(LabelError, match="in the language of the articles: 2 are too few"):
        calibrate([case(UNANSWERED, 1.0), case(UNANSWERED, 2.0)], "nothing")


def test_the_calibration_error_weighs_answerable_cases_like_all_others() -> None:
    evidence = Evidence(
        coverage=1.0, sentence_coverage=1.0, missing=0.0, elsewhere=0.0, dense=0.8, dense_lead=1.0,
        margin=1.0, agreement=1.0, expected=0.0,
    )  # fmt: skip
    sure = Logistic({}, bias=math.log(3), threshold=0.5)
    found = [
        Case("answerable", evidence, right=True),
        *(Case("removed", evidence, right=False) for _ in range(3)),
    ]
    # Confidence 0.75 throughout; with equal weight for both kinds half of it is right.
    figures = report(found, Calibration(sure, sure, ""))
    assert figures["calibration_error"] == pytest.approx(0.25)
    assert figures["hit_at_1"] == 1.0
    assert figures["refused_removed"] == 0.0
