"""Data with named fields: articles, one document a record; questions and answers; tables.

The names of a field are listed at ``TITLES``, ``TEXTS``, ``DATES``, ``SOURCES``, ``IDS``,
``QUESTIONS`` and ``ANSWERS``; case, full width and blanks at the edges do not matter. Other fields
of an article are left out. Records without a text are one document: a question and its answer
are a paragraph, each row of another table is one with the names of its fields.
"""

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, cast

from qa.errors import DocumentError
from qa.loaders import plain
from qa.loaders.content import Content, Part, assemble
from qa.loaders.encoding import decode
from qa.loaders.limits import bounds, check_characters
from qa.loaders.markup import find_parts, parse
from qa.loaders.rows import labelled
from qa.loaders.table import Row, sheet_texts
from qa.text import BLANKS, fold, has_content
from qa.types import Block

__all__ = [
    "ANSWERS",
    "DATES",
    "IDS",
    "QUESTIONS",
    "SOURCES",
    "TEXTS",
    "TITLES",
    "of_rows",
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
QUESTIONS = (
    "question",
    "问题",
    "q",
    "问",
    "提问",
    "instruction",
    "指令",
    "prompt",
    "query",
    *TITLES,
)
"""Names of the field with a question or a task."""
ANSWERS = (
    "answer",
    "答案",
    "a",
    "答",
    "回答",
    "解答",
    "output",
    "输出",
    "response",
    "reply",
    "回复",
)
"""Names of the field with the answer to it."""
_INPUTS = ("input", "输入")

_LISTS = (
    *("articles", "data", "records", "documents", "items", "results", "rows", "list"),
    *("文章", "数据"),
)
_LONGEST_ID = 80
_LONGEST_NAME = 80
_MOST_SHOWN = 12
_MOST_TOLD = 3
_FIELD_CHARACTERS = 2**31 - 1
_SAMPLE_CHARACTERS = 20_000
_DEEPEST = 4
_LONGEST_VALUE = 100
_LONGEST_PAIR = 500
_HTML = re.compile(
    r"</?(?:p|br|div|span|strong|em|b|i|u|a|ul|ol|li|h[1-6]|table|tr|td|section|img|font|blockquote)"
    r"(?:\s+[a-z:-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>]+))*\s*/?>",
    re.IGNORECASE,
)

_Record = TypeVar("_Record")


def read_json(data: bytes, source: str) -> Iterator[Content]:
    """Yield the documents of an object, of a list, or of the list inside an object.

    A list may be inside several objects, and a table may be kept by its columns.

    Raises:
        DocumentError: if it is no JSON, or no record in it has a text.

    """
    loaded = _parse(decode(data, source), source, "")
    yield from _contents(_records(loaded, source), source)


def read_json_lines(data: bytes, source: str) -> Iterator[Content]:
    """Yield a document a line; lines that are none are told as what is missing.

    Raises:
        DocumentError: if no line can be read, as for JSON; the first line is named.

    """
    problems: list[str] = []

    def sound(line: str, number: int) -> Any:  # noqa: ANN401 - JSON may be anything
        try:
            return _parse(line, source, f"line {number}: ")
        except DocumentError as error:
            problems.append(error.problem)
            # It is counted, so that the others keep their names.
            return {}

    # Other ends of lines may stand in a text as they are.
    lines = enumerate(decode(data, source).split("\n"), 1)
    records = (sound(line, number) for number, line in lines if line.strip())
    try:
        found = list(_contents(records, source, _line_content))
    except DocumentError:
        if problems:
            raise DocumentError(source, problems[0]) from None
        raise
    if problems:
        left = len(problems) - _MOST_TOLD
        more = [f"and {left:,} lines more"] if left > 0 else []
        found[0] = replace(found[0], problem="; ".join([*problems[:_MOST_TOLD], *more]))
    yield from found


def read_json_line(line: str, number: int, source: str) -> Content | None:
    """Return the document on one line, the ``number``-th from 1; None if it has no text.

    Raises:
        DocumentError: if it is no JSON, or too long.

    """
    record = _parse(line, source, f"line {number}: ")
    return _line_content(record, number, source)


def read_csv(data: bytes, source: str) -> Iterator[Content]:
    """Yield a document a row if a column holds texts, else one of all rows.

    The first row names the columns, if it may be names.

    Raises:
        DocumentError: if it is no table.

    """
    text = decode(data, source).replace("\0", "\ufffd")
    csv.field_size_limit(_FIELD_CHARACTERS)
    lines = csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text))
    try:
        rows = list(_bounded(filter(None, lines), source))
    except csv.Error as error:
        raise DocumentError(
            source, f"row {lines.line_num} is no row of a table ({error})"
        ) from error
    articles, parts = of_rows(rows, source)
    yield from articles
    if parts:
        yield assemble(parts)


