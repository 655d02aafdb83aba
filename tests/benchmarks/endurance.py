"""Memory of one process over many questions: ``python tests/benchmarks/endurance.py``.

Asks the article's labelled questions again and again, each time worded a little differently,
and prints the resident memory. It should be flat after the warm-up.
"""

import argparse
import gc
import json
import os
import time
from pathlib import Path

from qa.config import default_corpus
from qa.opening import default_chatbot

QUESTIONS = 20_000
WARM_UP = 2_000
EVERY = 1_000


def resident_megabytes() -> float:
    """Return the memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Ask, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=int, nargs="?", default=QUESTIONS)
    options = parser.parse_args()
    labels = (default_corpus() / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in labels if line]
    bot = default_chatbot()
    measured: list[tuple[int, float]] = []
    begun = time.perf_counter()
    for number in range(options.questions):
        question = asked[number % len(asked)]
        bot.ask(f"{question[:-1]}{number}?", history=[asked[number // 7 % len(asked)]])
        if (number + 1) % EVERY == 0 or number + 1 == options.questions:
            gc.collect()
            measured.append((number + 1, resident_megabytes()))
            print(f"{number + 1:>7,} questions  {measured[-1][1]:,.0f} MB", flush=True)
    seconds = time.perf_counter() - begun
    print(f"{options.questions / seconds:.1f} questions a second")
    settled = [megabytes for count, megabytes in measured if count >= WARM_UP]
    if len(settled) > 1:
        print(
            f"after {WARM_UP:,} questions: {settled[0]:,.0f} MB, at the end {settled[-1]:,.0f} MB, "
            f"most {max(settled):,.0f} MB"
        )


if __name__ == "__main__":
    main()
