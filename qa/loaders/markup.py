"""HTML and XHTML: from text to a tree, and from a tree to its paragraphs in order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qa.errors import DocumentError
from qa.loaders.content import Part
from qa.loaders.extras import require
from qa.loaders.formulas import Shift, closing, opening, shift_of, shifted
from qa.loaders.joining import collapse
from qa.loaders.list_numbers import ListNumbers, numbered
from qa.loaders.plain import is_label
from qa.loaders.table import expand, row_texts
from qa.text import BLANKS, ends_sentence, has_content, without_surrogates

__all__ = ["Element", "Found", "bold_classes", "find_parts", "is_unseen", "local_name", "parse"]

Element = Any
"""An element of lxml, which has no types."""

BREAK = "\u2028"
_LONGEST_BOLD_HEADING = 40
_BOLD_HEADING_LEVEL = 6
_LONGEST_CELL = 300
_MOST_PARAGRAPHS = 2
"""Paragraphs of a cell; one with more holds an article."""
_UNSEEN = frozenset(
    "script style noscript template svg iframe object embed head select button textarea input "
    "datalist rp rt rtc canvas audio video map annotation annotation-xml".split()
)
# Every other element is inline, as a browser has it: those of Word and of a site's own too.
_BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html "
    "legend li listing main menu nav noframes noscript ol optgroup option p plaintext pre search "
    "section summary table tbody td template tfoot th thead tr ul xmp".split()
)
_HEADING = re.compile(r"h([1-6])")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# What a site puts behind a heading: a link to change the section, or to it.
_TOOLS = re.compile(
    r"\s*(?:\[[\s|]*(?:(?:编辑|編輯|edit|修改|源代码)[\s|]*)+\]|[¶§#])\s*$", re.IGNORECASE
)
_INDENTED = re.compile(r"[ \t\r\n]*(?:\u3000|\u00a0{2}|\u2003)")


@dataclass(frozen=True, slots=True)
class Found:
    """A part, the element it was found in, and the share in [0, 1] of it that is linked."""

    part: Part
    element: Element
    linked: float


def parse(text: str, source: str, extra: str = "html") -> Element:
    """Return the root element of a page.

    Raises:
        MissingExtra: if lxml is not installed.
        DocumentError: if its elements are nested too deeply to be read.

    """
    etree = require("lxml.etree", "lxml", extra)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    # Pages are put together of pieces that each end the document; a browser reads on.
    whole = _ROOT_END.sub("", without_surrogates(text))
    data = whole.replace("\0", "\ufffd").encode()
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except etree.XMLSyntaxError:
        root = None
    for entry in parser.error_log:
        if "depth" in entry.message.lower():
            raise DocumentError(source, "its elements are nested too deeply for a page of text")
    return etree.Element("html") if root is None else root


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace ("" for what is no element)."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def bold_classes(styles: Iterable[str]) -> frozenset[str]:
    """Return the classes that style sheets set in bold."""
    found: set[str] = set()
    for style in styles:
        for rule in style.split("}"):
            selectors, _, declarations = rule.rpartition("{")
            if _BOLD_STYLE.search(declarations):
                found.update(_CLASS.findall(selectors))
    return frozenset(found)


def find_parts(root: Element, bold: frozenset[str] = frozenset()) -> list[Found]:
    """Return the parts below ``root`` in reading order; rows of data tables are parts.

    ``bold`` holds the classes that are set in bold.
    """
    etree = require("lxml.etree", "lxml", "html")
    reading = _Reading(bold)
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: set[Element] = set()
    for event, element in walker:
        name = local_name(element)
        if event == "end":
            if element not in skipped:
                reading.end(name, element)
            if element is not root:
                reading.add(element.tail or "")
            continue
        if is_unseen(name, element):
            skipped.add(element)
            walker.skip_subtree()
        elif name == "table" and (rows := _rows(element)):
            skipped.add(element)
            walker.skip_subtree()
            reading.table(rows, element)
        else:
            reading.start(name, element)
            reading.add(element.text or "")
    reading.flush(root)
    return reading.found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of inline text."""

    text: str
    linked: bool = False
    bold: bool = False


