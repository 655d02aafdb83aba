"""What stands above or below the line, and MathML, as plain characters: 10⁴, CO₂, (a+b)/2."""

import re
from typing import Any, Literal

__all__ = ["Shift", "closing", "opening", "shift_of", "shifted"]

Shift = Literal["up", "down"]

_NUMBER = re.compile(r"[\d.,/·×+−-]+")
_PLAIN = "0123456789+-−=()"
_SHIFTED: dict[Shift, dict[int, int]] = {
    "up": str.maketrans(f"{_PLAIN}n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "down": str.maketrans(_PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
_SIGNS: dict[Shift, str] = {"up": "^", "down": "_"}
_SCRIPTS: dict[str, tuple[Shift, ...]] = {
    "msup": ("up",),
    "mover": ("up",),
    "msub": ("down",),
    "munder": ("down",),
    "msubsup": ("down", "up"),
    "munderover": ("down", "up"),
}


def shift_of(name: str, element: Any) -> Shift | None:  # noqa: ANN401 - of lxml
    """Return where an element stands beside the line."""
    if name in ("sup", "sub"):
        return "up" if name == "sup" else "down"
    shifts = _SCRIPTS.get(_parent(element), ())
    before = element.getprevious() if shifts else None
    if before is None:
        return None
    return shifts[0] if before.getprevious() is None else shifts[-1]


def shifted(text: str, shift: Shift, *, formula: bool = False) -> str:
    """Return what stands beside the line: as such characters, or marked where there are none.

    Words and notes, as in 5<sup>th</sup> and <sup>[1]</sup>, stay as they are outside of formulas.
    """
    bare = text.strip()
    table = _SHIFTED[shift]
    if bare and all(ord(character) in table for character in bare):
        return bare.translate(table)
    if not bare or not (formula or _NUMBER.fullmatch(bare)):
        return text
    return f"{_SIGNS[shift]}{bare}" if len(bare) == 1 else f"{_SIGNS[shift]}({bare})"


def opening(name: str, element: Any) -> str:  # noqa: ANN401 - of lxml
    """Return what is read before an element of a formula."""
    slash = "/" if _parent(element) == "mfrac" and element.getprevious() is not None else ""
    if name == "msqrt":
        return f"{slash}√("
    return f"{slash}(" if _is_group(name, element) else slash


def closing(name: str, element: Any) -> str:  # noqa: ANN401 - of lxml
    """Return what is read after an element of a formula."""
    return ")" if name == "msqrt" or _is_group(name, element) else ""


def _is_group(name: str, element: Any) -> bool:  # noqa: ANN401 - of lxml
    return name == "mrow" and _parent(element) == "mfrac" and len(element) > 1


def _parent(element: Any) -> str:  # noqa: ANN401 - of lxml
    parent = element.getparent()
    tag = "" if parent is None else parent.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
