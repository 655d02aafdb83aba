"""What is sent to the server, bounded before anything reads it: length, time, depth, number."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from qa.web.gate.asgi import Message, Receive, Refusal, Scope, header

__all__ = [
    "ARTICLE_CHARACTERS",
    "Gone",
    "Share",
    "check_json",
    "claimed_length",
    "limited",
    "replayed",
    "whole_body",
]

ARTICLE_CHARACTERS = 500_000
"""Longest article that is taken, in characters."""

JSON_BYTES = 4 * ARTICLE_CHARACTERS
"""Largest body but for uploads: a pasted article of the longest kind in UTF-8, and its quotes."""

LOGIN_BYTES = 10_000
BODY_SECONDS = 10.0
"""Time in which such a body has to be there, and longest pause in an upload."""

UPLOAD_SECONDS = 600.0

DEPTH = 32
"""Lists and objects within each other."""

VALUES = 10_000
"""Values in all lists and objects together."""

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_PLAIN = bytes({*range(256)} - {*b"[]{},"})


class Gone(Exception):
    """Whoever sent the request has hung up."""


class Share:
    """An amount that all visitors have together, of which one may take no more than half."""

    def __init__(self, most: int, told: str) -> None:
        self._most = most
        self._told = told
        self._taken: Counter[str] = Counter()

    def take(self, visitor: str, amount: int) -> None:
        """Take an amount.

        Raises:
            Refusal: if there is not so much left, in all or for this visitor.

        """
        own = self._taken[visitor] + amount
        if own > self._most // 2 or self._taken.total() + amount > self._most:
            raise Refusal(503, self._told, wait=5)
        self._taken[visitor] = own

    def note(self, visitor: str, amount: int) -> None:
        """Take an amount that is there already, whether there is so much left or not."""
        self._taken[visitor] += amount

    def give_back(self, visitor: str, amount: int) -> None:
        """Give back an amount that was taken."""
        self._taken[visitor] -= amount
        if self._taken[visitor] <= 0:
            del self._taken[visitor]

    @contextmanager
    def held(self, visitor: str) -> Iterator["Holding"]:
        """Yield something to take with; all is given back at the end."""
        holding = Holding(self, visitor)
        try:
            yield holding
        finally:
            self.give_back(visitor, holding.amount)


class Holding:
    """What one request of a visitor has taken of a share."""

    def __init__(self, share: Share, visitor: str) -> None:
        self._share = share
        self._visitor = visitor
        self.amount = 0

    def add(self, amount: int) -> None:
        """Take more; raises Refusal if there is not so much left."""
        self._share.take(self._visitor, amount)
        self.amount += amount


def claimed_length(scope: Scope, limit: int) -> int:
    """Return the length that a request says its body has, 0 if it does not say.

    Raises:
        Refusal: if it is over the limit, or no number.

    """
    claimed = header(scope, b"content-length")
    if not claimed:
        return 0
    if not (claimed.isascii() and claimed.isdigit()):
        raise Refusal(400, "content-length is no number")
    if len(claimed) > 15 or int(claimed) > limit:
        raise _too_large(limit)
    return int(claimed)


async def whole_body(receive: Receive, limit: int, holding: Holding) -> bytes:
    """Return a body once it has arrived whole.

    Raises:
        Refusal: if it is over the limit, or takes longer than ``BODY_SECONDS``.
        Gone: if the connection ends before.

    """
    parts = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                part = _part(message)
                if len(parts) + len(part) > limit:
                    raise _too_large(limit)
                holding.add(len(part))
                parts += part
                if not message.get("more_body", False):
                    return bytes(parts)
    except TimeoutError:
        raise Refusal(408, f"the body was not there after {BODY_SECONDS:.0f} seconds") from None


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives an application a body that was read already, then goes on as before."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def limited(receive: Receive, limit: int) -> Receive:
    """Return what hands over a body as it arrives, within a limit in bytes and in time.

    Raises Refusal or Gone, through whatever reads it.
    """
    received = 0
    end = asyncio.get_running_loop().time() + UPLOAD_SECONDS
    whole = False

    async def counted() -> Message:
        nonlocal received, whole
        if whole:
            return await receive()
        left = end - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(left, BODY_SECONDS)):
                message = await receive()
        except TimeoutError:
            raise Refusal(408, "the upload stopped, or takes too long") from None
        received += len(_part(message))
        if received > limit:
            raise _too_large(limit)
        whole = not message.get("more_body", False)
        return message

    return counted


def check_json(body: bytes) -> None:
    """Raise Refusal if a body would take long to be read as JSON; whether it is any is not told."""
    marks = body.count(b"[") + body.count(b"{")
    if marks + body.count(b",") <= VALUES and marks <= DEPTH:
        return
    structure = _STRINGS.sub(b"", body).translate(None, _PLAIN)
    if len(structure) > 2 * VALUES:
        raise Refusal(413, f"the JSON has more than {VALUES:,} values")
    depth = 0
    for mark in structure:
        depth += (mark in b"[{") - (mark in b"]}")
        if depth > DEPTH:
            raise Refusal(413, f"the JSON is nested deeper than {DEPTH}")


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise Gone
    part: bytes = message.get("body", b"")
    return part


def _too_large(limit: int) -> Refusal:
    return Refusal(413, f"the body has more than {limit:,} bytes")
