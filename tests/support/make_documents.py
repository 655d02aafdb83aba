"""Make the documents in ``tests/data/documents`` again from their Markdown originals.

Needs what the tests themselves do not: LibreOffice, pandoc, Chromium, qpdf, Noto CJK fonts, jq,
Node.js, SQLite, Info-ZIP, 7-Zip, Java, and the packages typst, reportlab, pandas and duckdb. Run
from the project's folder, for all groups or some:
``PYTHONPATH=tests python -m support.make_documents data``.
"""

import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from support.make_data import make_archives, make_data
from support.make_pages import make_pages
from support.originals import FOLDER, Item, body_html, office, original, run

FONT = "Noto Serif CJK SC"


def chromium_pdf(page: str, target: Path) -> None:
    from playwright.sync_api import sync_playwright

    small = 'style="font-size: 9px; margin-left: 60px"'
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        tab.pdf(
            path=target,
            format="A4",
            margin={"top": "60px", "bottom": "60px", "left": "60px", "right": "60px"},
            display_header_footer=True,
            header_template=f"<div {small}>高原农业通讯　内部打印</div>",
            footer_template=f'<div {small}>第 <span class="pageNumber"></span> 页，共 '
            '<span class="totalPages"></span> 页</div>',
        )
        browser.close()


# Word processors


def python_docx(items: Sequence[Item], target: Path) -> None:
    import docx
    from docx.enum.text import WD_BREAK

    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "江口晚报社内部稿件"
    made.sections[0].footer.paragraphs[0].text = "第 1 页"
    rows = [text.split("\t") for kind, text in items if kind == "tr"]
    table = None
    for place, (kind, text) in enumerate(items):
        if kind == "h1":
            made.add_paragraph(text, style="Title")
        elif kind.startswith("h"):
            made.add_heading(text, int(kind[1]) - 1)
        elif kind == "li":
            made.add_paragraph(text, style="List Bullet")
        elif kind == "tr" and table is None:
            table = made.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
        elif kind == "p":
            paragraph = made.add_paragraph()
            half = len(text) // 2
            paragraph.add_run(text[:half])
            paragraph.add_run(text[half:]).bold = place % 2 == 0
    made.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    made.save(str(target))


def make_word() -> None:
    python_docx(original("night-market"), FOLDER / "python-docx.docx")
    run("pandoc", "-f", "markdown-smart", FOLDER / "greenhouse.md", "-o", FOLDER / "pandoc.docx")
    with tempfile.TemporaryDirectory() as folder:
        middle = Path(folder) / "old-street.odt"
        run("pandoc", "-f", "markdown-smart", FOLDER / "old-street.md", "-o", middle)
        office(middle, "docx", FOLDER / "libreoffice.docx")


# PDF


def typst_pdf(items: Sequence[Item], target: Path) -> None:
    """Two columns with running header, page numbers and hyphenated English."""
    import typst

    def escaped(text: str) -> str:
        return "".join(f"\\{sign}" if sign in "#*_`$<>@\\[]" else sign for sign in text)

    lines = [
        '#set page(paper: "a5", columns: 2, '
        "header: align(center, text(8pt)[高原农业通讯 · 2023年第4期]), "
        "footer: context align(center, text(8pt)[— #counter(page).display() —]))",
        f'#set text(font: "{FONT}", size: 10pt, lang: "zh", hyphenate: true)',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true))",
        '#place(top, scope: "parent", float: true)[#set align(center)',
        f"#text(16pt)[{escaped(items[0][1])}]",
        f"#text(9pt)[{escaped(items[1][1])}]]",
    ]
    for kind, text in items[2:]:
        if kind.startswith("h"):
            lines.append(f"#heading(level: {int(kind[1]) - 1})[{escaped(text)}]")
        elif text.isascii():
            lines.append(f'#text(lang: "en")[{escaped(text)}]')
        else:
            lines.append(escaped(text))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "main.typ"
        source.write_text("\n\n".join(lines), encoding="utf-8")
        target.write_bytes(typst.compile(str(source)))


