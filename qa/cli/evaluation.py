"""The command that measures on labelled questions: ``qa eval``."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.options import Commands, add_sources, as_json, chatbot_of
from qa.cli.progress import ProgressBar

if TYPE_CHECKING:
    from qa.evaluate import Label

__all__ = ["add_commands"]


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("eval", help="measure on labelled questions (JSON lines)")
    parser.add_argument("file", metavar="FILE", help="labelled questions")
    add_sources(parser)
    parser.add_argument(
        "--alone", action="store_true", help="ask each question of its own article only"
    )
    parser.add_argument(
        "--compare", action="store_true", help="rank by meaning, by words and by both as well"
    )
    parser.add_argument(
        "--misses",
        type=_count,
        default=10,
        metavar="N",
        help="wrong answers and refusals to list, surest first (%(default)s)",
    )
    parser.add_argument(
        "--picture", metavar="FILE", help="PNG picture of refusal and calibration to write"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=_eval)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(f"{count} is negative")
    return count


def _eval(options: argparse.Namespace) -> int:
    from qa.evaluate import compare, evaluate, read_labels, worst
    from qa.evaluate.picture import check_drawable, draw
    from qa.evaluate.tables import to_dict, to_text

    labels = read_labels(Path(options.file))
    if options.picture:
        check_drawable()
    if not (options.corpus or options.index):
        beside = Path(options.file).parent
        options.corpus = [str(beside)] if _has_sources(beside, labels) else None
    bot = chatbot_of(options, without=Path(options.file))
    with ProgressBar() as bar:
        outcomes = evaluate(bot, labels, bar, alone=options.alone)
    with ProgressBar() as bar:
        rankings = compare(bot, labels, progress=bar, checked=True) if options.compare else []
    misses = worst(outcomes, options.misses)
    if options.json:
        print(as_json(to_dict(outcomes, misses, rankings)))
    else:
        print(to_text(outcomes, misses, rankings))
    # What was measured is there, whatever becomes of the picture.
    if options.picture:
        draw(outcomes, Path(options.picture))
    return 0


def _has_sources(folder: Path, labels: Sequence["Label"]) -> bool:
    return all((folder / label.source).is_file() for label in labels if label.source)
