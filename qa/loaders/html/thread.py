"""The thread of a forum: its first post is the article, short replies below are not."""

import re
from itertools import islice

from qa.loaders.markup import Element, is_unseen, local_name
from qa.text import fold

__all__ = ["hide_replies"]

_NUMBER = re.compile(r"[-_]?\d+$")
_POST = re.compile(
    r"post|message|msg|floor|reply|answer|comment|thread|topic|item|list|tie|lou|pid|content",
    re.IGNORECASE,
)
# What a forum writes on every reply: which one it is.
_FLOOR = re.compile(r"(?:^|[^\d.])\d{1,5}\s*(?:#|楼|樓)|#\d{1,5}(?!\d)|沙发|板凳")
_REPLY = re.compile(
    r"回复|回覆|举报|引用|发表|發表|支持|点赞|只看|\d{4}-\d|\d:\d\d|[天时分]前|昨天"
)
_MOST_PIECES = 2_000
_TIMES_A_REPLY = 2
_SHARE_OF_ALL = 0.3
_SHORTEST_POST = 40


def hide_replies(body: Element) -> None:
    """Hide the replies to a first post that is far longer than each of them, in place.

    Where the replies are long, they may be the rest of a story, or the answer to a question.
    """
    groups: dict[str, list[Element]] = {}
    for element in body.iter():
        if is_unseen(local_name(element), element):
            continue
        for name in _post_names(element):
            groups.setdefault(name, []).append(element)
    for posts in groups.values():
        first, *replies = _apart(posts)
        if not replies:
            continue
        lengths = [_length(one) for one in replies]
        own = _length(first)
        is_long = own >= max(_SHORTEST_POST, _SHARE_OF_ALL * (own + sum(lengths)))
        if is_long and own >= _TIMES_A_REPLY * max(lengths) and all(map(_is_reply, replies)):
            for one in replies:
                one.set("hidden", "")


def _post_names(element: Element) -> list[str]:
    """Return the names that an element may have in common with the other posts."""
    numbered = element.get("id", "")
    names = [f"#{_NUMBER.sub('', numbered)}"] if _NUMBER.search(numbered) else []
    names += [f"{local_name(element)}.{name}" for name in element.get("class", "").split()]
    return [name for name in names if _POST.search(name)]


def _apart(elements: list[Element]) -> list[Element]:
    """Return the elements that are not inside others of them."""
    chosen = set(elements)
    return [one for one in elements if not any(up in chosen for up in one.iterancestors())]


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _is_reply(element: Element) -> bool:
    text = fold(" ".join(islice(element.itertext(), _MOST_PIECES)))
    return _FLOOR.search(text) is not None and _REPLY.search(text) is not None
