"""People who use a served chat: over HTTP, by gradio_client, and some who mean it no good."""

import asyncio
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from support.places import Question
from support.waiting import PATIENCE

__all__ = [
    "Busy",
    "ClientUser",
    "MixedUp",
    "Person",
    "Program",
    "Stranger",
    "Tally",
    "check",
]

ASK = "gradio_api/call/ask"


class Busy(Exception):
    """Too many wait already, and this one was told so."""


class MixedUp(Exception):
    """The answer to something else."""


class Person(Protocol):
    """Somebody who does one thing after the other."""

    async def act(self) -> str:
        """Do the next thing and return what it was.

        Raises:
            Busy: if the server told that too many wait.
            MixedUp: if the answer belongs to another question.

        """

    async def leave(self) -> None:
        """Close what is open."""


@dataclass(slots=True)
class Tally:
    """What happened: seconds of each thing done by what it was, and what went wrong.

    ``answers`` counts the answers by person, by number.
    """

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[int] = field(default_factory=Counter)
    busy: int = 0
    mixed_up: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def check(question: Question, answer: Mapping[str, Any]) -> None:
    """Raise MixedUp unless an answer, in the form of ``Answer.to_dict``, is to this question."""
    if answer["asked"] != question.text or answer["question"] != question.text:
        raise MixedUp(f"asked {question.text}, answered {answer['asked']}")
    found = [passage["text"] for passage in answer["passages"]]
    if not answer["answered"] or question.paragraph not in found[:1]:
        raise MixedUp(f"asked {question.text}, got {found[:1]}")


class Program:
    """A program that asks ``/ask`` over HTTP."""

    def __init__(self, url: str, questions: Sequence[Question]) -> None:
        self._http = http_client(url)
        self._questions = itertools.cycle(questions)

    async def act(self) -> str:
        """Ask the next question."""
        question = next(self._questions)
        event, data = await ask(self._http, [question.text, None, None])
        if event != "complete":
            raise RuntimeError(f"asked {question.text}, told {event}: {data}")
        check(question, data[0])
        return "asked over HTTP"

    async def leave(self) -> None:
        """Close the connection."""
        await self._http.aclose()


class ClientUser:
    """A program that asks ``/ask`` by gradio_client, which waits in a thread of ``threads``."""

    def __init__(self, url: str, questions: Sequence[Question], threads: Executor) -> None:
        self._url = url
        self._questions = itertools.cycle(questions)
        self._threads = threads
        self._client: Any = None

    async def act(self) -> str:
        """Ask the next question; connect first if need be."""
        question = next(self._questions)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._ask, question.text)
        check(question, answer)
        return "asked by gradio_client"

    async def leave(self) -> None:
        """Close the client, if it ever connected."""
        if self._client is not None:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._client.close)

    def _ask(self, question: str) -> dict[str, Any]:
        from gradio_client import Client
        from gradio_client.utils import QueueError

        if self._client is None:
            self._client = Client(
                self._url,
                httpx_kwargs={"timeout": PATIENCE},
                verbose=False,
                analytics_enabled=False,
            )
        try:
            asked = self._client.submit(question, api_name="/ask")
            answer: dict[str, Any] = asked.result(timeout=PATIENCE)
        except QueueError as error:
            raise Busy(str(error)) from error
        return answer


@dataclass(frozen=True, slots=True)
class Broken:
    """A request that has to be refused with one of ``statuses``."""

    method: str
    path: str
    content: bytes
    statuses: tuple[int, ...]


