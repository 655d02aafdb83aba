"""Who is behind a request, as far as turns and room are shared out: an address on the network."""

import ipaddress
from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from qa.web.gate.asgi import Scope

__all__ = ["Connections", "visitor_at", "visitor_of"]

_IPV6_PREFIX = 64
"""Bits of an IPv6 address that one household or machine has to itself."""

MOST_CONNECTIONS = 500
"""Open event streams of one visitor."""

_REMEMBERED = 10_000


def visitor_of(scope: Scope) -> str:
    """Return the visitor that a request comes from."""
    client = scope.get("client")
    return visitor_at(client[0] if client else "")


@lru_cache(maxsize=4_096)
def visitor_at(host: str) -> str:
    """Return the visitor at an address: itself, or the network of an IPv6 address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, _IPV6_PREFIX), strict=False))
    return str(address)


class Connections:
    """The sessions whose page, or program, holds a connection open; safe in several threads.

    An invented session costs nothing, a connection does, and the visitor of each is known.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[str, dict[str, int]] = {}
        self._counts: dict[str, int] = {}
        self._visitors: OrderedDict[str, str] = OrderedDict()

    def note(self, session: str, visitor: str) -> None:
        """Note whose a session is."""
        with self._lock:
            self._visitors[session] = visitor
            self._visitors.move_to_end(session)
            if len(self._visitors) > _REMEMBERED:
                self._visitors.popitem(last=False)

    def visitor(self, session: str) -> str:
        """Return whose a session is, "" if that is not known (any more)."""
        return self._visitors.get(session, "")

    def open(self, session: str, visitor: str) -> bool:
        """Note a connection of a session; False if the visitor has too many."""
        with self._lock:
            count = self._counts.get(visitor, 0)
            if count >= MOST_CONNECTIONS:
                return False
            self._counts[visitor] = count + 1
            visitors = self._open.setdefault(session, {})
            visitors[visitor] = visitors.get(visitor, 0) + 1
            return True

    def close(self, session: str, visitor: str) -> None:
        """Note that a connection has ended."""
        with self._lock:
            self._counts[visitor] -= 1
            if not self._counts[visitor]:
                del self._counts[visitor]
            visitors = self._open[session]
            visitors[visitor] -= 1
            if not visitors[visitor]:
                del visitors[visitor]
            if not visitors:
                del self._open[session]

    def is_open(self, session: str) -> bool:
        """Tell whether a session has an open connection."""
        return session in self._open
