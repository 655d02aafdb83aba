"""The way from a passage back to the web page that it came from."""

from urllib.parse import quote, urlsplit

from qa.types import Passage

__all__ = ["source_link"]

_WHOLE = 60
"""Characters of a sentence that is searched for whole; of a longer one its beginning and end."""
_EDGE = 20


def source_link(passage: Passage) -> str:
    """Return the address of a passage on its web page; "" if it did not come from one.

    A text fragment names the sentence, so that a browser scrolls to it and marks it.
    """
    source = passage.paragraph.source
    if urlsplit(source).scheme not in ("http", "https"):
        return ""
    page = source.partition("#")[0]
    return f"{page}#:~:text={_fragment(passage)}"


def _fragment(passage: Passage) -> str:
    """Return what a browser is to find, on one line of the page: text, or START,END."""
    marked = passage.text if passage.highlight is None else passage.highlight.of(passage.text)
    lines = [line.strip() for line in marked.splitlines() if line.strip()] or [""]
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= _WHOLE:
        return _escaped(first)
    return f"{_escaped(first[:_EDGE].strip())},{_escaped(last[-_EDGE:].strip())}"


def _escaped(text: str) -> str:
    """Return a text with every sign escaped that has a meaning in a text fragment."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")
