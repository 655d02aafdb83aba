"""The text of a PDF page as runs: characters side by side in one size, with their place."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from qa.loaders.pdf.rules import Box, Rules

__all__ = ["Page", "Run", "read_page"]

_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(rb"bold|heavy|black|semibold|demi", re.IGNORECASE)
_LARGEST_ANGLE = math.radians(5)
# All of these are shares of the size of a character.
_SAME_LINE = 0.2
_WIDEST_GAP = 0.8
_NARROWEST_CELL_GAP = 0.6
_NARROWEST_CELL_JUMP = 0.3
"""Between two that do not follow each other in the file, as lines of cells do not."""
_DRAWN_TWICE = 0.2
_WORD_GAP = 0.18
_NARROW_GAP = 0.03
_NAME_BYTES = 200
_MOST_OBJECTS = 50_000
_OF_RECTANGLE = (4, 5)
"""Segments of a rectangle that is drawn as one."""
_FIRST_WIDE = "\u2e80"
_SHORTEST_COLUMN = 4
_FARTHEST_BELOW = 2.0
_ABOVE_BASELINE = 0.88
"""What of a Han character is above its baseline."""
_HALF_EMPTY = frozenset("，。、；：！？”’）》」』】〉…")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters on one baseline. Lengths are in points, ``baseline`` counts from below.

    ``cell`` is the cell of a drawn table that they stand in, ``is_row`` tells that they are the
    whole row of one. ``pieces`` are what it falls into where it lies in a table without lines.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    page: int
    cell: Box | None = None
    is_row: bool = False
    pieces: tuple["Run", ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The runs of a page from top to bottom, and what else says how to read it.

    What is drawn sideways on a page has one of its own, turned upright. ``unreadable`` of its
    ``characters`` have no Unicode; ``number`` counts from 1.
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
    turn: int = 0
    """Quarters of a circle that its line is turned to the left by."""
    spaced: bool = False
    """Whether a space stands before it in the file."""
    place: int = 0
    """How many characters that are seen stand before it in the file."""
    cell: Box | None = None


def read_page(document: Any, number: int) -> list[Page]:  # noqa: ANN401 - of pypdfium2
    """Return one page of a ``PdfDocument``, or two; ``number`` counts from 0.

    That is what stands upright, as the page is shown, and what most of it is turned to.
    """
    import pypdfium2.raw as pdfium

    page = document[number]
    upright = pdfium.FPDFPage_GetRotation(page) % 4
    width, height = page.get_size()
    # The size is that of the page as it is shown, places are those before it was turned.
    size = (height, width) if upright % 2 else (width, height)
    text_page = page.get_textpage()
    characters = _with_columns_turned(list(_characters(pdfium, text_page, size)), size)
    counts = Counter(one.turn for one in characters if not one.text.isspace())
    has_pictures = not counts and any(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, place))
        in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
        for place in range(pdfium.FPDFPage_CountObjects(page))
    )
    drawn = list(_drawn(pdfium, page))
    text_page.close()
    page.close()
    most = max(counts, key=lambda turn: (counts[turn], turn == upright), default=upright)
    pages = []
    for turn in dict.fromkeys((upright, most)):
        if counts[turn] or turn == most:
            rules = Rules(_turned_box(box, turn, size) for box in drawn)
            own = [_in_cell(one, rules) for one in characters if one.turn == turn]
            pages.append(_page(number + 1, own, turn, size, has_pictures))
    return pages


def _in_cell(one: _Character, rules: Rules) -> _Character:
    cell = rules.cell(one.left + one.size / 4, one.baseline + one.size / 4)
    return one if cell is None else replace(one, cell=cell)


def _drawn(pdfium: Any, page: Any) -> Iterator[Box]:  # noqa: ANN401
    """Yield the boxes of what is drawn in lines on a page, before it is turned."""
    edges = [ctypes.c_float() for _ in range(4)]
    fills, strokes = ctypes.c_int(), ctypes.c_int()
    for place in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        drawing = pdfium.FPDFPage_GetObject(page, place)
        if pdfium.FPDFPageObj_GetType(drawing) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawing, *edges):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if not all(map(math.isfinite, (left, bottom, right, top))):
            continue
        yield Box(left, bottom, right, top)
        pdfium.FPDFPath_GetDrawMode(drawing, fills, strokes)
        if strokes.value and pdfium.FPDFPath_CountSegments(drawing) in _OF_RECTANGLE:
            yield from (Box(edge, bottom, edge, top) for edge in (left, right))
            yield from (Box(left, edge, right, edge) for edge in (bottom, top))


def _turned_box(box: Box, turn: int, size: tuple[float, float]) -> Box:
    first = _turned(box.left, box.bottom, turn, size)
    second = _turned(box.right, box.top, turn, size)
    (left, right), (bottom, top) = (sorted(pair) for pair in zip(first, second, strict=True))
    return Box(left, bottom, right, top)


def _page(
    number: int,
    characters: Sequence[_Character],
    turn: int,
    size: tuple[float, float],
    has_pictures: bool,
) -> Page:
    width, height = size[::-1] if turn % 2 else size
    visible = [one for one in characters if not one.text.isspace()]
    return Page(
        number,
        width,
        height,
        tuple(_runs(characters, number)),
        len(visible),
        sum(one.unreadable for one in visible),
        has_pictures,
    )


def _turned(x: float, y: float, turn: int, size: tuple[float, float]) -> tuple[float, float]:
    """Return a place on a page as it is when the page is turned until the text is upright."""
    width, height = size
    return ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[turn]


def _characters(
    pdfium: Any,  # noqa: ANN401
    text_page: Any,  # noqa: ANN401
    size: tuple[float, float],
) -> Iterator[_Character]:
    """Yield the characters in the order of the file, each as it stands when upright."""
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = seen = 0
    spaced = False
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
        pdfium.FPDFText_GetMatrix(text_page, place, matrix)
        turn = _turn(matrix.a, matrix.b)
        if turn is None:
            # A watermark.
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, place, box)
        pdfium.FPDFText_GetCharOrigin(text_page, place, x, y)
        scale = math.hypot(matrix.c, matrix.d)
        # A size below zero is that of letters upside down, which the matrix turns again.
        own_size = abs(pdfium.FPDFText_GetFontSize(text_page, place)) * (scale or 1.0)
        origin, baseline = _turned(x.value, y.value, turn, size)
        edges = (
            _turned(box.left, box.bottom, turn, size)[0],
            _turned(box.right, box.top, turn, size)[0],
        )
        left, right = min(origin, *edges), max(edges)
        if own_size == 0 or not all(map(math.isfinite, (own_size, left, right, baseline))):
            # Nobody sees it.
            continue
        text = "-" if code == 0x2 else chr(code)
        yield _Character(
            # The hyphen at the end of a line comes as a code of its own.
            text,
            left,
            right,
            baseline,
            own_size,
            _is_bold(pdfium, text_page, place),
            pdfium.FPDFText_HasUnicodeMapError(text_page, place) == 1,
            turn,
            spaced,
            seen,
        )
        spaced = text.isspace()
        seen += not spaced


def _with_columns_turned(
    characters: Sequence[_Character], size: tuple[float, float]
) -> list[_Character]:
    """Return the characters, those written from top to bottom as if on lines that are turned.

    Such columns follow each other from right to left, as turned lines do from above.
    """
    columns: list[list[_Character]] = []
    for one in characters:
        if columns and _stands_below(columns[-1][-1], one):
            columns[-1].append(one)
        else:
            columns.append([one])
    lengths = [len(own) for own in columns]
    in_columns = sum(length for length in lengths if length >= _SHORTEST_COLUMN)
    # Where most is written so, the end of a paragraph is too, however short it is.
    shortest = 1 if 2 * in_columns > len(characters) else _SHORTEST_COLUMN
    turned: list[_Character] = []
    for own in columns:
        is_column = len(own) >= shortest and own[0].text > _FIRST_WIDE
        turned += _turned_column(own, size) if is_column else own
    return turned


def _stands_below(before: _Character, one: _Character) -> bool:
    """Tell whether a character of a script that is written so is right below another one."""
    down = before.baseline - one.baseline
    apart = abs(before.left + before.right - one.left - one.right) / 2
    return (
        before.turn == one.turn
        and before.text > _FIRST_WIDE
        and one.text > _FIRST_WIDE
        and 0.5 * one.size < down < _FARTHEST_BELOW * one.size
        and apart < _SAME_LINE * one.size
    )


def _turned_column(own: Sequence[_Character], size: tuple[float, float]) -> Iterator[_Character]:
    height = size[own[0].turn % 2 == 0]
    for one in own:
        top = height - one.baseline - _ABOVE_BASELINE * one.size
        middle = (one.left + one.right - one.size) / 2
        yield replace(one, left=top, right=top + one.size, baseline=middle, turn=(one.turn + 3) % 4)


def _turn(a: float, b: float) -> int | None:
    """Return how many quarters of a circle a line is turned by; None if it lies aslant."""
    quarters = math.atan2(b, a) / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) * (math.pi / 2) <= _LARGEST_ANGLE else None


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
                yield _with_pieces(own, page)
                own = []
            own.append(character)
        if own:
            yield _with_pieces(own, page)


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
    if before.cell != after.cell:
        return True
    return after.left - _ink_end(before) > _WIDEST_GAP * min(before.size, after.size)


def _may_be_cells(before: _Character, after: _Character) -> bool:
    """Tell whether two of a run may be of different cells of a table without lines."""
    follows = after.place - before.place in (0, 1)
    narrowest = _NARROWEST_CELL_GAP if follows else _NARROWEST_CELL_JUMP
    return after.left - _ink_end(before) > narrowest * min(before.size, after.size)


def _ink_end(one: _Character) -> float:
    """Return where a character ends to the eye: full-width punctuation is half empty."""
    return min(one.right, one.left + 0.55 * one.size) if one.text in _HALF_EMPTY else one.right


def _is_latin(character: str) -> bool:
    """Tell whether a character is one of a script with blanks between its words."""
    return character.isascii() or (character.isalpha() and character < "\u2e80")


def _with_pieces(own: Sequence[_Character], page: int) -> Run:
    pieces: list[list[_Character]] = [[own[0]]]
    for before, one in pairwise(own):
        if _may_be_cells(before, one):
            pieces.append([])
        pieces[-1].append(one)
    cut = tuple(_run(piece, page) for piece in pieces) if len(pieces) > 1 else ()
    return replace(_run(own, page), pieces=cut)


def _run(own: Sequence[_Character], page: int) -> Run:
    text = ""
    before: _Character | None = None
    for one in own:
        gap = 0.0 if before is None else (one.left - before.right) / one.size
        apart = gap > (_NARROW_GAP if one.spaced else _WORD_GAP)
        latin = _is_latin(one.text) and _is_latin(text[-1:])
        text += f" {one.text}" if apart and latin else one.text
        before = one
    sizes = sorted(one.size for one in own)
    size = sizes[len(sizes) // 2]
    baseline = next(one.baseline for one in own if one.size >= 0.8 * size)
    bold = sum(one.bold for one in own) > len(own) / 2
    right = max(map(_ink_end, own))
    return Run(text, own[0].left, right, baseline, size, bold, page, own[0].cell)
