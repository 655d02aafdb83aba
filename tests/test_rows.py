"""Rows of several segments, found, joined and copied in the order that is wanted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index import rows as module
from qa.index.rows import Rows, copy, inside, joined, runs
from qa.index.segment import bounds

ORDERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), unique=True)


def as_order(places: list[tuple[int, int]]) -> np.ndarray:
    return np.array(places, np.int32).reshape(-1, 2)


def test_documents_that_follow_each_other_are_one_span() -> None:
    order = as_order([(0, 0), (0, 1), (1, 2), (1, 3), (1, 5), (0, 2), (0, 1)])
    expected = [Rows(0, 0, 2), Rows(1, 2, 4), Rows(1, 5, 6), Rows(0, 2, 3), Rows(0, 1, 2)]
    assert runs(order) == expected


@given(ORDERS)
def test_runs_name_every_document_in_its_order(places: list[tuple[int, int]]) -> None:
    found = [(owner, place) for owner, *ends in runs(as_order(places)) for place in range(*ends)]
    assert found == places


@pytest.mark.parametrize("at_once", [1, 7, 1_000])
@given(places=ORDERS)
def test_what_is_copied_is_what_is_joined(places: list[tuple[int, int]], at_once: int) -> None:
    counts = [[2, 0, 1, 3, 1, 1], [1, 1, 1, 1, 1, 1], [0, 0, 4, 0, 5, 0]]
    starts = [bounds(own) for own in counts]
    rows = [np.arange(3 * sum(own)).reshape(-1, 3) + 100 * i for i, own in enumerate(counts)]
    expected = [rows[one][starts[one][place] : starts[one][place + 1]] for one, place in places]
    held = inside(runs(as_order(places)), starts)
    whole = joined(rows, held)
    to = np.full((len(whole), 3), -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BYTES_AT_ONCE", at_once)
        copy(rows, held, to)
    assert whole.tolist() == to.tolist() == [row for part in expected for row in part.tolist()]
