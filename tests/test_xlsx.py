"""Spreadsheets: sheets, names of columns, merged cells, values as they are shown; hostile ones."""

import datetime
import io
import zipfile
from typing import Any

import pytest

from qa.errors import DocumentError
from qa.loaders import xlsx


def new() -> Any:  # noqa: ANN401 - of openpyxl
    import openpyxl

    return openpyxl.Workbook()


def saved(book: Any) -> bytes:  # noqa: ANN401
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def shown(data: bytes) -> list[tuple[str, str]]:
    (content,) = xlsx.read(data, "a.xlsx")
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def of_rows(*rows: list[Any]) -> bytes:
    book = new()
    for row in rows:
        book.active.append(row)
    return saved(book)


def test_each_row_has_the_names_of_its_columns() -> None:
    data = of_rows(
        ["码头", "2024年客流", "2025年客流"], ["东渡", 8200, 9100], ["西渡", 120.5, None]
    )
    assert shown(data) == [
        ("text", "码头：东渡；2024年客流：8200；2025年客流：9100"),
        ("text", "码头：西渡；2024年客流：120.5"),
    ]


def test_merged_cells_stand_in_every_row_and_above_every_column() -> None:
    book = new()
    sheet = book.active
    for row in (
        ["渡船价目表", None, None, None],
        ["区", "码头", "票价", None],
        [None, None, "平日", "假日"],
        ["河东", "东渡", 2, 3],
        [None, "北渡", 4, 5],
    ):
        sheet.append(row)
    for merged in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5"):
        sheet.merge_cells(merged)
    assert shown(saved(book)) == [
        ("text", "渡船价目表"),
        ("text", "区：河东；码头：东渡；票价 平日：2；票价 假日：3"),
        ("text", "区：河东；码头：北渡；票价 平日：4；票价 假日：5"),
    ]


def test_sheets_stand_under_their_names_and_hidden_ones_are_left_out() -> None:
    book = new()
    book.active.append(["码头", "班次", "票价"])
    book.active.append(["东渡", 8, 2])
    second = book.create_sheet("船员")
    second.append(["姓名", "职务", "电话"])
    second.append(["方老大", "船长", "0851-22"])
    hidden = book.create_sheet("草稿")
    hidden.append(["不给人看"])
    hidden.sheet_state = "hidden"
    assert shown(saved(book)) == [
        ("text", "码头：东渡；班次：8；票价：2"),
        ("heading", "船员"),
        ("text", "姓名：方老大；职务：船长；电话：0851-22"),
    ]


def test_values_are_read_as_they_are_shown() -> None:
    book = new()
    sheet = book.active
    sheet.append(["日期", "时刻", "上座率", "合计", "开船"])
    sheet.append(
        [
            datetime.date(2025, 3, 1),
            datetime.time(6, 30),
            0.856,
            0.1 + 0.2,
            datetime.datetime(2025, 3, 1, 8),
        ]
    )
    sheet["C2"].number_format = "0.0%"
    sheet["A2"].number_format = 'yyyy"年"m"月"d"日"'
    assert shown(saved(book)) == [
        (
            "text",
            "日期：2025年3月1日；时刻：06:30；上座率：85.6%；合计：0.3；开船：2025-03-01 08:00",
        )
    ]


def test_questions_and_answers_in_a_sheet() -> None:
    data = of_rows(["序号", "问题", "答案"], [1, "几点开船？", "早上六点。"])
    assert shown(data) == [("text", "几点开船？\n早上六点。")]


def test_articles_in_a_sheet_are_documents() -> None:
    text = "渡口的木船每天早上六点开出第一班，晚上九点收班，票价两元。" * 5
    data = of_rows(["标题", "正文", "点击"], ["渡口", text, 5], ["木船", text, 8])
    found = list(xlsx.read(data, "a.xlsx"))
    assert [(one.title, one.name) for one in found] == [("渡口", "Sheet 1"), ("木船", "Sheet 2")]


def test_a_cell_far_away_costs_nothing() -> None:
    book = new()
    book.active.append(["码头", "班次", "票价"])
    book.active.append(["东渡", 8, 2])
    book.active["XFD1048576"] = "远"
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    merged = b'<mergeCells><mergeCell ref="A2:XFD1048575"/></mergeCells></worksheet>'
    changed = sheet.replace(b"</worksheet>", merged)
    found = shown(replaced(data, "xl/worksheets/sheet1.xml", changed))
    assert found[0] == ("text", "码头 | 班次 | 票价")
    assert found[-1] == ("text", "远")


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as copy:
        for member in old.infolist():
            copy.writestr(member, content if member.filename == name else old.read(member))
    return made.getvalue()


GOOD = of_rows(["码头", "班次", "票价"], ["东渡", 8, 2])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no whole .xlsx"),
        (b"text", "no whole .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "encrypted or in the old .xls format"),
        (replaced(GOOD, "xl/workbook.xml", b"<a"), "no whole .xlsx"),
        (replaced(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet"), "no whole .xlsx"),
        (replaced(GOOD, "xl/worksheets/sheet1.xml", b" " * (51 * 2**20)), "51 MB, at most 50 MB"),
    ],
    ids=["empty", "text", "old", "workbook", "sheet", "large"],
)
def test_broken_and_huge_spreadsheets_are_named(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.xlsx: .*{words}"):
        shown(data)


def test_entities_are_not_expanded() -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈" * 10}">' for n in range(10)
    )
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>话。&l9;</t></is></c></row>'
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><worksheet xmlns="http://schemas.'
        f'openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cell}</sheetData></worksheet>'
    )
    try:
        found = shown(replaced(GOOD, "xl/worksheets/sheet1.xml", sheet.encode()))
    except DocumentError:
        return
    assert found == [("text", "话。")]
