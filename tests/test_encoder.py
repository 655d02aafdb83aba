"""The encoder of the bundled models beside the libraries whose arithmetic it repeats."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file as numpy_weights
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import load_file, save_file

from qa.config import MODELS
from qa.embedding.encoder import Encoder
from qa.embedding.numpy_encoder import ENCODER_FILE, NumpyEncoder, bert_config, gelu
from qa.embedding.questions import QuestionEncoder, can_encode
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import ModelError
from qa.reader import Text
from qa.reader.cross import CrossReader
from qa.reader.files import WEIGHTS_FILE
from qa.reader.layout import lay_out
from qa.reader.network import Network
from qa.reader.numpy_network import NumpyNetwork, below
from qa.reader.tokens import tokenize
from support.models import bundled, linked_model

READER = MODELS / "reader-small-zh"

QUESTIONS = [
    "何为新市民?",
    "",
    "a",
    "  两个  空格 ",
    "What is the average limit?",
    "新市民、" * 300,
    "\ud83d新\0市民😀",
]


@pytest.mark.parametrize("folder", [bundled(), READER], ids=lambda folder: folder.name)
def test_states_are_those_of_transformers(folder: Path) -> None:
    from transformers import BertConfig, BertModel

    is_reader = (folder / WEIGHTS_FILE).is_file()
    filed = load_file(folder / (WEIGHTS_FILE if is_reader else ENCODER_FILE))
    weights = {
        name.removeprefix("encoder." if is_reader else ""): weight.float()
        for name, weight in filed.items()
        if not is_reader or name.startswith("encoder.")
    }
    encoder = Encoder.of(bert_config(folder), weights)
    model = BertModel(BertConfig.from_pretrained(str(folder)), add_pooling_layer=False)
    model.load_state_dict(weights)
    model.train(mode=False)
    lengths = torch.tensor([[40], [23], [1]])
    padding = torch.arange(40) >= lengths
    ids = torch.randint(4, 30_000, padding.shape, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        for hidden in (None, padding):
            states = encoder(ids, hidden)
            expected = model(
                input_ids=ids, attention_mask=None if hidden is None else (~hidden).long()
            ).last_hidden_state
            shown = torch.ones_like(padding) if hidden is None else ~hidden
            torch.testing.assert_close(states[shown], expected[shown], atol=1e-5, rtol=0)
    # With gradients, as in training, torch takes another way through its layers.
    torch.testing.assert_close(encoder(ids[:1]), model(ids[:1])[0], atol=1e-5, rtol=0)


def test_weights_go_back_under_the_names_of_the_file() -> None:
    filed = load_file(bundled() / ENCODER_FILE)
    weights = Encoder.of(bert_config(bundled()), filed).weights()
    assert weights.keys() == filed.keys()
    assert all(
        weights[name].equal(weight.to(weights[name].dtype)) for name, weight in filed.items()
    )


def test_questions_have_the_vectors_of_sentence_transformers(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert can_encode(bundled())
    model = embedder.load()
    expected = embedder._encode(model.encode_query, QUESTIONS)
    assert embedder.encode_queries(QUESTIONS) == pytest.approx(expected, abs=1e-5)
    alone = np.concatenate([embedder.encode_queries([question]) for question in QUESTIONS])
    assert alone == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("1_Pooling/config.json", "pooling_mode", "cls"),
        ("config.json", "hidden_act", "relu"),
        ("config.json", "model_type", "roberta"),
        ("tokenizer_config.json", "tokenizer_class", "BertTokenizer"),
    ],
)
def test_another_kind_of_model_is_left_to_sentence_transformers(
    file: str, name: str, value: str, tmp_path: Path
) -> None:
    folder = linked_model(tmp_path / "model")
    assert can_encode(folder)
    changed = json.loads((folder / file).read_text(encoding="utf-8"))
    assert changed[name] != value
    changed[name] = value
    (folder / file).write_text(json.dumps(changed), encoding="utf-8")
    assert not can_encode(folder)


def test_a_model_that_only_sentence_transformers_can_load_is_asked_through_it(
    tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    folder = linked_model(tmp_path / "model")
    (folder / "SHA256SUMS").unlink()
    steps = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    (folder / "modules.json").write_text(json.dumps(steps[:2]), encoding="utf-8")
    assert not can_encode(folder)
    found = SentenceTransformerEmbedder(str(folder)).encode_queries(QUESTIONS[:2])
    assert found == pytest.approx(embedder.encode_queries(QUESTIONS[:2]), abs=1e-5)


def test_weights_that_do_not_fit_are_named(tmp_path: Path) -> None:
    folder = linked_model(tmp_path / "model")
    (folder / "SHA256SUMS").unlink()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(
        json.dumps(config | {"num_hidden_layers": 13}), encoding="utf-8"
    )
    with pytest.raises(ModelError, match=r"could not be loaded .*give the folder"):
        SentenceTransformerEmbedder(str(folder)).encode_queries(["何为新市民?"])


HEAVY = {
    "sentence_transformers",
    "transformers",
    "sklearn",
    "scipy",
    "sympy",
    "gradio",
}
PROGRAM = """
import sys
from pathlib import Path
from qa.chatbot.cached import open_or_build
from qa.config import Config
article, kept = map(Path, sys.argv[1:])
bot = open_or_build([article], Config(), kept)
for question in ("桥建于哪一年?", "桥是哪年建的?", "镇上有几所小学?"):
    answer = bot.ask(question)
    print(answer.answered, answer.confidence)
    print(*sys.modules)
