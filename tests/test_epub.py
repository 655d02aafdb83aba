"""Electronic books: order, titles, entities; protected, broken and hostile ones."""

import io
import zipfile

import pytest

from qa.errors import DocumentError
from qa.loaders import epub
from qa.loaders.content import Content

SENTENCE = "渡口的木船每天早上六点开出第一班。"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/a.opf"/></rootfiles></container>'
)


def chapter(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'


def package(*names: str, title: str = "渡口") -> str:
    items = "".join(
        f'<item id="{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="{n}"/>' for n in range(len(names)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )


def book(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in ({"META-INF/container.xml": CONTAINER} | files).items():
            packed.writestr(name, text)
    return made.getvalue()


def read(data: bytes) -> Content:
    (content,) = epub.read(data, "a.epub")
    return content


def shown(data: bytes) -> list[tuple[str, str]]:
    content = read(data)
    return [(block.kind, content.text[block.start : block.end]) for block in content.blocks]


def test_chapters_come_in_the_order_of_the_spine() -> None:
    files = {
        "book/a.opf": package("z.xhtml", "sub/a%20b.xhtml"),
        "book/z.xhtml": chapter(f"<h1>渡口</h1><p>一。{SENTENCE}</p>"),
        "book/sub/a b.xhtml": chapter(f"<h2>船</h2><p>二。{SENTENCE}</p>"),
    }
    assert shown(book(files)) == [
        ("title", "渡口"),
        ("text", f"一。{SENTENCE}"),
        ("heading", "船"),
        ("text", f"二。{SENTENCE}"),
    ]


def test_a_title_page_and_the_heading_after_it_are_one_title() -> None:
    files = {
        "book/a.opf": package("0.xhtml", "1.xhtml"),
        "book/0.xhtml": chapter("<h1>渡口</h1>"),
        "book/1.xhtml": chapter(f"<h1>渡口</h1><p>{SENTENCE}</p>"),
    }
    assert shown(book(files)) == [("title", "渡口"), ("text", SENTENCE)]


def test_a_chapter_that_is_no_xml_is_read_as_a_browser_would() -> None:
    files = {
        "book/a.opf": package("0.xhtml", title="别的"),
        "book/0.xhtml": f"<html><body><p>甲&nbsp;乙&hellip;{SENTENCE}<p>没有关上。</body>",
    }
    assert [text for _, text in shown(book(files))] == [f"甲\u00a0乙…{SENTENCE}", "没有关上。"]


def test_the_table_of_contents_is_left_out_and_a_missing_chapter_too() -> None:
    nav = '<item id="n" href="nav.xhtml" properties="nav"/><item id="m" href="gone.xhtml"/>'
    listed = package("0.xhtml").replace("<manifest>", f"<manifest>{nav}")
    listed = listed.replace("<spine>", '<spine><itemref idref="n"/><itemref idref="m"/>')
    files = {
        "book/a.opf": listed,
        "book/nav.xhtml": chapter("<p>目录。</p>"),
        "book/0.xhtml": chapter(f"<p>{SENTENCE}</p>"),
    }
    assert [text for _, text in shown(book(files))] == [SENTENCE]


def test_a_protected_book_says_so() -> None:
    encryption = (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference '
        'URI="book/0.xhtml"/></encryption>'
    )
    files = {
        "book/a.opf": package("0.xhtml"),
        "book/0.xhtml": "\x17\x03",
        "META-INF/encryption.xml": encryption,
    }
    with pytest.raises(DocumentError, match="protected against copying"):
        read(book(files))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no list of its contents"),
        ({"META-INF/container.xml": "<"}, "container.xml is broken"),
        ({"book/a.opf": "<"}, "a.opf is broken"),
        ({"book/a.opf": package()}, "lists no chapter"),
    ],
)
def test_broken_books_are_named(files: dict[str, str], words: str) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.epub: .*{words}"):
        read(book(files))


def test_entities_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈哈"}">' for n in range(12))
    bomb = f"<!DOCTYPE html [{laughs}]>{chapter(f'<p>{SENTENCE}&l11;</p>')}"
    content = read(book({"book/a.opf": package("0.xhtml"), "book/0.xhtml": bomb}))
    assert len(content.text) < 10_000
    assert SENTENCE in content.text


def test_the_same_chapter_many_times_is_read_once() -> None:
    listed = package("0.xhtml").replace("<spine>", "<spine>" + '<itemref idref="0"/>' * 100_000)
    files = {"book/a.opf": listed, "book/0.xhtml": chapter(f"<p>{SENTENCE}</p>")}
    assert len(shown(book(files))) == 1
