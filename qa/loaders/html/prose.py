"""Which texts of a page are sentences."""

import re
from itertools import islice

from qa.loaders.joining import collapse
from qa.loaders.markup import Element
from qa.text import BLANKS, ends_sentence

__all__ = ["is_sentence", "text_in"]

# A mark behind a sentence that tells where it is taken from.
_CITATIONS = re.compile(
    r"(?:\s*[\[［【〔](?:\d{1,3}(?:\s*[-–—,，、~]\s*\d{1,3})*|[a-z]|注\s*\d*)[\]］】〕]"
    r"|\s*[⁰¹²³⁴-⁹]|\s*[①-⑳])+$"
)
_LONGEST_END = 100
"""Characters that are looked at, whatever blanks a text has."""


def is_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does, marks of citation behind it left out."""
    return ends_sentence(_CITATIONS.sub("", text[-_LONGEST_END:]))


def text_in(element: Element, pieces: int) -> str:
    """Return the text inside an element; "" if it is in more pieces than these."""
    own = list(islice(element.itertext(), pieces + 1))
    return collapse("".join(own)).strip(BLANKS) if len(own) <= pieces else ""
