"""The command line: ``qa ask``, ``qa chat``, ``qa index``, ``qa eval``, ``qa serve``.

Exit codes: 0 done, 1 an error that the user can put right, 2 wrong usage.
"""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa import cli_index
from qa.config import default_corpus
from qa.errors import QAError

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.evaluate import Label

__all__ = ["main"]

_QUIET_SECONDS = 1.5


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
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_ask(commands)
    _add_chat(commands)
    cli_index.add_commands(commands)
    _add_eval(commands)
    _add_serve(commands)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name


def _add_ask(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("ask", help="answer questions once")
    parser.add_argument(
        "questions", nargs="*", metavar="QUESTION", help="none: one question a line from input"
    )
    _add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_ask)


def _add_chat(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("chat", help="ask in the terminal, with follow-up questions")
    _add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_chat)


def _add_eval(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("eval", help="measure on labelled questions (JSON lines)")
    parser.add_argument("file", metavar="FILE", help="labelled questions")
    _add_sources(parser)
    parser.add_argument(
        "--compare", action="store_true", help="rank by meaning, by words and by both as well"
    )
    parser.add_argument(
        "--misses",
        type=_count,
        default=10,
        metavar="N",
        help="wrong answers and refusals to list, surest first (%(default)s)",
    )
    parser.add_argument(
        "--picture", metavar="FILE", help="PNG picture of refusal and calibration to write"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=_eval)


def _add_serve(commands: "_Commands[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("serve", help="open the web chat")
    _add_sources(parser)
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


def _add_sources(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--corpus",
        action="append",
        metavar="PATH",
        help="file, folder or (with --allow-url) address to answer from; repeatable",
    )
    where.add_argument(
        "--index", metavar="PLACE", help="folder or Milvus address that qa index filled"
    )
    parser.add_argument("--model", metavar="NAME", help="embedding model: name or folder")
    parser.add_argument("--reader", metavar="NAME", help="reader: name, folder, or none: faster")
    cli_index.add_collection(parser)
    cli_index.add_allow_url(parser)


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-k", type=int, metavar="N", help="passages in an answer")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _ask(options: argparse.Namespace) -> int:
    from qa.render import to_text

    bot = _chatbot(options)
    for number, question in enumerate(options.questions or _questions_from_input()):
        answer = bot.ask(question, k=options.k)
        if options.json:
            print(json.dumps(answer.to_dict(), ensure_ascii=False), flush=True)
        else:
            print("\n" * (number > 0) + to_text(answer, color=sys.stdout.isatty()), flush=True)
    return 0


def _chat(options: argparse.Namespace) -> int:
    from qa.render import to_text

    bot = _chatbot(options)
    interactive = sys.stdin.isatty()
    if interactive:
        print("Ask about the article; an empty line ends. 请提问，空行结束。")
    history: list[str] = []
    for question in _questions_from_input("> " if interactive else ""):
        try:
            answer = bot.ask(question, history, options.k)
        except QAError as error:
            print(f"qa: {error}", file=sys.stderr)
            continue
        history.append(question)
        if options.json:
            print(json.dumps(answer.to_dict(), ensure_ascii=False), flush=True)
        else:
            print(to_text(answer, color=sys.stdout.isatty()) + "\n", flush=True)
    return 0


def _eval(options: argparse.Namespace) -> int:
    from qa.evaluate import compare, evaluate, read_labels, worst
    from qa.evaluate.picture import check_drawable, draw
    from qa.evaluate.tables import to_dict, to_text

    labels = read_labels(Path(options.file))
    if options.picture:
        check_drawable()
    if not (options.corpus or options.index):
        beside = Path(options.file).parent
        options.corpus = [str(beside)] if _has_sources(beside, labels) else None
    bot = _chatbot(options)
    with _ProgressBar() as bar:
        outcomes = evaluate(bot, labels, bar)
    with _ProgressBar() as bar:
        rankings = compare(bot, labels, progress=bar) if options.compare else []
    misses = worst(outcomes, options.misses)
    if options.picture:
        draw(outcomes, Path(options.picture))
    if options.json:
        print(json.dumps(to_dict(outcomes, misses, rankings), ensure_ascii=False))
    else:
        print(to_text(outcomes, misses, rankings))
    return 0


def _has_sources(folder: Path, labels: Sequence["Label"]) -> bool:
    return all((folder / label.source).is_file() for label in labels if label.source)


def _serve(options: argparse.Namespace) -> int:
    auth = None
    if options.auth:
        user, separator, password = options.auth.partition(":")
        if not (user and separator and password):
            raise QAError("--auth is not of the form USER:PASSWORD")
        auth = (user, password)
    from qa.web import serve

    serve(
        lambda: _chatbot(options),
        host=options.host,
        port=options.port,
        auth=auth,
        root_path=options.root_path,
        feedback=options.feedback,
        mcp=options.mcp,
        watch=_watched(options),
    )
    return 0


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(f"{count} is negative")
    return count


def _watched(options: argparse.Namespace) -> Sequence[str | Path]:
    if not options.watch:
        return ()
    if options.index:
        raise QAError("--watch is for the files of a corpus; give --corpus instead of --index")
    return options.corpus or [default_corpus()]


def _chatbot(options: argparse.Namespace) -> "Chatbot":
    from qa.chatbot import Chatbot
    from qa.opening import open_or_build

    config = cli_index.config_of(options)
    if options.index:
        return Chatbot.open(
            options.index, config, collection=options.collection, token=cli_index.token()
        )
    with _ProgressBar() as bar:
        bot = open_or_build(options.corpus or [default_corpus()], config, progress=bar)
    for problem in bot.problems:
        print(f"qa: not read: {problem}", file=sys.stderr)
    return bot


def _questions_from_input(prompt: str = "") -> Iterator[str]:
    """Yield the lines of standard input; at a terminal an empty line ends them."""
    if prompt:
        while True:
            try:
                line = input(prompt)
            except EOFError:
                return
            if not line.strip():
                return
            yield line
    try:
        for line in sys.stdin:
            if line.strip():
                yield line.strip()
    except UnicodeDecodeError as error:
        raise QAError(
            f"the questions on standard input are not {sys.stdin.encoding} text ({error.reason}); "
            "save them as UTF-8, one a line"
        ) from error


class _ProgressBar:
    """A bar on standard error for what takes longer than a moment; nothing otherwise."""

    def __enter__(self) -> "_ProgressBar":
        self._begun = time.monotonic()
        self._shown = False
        return self

    def __call__(self, done: int, total: int) -> None:
        elapsed = time.monotonic() - self._begun
        if not sys.stderr.isatty() or (elapsed < _QUIET_SECONDS and not self._shown):
            return
        self._shown = True
        left = elapsed / done * (total - done) if done else 0.0
        width = 30 * done // max(total, 1)
        bar = "█" * width + "░" * (30 - width)
        print(
            f"\r{bar} {done:,}/{total:,}  {left:,.0f} s left ", end="", file=sys.stderr, flush=True
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print(file=sys.stderr)
