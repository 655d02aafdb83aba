"""Word documents: headings, paragraphs, lists, tables as rows, notes at the end."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from qa.errors import DocumentError, QAError
from qa.loaders.content import Content, Part, assemble, mark_bylines, titled
from qa.loaders.docx_numbers import Numbering
from qa.loaders.extras import require
from qa.loaders.packed import OLD_FORMAT, check_markup, open_packed
from qa.loaders.table import Cell, row_texts
from qa.text import BLANKS, ends_sentence, has_content

__all__ = ["read"]

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STYLE_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_STYLE_TITLE = frozenset(["title", "标题", "標題", "题目"])
_STYLE_CONTENTS = re.compile(r"toc\b|目录", re.IGNORECASE)
_BOLD_HEADING_LEVEL = 6
_LONGEST_BOLD_HEADING = 40
_LONGEST_CELL = 300
# Deleted and moved text, and what programs that know no text boxes show instead of them.
_UNSEEN = frozenset(["del", "moveFrom", "Fallback", "pPr", "sectPr"])
# Behind the signs that end a number and look like a blank already there is none.
_HALF_EMPTY = "、，．。：）》】」"
_OFF = frozenset(["0", "false", "off"])


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the document of a .docx file.

    Raises:
        MissingExtra: if python-docx is not installed.
        DocumentError: if it is encrypted, broken or too large.

    """
    docx = require("docx", "python-docx", "docx")
    if data.startswith(OLD_FORMAT):
        raise DocumentError(
            source, "it is encrypted or in the old .doc format; save it as .docx without a password"
        )
    packed = open_packed(data, source, ".docx")
    check_markup(packed, source)
    try:
        opened = docx.Document(io.BytesIO(data))
        reading = _Reading(opened.styles, _related(opened.part, "numbering"))
        parts = list(reading.parts(opened.element.body))
        parts += _notes(opened.part, reading)
    except QAError:
        raise
    except Exception as error:
        # python-docx meets a broken file with whatever error it runs into.
        raise DocumentError(source, f"it is no whole .docx file ({error})") from error
    yield assemble(mark_bylines(titled(parts)))


def _notes(part: Any, reading: "_Reading") -> Iterator[Part]:  # noqa: ANN401 - of python-docx
    """Yield the foot- and endnotes."""
    for notes in _related(part, "footnotes", "endnotes"):
        for note in notes:
            if note.get(f"{_WORD}type") is None:
                yield from reading.parts(note)


def _related(part: Any, *names: str) -> Iterator[Any]:  # noqa: ANN401
    """Yield the root elements of what belongs to a document under these names."""
    etree = require("lxml.etree", "lxml", "docx")
    wanted = [f"{_RELATIONS}{name}" for name in names]
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype in wanted:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            yield etree.fromstring(relation.target_part.blob, parser)


