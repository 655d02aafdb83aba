"""The commands: prepare, train, evaluate, export, calibrate."""

import argparse
import random
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from qa.calibration import CALIBRATION_FILE
from qa.embed import model_folder
from qa.errors import QAError
from qa.reader.cross import open_reader
from qa.training import records
from qa.training.model import base_folder
from qa.training.run import Run, Step
from qa.training.settings import ReaderSettings, Settings
from qa.training.sources import Source, from_jsonl, from_squad
from qa.training.variants import with_variants
from qa.training.weights import Candidate, candidates

__all__ = ["main"]

HELD_OUT_PER_CENT = 15
REPORT_EVERY = 10
DEFAULTS = Settings()
READER_DEFAULTS = ReaderSettings()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except QAError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa.training",
        description="Train retriever and reader on labelled questions, one step after the other.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_prepare(commands.add_parser("prepare", help="read labelled questions, hold articles out"))
    _add_train(commands.add_parser("train", help="train, or go on training"))
    evaluate = commands.add_parser("evaluate", help="compare base and trained weights")
    _add_data_and_run(evaluate)
    evaluate.add_argument(
        "--questions", type=int, default=400, metavar="N", help="of each collection (default 400)"
    )
    evaluate.add_argument(
        "--retriever", default=DEFAULTS.base, metavar="NAME", help="that a reader reads behind"
    )
    evaluate.set_defaults(command=_evaluate)
    export = commands.add_parser("export", help="write the best weights as a model folder")
    _add_data_and_run(export)
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the new model")
    export.add_argument("--choose", metavar="NAME", help="a row of the table, not the best one")
    export.add_argument("--note", default="", metavar="TEXT", help="how it was made, for the card")
    export.set_defaults(command=_export)
    calibrate = commands.add_parser("calibrate", help="fit certainty and threshold of a model")
    calibrate.add_argument("data", type=Path, help="folder made by prepare")
    calibrate.add_argument("--model", required=True, metavar="NAME", help="bundled name or folder")
    calibrate.add_argument(
        "--reader", metavar="NAME", help="fit this reader behind the model, not the model itself"
    )
    calibrate.add_argument(
        "--questions", type=int, metavar="N", help="of each collection (default: all)"
    )
    calibrate.set_defaults(command=_calibrate)
    return parser


def _add_prepare(parser: argparse.ArgumentParser) -> None:
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


def _add_data_and_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, help="folder made by prepare")
    parser.add_argument("--run", type=Path, required=True, metavar="FOLDER", help="of the training")


def _add_train(parser: argparse.ArgumentParser) -> None:
    _add_data_and_run(parser)
    parser.add_argument("--minutes", type=float, help="time to compute")
    parser.add_argument("--steps", type=int, help="or steps to do; whatever ends first")
    parser.add_argument(
        "--reader", action="store_true", help="train a reader; without it, a retriever"
    )
    parser.add_argument("--base", help="bundled model name or folder")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--precision", choices=("auto", "float32", "bfloat16"))
    parser.add_argument(
        "--repeat",
        action="append",
        default=[],
        metavar="NAME=TIMES",
        help="show a small collection more often",
    )
    parser.set_defaults(command=_train)


def _named(values: Sequence[str], option: str, known: Collection[str]) -> dict[str, str]:
    """Return NAME=VALUE arguments by name.

    With "" among the ``known`` names, a value may stand alone, for all other collections.
    """
    pairs = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals and "" in known:
            name, text = "", value
        if not text or name not in known:
            names = ", ".join(sorted(filter(None, known))) or "no file"
            raise QAError(f"{option} {value}: expected NAME=VALUE with a NAME of: {names}")
        pairs[name] = text
    return pairs


def _numbers(values: Sequence[str], option: str, known: Collection[str]) -> dict[str, int]:
    try:
        return {name: int(text) for name, text in _named(values, option, known).items()}
    except ValueError as error:
        raise QAError(f"{option}: expected a whole number ({error})") from error


def _prepare(options: argparse.Namespace) -> None:
    names = [path.stem for path in (*options.squad, *options.questions)]
    if not names:
        raise QAError("nothing to read; give --squad FILE or --questions FILE --articles FOLDER")
    if len(set(names)) < len(names):
        raise QAError(f"two files go by one name ({', '.join(sorted(names))}); rename one of them")
    if options.questions and options.articles is None:
        raise QAError("--questions needs --articles, the folder of the articles they are about")
    percents = _numbers(options.held_out, "--held-out", {"", *names})
    licences = _named(options.licence, "--licence", names)
    sources = {path.stem: from_squad(path, path.stem) for path in options.squad}
    for path in options.questions:
        sources[path.stem] = from_jsonl(path, options.articles, path.stem)
    default = percents.get("", HELD_OUT_PER_CENT)
    generator = random.Random(DEFAULTS.seed)
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


