"""What a stranger on the network may reach, and what a browser may do with it.

Gradio serves more than this page needs. Only the paths listed here are passed on to it; of
everything else the answer is 404.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["HEADERS", "OPEN_PATHS", "Gate"]

OPEN_PATHS = (
    "",  # the page
    r"assets/.+|static/.+|svelte/.+|theme\.css|favicon\.ico|manifest\.json|robots\.txt",
    r"pwa_icon(/\d+)?",
    r"config",  # which parts the page has
    r"login|logout|login_check|user|token|app_id",
    r"gradio_api/(info|openapi\.json|theme\.css|startup-events|app_id|user|login_check|token)",
    # Events of the page: in the queue, and those that need not wait.
    r"gradio_api/(queue/(join|data)|run/predict|cancel|reset|heartbeat/[^/]+)",
    r"gradio_api/(upload|upload_progress)",  # own articles, at most uploads.FILE_BYTES each
    r"gradio_api/call/(v2/)?ask(/[^/]+)?",  # the structured endpoint
    r"gradio_api/mcp(/.*)?",  # there only when the owner turned it on
)
"""Patterns of the paths that are open, each matched whole, without slashes at the ends."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        # Gradio's own page has inline scripts and compiles its templates in the browser.
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        b"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        b"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_OPEN = re.compile("|".join(OPEN_PATHS))


class Gate:
    """ASGI middleware that lets only open paths through and adds the headers to every reply.

    ``root_path`` is the path below which a proxy serves the page, if the proxy leaves it in.
    """

    def __init__(self, application: Application, root_path: str = "") -> None:
        self._application = application
        self._root = root_path.strip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._application(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message.get("headers", ())}
                added = [header for header in HEADERS if header[0] not in given]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        if self._is_open(str(scope["path"])):
            await self._application(scope, receive, send_with_headers)
            return
        await send_with_headers(
            {
                "type": "http.response.start",
                "status": 404,
                "headers": [(b"content-type", b"text/plain")],
            }
        )
        await send({"type": "http.response.body", "body": b"Not found"})

    def _is_open(self, path: str) -> bool:
        wanted = path.strip("/")
        if self._root and (wanted == self._root or wanted.startswith(f"{self._root}/")):
            wanted = wanted[len(self._root) :].strip("/")
        return ".." not in wanted and _OPEN.fullmatch(wanted) is not None
