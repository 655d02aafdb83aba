"""Confidence: arithmetic, fitting, and the file in a model's folder."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.config import Config
from qa.embedding.sentence_transformer import model_folder
from qa.errors import ModelError
from qa.reader.calibration import (
    CALIBRATION_FILE,
    MEANING,
    UNFITTED,
    WORDS,
    Calibration,
    Evidence,
    Logistic,
    load_calibration,
)
from qa.training.calibrate.fit import fit_logistic

EVIDENCE = Evidence(
    coverage=0.5,
    sentence_coverage=0.4,
    missing=0.1,
    elsewhere=0.05,
    dense=0.85,
    dense_lead=2.0,
    margin=3.0,
    agreement=1.0,
    expected=-1.0,
)
CALIBRATION = Calibration(
    by_words=Logistic(
        {"coverage": 2.5, "expected": -0.125}, bias=-1.5, threshold=0.375, point_worth=0.25
    ),
    by_meaning=Logistic({"dense_lead": 1.0}, bias=0.25, threshold=0.5),
    fitted_on="made-up questions 甲",
    dense_scale=120.5,
)


def test_confidence_is_the_logistic_function() -> None:
    logistic = Logistic({"coverage": 2.0, "margin": -1.0}, bias=1.0, threshold=0.5)
    # 1 + 2 * 0.5 - 1 * 3 = -1
    assert logistic.confidence(EVIDENCE) == pytest.approx(1 / (1 + math.e))


@pytest.mark.parametrize(("bias", "expected"), [(1e9, 1.0), (-1e9, 0.0)])
def test_confidence_stays_in_its_range(bias: float, expected: float) -> None:
    assert Logistic({}, bias, 0.5).confidence(EVIDENCE) == pytest.approx(expected)


def test_the_language_chooses_the_regression() -> None:
    assert CALIBRATION.logistic(EVIDENCE) is CALIBRATION.by_words
    assert CALIBRATION.logistic(replace(EVIDENCE, same_language=False)) is CALIBRATION.by_meaning


def test_evidence_by_name() -> None:
    assert EVIDENCE.values(["margin", "coverage"]).tolist() == [3.0, 0.5]


@pytest.mark.parametrize("scale", [120.5, None])
def test_a_saved_calibration_comes_back(scale: float | None, tmp_path: Path) -> None:
    saved = replace(CALIBRATION, dense_scale=scale)
    saved.save(tmp_path)
    assert load_calibration(tmp_path) == saved


def damaged() -> list[str]:
    whole = {
        "by_words": {
            "weights": {"coverage": 1.0},
            "bias": 0.0,
            "threshold": 0.5,
            "point_worth": 0.0,
        },
        "by_meaning": {
            "weights": {"dense_lead": 1.0},
            "bias": 0.0,
            "threshold": 0.5,
            "point_worth": 0.0,
        },
        "fitted_on": "",
        "dense_scale": None,
    }
    changed = [
        {name: value for name, value in whole.items() if name != "by_meaning"},
        whole | {"dense_scale": "wide"},
        whole
        | {
            "by_words": {
                "weights": {"colour": 1.0},
                "bias": 0.0,
                "threshold": 0.5,
                "point_worth": 0.0,
            }
        },
        whole | {"by_words": {"weights": [1.0], "bias": 0.0, "threshold": 0.5, "point_worth": 0.0}},
        whole | {"by_words": None},
    ]
    return ["", "{", "[]", "null", *map(json.dumps, changed)]


@pytest.mark.parametrize("text", damaged())
def test_a_damaged_file_is_named_with_the_way_out(text: str, tmp_path: Path) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"calibration\.json is no calibration .*fit it again"):
        load_calibration(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / CALIBRATION_FILE).write_bytes(b"\xff\xfe\0")
    with pytest.raises(ModelError, match="is no calibration"):
        load_calibration(tmp_path)


def test_the_bundled_model_is_calibrated() -> None:
    calibration = load_calibration(model_folder(Config().model))
    assert calibration != UNFITTED
    assert calibration.dense_scale is not None
    assert calibration.dense_scale > 0
    assert set(calibration.by_words.weights) <= set(WORDS)
    assert set(calibration.by_meaning.weights) <= set(MEANING)
    assert 0 < calibration.by_words.threshold < 1
    assert 0 < calibration.by_meaning.threshold < 1
    assert calibration.fitted_on


def test_a_model_without_a_calibration_says_so(tmp_path: Path) -> None:
    assert load_calibration(tmp_path) == load_calibration(None) == UNFITTED
    assert "no calibration" in load_calibration(None).fitted_on
    assert load_calibration(None).dense_scale is None


def groups() -> tuple[list[Evidence], list[bool]]:
    """Right ones cover about 0.8 of the question, wrong ones about 0.2, overlapping a little."""
    random = np.random.default_rng(7)
    right = [True] * 200 + [False] * 200
    middles = np.where(right, 0.8, 0.2) + random.normal(0, 0.12, 400)
    return [replace(EVIDENCE, coverage=float(value)) for value in middles], right


def test_a_fit_separates_two_groups_and_is_calibrated() -> None:
    evidence, right = groups()
    fitted = fit_logistic(evidence, right, ("coverage", "margin"))
    confidences = [fitted.confidence(one) for one in evidence]
    correct = [(value > 0.5) == yes for value, yes in zip(confidences, right, strict=True)]
    assert sum(correct) / len(correct) > 0.97
    assert sum(confidences) / len(confidences) == pytest.approx(0.5, abs=0.01)
    assert list(fitted.weights) == ["coverage", "margin"]


def test_a_weight_of_three_is_like_being_there_three_times() -> None:
    evidence, right = groups()
    often = [one for one, yes in zip(evidence, right, strict=True) for _ in range(3 if yes else 1)]
    repeated = fit_logistic(often, [e in evidence[:200] for e in often], ("coverage",))
    weighted = fit_logistic(evidence, right, ("coverage",), [3.0 if yes else 1.0 for yes in right])
    for one in evidence[::20]:
        assert weighted.confidence(one) == pytest.approx(repeated.confidence(one), abs=0.03)


def test_the_calibration_is_part_of_the_model_folder(tmp_path: Path) -> None:
    bundled = model_folder(Config().model)
    assert bundled is not None
    shutil.copyfile(bundled / CALIBRATION_FILE, tmp_path / CALIBRATION_FILE)
    assert load_calibration(tmp_path) == load_calibration(bundled)
