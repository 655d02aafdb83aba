"""The text of a PDF page as runs: characters side by side in one size, with their place."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Page", "Run", "read_page"]

_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(rb"bold|heavy|black|semibold|demi", re.IGNORECASE)
_LARGEST_ANGLE = math.radians(5)
# All of these are shares of the size of a character.
_SAME_LINE = 0.2
_WIDEST_GAP = 0.8
_DRAWN_TWICE = 0.2
_WORD_GAP = 0.18
_NAME_BYTES = 200
_HALF_EMPTY = frozenset("，。、；：！？”’）》」』】〉…")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters on one baseline. Lengths are in points, ``baseline`` counts from below."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    page: int


@dataclass(frozen=True, slots=True)
class Page:
    """The runs of a page from top to bottom, and what else says how to read it.

    ``unreadable`` of its ``characters`` have no Unicode; ``number`` counts from 1.
    """

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    characters: int
    unreadable: int
    has_pictures: bool


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    unreadable: bool


def read_page(document: Any, number: int) -> Page:  # noqa: ANN401 - of pypdfium2
    """Return one page of a ``PdfDocument``; ``number`` counts from 0."""
    import pypdfium2.raw as pdfium

    page = document[number]
    width, height = page.get_size()
    text_page = page.get_textpage()
    characters = list(_characters(pdfium, text_page))
    visible = [one for one in characters if not one.text.isspace()]
    has_pictures = not visible and any(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, place))
        in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
        for place in range(pdfium.FPDFPage_CountObjects(page))
    )
    found = Page(
        number + 1,
        width,
        height,
        tuple(_runs(characters, number + 1)),
        len(visible),
        sum(one.unreadable for one in visible),
        has_pictures,
    )
    text_page.close()
    page.close()
    return found


def _characters(pdfium: Any, text_page: Any) -> Iterator[_Character]:  # noqa: ANN401
    """Yield the upright characters in the order of the file."""
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for place in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, place)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if pdfium.FPDFText_IsGenerated(text_page, place) == 1 or not 0 < code <= 0x10FFFF:
            continue
        angle = pdfium.FPDFText_GetCharAngle(text_page, place)
        if min(angle, 2 * math.pi - angle) > _LARGEST_ANGLE:
            # A watermark, or a line up the margin.
            continue
        pdfium.FPDFText_GetMatrix(text_page, place, matrix)
        pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
        pdfium.FPDFText_GetCharOrigin(text_page, place, x, y)
        scale = math.hypot(matrix.c, matrix.d)
        # A size below zero is that of letters upside down, which the matrix turns again.
        size = abs(pdfium.FPDFText_GetFontSize(text_page, place)) * (scale or 1.0)
        left, right, baseline = min(x.value, box.left), box.right, y.value
        if size == 0 or not all(map(math.isfinite, (size, left, right, baseline))):
            # Nobody sees it.
            continue
        yield _Character(
            # The hyphen at the end of a line comes as a code of its own.
            "-" if code == 0x2 else chr(code),
            left,
            right,
            baseline,
            size,
            _is_bold(pdfium, text_page, place),
            pdfium.FPDFText_HasUnicodeMapError(text_page, place) == 1,
        )


def _is_bold(pdfium: Any, text_page: Any, place: int) -> bool:  # noqa: ANN401
    if pdfium.FPDFText_GetFontWeight(text_page, place) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(_NAME_BYTES)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, place, name, _NAME_BYTES, flags)
    return _BOLD_NAME.search(name.value) is not None


def _runs(characters: Sequence[_Character], page: int) -> Iterator[Run]:
    """Yield the runs from top to bottom and left to right."""
    for row in _rows(characters):
        own: list[_Character] = []
        for character in _once(sorted(row, key=lambda one: one.left)):
            if own and _are_apart(own[-1], character):
                yield from _run(own, page)
                own = []
            own.append(character)
        yield from _run(own, page)


def _rows(characters: Sequence[_Character]) -> list[list[_Character]]:
    """Return the visible characters of each baseline; a raised small one belongs to it too."""
    visible = [one for one in characters if not one.text.isspace()]
    rows: list[list[_Character]] = []
    for one in sorted(visible, key=lambda one: (-one.baseline, -one.size)):
        # Raised characters come before their line, so one of the next rows may take them in.
        home = next((row for row in rows[:-4:-1] if _shares_baseline(row, one)), None)
        if home is None:
            rows.append([one])
        else:
            home.append(one)
    return rows


def _shares_baseline(row: Sequence[_Character], one: _Character) -> bool:
    first = row[0]
    apart = abs(first.baseline - one.baseline)
    larger, smaller = max(first.size, one.size), min(first.size, one.size)
    return apart <= _SAME_LINE * smaller or (smaller < 0.8 * larger and apart <= 0.45 * larger)


def _once(row: Sequence[_Character]) -> Iterator[_Character]:
    """Yield the characters of a row without those drawn twice to look bold."""
    before: _Character | None = None
    for one in row:
        twice = before is not None and before.text == one.text
        if not (twice and before is not None and one.left - before.left < _DRAWN_TWICE * one.size):
            yield one
        before = one


def _are_apart(before: _Character, after: _Character) -> bool:
    return after.left - _ink_end(before) > _WIDEST_GAP * min(before.size, after.size)


def _ink_end(one: _Character) -> float:
    """Return where a character ends to the eye: full-width punctuation is half empty."""
    return min(one.right, one.left + 0.55 * one.size) if one.text in _HALF_EMPTY else one.right


def _run(own: Sequence[_Character], page: int) -> Iterator[Run]:
    if not own:
        return
    text = ""
    before: _Character | None = None
    for one in own:
        wide = before is not None and one.left - before.right > _WORD_GAP * one.size
        text += f" {one.text}" if wide and one.text.isascii() and text[-1:].isascii() else one.text
        before = one
    sizes = sorted(one.size for one in own)
    size = sizes[len(sizes) // 2]
    baseline = next(one.baseline for one in own if one.size >= 0.8 * size)
    bold = sum(one.bold for one in own) > len(own) / 2
    yield Run(text, own[0].left, max(map(_ink_end, own)), baseline, size, bold, page)
