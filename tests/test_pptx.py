"""Slides: titles, text, tables, groups, notes in their order; broken ones."""

import io
import zipfile
from typing import Any

import pytest

from qa.errors import DocumentError
from qa.loaders import pptx


def new() -> Any:  # noqa: ANN401 - of python-pptx
    from pptx import Presentation

    return Presentation()


def saved(made: Any) -> bytes:  # noqa: ANN401
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def slide(made: Any, title: str, *lines: str) -> Any:  # noqa: ANN401
    added = made.slides.add_slide(made.slide_layouts[1])
    added.shapes.title.text = title
    added.placeholders[1].text_frame.text = "\n".join(lines)
    return added


def shown(data: bytes) -> list[tuple[str, str, int]]:
    (content,) = pptx.read(data, "a.pptx")
    return [(one.kind, content.text[one.start : one.end], one.page) for one in content.blocks]


def test_slides_in_their_order_with_their_notes() -> None:
    made = new()
    slide(made, "渡口的一天", "方老大主讲")
    second = slide(made, "班次", "头班早上六点。", "末班晚上九点。")
    second.notes_slide.notes_text_frame.text = "说到这里时放照片。"
    slide(made, "票价", "平日两元。")
    assert shown(saved(made)) == [
        ("title", "渡口的一天", 1),
        ("text", "方老大主讲", 1),
        ("heading", "班次", 2),
        ("text", "头班早上六点。", 2),
        ("text", "末班晚上九点。", 2),
        ("text", "说到这里时放照片。", 2),
        ("heading", "票价", 3),
        ("text", "平日两元。", 3),
    ]


def test_tables_boxes_and_groups() -> None:
    from pptx.util import Cm

    made = new()
    added = slide(made, "客流", "见下表。")
    table = added.shapes.add_table(3, 3, Cm(1), Cm(1), Cm(9), Cm(3)).table
    rows = (("码头", "2024年", "2025年"), ("东渡", "82", "91"), ("", "74", "77"))
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            table.cell(number, place).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    group = added.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(1), Cm(5), Cm(4), Cm(1)).text_frame.text = "单位：千人。"
    assert [text for _, text, _ in shown(saved(made))] == [
        "客流",
        "见下表。",
        "码头：东渡；2024年：82；2025年：91",
        "码头：东渡；2024年：74；2025年：77",
        "单位：千人。",
    ]


def cut(data: bytes, name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as copy:
        for member in old.infolist():
            inside = old.read(member)
            copy.writestr(member, inside[:200] if member.filename == name else inside)
    return made.getvalue()


def good() -> bytes:
    made = new()
    slide(made, "渡口", "六点开船。")
    return saved(made)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no whole .pptx"),
        (b"text", "no whole .pptx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "encrypted or in the old .ppt format"),
        (cut(good(), "ppt/slides/slide1.xml"), "no whole .pptx"),
        (cut(good(), "ppt/presentation.xml"), "no whole .pptx"),
    ],
    ids=["empty", "text", "old", "slide", "presentation"],
)
def test_broken_slides_are_named(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.pptx: .*{words}"):
        shown(data)
