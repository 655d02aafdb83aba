"""Questions that share a batch: who is in which, errors, interruptions, the same answers."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.chatbot import Chatbot
from qa.retrieval.batching import Batcher
from qa.types import Answer
from support.waiting import PATIENCE

QUESTIONS = (
    "何为新市民?",
    "微乐贷的平均额度是多少?",
    "谁发布了《关于加强新市民金融服务工作的通知》?",
    "新市民有多少人?",
    "How many new urban residents are there?",
    "百信银行做了什么?",
    "微樂貸的平均額度是多少?",
    "比特币的价格是多少?",
)


class Worker:
    """Doubles numbers; holds its first batch until it may go on."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._error = error

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        if len(self.batches) == 1:
            self.begun.set()
            assert self.go_on.wait(PATIENCE)
            if self._error is not None:
                raise self._error
        return [2 * number for number in numbers]


def waiting(batcher: Batcher[int, int], count: int) -> None:
    """Return when so many requests are waiting."""
    while len(batcher._waiting) != count:
        threading.Event().wait(0.01)


def test_who_comes_while_a_batch_is_computed_is_in_the_next_one() -> None:
    work = Worker()
    batcher = Batcher(work, 3)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(batcher, 0)]
        assert work.begun.wait(PATIENCE)
        for number in range(1, 6):
            asked.append(pool.submit(batcher, number))
            waiting(batcher, number)
        work.go_on.set()
        assert [one.result(PATIENCE) for one in asked] == [0, 2, 4, 6, 8, 10]
    assert work.batches == [[0], [1, 2, 3], [4, 5]]


def test_an_error_is_everybodys_in_the_batch_and_nobody_elses() -> None:
    work = Worker(ValueError("broken"))
    batcher = Batcher(work, 3)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(batcher, 1)
        assert work.begun.wait(PATIENCE)
        second = pool.submit(batcher, 2)
        waiting(batcher, 1)
        work.go_on.set()
        with pytest.raises(ValueError, match="broken"):
            first.result(PATIENCE)
        assert second.result(PATIENCE) == 4


def test_whoever_shares_a_batch_with_one_that_is_interrupted_is_answered() -> None:
    interrupted = threading.Event()

    def work(numbers: Sequence[int]) -> list[int]:
        if len(numbers) == 2 and not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt
        return held(numbers)

    held = Worker()
    batcher = Batcher(work, 3)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(batcher, 0)]
        assert held.begun.wait(PATIENCE)
        for number in (1, 2):
            asked.append(pool.submit(batcher, number))
            waiting(batcher, number)
        held.go_on.set()
        came = [one.exception(PATIENCE) for one in asked]
        assert [type(error) for error in came].count(KeyboardInterrupt) == 1
        assert came[0] is None
        (answered,) = (place for place in (1, 2) if came[place] is None)
        assert asked[answered].result() == 2 * answered


def test_many_at_once_get_the_answers_they_get_alone(article_bot: Chatbot) -> None:
    def ask(question: str) -> Answer:
        (inquiry,) = article_bot._inquire_all([question], [()], None)
        return inquiry.answer

    alone = list(map(ask, QUESTIONS))
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        together = list(pool.map(ask, QUESTIONS))
    for one, other in zip(alone, together, strict=True):
        assert other.answered == one.answered
        assert [passage.text for passage in other.passages] == [p.text for p in one.passages]
        assert other.confidence == pytest.approx(one.confidence, abs=1e-3)
