"""Spreadsheets: each visible sheet a table, cells as shown, merged ones in each of their rows."""

import contextlib
import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from qa.errors import DocumentError, QAError
from qa.loaders.content import Content, Part, assemble
from qa.loaders.extras import require
from qa.loaders.limits import bounds
from qa.loaders.packed import OLD_FORMAT, check_markup, open_packed
from qa.loaders.records import of_rows
from qa.loaders.table import Cell, Row

__all__ = ["read"]

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_NO_NAME = re.compile(r"(?:sheet|工作表|工作簿)\s*\d*", re.IGNORECASE)
_PLACES = re.compile(r"0\.(0+)%")
_MOST_MERGED = 1_000_000
"""Cells that merged ones may reach over, of all those that there are."""

_Range = tuple[int, int, int, int]


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the document of an .xlsx file; a sheet of articles gives a document a row.

    Raises:
        MissingExtra: if openpyxl is not installed.
        DocumentError: if it is encrypted, broken or too large.

    """
    openpyxl = require("openpyxl", "openpyxl", "xlsx")
    if data.startswith(OLD_FORMAT):
        raise DocumentError(
            source, "it is encrypted or in the old .xls format; save it as .xlsx without a password"
        )
    packed = open_packed(data, source, ".xlsx")
    check_markup(packed, source)
    try:
        with warnings.catch_warnings():
            # It tells of decorations that it does not know.
            warnings.simplefilter("ignore")
            sheets = list(_sheets(openpyxl, data, packed, source))
    except QAError:
        raise
    except Exception as error:
        # openpyxl meets a broken file with whatever error it runs into.
        raise DocumentError(source, f"it is no whole .xlsx file ({error})") from error
    parts: list[Part] = []
    for name, rows in sheets:
        articles, own = of_rows(rows, source)
        for article in articles:
            yield replace(article, name=f"{name} {article.name}")
        if own and not _NO_NAME.fullmatch(name):
            parts.append(Part(name, "heading", 1))
        parts += [replace(one, level=2) if one.kind == "heading" else one for one in own]
    if parts:
        yield assemble(parts)


def _sheets(
    openpyxl: Any,  # noqa: ANN401
    data: bytes,
    packed: zipfile.ZipFile,
    source: str,
) -> Iterator[tuple[str, list[Row]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        merged = _merged(openpyxl, packed)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            # What a file says about its size may be anything.
            sheet.reset_dimensions()
            rows: list[list[Cell]] = []
            count = 0
            for row in sheet.iter_rows():
                rows.append([_text(cell) for cell in row])
                count += any(rows[-1])
                if count > bounds().records:
                    raise DocumentError(
                        source,
                        f"it has more than {bounds().records:,} rows; cut it into smaller files",
                    )
            _spread(rows, merged.get(sheet.title, ()))
            yield sheet.title, [row for row in rows if any(row)]
    finally:
        book.close()


def _merged(openpyxl: Any, packed: zipfile.ZipFile) -> dict[str, list[_Range]]:  # noqa: ANN401
    """Return the merged cells of each sheet: first column and row, last column and row."""
    from openpyxl.xml.functions import fromstring

    found: dict[str, list[_Range]] = {}
    with contextlib.suppress(KeyError):
        relations = {
            one.get("Id"): one.get("Target", "")
            for one in fromstring(packed.read("xl/_rels/workbook.xml.rels"))
        }
        for sheet in fromstring(packed.read("xl/workbook.xml")).iter("{*}sheet"):
            target = relations.get(sheet.get(_RELATION), "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if name not in packed.namelist():
                continue
            found[sheet.get("name", "")] = [
                openpyxl.utils.range_boundaries(one.decode())
                for one in _MERGED.findall(packed.read(name))
            ]
    return found


def _spread(rows: Sequence[list[Cell]], merged: Sequence[_Range]) -> None:
    """Put what merged cells say into every row that they reach over, in place."""
    left = _MOST_MERGED
    widest = max(map(len, rows), default=0)
    for first_column, first_row, last_column, last_row in merged:
        if first_row > len(rows) or first_column > len(rows[first_row - 1]):
            continue
        text = rows[first_row - 1][first_column - 1]
        for row in rows[first_row - 1 : last_row]:
            width = min(last_column, widest)
            left -= width
            if left < 0:
                return
            row += [""] * (width - len(row))
            row[first_column - 1 : width] = [text, *[None] * (width - first_column)]


def _text(cell: Any) -> str:  # noqa: ANN401
    """Return a cell as it is shown, more or less."""
    value = cell.value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, datetime.date):
        shown = f"{value.year}年{value.month}月{value.day}日" if "年" in cell.number_format else ""
        moment = f" {value:%H:%M}" if isinstance(value, datetime.datetime) else ""
        return (shown or f"{value:%Y-%m-%d}") + moment
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in cell.number_format:
            places = _PLACES.search(cell.number_format)
            return f"{100 * value:.{len(places.group(1)) if places else 0}f}%"
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    return "" if value is None else str(value)