def _print_counts(sources: dict[str, Source], split: records.Split) -> None:
    for side, articles in (("train", split.train), ("held out", split.held_out)):
        for name, total in records.counts(articles).items():
            print(
                f"{side}: {name}: {total['questions']:,} questions, "
                f"{total['articles']:,} articles, {total['paragraphs']:,} paragraphs"
            )
    for name, source in sources.items():
        if source.unused:
            print(f"not used: {name}: {source.unused:,} questions (no answer, or follow-ups)")


def _train(options: argparse.Namespace) -> None:
    from qa.training.plot import draw
    from qa.training.train import train

    articles = records.load(options.data).split.train
    repeats = _numbers(options.repeat, "--repeat", {article.collection for article in articles})
    defaults = READER_DEFAULTS if options.reader else DEFAULTS
    given = {
        "base": options.base,
        "seed": options.seed,
        "minutes": options.minutes,
        "steps": options.steps,
        "learning_rate": options.learning_rate,
        "precision": options.precision,
    }
    settings = replace(
        defaults,
        repeats=repeats,
        **{name: value for name, value in given.items() if value is not None},
    )
    run = Run(options.run)
    if isinstance(settings, ReaderSettings):
        from qa.training.reader import ReaderTask

        train(partial(ReaderTask, articles, settings), settings, run, _report)
    else:
        from qa.training.retriever import RetrieverTask

        train(partial(RetrieverTask, articles, settings), settings, run, _report)
    picture = options.run / "loss.png"
    draw(run.steps(), picture)
    print(f"done; loss curve in {picture}")


def _report(step: Step, share: float) -> None:
    if step.step % REPORT_EVERY == 0 or share >= 1:
        print(
            f"step {step.step:,} · {share:.0%} · epoch {step.epoch + 1} · loss {step.loss:.3f}"
            f" · right first {step.first:.0%} · {step.seconds:.1f} s a step",
            flush=True,
        )


def _evaluate(options: argparse.Namespace) -> None:
    from qa.training import evaluate, evaluate_reader

    run = Run(options.run)
    articles = evaluate.sample(records.load(options.data).split.held_out, options.questions)
    if not articles:
        raise QAError("no article with questions and three paragraphs is held out")
    path = options.run / "evaluation.json"
    if run.trains_reader():
        chosen = evaluate_reader.reader_candidates(run)
        read = evaluate_reader.compare(run, options.retriever, chosen, articles)
        evaluate_reader.save_scores(read, path)
        print(evaluate_reader.table(read))
        print(f"best: {evaluate_reader.best(read)}")
        return
    base = base_folder(run.settings().base)
    scores = evaluate.compare(base, candidates(run), articles)
    evaluate.save_scores(scores, path)
    print(evaluate.table(scores))
    print(f"best: {evaluate.best(scores)}")


def _export(options: argparse.Namespace) -> None:
    from qa.training import evaluate, evaluate_reader
    from qa.training.export import export
    from qa.training.export_reader import export_reader

    run = Run(options.run)
    path = options.run / "evaluation.json"
    reads = run.trains_reader()
    prepared = records.load(options.data)
    if reads:
        read = evaluate_reader.load_scores(path)
        chosen = _chosen(
            options, evaluate_reader.reader_candidates(run), read and evaluate_reader.best(read)
        )
        own = [one for one in read if one.reader == chosen.name]
        export_reader(run, chosen, prepared, own, options.to, options.note)
    else:
        scores = evaluate.load_scores(path)
        chosen = _chosen(options, candidates(run), scores and evaluate.best(scores))
        export(run, chosen, prepared, scores, options.to, options.note)
    print(f"{options.to}: {chosen.name}")


def _chosen(
    options: argparse.Namespace, known: Sequence[Candidate], best: str | list[Any]
) -> Candidate:
    """Return the candidate that was named, or else the best one."""
    name = options.choose or best
    if not name:
        raise QAError(f"{options.run} was not evaluated; run evaluate first, or give --choose")
    for candidate in known:
        if candidate.name == name:
            return candidate
    names = ", ".join(candidate.name for candidate in known)
    raise QAError(f"no weights {name!r} in {options.run}; expected one of: {names}")


def _calibrate(options: argparse.Namespace) -> None:
    from qa.training import evaluate
    from qa.training.calibrate import fit_reader, fit_retriever

    folder = model_folder(options.model)
    if folder is None:
        raise QAError(f"there is no folder of the model {options.model!r} to write to")
    articles: Sequence[records.LabelledArticle] = records.load(options.data).split.held_out
    if options.questions is not None:
        articles = evaluate.sample(articles, options.questions)
    fitted_on = f"{len(articles)} held-out articles of {options.data.resolve().name}"
    if options.reader is None:
        fit_retriever(articles, options.model, fitted_on, print).save(folder)
        print(f"fitted on both halves: {folder / CALIBRATION_FILE}")
        return
    reader = open_reader(options.reader)
    fit_reader(articles, options.model, reader, fitted_on, print).save(reader.folder)
    print(f"fitted on both halves: {reader.folder / CALIBRATION_FILE}")


if __name__ == "__main__":
    sys.exit(main())
