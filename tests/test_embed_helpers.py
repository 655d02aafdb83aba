"""Paragraphs embedded by several processes: the same vectors, whoever fails or is killed."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa.config import Config
from qa.embedding import helpers
from qa.embedding import sentence_transformer as embed
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from support.waiting import interruptible

TEXTS = [f"第{place}号工程在第{place}街开工。" * (1 + place % 3) for place in range(24)]

PROGRAM = """
from qa.config import Config
from qa.embedding import sentence_transformer as embed
embed._CHUNK = embed._TEXTS_A_PROCESS = 2
embed.thread_count = lambda: 2
embedder = embed.SentenceTransformerEmbedder(Config().model)
def told(done, total):
    for helper in embedder._helpers._running:
        helper.wait()
        print(helper._process.pid, flush=True)
while True:
    embedder.encode_documents(["新市民在城镇常住。"] * 8, told)
"""


@pytest.fixture
def two(
    monkeypatch: pytest.MonkeyPatch, embedder: SentenceTransformerEmbedder
) -> Iterator[SentenceTransformerEmbedder]:
    """An embedder of its own that takes a second process for a few texts already."""
    monkeypatch.setattr(embed, "_CHUNK", 2)
    monkeypatch.setattr(embed, "_TEXTS_A_PROCESS", 2)
    monkeypatch.setattr(embed, "thread_count", lambda: 2)
    made = SentenceTransformerEmbedder(Config().model)
    made._loaded = embedder.load()
    yield made
    made._helpers.end()


@pytest.fixture
def expected(embedder: SentenceTransformerEmbedder) -> np.ndarray:
    return embedder.encode_here(TEXTS, half=False)


def started(two: SentenceTransformerEmbedder) -> helpers._Helper:
    """Return the helper of an embedder, once it is loaded."""
    with two._helpers.borrow(1) as (helper,):
        helper.wait()
        return helper


def test_two_processes_find_the_vectors_of_one(
    two: SentenceTransformerEmbedder, expected: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = started(two)
    helped: list[int] = []
    encode = helper.encode

    def counted(texts: list[str], *, half: bool) -> np.ndarray:
        helped.append(len(texts))
        return encode(texts, half=half)

    monkeypatch.setattr(helper, "encode", counted)
    told: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(
            two.encode_documents, TEXTS, lambda done, total: told.append(done)
        ).result(120)
    assert found == pytest.approx(expected, abs=1e-4)
    assert told == sorted(set(told))
    assert told[-1] == len(TEXTS)
    assert 0 < sum(helped) < len(TEXTS)
    assert np.array_equal(helper.encode(["\ud83d新市民"], half=False).shape, (1, 384))


def test_a_helper_that_was_killed_costs_nothing(
    two: SentenceTransformerEmbedder, expected: np.ndarray
) -> None:
    helper = started(two)
    helper._process.kill()
    helper._process.wait()
    assert two.encode_documents(TEXTS) == pytest.approx(expected, abs=1e-4)
    assert helper not in two._helpers._running


def test_where_no_process_can_be_started_one_embeds_all(
    two: SentenceTransformerEmbedder, expected: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/absent/python")
    assert two.encode_documents(TEXTS) == pytest.approx(expected, abs=1e-4)
    assert two._helpers._running == []


def test_helpers_end_when_embedding_is_broken_off(two: SentenceTransformerEmbedder) -> None:
    helper = started(two)

    def broken(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        two.encode_documents(TEXTS, broken)
    assert helper._process.poll() is not None
    assert two._helpers._running == []


def test_helpers_end_with_the_embedder(two: SentenceTransformerEmbedder) -> None:
    other = SentenceTransformerEmbedder(Config().model)
    with other._helpers.borrow(1) as (helper,):
        pass
    del other
    assert helper._process.poll() is not None


def test_idle_helpers_are_ended(
    two: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "_IDLE_SECONDS", 0.0)
    with two._helpers.borrow(1) as (helper,):
        pass
    assert helper._process.wait(60) is not None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux tells when a process ends")
@pytest.mark.parametrize(
    "ending",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
    ],
)
def test_no_helper_outlives_the_program_that_started_it(ending: signal.Signals) -> None:
    with interruptible():
        started = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    with started as program:
        assert program.stdout is not None
        watched = os.pidfd_open(int(program.stdout.readline()))
        try:
            program.send_signal(ending)
            program.wait(60)
            ended = select.poll()
            ended.register(watched, select.POLLIN)
            assert ended.poll(60_000)
        finally:
            os.close(watched)
            program.kill()
