"""Plain text: which lines are paragraphs, the title, the byline and headings."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from qa import text as language
from qa.loaders.furniture import is_navigation, is_ordinal
from qa.text import ends_sentence, fold, has_content
from qa.types import Block, Span

__all__ = ["blocks", "could_be_title", "is_byline", "is_heading", "is_item", "is_label", "units"]

_LONGEST_TITLE = 80
_LONGEST_HEADING = 40
_LONGEST_BYLINE = 90
_TOP_UNITS = 6
_WRAP_COLUMNS = (40, 130)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(
    r"\d{4}\s*(?:年|[-/.])\s*\d{1,2}\s*(?:月|[-/.])\s*\d{1,2}"
    rf"|{_MONTH}[a-z]*\.? \d{{1,2}},? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}[a-z]*\.?,? \d{{4}}"
)
_CREDIT = re.compile(
    r"(?:来源|作者|记者|编辑|文|撰文|发布时间|发表于|时间|by|source|author)\s*[:：/|]"
)
_BY_NAMES = re.compile(
    r"(?i:(?:written |reported |text )?by) (?:(?i:the) )?[A-Z][\w.’'-]*"
    r"(?:(?:,? and |, ?| & | )(?:(?:de|van|von|da|of|for|the) )?[A-Z][\w.’'-]*)*"
)
_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]+[章节部分篇]+|[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|\d{1,2}[、.．])\s*\S"
)
_LABEL = re.compile(r"[^\s：:，,]{1,10}[：:]\s*\S")
_INDENT = re.compile(r"\u3000+|\t| {2,}")


def blocks(text: str) -> tuple[Block, ...]:
    """Return the title, byline, headings and paragraphs of ``text``, in order.

    Blank lines, doubled titles, bare section numbers and navigation lines belong to no block.
    """
    found = _without_navigation(text, units(text, language.lines(text)))
    head, body = _head(text, found)
    return (*head, *_body(text, body))


def units(text: str, line_spans: list[Span]) -> list[Span]:
    """Return the units that stand apart in the given lines: paragraphs and single lines.

    A line is a unit of its own, unless the text is hard-wrapped (lines of about the same
    width that end in mid-sentence): then the lines up to a blank or an indented one are.
    """
    wrapped = _is_wrapped(text, line_spans)
    found: list[Span] = []
    for own in _runs(text, line_spans):
        joined = wrapped or _is_wrapped_prose(text, own)
        for place, (line, span) in enumerate(own):
            if joined and place and not _INDENT.match(text, line.start):
                found[-1] = Span(found[-1].start, span.end)
            else:
                found.append(span)
    return [span for span in found if has_content(span.of(text))]


def _runs(text: str, line_spans: list[Span]) -> Iterator[list[tuple[Span, Span]]]:
    """Yield the lines between two blank ones, each whole and without its outer blanks."""
    own: list[tuple[Span, Span]] = []
    for line in line_spans:
        span = language.strip(text, line.start, line.end)
        if span.start < span.end:
            own.append((line, span))
        elif own:
            yield own
            own = []
    if own:
        yield own


def _is_wrapped_prose(text: str, own: list[tuple[Span, Span]]) -> bool:
    """Tell whether lines are wrapped between words, which Chinese does not put blanks between."""
    shown = [span for _, span in own]
    return all(text[span.end - 1].isascii() for span in shown[:-1]) and _is_wrapped(text, shown)


def _is_wrapped(text: str, line_spans: list[Span]) -> bool:
    shown = [language.strip(text, line.start, line.end).of(text) for line in line_spans]
    widths = [_columns(line) for line in shown]
    widest = max(widths, default=0)
    if not _WRAP_COLUMNS[0] <= widest <= _WRAP_COLUMNS[1]:
        return False
    followed = [place for place in range(len(shown) - 1) if shown[place] and shown[place + 1]]
    broken = [
        place
        for place in followed
        if widths[place] >= 0.8 * widest and not ends_sentence(shown[place])
    ]
    return len(broken) >= 2 and len(broken) >= 0.6 * len(followed)


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _without_navigation(text: str, found: list[Span]) -> list[Span]:
    start, end = 0, len(found)
    while end > start and is_navigation(found[end - 1].of(text)):
        end -= 1
    while start < end and is_navigation(found[start].of(text)):
        start += 1
    # A page of nothing but such lines is what its owner wanted to be asked about.
    return found[start:end] or found


def _head(text: str, found: list[Span]) -> tuple[list[Block], list[Span]]:
    """Return the blocks of title and byline, and the units after them."""
    top = [span.of(text) for span in found[:_TOP_UNITS]]
    if len(found) < 2 or not could_be_title(top):
        return [], found
    title = found[0]
    rest = 1
    while rest < len(top) and fold(top[rest]) == fold(top[0]):
        title, rest = found[rest], rest + 1
    head = [Block(title.start, title.end, "title")]
    while rest < len(found) and is_byline(found[rest].of(text)):
        head.append(Block(found[rest].start, found[rest].end, "byline"))
        rest += 1
    return head, found[rest:]


def could_be_title(top: Sequence[str]) -> bool:
    """Tell whether the first of at least two units is the title of what follows."""
    first, following = top[0], top[1:]
    if len(first) > _LONGEST_TITLE or "\n" in first or is_byline(first) or is_ordinal(first):
        return False
    if fold(following[0]) == fold(first) or is_byline(following[0]):
        return True
    return (
        not ends_sentence(first)
        and "；" not in first
        and any(ends_sentence(line) and len(line) > len(first) for line in following)
    )


def is_byline(line: str) -> bool:
    """Tell whether a line names date, source or author of an article, and nothing else."""
    folded = fold(line)
    if len(line) > _LONGEST_BYLINE or line.rstrip().endswith(tuple(language.TERMINATORS)):
        return False
    dated = _DATE.search(folded)
    if dated:
        return len(folded) - len(dated.group()) <= 40 and "，" not in line
    if _BY_NAMES.fullmatch(line.strip()):
        return True
    return _CREDIT.match(folded) is not None and len(line) <= 40


def _body(text: str, found: list[Span]) -> list[Block]:
    shown = [span.of(text) for span in found]
    result: list[Block] = []
    after_ordinal = False
    for place, span in enumerate(found):
        following = shown[place + 1] if place + 1 < len(found) else ""
        if is_ordinal(shown[place]) and _is_short(following):
            after_ordinal = True
            continue
        previous = result[-1] if result else None
        is_after = (
            previous is not None
            and previous.kind == "text"
            and is_item(text[previous.start : previous.end])
        )
        if after_ordinal or is_heading(shown[place], following, after=is_after):
            result.append(Block(span.start, span.end, "heading", 1))
        else:
            result.append(Block(span.start, span.end))
        after_ordinal = False
    return result


def _is_short(line: str) -> bool:
    return 0 < len(line) <= _LONGEST_HEADING and not ends_sentence(line)


def is_item(line: str) -> bool:
    """Tell whether a line could be one of a list of short ones, which no heading stands in."""
    last = line.rstrip(language.BLANKS).rstrip(language.CLOSERS)[-1:]
    return 0 < len(line) <= _LONGEST_HEADING and last not in language.TERMINATORS


def is_label(line: str) -> bool:
    """Tell whether a line says something under its name (``主讲人：方远山``)."""
    return _LABEL.match(line) is not None and _NUMBERED.match(line) is None


def is_heading(line: str, following: str, *, after: bool = False) -> bool:
    """Tell whether a short line without a full stop stands above a real paragraph.

    ``after`` tells that it comes after another short line, as the items of a list do.
    """
    # A row of a table has signs that no heading has.
    if not _is_short(line) or not has_content(line) or is_label(line):
        return False
    if line[-1] in ",，、;" or "；" in line:
        return False
    above_paragraph = len(following) > len(line) and ends_sentence(following)
    if _NUMBERED.match(line):
        return above_paragraph
    return above_paragraph and len(following) > 40 and not after
