"""Attackers of a served chat, each of one kind, and a person at a page beside them.

Run as a program it lets the attackers come: URL, seconds, how many of each kind, kinds.
Attackers come from an address of their own, ``127.0.0.2``, which Linux has without being told.
"""

import asyncio
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from support.memory import resident
from support.places import Question, questions_about
from support.waiting import PATIENCE

__all__ = ["KINDS", "Besieged", "Page", "besiege"]

ATTACKERS_ADDRESS = "127.0.0.2"
SMALL_BODY = 200_000
LARGE_BODY = 30_000_000
ARTICLE = "渡轮“白鹭号”每天早上七点开船。\n\n船长叫周海平，今年五十二岁。\n"
OWN_QUESTION, OWN_ANSWER = "船长叫什么？", "周海平"
_numbers = itertools.count()


def client(url: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url,
        timeout=PATIENCE,
        trust_env=False,
        transport=httpx.AsyncHTTPTransport(
            # Reading certificates takes longer than anything else that an attacker does.
            verify=False,
            local_address=address,
            limits=httpx.Limits(max_connections=None),
        ),
    )


def invented() -> str:
    return f"invented{next(_numbers)}"


class Page:
    """What a page does, without a browser: a connection that stays open, and events."""

    def __init__(self, url: str, address: str = "127.0.0.1") -> None:
        self._http = client(url, address)
        self._session = f"page{next(_numbers)}"
        self._key = f"{next(_numbers):032x}"
        self._events: dict[str, int] = {}
        self._beating: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect as a page that was loaded."""
        config = (await self._http.get("config")).json()
        self._events = {one["api_name"]: one["id"] for one in config["dependencies"]}
        self._beating = asyncio.create_task(self._beat())
        await self.event("open_page", [self._key, "zh-Hans"])

    async def _beat(self) -> None:
        async with self._http.stream(
            "GET", f"gradio_api/heartbeat/{self._session}", timeout=None
        ) as reply:
            async for _ in reply.aiter_lines():
                pass

    async def event(self, name: str, data: Sequence[object]) -> str:
        """Send an event, wait for its end, and return all that was told."""
        who = {"session_hash": self._session}
        body = {"fn_index": self._events[name], "data": data, **who}
        joined = await self._http.post("gradio_api/queue/join", json=body)
        if joined.status_code != httpx.codes.OK:
            raise RuntimeError(f"{name}: {joined.status_code} {joined.text[:100]}")
        told = []
        async with self._http.stream("GET", "gradio_api/queue/data", params=who) as reply:
            async for line in reply.aiter_lines():
                if line.startswith("data:"):
                    message = json.loads(line[5:])
                    told.append(json.dumps(message, ensure_ascii=False))
                    if message["msg"] == "process_completed" and not message["success"]:
                        raise RuntimeError(f"{name}: {told[-1][:200]}")
        return "".join(told)

    async def ask(self, question: str, answer: str) -> float:
        """Ask, and return the seconds until the answer was there."""
        begun = time.monotonic()
        told = await self.event("reply", [question])
        seconds = time.monotonic() - begun
        # What answers is marked within its passage; below a refusal it would be the nearest.
        if answer not in re.sub(r"</?(?:mark|strong)>", "", told) or 'class=\\"nearest' in told:
            raise RuntimeError(f"{question} was answered {told[-300:]}")
        return seconds

    async def add(self) -> None:
        """Paste an article."""
        if OWN_ANSWER not in await self.event("add_pasted", ["渡轮", ARTICLE, ""]):
            raise RuntimeError("the article was not added")
        # From now on questions go to all articles again.
        who = {"session_hash": self._session}
        body = {"fn_index": self._events["look_in"], "data": ["all"], **who}
        (await self._http.post("gradio_api/run/predict", json=body)).raise_for_status()

    async def close(self) -> None:
        """Go away."""
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating
        await self._http.aclose()


@dataclass
class Attacker:
    """Somebody who does one thing over and over; ``events`` are the numbers of the page's."""

    http: httpx.AsyncClient
    url: str
    events: dict[str, int]

    async def join(self, name: str, data: Sequence[object], session: str = "") -> int:
        who = {"session_hash": session or invented()}
        body = {"fn_index": self.events[name], "data": data, **who}
        return (await self.http.post("gradio_api/queue/join", json=body)).status_code

    async def run(self, name: str, data: Sequence[object], event: object = None) -> int:
        body = {"fn_index": self.events[name], "data": data, "event_data": event}
        body["session_hash"] = invented()
        return (await self.http.post("gradio_api/run/predict", json=body)).status_code


Act = Callable[[Attacker], Awaitable[object]]
KINDS: dict[str, Act] = {}


def kind(act: Act) -> Act:
    KINDS[act.__name__] = act
    return act


