"""What the runs guided by coverage share: bounds on time and memory, and inputs to begin with."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris

__all__ = ["run"]

# Of one input: what takes more seconds or megabytes is a find. It is printed, too.
BOUNDS = {
    "-timeout": "20",
    "-rss_limit_mb": "4096",
    "-artifact_prefix": f"{tempfile.gettempdir()}/",
}


def run(one_input: Callable[[bytes], None], seeds: Iterable[bytes]) -> None:
    """Fuzz until libFuzzer's options say to stop; ends with 77 at a find, which it prints."""
    given = {option.partition("=")[0] for option in sys.argv[1:]}
    bounds = [f"{name}={value}" for name, value in BOUNDS.items() if name not in given]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / f"{number:04}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *bounds, *sys.argv[1:], folder], one_input)
        # It ends the process itself, so the folder is left to the system.
        atheris.Fuzz()
