"""The commands that answer on the terminal: ``qa ask`` and ``qa chat``."""

import argparse
import json
import sys
from collections.abc import Iterator

from qa.cli.options import Commands, add_sources, chatbot_of
from qa.errors import QAError

__all__ = ["add_commands"]


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add both commands."""
    parser = commands.add_parser("ask", help="answer questions once")
    parser.add_argument(
        "questions", nargs="*", metavar="QUESTION", help="none: one question a line from input"
    )
    add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_ask)

    parser = commands.add_parser("chat", help="ask in the terminal, with follow-up questions")
    add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_chat)


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-k", type=int, metavar="N", help="passages in an answer")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _ask(options: argparse.Namespace) -> int:
    from qa.render import to_text

    bot = chatbot_of(options)
    for number, question in enumerate(options.questions or _questions_from_input()):
        answer = bot.ask(question, k=options.k)
        if options.json:
            print(json.dumps(answer.to_dict(), ensure_ascii=False), flush=True)
        else:
            print("\n" * (number > 0) + to_text(answer, color=sys.stdout.isatty()), flush=True)
    return 0


def _chat(options: argparse.Namespace) -> int:
    from qa.render import to_text

    bot = chatbot_of(options)
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
