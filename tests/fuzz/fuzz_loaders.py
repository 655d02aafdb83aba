"""Coverage-guided fuzzing of the loaders: ``python tests/fuzz/fuzz_loaders.py -runs=100000``.

The first byte of an input chooses the kind of file. Needs ``pip install 'article-qa[fuzz]'``;
what it finds goes into ``tests/test_fuzz.py`` as an example.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa"]):
    from guided import run

    from qa.loaders.formats import KINDS
    from support.soundness import read

# A PDF is read in a process of its own, which coverage does not see into: see fuzz_pdf.py.
CHOSEN = [kind for kind in KINDS if kind != ".pdf"]
LARGEST_SEED = 20_000
DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"


def one_input(data: bytes) -> None:
    """Read one input as a file of the kind that its first byte chooses."""
    if data:
        read(data[1:], CHOSEN[data[0] % len(CHOSEN)])


def seeds() -> Iterator[bytes]:
    """Yield the smaller documents of the tests."""
    for path in sorted(DOCUMENTS.iterdir()):
        data = path.read_bytes()
        if path.suffix in CHOSEN and len(data) <= LARGEST_SEED:
            yield bytes([CHOSEN.index(path.suffix)]) + data


if __name__ == "__main__":
    run(one_input, seeds())
