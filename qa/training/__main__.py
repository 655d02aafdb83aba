"""The commands: prepare, train, evaluate, export, calibrate."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from qa.embedding.sentence_transformer import model_folder
from qa.errors import QAError
from qa.reader.calibration import CALIBRATION_FILE
from qa.reader.cross import open_reader
from qa.training import chain
from qa.training.data import records
from qa.training.data.held_out import in_longer_paragraphs, sample
from qa.training.prepare import command as prepare
from qa.training.prepare.named import numbers
from qa.training.run.card import Origin
from qa.training.run.encoder import base_folder
from qa.training.run.folder import Run, Step
from qa.training.run.scores import (
    ReaderScore,
    RetrieverScore,
    Score,
    best,
    load_scores,
    save_scores,
)
from qa.training.run.settings import ReaderSettings, RetrieverSettings
from qa.training.run.weights import Candidate, candidates, reader_candidates

__all__ = ["main"]

REPORT_EVERY = 10
EVALUATION = "evaluation.json"
CHOSEN = (
    "base", "seed", "minutes", "steps", "learning_rate", "warmup_steps", "precision", "device",
)  # fmt: skip
"""Settings that have an option of their own."""
READER_CHOSEN = ("tokens_per_batch", "encoder_dropout", "frozen_layers", "head_rate", "workers")
"""The same of a reader alone."""


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
    prepare.add_options(
        commands.add_parser("prepare", help="read labelled questions, hold articles out")
    )
    train = commands.add_parser("train", help="train, or go on training")
    _add_train(train)
    train.set_defaults(command=_train)
    evaluate = commands.add_parser("evaluate", help="compare base and trained weights")
    _add_data_and_run(evaluate)
    evaluate.add_argument(
        "--questions", type=int, default=400, metavar="N", help="of each collection (default 400)"
    )
    evaluate.add_argument(
        "--retriever",
        default=RetrieverSettings().base,
        metavar="NAME",
        help="that a reader reads behind",
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
    calibrate.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="COLLECTION",
        help="do not fit on it; questions made by rule share more words with their passage "
        "than people's do",
    )
    calibrate.set_defaults(command=_calibrate)
    make = commands.add_parser("make", help="train, evaluate, export and calibrate, in one go")
    _add_train(make)
    chain.add_make(make, (_train, _evaluate, _export, _calibrate))
    adapt = commands.add_parser("adapt", help="train a reader on your own questions, in one go")
    chain.add_adapt(adapt, _train_and_export)
    return parser


def _train_and_export(options: argparse.Namespace) -> None:
    """Train a reader and export the running mean of its weights, whatever it reaches."""
    defaults = vars(_parser().parse_args(["train", "", "--run", ""]))
    options = argparse.Namespace(**(defaults | vars(options)))
    _train(options)
    options.choose = reader_candidates(Run(options.run))[0].name
    _export(options)


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
    parser.add_argument("--warmup-steps", type=int, metavar="N", help="over which it rises")
    parser.add_argument("--precision", choices=("auto", "float32", "bfloat16"))
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"))
    reader = parser.add_argument_group("of a reader")
    reader.add_argument("--tokens-per-batch", type=int, metavar="N")
    reader.add_argument("--encoder-dropout", type=float, metavar="SHARE")
    reader.add_argument("--frozen-layers", type=int, metavar="N")
    reader.add_argument("--head-rate", type=float, metavar="TIMES", help="the learning rate")
    reader.add_argument("--workers", type=int, metavar="N", help="processes that lay out examples")
    parser.add_argument(
        "--repeat",
        action="append",
        default=[],
        metavar="NAME=TIMES",
        help="show a collection more often, or (0.3) only a part of its articles each time",
    )


def _train(options: argparse.Namespace) -> None:
    from qa.training.run.loop import train
    from qa.training.run.plot import draw

    prepared = records.load(options.data)
    articles = prepared.split.train
    repeats = numbers(options.repeat, "--repeat", {article.collection for article in articles})
    chosen = _chosen(options, CHOSEN)
    run = Run(options.run)
    if options.reader:
        from qa.training.reader.task import ReaderTask

        chosen |= _chosen(options, READER_CHOSEN)
        reading = replace(ReaderSettings(), repeats=repeats, **chosen)
        train(partial(ReaderTask, articles, reading), reading, run, _report)
    else:
        from qa.training.retriever.task import RetrieverTask

        settings = replace(RetrieverSettings(), repeats=repeats, **chosen)
        task = partial(RetrieverTask, articles, settings, prepared.sentences)
        train(task, settings, run, _report)
    picture = options.run / "loss.png"
    draw(run.steps(), picture)
    print(f"done; loss curve in {picture}")


def _chosen(options: argparse.Namespace, names: Sequence[str]) -> dict[str, Any]:
    """Return the settings that were given."""
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _report(step: Step, share: float) -> None:
    if step.step % REPORT_EVERY == 0 or share >= 1:
        print(
            f"step {step.step:,} · {share:.0%} · epoch {step.epoch + 1} · loss {step.loss:.3f}"
            f" · right first {step.first:.0%} · {step.seconds:.1f} s a step",
            flush=True,
        )


def _evaluate(options: argparse.Namespace) -> None:
    from qa.training.reader import evaluate as evaluate_reader
    from qa.training.retriever import evaluate

    run = Run(options.run)
    articles = sample(records.load(options.data).split.held_out, options.questions)
    if not articles:
        raise QAError("no article with questions and three paragraphs is held out")
    scores: Sequence[Score]
    if run.trains_reader():
        read = evaluate_reader.compare(run, options.retriever, reader_candidates(run), articles)
        scores, table = read, evaluate_reader.table(read)
    else:
        base = base_folder(run.settings(RetrieverSettings).base)
        found = evaluate.compare(base, candidates(run), articles)
        scores, table = found, evaluate.table(found)
    save_scores(scores, options.run / EVALUATION)
    print(table)
    print(f"best: {best(scores)}")


def _export(options: argparse.Namespace) -> None:
    from qa.training.reader.export import export_reader
    from qa.training.retriever.export import export

    run = Run(options.run)
    path = options.run / EVALUATION
    if run.trains_reader():
        read = load_scores(ReaderScore, path)
        origin = _origin(options, run, reader_candidates(run), read)
        export_reader(origin, read, options.to)
    else:
        scores = load_scores(RetrieverScore, path)
        origin = _origin(options, run, candidates(run), scores)
        export(origin, scores, options.to)
    print(f"{options.to}: {origin.candidate.name}")


def _origin(
    options: argparse.Namespace, run: Run, known: Sequence[Candidate], scores: Sequence[Score]
) -> Origin:
    """Return the weights that were named, or else the best ones, and where they come from."""
    prepared = records.load(options.data)
    name = options.choose or (best(scores) if scores else "")
    if not name:
        raise QAError(f"{options.run} was not evaluated; run evaluate first, or give --choose")
    for candidate in known:
        if candidate.name == name:
            return Origin(run, candidate, prepared, options.note)
    names = ", ".join(candidate.name for candidate in known)
    raise QAError(f"no weights {name!r} in {options.run}; expected one of: {names}")


def _calibrate(options: argparse.Namespace) -> None:
    from qa.training.calibrate.command import fit_reader, fit_retriever

    folder = model_folder(options.model)
    if folder is None:
        raise QAError(f"there is no folder of the model {options.model!r} to write to")
    held_out = records.load(options.data).split.held_out
    known = sorted({article.collection for article in held_out})
    if unknown := [name for name in options.without if name not in known]:
        raise QAError(f"--without {unknown[0]}: expected one of: {', '.join(known)}")
    articles = [article for article in held_out if article.collection not in options.without]
    if not articles:
        raise QAError("no held-out article to fit on; prepare with a larger --held-out")
    if options.questions is not None:
        articles = sample(articles, options.questions)
    fitted_on = f"{len(articles)} held-out articles of {options.data.resolve().name}"
    articles += in_longer_paragraphs(articles)
    if options.reader is None:
        fit_retriever(articles, options.model, fitted_on, print).save(folder)
        print(f"fitted on both halves: {folder / CALIBRATION_FILE}")
        return
    reader = open_reader(options.reader)
    fit_reader(articles, options.model, reader, fitted_on, print).save(reader.folder)
    print(f"fitted on both halves: {reader.folder / CALIBRATION_FILE}")


if __name__ == "__main__":
    sys.exit(main())
