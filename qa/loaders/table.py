"""Tables: which rows name the columns, and each row read with those names.

A row alone says little: which of its figures is that of 2025 stands in the header. So each row
becomes a line of its own in which every value has its column's name before it.
"""

import re
from collections.abc import Iterable, Sequence
from statistics import mean

from qa.loaders.rows import labelled
from qa.text import BLANKS, ends_sentence, has_content

__all__ = ["Cell", "Row", "expand", "names_surely", "naming_rows", "row_texts", "sheet_texts"]

Cell = str | None
"""The text of a cell; None where the cell to the left of it reaches."""
Row = Sequence[Cell]

_LONGEST_NAME = 30
_WIDEST = 1_000
_MOST_SPANNED = 1_000
_LONGER = 3
"""Times as long as names that cells are which cannot be names."""
_VALUE = re.compile(r"[\s\d.,，%％:：/+\-—–~～()（）¥￥$€]+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:[-–~/](?:\d\d){1,2})?")
_FIGURE = re.compile(r"\d")
# What the columns of a table of two are called, so that it is none of names and values.
_COLUMN_NAME = re.compile(
    ".*(?:名称|名字|姓名|项目|类别|类型|种类|品种|分类|含义|意思|说明|备注|内容|数量|金额|价格|单价|票价|"
    "费用|费率|时间|日期|年份|月份|星期|地点|地址|位置|电话|方式|负责人|部门|单位|用途|用法|职务|职责|要求|"
    "标准|条件|比例|占比|收入|支出|产量|面积|人数|编号|序号|颜色|状态|处理|措施|原因|结果|等级|级别|班次|"
    "问题|答案|回答|作用|功能|参数|数值|指标|区域|地区|城市|产品|车型|路线|线路|阶段|步骤|期限)"
    r"(?:[(（].*[)）])?"
    "|(?:name|item|type|kind|meaning|description|value|price|cost|amount|date|time|year|place|"
    "address|phone|unit|number|no\\.?|color|colour|status|question|answer|key|parameter|field|area)",
    re.IGNORECASE,
)


def row_texts(rows: Sequence[Row], headers: int | None = None) -> list[str]:
    """Return a table's rows as lines, each value with the name of its column.

    ``headers`` is how many rows at the top name the columns, None if the file does not say.
    A row that spans the whole table stands alone; what has no header has bars between its cells.
    """
    lines: list[str] = []
    body = [[_bare(cell) for cell in row] for row in rows if any(map(_shown, row))]
    width = max(map(len, body), default=0)
    while len(body) > 1 and width > 1 and not any(body[0][1:]):
        # A title above the names.
        lines.append(_alone(body.pop(0)))
        headers = headers - 1 if headers else headers
    count = 0 if width > _WIDEST else headers or _guessed(body)
    if not 0 < count < len(body):
        return lines + [" | ".join(filter(None, row)) for row in body]
    names = _names(body[:count], width)
    body = body[count:]
    used = {place for row in body for place, cell in enumerate(row) if cell}
    if any(name and place not in used for place, name in enumerate(names)):
        lines.append(" | ".join(filter(None, names)))
    for row in body:
        alone = width > 1 and _is_alone(row)
        lines.append(_alone(row) if alone else "".join(map("".join, labelled(names, row))))
    return lines


def naming_rows(rows: Sequence[Row]) -> list[list[Cell]]:
    """Return the rows at the top of a table that name its columns; none if none look so."""
    body = [[_bare(cell) for cell in row] for row in rows if any(map(_shown, row))]
    width = max(map(len, body), default=0)
    while len(body) > 1 and width > 1 and not any(body[0][1:]):
        body.pop(0)
    return body[: _guessed(body)] if width <= _WIDEST else []


