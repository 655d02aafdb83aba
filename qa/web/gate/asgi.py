"""The words of ASGI that the layers in front of gradio share."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["Application", "Message", "Receive", "Refusal", "Scope", "Send", "header", "refuse"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Refusal(Exception):
    """A request that goes no further: its status, what is told, and seconds to wait if any."""

    def __init__(self, status: int, told: str, wait: float = 0.0) -> None:
        super().__init__(told)
        self.status = status
        self.told = told
        self.wait = wait


def header(scope: Scope, name: bytes) -> str:
    """Return a header of a request, "" if it has none; ``name`` is in small letters."""
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1").strip()


async def refuse(send: Send, refusal: Refusal) -> None:
    """Send a refusal as the reply to a request, after which the connection is closed."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    if refusal.wait:
        headers.append((b"retry-after", str(round(refusal.wait) or 1).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.told.encode()})