@dataclass(slots=True)
class _Reading:
    """The parts so far, the inline text since the last one, and the elements that are open."""

    bold: frozenset[str]
    found: list[Found] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    links_open: int = 0
    bolds_open: int = 0
    headings_open: list[int] = field(default_factory=list)
    preformatted: int = 0
    math_open: int = 0
    lists: ListNumbers = field(default_factory=ListNumbers)
    label: str = ""
    shifts: list[tuple[Element, Shift, int]] = field(default_factory=list)

    def start(self, name: str, element: Element) -> None:
        if name == "br":
            self.pieces.append(_Piece(BREAK))
            return
        if name in _BLOCKS:
            self.flush(element.getparent())
            self.preformatted += name == "pre"
            heading = _HEADING.fullmatch(name)
            if heading:
                self.headings_open.append(int(heading.group(1)))
            number = self.lists.start(name, element)
            self.label = number if name == "li" else self.label
        self.links_open += name == "a" and not _is_mark(element)
        self.bolds_open += self._is_bold(name, element)
        if shift := shift_of(name, element):
            self.shifts.append((element, shift, len(self.pieces)))
        self.math_open += name == "math"
        self.add(opening(name, element))

    def end(self, name: str, element: Element) -> None:
        if name == "br":
            return
        self.add(closing(name, element))
        self.math_open -= name == "math"
        if self.shifts and self.shifts[-1][0] is element:
            _, shift, place = self.shifts.pop()
            text = "".join(piece.text for piece in self.pieces[place:])
            self.pieces[place:] = []
            self.add(shifted(text, shift, formula=self.math_open > 0))
        if name in _BLOCKS:
            self.flush(element)
            self.lists.end(element)
            self.label = "" if name == "li" else self.label
            self.preformatted -= name == "pre"
            if _HEADING.fullmatch(name) and self.headings_open:
                self.headings_open.pop()
        self.links_open -= name == "a" and not _is_mark(element)
        self.bolds_open -= self._is_bold(name, element)

    def _is_bold(self, name: str, element: Element) -> bool:
        return (
            name in ("b", "strong")
            or _BOLD_STYLE.search(element.get("style", "")) is not None
            or not self.bold.isdisjoint(element.get("class", "").split())
        )

    def add(self, text: str) -> None:
        if self.math_open:
            text = text.strip()
        if text:
            self.pieces.append(_Piece(text, self.links_open > 0, self.bolds_open > 0))

    def table(self, rows: list[str], element: Element) -> None:
        self.flush(element)
        linked = _linked_share(element)
        for caption in element.iterchildren("caption", "{*}caption"):
            self.found.extend(find_parts(caption))
        self.found.extend(Found(Part(row), element, linked) for row in rows)

    def flush(self, element: Element) -> None:
        pieces, self.pieces = self.pieces, []
        self.shifts = []
        if self.preformatted:
            text = "".join(piece.text for piece in pieces).replace(BREAK, "\n").strip(BLANKS)
            linked, bold = _share(pieces, "linked"), _share(pieces, "bold")
            lines = [_Line(one, False, linked, bold) for one in _preformatted(text)]
        elif self.headings_open:
            whole = [_Piece(piece.text.replace(BREAK, "\n"), piece.linked) for piece in pieces]
            lines = _paragraphs(whole)
        else:
            lines = _paragraphs(pieces)
        for line in lines:
            if has_content(line.text):
                part = self._part(line)
                shown = replace(part, text=numbered(self.label, part.text))
                self.label = ""
                self.found.append(Found(shown, element, line.linked))

    def _part(self, line: "_Line") -> Part:
        if self.headings_open:
            text = _TOOLS.sub("", line.text)
            return Part(text or line.text, "heading", self.headings_open[-1])
        short = len(line.text) <= _LONGEST_BOLD_HEADING and "\n" not in line.text
        if line.bold == 1 and short and not ends_sentence(line.text) and not is_label(line.text):
            return Part(line.text, "heading", _BOLD_HEADING_LEVEL)
        return Part(line.text)


@dataclass(frozen=True, slots=True)
class _Line:
    """The text up to a line break; shares in [0, 1] of its characters."""

    text: str
    indented: bool
    linked: float
    bold: float


