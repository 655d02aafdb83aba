"""Coverage-guided fuzzing of the loaders: ``python tests/fuzz/fuzz_loaders.py -runs=100000``.

The first byte of an input chooses the kind of file. Needs ``pip install 'article-qa[fuzz]'``;
what it finds goes into ``tests/test_fuzz.py`` as an example.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa"]):
    from soundness import read

    from qa.loaders import docx, epub, html, markdown, markup, page, plain, records
    from qa.loaders.formats import KINDS

# A PDF is read in a process of its own, which coverage does not see into.
CHOSEN = [kind for kind in KINDS if kind != ".pdf"]
LARGEST_SEED = 20_000
INSTRUMENTED = (docx, epub, html, markdown, markup, page, plain, records)


def one_input(data: bytes) -> None:
    """Read one input as a file of the kind that its first byte chooses."""
    if data:
        read(data[1:], CHOSEN[data[0] % len(CHOSEN)])


def write_seeds(folder: Path) -> None:
    """Write the smaller documents of the tests as inputs to begin with."""
    documents = Path(__file__).parents[1] / "data" / "documents"
    for path in documents.iterdir():
        data = path.read_bytes()
        if path.suffix in CHOSEN and len(data) <= LARGEST_SEED:
            (folder / path.name).write_bytes(bytes([CHOSEN.index(path.suffix)]) + data)


def main() -> None:
    """Fuzz until libFuzzer's options say to stop."""
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(Path(folder))
        atheris.Setup([*sys.argv, folder], one_input)
        # It ends the process itself, so the folder is left to the system.
        atheris.Fuzz()


if __name__ == "__main__":
    main()
