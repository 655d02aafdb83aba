"""Real documents of every format against the articles they were made from.

``tests/make_documents.py`` made them with LibreOffice, pandoc, Chromium, typst, python-docx and
others. Every paragraph has to be there once, in order, of its kind and under its heading.
"""

import re
from pathlib import Path

import pytest

from qa import loaders
from qa.errors import DocumentError
from qa.split import split
from qa.types import Document

DOCUMENTS = Path(__file__).parent / "data" / "documents"
ORIGINALS = {
    "night-market": [
        "portal-gb18030.html",
        "libreoffice.html",
        "python-docx.docx",
        "libreoffice.pdf",
        "libreoffice.epub",
        "notepad-gb18030.txt",
    ],
    "greenhouse": [
        "messenger.html",
        "pandoc.html",
        "pandoc.docx",
        "chromium.pdf",
        "typst-columns.pdf",
        "pandoc.epub",
        "pandoc-wrapped.md",
        "pandoc-wrapped.txt",
    ],
    "old-street": [
        "old-table-big5.html",
        "libreoffice.docx",
        "hand-made.epub",
        "pandoc-gfm.md",
        "libreoffice.txt",
    ],
}
CASES = [(name, original) for original, names in ORIGINALS.items() for name in names]
DATA = ["articles.json", "articles.jsonl", "spreadsheet-gb18030.csv"]
Row = tuple[str, str, str]


def bare(text: str) -> str:
    """Return text without what a layout adds or takes: blanks, and the bars between cells."""
    return re.sub(r"[\s|\u3000]+", "", text)


def rows(document: Document) -> list[Row]:
    """Return kind, heading above and text of each paragraph."""
    return [(one.kind, bare(one.section), bare(one.text)) for one in split(document)]


def expected(original: str) -> list[Row]:
    return rows(loaders.load_file(DOCUMENTS / f"{original}.md"))


@pytest.mark.parametrize(("name", "original"), CASES, ids=[name for name, _ in CASES])
def test_every_paragraph_is_there_once_in_order_under_its_heading(name: str, original: str) -> None:
    assert rows(loaders.load_file(DOCUMENTS / name)) == expected(original)
