"""Serving the page."""

import contextlib
import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from qa.chatbot import Chatbot
from qa.chatbot.watch import Watcher, keep_up
from qa.errors import QAError
from qa.memory import few_arenas
from qa.web.feedback import Feedback
from qa.web.gate.login import Login
from qa.web.gate.security import checked_origin
from qa.web.gate.upkeep import bound_states
from qa.web.gate.uploaded import UploadFolder
from qa.web.health import tell_health
from qa.web.mcp import answer_in_json, require_mcp
from qa.web.page import build, launch_options
from qa.web.service import Service
from qa.web.trimming import Trimming

__all__ = ["Server", "serve"]

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_FOR_A_MODEL = 10.0

_uploads = UploadFolder()


@dataclass(frozen=True, slots=True)
class Server:
    """A page that is being served at ``url``."""

    url: str
    page: gr.Blocks
    service: Service
    leave_uploads: Callable[[], None]
    trimming: Trimming
    watcher: Watcher | None = None

    def close(self) -> None:
        """Stop serving; a model that is being loaded is waited for a moment.

        To close it again does nothing more.
        """
        self.trimming.stop()
        if self.watcher is not None:
            self.watcher.stop()
        self.page.close(verbose=False)
        self.service.end(SECONDS_FOR_A_MODEL)
        self.leave_uploads()


def serve(
    bot_factory: Callable[[], Chatbot],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: Login | None = None,
    root_path: str = "",
    embed: str = "",
    feedback: str | Path | None = None,
    mcp: bool = False,
    watch: Sequence[str | Path] = (),
    keep: bool = True,
    inbrowser: bool = False,
    block: bool = True,
    names: Sequence[str] = (),
    proxies: Sequence[str] = (),
) -> Server:
    """Serve the chat and say where; the chatbot is made in the background meanwhile.

    Port 0 is any free one. ``auth`` is a
    name and password, or several; ``root_path`` the path below which a proxy serves the page;
    ``embed`` the origin of a site (``https://example.org``) that may show it in a frame;
    ``feedback`` a JSONL file for people's judgements, which are not asked for without it; ``mcp``
    offers ``/ask`` as a tool at ``/gradio_api/mcp/``; ``watch`` are the paths that the chatbot
    was made from, if a changed file is to be taken over while the chat goes on. With ``block``
    it returns when interrupted or terminated, otherwise at once. Without ``keep`` browsers keep no
    questions. ``names`` are host names that it is served under; any address is, ``localhost`` and
    the machine's own name. ``proxies`` are addresses or networks (``10.0.0.0/8``) of the proxies
    that are believed when they tell for whom they ask (``X-Forwarded-For`` and its like).

    Raises:
        MissingExtra: if ``mcp`` is wanted and its package is not installed.
        QAError: if the port is taken, ``mcp`` and ``auth`` are both wanted, the feedback file
            cannot be written, or (with ``block``) the chatbot cannot be made.

    """
    if mcp:
        require_mcp()
        if auth is not None:
            raise QAError(
                "MCP clients cannot log in, so a login and MCP do not go together; serve MCP to "
                "this machine only, or behind a proxy that asks for the login"
            )
    port = _checked_port(host, port)
    few_arenas()
    service = Service(bot_factory, Feedback(Path(feedback)) if feedback else None, keep=keep)
    origin = checked_origin(embed) if embed else ""
    leave_uploads = _uploads.enter()
    try:
        page = build(service)
        with _no_proxy_believed():
            _, url, _ = page.launch(
                server_name=host,
                server_port=port,
                auth=auth,
                inbrowser=inbrowser,
                prevent_thread_lock=True,
                mcp_server=mcp,
                **launch_options(
                    root_path,
                    names=names,
                    proxies=proxies,
                    connections=service.connections,
                    embed=origin,
                ),
            )
    except BaseException:
        leave_uploads()
        raise
    bound_states(page, service.connections)
    tell_health(page, service)
    if mcp:
        answer_in_json(page)
    print(f"The chat is open at {url} (Ctrl+C ends it). 在浏览器里打开这个地址。", flush=True)
    watcher = keep_up(watch, service.ready_chatbot, service.replace) if watch else None
    # Not earlier: loading a model and starting a server at once make the page wait for both.
    service.start()
    server = Server(url, page, service, leave_uploads, Trimming(), watcher)
    if block:
        _block(server)
    return server


@contextlib.contextmanager
def _no_proxy_believed() -> Iterator[None]:
    """Let the server that is started believe nobody; the gate decides whom it believes."""
    before = os.environ.get("FORWARDED_ALLOW_IPS")
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    try:
        yield
    finally:
        if before is None:
            del os.environ["FORWARDED_ALLOW_IPS"]
        else:
            os.environ["FORWARDED_ALLOW_IPS"] = before


@contextlib.contextmanager
def _ended_by_termination() -> Iterator[None]:
    """Let a request to terminate end the program as an interrupt does, so that it tidies up."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    # Only the main thread is told of signals.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _block(server: Server) -> None:
    with _ended_by_termination():
        _wait_until_interrupted(server)


def _wait_until_interrupted(server: Server) -> None:
    try:
        while not server.service.wait(SECONDS_BETWEEN_LOOKS):
            pass
        if server.service.error is not None:
            raise server.service.error
        # In turns: of a signal that reaches another thread this one learns only between them.
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _checked_port(host: str, port: int) -> int:
    """Return the port, or for 0 one that is free.

    Raises:
        QAError: if nothing can listen on it.

    """
    if not 0 <= port < 65536:
        raise QAError(f"port is {port}; expected a number from 0 to 65535")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise QAError(
                    f"port {port} of {host} is taken; end what uses it, or choose another port "
                    "(0: any free one)"
                ) from error
            raise QAError(
                f"cannot listen on port {port} of {host} ({error.strerror or error}); choose "
                "another port or host"
            ) from error
        found: int = probe.getsockname()[1]
        return found
