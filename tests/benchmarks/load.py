"""Many people at once at a served chat: ``python tests/benchmarks/load.py``.

Starts ``qa serve`` on made-up articles and a free port of this machine, and lets people come for
some time: most ask over HTTP, a few by gradio_client, a few in a real browser with articles of
their own, and some send broken requests. Each asks only what one paragraph answers, so an answer
to somebody else is noticed. Prints the server's memory as time goes by, and how much it grew over
the last half: what is remembered for each connection is bounded, so give it some minutes. Ends
with 1 if there was an error or a mixed-up answer.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from qa.config import NO_READER, Config
from support.crowd import Crowd, Outcome, served, visit
from support.memory import tell
from support.places import write_articles
from support.readers import why_no_pages

SHOWN = 10


def main() -> int:
    """Let them come, and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200, help="altogether (%(default)s)")
    parser.add_argument("--seconds", type=float, default=120, help="how long (%(default)s)")
    parser.add_argument(
        "--think", type=float, default=10, help="seconds before each question (%(default)s)"
    )
    parser.add_argument("--pages", type=int, default=3, help="in a browser (%(default)s)")
    parser.add_argument("--clients", type=int, default=5, help="gradio_client (%(default)s)")
    parser.add_argument("--strangers", type=int, default=5, help="up to no good (%(default)s)")
    parser.add_argument(
        "--reader",
        default=NO_READER,
        help=f"a reader's folder or bundled name, {Config().reader} for the default one "
        "(%(default)s)",
    )
    parser.add_argument(
        "--look", type=float, default=10, help="at the memory every so many seconds"
    )
    options = parser.parse_args()
    # gradio_client looks for its own news otherwise.
    os.environ["HF_HUB_OFFLINE"] = "1"
    problem = why_no_pages() if options.pages else ""
    if problem:
        print(f"nobody comes by browser: {problem}")
    crowd = Crowd(
        people=options.people,
        seconds=options.seconds,
        think=options.think,
        pages=0 if problem else options.pages,
        clients=options.clients,
        strangers=options.strangers,
        look=options.look,
    )
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        write_articles(corpus, crowd.people)
        with served(corpus, Path(folder) / "log", options.reader) as server:
            outcome = asyncio.run(visit(server.url, crowd, server.process))
    print(f"reader: {options.reader}")
    print_outcome(crowd, outcome)
    return 1 if outcome.tally.errors or outcome.tally.mixed_up else 0


def print_outcome(crowd: Crowd, outcome: Outcome) -> None:
    """Print the tables."""
    tally = outcome.tally
    answers = [
        second
        for done, seconds in tally.seconds.items()
        if done.startswith("asked")
        for second in seconds
    ]
    print(f"{crowd.people} people, {outcome.seconds:.0f} s, {crowd.think:g} s to think on average")
    print(f"{'':<26}{'count':>8}{'median s':>10}{'99 % s':>8}{'most s':>8}")
    for done, seconds in sorted(tally.seconds.items()):
        print_row(done, seconds)
    print_row("all answers", answers)
    print(f"answers a second: {len(answers) / outcome.seconds:.1f}")
    each = sorted(tally.answers.values())
    if each:
        print(
            f"answers to each person: {each[0]} to {each[-1]}, median {statistics.median(each):g}"
        )
    print(f"told that too many wait: {tally.busy}")
    print_problems("errors", tally.errors)
    print_problems("mixed up", tally.mixed_up)
    print("memory of the server:")
    for one in outcome.memory:
        print(f"{one.at:>8,.0f} s{one.megabytes:>10,.0f} MB")
    print(tell(outcome.memory, "seconds"))


def print_row(name: str, seconds: Sequence[float]) -> None:
    """Print how long one kind of thing took."""
    if seconds:
        median, late, most = np.percentile(seconds, (50, 99, 100))
        print(f"{name:<26}{len(seconds):>8,}{median:>10.2f}{late:>8.2f}{most:>8.2f}")


def print_problems(name: str, problems: Sequence[str]) -> None:
    """Print how many there were, and the first of them."""
    print(f"{name}: {len(problems)}")
    for problem in problems[:SHOWN]:
        print(f"  {problem}")


if __name__ == "__main__":
    sys.exit(main())
