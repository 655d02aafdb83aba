"""The folder of an exported model: put together aside and renamed, so that it is whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.embedding.manifest import write_manifest
from qa.errors import ModelError

__all__ = ["new_folder"]


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``folder`` that takes its name once all is written.

    What was written is listed in a manifest, by which damage is noticed.

    Raises:
        ModelError: if ``folder`` exists.

    """
    if folder.exists():
        raise ModelError(f"{folder} exists already; name a new folder, or remove it first")
    aside = folder.with_name(folder.name + ".writing")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    write_manifest(aside)
    aside.rename(folder)
