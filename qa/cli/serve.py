"""The command that opens the web chat: ``qa serve``."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from qa.cli.options import Commands, add_sources, chatbot_of
from qa.config import default_corpus
from qa.errors import QAError

__all__ = ["add_commands"]


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="open the web chat")
    add_sources(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=int, default=7860, help="port to listen on (%(default)s), 0: any"
    )
    parser.add_argument(
        "--auth",
        metavar="USER:PASSWORD",
        help="ask for a login; others on this machine see it in the list of its programs, but not "
        "in the variable QA_AUTH",
    )
    parser.add_argument(
        "--auth-file", metavar="FILE", help="ask for a login; one USER:PASSWORD a line"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a host name that it is served under; more than one: give it again",
    )
    parser.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="address or network of a proxy that is believed when it tells for whom it asks",
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.add_argument("--root-path", default="", help="path below which a proxy serves it")
    parser.add_argument(
        "--embed",
        default="",
        metavar="ORIGIN",
        help="site that may show the chat in a frame, such as https://example.org (none)",
    )
    parser.add_argument(
        "--feedback", metavar="FILE", help="ask people about answers; write labels to FILE (JSONL)"
    )
    parser.add_argument("--mcp", action="store_true", help="offer a tool to MCP clients as well")
    parser.add_argument(
        "--watch", action="store_true", help="take over files of the corpus that change"
    )
    parser.add_argument(
        "--no-keep",
        dest="keep",
        action="store_false",
        help="let browsers keep no questions; a conversation ends with the server or the page",
    )
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from qa.web import serve
    from qa.web.gate.login import accounts

    auth = accounts(
        typed=options.auth, file=options.auth_file, environment=os.environ.get("QA_AUTH")
    )
    serve(
        lambda: chatbot_of(options),
        host=options.host,
        port=options.port,
        auth=auth,
        root_path=options.root_path,
        embed=options.embed,
        inbrowser=options.open,
        feedback=options.feedback,
        mcp=options.mcp,
        keep=options.keep,
        watch=_watched(options),
        names=options.name,
        proxies=options.proxy,
    )
    return 0


def _watched(options: argparse.Namespace) -> Sequence[str | Path]:
    if not options.watch:
        return ()
    if options.index:
        raise QAError("--watch is for the files of a corpus; give --corpus instead of --index")
    return options.corpus or [default_corpus()]
