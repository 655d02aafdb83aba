"""The command that reads labelled questions, makes variants of them and holds articles out."""

import argparse
import random
from collections.abc import Mapping
from pathlib import Path

from qa.errors import QAError
from qa.training import records
from qa.training.named import named, numbers
from qa.training.settings import RetrieverSettings
from qa.training.sources import Source, from_articles, from_jsonl, from_squad
from qa.training.variants import with_variants

__all__ = ["add_options"]

HELD_OUT_PER_CENT = 15


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command, and what it runs."""
    parser.add_argument(
        "--squad", type=Path, action="append", default=[], metavar="FILE", help="in SQuAD form"
    )
    parser.add_argument(
        "--questions",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="JSON lines: question, source, evidence, answer, history",
    )
    parser.add_argument(
        "--articles", type=Path, metavar="FOLDER", help="the sources of --questions"
    )
    parser.add_argument(
        "--unlabelled",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="articles to make questions of by rule: a file or folder",
    )
    parser.add_argument(
        "--held-out",
        action="append",
        default=[],
        metavar="[NAME=]PERCENT",
        help=f"of the articles, for measuring (default {HELD_OUT_PER_CENT}); "
        "NAME is a file name without ending",
    )
    parser.add_argument(
        "--licence", action="append", default=[], metavar="NAME=TEXT", help="for the model card"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="prepared data")
    parser.set_defaults(command=_prepare)


def _prepare(options: argparse.Namespace) -> None:
    names = [path.stem for path in (*options.squad, *options.questions, *options.unlabelled)]
    if not names:
        raise QAError(
            "nothing to read; give --squad FILE, --questions FILE --articles FOLDER, "
            "or --unlabelled PATH"
        )
    if len(set(names)) < len(names):
        raise QAError(f"two files go by one name ({', '.join(sorted(names))}); rename one of them")
    if options.questions and options.articles is None:
        raise QAError("--questions needs --articles, the folder of the articles they are about")
    percents = numbers(options.held_out, "--held-out", {"", *names})
    licences = named(options.licence, "--licence", names)
    sources = {path.stem: from_squad(path, path.stem) for path in options.squad}
    for path in options.questions:
        sources[path.stem] = from_jsonl(path, options.articles, path.stem)
    generator = random.Random(RetrieverSettings().seed)
    for path in options.unlabelled:
        sources[path.stem] = from_articles(path, path.stem, generator)
    default = percents.get("", HELD_OUT_PER_CENT)
    split = records.split_by_title(
        [
            with_variants(article, generator)
            for source in sources.values()
            for article in source.articles
        ],
        {name: percents.get(name, default) for name in sources},
    )
    records.save(records.Prepared(split, licences), options.to)
    _print_counts(sources, split)


def _print_counts(sources: Mapping[str, Source], split: records.Split) -> None:
    for side, articles in (("train", split.train), ("held out", split.held_out)):
        for name, total in records.counts(articles).items():
            print(
                f"{side}: {name}: {total['questions']:,} questions, "
                f"{total['articles']:,} articles, {total['paragraphs']:,} paragraphs"
            )
    for name, source in sources.items():
        if source.unused:
            print(f"not used: {name}: {source.unused:,} questions (no answer, or follow-ups)")
