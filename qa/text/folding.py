"""The search copy of a text: width, case and script folded away. Pure functions."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

__all__ = ["fold", "simplified", "without_surrogates"]

_SHORT = 200
"""Characters of a text whose copy is kept."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters."""
    return _converter()(without_surrogates(text))


def without_surrogates(text: str) -> str:
    """Return ``text`` with lone surrogates, which no encoding can write, replaced one by one."""
    return _SURROGATE.sub("\ufffd", text)


def fold(text: str) -> str:
    """Return the search copy: full width, case and traditional script folded away.

    Of the short texts folded last the copies are kept: a question's is asked for in every stage.
    """
    return _short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).casefold())


_short = lru_cache(maxsize=512)(_fold)
