"""What a stranger reaches: every path is open for a reason or closed, every reply is guarded."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from qa.web import Server, page, serve
from qa.web.gate.security import HEADERS
from qa.web.visit.uploads import FILE_BYTES
from support import http
from support.models import BotMaker
from support.waiting import PATIENCE

OPEN = {
    # The page, its looks, and what it is made of.
    "/",
    "/assets/{path:path}",
    "/static/{path:path}",
    "/svelte/{path:path}",
    "/favicon.ico",
    "/manifest.json",
    "/pwa_icon",
    "/pwa_icon/{size}",
    "/robots.txt",
    "/theme.css",
    "/gradio_api/theme.css",
    "/config",
    "/healthz",
    "/gradio_api/app_id",
    "/gradio_api/startup-events",
    # Who is logged in, where a login is asked for.
    "/login",
    "/logout",
    "/gradio_api/login_check",
    "/gradio_api/token",
    "/gradio_api/user",
    # Events of the page: of its own session only.
    "/gradio_api/cancel",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/run/{api_name}",
    # Own articles: small, read once and deleted.
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    # The structured endpoint and its description.
    "/gradio_api/call/{api_name}",
    "/gradio_api/call/{api_name}/{event_id}",
    "/gradio_api/call/v2/{api_name}",
    "/gradio_api/call/v2/{api_name}/{event_id}",
    "/gradio_api/info",
    "/gradio_api/openapi.json",
}
EXAMPLES = {
    "path:path": "index.js",
    "session_hash": "abc",
    "api_name": "ask",
    "event_id": "abc",
    "size": "192",
}


@pytest.fixture(scope="module")
def server(make_bot: BotMaker) -> Iterator[Server]:
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    assert served.service.wait(PATIENCE)
    yield served
    served.close()


def paths_of(server: Server) -> set[str]:
    found: set[str] = set()
    stack = list(server.page.app.routes)
    while stack:
        route = stack.pop()
        nested = getattr(route, "original_router", None) or getattr(route, "app", None)
        stack += getattr(nested, "routes", None) or []
        path = getattr(route, "path", "")
        if path:
            found.add(path.rstrip("/") or "/")
    return found


def example(path: str) -> str:
    if path == "/gradio_api/run/{api_name}":
        return "/gradio_api/run/predict"
    return re.sub(r"{([^}]+)}", lambda match: EXAMPLES.get(match[1], "x"), path)


def test_each_path_that_gradio_has_is_open_for_a_reason_or_closed(server: Server) -> None:
    found = paths_of(server)
    assert len(found) > 40
    reached = set()
    for path in sorted(found):
        reply = http.request("OPTIONS", server.url.rstrip("/") + example(path))
        if reply.text != "Not found":
            reached.add(path)
    assert reached == OPEN & found


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/passwd",
        f"gradio_api/file={Path(__file__).resolve()}",
        "gradio_api/file=pyproject.toml",
        "gradio_api/file=../pyproject.toml",
        "file=/etc/passwd",
        "gradio_api/file/pyproject.toml",
        "gradio_api/proxy=http://127.0.0.1/",
        "gradio_api/deep_link",
        "gradio_api/vibe-code",
        "gradio_api/component_server",
        "gradio_api/custom_component/a/b/c/d",
        "gradio_api/runs",
        "gradio_api/run-history/records",
        "gradio_api/profiling/summary",
        "gradio_api/api/ask",
        "gradio_api/run/open_page",
        "gradio_api/call/open_page",
        "gradio_api/call/keep",
        "monitoring",
        "monitoring/summary",
        "docs",
        "openapi.json",
        "assets/..%2f..%2f..%2fpyproject.toml",
        "static/..%2f..%2fblocks.py",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_file_no_statistics_and_no_history_is_handed_out(
    server: Server, method: str, path: str
) -> None:
    reply = http.request(method, server.url + path)
    assert reply.status_code in (403, 404, 405)


@pytest.mark.parametrize("path", ["", "config", "theme.css", "no/such/path", "gradio_api/info"])
def test_every_reply_tells_the_browser_to_be_careful(server: Server, path: str) -> None:
    reply = http.get(server.url + path)
    for name, value in HEADERS:
        assert reply.headers[name.decode()] == value.decode()


def test_no_other_site_may_frame_it_or_load_into_it(server: Server) -> None:
    policy = http.get(server.url).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["frame-ancestors"] == "'none'"
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert all("http" not in sources and "*" not in sources for sources in rules.values())


@pytest.mark.parametrize("origin", ["https://example.com", "null"])
def test_no_other_site_may_call_it(server: Server, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for reply in (
        http.options(f"{server.url}gradio_api/call/ask", headers=headers),
        http.get(f"{server.url}config", headers=headers),
    ):
        assert reply.headers.get("access-control-allow-origin") != origin
        assert reply.headers.get("access-control-allow-origin") != "*"


def test_only_what_is_meant_to_be_called_is_described(server: Server) -> None:
    described = http.get(f"{server.url}gradio_api/info").json()
    assert set(described["named_endpoints"]) == {"/ask"}
    assert described["unnamed_endpoints"] == {}
    paths = http.get(f"{server.url}gradio_api/openapi.json").json()["paths"]
    assert {path for path in paths if "{event_id}" not in path} <= {
        "/gradio_api/call/ask",
        "/gradio_api/call/v2/ask",
        "/gradio_api/upload",
    }


def test_past_the_limit_programs_are_told_at_once(
    make_bot: BotMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "WAITING", 0)
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    try:
        reply = http.post(
            f"{served.url}gradio_api/call/ask", json={"data": ["灯塔多高？", None, None]}
        )
        assert reply.status_code == 503
        assert "Queue is full" in reply.text
    finally:
        served.close()


def test_uploads_are_small(server: Server) -> None:
    reply = http.post(
        f"{server.url}gradio_api/upload", files={"files": ("a.txt", b"x" * (FILE_BYTES + 1))}
    )
    assert reply.status_code == 413


def test_an_upload_cannot_be_fetched_by_anybody(server: Server) -> None:
    (path,) = http.post(
        f"{server.url}gradio_api/upload", files={"files": ("a.txt", b"secret")}
    ).json()
    for prefix in ("gradio_api/file=", "file=", "gradio_api/file/"):
        assert http.get(f"{server.url}{prefix}{path}").status_code == 404
    Path(path).unlink()


def test_a_file_that_was_not_uploaded_is_not_read(server: Server) -> None:
    """The event that takes files in must not be led to a file of the machine."""
    number = next(
        dependency["id"]
        for dependency in server.page.config["dependencies"]
        if any(event == "upload" for _, event in dependency["targets"])
    )
    files = [{"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}]
    session = {"session_hash": "stranger"}
    joined = http.post(
        f"{server.url}gradio_api/queue/join",
        json={"fn_index": number, "data": [files], **session},
    )
    assert joined.status_code == 200
    told = ""
    with http.stream("GET", f"{server.url}gradio_api/queue/data", params=session) as reply:
        for line in reply.iter_lines():
            told += line
            if "process_completed" in line:
                break
    assert '"success":false' in told.replace(" ", "")
    assert socket.gethostname() not in told


def test_behind_a_login_nothing_is_open(make_bot: BotMaker) -> None:
    served = serve(
        lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False, auth=("我", "密码")
    )
    try:
        for path in ("config", "gradio_api/info", "gradio_api/openapi.json"):
            assert http.get(served.url + path).status_code == 401
        for path in ("call/ask", "queue/join", "upload", "run/predict"):
            reply = http.post(f"{served.url}gradio_api/{path}", json={"data": []})
            assert reply.status_code == 401
        assert "灯塔" not in http.get(served.url).text
        wrong = http.post(f"{served.url}login", data={"username": "我", "password": "错"})
        assert wrong.status_code == 400
        with httpx.Client(base_url=served.url, timeout=PATIENCE) as person:
            right = person.post("login", data={"username": "我", "password": "密码"})
            assert right.status_code == 200
            assert person.get("config").status_code == 200
    finally:
        served.close()


def test_below_a_path_of_a_proxy(make_bot: BotMaker) -> None:
    served = serve(
        lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False, root_path="/articles"
    )
    try:
        page = http.get(served.url)
        assert page.status_code == 200
        assert "/articles" in page.text
        assert http.get(f"{served.url}monitoring").status_code == 404
    finally:
        served.close()