def _share(pieces: Sequence[_Piece], name: str) -> float:
    """Return the share of the visible characters that are ``linked`` or ``bold``."""
    lengths = [len(piece.text.strip(BLANKS)) for piece in pieces]
    marked = [n for n, piece in zip(lengths, pieces, strict=True) if getattr(piece, name)]
    return sum(marked) / max(sum(lengths), 1)


def _paragraphs(pieces: Sequence[_Piece]) -> list[_Line]:
    """Return the paragraphs of inline text, in which only line breaks tell them apart.

    A line goes on in the next one unless that is indented or set differently, a blank line
    is between them, or a sentence ends there.
    """
    done: list[_Line] = []
    own: list[_Line] = []
    after_blank = True
    for line in _lines(pieces):
        if not line.text:
            after_blank = True
            continue
        if own and (after_blank or _is_apart(own[-1], line)):
            done.append(_joined(own))
            own = []
        own.append(line)
        after_blank = False
    return [*done, _joined(own)] if own else done


def _preformatted(text: str) -> list[str]:
    """Return what was set in lines as it is, prose as its paragraphs."""
    apart = [one.strip(BLANKS) for one in _BLANK_LINE.split(text)]
    return apart if all(map(ends_sentence, apart)) else [text]


def _joined(lines: Sequence[_Line]) -> _Line:
    text = "\n".join(line.text for line in lines)
    return replace(lines[0], text=text, linked=max(line.linked for line in lines))


def _is_apart(previous: _Line, line: _Line) -> bool:
    differs = (previous.bold == 1) != (line.bold == 1)
    return line.indented or differs or ends_sentence(previous.text)


def _lines(pieces: Sequence[_Piece]) -> Iterator[_Line]:
    own: list[_Piece] = []
    for piece in (*pieces, _Piece(BREAK)):
        before, *others = piece.text.split(BREAK)
        own.append(replace(piece, text=before))
        for text in others:
            raw = "".join(one.text for one in own)
            indented = _INDENTED.match(raw) is not None
            shown = collapse(raw).strip(BLANKS)
            yield _Line(shown, indented, _share(own, "linked"), _share(own, "bold"))
            own = [replace(piece, text=text)]


def is_unseen(name: str, element: Element) -> bool:
    """Tell whether a browser shows nothing of an element where it stands."""
    return (
        not name
        or (name in _UNSEEN and not _is_shadow(name, element))
        or element.get("hidden") is not None
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _is_shadow(name: str, element: Element) -> bool:
    """Tell whether an element is a template that a browser shows inside its parent."""
    return name == "template" and (
        element.get("shadowrootmode", element.get("shadowroot")) is not None
    )


def _rows(table: Element) -> list[str]:
    """Return the rows of a table of data, nothing for one that only lays out a page."""
    rows: list[list[tuple[str, int, int]]] = []
    headers = 0
    for row in table.iter("tr", "{*}tr"):
        cells = []
        names = 0
        for cell in row:
            if local_name(cell) not in ("td", "th"):
                continue
            if next(cell.iter("table", "{*}table", "h1", "h2", "h3", "h4"), None) is not None:
                return []
            texts = [one.part.text for one in find_parts(cell)]
            text = " ".join(texts)
            if len(text) > _LONGEST_CELL or sum(map(ends_sentence, texts)) > _MOST_PARAGRAPHS:
                return []
            cells.append((text, _span(cell, "colspan"), _span(cell, "rowspan")))
            names += local_name(cell) == "th"
        is_header = local_name(row.getparent()) == "thead" or len(cells) == names > 1
        headers += is_header and headers == len(rows)
        rows.append(cells)
    widest = max(map(len, rows), default=0)
    return row_texts(expand(rows), headers or None) if widest > 1 and len(rows) > 1 else []


def _is_mark(link: Element) -> bool:
    """Tell whether a link leads to a place in the same page; a bare # is a button's."""
    target: str = link.get("href", "")
    return target.startswith("#") and target != "#"


def _linked_share(table: Element) -> float:
    """Return the share in [0, 1] of a table's characters that are linked."""
    whole = len("".join("".join(table.itertext()).split()))
    links = (one for one in table.iter("a", "{*}a") if not _is_mark(one))
    return sum(len("".join("".join(one.itertext()).split())) for one in links) / max(whole, 1)


def _span(cell: Element, name: str) -> int:
    """Return how many columns or rows a cell reaches over."""
    value = cell.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1
