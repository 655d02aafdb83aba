"""Dense search in bytes finds what a sort of all exact cosines finds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_segment import ARTICLES, TEXTS, prepared

from qa.errors import IndexDamaged
from qa.index.allocation import in_memory
from qa.index.codes import Codes
from qa.index.content import Prepared
from qa.index.nearest import Dense
from qa.index.segment import Segment
from qa.types import Floats

DIMENSION = 16


def unit_rows(random: np.random.Generator, count: int, spread: float) -> Floats:
    """Return rows around one direction: with little spread their cosines differ by little."""
    rows = spread * random.standard_normal((count, DIMENSION))
    rows[:, 0] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def article(name: str, random: np.random.Generator, spread: float, lines: int) -> Prepared:
    """Return an article with made-up vectors, every second paragraph in two windows."""
    made = prepared(name, "\n".join([TEXTS[name]] * lines))
    windows = sum(map(len, made.windows))
    return replace(made, vectors=unit_rows(random, windows, spread))


def coded(segment: Segment) -> Segment:
    return replace(segment, codes=Codes.of(segment.embeddings, in_memory))


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1e-4, 0.01, 0.5]),
    st.integers(1, 60),
    st.booleans(),
    st.booleans(),
)
def test_the_nearest_are_those_of_an_exact_scan(
    seed: int, spread: float, limit: int, some_void: bool, mixed: bool
) -> None:
    random = np.random.default_rng(seed)
    segments = [
        Segment.build([article(name, random, spread, 6) for name in part])
        for part in (ARTICLES[:2], ARTICLES[2:])
    ]
    small = [coded(segments[0]), segments[1] if mixed else coded(segments[1])]
    n_paragraphs = sum(one.n_paragraphs for one in segments)
    alive = random.random(n_paragraphs) < 0.7 if some_void else None
    vectors = unit_rows(random, 3, spread)
    others = np.flatnonzero(random.random(n_paragraphs) < 0.1)
    if alive is not None:
        others = others[alive[others]]
    exact = Dense(segments, alive).scan(vectors)
    assert exact.errors.tolist() == [0, 0, 0]
    dense = Dense(small, alive)
    rough = dense.scan(vectors)
    n_alive = n_paragraphs if alive is None else int(alive.sum())
    for vector, cosines, scanned, error in zip(
        vectors, exact.cosines, rough.cosines, rough.errors, strict=True
    ):
        found = dense.nearest(vector, scanned, float(error), others, limit)
        wanted = min(limit, n_alive)
        assert len(found) == len(set(found.tolist())) == wanted
        # Of equal ones, to the last digit that is kept, either may be found.
        worst = np.sort(cosines)[::-1][wanted - 1] if wanted else np.inf
        assert (cosines[found] >= worst - 2e-6).all()
        for looked_up in (found, others):
            assert scanned[looked_up] == pytest.approx(cosines[looked_up], abs=2e-6)
        if alive is not None:
            assert np.isneginf(scanned[~alive]).all()


def test_of_equal_paragraphs_those_that_come_first_are_found() -> None:
    random = np.random.default_rng(1)
    same = article("甲", random, 0.5, 20)
    row = unit_rows(random, 1, 0.5)
    segment = coded(Segment.build([replace(same, vectors=np.repeat(row, len(same.vectors), 0))]))
    dense = Dense([segment])
    scan = dense.scan(row)
    found = dense.nearest(row[0], scan.cosines[0], float(scan.errors[0]), np.empty(0, int), 5)
    assert found.tolist() == [0, 1, 2, 3, 4]


def test_an_empty_segment_has_nothing_near() -> None:
    dense = Dense([coded(Segment.build([]))])
    scan = dense.scan(unit_rows(np.random.default_rng(2), 2, 0.5))
    assert scan.cosines.shape == (2, 0)
    assert not len(
        dense.nearest(np.ones(DIMENSION, np.float32), scan.cosines[0], 0.1, np.empty(0, int), 5)
    )


def test_a_small_copy_that_does_not_agree_is_no_basis_for_an_answer() -> None:
    random = np.random.default_rng(3)
    segment = coded(Segment.build([article("甲", random, 0.5, 6)]))
    assert segment.codes is not None
    damaged = replace(
        segment, codes=replace(segment.codes, numbers=segment.codes.numbers[::-1].copy())
    )
    dense = Dense([damaged])
    vectors = unit_rows(random, 1, 0.5)
    scan = dense.scan(vectors)
    with pytest.raises(IndexDamaged, match="does not agree with them; find the file by qa verify"):
        dense.nearest(vectors[0], scan.cosines[0], float(scan.errors[0]), np.empty(0, int), 5)
