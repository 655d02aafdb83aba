"""The steps in one command: from prepared data, or an owner's own labels, to a calibrated model."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.errors import LabelError
from qa.reader.calibration import load_calibration
from qa.reader.cross import CrossReader, open_reader
from qa.training.calibrate.cases import Models, cases, embed_all
from qa.training.calibrate.command import fit_reader, report
from qa.training.data import records
from qa.training.data.held_out import halves, sample
from qa.training.data.records import LabelledArticle
from qa.training.data.written import LICENCES, written
from qa.training.prepare.sources import from_jsonl

__all__ = ["add_adapt", "add_make"]

HELD_OUT_PER_CENT = 50
"""Of an owner's articles: half of these to fit certainty on, half to report on."""

FITTED_QUESTIONS = 150
"""Of each genre of the written questions, to fit certainty on beside an owner's own."""

OWN_SHARE = 0.5
"""Share of an owner's own questions among those shown in training."""

FIGURES = ("hit_at_1", "answered", "answered_and_right", "refused", "balanced")

Step = Callable[[argparse.Namespace], None]


def add_make(parser: argparse.ArgumentParser, steps: tuple[Step, ...]) -> None:
    """Add the options of ``make``, which does ``steps``: train, evaluate, export, calibrate."""
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the new model")
    parser.add_argument("--note", default="", metavar="TEXT", help="how it was made, for the card")
    parser.add_argument("--questions", type=int, default=250, help="of each collection to measure")
    parser.add_argument("--retriever", default=Config().model, help="that a reader reads behind")

    def make(options: argparse.Namespace) -> None:
        options.choose, options.without = None, []
        options.model = options.retriever if options.reader else str(options.to)
        train, evaluate, export, calibrate = steps
        train(options)
        evaluate(options)
        export(options)
        options.reader = str(options.to) if options.reader else None
        calibrate(options)

    parser.set_defaults(command=make)


def add_adapt(parser: argparse.ArgumentParser, make: Step) -> None:
    """Add the options of ``adapt``; ``make`` trains and exports."""
    parser.add_argument(
        "questions", type=Path, help="JSON lines: question, source, evidence, answer, history"
    )
    parser.add_argument("--articles", type=Path, required=True, metavar="FOLDER", help="sources")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="the new reader")
    parser.add_argument("--base", default=Config().reader, help="reader to go on from")
    parser.add_argument("--model", default=Config().model, help="retriever that it reads behind")
    parser.add_argument("--minutes", type=float, default=20.0, help="to compute (%(default)s)")
    parser.set_defaults(command=lambda options: _adapt(options, make))


def _adapt(options: argparse.Namespace, make: Step) -> None:
    """Train a reader on an owner's questions and print the gain on articles kept apart."""
    name = options.questions.stem
    own = from_jsonl(options.questions, options.articles, name).articles
    split = records.split_by_title(own, {name: HELD_OUT_PER_CENT}, _without(written(), own))
    fitting, reporting = halves([one for one in split.held_out if one.collection == name])
    if not (fitting and reporting):
        raise LabelError(
            f"{options.questions}: {len(own)} articles are too few to keep some apart to fit and "
            "to measure on; expected eight or more with three paragraphs each"
        )
    data, run = (options.to.with_name(f"{options.to.name}-{part}") for part in ("data", "run"))
    records.save(records.Prepared(split, LICENCES | {name: "its owner's"}), data)
    make(_training(options, split, name, data, run))
    general = sample([one for one in split.held_out if one.collection != name], FITTED_QUESTIONS)
    reader = open_reader(str(options.to))
    fitted_on = f"the written questions and {len(fitting)} articles of {name}"
    # Their own certainty counts as much as that of all others.
    times = max(1, round(_asked(general) / max(1, _asked(fitting))))
    articles = [*general, *fitting * times]
    fit_reader(articles, options.model, reader, fitted_on, print).save(reader.folder)
    _show_gain(reporting, options)


def _without(split: records.Split, own: Sequence[LabelledArticle]) -> records.Split:
    """Return the split without articles that are among an owner's."""
    openings = {one.opening for one in own}
    sides = (split.train, split.held_out)
    return records.Split(
        *(tuple(one for one in side if one.opening not in openings) for side in sides)
    )


def _training(
    options: argparse.Namespace, split: records.Split, name: str, data: Path, run: Path
) -> argparse.Namespace:
    """Return the options of training and export, with the own questions shown often enough."""
    sizes = records.counts(split.train)
    others = sum(size["questions"] for known, size in sizes.items() if known != name)
    times = OWN_SHARE / (1 - OWN_SHARE) * others / max(1, sizes[name]["questions"])
    return argparse.Namespace(
        data=data, run=run, to=options.to, base=options.base, minutes=options.minutes,
        reader=True, repeat=[f"{name}={times:.0f}"], note=f"Adapted to {name}.",
        learning_rate=5e-5, warmup_steps=10, head_rate=2.0, choose=None,
    )  # fmt: skip


def _asked(articles: Sequence[LabelledArticle]) -> int:
    return sum(len(one.questions) for one in articles)


def _show_gain(articles: list[LabelledArticle], options: argparse.Namespace) -> None:
    embedder = embed_all(articles, SentenceTransformerEmbedder(options.model))
    retrieval = load_calibration(model_folder(options.model))

    def figures(reader: CrossReader) -> dict[str, float]:
        # One that was opened before knows its former certainty.
        fresh = CrossReader(reader.folder)
        return report(cases(articles, embedder, Models(retrieval, fresh)), fresh.calibration)

    before, after = figures(open_reader(options.base)), figures(open_reader(str(options.to)))
    print(f"{_asked(articles)} questions on {len(articles)} articles kept apart, before and after:")
    for figure in FIGURES:
        print(f"  {figure:20}{before[figure]:.3f}  {after[figure]:.3f}")
