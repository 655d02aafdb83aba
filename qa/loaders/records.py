"""Data with named fields, one document a record: JSON, JSON lines, CSV.

The names of a field are listed at ``TITLES``, ``TEXTS``, ``DATES``, ``SOURCES`` and ``IDS``;
case, full width and blanks at the edges do not matter. Other fields are left out.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from qa.errors import DocumentError
from qa.loaders import plain
from qa.loaders.content import Content
from qa.loaders.encoding import decode
from qa.loaders.limits import MAX_RECORDS, check_characters
from qa.text import BLANKS, fold, has_content
from qa.types import Block

__all__ = [
    "DATES",
    "IDS",
    "SOURCES",
    "TEXTS",
    "TITLES",
    "read_csv",
    "read_json",
    "read_json_line",
    "read_json_lines",
]

TITLES = ("title", "标题", "题目", "题名", "headline", "name")
"""Names of the field with a record's title, the preferred one first."""
TEXTS = (
    *("text", "content", "body", "正文", "内容", "全文", "文本", "article", "文章"),
    *("context", "passage", "paragraphs", "段落"),
)
"""Names of the field with a record's text: a string, or a list of paragraphs."""
DATES = (
    "date",
    "日期",
    "发布时间",
    "发布日期",
    "时间",
    "time",
    "published",
    "published_at",
    "pubdate",
)
"""Names of the field with a record's date."""
SOURCES = ("source", "来源", "媒体", "publisher", "author", "作者", "记者")
"""Names of the field with where a record comes from."""
IDS = ("id", "编号", "序号", "uid", "doc_id")
"""Names of the field that tells a record from the others."""

_LISTS = (
    *("articles", "data", "records", "documents", "items", "results", "rows", "list"),
    *("文章", "数据"),
)
_LONGEST_ID = 80
_LONGEST_NAME = 80
_MOST_SHOWN = 12
_FIELD_CHARACTERS = 2**31 - 1
_SAMPLE_CHARACTERS = 20_000


def read_json(data: bytes, source: str) -> Iterator[Content]:
    """Yield the documents of an object, of a list, or of the list inside an object.

    A list may be inside several objects, and a table may be kept by its columns.

    Raises:
        DocumentError: if it is no JSON, or no record in it has a text.

    """
    loaded = _parse(decode(data, source), source, "")
    yield from _contents(_records(loaded, source), source)


def read_json_lines(data: bytes, source: str) -> Iterator[Content]:
    """Yield a document a line.

    Raises:
        DocumentError: as for JSON; the line is named.

    """
    # Other ends of lines may stand in a text as they are.
    lines = enumerate(decode(data, source).split("\n"), 1)
    records = (_parse(line, source, f"line {number}: ") for number, line in lines if line.strip())
    yield from _contents(records, source)


def read_json_line(line: str, number: int, source: str) -> Content | None:
    """Return the document on one line, the ``number``-th from 1; None if it has no text.

    Raises:
        DocumentError: if it is no JSON, or too long.

    """
    record = _parse(line, source, f"line {number}: ")
    fields: Mapping[Any, Any] = record if isinstance(record, Mapping) else {"text": record}
    return _content(fields, number, source)


def read_csv(data: bytes, source: str) -> Iterator[Content]:
    """Yield a document a row; the first row names the columns.

    Raises:
        DocumentError: if no column has the name of a text, or it is no table.

    """
    text = decode(data, source).replace("\0", "\ufffd")
    csv.field_size_limit(_FIELD_CHARACTERS)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    try:
        yield from _contents(rows, source)
    except csv.Error as error:
        raise DocumentError(
            source, f"row {rows.line_num} is no row of a table ({error})"
        ) from error


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the columns of a table are told apart, as its first row shows."""
    header = text[:_SAMPLE_CHARACTERS].lstrip("\r\n").partition("\n")[0]
    delimiter = max(",\t;|", key=header.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter
    return Found


def _parse(text: str, source: str, where: str) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else error
        raise DocumentError(source, f"{where}it is no JSON ({problem})") from error


def _records(loaded: object, source: str) -> list[Any]:
    while isinstance(loaded, dict):
        if _field(_by_name(loaded), TEXTS) is not None:
            return [loaded]
        rows = _rows(loaded)
        if rows:
            return rows
        inside = [loaded[name] for name in _LISTS if isinstance(loaded.get(name), list | dict)]
        if not inside:
            return [loaded]
        loaded = next((one for one in inside if isinstance(one, list)), inside[0])
    if isinstance(loaded, list):
        return loaded
    raise DocumentError(source, "expected an object or a list of objects with a text in each")


def _rows(loaded: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table kept by columns, each an object of values by row; or none."""
    columns = list(loaded.values())
    if not all(isinstance(column, dict) for column in columns) or not _names_text(loaded):
        return []
    numbers = list(columns[0])
    if _names_text(numbers) or any(list(column) != numbers for column in columns):
        return []
    return [{name: column[number] for name, column in loaded.items()} for number in numbers]