def of_rows(rows: Sequence[Row], source: str) -> tuple[list[Content], list[Part]]:
    """Return the articles of a table that holds some, a document a row, else all it says."""
    names, *others = rows or [[]]
    records = [dict(zip(names, row, strict=False)) for row in others]
    if records and _are_articles(records):
        return list(_contents(records, source)), []
    if records and any(_question(_by_name(fields)) for fields in records):
        return [], [part for fields in records for part in _parts(fields)]
    return [], [Part(text) for text in sheet_texts(rows)]


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
        keyed = [one for one in loaded.values() if isinstance(one, dict) and _names_text(one)]
        if keyed:
            return keyed
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


def _bounded(records: Iterable[_Record], source: str) -> Iterator[_Record]:
    for count, record in enumerate(records, 1):
        if count > bounds().records:
            raise DocumentError(
                source, f"it has more than {bounds().records:,} records; cut it into smaller files"
            )
        yield record


def _contents(
    records: Iterable[Any],
    source: str,
    content_of: Callable[[Any, int, str], Content | None] | None = None,
) -> Iterator[Content]:
    """Yield the content of each record, or of all together if they are no articles.

    ``content_of`` returns that of a record that is a document in any case.
    """
    found = 0
    names: dict[str, None] = {}
    held: list[Mapping[Any, Any]] = []
    for count, record in enumerate(_bounded(records, source), 1):
        fields: Mapping[Any, Any] = record if isinstance(record, Mapping) else {"text": record}
        names |= dict.fromkeys(str(name) for name in fields if name is not None)
        held.append(fields)
        if content_of is None:
            continue
        content = content_of(record, count, source)
        if content is not None:
            found += 1
            yield content
    if content_of is None and _are_articles(held):
        made = (_article(fields, number, source) for number, fields in enumerate(held, 1))
        for content in filter(None, made):
            found += 1
            yield content
    elif content_of is None:
        parts = [part for fields in held if _says_more(fields) for part in _parts(fields)]
        found = len(parts)
        if parts:
            yield assemble(parts)
    if not found and held:
        raise DocumentError(
            source,
            f"no record has a text: its fields are {', '.join(list(names)[:_MOST_SHOWN])}; "
            f"expected one of {', '.join(TEXTS)}",
        )


def _are_articles(records: Sequence[Mapping[Any, Any]]) -> bool:
    """Tell whether records have texts; a short one among other columns is a cell like them."""
    longest = 0
    others = titled = False
    for fields in records:
        named = _by_name(fields)
        longest = max(longest, len(_field(named, TEXTS) or ""))
        titled = titled or _field(named, TITLES) is not None
        others = others or any(
            name not in _KNOWN and _value(value) for name, value in named.items()
        )
    return longest > (_LONGEST_VALUE if others and not titled else 0)


def _line_content(record: Any, number: int, source: str) -> Content | None:  # noqa: ANN401
    """Return the content of a record that is a document by itself.

    None is that of an article without its text.
    """
    fields: Mapping[Any, Any] = record if isinstance(record, Mapping) else {"text": record}
    article = _article(fields, number, source)
    named = _by_name(fields)
    if article is not None or not _says_more(fields) or not _TEXTS_COMPARED.isdisjoint(named):
        return article
    parts = [
        replace(part, kind="title", level=0) if part.kind == "heading" and not place else part
        for place, part in enumerate(_parts(fields))
    ]
    if not parts:
        return None
    return replace(assemble(parts), name=_called(named, number))


