"""Which elements of a page are its article, as a library that is made for this tells."""

import logging
import re
from copy import deepcopy

from qa.loaders.extras import require
from qa.loaders.markup import Element, is_unseen, local_name

__all__ = ["kept_by_library"]

_MOST_ELEMENTS = 4_000
_MOST_CHARACTERS = 1_000_000
"""More than this take the library too long; the page's own marks decide there."""
_MOST_IN_ALL = 40_000
_LONGEST_NAME = 200
_NO_NAME = re.compile(r"[^\w-]")
_NUMBER = "x"
_NUMBERED = re.compile(r'\sx="(\d+)"')


def kept_by_library(body: Element) -> frozenset[Element]:
    """Return the elements that the library takes for the article; none if it cannot tell.

    Raises:
        MissingExtra: if it is not installed.

    """
    readability = require("readability.readability", "readability-lxml", "html")
    etree = require("lxml.etree", "lxml", "html")
    elements = list(body.iter())
    if len(elements) > _MOST_IN_ALL:
        return frozenset()
    seen = _bare_copy(body)
    page = etree.tostring(seen, encoding="unicode", method="html")
    if sum(1 for _ in seen.iter()) > _MOST_ELEMENTS or len(page) > _MOST_CHARACTERS:
        return frozenset()
    # It reports every page that it cannot read as an error of the program.
    logging.getLogger("readability").setLevel(logging.CRITICAL + 1)
    try:
        kept = readability.Document(f"<html>{page}</html>").summary(html_partial=True)
    except Exception:  # the library lets whatever its parser raises through
        return frozenset()
    return frozenset(elements[int(number)] for number in _NUMBERED.findall(kept))


def _bare_copy(body: Element) -> Element:
    """Return what is seen of a page, its elements numbered and without long attributes."""
    copy = deepcopy(body)
    copy.tail = None
    for number, element in enumerate(list(copy.iter())):
        if not local_name(element):
            continue
        names = {
            name: _NO_NAME.sub(" ", element.get(name, "")[:_LONGEST_NAME])
            for name in ("class", "id")
        }
        unseen = element is not copy and is_unseen(local_name(element), element)
        if unseen:
            for child in list(element):
                element.remove(child)
            element.text = None
        element.attrib.clear()
        if local_name(element) == "a":
            element.set("href", "#")
        for name, value in names.items():
            if value:
                element.set(name, value)
        element.set(_NUMBER, str(number))
    return copy
