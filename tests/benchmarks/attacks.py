"""A person among attackers: ``python tests/benchmarks/attacks.py``.

Starts ``qa serve`` on made-up articles, and lets ``--attackers`` of each kind at it while a person
at a page asks about the articles and one of their own. Prints how long the person waited, what the
attackers were told, and the memory of the server. Ends with 1 if anything of the person was lost,
or 99 % of the answers took over 2 s, or the memory was over 1.5 GB.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from qa.config import Config
from support.attackers import KINDS, Besieged, besiege
from support.crowd import served
from support.places import write_articles

SECONDS = 2.0
MEGABYTES = 1_500.0
ARTICLES = 12


def main() -> int:
    """Let them come, and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attackers", type=int, default=30, help="of each kind (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="how long (%(default)s)")
    parser.add_argument("--kinds", nargs="*", default=[], choices=[*KINDS], metavar="KIND")
    parser.add_argument("--alone", action="store_true", help="one kind after the other")
    parser.add_argument("--reader", default=Config().reader, help="(%(default)s)")
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    chosen = options.kinds or [*KINDS]
    failed = False
    for kinds in [[one] for one in chosen] if options.alone else [chosen]:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            corpus.mkdir()
            write_articles(corpus, ARTICLES)
            with served(corpus, Path(folder) / "log", options.reader) as server:
                found = asyncio.run(
                    besiege(server.url, options.seconds, options.attackers, server.process, kinds)
                )
        failed |= not tell(kinds, found)
    return int(failed)


def tell(kinds: list[str], found: Besieged) -> bool:
    """Print what became of it, and return whether all of it was within bounds."""
    print(", ".join(kinds))
    for name, told in found.told.items():
        print(f"  {name:<20}", ", ".join(f"{what}: {count:,}" for what, count in told.items()))
    if not found.seconds:
        print("  not one answer")
        return False
    median, late, most = np.percentile(found.seconds, (50, 99, 100))
    print(
        f"  {len(found.seconds):,} answers: median {median:.2f} s, 99 % {late:.2f} s, most "
        f"{most:.2f} s; most memory {found.megabytes:,.0f} MB; lost or refused: "
        f"{len(found.problems)}"
    )
    for problem in found.problems[:5]:
        print(f"    {problem}")
    return not found.problems and late <= SECONDS and found.megabytes <= MEGABYTES


if __name__ == "__main__":
    sys.exit(main())
