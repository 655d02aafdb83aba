"""What a page puts beside its text for its reader's way: tables of contents, numbers of lines."""

import re
from collections.abc import Sequence
from itertools import islice

from qa.loaders.content import Part
from qa.loaders.markup import Element, Found, local_name
from qa.text import fold

__all__ = ["hide_code_tools", "without_contents"]

_LABEL = re.compile(
    r"[【\[]?(?:文章|本文|内容|页面|章节|全文|本页)?(?:目录|目錄|目次|大纲|导览|导航)[】\]]?[:：]?"
    r"\s*[\[(（]?(?:隐藏|显示|展开|收起|hide|show)?[\])）]?"
    r"|(?:table of )?contents|on this page",
)
_ORDINAL = re.compile(
    r"^(?>(?:第?[\d.]+[章节、.．)）]?|第?[一二三四五六七八九十]+[章节、.．)）]|[（(][\d一二三四五六七八九十]+[)）]"
    r"|[\s▪•·])+)"
)
_SIGN = re.compile(r"[\W_]+")
_MOST_TITLES = 3
_COVERED = 0.8
_ENOUGH_REPEATED = 0.6
_FEWEST = 2
_MOST_LINKS = 200
_FEWEST_NUMBERS = 3
_MOST_NUMBERS = 10_000
_LONGEST_BUTTON = 12
_BUTTON = re.compile(
    r"(?:登录|登陆|登錄|点击|一键)?(?:后|即可)?(?:复制|複製)(?:代码|代碼|成功)?"
    r"|copy(?: code)?|copied!?|(?:运行|展开|收起|折叠|查看)(?:代码|全部)?"
)
_BUTTON_TAGS = frozenset("div a p label".split())
_BUTTON_NAME = re.compile("button|btn|copy|tool", re.IGNORECASE)
_TAGS_BESIDE = frozenset("ul ol pre div td span p a".split())


def hide_code_tools(body: Element) -> None:
    """Hide the buttons in code and the numbers of its lines beside it, in place."""
    codes = [one for one in body.iter() if local_name(one) == "pre"]
    for code in codes:
        for inside in code.iter():
            is_named = _BUTTON_NAME.search(inside.get("class", "")) is not None
            if (is_named or local_name(inside) in _BUTTON_TAGS) and _is_button(inside):
                inside.set("hidden", "")
        for beside in _beside(code):
            if local_name(beside) in _TAGS_BESIDE and (_counts(beside) or _is_button(beside)):
                beside.set("hidden", "")


def _is_button(element: Element) -> bool:
    text = fold("".join(islice(element.itertext(), _LONGEST_BUTTON))).strip()
    return _BUTTON.fullmatch(text) is not None


def _beside(code: Element) -> list[Element]:
    """Return the elements next to code, or to the cell or box that it is in."""
    around = [code, *islice(code.iterancestors(), 2)]
    found = [one for up in around for one in (up.getprevious(), up.getnext()) if one is not None]
    return [*found, *(one for one in code if _counts(one))]


def _counts(element: Element) -> bool:
    """Tell whether an element holds nothing but the numbers from 1 on."""
    words: list[str] = []
    for text in element.itertext():
        words += text.split()
        if len(words) > _MOST_NUMBERS or words[:1] not in ([], ["1"]):
            return False
    return len(words) >= _FEWEST_NUMBERS and words == [str(n + 1) for n in range(len(words))]


def without_contents(found: Sequence[Found]) -> list[Found]:
    """Return the parts without lists that only repeat headings of the page."""
    table = _Table([one.part for one in found if one.part.kind == "heading"])
    kept: list[Found] = []
    place = 0
    while place < len(found):
        is_called = bool(kept) and _is_label(kept[-1])
        end = table.end(found, place, is_called=is_called)
        if end == place:
            kept.append(found[place])
            end += 1
        elif is_called:
            kept.pop()
        place = end
    return kept


def _is_label(one: Found) -> bool:
    return _LABEL.fullmatch(fold(one.part.text).strip()) is not None


class _Table:
    """What the lines of a table of contents may say on a page with certain headings."""

    def __init__(self, headings: Sequence[Part]) -> None:
        self._headings = {_name(one.text) for one in headings}
        # A page may put its title before each heading, and not in the table.
        titles = {_name(one.text) for one in headings[:_MOST_TITLES] if one.level == 1}
        self._said = self._headings | {
            name.removeprefix(title) for title in titles for name in self._headings
        }
        self._links: dict[Element, list[str]] = {}

    def end(self, found: Sequence[Found], start: int, *, is_called: bool) -> int:
        """Return where a table of contents ends that begins at ``start``."""
        end, names, repeated = start, 0, 0
        while end < len(found) and found[end].part.kind != "heading":
            own = self._names(found[end])
            same = sum(name in self._said for name in own)
            text = _name(found[end].part.text)
            if not own and is_called and text in self._headings:
                own, same = [text], 1
            if not own:
                break
            names, repeated, end = names + len(own), repeated + same, end + 1
        is_enough = repeated >= _ENOUGH_REPEATED * names or (is_called and repeated)
        return end if names >= _FEWEST and is_enough else start

    def _names(self, one: Found) -> list[str]:
        """Return what the links into the page are called if a part is nothing else."""
        if local_name(one.element) == "pre":
            return []
        if one.element not in self._links:
            links = islice(filter(_is_inside, one.element.iter("a")), _MOST_LINKS)
            self._links[one.element] = [_name("".join(link.itertext())) for link in links]
        text = _name(one.part.text)
        # An item of a list also holds the lists in it, which are parts of their own.
        names = [name for name in self._links[one.element] if name and name in text]
        is_linked = _COVERED * len(text) <= sum(map(len, names)) <= len(text)
        return names if is_linked else []


def _is_inside(link: Element) -> bool:
    """Tell whether a link leads to a place in the same page; a bare # is a button."""
    target: str = link.get("href", "")
    return target.startswith("#") and len(target) > 1


def _name(text: str) -> str:
    """Return a heading's words without its number."""
    return _SIGN.sub("", _ORDINAL.sub("", fold(text).strip()))
