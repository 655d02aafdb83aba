"""The command line: ``qa ask``, ``qa chat``, ``qa index``, ``qa eval``, ``qa serve``.

Exit codes: 0 done, 1 an error that the user can put right, 2 wrong usage.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from qa import __version__
from qa.cli import ask, evaluation, index, serve
from qa.errors import QAError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    _be_offline()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A character that the terminal's encoding lacks must not cost the answer.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except QAError as error:
        print(f"qa: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output has seen enough; nothing is left to flush to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _be_offline() -> None:
    """Keep the model libraries off the network unless their owner allowed it already."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa",
        description="Ask articles questions; get their own passages that answer. "
        "向文章提问，得到原文段落。",
    )
    parser.add_argument("--version", action="version", version=f"article-qa {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (ask, index, evaluation, serve):
        module.add_commands(commands)
    return parser
