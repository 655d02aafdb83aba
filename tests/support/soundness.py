"""What holds for every file and every text, whatever is in it."""

import re

from qa.embedding.windows import cut_windows
from qa.errors import DocumentError
from qa.loaders.content import Content, Part, assemble, mark_bylines, titled
from qa.loaders.formats import PACKED, read_bytes, unpack
from qa.loaders.joining import collapse, join
from qa.loaders.pdf.program import _read as read_pdf_pages
from qa.loaders.split import search_context, split
from qa.text import fold, has_content, language, lines, query_tokens, sentences, strip, tokens
from qa.types import Document

__all__ = ["assert_sound", "assert_text_helpers", "assert_windows", "pdf_of", "read", "read_pdf"]

_HYPHENS = "\u2010\u00ad-"


def assert_sound(contents: tuple[Content, ...]) -> None:
    """Assert what holds for every document, however it came about."""
    for content in contents:
        end = 0
        for block in content.blocks:
            assert end <= block.start < block.end <= len(content.text)
            assert has_content(content.text[block.start : block.end])
            assert (block.level > 0) == (block.kind == "heading")
            end = block.end
        document = Document("a", "a", "a", content.text, content.blocks)
        paragraphs = split(document)
        assert [one.position for one in paragraphs] == list(range(len(content.blocks)))
        for paragraph in paragraphs:
            assert document.text[paragraph.start : paragraph.end] == paragraph.text
            search_context(paragraph)


def read(data: bytes, kind: str) -> None:
    """Read data as a file of a kind; it either gives sound documents or says why not."""
    try:
        if kind == PACKED:
            for _, inner in unpack(data, "a.zip"):
                try:
                    assert_sound(inner())
                except DocumentError as error:
                    assert str(error).startswith("a.zip/")
        else:
            assert_sound(read_bytes(data, kind, f"a{kind}"))
    except DocumentError as error:
        assert str(error).startswith("a.")


def read_pdf(data: bytes) -> None:
    """Read a PDF in this process; it either gives a sound document or says why not."""
    found = read_pdf_pages(data)
    if "problem" not in found:
        parts = [Part(*fields) for fields in found["parts"]]
        assert_sound((assemble(mark_bylines(titled(parts))),))


def pdf_of(content: bytes) -> bytes:
    """Return a PDF of one page that ``content`` draws, with a Latin font F1 and a Chinese F2."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R/F2 6 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        b"/DescendantFonts[7 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, inside in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n"
        % (
            count,
            listed,
            count,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(made)
    )


def assert_text_helpers(text: str) -> None:
    """Assert that the helpers lose nothing of a text."""
    end = 0
    for span in sentences(text):
        assert span.start >= end
        assert not has_content(text[end : span.start])
        end = span.end
    assert not has_content(text[end:])
    assert not has_content("".join(text)) or any(has_content(one.of(text)) for one in lines(text))
    bare = strip(text, 0, len(text))
    assert has_content(bare.of(text)) == has_content(text)
    asked = query_tokens(text)
    assert len(asked) == len(set(asked))
    assert set(asked) <= {*tokens(text), *tokens(fold(text))} or not asked
    language(text)
    assert "".join(collapse(text).split()) == "".join(text.split())
    if text.isprintable():
        assert _without_breaks(join(text.split("\n"))) == _without_breaks(text)


def _without_breaks(text: str) -> str:
    return re.sub(rf"[\s{_HYPHENS}]", "", text)


def assert_windows(text: str, size: int, overlap: int) -> None:
    """Assert that windows of at least two tokens, a character each, leave nothing out."""
    windows = cut_windows(text, list(range(1, len(text) + 1)), size, overlap)
    starts = [window.start for window in windows]
    assert starts == sorted(set(starts))
    kept = {place for window in windows for place in range(window.start, window.end)}
    assert all(place in kept for place, one in enumerate(text) if one.isalnum())
