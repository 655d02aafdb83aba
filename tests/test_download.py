"""Addresses: only when allowed, only public ones, within bounds; against a real server."""

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qa import loaders
from qa.cli import main
from qa.errors import DocumentError
from qa.loaders.addresses import is_address
from qa.loaders.download import Address, Policy, download, is_public

PAGE = "<h1>渡口</h1><p>渡口的木船每天早上六点开出第一班。</p>".encode()
Answer = Callable[[BaseHTTPRequestHandler], None]


class _Handler(BaseHTTPRequestHandler):
    answers: dict[str, Answer]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        try:
            self.answers[self.path.partition("?")[0]](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def page(kind: str, data: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def redirect(to: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(200):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.fixture
def site() -> Iterator[Callable[[dict[str, Answer]], str]]:
    """Serve answers under their paths on loopback; returns the address of the site."""
    servers: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, Answer]) -> str:
        handler = type("Handler", (_Handler,), {"answers": answers, "asked": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def only_first_loopback(address: Address) -> bool:
    """Stand for the public internet, of which every other address is not."""
    return str(address) == "127.0.0.1"


def policy(site: str, **limits: float) -> Policy:
    port = int(site.rpartition(":")[2])
    return Policy(
        only_first_loopback,
        (port,),
        int(limits.get("max_bytes", 10_000)),
        limits.get("max_seconds", 20.0),
    )


Site = Callable[[dict[str, Answer]], str]


@pytest.mark.parametrize(
    ("kind", "path", "read_as"),
    [
        ("text/html; charset=utf-8", "/a", ".html"),
        ("application/pdf", "/a", ".pdf"),
        ("text/plain", "/a.md", ".md"),
        ("text/plain", "/a.php", ".txt"),
        ("application/octet-stream", "/a.docx", ".docx"),
    ],
)
def test_the_type_says_how_it_is_read(kind: str, path: str, read_as: str, site: Site) -> None:
    address = site({path: page(kind, PAGE)})
    found = download(f"{address}{path}?渡=口", allowed=True, policy=policy(address))
    assert (found.data, found.kind) == (PAGE, read_as)


def test_redirects_are_followed_and_counted(site: Site) -> None:
    address = site({"/a": redirect("/b"), "/b": page("text/html", PAGE), "/c": redirect("/c")})
    assert download(f"{address}/a", allowed=True, policy=policy(address)).data == PAGE
    with pytest.raises(DocumentError, match="redirected more than 5 times"):
        download(f"{address}/c", allowed=True, policy=policy(address))


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.2:{port}/b",
        "http://localhost.:{port}@127.0.0.2:{port}/b",
        "//[::1]:{port}/b",
        "file:///etc/hostname",
        "ftp://127.0.0.1/b",
        "http://127.0.0.1:1/b",
        "http://user:word@127.0.0.1:{port}/b",
    ],
)
def test_a_redirect_to_what_may_not_be_read_is_refused(to: str, site: Site) -> None:
    answers: dict[str, Answer] = {"/b": page("text/html", b"secret")}
    address = site(answers)
    answers["/a"] = redirect(to.format(port=address.rpartition(":")[2]))
    with pytest.raises(DocumentError, match=rf"^{address}/a: it (leads|holds)|private or local"):
        download(f"{address}/a", allowed=True, policy=policy(address))


def test_what_is_too_large_or_of_another_type_is_refused(site: Site) -> None:
    address = site(
        {
            "/large": page("text/html", bytes(20_000)),
            "/film": page("video/mp4", PAGE),
            "/packed": page("text/html", PAGE, Content_Encoding="gzip"),
            "/gone": lambda handler: handler.send_error(404),
        }
    )
    for path, words in (
        ("/large", "more than 0 MB"),
        ("/film", "of the type video/mp4; expected one of text/html"),
        ("/packed", "compressed"),
        ("/gone", "answers 404"),
    ):
        with pytest.raises(DocumentError, match=words):
            download(address + path, allowed=True, policy=policy(address))


def test_a_site_that_sends_a_byte_at_a_time_does_not_hold_us(site: Site) -> None:
    address = site({"/drip": drip})
    with pytest.raises(DocumentError, match="takes longer than"):
        download(f"{address}/drip", allowed=True, policy=policy(address, max_seconds=0.3))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.168.1.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "114.114.114.114", "2606:4700:4700::1111"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_the_own_machine_is_read(host: str) -> None:
    with pytest.raises(DocumentError, match=r"private or local|cannot be fetched"):
        download(f"http://{host}/", allowed=True)


@pytest.mark.parametrize(
    "address", ["http://", "http://[", "http://a:x/", "http://..", "http:///a"]
)
def test_what_is_no_address_is_named(address: str) -> None:
    with pytest.raises(DocumentError):
        download(address, allowed=True)


def test_addresses_are_files_of_no_folder_unless_allowed() -> None:
    (problem,) = loaders.load_paths(["https://example.com/a"]).problems
    assert "--allow-url" in str(problem)
    (problem,) = loaders.load_paths(["http://127.0.0.1/a"], allow_addresses=True).problems
    assert "private or local network" in str(problem)


def test_what_is_an_address() -> None:
    assert is_address("HTTPS://example.com")
    assert not is_address("https.txt")
    assert not is_address("ftp://example.com")


@pytest.mark.parametrize(
    ("options", "words"), [((), "--allow-url"), (("--allow-url",), "private or local network")]
)
def test_the_command_line_reads_addresses_only_when_allowed_and_never_local_ones(
    options: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["ask", *options, "--corpus", "http://127.0.0.1/a.html", "谁?"]) == 1
    assert words in capsys.readouterr().err


def slowly(handler: BaseHTTPRequestHandler) -> None:
    """Send a page without its length, and never the end of it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(PAGE)
    handler.wfile.flush()
    handler.rfile.read(1)


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: of the same\r\n" * 100)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (page("text/html", PAGE, Content_Length=str(len(PAGE) + 40)), "40 of its bytes did not"),
        (slowly, "it takes longer than"),
        (endless_headers, "it cannot be fetched"),
    ],
    ids=["cut short", "cut at the deadline", "endless headers"],
)
def test_what_did_not_come_whole_is_no_short_article(answer: Answer, told: str, site: Site) -> None:
    address = site({"/page": answer})
    limit = 1.0 if answer is slowly else 60.0
    with pytest.raises(DocumentError, match=told):
        download(f"{address}/page", allowed=True, policy=policy(address, max_seconds=limit))
