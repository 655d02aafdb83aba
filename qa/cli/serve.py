"""The command that opens the web chat: ``qa serve``."""

import argparse
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
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (%(default)s)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask for a login")
    parser.add_argument("--root-path", default="", help="path below which a proxy serves it")
    parser.add_argument(
        "--feedback", metavar="FILE", help="ask people about answers; write labels to FILE (JSONL)"
    )
    parser.add_argument("--mcp", action="store_true", help="offer a tool to MCP clients as well")
    parser.add_argument(
        "--watch", action="store_true", help="take over files of the corpus that change"
    )
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    auth = None
    if options.auth:
        user, separator, password = options.auth.partition(":")
        if not (user and separator and password):
            raise QAError("--auth is not of the form USER:PASSWORD")
        auth = (user, password)
    from qa.web import serve

    serve(
        lambda: chatbot_of(options),
        host=options.host,
        port=options.port,
        auth=auth,
        root_path=options.root_path,
        feedback=options.feedback,
        mcp=options.mcp,
        watch=_watched(options),
    )
    return 0


def _watched(options: argparse.Namespace) -> Sequence[str | Path]:
    if not options.watch:
        return ()
    if options.index:
        raise QAError("--watch is for the files of a corpus; give --corpus instead of --index")
    return options.corpus or [default_corpus()]
