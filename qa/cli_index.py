"""The commands that make indexes: ``qa index``, ``qa merge``, ``qa verify``."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import VECTOR_FORMATS, Config, chosen_reader

if TYPE_CHECKING:
    from qa.ingest import Pace

__all__ = ["add_allow_url", "add_collection", "add_commands", "config_of", "token"]

_LINE_SECONDS = 30.0
_BAR_SECONDS = 0.5

_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name


def add_commands(commands: "_Commands[argparse.ArgumentParser]") -> None:
    """Add the three commands."""
    parser = commands.add_parser("index", help="read and embed articles into an index")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, JSON lines")
    parser.add_argument(
        "--to",
        required=True,
        metavar="PLACE",
        help="index folder, Milvus address (http://host:19530) or Milvus Lite file (name.db)",
    )
    parser.add_argument("--model", metavar="NAME", help="embedding model: name or folder")
    parser.add_argument(
        "--shard", default="1/1", metavar="N/COUNT", help="index only the Nth of COUNT parts"
    )
    parser.add_argument(
        "--approximate",
        action="store_true",
        help="new Milvus collection with a graph index, for many millions of paragraphs",
    )
    _add_vectors(parser, "as the folder has them, or float32")
    add_collection(parser)
    add_allow_url(parser)
    parser.set_defaults(run=_index, reader=None)

    parser = commands.add_parser("merge", help="make one index folder of several")
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="index folders")
    parser.add_argument("--to", required=True, metavar="FOLDER", help="where the index goes")
    _add_vectors(parser, "as all the folders have them, or float32")
    parser.add_argument("--model", metavar="NAME", help="embedding model: name or folder")
    parser.set_defaults(run=_merge, reader=None, allow_url=False)

    parser = commands.add_parser("verify", help="check every byte of an index folder")
    parser.add_argument("folder", metavar="FOLDER", help="index folder")
    parser.set_defaults(run=_verify)


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


def _add_vectors(parser: argparse.ArgumentParser, otherwise: str) -> None:
    parser.add_argument(
        "--vectors",
        choices=VECTOR_FORMATS,
        help=f"int8 adds a copy of a quarter the size, which is scanned ({otherwise})",
    )


def token() -> str:
    """Return the token for Milvus that the environment holds."""
    return os.environ.get("MILVUS_TOKEN", "")


def config_of(options: argparse.Namespace) -> Config:
    """Return the settings that the options and the environment give."""
    model = options.model or os.environ.get("QA_MODEL") or Config().model
    reader = chosen_reader(options.reader or os.environ.get("QA_READER"))
    return Config(model=model, reader=reader, allow_addresses=options.allow_url)


def _index(options: argparse.Namespace) -> int:
    from qa.index.access import open_index, open_store
    from qa.ingest import ingest
    from qa.sharing import shared_embedder
    from qa.sources import Shard

    shard = Shard.parse(options.shard)
    config = config_of(options)
    embedder = shared_embedder(config)
    where = {"collection": options.collection, "token": token()}
    store = open_store(
        options.to, embedder, approximate=options.approximate, vectors=options.vectors, **where
    )
    try:
        with _PaceLine() as line:
            done = ingest(
                options.paths,
                store,
                embedder,
                shard=shard,
                allow_addresses=config.allow_addresses,
                on_pace=line,
            )
    finally:
        store.close()
    for problem in done.problems:
        print(f"qa: not read: {problem}", file=sys.stderr)
    n_paragraphs = len(open_index(options.to, embedder, **where))
    print(f"{done.documents:,} documents, {n_paragraphs:,} paragraphs in {options.to}")
    return 0


def _merge(options: argparse.Namespace) -> int:
    from qa.index.folder import merge_folders
    from qa.sharing import shared_embedder

    embedder = shared_embedder(config_of(options))
    folders = list(map(Path, options.folders))
    count = merge_folders(folders, Path(options.to), embedder, options.vectors)
    print(f"{count:,} documents in {options.to}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from qa.index.folder import verify

    manifest = verify(Path(options.folder))
    print(f"{manifest.documents:,} documents, {manifest.size:,} bytes, all as they were written")
    return 0


class _PaceLine:
    """How far indexing is, on standard error: a line that changes, or one now and then."""

    def __enter__(self) -> "_PaceLine":
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + (_BAR_SECONDS if self._terminal else _LINE_SECONDS)
        self._shown = False
        return self

    def __call__(self, pace: "Pace") -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (_BAR_SECONDS if self._terminal else _LINE_SECONDS)
        self._shown = self._terminal
        left = "" if pace.seconds_left is None else f", {_duration(pace.seconds_left)} left"
        text = f"{pace.share:4.0%}  {pace.paragraphs:,} paragraphs, {pace.rate:,.0f} a second{left}"
        print(
            f"\r{text:78}" if self._terminal else text,
            end="" if self._terminal else "\n",
            file=sys.stderr,
            flush=True,
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print(file=sys.stderr)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
