"""Who may go on where a login is asked for, and how often somebody may guess a password."""

import asyncio
import re
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.web.gate.asgi import Message, Refusal, Scope, header

__all__ = ["Attempts", "Login", "accounts", "check_login", "harden_cookies"]

Login = tuple[str, str] | list[tuple[str, str]]

WRONG_PASSWORDS = 10
"""Wrong ones of one visitor within ``WRONG_SECONDS``; after that none is looked at."""

WRONG_SECONDS = 600.0
DELAY_SECONDS = 1.0
"""How long the reply to a wrong password takes."""

_REMEMBERED = 10_000
# What the form for the login is made of; nothing here tells anything about articles or people.
_BEFORE = re.compile(
    r"|assets/.+|static/.+|svelte/.+|(gradio_api/)?theme\.css|favicon\.ico|manifest\.json"
    r"|robots\.txt|pwa_icon(/\d+)?|healthz|login|gradio_api/login_check"
)
_STARTUP = "gradio_api/startup-events"
_SAME_SITE = re.compile(rb"samesite=none", re.IGNORECASE)


def accounts(*, typed: str | None, file: str | None, environment: str | None) -> Login | None:
    """Return the names and passwords of a command line, of a file, or of the environment.

    Each is ``USER:PASSWORD``; a file has one in each line. The first that was given counts; None
    if none was.

    Raises:
        QAError: if one is not of this form, or the file cannot be read.

    """
    if typed:
        return [_account(typed, "--auth")]
    if file:
        try:
            lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            raise QAError(f"the file of passwords {file} cannot be read ({error})") from error
        found = [_account(line, f"a line of {file}") for line in lines if line.strip()]
        if not found:
            raise QAError(f"there is no line USER:PASSWORD in {file}")
        return found
    return [_account(environment, "QA_AUTH")] if environment else None


def _account(text: str, where: str) -> tuple[str, str]:
    user, separator, password = text.partition(":")
    if not (user and separator and password):
        raise QAError(f"{where} is not of the form USER:PASSWORD")
    return user, password


def check_login(scope: Scope, path: str) -> None:
    """Raise Refusal unless who asks has logged in, or the path belongs to the login itself."""
    app: Any = scope["app"]
    if app.auth is None or _BEFORE.fullmatch(path):
        return
    # The server calls this one itself, once, before it is there for anybody.
    if path == _STARTUP and not app.startup_events_triggered:
        return
    try:
        cookies = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        cookies = SimpleCookie()
    for name in (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}"):
        if name in cookies and cookies[name].value in app.tokens:
            return
    raise Refusal(401, "log in first")


def harden_cookies(message: Message, scheme: str) -> Message:
    """Return the start of a reply whose cookies no other site's form or frame sends back."""
    headers = []
    for name, value in message.get("headers", ()):
        changed = value
        if name.lower() == b"set-cookie":
            changed = _SAME_SITE.sub(b"SameSite=lax", value)
            if scheme == "https" and b"secure" not in changed.lower().split(b"; "):
                changed += b"; Secure"
        headers.append((name, changed))
    return {**message, "headers": headers}


class Attempts:
    """Counts the wrong passwords of each visitor."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def begin(self, visitor: str) -> float:
        """Note that a visitor tries a password; return what :meth:`right` wants.

        It counts as wrong until it is known to be right, so that many at once gain nothing.

        Raises:
            Refusal: if the visitor has tried too often.

        """
        now = time.monotonic()
        tried = [one for one in self._wrong.get(visitor, ()) if now - one < WRONG_SECONDS]
        if len(tried) >= WRONG_PASSWORDS:
            raise Refusal(
                429,
                "too many wrong passwords; try again later",
                wait=WRONG_SECONDS - (now - tried[0]),
            )
        self._wrong[visitor] = [*tried, now]
        self._wrong.move_to_end(visitor)
        while len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)
        return now

    def right(self, visitor: str, begun: float) -> None:
        """Note that what was tried was right."""
        tried = self._wrong.get(visitor, [])
        if begun in tried:
            tried.remove(begun)

    @staticmethod
    async def delay() -> None:
        """Wait before a wrong password is told to be wrong."""
        await asyncio.sleep(DELAY_SECONDS)
