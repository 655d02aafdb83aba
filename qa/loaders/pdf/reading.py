"""PDF: read in a process of its own, so that no file can hang or crash the one that asks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from qa.errors import DocumentError
from qa.loaders.content import Content, Part, assemble, mark_bylines, titled
from qa.loaders.extras import require
from qa.loaders.limits import MAX_PDF_SECONDS, check_time, seconds_left

__all__ = ["read"]

_PROGRAM = "qa.loaders.pdf.program"


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the document of a PDF, its parts with their pages.

    Raises:
        MissingExtra: if pypdfium2 is not installed.
        DocumentError: if it is encrypted, broken or scanned, or takes too long or too much.

    """
    require("pypdfium2", "pypdfium2", "pdf")
    # The folder of this package, wherever it was imported from, and nothing of the current one.
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", _PROGRAM],
            input=data,
            capture_output=True,
            env=environment,
            timeout=min(MAX_PDF_SECONDS, max(seconds_left(), 0.1)),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        check_time(source)
        raise DocumentError(
            source,
            f"reading it takes longer than {MAX_PDF_SECONDS:.0f} seconds; "
            "cut it into smaller files or print it to a new PDF",
        ) from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise DocumentError(
            source,
            f"it cannot be read ({last or f'the reader ended with {done.returncode}'}); "
            "print it to a new PDF and try again",
        )
    found = json.loads(done.stdout)
    if "problem" in found:
        raise DocumentError(source, found["problem"])
    parts = [Part(*fields) for fields in found["parts"]]
    yield assemble(mark_bylines(titled(parts)))