BROKEN_REQUESTS = (
    Broken("POST", ASK, b'{"data": [', (422,)),
    Broken("POST", ASK, b'{"data": "x"}', (422,)),
    Broken("POST", ASK, b"[" * 100_000, (413,)),
    Broken("POST", ASK, b'{"data": ["\xff\xfe"]}', (400,)),
    Broken("PUT", ASK, b"{}", (405,)),
    Broken("POST", "gradio_api/call/nothing", b'{"data": []}', (404,)),
    Broken("POST", "gradio_api/call/open_page", b'{"data": []}', (404,)),
    Broken("GET", "gradio_api/file=/etc/passwd", b"", (404,)),
    Broken("POST", "gradio_api/queue/join", b"{}", (422,)),
    Broken("GET", "gradio_api/queue/data", b"", (422,)),
    Broken("POST", "gradio_api/upload", b"x", (400,)),
    Broken("POST", "gradio_api/upload", b"x" * 20_100_000, (400, 413)),
)
WRONG_QUESTIONS: tuple[list[object], ...] = (
    ["长" * 2_001, None, None],
    [5, None, None],
    ["灯塔", "不是列表", None],
    ["灯塔", None, -1],
)
NOT_HTTP = b"\x16\x03\x01 not a request\r\n\r\n"


class Stranger:
    """Somebody who sends what no page would, asks and does not wait, or speaks no HTTP."""

    def __init__(self, url: str, start: int) -> None:
        self._url = url
        self._http = http_client(url)
        tricks = [*BROKEN_REQUESTS, *WRONG_QUESTIONS, "walk away", "no HTTP"]
        start %= len(tricks)
        self._tricks: Iterator[Any] = itertools.cycle(tricks[start:] + tricks[:start])

    async def act(self) -> str:
        """Send the next thing; RuntimeError if it is not refused as it should be."""
        trick = next(self._tricks)
        if isinstance(trick, Broken):
            await self._send(trick)
        elif isinstance(trick, list):
            event, data = await ask(self._http, trick)
            if event != "error":
                raise RuntimeError(f"asked {str(trick)[:40]}, told {event}: {data}")
        elif trick == "walk away":
            await self._walk_away()
        else:
            await self._speak_no_http()
        return "broken requests"

    async def leave(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def _send(self, broken: Broken) -> None:
        reply = await self._http.request(
            broken.method,
            broken.path,
            content=broken.content,
            headers={"content-type": "application/json"},
        )
        if reply.status_code not in broken.statuses:
            told = f"{reply.status_code} {reply.text[:80]}"
            raise RuntimeError(f"{broken.method} {broken.path}: {told}")

    async def _walk_away(self) -> None:
        """Ask, and close the connection as soon as the answer might begin."""
        number = await _join(self._http, ["灯塔有多高？", None, None])
        async with self._http.stream("GET", f"{ASK}/{number}") as stream:
            stream.raise_for_status()

    async def _speak_no_http(self) -> None:
        address = urlsplit(self._url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(NOT_HTTP)
        await writer.drain()
        told = await reader.read()
        writer.close()
        await writer.wait_closed()
        if b" 400 " not in told.split(b"\r\n")[0]:
            raise RuntimeError(f"something that is not HTTP was told {told[:80]!r}")


def http_client(url: str) -> httpx.AsyncClient:
    """Return a client that waits a little longer than a person's patience."""
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE + 5, trust_env=False, verify=False)


async def ask(http: httpx.AsyncClient, data: Sequence[object]) -> tuple[str, Any]:
    """Call ``/ask`` and return the event it ends with, and its data.

    Raises:
        Busy: if the server told that too many wait.
        RuntimeError: if the stream ends without an answer.

    """
    number = await _join(http, data)
    event = ""
    async with http.stream("GET", f"{ASK}/{number}") as stream:
        stream.raise_for_status()
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event in ("complete", "error"):
                return event, json.loads(line.removeprefix("data: "))
    raise RuntimeError("the stream ended without an answer")


async def _join(http: httpx.AsyncClient, data: Sequence[object]) -> str:
    reply = await http.post(ASK, json={"data": data})
    if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE and "Queue is full" in reply.text:
        raise Busy(reply.text)
    reply.raise_for_status()
    return str(reply.json()["event_id"])
