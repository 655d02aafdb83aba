"""Texts of training data, which may be packed."""

import lzma
from pathlib import Path

from qa.errors import LabelError

__all__ = ["read_text", "stem"]


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, unpacked if its name ends in ``.xz``.

    Raises:
        LabelError: if it cannot be read.

    """
    try:
        data = path.read_bytes()
        return (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8-sig")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise LabelError(f"{path} cannot be read ({error}); expected UTF-8 text") from error


def stem(path: Path) -> str:
    """Return the name of a file without its endings (``a`` of ``a.json.xz``)."""
    return path.name.split(".")[0]