LARGE_JSON = b'{"data":[' + b"[]," * (LARGE_BODY // 3) + b"[]]}"


@kind
async def large_json(attacker: Attacker) -> object:
    return (await attacker.http.post("gradio_api/call/ask", content=LARGE_JSON)).status_code


@kind
async def many_values(attacker: Attacker) -> object:
    body = b'{"data":[' + b"[]," * (SMALL_BODY // 3) + b"[]]}"
    return (await attacker.http.post("gradio_api/run/predict", content=body)).status_code


@kind
async def deep_json(attacker: Attacker) -> object:
    body = b'{"data":' + b"[" * (SMALL_BODY // 2) + b"]" * (SMALL_BODY // 2) + b"}"
    return (await attacker.http.post("gradio_api/queue/join", content=body)).status_code


@kind
async def half_a_body(attacker: Attacker) -> object:
    address = urlsplit(attacker.url)
    reader, writer = await asyncio.open_connection(
        address.hostname, address.port, local_addr=(ATTACKERS_ADDRESS, 0)
    )
    try:
        writer.write(
            b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{"
        )
        await writer.drain()
        return (await reader.read())[:12]
    finally:
        writer.close()


def tiny_files() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.pdf", b"%PDF-1.4\n")
    return packed.getvalue()


TINY_FILES = tiny_files()


@kind
async def archives(attacker: Attacker) -> object:
    files = {"files": ("a.zip", TINY_FILES)}
    sent = await attacker.http.post("gradio_api/upload", files=files)
    if sent.status_code != httpx.codes.OK:
        return sent.status_code
    file = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
    return await attacker.join("add_files", [[file]])


@kind
async def pastes(attacker: Attacker) -> object:
    return await attacker.join("add_pasted", ["", ARTICLE * 500])


@kind
async def questions(attacker: Attacker) -> object:
    return await attacker.join("reply", ["灯塔有多高？" * 100])


@kind
async def huge_questions(attacker: Attacker) -> object:
    return await attacker.join("reply", ["问" * 600_000])


@kind
async def unread_answers(attacker: Attacker) -> object:
    asked = {"data": ["灯塔有多高？", ["谁？"] * 50, 20]}
    return (await attacker.http.post("gradio_api/call/ask", json=asked)).status_code


@kind
async def past_the_queue(attacker: Attacker) -> object:
    return await attacker.run("keep", [], {"form": "json"})


@kind
async def invented_sessions(attacker: Attacker) -> object:
    return await attacker.run("turn_to", [], {"document": "x"})


@kind
async def unread_uploads(attacker: Attacker) -> object:
    files = {"files": ("a.txt", b"x" * 19_000_000)}
    return (await attacker.http.post("gradio_api/upload", files=files)).status_code


@kind
async def open_connections(attacker: Attacker) -> object:
    async with attacker.http.stream("GET", f"gradio_api/heartbeat/{invented()}") as reply:
        await asyncio.sleep(5)
        return reply.status_code


@kind
async def passwords(attacker: Attacker) -> object:
    guess = {"username": "me", "password": "guess"}
    return (await attacker.http.post("login", data=guess)).status_code


@dataclass
class Besieged:
    """What became of a person among attackers: seconds of each answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    told: dict[str, Counter[str]] = field(default_factory=dict)
    megabytes: float = 0.0
    files: int = 0


async def besiege(
    url: str, seconds: float, attackers: int, process: int | None = None, names: Sequence[str] = ()
) -> Besieged:
    """Let attackers of each kind come, and a person ask; the chat is on the articles of ``places``.

    The person has an article, and asks about it and the others until the end.
    """
    outcome = Besieged()
    page = Page(url)
    await page.open()
    await page.add()
    end = time.monotonic() + seconds
    # In a process of their own, so that what they do keeps the person waiting by the server alone.
    coming = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "support.attackers", url, str(seconds), str(attackers)),
        *(names or KINDS),
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_ask(page, end, outcome))
        tasks.create_task(_look(process, end, outcome))
    told, _ = await coming.communicate()
    outcome.told = {name: Counter(counts) for name, counts in json.loads(told).items()}
    await page.close()
    return outcome


async def attack(
    url: str, seconds: float, attackers: int, names: Sequence[str]
) -> dict[str, Counter[str]]:
    """Let attackers of each kind come, and return what they were told."""
    end = time.monotonic() + seconds
    async with client(url) as http:
        config = (await http.get("config")).json()
    events = {one["api_name"]: one["id"] for one in config["dependencies"]}
    told: dict[str, Counter[str]] = {name: Counter() for name in names}
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            for _ in range(attackers):
                tasks.create_task(_attack(name, url, events, end, told[name]))
    return told


async def _attack(
    name: str, url: str, events: dict[str, int], end: float, told: Counter[str]
) -> None:
    async with client(url, ATTACKERS_ADDRESS) as http:
        attacker = Attacker(http, url, events)
        while time.monotonic() < end:
            try:
                async with asyncio.timeout_at(_loop_time(end)):
                    told[str(await KINDS[name](attacker))] += 1
            except TimeoutError:
                told["until the end"] += 1
            except (httpx.HTTPError, OSError) as error:
                told[type(error).__name__] += 1


def _loop_time(moment: float) -> float:
    return asyncio.get_running_loop().time() + moment - time.monotonic() + 5


async def _ask(page: Page, end: float, outcome: Besieged) -> None:
    built_in: Sequence[Question] = questions_about(7)
    asked = itertools.cycle(
        [(OWN_QUESTION, OWN_ANSWER), *((one.text, one.paragraph) for one in built_in)]
    )
    while time.monotonic() < end:
        try:
            outcome.seconds.append(await page.ask(*next(asked)))
        except (httpx.HTTPError, RuntimeError) as error:
            outcome.problems.append(f"{type(error).__name__} {error}")
        await asyncio.sleep(0.2)
    try:
        await page.ask(OWN_QUESTION, OWN_ANSWER)
    except (httpx.HTTPError, RuntimeError) as error:
        outcome.problems.append(f"at the end: {error}")


async def _look(process: int | None, end: float, outcome: Besieged) -> None:
    while time.monotonic() < end:
        outcome.megabytes = max(outcome.megabytes, resident(process) or 0.0)
        await asyncio.sleep(0.5)


def main() -> None:
    """Let attackers come, and print as JSON what they were told."""
    # They would have machines of their own.
    os.nice(10)
    url, seconds, attackers, *names = sys.argv[1:]
    told = asyncio.run(attack(url, float(seconds), int(attackers), names))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
