"""Memory that is handed back to the system, where glibc allocates it."""

import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import memory
from qa.web.trimming import Trimming

PROGRAM = """
from qa.memory import few_arenas, give_memory_back
from support.memory import held
few_arenas()
before = held().own
blocks = [bytearray(60_000) for _ in range(2_000)]
for block in blocks:
    block[::4096] = bytes(15)
kept = blocks[-1]
del blocks, block
freed = held().own
give_memory_back()
print(round(freed - before), round(held().own - before))
"""

is_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's alone")


@is_glibc
def test_what_was_freed_goes_back_though_something_behind_it_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent,
    )
    freed, given_back = map(int, done.stdout.split())
    assert freed > 100
    assert given_back < 20


@pytest.mark.parametrize("call", [memory.give_memory_back, memory.few_arenas])
def test_elsewhere_nothing_is_done(
    call: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    call()


def test_a_server_hands_memory_back_until_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    called = threading.Event()
    monkeypatch.setattr("qa.web.trimming.give_memory_back", called.set)
    monkeypatch.setattr("qa.web.trimming._SECONDS", 0.01)
    trimming = Trimming()
    assert called.wait(10)
    trimming.stop()
    trimming.stop()
    time.sleep(0.05)
    called.clear()
    assert not called.wait(0.1)
