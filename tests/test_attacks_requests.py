"""What strangers send: too much, too deep, too slowly, for another site, or a guessed password."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from qa.errors import QAError
from qa.web import Server, serve
from qa.web.gate import bodies, login, uploaded
from qa.web.gate.asgi import Refusal
from qa.web.gate.bodies import DEPTH, JSON_BYTES, VALUES, Share, check_json
from qa.web.gate.login import accounts
from qa.web.gate.security import AT_ONCE
from qa.web.gate.uploaded import UPLOAD_BYTES
from qa.web.gate.visitors import visitor_at
from support import http
from support.models import BotMaker
from support.waiting import PATIENCE

ARTICLE = {"灯塔": "灯塔高三十二米。\n"}
ASK = "/gradio_api/call/ask"
POSTED = [
    ASK,
    "/gradio_api/call/v2/ask",
    "/gradio_api/queue/join",
    "/gradio_api/run/predict",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/mcp",
]


@pytest.fixture(scope="module")
def server(make_bot: BotMaker) -> Iterator[Server]:
    served = serve(lambda: make_bot(ARTICLE), port=0, block=False)
    assert served.service.wait(PATIENCE)
    yield served
    served.close()


@pytest.fixture(scope="module")
def guarded(make_bot: BotMaker) -> Iterator[Server]:
    served = serve(
        lambda: make_bot(ARTICLE), port=0, block=False, auth=[("me", "right"), ("you", "also")]
    )
    yield served
    served.close()


def sent(server: Server, head: str, body: bytes = b"") -> bytes:
    """Send the start of a request over a bare connection; return all that comes back."""
    parts = urlsplit(server.url)
    assert parts.hostname is not None
    with socket.create_connection(
        (parts.hostname, parts.port or 80), timeout=PATIENCE
    ) as connected:
        connected.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        told = b""
        try:
            while part := connected.recv(65_536):
                told += part
        except ConnectionResetError:
            pass
        return told


def post(path: str, *headers: str) -> str:
    return "\n".join((f"POST {path} HTTP/1.1", "Host: localhost", *headers))


@pytest.mark.parametrize("path", [*POSTED, "/login"])
def test_a_body_that_says_it_is_too_large_is_not_waited_for(server: Server, path: str) -> None:
    assert b" 413 " in sent(server, post(path, f"Content-Length: {JSON_BYTES + 1}"))


def test_an_upload_that_says_it_is_too_large_is_not_waited_for(server: Server) -> None:
    path = "/gradio_api/upload"
    assert b" 413 " in sent(server, post(path, f"Content-Length: {UPLOAD_BYTES + 1}"))


@pytest.mark.parametrize("path", POSTED)
def test_a_body_of_unsaid_length_is_cut_at_the_limit(server: Server, path: str) -> None:
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    told = sent(
        server, post(path, "Transfer-Encoding: chunked"), piece * (JSON_BYTES // 65_536 + 1)
    )
    assert b" 413 " in told or not told


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "９", "9" * 40])
def test_a_length_that_is_none_is_refused(server: Server, length: str) -> None:
    told = sent(server, post(ASK, f"Content-Length: {length}"))
    assert b" 400 " in told or b" 413 " in told


def test_a_body_that_does_not_come_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    assert b" 408 " in sent(server, post(ASK, "Content-Length: 100"), b'{"data": [')
    form = "Content-Type: multipart/form-data; boundary=x"
    before = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc'
    told = sent(server, post("/gradio_api/upload", "Content-Length: 9999", form), before)
    assert b" 408 " in told
    assert files_left(server) == []


def files_left(server: Server) -> list[Path]:
    return [path for path in Path(server.page.app.uploaded_file_dir).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [' + b"[]," * VALUES + b"[]]}",
        b'{"data": [' + b"1," * VALUES * 2 + b"1]}",
        b'{"data": ' + b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1) + b"}",
        b'{"data": ' + b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1) + b"}",
        b"[" * (JSON_BYTES // 2),
        b'"' + b'\\"' * 1000 + b'"' + b"[" * 100,
    ],
)
@pytest.mark.parametrize("path", POSTED)
def test_json_of_too_many_values_or_too_deep_is_not_read(
    server: Server, path: str, body: bytes
) -> None:
    assert http.post(server.url.rstrip("/") + path, content=body).status_code == 413


@pytest.mark.parametrize("text", ["[" * 50_000, ",{" * 50_000, '\\"[' * 20_000, '"' * 40_000])
def test_a_text_may_hold_what_it_likes(text: str) -> None:
    check_json(json.dumps({"data": [text, None, None]}).encode())


def test_bodies_that_wait_are_shared_out() -> None:
    share = Share(100, "full")
    with share.held("a") as holding:
        holding.add(50)
        with pytest.raises(Refusal):
            holding.add(1)
        share.take("b", 50)
        with pytest.raises(Refusal):
            share.take("c", 1)
    share.take("c", 50)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_a_name_that_leads_here_is_not_served(server: Server, host: str) -> None:
    for path in ("", "config", "gradio_api/info"):
        reply = http.get(server.url + path, headers={"Host": host})
        assert reply.status_code == 421
        assert "--name" in reply.text


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:7860", "192.168.1.7", ""])
def test_addresses_and_this_machine_are_served(server: Server, host: str) -> None:
    headers = {"Host": host} if host else {}
    assert http.get(f"{server.url}config", headers=headers).status_code == 200


def test_what_only_a_proxy_may_say_is_not_believed(server: Server) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    headers |= {"X-Gradio-Server": "http://evil.example", "X-Forwarded-For": "10.9.9.9"}
    for path in ("config", "gradio_api/info", ""):
        reply = http.get(server.url + path, headers=headers)
        assert reply.status_code == 200
        assert "evil" not in reply.text


def test_a_proxy_that_was_named_is_believed(make_bot: BotMaker) -> None:
    served = serve(
        lambda: make_bot(ARTICLE),
        port=0,
        block=False,
        proxies=["127.0.0.1"],
        names=["chat.example"],
    )
    try:
        headers = {"X-Forwarded-Host": "chat.example", "X-Forwarded-Proto": "https"}
        assert "https://chat.example" in http.get(f"{served.url}config", headers=headers).text
        wrong = {"X-Forwarded-Host": "evil.example"}
        assert http.get(f"{served.url}config", headers=wrong).status_code == 421
    finally:
        served.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", [*POSTED, "/gradio_api/upload", "/login"])
def test_no_form_of_another_site_arrives(
    server: Server, path: str, headers: dict[str, str]
) -> None:
    reply = http.post(
        server.url.rstrip("/") + path, files={"files": ("a.txt", b"x")}, headers=headers
    )
    assert reply.status_code == 403
    assert files_left(server) == []


def test_the_page_itself_may_post(server: Server) -> None:
    headers = {"Origin": server.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    reply = http.post(
        server.url.rstrip("/") + ASK, json={"data": ["灯塔多高？", None, None]}, headers=headers
    )
    assert reply.status_code == 200


@pytest.mark.parametrize("path", [*POSTED, "/gradio_api/upload"])
def test_the_login_is_looked_at_before_the_body(guarded: Server, path: str) -> None:
    told = sent(guarded, post(path, f"Content-Length: {JSON_BYTES + 1}"))
    assert b" 401 " in told


OPEN_BEFORE = {
    "",
    "theme.css",
    "favicon.ico",
    "manifest.json",
    "robots.txt",
    "gradio_api/theme.css",
}


@pytest.mark.parametrize(
    "path",
    [
        "config",
        "user",
        "token",
        "app_id",
        "logout",
        "gradio_api/info",
        "gradio_api/openapi.json",
        "gradio_api/app_id",
        "gradio_api/user",
        "gradio_api/token",
        "gradio_api/startup-events",
        "gradio_api/heartbeat/abc",
        "gradio_api/queue/data?session_hash=abc",
        "gradio_api/upload_progress?upload_id=a",
        "gradio_api/call/ask/abc",
    ],
)
def test_all_but_the_login_is_behind_it(guarded: Server, path: str) -> None:
    forged = {"access-token-x": "x"}
    for cookies in ({}, forged):
        assert http.get(guarded.url + path, cookies=cookies).status_code == 401


def test_who_has_logged_in_is_known_by_a_cookie_for_this_site_alone(guarded: Server) -> None:
    assert http.get(guarded.url).status_code == 200
    with httpx.Client(base_url=guarded.url, timeout=PATIENCE) as person:
        reply = person.post("login", data={"username": "me", "password": "right"})
        assert reply.status_code == 200
        cookies = reply.headers.get_list("set-cookie")
        assert len(cookies) == 2
        assert all("samesite=lax" in one.lower() for one in cookies)
        assert all("httponly" in one.lower() for one in cookies)
        assert person.get("config").status_code == 200


def test_passwords_cannot_be_guessed_at_will(
    guarded: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "DELAY_SECONDS", 0.01)
    monkeypatch.setattr(login, "WRONG_PASSWORDS", 5)

    def guess(number: int) -> int:
        return http.post(
            f"{guarded.url}login",
            data={"username": "me", "password": f"guess {number}"},
        ).status_code

    with ThreadPoolExecutor(30) as guessers:
        told = list(guessers.map(guess, range(60)))
    assert told.count(400) <= 5
    assert set(told) == {400, 429}
    # Whoever guesses is not looked at any more, with the right one either.
    right = {"username": "me", "password": "right"}
    refused = http.post(f"{guarded.url}login", data=right)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 100


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"typed": "a:b:c"}, [("a", "b:c")]),
        ({"environment": "我:密码"}, [("我", "密码")]),
        ({"typed": "a:b", "environment": "c:d"}, [("a", "b")]),
        ({}, None),
    ],
)
def test_accounts_come_from_the_first_place_that_has_one(
    given: dict[str, str], found: list[tuple[str, str]] | None
) -> None:
    assert accounts(**{"typed": None, "file": None, "environment": None} | given) == found


def test_accounts_may_be_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "accounts"
    path.write_text("a:b\n\nc:d\n", encoding="utf-8")
    assert accounts(typed=None, file=str(path), environment="x:y") == [("a", "b"), ("c", "d")]
    path.write_text("\n", encoding="utf-8")
    for file in (str(path), str(tmp_path / "none")):
        with pytest.raises(QAError):
            accounts(typed=None, file=file, environment=None)
    for wrong in ("a", "a:", ":b"):
        with pytest.raises(QAError, match="USER:PASSWORD"):
            accounts(typed=wrong, file=None, environment=None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("no address", "no address", True),
    ],
)
def test_who_is_one_visitor(one: str, other: str, *, same: bool) -> None:
    assert (visitor_at(one) == visitor_at(other)) is same


class Knocked(BaseHTTPRequestHandler):
    """Notes that somebody came."""

    came: list[str]

    def do_GET(self) -> None:
        self.came.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"secret")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def inside() -> Iterator[tuple[str, list[str]]]:
    """A server of the local network, and the paths that it was asked for."""
    came: list[str] = []
    handler = type("Handler", (Knocked,), {"came": came})
    local = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=local.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{local.server_port}/x.txt", came
    local.shutdown()
    thread.join()
    local.server_close()


def test_no_event_makes_the_server_fetch_an_address(
    server: Server, inside: tuple[str, list[str]]
) -> None:
    address, came = inside
    file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as program:
        for one in server.page.config["dependencies"]:
            data = [[file] for _ in one["inputs"]]
            session = {"session_hash": f"forger{one['id']}"}
            body = {"fn_index": one["id"], "data": data, "trigger_id": None, **session}
            if one["queue"]:
                assert program.post("gradio_api/queue/join", json=body).status_code == 200
                with program.stream("GET", "gradio_api/queue/data", params=session) as reply:
                    told = "".join(reply.iter_lines())
                assert "process_completed" in told
            else:
                program.post("gradio_api/run/predict", json=body)
        program.post("gradio_api/call/ask", json={"data": [file, None, None]})
    assert came == []


def test_nothing_of_the_queue_goes_past_it(server: Server) -> None:
    queued = [one["id"] for one in server.page.config["dependencies"] if one["queue"]]
    assert queued
    for number in queued:
        body = {"fn_index": number, "data": [None] * 3, "session_hash": "past"}
        reply = http.post(f"{server.url}gradio_api/run/predict", json=body)
        assert reply.status_code == 404
    assert server.page.max_threads // 2 > AT_ONCE


def upload(server: Server, **files: object) -> httpx.Response:
    return http.post(f"{server.url}gradio_api/upload", **files)  # type: ignore[arg-type]


def test_uploads_that_nobody_reads_are_bounded(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploaded, "UPLOAD_BYTES", 1_000)
    gate = Share(10_000, "full")
    kept = uploaded.Uploaded()
    monkeypatch.setattr(kept, "_bytes", gate)
    folder = Path(server.page.app.uploaded_file_dir)
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(5):
        with kept.coming("a", 1_000):
            paths.append(folder / f"{number}.txt")
            paths[-1].write_bytes(b"x" * 1_000)
            uploaded.note_arrived([str(paths[-1])])
    with pytest.raises(Refusal), kept.coming("a", 1_000):
        pass
    with kept.coming("b", 1_000):
        pass
    for path in paths:
        path.unlink()
    with kept.coming("a", 1_000):
        pass


@pytest.mark.parametrize(
    "files",
    [
        {"files": {"other": ("a.txt", b"x")}},
        {"files": {"files": (None, b"x" * 1_000_000)}},
        {"files": [("files", ("a.txt", b"x"))] * (uploaded.FILES_AT_ONCE + 1)},
    ],
)
def test_an_upload_holds_some_files_and_nothing_else(
    server: Server, files: dict[str, object]
) -> None:
    assert upload(server, **files).status_code == 400
    assert files_left(server) == []


def test_uploads_end_with_the_server(make_bot: BotMaker) -> None:
    served = serve(lambda: make_bot(ARTICLE), port=0, block=False)
    folder = Path(served.page.app.uploaded_file_dir)
    assert upload(served, files={"files": ("a.txt", b"x")}).status_code == 200
    (path,) = files_left(served)
    others = os.environ["GRADIO_TEMP_DIR"]
    served.close()
    # Another server of this process may use the folder still.
    assert not folder.exists() or others == str(folder)
    path.unlink(missing_ok=True)


def test_a_server_that_is_closed_twice_takes_no_uploads_of_another(make_bot: BotMaker) -> None:
    first, other = (serve(lambda: make_bot(ARTICLE), port=0, block=False) for _ in range(2))
    folder = Path(other.page.app.uploaded_file_dir)
    first.close()
    first.close()
    assert os.environ["GRADIO_TEMP_DIR"] == str(folder)
    assert folder.exists()
    other.close()


def test_what_a_killed_server_left_is_deleted_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    running, other = uploaded.UploadFolder(), uploaded.UploadFolder()
    left = tmp_path / "article-qa-uploads-left"
    (left / "x").mkdir(parents=True)
    (left / "x" / "a.txt").write_text("secret", encoding="utf-8")
    strange = tmp_path / "somebody-else"
    strange.mkdir()
    end_running = running.enter()
    in_use = Path(os.environ["GRADIO_TEMP_DIR"])
    assert not left.exists()
    end_other = other.enter()
    assert in_use.exists()
    end_other()
    end_running()
    assert list(tmp_path.iterdir()) == [strange]
    assert os.environ["GRADIO_TEMP_DIR"] == str(tmp_path)
