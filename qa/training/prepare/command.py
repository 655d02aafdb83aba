"""The command that reads labelled questions, makes variants of them and holds articles out."""

import argparse
import random
from collections.abc import Mapping
from pathlib import Path

from qa.errors import QAError
from qa.training.data import records
from qa.training.data.packed import stem
from qa.training.data.records import read_sentences
from qa.training.data.written import LICENCES, written
from qa.training.prepare.named import named, numbers
from qa.training.prepare.sources import Source, from_articles, from_jsonl, from_squad
from qa.training.prepare.translations import from_translated
from qa.training.questions.variants import with_variants
from qa.training.run.settings import RetrieverSettings

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
        "--translated",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("FILE", "OTHER"),
        help="two files in SQuAD form with ids in common, OTHER in another language: the "
        "paragraphs of FILE are asked the questions of both",
    )
    parser.add_argument(
        "--sentences",
        type=Path,
        metavar="FILE",
        help="sentences and their translations, a tab between, for the retriever",
    )
    parser.add_argument(
        "--no-written",
        action="store_true",
        help="leave out the questions that come with this project",
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
    translated = [path for path, _ in options.translated]
    names = [
        stem(path)
        for path in (*options.squad, *options.questions, *options.unlabelled, *translated)
    ]
    if not names and options.no_written:
        raise QAError(
            "nothing to read; give --squad FILE, --questions FILE --articles FOLDER, "
            "--translated FILE OTHER or --unlabelled PATH, or leave out --no-written"
        )
    if len(set(names)) < len(names):
        raise QAError(f"two files go by one name ({', '.join(sorted(names))}); rename one of them")
    if options.questions and options.articles is None:
        raise QAError("--questions needs --articles, the folder of the articles they are about")
    percents = numbers(options.held_out, "--held-out", {"", *names})
    licences = LICENCES | named(options.licence, "--licence", names)
    generator = random.Random(RetrieverSettings().seed)
    sources = _sources(options, generator)
    default = percents.get("", HELD_OUT_PER_CENT)
    split = records.split_by_title(
        [
            with_variants(article, generator)
            for source in sources.values()
            for article in source.articles
        ],
        {name: percents.get(name, default) for name in sources},
        None if options.no_written else written(),
    )
    sentences = read_sentences(options.sentences) if options.sentences else ()
    records.save(records.Prepared(split, licences, sentences), options.to)
    _print_counts(sources, split)
    if sentences:
        print(f"train: {len(sentences):,} sentences with a translation")


def _sources(options: argparse.Namespace, generator: random.Random) -> dict[str, Source]:
    """Return what each file holds, by the name of its collection."""
    sources = {stem(path): from_squad(path, stem(path)) for path in options.squad}
    for path, other in options.translated:
        sources[stem(path)] = from_translated(path, other, stem(path), options.squad)
    for path in options.questions:
        sources[stem(path)] = from_jsonl(path, options.articles, stem(path))
    for path in options.unlabelled:
        sources[stem(path)] = from_articles(path, stem(path), generator)
    return sources


def _print_counts(sources: Mapping[str, Source], split: records.Split) -> None:
    for side, articles in (("train", split.train), ("held out", split.held_out)):
        for name, total in records.counts(articles).items():
            print(
                f"{side}: {name}: {total['questions']:,} questions "
                f"({total['unanswerable']:,} not answered), "
                f"{total['articles']:,} articles, {total['paragraphs']:,} paragraphs"
            )
    for name, source in sources.items():
        if source.unused:
            print(f"not used: {name}: {source.unused:,} questions (their answer is nowhere)")
