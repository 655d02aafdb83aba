"""Calls that come at once: each gets its own rows, few computations, nobody waits for company."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa.together import Together
from qa.types import Floats


def rows_of(texts: list[str]) -> Floats:
    return np.array([[len(text), hash(text) % 97] for text in texts], np.float32).reshape(-1, 2)


def test_every_caller_gets_its_own_rows() -> None:
    together = Together(places=2, most=4)
    asked = [["x" * number] * (number % 3) for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        for texts, rows in zip(
            asked, pool.map(lambda one: together.run(rows_of, one), asked), strict=True
        ):
            assert rows.tolist() == rows_of(texts).tolist()


def test_calls_that_wait_are_computed_together_up_to_the_limit() -> None:
    sizes: list[int] = []
    started, go_on = threading.Event(), threading.Event()

    def compute(texts: list[str]) -> Floats:
        sizes.append(len(texts))
        started.set()
        go_on.wait()
        return rows_of(texts)

    together = Together(places=1, most=4)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(together.run, compute, ["a"])
        started.wait()
        others = [pool.submit(together.run, compute, [f"{number}"]) for number in range(6)]
        while len(together._waiting) < 6:
            pass
        go_on.set()
        assert [other.result().tolist() for other in others] == [
            rows_of([f"{number}"]).tolist() for number in range(6)
        ]
        first.result()
    assert sizes[0] == 1
    assert sorted(sizes[1:]) == [2, 4]


def test_more_texts_than_the_limit_are_one_computation() -> None:
    sizes: list[int] = []

    def compute(texts: list[str]) -> Floats:
        sizes.append(len(texts))
        return rows_of(texts)

    assert len(Together(places=1, most=4).run(compute, ["a"] * 9)) == 9
    assert sizes == [9]


def test_what_goes_wrong_reaches_the_caller_and_the_next_call_works() -> None:
    def compute(texts: list[str]) -> Floats:
        if "bad" in texts:
            raise ValueError("bad text")
        return rows_of(texts)

    together = Together(places=1, most=4)
    with pytest.raises(ValueError, match="bad text"):
        together.run(compute, ["bad"])
    assert len(together.run(compute, ["good"])) == 1
