"""The text of a page that stands where a browser shows it only later, or not at all.

In ``<noscript>``, hidden until a program shows it, declared as ``articleBody``, in the state
that a program starts from, in a frame. What is in no form that can be read is named.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from qa.loaders.content import Part
from qa.loaders.furniture import is_navigation
from qa.loaders.markup import Element, parse
from qa.loaders.plain import is_byline
from qa.loaders.records import TEXTS, TITLES
from qa.text import ends_sentence, fold, has_content

__all__ = ["elsewhere", "problem_of", "prose_length"]

_LITTLE = 200
"""Characters of prose with which a page may have its text elsewhere."""
_SHORTEST_PROSE = 10
_MOST_STATES = 60
_MOST_FRAMES = 8
_MOST_VALUES = 200_000
_LARGE_SCRIPT = 2_000
_SMALL_SHARE = 0.3
_STATE = re.compile(r"(?:=|\bpush\(|\bparse\()\s*(?=[{\[\"])")
_UNDEFINED = re.compile(r"(?<=[:,\[])\s*(?:undefined|NaN)(?=\s*[,}\]])")
# What a page says while, or because, its program does not run.
_NOTICE = re.compile(
    r"java\s?script|(?:升级|更换|不支持|版本过低).{0,12}浏览器|浏览器.{0,12}(?:升级|更换|不支持|版本过低)"
    r"|(?:正在|努力)?(?:加载|载入|載入)中|正在(?:加载|载入|載入)|^loading",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 100
_TAG = re.compile(r"<(?:p|br|div|section|span|h[1-6]|li)\b", re.IGNORECASE)
_TEXT_KEYS = frozenset(TEXTS) | {"articlebody", "html", "contenthtml", "content_html", "bodyhtml"}
_FRAMES = (
    "its text is in frames, which are pages of their own ({names}); open the frame by itself in a "
    "browser and save that page"
)
_ONLY_TITLE = (
    "no more than a title and menu words was found in it; its text may be loaded by the page's "
    "program, or be a picture: open it in a browser and save it from there as a complete page, or "
    "copy the text into a .txt file"
)
_SMALL_PART = (
    "only {read:,} of the {seen:,} characters that it shows were taken for the article; if "
    "something is missing, copy the text into a .txt file"
)


def prose_length(parts: Iterable[Part]) -> int:
    """Return the characters of the parts that are text and not the words of a menu."""
    return sum(len(part.text) for part in parts if _is_prose(part))


def _is_prose(part: Part) -> bool:
    return (
        part.kind == "text"
        and has_content(part.text)
        and not is_navigation(part.text)
        and not is_byline(part.text)
        and not (len(part.text) < _LONGEST_NOTICE and _NOTICE.search(part.text))
    )


def elsewhere(text: str, root: Element, source: str, length: int) -> Iterator[Element]:
    """Yield other bodies of a page of which ``length`` characters of prose were found."""
    for value in _declared(root):
        if body := _longest(value, frozenset(["articlebody"])):
            yield _body(*body, source)
    if length >= _LITTLE:
        return
    yield _revealed(text, source)
    framed = (one.get("srcdoc") for one in root.iter("iframe") if one.get("srcdoc"))
    for inner in islice(framed, _MOST_FRAMES):
        page = parse(inner, source)
        yield next(page.iter("body"), page)
    for value in _states(root):
        body = _longest(value, _TEXT_KEYS)
        if body and (length < _SHORTEST_PROSE or _is_titled(body[0], root)):
            yield _body(*body, source)


def _is_titled(title: str, root: Element) -> bool:
    shown = fold(" ".join("".join(one.itertext()) for one in root.iter("title", "h1")))
    return bool(title) and fold(title) in shown


def _revealed(text: str, source: str) -> Element:
    """Return the body with what is shown without a program, or by it later."""
    root = parse(text, source)
    for element in list(root.iter("noscript")):
        element.tag = "div"
    for element in root.iter():
        for name in ("style", "hidden"):
            element.attrib.pop(name, None)
    return next(root.iter("body"), root)


def _body(title: str, text: str, source: str) -> Element:
    """Return a body of a title and a text, which may be plain or HTML."""
    lines = (f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    inner = text if _TAG.search(text) else "".join(lines)
    root = parse(f"<body><h1>{html.escape(title)}</h1><div>{inner}</div>", source)
    return next(root.iter("body"), root)


def _declared(root: Element) -> Iterator[Any]:
    """Yield what a page declares of itself to programs."""
    declared = (one for one in root.iter("script") if "ld+json" in one.get("type", "").lower())
    for script in islice(declared, _MOST_STATES):
        yield from _loaded(script.text or "")


def _states(root: Element) -> Iterator[Any]:
    """Yield the values that the programs of a page start from."""
    left = _MOST_STATES
    for script in root.iter("script"):
        code, kind = script.text or "", script.get("type", "").lower()
        is_value = "json" in kind
        if "ld+json" in kind:
            continue
        code = code.lstrip() if is_value else _UNDEFINED.sub("null", code)
        places = [0] if is_value else (match.end() for match in _STATE.finditer(code))
        for place in places:
            if not left:
                return
            left -= 1
            yield from _loaded(code, place)


def _loaded(code: str, start: int = 0) -> Iterator[Any]:
    """Yield the value that stands in a code, if it is JSON or a string of JSON."""
    decoder = json.JSONDecoder(strict=False)
    try:
        value, _ = decoder.raw_decode(code if start else code.lstrip(), start)
        if isinstance(value, str) and value[:1] in ("{", "["):
            value = decoder.decode(value)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict | list):
        yield value


def _longest(value: Any, keys: frozenset[str]) -> tuple[str, str] | None:  # noqa: ANN401 - any JSON
    """Return title and text of the record with the longest text under one of the keys."""
    best: tuple[str, str] | None = None
    for record in _records(value):
        named = {key.lower(): inside for key, inside in record.items()}
        title = next((named[key] for key in TITLES if isinstance(named.get(key), str)), "")
        for key in keys & named.keys():
            text = _as_text(named[key])
            if len(text) > max(len(best[1]) if best else 0, _SHORTEST_PROSE):
                best = title, text
    return best


def _records(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    waiting = [value]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _as_text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a text, or the paragraphs of a list of texts or of records with a text."""
    if isinstance(value, str):
        return value if ends_sentence(value) or _TAG.search(value) else ""
    if not isinstance(value, list):
        return ""
    lines = [_text_in(one) for one in value]
    return "\n".join(filter(None, lines)) if any(map(ends_sentence, lines)) else ""


def _text_in(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        texts = (inside for key, inside in value.items() if key.lower() in _TEXT_KEYS)
        return next((text for text in texts if isinstance(text, str)), "")
    return ""


def problem_of(root: Element, parts: Sequence[Part], seen: int) -> str:
    """Return what is missing of a page and what to do, "" if nothing is known to be."""
    read = prose_length(parts)
    has_sentence = any(_is_prose(part) and ends_sentence(part.text) for part in parts)
    if not has_sentence and read < _LITTLE:
        names = [one.get("src", "") for one in root.iter("frame", "iframe") if one.get("src")]
        if names:
            return _FRAMES.format(names=", ".join(name[:80] for name in names[:3]))
        scripts = sum(len(one.text or "") for one in root.iter("script"))
        if not read or (scripts > _LARGE_SCRIPT and read < _LITTLE // 4):
            return _ONLY_TITLE
    if seen > _LITTLE and read < _SMALL_SHARE * seen:
        return _SMALL_PART.format(read=read, seen=seen)
    return ""
