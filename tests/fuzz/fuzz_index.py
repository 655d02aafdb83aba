"""Coverage-guided fuzzing of opening an index: ``python tests/fuzz/fuzz_index.py -runs=100000``.

An input changes one to three files of a small index; its first byte tells whether hashes are
put right afterwards, and whether it is opened as a large one, whose files are checked later.
Needs ``pip install 'article-qa[fuzz]'``; what it finds goes into ``tests/test_fuzz_index.py``.
"""

import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa", "numpy.lib._format_impl"]):
    from guided import run

    from qa.config import Config
    from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
    from qa.errors import QAError
    from support.small_index import Change, SmallIndex, open_and_read, write_small_index

MOST_CHANGES = 3
WAYS: tuple[Literal["bytes", "numbers", "patch"], ...] = ("bytes", "numbers", "patch")
HEAD = 4
"""Bytes in front of each change: file, way, and the length of what follows in two."""


class Target:
    """Opens the index that an input makes."""

    def __init__(self, folder: Path) -> None:
        # Only named in the index: no model is loaded.
        self._embedder = SentenceTransformerEmbedder(Config().model)
        write_small_index(folder, self._embedder)
        self._index = SmallIndex(folder)

    def one_input(self, data: bytes) -> None:
        """Open the changed index; it is whole, or refused by an error of the project's own."""
        if not data:
            return
        changes = list(_changes(data[1:]))
        self._index.change(changes, sealed=bool(data[0] & 1))
        try:
            open_and_read(self._index.folder, self._embedder, large=bool(data[0] & 2))
        except QAError as error:
            assert "index" in str(error)
        finally:
            self._index.restore(changes)

    def seeds(self) -> Iterator[bytes]:
        """Yield a small change of each file: what is short is changed again most cleverly."""
        for number in range(len(self._index.files)):
            for place in (9, 40, 128, 136):
                for how in (1, 3):
                    change = place.to_bytes(2, "little") + b"\1\1"
                    yield bytes([how, number, 2, len(change), 0]) + change
            if self._index.is_array(number):
                yield bytes([1, number, 1, 6, 0, 0, 1, 2, 3, 4, 5])
                yield bytes([3, number, 1, 6, 0, 0, 1, 2, 3, 4, 5])


def _changes(data: bytes) -> Iterator[Change]:
    for _ in range(MOST_CHANGES):
        if len(data) < HEAD:
            return
        end = HEAD + int.from_bytes(data[2:HEAD], "little")
        yield Change(data[0], WAYS[data[1] % len(WAYS)], data[HEAD:end])
        data = data[end:]


def main() -> None:
    """Fuzz in a folder that goes afterwards."""
    # Numbers that are none are part of the game.
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        target = Target(Path(folder) / "index")
        run(target.one_input, target.seeds())


if __name__ == "__main__":
    main()
