"""Processes that embed beside this one: two processes are faster than one with two threads.

Each is a program of this package on a pipe, so that threads, notebooks and ``python -c`` can start
one. It ends when its input does: with the process that started it, however that ends.
"""

import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue

import numpy as np

from qa.types import Floats

__all__ = ["LARGEST_POOL", "SIZES", "Helpers", "spread"]

LARGEST_POOL = 8
"""Processes at most, this one included: each takes the memory of the model and its library."""

SIZES = struct.Struct("<qq")
"""Before the vectors of a reply: how many there are, and their dimension."""

_PROGRAM = "qa.embedding.helper_program"
_IDLE_SECONDS = 60.0

Encode = Callable[[Sequence[str]], Floats]


class _Helper:
    """One process; raises OSError once it is gone."""

    def __init__(self, settings: dict[str, object]) -> None:
        # The folder of this package, wherever it was imported from, and nothing of the current one.
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            # An interrupt at the terminal is for the process that started it.
            start_new_session=True,
        )
        self._ready = False
        self._loading = threading.Lock()
        try:
            self._send(settings)
        except OSError:
            self.end()
            raise

    def wait(self) -> None:
        """Wait until the model is loaded."""
        # Who waited in vain for it the last time may still do so.
        with self._loading:
            if not self._ready:
                self._receive(1)
                self._ready = True

    def encode(self, texts: Sequence[str], *, half: bool) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows."""
        self._send({"texts": texts, "half": half})
        rows, width = SIZES.unpack(self._receive(SIZES.size))
        return np.frombuffer(self._receive(4 * rows * width), np.float32).reshape(rows, width)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, message: dict[str, object]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except ValueError as error:
            raise OSError("ended") from error

    def _receive(self, count: int) -> bytes:
        assert self._process.stdout is not None
        try:
            found = self._process.stdout.read(count)
        except ValueError as error:
            raise OSError("ended") from error
        if len(found) < count:
            raise OSError("ended")
        return found


class Helpers:
    """The helpers of one embedder: started when they are wanted, ended after a minute of rest."""

    def __init__(self, settings: dict[str, object]) -> None:
        self._settings = settings
        self._running: list[_Helper] = []
        self._lock = threading.Lock()
        self._rest: threading.Timer | None = None

    @contextlib.contextmanager
    def borrow(self, count: int) -> Iterator[list[_Helper]]:
        """Give so many helpers, none where they cannot be started or another thread has them."""
        if count < 1 or not self._lock.acquire(blocking=False):
            yield []
            return
        try:
            if self._rest is not None:
                self._rest.cancel()
            with contextlib.suppress(OSError):
                while len(self._running) < count:
                    self._running.append(_Helper(self._settings))
            yield self._running[:count]
        except BaseException:
            self.end()
            raise
        finally:
            self._lock.release()
        self._rest = threading.Timer(_IDLE_SECONDS, self._end_if_idle)
        self._rest.daemon = True
        self._rest.start()

    def forget(self, helper: _Helper) -> None:
        """End a helper that failed; another is started when it is wanted again."""
        helper.end()
        with contextlib.suppress(ValueError):
            self._running.remove(helper)

    def end(self) -> None:
        """End all of them."""
        while self._running:
            self._running.pop().end()

    def _end_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                self.end()
            finally:
                self._lock.release()


def spread(
    chunks: Sequence[Sequence[str]],
    encode: Encode,
    helpers: Helpers,
    count: int,
    *,
    half: bool,
    done: Callable[[int], None],
) -> list[Floats]:
    """Return the vectors of each chunk, by ``encode`` here and ``count`` helpers beside it.

    Who is free takes the next chunk. ``done`` is called in this thread with how many are ready.
    """
    waiting = deque(range(len(chunks)))
    results: SimpleQueue[tuple[int, Floats | None]] = SimpleQueue()
    found: dict[int, Floats] = {}

    def help_out(helper: _Helper) -> None:
        try:
            helper.wait()
        except OSError:
            helpers.forget(helper)
            return
        while (number := _taken(waiting)) is not None:
            try:
                results.put((number, helper.encode(chunks[number], half=half)))
            except OSError:
                results.put((number, None))
                helpers.forget(helper)
                return

    with helpers.borrow(count) as borrowed:
        for helper in borrowed:
            threading.Thread(
                target=help_out, args=(helper,), name="embedding-helper", daemon=True
            ).start()
        while len(found) < len(chunks):
            own = _taken(waiting)
            if own is not None:
                results.put((own, encode(chunks[own])))
            # With nothing left to take it is waited for what the helpers have taken.
            number, vectors = results.get()
            if vectors is None:
                waiting.append(number)
                continue
            found[number] = vectors
            done(sum(len(chunks[one]) for one in found))
    return [found[number] for number in range(len(chunks))]


def _taken(waiting: "deque[int]") -> int | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None
