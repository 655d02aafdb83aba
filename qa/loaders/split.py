"""From a document's blocks to its paragraphs, each with its section, place and offsets."""

from qa.loaders.rows import header_of
from qa.types import BlockKind, Document, Paragraph

__all__ = ["search_context", "split"]


def split(document: Document) -> tuple[Paragraph, ...]:
    """Return the paragraphs of ``document`` in reading order.

    ``document.text[p.start:p.end] == p.text`` holds for each of them. Titles, bylines and
    headings are paragraphs too.
    """
    paragraphs: list[Paragraph] = []
    section = header = ""
    number = 0
    for position, block in enumerate(document.blocks):
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            section = text
        number += block.kind == "text"
        header = header_of(document.text, document.blocks, position, header)
        paragraphs.append(
            Paragraph(
                document_id=document.id,
                title=document.title,
                source=document.source,
                section="" if block.kind in ("title", "byline") else section,
                position=position,
                start=block.start,
                end=block.end,
                text=text,
                kind=block.kind,
                page=block.page,
                header=header,
                number=number if block.kind == "text" else 0,
            )
        )
    return tuple(paragraphs)


# Only for search: what a reader calls these parts of an article, so that a question for
# the date or the title finds a line that holds nothing but the date or the title.
_SEARCH_LABELS: dict[BlockKind, str] = {
    "title": "文章标题 题目 title",
    "byline": "文章发表时间 发布日期 来源 作者 媒体 published date source author",
    "heading": "文章的小标题 部分 章节 section heading",
}


def search_context(paragraph: Paragraph) -> str:
    """Return what is searched together with a paragraph and never shown.

    That is where it stands (title, section, the columns of its table), since a paragraph
    seldom repeats its subject, or for a title, byline or heading what it is.
    """
    label = _SEARCH_LABELS.get(paragraph.kind)
    if label is not None:
        return label
    above = (paragraph.title, paragraph.section, paragraph.header)
    return "\n".join(part for part in above if part)
