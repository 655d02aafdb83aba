"""Slides in their order: title, text, tables, and the notes of whoever speaks."""

import io
from collections.abc import Iterator
from typing import Any

from qa.errors import DocumentError, QAError
from qa.loaders.content import Content, Part, assemble, titled
from qa.loaders.extras import require
from qa.loaders.packed import OLD_FORMAT, check_markup, open_packed
from qa.loaders.table import expand, row_texts
from qa.text import BLANKS, has_content

__all__ = ["read"]

_UNSEEN = frozenset(["SLIDE_NUMBER", "FOOTER", "DATE", "HEADER"])


def read(data: bytes, source: str) -> Iterator[Content]:
    """Yield the document of a .pptx file, its parts with their slides as pages.

    Raises:
        MissingExtra: if python-pptx is not installed.
        DocumentError: if it is encrypted, broken or too large.

    """
    pptx = require("pptx", "python-pptx", "pptx")
    if data.startswith(OLD_FORMAT):
        raise DocumentError(
            source, "it is encrypted or in the old .ppt format; save it as .pptx without a password"
        )
    packed = open_packed(data, source, ".pptx")
    check_markup(packed, source)
    try:
        slides = pptx.Presentation(io.BytesIO(data)).slides
        parts = [part for page, slide in enumerate(slides, 1) for part in _slide(slide, page)]
    except QAError:
        raise
    except Exception as error:
        # python-pptx meets a broken file with whatever error it runs into.
        raise DocumentError(source, f"it is no whole .pptx file ({error})") from error
    if parts and parts[0].kind == "heading":
        parts[0] = Part(parts[0].text, "title", page=parts[0].page)
    yield assemble(titled(parts))


def _slide(slide: Any, page: int) -> Iterator[Part]:  # noqa: ANN401 - of python-pptx
    title = slide.shapes.title
    if title is not None and has_content(title.text_frame.text):
        yield Part(" ".join(title.text_frame.text.split()), "heading", 1, page)
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            for text in _rows(shape.table):
                yield Part(text, page=page)
        elif shape.has_text_frame and not _is_furniture(shape):
            yield from _paragraphs(shape.text_frame, page)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _paragraphs(slide.notes_slide.notes_text_frame, page)


def _shapes(shapes: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the shapes, those in groups too, in the order of the file."""
    for shape in shapes:
        inside = getattr(shape, "shapes", None)
        if inside is None:
            yield shape
        else:
            yield from _shapes(inside)


def _is_furniture(shape: Any) -> bool:  # noqa: ANN401
    return shape.is_placeholder and shape.placeholder_format.type.name in _UNSEEN


def _paragraphs(frame: Any, page: int) -> Iterator[Part]:  # noqa: ANN401
    for paragraph in frame.paragraphs:
        # A line break within a paragraph comes as a vertical tab.
        text = paragraph.text.replace("\v", "\n").strip(BLANKS)
        if has_content(text):
            yield Part(text, page=page)


def _rows(table: Any) -> list[str]:  # noqa: ANN401
    rows = [
        [
            (
                " ".join(cell.text_frame.text.split()),
                cell.span_width if cell.is_merge_origin else 1,
                cell.span_height if cell.is_merge_origin else 1,
            )
            for cell in row.cells
            if not cell.is_spanned
        ]
        for row in table.rows
    ]
    return row_texts(expand(rows), 1 if table.first_row else None)
