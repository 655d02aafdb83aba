"""The script a text is written in."""

import re
from typing import Literal

from qa.text.folding import simplified

__all__ = ["HAN", "Language", "language", "same_language"]

Language = Literal["zh-Hans", "zh-Hant", "en"]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters, for a class of a regular expression."""


def language(text: str) -> Language:
    """Return the script a reader of ``text`` reads."""
    if not re.search(f"[{HAN}]", text):
        return "en"
    return "zh-Hans" if simplified(text) == text else "zh-Hant"


def same_language(question: str, text: str) -> bool:
    """Tell whether both are Chinese, in whatever script, or neither is."""
    return (language(question) == "en") == (language(text) == "en")
