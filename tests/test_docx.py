"""Word documents: styles, lists, tables, boxes, notes, changes; broken and hostile ones."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.errors import DocumentError
from qa.loaders import docx as reader

DOCUMENTS = Path(__file__).parent / "data" / "documents"
LONG = (
    "渡口的木船每天早上六点开出第一班，晚上九点收班，票价两元，小孩和老人不要钱，过年那三天不开船。"
)
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document: Any) -> bytes:  # noqa: ANN401 - of python-docx
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def shown(data: bytes) -> list[tuple[str, str]]:
    (content,) = reader.read(data, "a.docx")
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def new() -> Any:  # noqa: ANN401
    import docx

    return docx.Document()


def with_body(xml: str) -> bytes:
    """Return a document with this body."""
    document = (
        f'<?xml version="1.0"?><w:document xmlns:w="{NAMESPACE}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{xml}</w:body></w:document>"
    )
    return replaced("word/document.xml", lambda _: document.encode())


def replaced(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a document with one file in it changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(DOCUMENTS / "pandoc.docx") as old, zipfile.ZipFile(made, "w") as copy:
        for member in old.infolist():
            data = old.read(member)
            copy.writestr(member, change(data) if member.filename == name else data)
    return made.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_styles_give_title_and_headings() -> None:
    made = new()
    made.add_paragraph("渡口", style="Title")
    made.add_heading("第一班", 1)
    made.add_paragraph(LONG)
    made.add_heading("票价", 3)
    made.add_paragraph(LONG)
    assert [kind for kind, _ in shown(saved(made))] == [
        "title",
        "heading",
        "text",
        "heading",
        "text",
    ]


def test_a_style_based_on_a_heading_and_an_outline_level_are_headings() -> None:
    from docx.enum.style import WD_STYLE_TYPE

    made = new()
    style = made.styles.add_style("小题", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("渡口的方老大", style="Title")
    made.add_paragraph("第一班", style="小题")
    made.add_paragraph(LONG)
    assert ("heading", "第一班") in shown(saved(made))
    outlined = paragraph("票价", '<w:outlineLvl w:val="1"/>') + paragraph(LONG)
    assert ("heading", "票价") in shown(with_body(paragraph(LONG) + outlined))


def test_bold_lines_are_headings_where_no_style_says_so() -> None:
    made = new()
    made.add_paragraph("渡口的方老大")
    made.add_paragraph(LONG)
    made.add_paragraph().add_run("第一班").bold = True
    made.add_paragraph(LONG)
    assert [kind for kind, _ in shown(saved(made))] == ["title", "text", "heading", "text"]


def test_tables_of_data_are_rows_and_cells_of_running_text_are_paragraphs() -> None:
    made = new()
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["班次", "时间", "头班", "六点"], strict=True
    ):
        cell.text = text
    layout = made.add_table(rows=1, cols=2)
    layout.rows[0].cells[0].text = LONG * 9
    layout.rows[0].cells[1].text = LONG
    assert [text for _, text in shown(saved(made))] == [
        "班次：头班；时间：六点",
        LONG * 9,
        LONG,
    ]


def test_links_insertions_and_controls_are_read_and_deletions_are_not() -> None:
    body = (
        "<w:p><w:r><w:t>渡口</w:t></w:r><w:hyperlink><w:r><w:t>的木船</w:t></w:r></w:hyperlink>"
        "<w:del><w:r><w:delText>没了</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>还在</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:tab/><w:t>。</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('控件里的话。')}</w:sdtContent></w:sdt>"
    )
    assert [text for _, text in shown(with_body(body))] == ["渡口的木船还在 。", "控件里的话。"]


def test_the_text_of_a_box_is_there_once() -> None:
    box = f"<w:txbxContent>{paragraph('框里的话。')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>框外的话。</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert [text for _, text in shown(with_body(body))] == ["框外的话。", "框里的话。"]


def test_a_table_of_contents_is_left_out() -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('第一班 … 1')}</w:sdtContent></w:sdt>"
    )
    assert [text for _, text in shown(with_body(contents + paragraph(LONG)))] == [LONG]


def test_notes_stand_at_the_end() -> None:
    notes = (
        f'<w:footnotes xmlns:w="{NAMESPACE}"><w:footnote w:type="separator" w:id="-1">'
        f'{paragraph("线")}</w:footnote><w:footnote w:id="1">{paragraph("注里的话。")}</w:footnote>'
        "</w:footnotes>"
    )
    data = replaced("word/footnotes.xml", lambda _: notes.encode())
    assert shown(data)[-1] == ("text", "注里的话。")
    assert "线" not in [text for _, text in shown(data)]


# Numbers that Word puts there by itself


def level(place: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(levels: str, *items: tuple[int, str], lists: str = "") -> list[tuple[str, str]]:
    """Return what a document shows whose paragraphs are of levels of one list."""
    body = "".join(
        paragraph(
            text,
            f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{1 + (place > 8)}"/></w:numPr>',
        ).replace('w:ilvl w:val="9"', 'w:ilvl w:val="0"')
        for place, text in items
    )
    numbering = (
        f'<w:numbering xmlns:w="{NAMESPACE}"><w:abstractNum w:abstractNumId="0">{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f"{lists}</w:numbering>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(with_body(body))) as old, zipfile.ZipFile(made, "w") as copy:
        for member in old.infolist():
            is_it = member.filename == "word/numbering.xml"
            copy.writestr(member, numbering.encode() if is_it else old.read(member))
    return shown(made.getvalue())


LAW = (
    level(0, "chineseCountingThousand", "第%1章")
    + level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>')
    + level(2, "chineseCounting", "（%3）")
)


def test_numbers_of_chapters_articles_and_items_stand_before_their_text() -> None:
    found = numbered(
        LAW,
        *((0, "总则。"), (1, "船要登记。"), (1, "登记要带：")),
        *((2, "证件；"), (2, "照片。"), (0, "班次。"), (1, "班次要公布："), (2, "在码头。")),
    )
    assert [text for _, text in found] == [
        *("第一章 总则。", "第一条 船要登记。", "第二条 登记要带："),
        *("（一）证件；", "（二）照片。", "第二章 班次。", "第三条 班次要公布：", "（一）在码头。"),
    ]


def test_numbers_of_several_levels_and_a_list_that_begins_anew() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")
    items = [
        (0, "甲。"),
        (1, "乙。"),
        (1, "丙。"),
        (0, "丁。"),
        (1, "戊。"),
        (9, "己。"),
        (0, "庚。"),
    ]
    found = numbered(levels, *items, lists=again)
    assert [text.split()[0] for _, text in found] == ["1.", "1.1", "1.2", "2.", "2.1", "1.", "2."]


@pytest.mark.parametrize(
    ("form", "first", "twelfth"),
    [
        ("decimal", "1", "12"),
        ("chineseCounting", "一", "十二"),
        ("ideographDigital", "一", "一二"),
        ("chineseLegalSimplified", "壹", "壹拾贰"),
        ("ideographTraditional", "甲", "12"),
        ("decimalEnclosedCircleChinese", "①", "⑫"),
        ("upperLetter", "A", "L"),
        ("lowerRoman", "i", "xii"),
        ("decimalZero", "01", "12"),
        ("somethingElse", "1", "12"),
    ],
)
def test_forms_of_numbers(form: str, first: str, twelfth: str) -> None:
    found = numbered(level(0, form, "%1)"), *[(0, "班次。")] * 12)
    assert (found[0][1], found[11][1]) == (f"{first}) 班次。", f"{twelfth}) 班次。")


def test_bullets_are_no_numbers() -> None:
    assert numbered(level(0, "bullet", "\uf0b7"), (0, "木船。")) == [("text", "木船。")]


def test_a_style_may_number_its_paragraphs() -> None:
    from docx.oxml import parse_xml

    made = new()
    element = made.part.numbering_part.element
    for xml in (
        f'<w:abstractNum xmlns:w="{NAMESPACE}" w:abstractNumId="90">'
        + level(0, "chineseCounting", "%1、")
        + "</w:abstractNum>",
        f'<w:num xmlns:w="{NAMESPACE}" w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
    ):
        element.append(parse_xml(xml))
    numbers = parse_xml(f'<w:numPr xmlns:w="{NAMESPACE}"><w:numId w:val="90"/></w:numPr>')
    made.styles["Heading 1"].element.get_or_add_pPr().append(numbers)
    made.add_paragraph("渡口的方老大", style="Title")
    for heading in ("班次", "票价"):
        made.add_heading(heading, 1)
        made.add_paragraph(LONG)
    assert [text for kind, text in shown(saved(made)) if kind == "heading"] == [
        "一、班次",
        "二、票价",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no whole .docx"),
        (b"text", "no whole .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "encrypted or in the old .doc format"),
        (replaced("word/document.xml", lambda data: data[:200]), "no whole .docx"),
        (replaced("[Content_Types].xml", lambda _: b"<Types/>"), "no whole .docx"),
    ],
    ids=["empty", "text", "old", "cut", "types"],
)
def test_broken_documents_are_named(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.docx: .*{words}"):
        shown(data)


def test_entities_are_neither_expanded_nor_read_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈" * 10}">' for n in range(10)
    )
    document = (
        f'<?xml version="1.0"?><!DOCTYPE x [{laughs}<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
        f'<w:document xmlns:w="{NAMESPACE}"><w:body>{paragraph("话。&l9;&f;")}</w:body>'
        "</w:document>"
    )
    data = replaced("word/document.xml", lambda _: document.encode())
    try:
        found = shown(data)
    except DocumentError as error:
        assert "秘密" not in str(error)
    else:
        assert found == [("text", "话。")]


def test_a_document_of_more_markup_than_is_parsed() -> None:
    data = replaced("word/document.xml", lambda data: data + b" " * (51 * 2**20))
    with pytest.raises(DocumentError, match=r"its text has 51 MB, at most 50 MB"):
        shown(data)
