"""The commands that answer on the terminal: ``qa ask`` and ``qa chat``."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.arguments import HISTORY
from qa.cli.options import Commands, add_sources, as_json, chatbot_of
from qa.cli.progress import LoadingLine
from qa.errors import QAError, QuestionTooLong
from qa.text import has_content

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.types import Answer

__all__ = ["add_commands"]


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add both commands."""
    parser = commands.add_parser("ask", help="answer questions once")
    parser.add_argument(
        "questions",
        nargs="*",
        type=_question,
        metavar="QUESTION",
        help="none: one question a line from input",
    )
    add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_ask)

    parser = commands.add_parser("chat", help="ask in the terminal, with follow-up questions")
    add_sources(parser)
    _add_form(parser)
    parser.set_defaults(run=_chat)


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-k", type=int, metavar="N", help="whole passages to show (only what answers)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _question(typed: str) -> str:
    if not has_content(typed):
        raise argparse.ArgumentTypeError(f"there is no word in the question {typed!r}; type one")
    return typed


def _ask(options: argparse.Namespace) -> int:
    bot = _loaded(options, many=len(options.questions) != 1)
    status, between = 0, ""
    for number, question in enumerate(options.questions or _questions_from_input(), start=1):
        try:
            answer = bot.ask(question, k=options.k)
        except QuestionTooLong as error:
            # One of many must not cost the answers to those behind it.
            print(
                f"qa: question {number} has {error.length:,} characters, at most {error.limit:,} "
                "are accepted; ask about one thing at a time",
                file=sys.stderr,
            )
            status = 1
            continue
        print(between + _shown(answer, options), flush=True)
        between = "" if options.json else "\n"
    return status


def _loaded(options: argparse.Namespace, *, many: bool) -> "Chatbot":
    with LoadingLine():
        bot = chatbot_of(options)
        # What answers many questions sooner would keep a single one waiting.
        if many:
            bot.warm_up()
    return bot


def _shown(answer: "Answer", options: argparse.Namespace) -> str:
    """Return an answer as JSON, with as many passages as wanted, or only what answers."""
    from qa.render.formats import to_brief_text, to_text

    if options.json:
        return as_json(answer.to_dict())
    form = to_brief_text if options.k is None else to_text
    return form(answer, color=sys.stdout.isatty())


def _chat(options: argparse.Namespace) -> int:
    bot = _loaded(options, many=True)
    interactive = sys.stdin.isatty()
    if interactive:
        print("Ask about the article; an empty line ends. 请提问，空行结束。")
    history: list[str] = []
    for question in _questions_from_input("> " if interactive else ""):
        try:
            answer = bot.ask(question, history[-HISTORY:], options.k)
        except QAError as error:
            print(f"qa: {error}", file=sys.stderr)
            continue
        history.append(question)
        print(_shown(answer, options) + "\n" * (not options.json), flush=True)
    return 0


def _questions_from_input(prompt: str = "") -> Iterator[str]:
    """Yield the lines of standard input; at a terminal an empty line ends them.

    The byte order mark that editors put before the first one is no part of it.
    """
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
            question = line.removeprefix("\ufeff").strip()
            if question:
                yield question
    except UnicodeDecodeError as error:
        raise QAError(
            f"the questions on standard input are not {sys.stdin.encoding} text ({error.reason}); "
            "save them as UTF-8, one a line"
        ) from error