def _names_text(names: Iterable[str]) -> bool:
    return not _TEXTS_COMPARED.isdisjoint(_by_name(dict.fromkeys(names)))


def _contents(records: Iterable[Any], source: str) -> Iterator[Content]:
    """Yield the content of each record that has a text."""
    names: dict[str, None] = {}
    count = found = 0
    for count, record in enumerate(records, 1):
        if count > MAX_RECORDS:
            raise DocumentError(
                source, f"it has more than {MAX_RECORDS:,} records; cut it into smaller files"
            )
        fields: Mapping[Any, Any] = record if isinstance(record, Mapping) else {"text": record}
        names |= dict.fromkeys(str(name) for name in fields if name is not None)
        content = _content(fields, count, source)
        if content is not None:
            found += 1
            yield content
    if not found and count:
        raise DocumentError(
            source,
            f"no record has a text: its fields are {', '.join(list(names)[:_MOST_SHOWN])}; "
            f"expected one of {', '.join(TEXTS)}",
        )


def _content(fields: Mapping[Any, Any], number: int, source: str) -> Content | None:
    named = _by_name(fields)
    text = _field(named, TEXTS)
    if text is None or not has_content(text):
        return None
    check_characters(text, source)
    title = " ".join((_field(named, TITLES) or "").split())
    byline = " ".join(filter(None, (_field(named, DATES), _field(named, SOURCES))))
    name = (_field(named, IDS) or "").strip(BLANKS)
    called = name if 0 < len(name) <= _LONGEST_ID else str(number)
    return _assembled(title, " ".join(byline.split()), text, called)


def _assembled(title: str, byline: str, text: str, name: str) -> Content:
    """Return title, byline and text one below the other; the text keeps all its characters."""
    whole = ""
    head: list[Block] = []
    for line, kind in ((title, "title"), (byline, "byline")):
        if line and has_content(line):
            block_kind = cast("Any", kind)
            head.append(Block(len(whole), len(whole) + len(line), block_kind))
            whole += f"{line}\n\n"
    shift = len(whole)
    body = [
        Block(block.start + shift, block.end + shift, block.kind, block.level)
        for block in plain.blocks(text)
    ]
    if title:
        # A title of its own makes one inside the text an ordinary heading or a repetition.
        own = [
            block for block in body if block.kind != "title" or not _is(text, block, shift, title)
        ]
        body = [_as_heading(block) if block.kind == "title" else block for block in own]
    return Content(whole + text, (*head, *body), name, title)


def _is(text: str, block: Block, shift: int, title: str) -> bool:
    return fold(text[block.start - shift : block.end - shift]) == fold(title)


def _as_heading(block: Block) -> Block:
    return Block(block.start, block.end, "heading", 1)


def _by_name(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Return fields by their names as they are compared; longer names are of no known field."""
    named = ((str(name), value) for name, value in fields.items())
    return {_compared(name): value for name, value in named if len(name) <= _LONGEST_NAME}


# Folding takes long, and every record has the same names.
@lru_cache(maxsize=4_096)
def _compared(name: str) -> str:
    return fold(name).strip(BLANKS)


_TEXTS_COMPARED = frozenset(map(_compared, TEXTS))


def _field(named: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the first field of these names that holds text, its paragraphs on lines."""
    for name in names:
        value = named.get(_compared(name))
        if isinstance(value, list):
            value = "\n".join(one for one in value if isinstance(one, str))
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and has_content(value):
            return value
    return None
