"""What a stranger on the network may reach, and what a browser may do with it.

Gradio serves more than this page needs. Only the paths listed here are passed on to it; of
everything else the answer is 404. What is passed on has been looked at first: who sends it, from
which site, whether somebody has to log in, and how much it is.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.errors import QAError
from qa.web.gate.asgi import Application, Message, Receive, Refusal, Scope, Send, refuse
from qa.web.gate.bodies import (
    JSON_BYTES,
    LOGIN_BYTES,
    Gone,
    Share,
    check_json,
    claimed_length,
    limited,
    replayed,
    whole_body,
)
from qa.web.gate.hosts import Hosts, forget_forwarded
from qa.web.gate.login import Attempts, check_login, harden_cookies
from qa.web.gate.turns import Turns
from qa.web.gate.uploaded import UPLOAD_BYTES, Uploaded
from qa.web.gate.visitors import Connections, visitor_of

__all__ = ["HEADERS", "OPEN_PATHS", "Gate", "checked_origin"]

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
    r"healthz",  # for whoever looks after the server
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

HELD_BYTES = 64_000_000
"""Bodies that have arrived, wholly or in part, and are not answered yet, of all visitors."""

AT_ONCE = 8
"""Events that do not wait in the queue, at the same time."""

WAITING = 64
"""Such events that may wait."""

LONGEST_SESSION = 200
"""Characters of a session's name; gradio's own have about a dozen."""

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_OPEN = re.compile("|".join(OPEN_PATHS))
_BODY_METHODS = ("POST", "PUT", "PATCH", "DELETE")
_STREAM = re.compile(r"gradio_api/(?:heartbeat/(?P<session>[^/]+)|queue/data)")


def checked_origin(text: str) -> str:
    """Return the origin of a site as browsers write it: ``https://example.org:8443``.

    Raises:
        QAError: if it is none.

    """
    match = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    if match is None:
        raise QAError(
            f"{text!r} is no origin of a site; expected for example https://example.org or "
            "http://localhost:8000, without a path"
        )
    return match.group()


def _headers(embed: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every reply where the site ``embed`` may frame the page."""
    if not embed:
        return HEADERS
    own = b"frame-ancestors " + embed.encode("ascii")
    return tuple(
        (name, value.replace(b"frame-ancestors 'none'", own))
        for name, value in HEADERS
        # This header can name no other site; browsers go by the policy.
        if name != b"x-frame-options"
    )


class Gate:
    """ASGI middleware that lets only open paths through and adds the headers to every reply.

    ``root_path`` is the path below which a proxy serves the page, if the proxy leaves it in;
    ``names`` are those that the page is served under beside its addresses; ``proxies`` the
    addresses or networks of proxies that are believed when they say for whom they ask.
    ``connections`` is told which sessions have one; ``embed`` is the origin of the one site that
    may show the page in a frame, "" for none.
    """

    def __init__(
        self,
        application: Application,
        root_path: str = "",
        names: Iterable[str] = (),
        proxies: Iterable[str] = (),
        connections: Connections | None = None,
        embed: str = "",
    ) -> None:
        self._application = application
        self._headers = _headers(embed)
        self._root = root_path.strip("/")
        self._hosts = Hosts(names)
        self._connections = connections or Connections()
        self._attempts = Attempts()
        self._held = Share(HELD_BYTES, "too much is sent at once; try again in a moment")
        self._turns = Turns(AT_ONCE, WAITING)
        self._uploaded = Uploaded()
        self._behind_proxy = ProxyHeadersMiddleware(self._serve, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._application(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else None
        if peer not in self._behind_proxy.trusted_hosts:
            forget_forwarded(scope)
        await self._behind_proxy(scope, receive, send)  # type: ignore[arg-type]

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = {name.lower() for name, _ in message.get("headers", ())}
                added = [one for one in self._headers if one[0] not in given]
                message = harden_cookies(message, scope["scheme"])
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        try:
            await self._admit(scope, receive, send_with_headers)
        except Refusal as refusal:
            if not begun:
                await refuse(send_with_headers, refusal)
        except (Gone, ClientDisconnect):
            pass

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._path(str(scope["path"]))
        if ".." in path or not _OPEN.fullmatch(path):
            raise Refusal(404, "Not found")
        self._hosts.check(scope)
        check_login(scope, path)
        if scope["method"] in _BODY_METHODS:
            await self._take(path, scope, receive, send)
        elif stream := _STREAM.fullmatch(path):
            await self._keep_open(stream["session"], scope, receive, send)
        else:
            await self._application(scope, receive, send)

    def _path(self, path: str) -> str:
        """Return a path without slashes at its ends, and without what a proxy has left in."""
        wanted = path.strip("/")
        if self._root and (wanted == self._root or wanted.startswith(f"{self._root}/")):
            wanted = wanted[len(self._root) :].strip("/")
        return wanted

    async def _take(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with a body, within bounds."""
        visitor = visitor_of(scope)
        if path == "gradio_api/upload":
            claimed = claimed_length(scope, UPLOAD_BYTES)
            with self._uploaded.coming(visitor, claimed):
                await self._application(scope, limited(receive, UPLOAD_BYTES), send)
            return
        limit = LOGIN_BYTES if path == "login" else JSON_BYTES
        claimed_length(scope, limit)
        with self._held.held(visitor) as holding:
            body = await whole_body(receive, limit, holding)
            passed = replayed(body, receive)
            if path == "login":
                await self._try_password(visitor, scope, passed, send)
                return
            check_json(body)
            if session := _session(body):
                self._connections.note(session, visitor)
            if path == "gradio_api/run/predict":
                async with self._turns.turn(visitor):
                    await self._application(scope, passed, send)
            else:
                await self._application(scope, passed, send)

    async def _try_password(self, visitor: str, scope: Scope, receive: Receive, send: Send) -> None:
        begun = self._attempts.begin(visitor)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] < 400:
                    self._attempts.right(visitor, begun)
                else:
                    await self._attempts.delay()
            await send(message)

        await self._application(scope, receive, told)

    async def _keep_open(
        self, session: str | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Pass on a connection that stays open, and tell whose it is while it does."""
        if session is None:
            asked = parse_qs(scope["query_string"].decode("latin-1"))
            session = asked.get("session_hash", [""])[0]
        if len(session) > LONGEST_SESSION:
            raise Refusal(400, "no such session")
        visitor = visitor_of(scope)
        if not self._connections.open(session, visitor):
            raise Refusal(429, "too many connections")
        self._connections.note(session, visitor)
        try:
            await self._application(scope, receive, send)
        finally:
            self._connections.close(session, visitor)


def _session(body: bytes) -> str:
    """Return the session that an event names, "" for none.

    Raises:
        Refusal: if it names it by more than a name.

    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        # Gradio tells what is wrong with it.
        return ""
    session = event.get("session_hash") if isinstance(event, dict) else None
    if not isinstance(session, str):
        return ""
    if len(session) > LONGEST_SESSION:
        raise Refusal(400, "no such session")
    return session
