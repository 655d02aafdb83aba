"""The numbers that Word puts before paragraphs by itself: shown to a reader, in no text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.loaders.ordinals import written

__all__ = ["Numbering"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_NO_NUMBER = frozenset(["bullet", "none"])


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    style: str
    restarts_after: int
    """The level, from 1, at whose next number this one begins anew; 0 for never."""
    is_legal: bool


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, root: Any, styles: Mapping[str, Any]) -> None:  # noqa: ANN401
        """Read the definitions; ``root`` is None where a document has none."""
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for one in root.iterchildren(f"{_WORD}abstractNum"):
            levels = (_level(level) for level in one.iterchildren(f"{_WORD}lvl"))
            self._abstract[one.get(f"{_WORD}abstractNumId", "")] = dict(levels)
        for one in root.iterchildren(f"{_WORD}num"):
            name = one.get(f"{_WORD}numId", "")
            self._lists[name] = _value(one, "abstractNumId")
            for override in one.iterchildren(f"{_WORD}lvlOverride"):
                start = _value(override, "startOverride")
                if start.isdigit():
                    level = _number(override.get(f"{_WORD}ilvl", ""), 0)
                    self._starts[name, level] = _number(start, 1)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401
        """Return what stands before a paragraph, which is counted; "" for no number."""
        name, place = self._list_of(paragraph)
        abstract = self._lists.get(name, "")
        levels = self._abstract.get(abstract, {})
        level = levels.get(place)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        start = self._starts.pop((name, place), None)
        before = counts.get(place, level.start - 1)
        counts[place] = before + 1 if start is None else start
        for deeper in [one for one in counts if one > place]:
            after = levels[deeper].restarts_after
            if after and place < after:
                del counts[deeper]
        if level.form in _NO_NUMBER:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            other = levels.get(at)
            if other is None:
                return ""
            form = "decimal" if level.is_legal else other.form
            return written(counts.setdefault(at, other.start), form)

        return _PLACE.sub(shown, level.text).strip()

    def _list_of(self, paragraph: Any) -> tuple[str, int]:  # noqa: ANN401
        """Return the list that a paragraph is of ("" for none) and its level from 0."""
        own = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        name, level = _list_and_level(own)
        style = self._styles.get(_value(paragraph.find(f"{_WORD}pPr"), "pStyle"))
        for _ in range(len(self._styles)):
            if style is None or name:
                break
            found = style.element.find(f"{_WORD}pPr/{_WORD}numPr")
            name, of_style = _list_and_level(found)
            if name and not level:
                level = of_style or self._linked(name, style.style_id)
            style = getattr(style, "base_style", None)
        return name, _number(level, 0)

    def _linked(self, name: str, style: str) -> str:
        """Return the level of a list that is linked to a style."""
        levels = self._abstract.get(self._lists.get(name, ""), {})
        return next((str(place) for place, one in levels.items() if one.style == style), "")


def _level(element: Any) -> tuple[int, _Level]:  # noqa: ANN401
    place = _number(element.get(f"{_WORD}ilvl", ""), 0)
    legal = element.find(f"{_WORD}isLgl")
    return place, _Level(
        _value(element, "numFmt") or "decimal",
        _value(element, "lvlText"),
        _number(_value(element, "start"), 1),
        _value(element, "pStyle"),
        _number(_value(element, "lvlRestart"), place),
        legal is not None and legal.get(f"{_WORD}val", "1") not in ("0", "false", "off"),
    )


def _list_and_level(properties: Any) -> tuple[str, str]:  # noqa: ANN401
    return _value(properties, "numId"), _value(properties, "ilvl")


def _value(element: Any, name: str) -> str:  # noqa: ANN401
    child = element.find(f"{_WORD}{name}") if element is not None else None
    return child.get(f"{_WORD}val", "") if child is not None else ""


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise
