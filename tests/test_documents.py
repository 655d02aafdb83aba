"""Real documents of every format against the articles they were made from.

``tests/support/make_documents.py`` made them with LibreOffice, pandoc, Chromium, SQLite, 7-Zip and
others. Every paragraph has to be there once, in order, of its kind and under its heading.
"""

import re
from pathlib import Path

import pytest

from qa import loaders
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import DocumentError
from qa.index.local import LocalIndex
from qa.loaders import stream as sources
from qa.loaders.rows import as_read
from qa.loaders.split import split
from qa.render.formats import place
from qa.render.phrases import LABELS
from qa.types import Answer, Document, Passage

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
DATA = [
    *("articles.json", "jq.json", "node-reply.json", "pandas.json", "sqlite.json"),
    *("articles.jsonl", "node.jsonl", "pandas.jsonl", "duckdb.jsonl"),
    *("spreadsheet-gb18030.csv", "libreoffice.csv", "sqlite.csv"),
    *("libreoffice.tsv", "pandas.tsv"),
]
FOLDERS = {
    "文章/报纸/2022年/老街.md": "old-street",
    "文章/报纸/2024年/夜市.html": "night-market",
    "文章/期刊/温室.docx": "greenhouse",
}
ARCHIVES = {
    "mixed.zip": {
        "文章/old-street.md": "old-street",
        "文章/portal-gb18030.html": "night-market",
        "文章/python-docx.docx": "night-market",
    },
    "info-zip.zip": FOLDERS,
    "7zip.zip": FOLDERS,
    "java-gbk.zip": FOLDERS,
}
Row = tuple[str, str, str]


def bare(text: str) -> str:
    """Return text without what a layout adds or takes: blanks, and the bars between cells."""
    return re.sub(r"[\s|\u3000]+", "", text)


def rows(document: Document) -> list[Row]:
    """Return kind, heading above and text of each paragraph."""
    return [(one.kind, bare(one.section), bare(one.text)) for one in split(document)]


def expected(original: str, name: str = "") -> list[Row]:
    """Return the rows of an article as the file of that name has them.

    Where the text is taken out of the file, a row of a table has the names of its columns.
    """
    found = split(loaders.load_file(DOCUMENTS / f"{original}.md"))
    if not name.endswith((".html", ".docx", ".pdf", ".epub")):
        return [(one.kind, bare(one.section), bare(one.text)) for one in found]
    headers = {one.header for one in found}
    return [
        (one.kind, bare(one.section), bare(as_read(one).text))
        for one in found
        if one.text not in headers
    ]


@pytest.mark.parametrize(("name", "original"), CASES, ids=[name for name, _ in CASES])
def test_every_paragraph_is_there_once_in_order_under_its_heading(name: str, original: str) -> None:
    assert rows(loaders.load_file(DOCUMENTS / name)) == expected(original, name)


@pytest.mark.parametrize("name", DATA)
def test_every_record_is_a_document_with_its_paragraphs(name: str) -> None:
    loaded = loaders.load_paths([DOCUMENTS / name])
    assert loaded.problems == ()
    for document, original in zip(
        loaded.documents, ("night-market", "greenhouse", "old-street"), strict=True
    ):
        wanted = expected(original)
        if name == "articles.jsonl":
            # These records have no date and source.
            wanted = [row for row in wanted if row[0] != "byline"]
        assert rows(document) == wanted
        assert document.id.startswith(f"{name}#")


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_zip_archive_gives_the_documents_in_it(name: str) -> None:
    loaded = loaders.load_paths([DOCUMENTS / name])
    assert loaded.problems == ()
    inside = {one.source.removeprefix(f"{name}/"): rows(one) for one in loaded.documents}
    assert inside == {path: expected(original, path) for path, original in ARCHIVES[name].items()}


@pytest.mark.parametrize("name", DATA)
def test_many_articles_are_read_in_the_same_way_one_by_one(name: str) -> None:
    loaded = loaders.load_paths([DOCUMENTS / name])
    arrivals = sources.read([DOCUMENTS / name], sources.Shard())
    assert tuple(one.document for one in arrivals) == loaded.documents


def test_the_folder_is_read_as_a_whole() -> None:
    loaded = loaders.load_paths([DOCUMENTS])
    assert sorted(problem.source for problem in loaded.problems) == ["encrypted.pdf", "scanned.pdf"]
    for document in loaded.documents:
        for one in split(document):
            assert document.text[one.start : one.end] == one.text
    assert len({document.id for document in loaded.documents}) == len(loaded.documents)


@pytest.mark.parametrize(
    ("name", "pages"), [("libreoffice.pdf", 2), ("chromium.pdf", 2), ("typst-columns.pdf", 2)]
)
def test_each_paragraph_of_a_pdf_has_the_page_it_begins_on(name: str, pages: int) -> None:
    found = [one.page for one in split(loaders.load_file(DOCUMENTS / name))]
    assert found == sorted(found)
    assert set(found) == set(range(1, pages + 1))


def test_words_broken_at_the_end_of_a_line_are_whole_again() -> None:
    text = loaders.load_file(DOCUMENTS / "typst-columns.pdf").text
    original = (DOCUMENTS / "greenhouse.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"Its manager,.*?three months\.", original)
    assert sentence in text


@pytest.mark.parametrize(
    ("name", "words"),
    [("scanned.pdf", "pictures without text .*OCR"), ("encrypted.pdf", "without a password")],
)
def test_a_pdf_that_cannot_be_read_says_why(name: str, words: str) -> None:
    with pytest.raises(DocumentError, match=rf"^{name}: .*{words}"):
        loaders.load_file(DOCUMENTS / name)


def test_the_page_is_kept_in_an_index_and_shown_with_the_passage(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    document = loaders.load_file(DOCUMENTS / "libreoffice.pdf")
    LocalIndex.build([document], embedder).save(tmp_path)
    opened = LocalIndex.open(tmp_path, embedder)
    assert opened.document("libreoffice.pdf") == document
    last = opened.paragraph(len(opened) - 1)
    assert last.page == 2
    places = [place(last, labels) for labels in LABELS.values()]
    assert [text.split(" · ")[0] for text in places] == ["第 2 页", "第 2 頁", "page 2"]
    answer = Answer("?", True, 1.0, (Passage(last, 1.0),)).to_dict()
    assert answer["passages"][0]["page"] == 2
