"""What holds for every file, whatever is in it: sound documents, or an error that says why not."""

from qa.errors import DocumentError
from qa.loaders.content import Content
from qa.loaders.formats import PACKED, read_bytes, unpack
from qa.split import split
from qa.text import has_content
from qa.types import Document

__all__ = ["assert_sound", "read"]


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
        for paragraph in split(document):
            assert document.text[paragraph.start : paragraph.end] == paragraph.text


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
