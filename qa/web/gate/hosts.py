"""Which names the page is served under, which sites may call it, and which proxy is believed.

A site can let its own name lead to this machine (DNS rebinding); a browser then takes the page
for a part of that site. So a request has to name an address or a name that is served.
"""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from qa.web.gate.asgi import Refusal, Scope, header

__all__ = ["Hosts", "forget_forwarded"]

_DEFAULT_PORTS = ("80", "443")
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What gradio or the server believes of a request without asking who sent it.
_FORWARDED = (b"x-forwarded-", b"x-gradio-server", b"forwarded", b"x-real-ip")


def forget_forwarded(scope: Scope) -> None:
    """Take out of a request what only a proxy that was named may say."""
    scope["headers"] = [one for one in scope["headers"] if not one[0].startswith(_FORWARDED)]


class Hosts:
    """Checks what a request says about where it goes and where it comes from.

    Any address is served, since no name leads to it but by the one who typed it; of names
    ``localhost``, the machine's own and those that the owner gave.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        own = socket.gethostname().lower()
        self._given = {name.lower() for name in names}
        self._names = {"localhost", own, f"{own}.local", *self._given}

    def check(self, scope: Scope) -> None:
        """Raise Refusal unless a request is for this page, and not from another site's."""
        hosts = [one for one in (header(scope, b"host"), self._forwarded(scope)) if one]
        if not hosts:
            raise Refusal(400, "no Host in the request")
        for host in hosts:
            if not self._serves(_split(host)[0]):
                raise Refusal(
                    421,
                    "not served under this name; whoever runs the server can add it: "
                    "qa serve --name NAME",
                )
        origin = header(scope, b"origin")
        is_foreign = bool(origin) and not self._is_own(origin, hosts)
        crosses = header(scope, b"sec-fetch-site") == "cross-site"
        if is_foreign or (crosses and scope["method"] not in _SAFE_METHODS):
            raise Refusal(403, "not to be called by another site")

    @staticmethod
    def _forwarded(scope: Scope) -> str:
        return header(scope, b"x-forwarded-host").partition(",")[0].strip()

    def _serves(self, name: str) -> bool:
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _is_own(self, origin: str, hosts: Iterable[str]) -> bool:
        try:
            parts = urlsplit(origin)
            sent_from = (parts.hostname or "").lower(), _port(str(parts.port or ""))
        except ValueError:
            return False
        # A proxy may listen to another port than it passes on.
        return sent_from[0] in self._given or sent_from in map(_split, hosts)


def _split(host: str) -> tuple[str, str]:
    """Return name, or address without brackets, and port of a Host header."""
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        return name.lower(), _port(port.removeprefix(":"))
    name, _, port = host.partition(":")
    return name.lower().rstrip("."), _port(port)


def _port(port: str) -> str:
    """Return a port, "" for what is the default of http or https."""
    return "" if port in _DEFAULT_PORTS else port
