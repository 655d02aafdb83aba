"""A crowd at a served chat: who comes, for how long, and what became of it."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.config import NO_READER
from support.memory import Measured, resident
from support.people import Busy, ClientUser, MixedUp, Person, Program, Stranger, Tally
from support.places import questions_about
from support.readers import Reader, open_pages
from support.waiting import PATIENCE, interruptible

__all__ = ["Crowd", "Outcome", "Served", "served", "visit"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who comes: ``people`` altogether, among them so many of each kind that is named.

    They come for ``seconds``, and all of them stay until each has done ``acts`` things, whatever
    came of it; to be told that too many wait is none. They wait ``think`` seconds on average before
    each thing they do. The server's memory is looked at every ``look`` seconds.
    """

    people: int
    seconds: float
    think: float
    pages: int = 0
    clients: int = 0
    strangers: int = 0
    acts: int = 0
    look: float = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a crowd; ``memory`` is empty where it cannot be read."""

    tally: Tally
    seconds: float
    memory: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A chat that is served by a process of its own."""

    url: str
    process: int


@contextmanager
def served(corpus: Path, log: Path, reader: str = NO_READER) -> Iterator[Served]:
    """Serve a folder on a free port of this machine; ``log`` is a file for what is printed.

    Raises:
        RuntimeError: if the server does not start, or does not end when it is asked to.

    """
    with log.open("wb") as output, interruptible():
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", "serve", "--corpus", str(corpus), "--port", "0"],
            env=os.environ | {"QA_READER": reader},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Served(_address(process, log), process.pid)
        if process.poll() is not None:
            raise RuntimeError(f"the server ended by itself:\n{_tail(log)}")
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        raise RuntimeError("the server did not end when it was asked to") from None
    finally:
        process.kill()
        process.wait()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
            found = re.search(r"http://\S+(?=.*\n)", line)
            if found:
                return found.group()
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2_000:]


async def visit(url: str, crowd: Crowd, process: int | None = None, seed: int = 5) -> Outcome:
    """Let a crowd come to a served chat; ``process`` is the server, to look at its memory.

    The chat has to be on the articles of ``places``. It comes once a question was
    answered, so that nobody waits for the model.
    """
    tally = Tally()
    check_up = Program(url, questions_about(0))
    await check_up.act()
    with ThreadPoolExecutor(max(crowd.clients, 1)) as threads:
        async with open_pages(crowd.pages) as pages:
            people: list[Person] = [Reader(page, url, number) for number, page in enumerate(pages)]
            for number in range(len(people), len(people) + crowd.clients):
                people.append(ClientUser(url, questions_about(number), threads))
            people += [Stranger(url, 5 * number) for number in range(crowd.strangers)]
            for number in range(len(people), crowd.people):
                people.append(Program(url, questions_about(number)))
            begun = time.monotonic()
            memory = await _live(people, crowd, tally, process, seed)
            seconds = time.monotonic() - begun
            for person in people:
                await person.leave()
    await check_up.act()
    await check_up.leave()
    return Outcome(tally, seconds, memory)


async def _live(
    people: Sequence[Person], crowd: Crowd, tally: Tally, process: int | None, seed: int
) -> tuple[Measured, ...]:
    begun = time.monotonic()
    end = begun + crowd.seconds
    series: list[Measured] = []
    to_do = [crowd.acts] * len(people)
    async with asyncio.TaskGroup() as tasks:
        for number, person in enumerate(people):
            chance = random.Random(seed * 1_000 + number)
            tasks.create_task(_do_things(person, number, crowd.think, end, to_do, chance, tally))
        while True:
            now, megabytes = time.monotonic(), resident(process)
            if megabytes is not None:
                series.append(Measured(now - begun, megabytes))
            if now >= end:
                break
            await asyncio.sleep(min(crowd.look, end - now))
    return tuple(series)


async def _do_things(
    person: Person,
    number: int,
    think: float,
    end: float,
    to_do: list[int],
    chance: random.Random,
    tally: Tally,
) -> None:
    """Let a person think and act in turns until the end; what was begun is ended.

    There is no end before everybody has done what they have ``to_do``.
    """
    while True:
        pause = chance.expovariate(1 / think)
        left = max(end - time.monotonic(), 0.0)
        await asyncio.sleep(pause if any(to_do) else min(pause, left))
        begun = time.monotonic()
        if begun >= end and not any(to_do):
            return
        try:
            async with asyncio.timeout(PATIENCE):
                done = await person.act()
        except Busy:
            tally.busy += 1
            continue
        except MixedUp as error:
            tally.mixed_up.append(str(error))
        except Exception as error:  # whatever it is, it is what the crowd is there to find
            tally.errors.append(f"{type(person).__name__} {number}: {error!r}")
        else:
            tally.seconds[done].append(time.monotonic() - begun)
            if isinstance(person, Program):
                tally.answers[number] += 1
        to_do[number] = max(to_do[number] - 1, 0)
