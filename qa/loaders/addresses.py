"""Which of what was given as paths are addresses."""

from pathlib import Path

__all__ = ["is_address"]


def is_address(path: str | Path) -> bool:
    """Tell whether what was given as a path is an http or https address."""
    return isinstance(path, str) and path.lower().startswith(("http://", "https://"))
