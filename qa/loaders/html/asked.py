"""Pages of a question and its answers: who answers, and when, is no part of either."""

import re
from itertools import islice

from qa.loaders.html.prose import is_sentence, text_in
from qa.loaders.markup import Element, is_unseen, local_name
from qa.text import BLANKS

__all__ = ["hide_answerers"]

_LABEL = re.compile(
    r"(?:医生|律师|专家|老师|网友|用户|全部|最佳|精选|其他|\d+\s*[个条位])*(?:的)?(?:回答|回复|解答|答案)"
    r"\s*[（(]?\s*\d*\s*[个条]?\s*[）)]?|追问|追答|[✓✔]?\s*(?:已|被)*采纳|最佳答案"
)
_STAMP = re.compile(
    r"(?:(?:回答|回复|提问|发布|编辑|追问|追答)(?:于|时间)?\s*[:：]?\s*)?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
_WORDS = frozenset("a b strong em code td th li dt dd".split())
# What a box says of whoever answers.
_PROFILE = re.compile(
    "擅长|认证|医师|律师|教授|专家|工程师|粉丝|获赞|声望|采纳率|回答数|回答了|帮助.{0,3}人|头衔|等级"
)
_NOT_PROFILE = frozenset("figcaption figure li table h1 h2 h3 h4 h5 h6 pre p blockquote".split())
_LONGEST_LABEL = 16
_LONGEST_STAMP = 32
_LONGEST_PROFILE = 160
_MOST_PIECES = 400
_SEVERAL = 2


def hide_answerers(body: Element) -> None:
    """Hide the names, titles and times of those who answer on a page of answers, in place."""
    lines = [one for one in body.iter() if _is_line(one)]
    labels = [one for one in lines if _says(one, _LABEL, _LONGEST_LABEL)]
    boxes = [one for one in body.iter() if _is_profile(one)] if labels else []
    alike: dict[str, list[Element]] = {}
    for box in boxes:
        alike.setdefault(box.get("class", ""), []).append(box)
    several = [one for same in alike.values() if len(same) >= _SEVERAL for one in same]
    if not several:
        return
    stamps = [one for one in lines if one.get("class") and _says(one, _STAMP, _LONGEST_STAMP)]
    for element in (*several, *stamps, *labels):
        element.set("hidden", "")


def _is_line(element: Element) -> bool:
    """Tell whether an element holds nothing but a text that is no word of another."""
    name = local_name(element)
    if len(element) or is_unseen(name, element) or name in _WORDS:
        return False
    parent = element.getparent()
    before = "" if parent is None else parent.text or ""
    return not (before.strip(BLANKS) or (element.tail or "").strip(BLANKS))


def _says(element: Element, words: re.Pattern[str], longest: int) -> bool:
    text = (element.text or "").strip(BLANKS)
    return len(text) <= longest and words.fullmatch(text) is not None


def _is_profile(element: Element) -> bool:
    """Tell whether an element tells of a person, in no sentence, and what it says stands below."""
    below = element.getnext()
    name = local_name(element)
    if not name or not element.get("class") or below is None or name in _NOT_PROFILE:
        return False
    whole = text_in(element, _MOST_PIECES)
    is_short = 0 < len(whole) <= _LONGEST_PROFILE
    if not is_short or _PROFILE.search(whole) is None or next(element.iter("a"), None) is None:
        return False
    return not _is_told(element) and _is_told(below)


def _is_told(element: Element) -> bool:
    inside = (
        text_in(one, _MOST_PIECES)
        for one in islice(element.iter(), _MOST_PIECES)
        if local_name(one)
    )
    return any(map(is_sentence, inside))
