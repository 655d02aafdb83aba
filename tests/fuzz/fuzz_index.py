"""Coverage-guided fuzzing of opening an index: ``python tests/fuzz/fuzz_index.py -runs=100000``.

An input changes one to three files of a small index; its first byte tells whether hashes are
put right afterwards. Needs ``pip install 'article-qa[fuzz]'``; what it finds goes into
``tests/test_fuzz_index.py``.
"""

import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa", "numpy.lib._format_impl"]):
    from guided import run
    from small_index import Change, SmallIndex, open_and_read, write_small_index

    from qa.config import Config
    from qa.embed import SentenceTransformerEmbedder
    from qa.errors import QAError

MOST_CHANGES = 3
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
        self._index.change(list(_changes(data[1:])), sealed=bool(data[0] & 1))
        try:
            open_and_read(self._index.folder, self._embedder)
        except QAError as error:
            assert "index" in str(error)
        finally:
            self._index.restore()

    def seeds(self) -> Iterator[bytes]:
        """Yield each file as it is, and each array of whole numbers as small ones."""
        for number in range(len(self._index.files)):
            content = self._index.content(number)
            head = bytes([number, 0, *len(content).to_bytes(2, "little")])
            yield b"\1" + head + content
            yield b"\0" + head + content
            if self._index.is_array(number):
                yield b"\1" + bytes([number, 1, 6, 0, 0, 1, 2, 3, 4, 5])


def _changes(data: bytes) -> Iterator[Change]:
    for _ in range(MOST_CHANGES):
        if len(data) < HEAD:
            return
        end = HEAD + int.from_bytes(data[2:HEAD], "little")
        yield Change(data[0], "numbers" if data[1] & 1 else "bytes", data[HEAD:end])
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
