"""How many threads the models compute with."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from threadpoolctl import threadpool_info

from qa.embedding import compute
from qa.embedding.compute import (
    all_threads,
    fast_precision,
    free_threads,
    one_blas_thread,
    one_thread,
)
from qa.errors import ModelError
from support.waiting import PATIENCE


@pytest.fixture(autouse=True)
def several_threads() -> None:
    """Let torch have more than one thread, however many this machine has."""
    compute._counted.cache_clear()
    torch.set_num_threads(3)


def test_one_thread_and_then_as_many_as_before() -> None:
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def blas_threads() -> set[int]:
    found = threadpool_info()
    return {one["num_threads"] for one in found if one["user_api"] == "blas"}


@pytest.mark.skipif(not blas_threads(), reason="numpy has a library that cannot be told")
def test_numpy_computes_in_one_thread_and_then_in_as_many_as_before() -> None:
    before = blas_threads()
    first_in, second_came = threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> set[int]:
        with one_blas_thread():
            first_in.set()
            assert second_came.wait(PATIENCE)
            time.sleep(0.05)
            order.append("first")
            return blas_threads()

    def second() -> set[int]:
        assert first_in.wait(PATIENCE)
        second_came.set()
        with one_blas_thread():
            order.append("second")
            return blas_threads()

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(work) for work in (first, second)]
        assert [one.result(PATIENCE) for one in found] == [{1}, {1}]
    # Limits that overlap would leave numpy slow for ever.
    assert order == ["first", "second"]
    assert blas_threads() == before


def test_questions_that_overlap_leave_no_thread_slow() -> None:
    first_in, second_in, first_out = threading.Event(), threading.Event(), threading.Event()

    def first() -> int:
        with one_thread():
            first_in.set()
            assert second_in.wait(PATIENCE)
        first_out.set()
        return torch.get_num_threads()

    def second() -> int:
        assert first_in.wait(PATIENCE)
        with one_thread():
            second_in.set()
            assert first_out.wait(PATIENCE)
            assert torch.get_num_threads() == 1
        return torch.get_num_threads()

    def embedding() -> int:
        assert first_in.wait(PATIENCE)
        all_threads()
        return torch.get_num_threads()

    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(work) for work in (first, second, embedding)]
        assert [one.result(PATIENCE) for one in found] == [3, 3, 3]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(torch.get_num_threads).result(PATIENCE) == 3


def test_who_computes_alone_has_all_threads_and_several_share_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compute, "threads_sleep", lambda: True)
    with free_threads():
        assert torch.get_num_threads() == 3
        with ThreadPoolExecutor(2) as pool:
            # The first is still in there when the second comes.
            both = threading.Barrier(2)

            def second() -> int:
                with free_threads():
                    found = torch.get_num_threads()
                    both.wait(PATIENCE)
                return found

            found = [pool.submit(second) for _ in range(2)]
            assert [one.result(PATIENCE) for one in found] == [1, 1]
    with free_threads():
        assert torch.get_num_threads() == 3


FOUND = """
{first}
from qa.embedding.compute import free_threads, threads_sleep
threads_sleep()
import torch
torch.set_num_threads(3)
with free_threads():
    print(torch.get_num_threads())
"""


@pytest.mark.parametrize(
    ("first", "policy", "threads"),
    [("", {}, 3), ("import torch", {}, 1), ("", {"OMP_WAIT_POLICY": "ACTIVE"}, 1)],
    ids=["asked to sleep", "torch there before", "told to spin"],
)
def test_only_threads_that_sleep_while_they_wait_compute_together(
    first: str, policy: dict[str, str], threads: int
) -> None:
    others = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", FOUND.format(first=first)],
        env=others | policy,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == threads


def test_a_precision_that_there_is_not() -> None:
    assert fast_precision("float32") == torch.float32
    assert fast_precision("auto") in (torch.float32, torch.bfloat16)
    with pytest.raises(ModelError, match="expected auto, float32 or bfloat16"):
        fast_precision("float8")


ENDING = """
import io
import sys
import threading
import time
class Late(io.StringIO):
    # The end takes as long as that of a program with much to tidy up.
    def flush(self):
        time.sleep(1)
sys.stdout = Late()
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.reader import Text
from qa.reader.cross import CrossReader, open_reader
reader = open_reader(Config().reader)
working = threading.Event()
def read():
    reader.read("谁?", [Text("守塔人叫陈阿福，他在岛上住了四十年。" * 20, "")])
kept = []
def load():
    kept.append(CrossReader(reader.folder))
    kept[-1].load()
def open_questions():
    SentenceTransformerEmbedder(Config().model).encode_queries(["?"])
def work():
    while True:
        working.set()
        {work}()
reader.load()
threading.Thread(target=work, daemon=True).start()
working.wait()
"""


@pytest.mark.parametrize("work", ["read", "load", "open_questions"])
def test_a_program_that_ends_while_another_thread_computes_is_not_aborted(work: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING.replace("{work}", work)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
