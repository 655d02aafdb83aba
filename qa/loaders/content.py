"""What a loader hands over: the text of a document and its blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.loaders.plain import could_be_title, is_byline, is_heading, is_item
from qa.text import BLANKS, has_content
from qa.types import Block, BlockKind

__all__ = ["Content", "Part", "assemble", "mark_bylines", "titled", "with_headings"]

_GAP = "\n\n"
_TOP_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, title, byline or heading that a loader took out of a file."""

    text: str
    kind: BlockKind = "text"
    level: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """One document of a file.

    ``name`` tells it from the other documents of the same file ("" if it is the only one),
    ``title`` is used when no block is the title, ``problem`` says what is missing of it and
    what to do ("" if nothing is known to be).
    """

    text: str
    blocks: tuple[Block, ...]
    name: str = ""
    title: str = ""
    problem: str = ""


def assemble(parts: Iterable[Part], title: str = "") -> Content:
    """Return the content of parts in reading order, one blank line between two of them."""
    texts: list[str] = []
    blocks: list[Block] = []
    start = 0
    for part in parts:
        text = part.text.strip(BLANKS)
        if not has_content(text):
            continue
        blocks.append(Block(start, start + len(text), part.kind, part.level, part.page))
        texts.append(text)
        start += len(text) + len(_GAP)
    return Content(_GAP.join(texts), tuple(blocks), title=title)


def titled(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with their title marked.

    It is the first heading if no other is as high, else a first line that reads like one.
    Where the file marks no heading at all, those that read like one are.
    """
    shown = [part for part in parts if has_content(part.text)]
    if not any(part.kind == "heading" for part in shown):
        shown = with_headings(shown)
    if not shown or any(part.kind == "title" for part in shown):
        return shown
    first = shown[0]
    top = [part.text for part in shown[:_TOP_PARTS]]
    is_highest = first.kind == "heading" and not any(
        part.kind == "heading" and part.level <= first.level for part in shown[1:]
    )
    if is_highest or (first.kind == "text" and len(top) > 1 and could_be_title(top)):
        shown[0] = replace(first, kind="title", level=0)
    return shown


def with_headings(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with those as headings that read like one."""
    result: list[Part] = []
    for place, part in enumerate(parts):
        following = parts[place + 1].text if place + 1 < len(parts) else ""
        previous = result[-1] if result else None
        after = previous is not None and previous.kind == "text" and is_item(previous.text)
        if place and part.kind == "text" and is_heading(part.text, following, after=after):
            result.append(replace(part, kind="heading", level=1))
        else:
            result.append(part)
    return result


def mark_bylines(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with the lines of date, source and author after the title marked."""
    marked = list(parts)
    for place, part in enumerate(marked):
        if part.kind == "title":
            continue
        if part.kind != "text" or not is_byline(part.text.strip(BLANKS)):
            break
        if any(earlier.kind == "title" for earlier in marked[:place]):
            marked[place] = replace(part, kind="byline")
    return marked
