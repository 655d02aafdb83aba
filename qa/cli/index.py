"""The commands that make indexes: ``qa index``, ``qa merge``, ``qa verify``."""

import argparse
import sys
from pathlib import Path

from qa.cli.options import Commands, add_allow_url, add_collection, config_of, token
from qa.cli.progress import PaceLine
from qa.config import VECTOR_FORMATS

__all__ = ["add_commands"]


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
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


def _add_vectors(parser: argparse.ArgumentParser, otherwise: str) -> None:
    parser.add_argument(
        "--vectors",
        choices=VECTOR_FORMATS,
        help=f"int8 adds a copy of a quarter the size, which is scanned ({otherwise})",
    )


def _index(options: argparse.Namespace) -> int:
    from qa.embedding.cache import shared_embedder
    from qa.index.access import open_index, open_store
    from qa.index.ingest import ingest
    from qa.loaders.stream import Shard

    shard = Shard.parse(options.shard)
    config = config_of(options)
    embedder = shared_embedder(config)
    where = {"collection": options.collection, "token": token()}
    store = open_store(
        options.to, embedder, approximate=options.approximate, vectors=options.vectors, **where
    )
    try:
        with PaceLine() as line:
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
        print(f"qa: {problem.notice}", file=sys.stderr)
    for name, documents in (
        ("added", done.added),
        ("changed", done.changed),
        ("dropped", done.dropped),
    ):
        if documents.count:
            print(f"{name} {documents.count:,}: {documents}")
    if done.unchanged:
        print(f"unchanged {done.unchanged:,}")
    n_paragraphs = len(open_index(options.to, embedder, **where))
    print(f"{done.documents:,} documents, {n_paragraphs:,} paragraphs in {options.to}")
    return 0


def _merge(options: argparse.Namespace) -> int:
    from qa.embedding.cache import shared_embedder
    from qa.index.folder import merge_folders

    embedder = shared_embedder(config_of(options))
    folders = list(map(Path, options.folders))
    done = merge_folders(folders, Path(options.to), embedder, options.vectors)
    if done.replaced.count:
        print(
            f"qa: of {done.replaced.count:,} ids several folders have different documents, and "
            f"only that of the last one is taken: {done.replaced}",
            file=sys.stderr,
        )
    print(f"{done.documents:,} documents in {options.to}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from qa.index.opened import verify

    manifest = verify(Path(options.folder))
    print(f"{manifest.documents:,} documents, {manifest.size:,} bytes, all as they were written")
    return 0
