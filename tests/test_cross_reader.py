"""The reader: spans worked out by hand, its folder."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from qa.errors import ModelError
from qa.reader import Text
from qa.reader.cross import ENOUGH, CrossReader, Windows, best_span, open_reader, tidy
from qa.reader.files import READER_FILE, WEIGHTS_FILE
from qa.reader.tokens import plainly_asked
from qa.types import Span


def logits(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_the_best_span_is_the_best_pair_in_order() -> None:
    # The best start (1) stands behind the best end (0); 1 to 2 gives 3 + 1, 0 to 0 1 + 2.
    span, certainty = best_span(logits(1, 3, 0), logits(2, 0, 1))
    assert span == Span(1, 3)
    pairs = [1 + 2, 1 + 0, 1 + 1, 3 + 0, 3 + 1, 0 + 1]
    assert certainty == pytest.approx(np.exp(4) / np.exp(pairs).sum())


def test_a_span_has_a_longest_length() -> None:
    starts, ends = np.zeros(200, np.float32), np.zeros(200, np.float32)
    starts[0], ends[199], ends[50] = 9, 9, 1
    assert best_span(starts, ends)[0] == Span(0, 51)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("《通知》，", "《通知》"),
        ("通知》", "通知"),
        ("《通知》（", "《通知》"),
        ("）（通知）(", "（通知）"),
        ("（央行", "央行"),
        ("额度（6万）。", "额度（6万）"),
        ("，", "，"),
        (" 6万 ", "6万"),
    ],
)
def test_loose_punctuation_is_no_part_of_an_answer(words: str, expected: str) -> None:
    text = f"前{words}后"
    assert tidy(Span(1, 1 + len(words)), text).of(text) == expected


def test_an_unknown_reader_is_named_with_the_ways_out() -> None:
    with pytest.raises(ModelError, match="no reader 'nobody'; expected the folder"):
        open_reader("nobody")


@pytest.mark.parametrize(
    "settings", ["", "{}", '{"longest": "many"}', '{"longest": 9, "overlap": 1}']
)
def test_a_folder_that_holds_no_reader_is_named(settings: str, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / READER_FILE).write_text(settings, encoding="utf-8")
    with pytest.raises(ModelError, match="holds no reader that can be loaded"):
        open_reader(str(folder)).load()


def test_the_network_of_a_readers_folder_reads_like_the_reader() -> None:
    from qa.reader.network import Network

    bundled = open_reader("reader-small-zh")
    network = Network.of(bundled.folder)
    held = load_file(bundled.folder / WEIGHTS_FILE)
    state = network.weights()
    assert state.keys() == held.keys()
    assert all(state[name].float().equal(weight.float()) for name, weight in held.items())
    again = CrossReader.of(network, bundled.folder, Windows())
    passages = [Text("清河镇的桥建于1901年，通往城东。", "清河镇"), Text("它的船很多。", "清河镇")]
    firsts = []
    for question in ("清河镇的桥建于哪一年?", "清河镇的桥是谁设计的?"):
        readings = again.read(question, passages)
        expected = bundled.read(question, passages)
        first = readings[0]
        assert first is not None
        firsts.append(first.score)
        assert [one and one.answer for one in readings] == [one and one.answer for one in expected]
        # The bundled one may compute in 16 bits here.
        scores = [one.score for one in expected if one is not None]
        assert [one.score for one in readings if one is not None] == pytest.approx(scores, abs=0.3)
    answered, unanswered = firsts
    assert answered > 0 > unanswered


def test_reading_ends_with_the_sequence_that_answers_well() -> None:
    reader = open_reader("reader-small-zh")
    fillers = [Text(f"第{number}号仓库存放木材和油漆，每周盘点一次。" * 8) for number in range(9)]
    question, answer = "灯塔建于哪一年？", Text("灯塔建于1890年，由渔民集资。")
    early = reader.read(question, [answer, *fillers])
    assert early[0] is not None
    assert early[0].score >= ENOUGH
    assert early[-1] is None
    assert None not in reader.read(question, fillers)
    late = reader.read(question, [*fillers, answer])
    assert None not in late
    assert late[-1] is not None
    assert late[-1].score == max(one.score for one in late if one is not None)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("何为新市民?", "什么是新市民?"),
        ("何謂新市民?", "什么是新市民?"),
        ("为何迟到?", "为何迟到?"),
    ],
)
def test_older_forms_of_what_is_are_read_as_the_common_one(typed: str, read: str) -> None:
    assert plainly_asked(typed) == read