"""


def test_the_first_answer_from_a_kept_index_needs_not_even_torch(tmp_path: Path) -> None:
    article = tmp_path / "article.md"
    article.write_text("# 清河镇\n\n清河镇的桥建于1901年。\n\n镇上有两所小学。\n", encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(article), str(tmp_path / "index")]

    def told() -> list[str]:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )

    # The first time it embeds the article, by torch.
    by_torch, by_numpy = told(), told()
    assert not {"torch", *HEAVY} & set(by_numpy[1].split())
    for others in (by_numpy[3].split(), by_numpy[5].split()):
        assert "torch" in others
        assert not HEAVY & set(others)
    for line in (0, 2, 4):
        answers = [told[line].split() for told in (by_torch, by_numpy)]
        assert [answered for answered, _ in answers] == ["True", "True"]
        # Where torch computes in bfloat16 it differs a little.
        assert float(answers[0][1]) == pytest.approx(float(answers[1][1]), abs=0.02)


@pytest.mark.parametrize("folder", [bundled(), READER], ids=lambda folder: folder.name)
@pytest.mark.parametrize("length", [1, 2, 63, 64, 65, 500])
def test_states_by_numpy_are_those_of_torch(folder: Path, length: int) -> None:
    is_reader = (folder / WEIGHTS_FILE).is_file()
    filed = load_file(folder / (WEIGHTS_FILE if is_reader else ENCODER_FILE))
    weights = below("encoder", filed) if is_reader else filed
    ids = torch.randint(4, 30_000, (1, length), generator=torch.Generator().manual_seed(length))
    with torch.inference_mode():
        expected = Encoder.of(bert_config(folder), weights)(ids)[0].numpy()
    arrays = {name: weight.numpy() for name, weight in weights.items()}
    states = NumpyEncoder(bert_config(folder), arrays)(ids[0].tolist())
    assert states.dtype == np.float32
    assert states == pytest.approx(expected, abs=2e-5)


def test_questions_by_numpy_have_the_vectors_of_torch() -> None:
    by_torch, by_numpy = (QuestionEncoder(bundled(), without) for without in (False, True))
    assert by_numpy.encode(QUESTIONS[:-1], 3) == pytest.approx(
        by_torch.encode(QUESTIONS[:-1], 3), abs=1e-5
    )
    assert by_numpy.encode([], 3).shape == by_torch.encode([], 3).shape == (0, 384)


def test_a_reader_by_numpy_scores_as_by_torch() -> None:
    question, *passages = tokenize(["桥建于哪一年？", "桥建于1901年。", "镇" * 200, "？"], READER)
    context = tokenize(["清河镇"], READER)[0]
    layouts = lay_out(question, passages, [context] * 3, 128, 32)
    assert len(layouts) > 1
    plain, network = NumpyNetwork(READER), Network.of(READER).train(mode=False)
    for layout in layouts:
        for found, expected in zip(plain.score(layout), network.score(layout), strict=True):
            assert found.dtype == np.float32
            assert found == pytest.approx(expected, abs=1e-4)


def test_gelu_is_that_of_torch() -> None:
    values = np.linspace(-12, 12, 10_001, dtype=np.float32)
    expected = torch.nn.functional.gelu(torch.from_numpy(values)).numpy()
    assert gelu(values) == pytest.approx(expected, abs=1e-6)


@pytest.fixture
def changed_reader(tmp_path: Path) -> Path:
    """A copy of the bundled reader, without the manifest that would tell of a change."""
    folder = tmp_path / "reader"
    shutil.copytree(READER, folder)
    (folder / "SHA256SUMS").unlink()
    return folder


@pytest.mark.parametrize(
    "change",
    [
        {"num_hidden_layers": 13},
        {"hidden_size": 400},
        {"num_attention_heads": 5},
        {"layer_norm_eps": None},
        {"vocab_size": 40_000},
        {"max_position_embeddings": 600},
    ],
    ids=lambda change: next(iter(change)),
)
def test_numpy_takes_no_weights_that_do_not_fit(change: dict[str, Any]) -> None:
    weights = numpy_weights(bundled() / ENCODER_FILE)
    with pytest.raises((KeyError, TypeError, ValueError)):
        NumpyEncoder(bert_config(bundled()) | change, weights)


@pytest.mark.parametrize(
    "change",
    [
        {"span.bias": None},
        {"span.weight": (3, 384)},
        {"answering.0.weight": (384, 767)},
        {"answering.2.weight": (2, 384)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_reader_whose_heads_do_not_fit_is_named(
    change: dict[str, tuple[int, int] | None], changed_reader: Path
) -> None:
    weights = dict(numpy_weights(changed_reader / WEIGHTS_FILE))
    for name, shape in change.items():
        del weights[name]
        if shape is not None:
            weights[name] = np.zeros(shape, np.float16)
    save_numpy(weights, changed_reader / WEIGHTS_FILE)
    with pytest.raises((KeyError, ValueError)):
        NumpyNetwork(changed_reader)
    with pytest.raises(ModelError, match="holds no reader that can be loaded"):
        CrossReader(changed_reader).read("桥?", [Text("桥。")])


ASKED = """
import sys
from pathlib import Path
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.reader import Text
from qa.reader.cross import CrossReader
embedder, reader = SentenceTransformerEmbedder(sys.argv[1]), CrossReader(Path(sys.argv[2]))
for number in range(2):
    print(embedder.encode_queries(["桥建于哪一年？"])[0, :3].tolist())
    print(reader.read("桥建于哪一年？", [Text("桥建于1901年。")])[0].score)
    print("torch" in sys.modules)
    if number == 0:
        for path in sys.argv[3:]:
            Path(path).unlink()
"""


def asked(*arguments: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_later_questions_are_asked_of_the_weights_of_the_first(
    tmp_path: Path, changed_reader: Path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(bundled(), model)
    gone = [model / ENCODER_FILE, changed_reader / WEIGHTS_FILE]
    first, score, before, second, later_score, after = asked(model, changed_reader, *gone)
    assert (before, after) == ("False", "True")
    assert json.loads(second) == pytest.approx(json.loads(first), abs=1e-5)
    # bfloat16, where it is faster, differs a little.
    assert float(later_score) == pytest.approx(float(score), abs=0.2)


def test_weights_that_numpy_cannot_read_are_read_by_torch(
    tmp_path: Path, changed_reader: Path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(bundled(), model)
    (model / "SHA256SUMS").unlink()
    for file in (model / ENCODER_FILE, changed_reader / WEIGHTS_FILE):
        weights = {name: weight.bfloat16() for name, weight in load_file(file).items()}
        save_file(weights, file)
    vector, score, with_torch, *_ = asked(model, changed_reader)
    assert with_torch == "True"
    expected = asked(bundled(), READER)
    assert json.loads(vector) == pytest.approx(json.loads(expected[0]), abs=0.01)
    assert float(score) == pytest.approx(float(expected[1]), abs=0.5)
