"""Vectors in bytes: how far off they are is known, and never more than is said."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index import codes as module
from qa.index.allocation import in_memory
from qa.index.codes import CODES, Codes
from qa.types import Floats


def unit_rows(
    seed: int, count: int, dimension: int, common: float = 0.0, odd: float = 0.0
) -> Floats:
    """Return random rows of length 1 that share one direction, a few odd ones with another."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, dimension)) / np.sqrt(dimension)
    rows[:, 0] += common
    rows[:: max(count // 3, 1), dimension // 2] += odd
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 70),
    st.sampled_from([1, 3, 32, 384]),
    st.floats(0, 5),
    st.floats(0, 5),
)
def test_no_cosine_is_further_off_than_is_said(
    seed: int, count: int, dimension: int, common: float, odd: float
) -> None:
    rows = unit_rows(seed, count, dimension, common, odd)
    vectors = unit_rows(seed + 1, 4, dimension, common, odd)
    found = Codes.of(rows, in_memory).scan(vectors)
    exact = vectors.astype(np.float64) @ rows.astype(np.float64).T
    assert found.cosines.shape == (4, count)
    assert found.errors.shape == (4,)
    assert (np.abs(found.cosines - exact).max(axis=1) <= found.errors).all()


@pytest.mark.parametrize(("common", "most"), [(0.0, 0.04), (1.5, 0.02), (5.0, 0.005)])
def test_what_is_said_is_little_the_less_the_more_rows_have_in_common(
    common: float, most: float
) -> None:
    rows, vectors = unit_rows(1, 500, 384, common), unit_rows(2, 20, 384, common)
    found = Codes.of(rows, in_memory).scan(vectors)
    assert found.errors.max() < most
    exact = vectors @ rows.T
    assert found.cosines.mean(axis=1) == pytest.approx(exact.mean(axis=1), abs=1e-4)
    assert found.cosines.std(axis=1) == pytest.approx(exact.std(axis=1), abs=3e-4)


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_blocks_make_no_difference(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, vectors = unit_rows(3, 30, 32), unit_rows(4, 3, 32)
    whole = Codes.of(rows, in_memory)
    for name in ("_ROWS_AT_ONCE", "_ROWS_ROUNDED_AT_ONCE"):
        monkeypatch.setattr(module, name, at_once)
    parts = Codes.of(rows, in_memory)
    assert parts.numbers.tolist() == whole.numbers.tolist()
    assert parts.limits == pytest.approx(whole.limits)
    assert parts.scan(vectors).cosines == pytest.approx(whole.scan(vectors).cosines, abs=1e-6)


def test_rows_that_are_all_the_same_are_exact() -> None:
    rows = np.repeat(unit_rows(5, 1, 32), 4, axis=0)
    found = Codes.of(rows, in_memory).scan(rows[:1])
    assert found.cosines == pytest.approx(np.ones((1, 4)), abs=1e-6)


def test_no_rows() -> None:
    made = Codes.of(np.empty((0, 0), np.float32), in_memory)
    assert made.numbers.shape == (0, 0)
    assert made.limits.tolist() == [0, 0]


def test_the_arrays_and_their_names() -> None:
    made = Codes.of(unit_rows(6, 5, 32), in_memory)
    assert tuple(made.arrays()) == CODES
    assert [array.dtype for array in made.arrays().values()] == [np.int8, *[np.float32] * 4]


OTHER_PROCESSOR = """
import numpy as np
from test_codes import unit_rows
from qa.index.codes import Codes
from qa.index.allocation import in_memory

rows, vectors = np.sign(unit_rows(7, 300, 64)) / 8, np.sign(unit_rows(8, 4, 64)) / 8
codes = Codes.of(rows, in_memory)
for count in (1, 4):
    found = codes.scan(vectors[:count])
    assert (np.abs(found.cosines - vectors[:count] @ rows.T) <= found.errors[:, None]).all()
print("exact")
"""


@pytest.mark.parametrize(
    "instructions",
    [
        "AVX2",
        pytest.param("SSE41", marks=pytest.mark.slow),
        pytest.param("AVX512_CORE", marks=pytest.mark.slow),
    ],
)
def test_processors_with_fewer_instructions_find_the_same(instructions: str) -> None:
    here = Path(__file__).parent
    run = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESSOR],
        env=os.environ
        | {
            "ONEDNN_MAX_CPU_ISA": instructions,
            "PYTHONPATH": f"{here.parent}{os.pathsep}{here}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "exact\n", run.stderr
