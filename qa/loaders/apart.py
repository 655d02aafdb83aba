"""A file of a stranger, read by a process of its own.

However it was made, it takes no more time and memory than is given, and nobody else waits for it.
Run as a program it reads the file that its input names and writes what it found, as JSON.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Any

from qa import errors
from qa.errors import DocumentError
from qa.loaders import Loaded, load_paths
from qa.loaders.limits import Bounds, within
from qa.types import Block, Document

__all__ = ["load_apart", "main"]

_PROGRAM = "qa.loaders.apart"
_NICE = 10
_GRACE = 5.0
"""Seconds to start and to tell, beside those for reading."""
_SECONDS_BETWEEN_LOOKS = 0.2


def load_apart(
    path: Path, bounds: Bounds, memory: int, look: Callable[[], None] = lambda: None
) -> Loaded:
    """Return the documents of a file, and what in it could not be read.

    ``memory`` is the address space that it may take, in bytes, where the system can limit it.
    Whatever ``look`` raises, which is called again and again, ends the process.
    """
    # The folder of this package, wherever it was imported from, and nothing of the current one.
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    asked = {"path": str(path), "bounds": asdict(replace(bounds, end=0.0)), "memory": memory}
    reading = subprocess.Popen(
        [sys.executable, "-P", "-m", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        told = _replied(reading, json.dumps(asked).encode(), bounds.seconds + _GRACE, look)
        # It may have ended before the first look.
        look()
    except subprocess.TimeoutExpired:
        _end(reading)
        return _failed(
            path,
            f"reading it takes longer than {bounds.seconds:.0f} seconds; cut it into smaller files",
        )
    except BaseException:
        _end(reading)
        raise
    if reading.returncode:
        return _failed(
            path,
            f"reading it takes too much memory, at most {memory / 2**20:,.0f} MB are read; cut it "
            "into smaller files, or save it again",
        )
    found = json.loads(told)
    return Loaded(
        tuple(_document(fields) for fields in found["documents"]),
        tuple(_problem(*fields) for fields in found["problems"]),
    )


def main() -> None:
    """Read the file that standard input names."""
    asked = json.load(sys.stdin)
    _limit(asked["memory"])
    narrower = replace(Bounds(**asked["bounds"]), end=float("inf"))
    with within(narrower):
        loaded = load_paths([asked["path"]])
    documents = [astuple(one) for one in loaded.documents]
    problems = [(type(one).__name__, one.source, one.problem) for one in loaded.problems]
    json.dump({"documents": documents, "problems": problems}, sys.stdout)


def _limit(memory: int) -> None:
    # Not every system can limit a process.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICE)


def _replied(
    reading: "subprocess.Popen[bytes]", asked: bytes, seconds: float, look: Callable[[], None]
) -> bytes:
    """Return what a process writes until it ends; raises TimeoutExpired if that takes longer."""
    last = time.monotonic() + seconds
    given: bytes | None = asked
    while True:
        try:
            return reading.communicate(given, _SECONDS_BETWEEN_LOOKS)[0]
        except subprocess.TimeoutExpired:
            if time.monotonic() > last:
                raise
        given = None
        look()


def _end(reading: "subprocess.Popen[bytes]") -> None:
    """End a process with those that it has started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(reading.pid, signal.SIGKILL)
    reading.kill()
    reading.communicate()


def _failed(path: Path, problem: str) -> Loaded:
    return Loaded((), (DocumentError(path.name, problem),))


def _document(fields: list[Any]) -> Document:
    name, title, source, text, blocks = fields
    return Document(name, title, source, text, tuple(Block(*block) for block in blocks))


def _problem(kind: str, source: str, problem: str) -> DocumentError:
    made: DocumentError = getattr(errors, kind)(source, problem)
    return made


if __name__ == "__main__":
    main()