def names_surely(first: Row, body: Sequence[Row]) -> bool:
    """Tell whether a row names the columns of those below, where nothing but words says so.

    Names and values side by side, as in a form, are no table.
    """
    columns = [[row[place] or "" for row in body if row[place]] for place in range(len(first))]
    if any(_COLUMN_NAME.fullmatch(cell) for own in columns[1:] for cell in own):
        return False
    names = [cell or "" for cell in first]
    known = sum(_COLUMN_NAME.fullmatch(name) is not None for name in names)
    figures = any(own and all(map(_FIGURE.search, own)) for own in columns)
    cells = [cell for own in columns for cell in own]
    longer = sum(map(len, cells)) / max(len(cells), 1) >= _LONGER * mean(map(len, names))
    return 2 * known >= len(names) or figures or longer


def sheet_texts(rows: Sequence[Row]) -> list[str]:
    """Return the rows of a sheet as lines; its first one names the columns if it may be names."""
    shown = [row for row in rows if any(map(_shown, row))]
    place = next((at for at, row in enumerate(shown) if sum(map(_shown, row)) > 1), len(shown))
    first = shown[place] if place < len(shown) else ()
    named = None not in first and all(_is_name(cell) for cell in first if cell)
    above = [" ".join(filter(None, map(_bare, row))) for row in shown[:place]]
    return above + row_texts(shown[place:], 1 if first and named else None)


def _is_header(first: Row, body: Sequence[Row]) -> bool:
    """Tell whether a table's first row names its columns, as its looks say."""
    own = [cell or "" for cell in first]
    width = max((len(row) for row in body), default=0)
    names = own[1:] if own and not own[0] else own
    if len(own) < 2 or len(own) < width or not all(map(_is_name, names)):
        return False
    if len(set(names)) < len(names):
        return False
    if len(own) > 2:
        return True
    if all(_COLUMN_NAME.fullmatch(name) for name in names):
        return True
    values = [row[1] or "" for row in body if len(row) > 1]
    return len(values) > 1 and all(map(_FIGURE.search, values)) and not _FIGURE.search(own[1])


def expand(rows: Iterable[Iterable[tuple[str, int, int]]]) -> list[list[Cell]]:
    """Return the grid of rows of (text, columns, rows): how far each cell reaches.

    A cell that reaches down stands in each row, for each of them has it.
    """
    grid: list[list[Cell]] = []
    # By column: what reaches down to the next row, and how many rows farther.
    reaching: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        own: dict[int, tuple[Cell, int]] = dict(reaching)
        place = 0
        for text, columns, down in row:
            while place in own:
                place += 1
            for number in range(max(columns, 1)):
                if place >= _WIDEST or place in own:
                    break
                own[place] = (None if number else text, min(max(down, 1), _MOST_SPANNED))
                place += 1
        width = max(own, default=-1) + 1
        grid.append([own[place][0] if place in own else "" for place in range(width)])
        reaching = {at: (text, left - 1) for at, (text, left) in own.items() if left > 1}
    return grid


def _guessed(body: Sequence[Row]) -> int:
    """Return how many rows at the top name the columns."""
    if len(body) < 2:
        return 0
    if None in body[0] and len(body) > 2:
        names = _names(body[:2], max(map(len, body)))
        return 2 if _is_header(names, body[2:]) else 0
    return 1 if _is_header(body[0], body[1:]) else 0


def _names(rows: Sequence[Row], width: int) -> list[str]:
    """Return the name of each column: what stands above it, from the top."""
    found: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        shown = ""
        for place in range(min(width, len(row))):
            cell = row[place]
            shown = shown if cell is None else cell
            if shown and shown not in found[place]:
                found[place].append(shown)
    return [" ".join(own) for own in found]


def _is_name(text: str) -> bool:
    if not has_content(text) or len(text) > _LONGEST_NAME or text[-1] in ":：":
        return False
    return not ends_sentence(text) and (
        _VALUE.fullmatch(text) is None or _YEAR.fullmatch(text) is not None
    )


def _is_alone(row: Row) -> bool:
    """Tell whether a row is one cell across the table."""
    return len(row) > 1 and bool(row[0]) and all(cell is None for cell in row[1:])


def _alone(row: Row) -> str:
    return row[0] or ""


def _shown(cell: Cell) -> bool:
    return bool(cell and cell.strip(BLANKS))


def _bare(cell: Cell) -> Cell:
    return cell if cell is None else " ".join(cell.split())