class _Reading:
    """Walks the elements of a document; knows what its styles mean."""

    def __init__(self, styles: Any, numbering: Iterator[Any]) -> None:  # noqa: ANN401
        self._styles = {style.style_id: style for style in styles}
        self._numbering = Numbering(next(numbering, None), self._styles)

    def parts(self, parent: Any) -> Iterator[Part]:  # noqa: ANN401 - of lxml
        for element in parent:
            name = _name(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name == "sdt" and not _is_contents(element):
                for content in element.iterchildren(f"{_WORD}sdtContent"):
                    yield from self.parts(content)
            elif name in ("ins", "moveTo", "customXml", "smartTag"):
                yield from self.parts(element)

    def _paragraph(self, element: Any) -> Iterator[Part]:  # noqa: ANN401
        pieces = list(_pieces(element))
        text = "".join(text for text, _ in pieces).strip(BLANKS)
        kind = self._style(element)
        number = self._numbering.label(element)
        if kind is not None and has_content(text):
            shown = [(piece, bold) for piece, bold in pieces if piece.strip(BLANKS)]
            short = len(text) <= _LONGEST_BOLD_HEADING and "\n" not in text
            is_bold = short and not ends_sentence(text) and all(bold for _, bold in shown)
            if kind.kind == "text" and is_bold:
                kind = Part("", "heading", _BOLD_HEADING_LEVEL)
            gap = " " if number and number[-1] not in _HALF_EMPTY else ""
            yield replace(kind, text=f"{number}{gap}{text}")
        for box in _boxes(element):
            yield from self.parts(box)

    def _style(self, element: Any) -> Part | None:  # noqa: ANN401
        """Return an empty part of the kind that the style says; None for a table of contents."""
        properties = element.find(f"{_WORD}pPr")
        level = _outline_level(properties)
        named = properties.find(f"{_WORD}pStyle") if properties is not None else None
        style = self._styles.get(named.get(f"{_WORD}val")) if named is not None else None
        for _ in range(len(self._styles)):
            if style is None:
                break
            name = str(style.name or "")
            heading = _STYLE_HEADING.match(name)
            if _STYLE_CONTENTS.match(name):
                return None
            if name.lower() in _STYLE_TITLE:
                return Part("", "title")
            if heading:
                return Part("", "heading", int(heading.group(1)))
            level = level or _outline_level(style.element.find(f"{_WORD}pPr"))
            style = getattr(style, "base_style", None)
        return Part("", "heading", level) if level else Part("")

    def _table(self, element: Any) -> Iterator[Part]:  # noqa: ANN401
        """Yield a part a row; the paragraphs of the cells where they hold running text."""
        tags = list(element.iterchildren(f"{_WORD}tr"))
        cells = [list(row.iterchildren(f"{_WORD}tc")) for row in tags]
        rows = [[list(self.parts(cell)) for cell in row] for row in cells]
        texts = [[" ".join(part.text for part in cell) for cell in row] for row in rows]
        is_data = max(map(len, texts), default=0) > 1 and all(
            len(text) <= _LONGEST_CELL for row in texts for text in row
        )
        if is_data:
            headers = sum(1 for _ in takewhile(_is_header, tags))
            if not headers and len(rows) > 1 and _is_bold(rows[0]) and not _is_bold(rows[1]):
                headers = 1
            yield from map(Part, row_texts(_grid(cells, texts), headers or None))
        else:
            yield from (part for row in rows for cell in row for part in cell)


def _is_header(row: Any) -> bool:  # noqa: ANN401
    """Tell whether a row of a table is repeated at the top of each page."""
    flag = row.find(f"{_WORD}trPr/{_WORD}tblHeader")
    return flag is not None and flag.get(f"{_WORD}val", "1") not in _OFF


def _is_bold(row: Sequence[Sequence[Part]]) -> bool:
    """Tell whether all that a row holds is in bold, as headings are."""
    parts = [part for cell in row for part in cell]
    return len(row) > 1 and bool(parts) and all(part.kind == "heading" for part in parts)


def _grid(cells: Sequence[Sequence[Any]], texts: Sequence[Sequence[str]]) -> list[list[Cell]]:
    """Return the cells of a table with those that reach over several columns or rows."""
    grid: list[list[Cell]] = []
    for row, own in zip(cells, texts, strict=True):
        line: list[Cell] = []
        for cell, text in zip(row, own, strict=True):
            span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
            columns = span.get(f"{_WORD}val", "1") if span is not None else "1"
            merged = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
            goes_on = merged is not None and merged.get(f"{_WORD}val") != "restart"
            above = grid[-1] if grid else []
            shown = above[len(line)] if goes_on and len(line) < len(above) else text
            reach = int(columns) if columns.isdigit() and len(columns) < 4 else 1
            line += [shown, *[None] * (reach - 1)]
        grid.append(line)
    return grid


def _name(element: Any) -> str:  # noqa: ANN401
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _pieces(element: Any) -> Iterator[tuple[str, bool]]:  # noqa: ANN401
    """Yield the text of a paragraph's runs, each with whether it is bold."""
    for child in element:
        name = _name(child)
        if name == "r":
            bold, hidden = _run_style(child)
            if not hidden:
                yield "".join(_run_texts(child)), bold
        elif name not in _UNSEEN and name != "txbxContent":
            yield from _pieces(child)


def _run_style(run: Any) -> tuple[bool, bool]:  # noqa: ANN401
    """Return whether a run is bold and whether it is hidden."""
    properties = run.find(f"{_WORD}rPr")
    flags = []
    for name in ("b", "vanish"):
        flag = properties.find(f"{_WORD}{name}") if properties is not None else None
        flags.append(flag is not None and flag.get(f"{_WORD}val", "1") not in _OFF)
    return flags[0], flags[1]


def _run_texts(run: Any) -> Iterator[str]:  # noqa: ANN401
    for child in run:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name == "tab":
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "cr" or (name == "br" and child.get(f"{_WORD}type") is None):
            yield "\n"


def _boxes(element: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the contents of text boxes once, not their fallback again."""
    for box in element.iter(f"{_WORD}txbxContent"):
        above = list(box.iterancestors())
        inside = above[: above.index(element)]
        if not any(_name(one) in ("Fallback", "txbxContent") for one in inside):
            yield box


def _outline_level(properties: Any) -> int:  # noqa: ANN401
    """Return the outline level from 1, 0 for running text."""
    level = properties.find(f"{_WORD}outlineLvl") if properties is not None else None
    value = level.get(f"{_WORD}val", "") if level is not None else ""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _is_contents(element: Any) -> bool:  # noqa: ANN401
    gallery = element.find(f"{_WORD}sdtPr/{_WORD}docPartObj/{_WORD}docPartGallery")
    return gallery is not None and gallery.get(f"{_WORD}val") == "Table of Contents"
