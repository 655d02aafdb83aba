"""Packages that only some formats need."""

import importlib
from typing import Any

from qa.errors import MissingExtra

__all__ = ["require"]


def require(module: str, package: str, extra: str) -> Any:  # noqa: ANN401 - a module has no type
    """Return an optional module.

    Raises:
        MissingExtra: if ``package``, which holds it, is not installed; with the pip line.

    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(package, extra) from error
