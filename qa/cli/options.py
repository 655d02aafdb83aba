"""Options that several commands share, and the settings and chatbot that they stand for."""

import argparse
import codecs
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.progress import ProgressBar
from qa.config import Config, chosen_reader, default_corpus

if TYPE_CHECKING:
    from qa.chatbot import Chatbot

__all__ = [
    "Commands",
    "add_allow_url",
    "add_collection",
    "add_sources",
    "as_json",
    "chatbot_of",
    "config_of",
    "token",
]

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add the options that tell what to answer from, and with which models."""
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
    add_collection(parser)
    add_allow_url(parser)


def add_collection(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a collection of Milvus."""
    parser.add_argument(
        "--collection",
        default="articles",
        metavar="NAME",
        help="collection in Milvus (%(default)s); MILVUS_TOKEN holds user:password or a key",
    )


def add_allow_url(parser: argparse.ArgumentParser) -> None:
    """Add the option that lets paths be addresses."""
    parser.add_argument(
        "--allow-url", action="store_true", help="let paths be addresses on the public internet"
    )


def token() -> str:
    """Return the token for Milvus that the environment holds."""
    return os.environ.get("MILVUS_TOKEN", "")


def config_of(options: argparse.Namespace) -> Config:
    """Return the settings that the options and the environment give."""
    model = options.model or os.environ.get("QA_MODEL") or Config().model
    reader = chosen_reader(options.reader or os.environ.get("QA_READER"))
    return Config(model=model, reader=reader, allow_addresses=options.allow_url)


def chatbot_of(options: argparse.Namespace, without: Path | None = None) -> "Chatbot":
    """Return the chatbot that the options ask for; files not read are told on standard error.

    A file to do ``without`` is no article, though it may be in the folder of them.
    """
    from qa.chatbot import Chatbot
    from qa.chatbot.cached import open_or_build
    from qa.loaders import check_there

    config = config_of(options)
    if options.index:
        return Chatbot.open(options.index, config, collection=options.collection, token=token())
    # An index that is kept would lose what is not there for a moment.
    check_there(options.corpus or ())
    with ProgressBar() as bar:
        paths = options.corpus or [default_corpus()]
        bot = open_or_build(paths, config, progress=bar, without=without)
    for problem in bot.problems:
        print(f"qa: {problem.notice}", file=sys.stderr)
    return bot


def as_json(value: dict[str, Any]) -> str:
    """Return JSON for standard output; what its encoding may lack is written in JSON's own way."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return json.dumps(value, ensure_ascii=codecs.lookup(encoding).name != "utf-8")