def _says_more(fields: Mapping[Any, Any]) -> bool:
    """Tell whether a record holds more than what stands above a text, and a text without words."""
    return any(
        name not in _ABOUT and has_content(_value(value))
        for name, value in _by_name(fields).items()
    )


def _article(fields: Mapping[Any, Any], number: int, source: str) -> Content | None:
    named = _by_name(fields)
    text = _field(named, TEXTS)
    if text is None or not has_content(text):
        return None
    check_characters(text, source)
    title = " ".join((_field(named, TITLES) or "").split())
    byline = " ".join(filter(None, (_field(named, DATES), _field(named, SOURCES))))
    return _assembled(title, " ".join(byline.split()), text, _called(named, number))


def _called(named: Mapping[str, Any], number: int) -> str:
    """Return what a record goes by: its own id or its number."""
    name = (_field(named, IDS) or "").strip(BLANKS)
    return name if 0 < len(name) <= _LONGEST_ID else str(number)


def _question(named: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return a question and its answer, if a record is that."""
    question, answer = _field(named, QUESTIONS), _field(named, ANSWERS)
    if question is None or answer is None:
        return None
    return " ".join(filter(None, (question, _field(named, _INPUTS)))), answer


def _parts(fields: Mapping[Any, Any]) -> list[Part]:
    """Return a record as a paragraph; a question stands above its answer, as a heading if long."""
    asked = _question(_by_name(fields))
    if asked is not None:
        question, answer = (_without_markup(text) for text in asked)
        heading = " ".join(part.text for part in question)
        whole = "\n".join((heading, *(part.text for part in answer)))
        if len(whole) <= _LONGEST_PAIR:
            # The answer alone may be a word, which says nothing without what was asked.
            return [Part(whole)]
        paragraphs = (replace(one, kind="text", level=0) for one in answer)
        return [Part(heading, "heading", 1), *paragraphs]
    pairs = [(str(name), _value(value)) for name, value in fields.items() if name is not None]
    line = labelled([name for name, _ in pairs], [value for _, value in pairs])
    return [Part(text)] if has_content(text := "".join(map("".join, line))) else []


def _value(value: object, depth: int = 0) -> str:
    """Return a value on one line: those of a list or an object one after the other."""
    if isinstance(value, str):
        return " ".join(" ".join(part.text for part in _without_markup(value)).split())
    if isinstance(value, Mapping) and depth < _DEEPEST:
        inner = ((str(name), _value(one, depth + 1)) for name, one in value.items())
        return "，".join(f"{name} {one}" for name, one in inner if one)
    if isinstance(value, list) and depth < _DEEPEST:
        return "、".join(filter(None, (_value(one, depth + 1) for one in value)))
    return "" if value is None or isinstance(value, list | Mapping) else str(value)


def _without_markup(text: str) -> list[Part]:
    """Return the paragraphs of a text, which may be written as HTML."""
    if _HTML.search(text):
        # What is nested too deeply to be a text is shown as it is written.
        with contextlib.suppress(DocumentError):
            return [one.part for one in find_parts(parse(text, ""))]
    return [Part(line.strip(BLANKS)) for line in text.splitlines() if has_content(line)]


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
    if _HTML.search(text):
        content = assemble(_without_markup(text))
        text, found = content.text, content.blocks
    else:
        found = plain.blocks(text)
    body = [
        Block(block.start + shift, block.end + shift, block.kind, block.level) for block in found
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
_ABOUT = frozenset(map(_compared, (*TITLES, *DATES, *SOURCES, *IDS)))
_KNOWN = frozenset(map(_compared, (*TEXTS, *DATES, *SOURCES, *IDS)))


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
