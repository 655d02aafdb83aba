"""The encoder of the bundled models beside the libraries whose arithmetic it repeats."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from qa.config import MODELS
from qa.embedding.encoder import ENCODER_FILE, Encoder
from qa.embedding.questions import can_encode
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import ModelError
from qa.reader.files import WEIGHTS_FILE
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
    encoder = Encoder.of(folder, weights)
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
    weights = Encoder.of(bundled(), filed).weights()
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


def test_an_answer_from_a_kept_index_needs_no_library_but_torch(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from qa.chatbot.cached import open_or_build\n"
        "from qa.config import Config\n"
        "article, kept = map(Path, sys.argv[1:])\n"
        "print(open_or_build([article], Config(), kept).ask('桥建于哪一年?').answered)\n"
        "print(*sys.modules)"
    )
    article = tmp_path / "article.md"
    article.write_text("# 清河镇\n\n清河镇的桥建于1901年。\n\n镇上有两所小学。\n", encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", program, str(article), str(tmp_path / "index")]
    subprocess.run(command, capture_output=True, check=True)
    answered, loaded = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert answered == "True"
    assert "torch" in loaded.split()
    heavy = {
        "sentence_transformers",
        "transformers",
        "sklearn",
        "scipy",
        "sympy",
        "gradio",
        "jieba",
    }
    assert not heavy & set(loaded.split())
