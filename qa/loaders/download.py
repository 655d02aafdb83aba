"""A document from an address on the public internet, when the owner allows it.

Every address is resolved once, refused unless it is a public one, and connected to as
resolved, so that a name cannot point elsewhere between the check and the connection;
redirects are checked in the same way. Proxy settings are not used, and nothing but the
address is sent: no cookie, no login, no referrer.
"""

import contextlib
import http.client
import ipaddress
import posixpath
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from qa.errors import DocumentError
from qa.loaders.limits import MAX_DOWNLOAD_BYTES, MAX_DOWNLOAD_SECONDS

__all__ = ["PUBLIC", "Downloaded", "Policy", "download", "is_public"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SCHEMES = ("http", "https")
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_CHUNK_BYTES = 65_536
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~-._?"
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
# A tunnel or translator would carry these to an IPv4 address that was never checked.
_CARRIERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32", "::/96")))


@dataclass(frozen=True, slots=True)
class Downloaded:
    """The bytes behind an address, and which kind of file they are (``.html``)."""

    data: bytes
    kind: str


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet: no private, local or special one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@dataclass(frozen=True, slots=True)
class Policy:
    """Which addresses and ports may be connected to, and how much and how long is read."""

    may_connect: Callable[[Address], bool] = is_public
    ports: tuple[int, ...] = (80, 443)
    max_bytes: int = MAX_DOWNLOAD_BYTES
    max_seconds: float = MAX_DOWNLOAD_SECONDS


PUBLIC = Policy()


def download(address: str, *, allowed: bool, policy: Policy = PUBLIC) -> Downloaded:
    """Return what an address holds, after at most five redirects.

    Raises:
        DocumentError: if addresses are not allowed, or this one is not, leads to one that is
            not, does not answer, or holds too much or no kind of text.

    """
    if not allowed:
        raise DocumentError(
            address,
            "addresses are not read unless the owner allows it; start with --allow-url, or set "
            "Config.allow_addresses",
        )
    deadline = time.monotonic() + policy.max_seconds
    current = address
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            found = _request(current, address, policy, deadline)
        except TimeoutError as error:
            raise _too_slow(address, policy) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DocumentError(
                address, f"it cannot be fetched ({error or type(error).__name__})"
            ) from error
        if isinstance(found, Downloaded):
            return found
        current = urljoin(current, found)
    raise DocumentError(address, f"it is redirected more than {_MOST_REDIRECTS} times")


def _request(current: str, source: str, policy: Policy, deadline: float) -> Downloaded | str:
    """Return what an address holds, or where it sends to."""
    parts = urlsplit(current)
    connection = _connection(parts, source, policy, deadline)
    cut = threading.Event()
    # A time-out for each packet alone would let a site send one byte a minute for ever.
    watch = threading.Timer(max(deadline - time.monotonic(), 0.0), _cut, [connection.sock, cut])
    watch.daemon = True
    watch.start()
    try:
        target = quote(parts.path or "/", safe=_SAFE_IN_PATH)
        if parts.query:
            target += "?" + quote(parts.query, safe=_SAFE_IN_PATH)
        headers = {"Accept": ", ".join(_KINDS), "Accept-Encoding": "identity"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        location = response.getheader("Location")
        if response.status in _REDIRECTS and location:
            return location
        if response.status != 200:
            raise DocumentError(source, f"the site answers {response.status} {response.reason}")
        kind = _kind(response, parts, source)
        found = Downloaded(_read(response, source, policy), kind)
    except (OSError, http.client.HTTPException):
        if not cut.is_set():
            raise
    finally:
        watch.cancel()
        connection.close()
    if cut.is_set():
        # What was cut may look like a whole, short answer.
        raise _too_slow(source, policy)
    return found


def _too_slow(source: str, policy: Policy) -> DocumentError:
    return DocumentError(source, f"it takes longer than {policy.max_seconds:g} seconds")


def _cut(connected: socket.socket, cut: threading.Event) -> None:
    cut.set()
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _connection(
    parts: SplitResult, source: str, policy: Policy, deadline: float
) -> http.client.HTTPConnection:
    """Return an open connection to the address that was checked."""
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise DocumentError(source, "it leads to something else than an http or https address")
    if parts.username or parts.password:
        raise DocumentError(source, "it holds a login; give the address without it")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if port not in policy.ports:
        raise DocumentError(source, f"it leads to port {port}, which is not connected to")
    host = (
        parts.hostname.encode("idna").decode("ascii")
        if not _is_literal(parts.hostname)
        else parts.hostname
    )
    checked = _checked_address(host, port, source, policy)
    left = max(deadline - time.monotonic(), 0.1)
    connected = socket.create_connection((str(checked), port), timeout=left)
    if parts.scheme == "https":
        # The certificate has to be the one of the name, whichever address it was resolved to.
        connected = ssl.create_default_context().wrap_socket(
            connected, server_hostname=host, suppress_ragged_eofs=False
        )
    connection = http.client.HTTPConnection(host, port, timeout=left)
    connection.sock = connected
    return connection


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _checked_address(host: str, port: int, source: str, policy: Policy) -> Address:
    """Return the address of a host; all that it has must be allowed."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(map(policy.may_connect, addresses)):
        raise DocumentError(
            source,
            f"{host} is in a private or local network, and only the public internet is read; "
            "save the page as a file and load that",
        )
    return addresses[0]


def _kind(response: http.client.HTTPResponse, parts: SplitResult, source: str) -> str:
    """Return the kind of file that a response says it is, or that its address ends with."""
    if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise DocumentError(source, "the site sends it compressed although asked not to")
    declared = response.headers.get_content_type()
    suffix = posixpath.splitext(parts.path)[1].lower()
    kind = _KINDS.get(declared)
    if kind == ".txt" and suffix in (".md", ".markdown", ".csv", ".jsonl"):
        return suffix
    if kind is None and declared == "application/octet-stream" and suffix in _KINDS.values():
        return suffix
    if kind is None:
        raise DocumentError(
            source, f"it is of the type {declared}; expected one of {', '.join(_KINDS)}"
        )
    return kind


def _read(response: http.client.HTTPResponse, source: str, policy: Policy) -> bytes:
    """Return the body, a part at a time, as long as its size allows."""
    data = bytearray()
    while part := response.read1(_CHUNK_BYTES):
        data += part
        if len(data) > policy.max_bytes:
            raise DocumentError(
                source, f"it has more than {policy.max_bytes / 2**20:,.0f} MB, which is not fetched"
            )
    if response.length:
        raise DocumentError(
            source, f"{response.length:,} of its bytes did not come; try again in a moment"
        )
    return bytes(data)
