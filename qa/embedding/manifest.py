"""The SHA-256 of each file of a model folder, beside them: a model is what it was, or an error.

Damaged weights load as well as whole ones and answer wrongly, with full certainty. The manifest has
the form of ``sha256sum``, so ``sha256sum -c SHA256SUMS`` checks a folder too.
"""

import hashlib
import threading
from pathlib import Path

from qa.errors import ModelError

__all__ = ["MANIFEST", "ManifestCheck", "file_hash", "listed", "write_manifest"]

MANIFEST = "SHA256SUMS"

_LEFT_OUT = (MANIFEST, "README.md", "calibration.json")
"""A card is for people; a calibration may be fitted anew, to one's own questions."""


def write_manifest(folder: Path) -> None:
    """Write the manifest of a model folder that is complete."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{file_hash(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in files
        if path.name not in _LEFT_OUT
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def listed(folder: Path) -> dict[str, str]:
    """Return the hash of each file as the manifest of a folder has it; none without a manifest.

    Raises:
        OSError, ValueError: if the manifest cannot be read.

    """
    if not (folder / MANIFEST).is_file():
        return {}
    lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    return {name: expected for expected, _, name in (line.partition("  ") for line in lines)}


class ManifestCheck:
    """Checks a model folder in a thread of its own, while what is in it is loaded.

    A folder without a manifest, as models from elsewhere are, is taken as it is.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._problem: ModelError | None = None
        self._thread = threading.Thread(target=self._check, name="model-check", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait for the end.

        Raises:
            ModelError: if a file is not as it was written; names it.

        """
        self._thread.join()
        if self._problem is not None:
            raise self._problem

    def _check(self) -> None:
        if self._folder is None:
            return
        try:
            for name, expected in listed(self._folder).items():
                if file_hash(self._folder / name) != expected:
                    self._problem = _damaged(self._folder / name, "is not as it was written")
                    return
        except FileNotFoundError as error:
            self._problem = _damaged(Path(str(error.filename)), "is missing")
        except (OSError, ValueError) as error:
            self._problem = _damaged(self._folder / MANIFEST, f"cannot be checked ({error})")


def _damaged(path: Path, problem: str) -> ModelError:
    return ModelError(
        f"the model file {path} {problem}; copy it again from where it came, install the package "
        f"again, or delete {MANIFEST} beside it if you have changed the model yourself"
    )


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
