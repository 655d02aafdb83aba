"""A model is what it was, or an error that names the file."""

import shutil
import subprocess
from pathlib import Path

import pytest

from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding.manifest import MANIFEST, write_manifest
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import ModelError
from qa.reader.calibration import CALIBRATION_FILE
from qa.reader.cross import CrossReader, open_reader
from support.models import bundled

FOLDERS = {
    "model.safetensors": bundled(),
    "reader.safetensors": bundled().parent / str(Config().reader),
}
TEXTS = {"灯塔": "灯塔高三十二米。\n"}


@pytest.fixture(params=FOLDERS)
def weights(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The weights in a copy of a bundled model."""
    copy = tmp_path / "model"
    shutil.copytree(FOLDERS[request.param], copy)
    return copy / str(request.param)


def load(weights: Path) -> None:
    if weights.name.startswith("reader"):
        CrossReader(weights.parent).load()
    else:
        SentenceTransformerEmbedder(str(weights.parent)).load()


def test_the_bundled_models_are_as_they_were_written(tmp_path: Path) -> None:
    for name, folder in FOLDERS.items():
        listed = (folder / MANIFEST).read_text(encoding="utf-8")
        assert f"  {name}\n" in listed
        if shutil.which("sha256sum"):
            subprocess.run(["sha256sum", "-c", "--quiet", MANIFEST], cwd=folder, check=True)
        copy = tmp_path / name
        shutil.copytree(folder, copy)
        write_manifest(copy)
        assert (copy / MANIFEST).read_text(encoding="utf-8") == listed


def test_damage_in_the_middle_of_weights_is_an_error(weights: Path) -> None:
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        file.write(b"\x3c" * 100_000)
    with pytest.raises(ModelError, match=f"{weights.name} is not as it was written"):
        load(weights)


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json"])
def test_other_damage_is_an_error_that_names_the_file(weights: Path, name: str) -> None:
    path = weights.with_name(name)
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(ModelError, match=f"{name} is not as it was written"):
        load(weights)


def test_a_file_that_cannot_be_loaded_is_named(weights: Path) -> None:
    weights.write_bytes(b"\xff" * 1_000)
    with pytest.raises(ModelError, match=f"{weights.name} is not as it was written"):
        load(weights)
    weights.unlink()
    with pytest.raises(ModelError, match=f"{weights.name} is missing"):
        load(weights)


def test_a_model_without_a_manifest_is_taken_as_it_is(weights: Path) -> None:
    weights.with_name(MANIFEST).unlink()
    config = weights.with_name("config.json")
    config.write_text(config.read_text(encoding="utf-8") + " ", encoding="utf-8")
    load(weights)


def test_a_manifest_that_is_none_is_an_error(weights: Path) -> None:
    weights.with_name(MANIFEST).write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match=MANIFEST):
        load(weights)


def test_a_calibration_of_ones_own_and_the_manifest_change_no_model(weights: Path) -> None:
    before = SentenceTransformerEmbedder(str(weights.parent)).fingerprint
    calibration = weights.with_name(CALIBRATION_FILE)
    calibration.write_text(calibration.read_text(encoding="utf-8") + " ", encoding="utf-8")
    load(weights)
    weights.with_name(MANIFEST).unlink()
    assert SentenceTransformerEmbedder(str(weights.parent)).fingerprint == before


def test_no_answer_comes_from_a_damaged_model(weights: Path) -> None:
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        file.write(b"\x3c" * 100_000)
    folder = str(weights.parent)
    is_reader = weights.name.startswith("reader")
    config = Config(reader=folder) if is_reader else Config(model=folder)
    with pytest.raises(ModelError, match=weights.name):
        Chatbot.from_texts(TEXTS, config).ask("灯塔多高？")
    # Those that are whole go on.
    assert open_reader(str(Config().reader)).load() is not None
