"""Serving the page."""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.watch import Watcher, keep_up
from qa.web.feedback import Feedback
from qa.web.mcp import answer_in_json, require_mcp
from qa.web.page import build, launch_options
from qa.web.service import Service

__all__ = ["Server", "serve"]

PORTS_TRIED = 20
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_FOR_A_MODEL = 10.0

Login = tuple[str, str] | list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Server:
    """A page that is being served at ``url``."""

    url: str
    page: gr.Blocks
    service: Service
    watcher: Watcher | None = None

    def close(self) -> None:
        """Stop serving; a model that is being loaded is waited for a moment.

        A process that ends while one is loaded is aborted by the library that loads it.
        """
        if self.watcher is not None:
            self.watcher.stop()
        self.page.close(verbose=False)
        self.service.wait(SECONDS_FOR_A_MODEL)


def serve(
    bot_factory: Callable[[], Chatbot],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: Login | None = None,
    root_path: str = "",
    feedback: str | Path | None = None,
    mcp: bool = False,
    watch: Sequence[str | Path] = (),
    inbrowser: bool = False,
    block: bool = True,
) -> Server:
    """Serve the chat and print its address; the chatbot is made in the background meanwhile.

    A port that is taken gives way to the next free one; port 0 is any free one. ``auth`` is a
    name and password, or several; ``root_path`` the path below which a proxy serves the page;
    ``feedback`` a JSONL file for people's judgements, which are not asked for without it; ``mcp``
    offers ``/ask`` as a tool at ``/gradio_api/mcp/``; ``watch`` are the paths that the chatbot
    was made from, if a changed file is to be taken over while the chat goes on. With ``block``
    it returns when interrupted, otherwise at once.

    Raises:
        MissingExtra: if ``mcp`` is wanted and its package is not installed.
        QAError: if no port is free, ``mcp`` and ``auth`` are both wanted, the feedback file
            cannot be written, or (with ``block``) the chatbot cannot be made.

    """
    if mcp:
        require_mcp()
        if auth is not None:
            raise QAError(
                "MCP clients cannot log in, so a login and MCP do not go together; serve MCP to "
                "this machine only, or behind a proxy that asks for the login"
            )
    service = Service(bot_factory, Feedback(Path(feedback)) if feedback else None)
    page = build(service)
    _, url, _ = page.launch(
        server_name=host,
        server_port=_free_port(host, port),
        auth=auth,
        inbrowser=inbrowser,
        prevent_thread_lock=True,
        mcp_server=mcp,
        **launch_options(root_path),
    )
    if mcp:
        answer_in_json(page)
    print(url, flush=True)
    watcher = keep_up(watch, service.ready_chatbot, service.replace) if watch else None
    # Not earlier: loading a model and starting a server at once make the page wait for both.
    service.start()
    server = Server(url, page, service, watcher)
    if block:
        _block(server)
    return server


def _block(server: Server) -> None:
    try:
        while not server.service.wait(SECONDS_BETWEEN_LOOKS):
            pass
        if server.service.error is not None:
            raise server.service.error
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _free_port(host: str, port: int) -> int:
    if not 0 <= port < 65536:
        raise QAError(f"port is {port}; expected a number from 0 to 65535")
    candidates = range(port, min(port + PORTS_TRIED, 65536)) if port else range(1)
    for candidate in candidates:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise QAError(
        f"no free port for {host} from {port} to {candidates[-1] if candidates else port}; "
        "close what uses them or choose another port or host"
    )
