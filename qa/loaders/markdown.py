"""Markdown: blocks by markdown-it, shown as they are written, without the block markers."""

import re

from qa import text as language
from qa.loaders.plain import is_byline, units
from qa.text import has_content
from qa.types import Block, Span

__all__ = ["blocks"]

_FRONT_MATTER = re.compile(
    # No line may be read in two ways: without an end mark, all of them would be tried. Lines with a
    # blank in front go on with what has a name; between two rules they are text.
    r"\A---[ \t]*\r?\n(?:[\w-]+:[^\r\n]*\r?\n(?:[ \t]+[^\s][^\r\n]*\r?\n)*)+---[ \t]*(?:\r?\n|\Z)"
)
# The number of a step is something to ask for.
_MARKERS = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])))*[ \t]*")
_HASHES = re.compile(r"[ \t>]*#{1,6}(?=[ \t]|$)")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)(.+)(?<=\S)\1", re.DOTALL)
_TABLE_RULE = re.compile(r"[ \t|:+-]+")
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,})\s*")
# The time that a table takes grows with more than the square of its columns.
_WIDEST = 1_000
_LEAVES = {
    "heading_open",
    "paragraph_open",
    "fence",
    "code_block",
    "html_block",
    "tr_open",
}


def blocks(text: str) -> tuple[Block, ...]:
    """Return the title (first heading of level 1), byline, headings and paragraphs."""
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    shift = front.end() if front else 0
    # markdown-it counts only these line breaks, and so must the map from lines to offsets.
    line_spans = [
        Span(match.start() + shift, match.end() + shift)
        for match in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|\Z)", text[shift:])
    ]
    # Link definitions are shown too: what a person wrote is never dropped.
    parser = MarkdownIt("commonmark").disable("reference")
    if max((text.count("|", line.start, line.end) for line in line_spans), default=0) < _WIDEST:
        parser.enable("table")
    found: list[Block] = []
    for token in parser.parse(text[shift:]):
        if token.type not in _LEAVES or token.map is None:
            continue
        own = line_spans[token.map[0] : token.map[1]]
        if token.type == "heading_open":
            found.append(_heading(text, own, int(token.tag[1])))
        elif token.type == "paragraph_open":
            found.extend(_paragraphs(text, own))
        else:
            found.extend(_lines_as_one(text, own, fenced=token.type == "fence"))
    kept = [block for block in found if has_content(text[block.start : block.end])]
    return tuple(_with_title_and_byline(text, kept))


def _heading(text: str, own: list[Span], level: int) -> Block:
    first = own[0]
    hashes = _HASHES.match(text, first.start, first.end)
    if hashes is None:
        # Underlined: the last line is the rule.
        span = language.strip(text, first.start, own[-2].end if len(own) > 1 else first.end)
        return Block(span.start, span.end, "heading", level)
    shown = text[hashes.end() : first.end].rstrip()
    bare = shown.rstrip("#")
    # Hashes that close a heading have a blank in front of them.
    closed = bare if bare.endswith((" ", "\t")) else shown
    span = language.strip(text, hashes.end(), hashes.end() + len(closed))
    return Block(span.start, span.end, "heading", level)


def _paragraphs(text: str, own: list[Span]) -> list[Block]:
    """Return one block a line if each line ends a sentence, else one block for them all."""
    bare = [_bare(text, line) for line in own]
    shown = [span for span in bare if span.start < span.end]
    if not shown:
        return []
    if all(language.ends_sentence(span.of(text)) for span in shown):
        return [Block(span.start, span.end) for span in shown]
    return [
        Block(span.start, span.end) for span in units(text, [Span(shown[0].start, shown[-1].end)])
    ]


def _bare(text: str, line: Span) -> Span:
    marker = _MARKERS.match(text, line.start, line.end)
    start = marker.end() if marker else line.start
    return language.strip(text, start, line.end)


def _lines_as_one(text: str, own: list[Span], *, fenced: bool) -> list[Block]:
    inner = own
    if fenced:
        closed = len(own) > 1 and _FENCE.fullmatch(own[-1].of(text)) is not None
        inner = own[1:-1] if closed else own[1:]
    if not inner:
        return []
    span = language.strip(text, inner[0].start, inner[-1].end)
    if span.start == span.end or _TABLE_RULE.fullmatch(span.of(text)):
        return []
    return [Block(span.start, span.end)]


def _with_title_and_byline(text: str, found: list[Block]) -> list[Block]:
    """Mark the title, and the line of date and source right after it."""
    if not found or found[0].kind != "heading" or found[0].level != 1:
        return found
    title, *rest = found
    head = [Block(title.start, title.end, "title")]
    while rest and rest[0].kind == "text":
        block = rest[0]
        start, end = block.start, block.end
        emphasis = _EMPHASIS.fullmatch(text, start, end)
        if emphasis:
            start, end = emphasis.span(2)
        if not is_byline(text[start:end]):
            break
        head.append(Block(start, end, "byline"))
        rest = rest[1:]
    return head + rest
