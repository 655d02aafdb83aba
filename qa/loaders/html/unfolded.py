"""Answers and sections that a page shows once its reader asks for them."""

import re
from collections.abc import Iterator
from itertools import islice

from qa.loaders.html.prose import is_sentence, text_in
from qa.loaders.html.sections import is_site_label
from qa.loaders.markup import Element, is_unseen, local_name
from qa.text import has_content

__all__ = ["unfold"]

_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "href")
_APART = frozenset("nav header footer form dialog menu aside".split())
_APART_ROLES = frozenset(
    "dialog alertdialog menu menubar navigation search listbox tooltip banner contentinfo".split()
)
_NEVER_SHOWN = frozenset("script style template noscript".split())
_UNSEEN = re.compile(r"display\s*:\s*none\s*(?:!important)?\s*;?", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]\s*$")
# What is on a button that names nothing.
_BUTTON = re.compile(
    r"[\W_]*(?:点击|点此)?(?:展开|查看|显示|阅读|了解|收起|更多|全部|全文|详情|菜单|目录|搜索)"
    r"(?:更多|全部|全文|详情|内容|剩余|其余)*[\W_]*|[\W_]*(?:show|read|see|view|toggle|expand|load)?"
    r"\s*(?:more|all|menu|details|navigation)?[\W_]*",
    re.IGNORECASE,
)
_LONGEST_NAME = 120
_MOST_PIECES = 60
_MOST_ELEMENTS = 200
_HALF = 0.5
_FEWEST_ALIKE = 2
_TITLES = frozenset("h1 h2 h3 h4 h5 h6 dt button summary".split())


def unfold(body: Element) -> None:
    """Show the texts that a button opens, and what names them on the button, in place.

    A dialog, a menu and what only leads elsewhere stay as they are.
    """
    named = {one.get("id"): one for one in body.iter() if local_name(one) and one.get("id")}
    told: dict[Element, bool] = {}
    for control in [one for one in body.iter() if local_name(one)]:
        target = _opened(control, named)
        if target is None or is_site_label(text_in(control, _MOST_PIECES)):
            continue
        if target not in told:
            told[target] = _is_told(target)
        if told[target]:
            _show(target)
            _name(control)
    for hidden in list(_answers(body)):
        _show(hidden)


def _opened(control: Element, named: dict[str, Element]) -> Element | None:
    """Return what a button opens."""
    for attribute in _CONTROLS:
        value = control.get(attribute, "").strip()
        if attribute == "href" and not value.startswith("#"):
            continue
        if (target := named.get(value.removeprefix("#"))) is not None:
            is_button = control.get("aria-expanded") is not None or _is_hidden(target)
            return target if is_button and target not in control.iterancestors() else None
    if local_name(control) != "button" or not _QUESTION.search(text_in(control, _MOST_PIECES)):
        return None
    # Nothing but its place tells what it opens.
    heading = control.getparent()
    is_alone = heading is not None and local_name(heading) in _TITLES and len(heading) == 1
    below: Element | None = (heading if is_alone else control).getnext()
    return below


def _is_told(target: Element) -> bool:
    """Tell whether an element holds sentences, and not mostly links."""
    if local_name(target) in _NEVER_SHOWN or _is_apart(target):
        return False
    inside = [one for one in islice(target.iter(), _MOST_ELEMENTS) if local_name(one)]
    linked = sum(len(text_in(one, _MOST_PIECES)) for one in inside if local_name(one) == "a")
    whole = sum(len((one.text or "").strip() + (one.tail or "").strip()) for one in inside)
    is_linked = linked > _HALF * whole
    return not is_linked and any(is_sentence(text_in(one, _MOST_PIECES)) for one in inside)


def _is_apart(element: Element) -> bool:
    """Tell whether an element is the site's, or shown for itself."""
    return any(
        local_name(up) in _APART or up.get("role", "").lower() in _APART_ROLES
        for up in (element, *element.iterancestors())
    )


def _answers(body: Element) -> Iterator[Element]:
    """Yield hidden elements that stand below a question or a title, several alike."""
    alike: dict[tuple[str, str], list[Element]] = {}
    for element in body.iter():
        before = element.getprevious()
        if before is None or not _is_hidden(element) or local_name(element) in _NEVER_SHOWN:
            continue
        is_title = local_name(before) in _TITLES or _QUESTION.search(text_in(before, _MOST_PIECES))
        if is_title and not is_unseen(local_name(before), before) and _is_told(element):
            alike.setdefault((local_name(element), element.get("class", "")), []).append(element)
    for elements in alike.values():
        if len(elements) >= _FEWEST_ALIKE:
            yield from elements


def _is_hidden(element: Element) -> bool:
    style = element.get("style", "")
    return element.get("hidden") is not None or _UNSEEN.search(style) is not None


def _show(element: Element) -> None:
    element.attrib.pop("hidden", None)
    if "style" in element.attrib:
        element.set("style", _UNSEEN.sub("", element.get("style")))


def _name(control: Element) -> None:
    """Make the text on a button the name of what it opens, unless it names nothing."""
    text = text_in(control, _MOST_PIECES)
    target = control.get("href", "#").strip().lower()
    leads = local_name(control) == "a" and not target.startswith(("#", "javascript:"))
    is_tab = control.get("role", "").lower() == "tab"
    is_button = local_name(control) in ("a", "button") and not (leads or is_tab)
    is_named = has_content(text) and len(text) <= _LONGEST_NAME and not _BUTTON.fullmatch(text)
    if is_button and is_named and not _is_apart(control):
        control.tag = "summary"
