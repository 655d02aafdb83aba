"""Memory of one process over many questions: ``python tests/benchmarks/endurance.py``.

Asks the article's labelled questions again and again, each time worded a little differently and
with a question before it, and prints the resident memory. It should be flat after the warm-up.
"""

import argparse
import gc
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from qa.chatbot.cached import default_chatbot
from qa.config import NO_READER, Config, chosen_reader, default_corpus
from support.memory import Measured, resident, tell

QUESTIONS = 20_000
EVERY = 1_000


def main() -> None:
    """Ask, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=int, nargs="?", default=QUESTIONS)
    parser.add_argument("--every", type=int, default=EVERY, help="questions between two looks")
    parser.add_argument(
        "--reader",
        default=NO_READER,
        help=f"a reader's folder or bundled name, {Config().reader} for the default one "
        "(%(default)s)",
    )
    options = parser.parse_args()
    labels = (default_corpus() / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in labels if line]
    bot = default_chatbot(Config(reader=chosen_reader(options.reader)))
    bot.warm_up()
    series: list[Measured] = []
    print(f"reader: {options.reader}")
    begun = time.perf_counter()
    for number in range(options.questions):
        if number % options.every == 0:
            look(series, number)
        question = asked[number % len(asked)]
        bot.ask(f"{question[:-1]}{number}?", history=[asked[number // 7 % len(asked)]])
    look(series, options.questions)
    seconds = time.perf_counter() - begun
    print(f"{options.questions:,} questions, {options.questions / seconds:.1f} a second")
    print(tell(series, "questions"))


def look(series: list[Measured], number: int) -> None:
    """Measure the memory after so many questions, and print it."""
    gc.collect()
    megabytes = resident(os.getpid())
    if megabytes is not None:
        series.append(Measured(number, megabytes))
        print(f"{number:>7,} questions  {megabytes:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
