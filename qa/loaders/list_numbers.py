"""The numbers that a browser puts before the items of a list in a page."""

import re
from dataclasses import dataclass, field
from typing import Any

from qa.loaders.ordinals import written

__all__ = ["ListNumbers", "numbered"]

Element = Any
"""An element of lxml, which has no types."""

_LISTS = ("ol", "ul", "menu", "dir")
_NONE = "none"
_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
    "cjk-decimal": "ideographDigital",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
    **dict.fromkeys(
        ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"), "chineseCounting"
    ),
    "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional",
}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_INTEGER = re.compile(r"\s*([+-]?\d{1,6})")
# A list whose items bring their own numbers shows no others.
_OWN_NUMBER = re.compile(
    r"\s*(?:[(（〔\[]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、．)）〕\]:：]|[①-⑳]"
    r"|第\s*(?:\d{1,3}|[一二三四五六七八九十百]{1,4})\s*[条項项步章节節款])"
)


@dataclass(slots=True)
class _List:
    element: Element
    form: str
    following: int
    step: int


@dataclass(slots=True)
class ListNumbers:
    """Counts the items of the lists that are open."""

    _open: list[_List] = field(default_factory=list)

    def start(self, name: str, element: Element) -> str:
        """Enter an element; returns the number of an item, "" for what has none."""
        if name in _LISTS:
            self._open.append(_list(name, element))
        if name != "li" or not self._open:
            return ""
        own = self._open[-1]
        number = _integer(element.get("value"), own.following)
        own.following = number + own.step
        form = _form(element, own.form)
        return "" if form == _NONE else _label(number, form)

    def end(self, element: Element) -> None:
        """Leave an element."""
        if self._open and self._open[-1].element is element:
            self._open.pop()


def numbered(label: str, text: str) -> str:
    """Return the text of an item with its number, unless it has one already."""
    return text if not label or _OWN_NUMBER.match(text) else f"{label}{text}"


def _list(name: str, element: Element) -> _List:
    if name != "ol":
        return _List(element, _NONE, 1, 1)
    backwards = element.get("reversed") is not None
    items = sum(1 for _ in element.iterchildren("li", "{*}li")) if backwards else 1
    start = _integer(element.get("start"), items)
    return _List(element, _form(element, "decimal"), start, -1 if backwards else 1)


def _form(element: Element, otherwise: str) -> str:
    style = _STYLE.search(element.get("style", ""))
    for word in style.group(1).lower().split() if style else ():
        if word in (_NONE, "disc", "circle", "square"):
            return _NONE
        if word == "decimal" or word in _FORMS:
            return _FORMS.get(word, word)
    given = element.get("type", "").strip()
    return _FORMS.get(given, "decimal" if given == "1" else otherwise)


def _integer(text: str | None, otherwise: int) -> int:
    match = _INTEGER.match(text or "")
    return int(match.group(1)) if match else otherwise


def _label(number: int, form: str) -> str:
    shown = written(number, form)
    return f"{shown}、" if shown[-1] > "\u2e80" else f"{shown}. "