def scanned_pdf(target: Path) -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(picture).rectangle((40, 40, 360, 60), fill=0)
    picture.save(target, "PDF")


def make_pdf() -> None:
    office(FOLDER / "python-docx.docx", "pdf", FOLDER / "libreoffice.pdf")
    typst_pdf(original("greenhouse"), FOLDER / "typst-columns.pdf")
    style = f"body {{ font: 14px/1.7 '{FONT}' }} h1 {{ font-size: 24px }} p {{ text-indent: 2em }}"
    items = original("greenhouse")
    page = f"<meta charset=utf-8><style>{style}</style>{body_html(items)}"
    chromium_pdf(page, FOLDER / "chromium.pdf")
    scanned_pdf(FOLDER / "scanned.pdf")
    run(
        "qpdf", "--encrypt", "user", "owner", "256", "--",
        FOLDER / "libreoffice.pdf", FOLDER / "encrypted.pdf",
    )  # fmt: skip


# Books and texts


def hand_made_epub(items: Sequence[Item], target: Path) -> None:
    """An EPUB 2 with one file a chapter, a cover page and a table of contents."""
    chapters: list[list[Item]] = [[]]
    for item in items:
        if item[0] == "h2":
            chapters.append([])
        chapters[-1].append(item)
    names = [f"Text/chapter {number}.xhtml" for number in range(len(chapters))]
    manifest = "".join(
        f'<item id="c{number}" href="{name.replace(" ", "%20")}" '
        'media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(names)))
    package = f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id"><metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{items[0][1]}</dc:title>
<dc:identifier id="id">old-street</dc:identifier><dc:language>zh-TW</dc:language></metadata>
<manifest>{manifest}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
<spine toc="ncx">{spine}</spine></package>"""
    container = (
        '<?xml version="1.0"?><container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", container)
        book.writestr("OEBPS/content.opf", package)
        book.writestr("OEBPS/toc.ncx", "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/'/>")
        for name, chapter in zip(names, chapters, strict=True):
            book.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title>{items[0][1]}</title></head><body>{body_html(chapter)}</body></html>",
            )


def make_books() -> None:
    run(
        "pandoc", "-f", "markdown-smart", "--metadata", f"title={original('greenhouse')[0][1]}",
        FOLDER / "greenhouse.md", "-o", FOLDER / "pandoc.epub",
    )  # fmt: skip
    office(FOLDER / "python-docx.docx", "epub", FOLDER / "libreoffice.epub")
    hand_made_epub(original("old-street"), FOLDER / "hand-made.epub")


def make_texts() -> None:
    for name, target, options in (
        ("greenhouse", "pandoc-wrapped.md", ["-t", "markdown-smart", "--columns=60"]),
        ("old-street", "pandoc-gfm.md", ["-t", "gfm", "--wrap=none"]),
        ("greenhouse", "pandoc-wrapped.txt", ["-t", "plain", "--columns=60"]),
    ):
        run(
            "pandoc", "-f", "markdown-smart+east_asian_line_breaks",
            FOLDER / f"{name}.md", "-o", FOLDER / target, *options,
        )  # fmt: skip
    office(FOLDER / "libreoffice.docx", "txt:Text (encoded):UTF8", FOLDER / "libreoffice.txt")
    lines = [text.replace("\t", "　") for _, text in original("night-market")]
    text = "\r\n".join(f"　　{line}" if line.endswith("。") else line for line in lines)
    (FOLDER / "notepad-gb18030.txt").write_bytes(text.encode("gb18030"))


GROUPS = {
    "word": make_word,
    "pages": make_pages,
    "pdf": make_pdf,
    "books": make_books,
    "texts": make_texts,
    "data": make_data,
    "archives": make_archives,
}

if __name__ == "__main__":
    for group in sys.argv[1:] or GROUPS:
        GROUPS[group]()
