"""A server that runs for long keeps nothing of those who are gone and counts for nobody."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
import httpx
import pytest
from gradio import routes

from qa.web import Server, page, serve
from qa.web.gate import upkeep
from qa.web.gate.visitors import Connections
from qa.web.texts import TEXTS
from support.models import BotMaker

SESSIONS = 5
STATES = 2
UPLOADS = 4
# For what comes in the end, however busy the machine is.
PATIENCE = 240.0


@pytest.fixture(scope="module", autouse=True)
def small_limits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "SESSIONS", SESSIONS)
        patch.setattr(upkeep, "UPLOADS", UPLOADS)
        patch.setattr(page, "STATES", STATES)
        yield


@pytest.fixture(scope="module")
def server(make_bot: BotMaker, small_limits: None) -> Iterator[Server]:
    served = serve(lambda: make_bot({"灯塔": "灯塔高三十二米。\n"}), port=0, block=False)
    served.service.wait()
    yield served
    served.close()


def ask(http: httpx.Client, **session: str) -> str:
    body = {"data": ["灯塔多高？", None, None], **session}
    number = http.post("gradio_api/call/ask", json=body).json()["event_id"]
    return http.get(f"gradio_api/call/ask/{number}").text


def test_programs_that_have_their_answers_are_forgotten(server: Server) -> None:
    queue = server.page._queue
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        for _ in range(2 * SESSIONS):
            assert "灯塔高三十二米" in ask(http).encode().decode("unicode_escape")
    assert len(queue.pending_event_ids_session) == SESSIONS
    assert len(queue.pending_messages_per_session) == SESSIONS


def test_what_was_shown_to_programs_that_are_gone_is_forgotten(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        for _ in range(3 * STATES):
            ask(http)
        assert len(server.page.state_holder.session_data) == STATES
        # One that was forgotten is served as before.
        told = [ask(http, session_hash=name) for name in ("a", "b", "c", "a")]
    assert len(set(told)) == 1
    assert "complete" in told[0]


def test_a_connection_in_use_is_not_forgotten() -> None:
    with gr.Blocks() as blocks:
        gr.Textbox()
    upkeep.bound_sessions(blocks, 64, Connections())
    queue = blocks._queue
    for remembered in (queue.pending_event_ids_session, queue.pending_messages_per_session):
        remembered["a page"] = "kept"
        for number in range(3 * SESSIONS):
            remembered[f"program {number}"] = "gone"
            assert remembered["a page"] == "kept"
        assert len(remembered) == SESSIONS
        # As gradio looks for the connection of an event.
        assert {key for key, value in remembered.items() if value == "kept"} == {"a page"}


def test_no_statistics_are_made_of_what_was_asked(server: Server) -> None:
    queue = server.page._queue
    before = queue.events_recorded
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        for _ in range(3):
            ask(http)
    assert queue.events_recorded == before + 3
    assert len(queue.event_analytics) <= 1
    assert queue.cached_event_analytics_summary == {"functions": {}}


def upload(http: httpx.Client, content: str, upload_id: str | None = None) -> Path:
    reply = http.post(
        "gradio_api/upload",
        params={} if upload_id is None else {"upload_id": upload_id},
        files={"files": ("a.txt", content.encode())},
    )
    (path,) = reply.json()
    return Path(path)


def test_the_progress_of_uploads_that_nobody_watches_is_forgotten(server: Server) -> None:
    progress = routes.file_upload_statuses
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        for number in range(3 * UPLOADS):
            upload(http, "x", f"unwatched {number}").unlink(missing_ok=True)
        assert len(progress._statuses) == UPLOADS
        assert len(progress._signals) == UPLOADS
        # The last is told to its end, then forgotten; the first is not known any more.
        last = {"upload_id": f"unwatched {3 * UPLOADS - 1}"}
        assert '"done"' in http.get("gradio_api/upload_progress", params=last).text
        assert len(progress._statuses) == UPLOADS - 1


def test_asking_after_uploads_that_never_come_leaves_nothing(server: Server) -> None:
    with (
        httpx.Client(base_url=server.url, timeout=PATIENCE) as http,
        ThreadPoolExecutor(3 * UPLOADS) as people,
    ):
        asked = people.map(
            lambda number: http.get(f"gradio_api/upload_progress?upload_id=never-{number}"),
            range(3 * UPLOADS),
        )
        assert {reply.status_code for reply in asked} == {404}
    assert len(routes.file_upload_statuses._signals) == UPLOADS


def test_files_that_were_read_are_forgotten_with_their_folders(server: Server) -> None:
    number = dropping(server)
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        waiting = upload(http, "not read yet")
        paths = []
        for place in range(3 * UPLOADS):
            paths.append(upload(http, f"第{place}篇。"))
            take_in(http, number, paths[-1], f"visitor {place}")
        newest = upload(http, "one more")
    kept = [one for one in server.page.temp_file_sets if one]
    assert any(one is server.page.upload_file_set for one in kept)
    # Once as uploaded, once as given to the page.
    assert len(kept) == 2
    assert all(len(one) <= UPLOADS for one in kept)
    assert {str(waiting), str(newest)} <= server.page.upload_file_set
    assert sum(path.parent.exists() for path in paths) <= UPLOADS
    waiting.unlink()
    newest.unlink()


def dropping(server: Server) -> int:
    """Return the number of the event that a dropped file is."""
    return next(
        one["id"]
        for one in server.page.config["dependencies"]
        if any(event == "upload" for _, event in one["targets"])
    )


def take_in(http: httpx.Client, number: int, path: Path, session: str) -> str:
    """Do what the page does when a file was dropped; return what it is told."""
    files = [{"path": str(path), "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}]
    who = {"session_hash": session}
    http.post("gradio_api/queue/join", json={"fn_index": number, "data": [files, ""], **who})
    with http.stream("GET", "gradio_api/queue/data", params=who) as reply:
        told = list(reply.iter_lines())
    assert any("process_completed" in line for line in told)
    assert not path.exists()
    return "\n".join(json.dumps(json.loads(line[5:]), ensure_ascii=False) for line in told if line)


def test_the_same_file_of_two_people_is_read_for_both(server: Server) -> None:
    number = dropping(server)
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
        paths = [upload(http, "渡轮船长叫周海平。") for _ in range(2)]
        told = [take_in(http, number, path, f"visitor {path}") for path in paths]
    added = TEXTS["en"]["added"].format(name="a", count=1)
    assert [added in one for one in told] == [True, True]


def test_the_same_file_of_many_people_at_once_is_read_for_all(server: Server) -> None:
    number = dropping(server)

    def come(visitor: int) -> str:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as http:
            path = upload(http, "灯塔看守人叫林远。")
            return take_in(http, number, path, f"one of many {visitor}")

    with ThreadPoolExecutor(UPLOADS) as people:
        told = list(people.map(come, range(UPLOADS)))
    added = TEXTS["en"]["added"].format(name="a", count=1)
    assert [added in one for one in told] == [True] * UPLOADS


def test_files_are_gone_through_while_uploads_come_in(tmp_path: Path) -> None:
    with gr.Blocks() as blocks:
        gr.File()
    upkeep.bound_uploads(blocks)
    kept = blocks.upload_file_set
    kept.update({"a", "b"})
    for path in kept:
        kept.add(f"{path} that came meanwhile")
    assert len(kept) == 4
