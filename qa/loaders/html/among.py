"""Parts of an article that have a name as the site's own have: notes, sections, boxes."""

import re
from itertools import islice

from qa.loaders.html.phrases import is_closing
from qa.loaders.html.prose import is_sentence, text_in
from qa.loaders.html.sections import is_site_label
from qa.loaders.markup import Element, local_name

__all__ = ["is_among_paragraphs"]

_NOTE = re.compile(
    r"(?:^|[\s_-])(?:note|notes|callout|tip|tips|hint|warning|caution|admonition|pull-?quote|quote|"
    r"definition|example|explainer|infobox|factbox)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What is sold, and what readers wrote.
_SITES = re.compile(
    r"(?:^|[\s_-])(?i:ads?|adbox|advert\w*|sponsor\w*|promo\w*|guanggao|banner|newsletter|subscri\w*|"
    r"comments?|cmts?|reviews?|repl(?:y|ies)|huifu|gentie|pinglun)(?:$|[\s_-])|"
    r"[a-z](?:Ad|Ads|Comments?|Reviews?)(?:$|[\s_A-Z-])",
)
_LEADING = frozenset("a form input button textarea select iframe img nav".split())
_BESIDE = frozenset("p ul ol dl blockquote pre table section".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_MOST_ELEMENTS = 200
_MOST_PIECES = 60
_FEWEST_SENTENCES = 2


def is_among_paragraphs(element: Element) -> bool:
    """Tell whether an element stands among paragraphs and holds nothing but such, as they do.

    What a site puts there leads elsewhere, or is called what is sold or what readers wrote.
    """
    called = f"{element.get('class', '')} {element.get('id', '')}"
    name = local_name(element)
    is_note = name == "aside" and _NOTE.search(called) is not None
    if _SITES.search(called) or not (is_note or name in ("div", "section")):
        return False
    if not (_is_told(element.getprevious()) and _is_told(element.getnext())):
        return False
    inside = list(islice(element.iter(), _MOST_ELEMENTS + 1))
    if len(inside) > _MOST_ELEMENTS or any(local_name(one) in _LEADING for one in inside):
        return False
    texts = [text_in(one, _MOST_PIECES) for one in inside if not len(one)]
    headings = [text_in(one, _MOST_PIECES) for one in inside if local_name(one) in _HEADINGS]
    told = [text for text in texts if is_sentence(text)]
    is_of_site = any(map(is_site_label, headings)) or any(_is_closing(text) for text in told)
    return not is_of_site and len(told) >= (1 if is_note else _FEWEST_SENTENCES)


def _is_told(beside: Element | None) -> bool:
    """Tell whether an element beside another is a paragraph or holds some, not mostly links."""
    if beside is None or local_name(beside) not in _BESIDE:
        return False
    inside = list(islice(beside.iter(), _MOST_PIECES))
    is_linked = sum(local_name(one) == "a" for one in inside) > len(inside) / 2
    return not is_linked and any(is_sentence(text_in(one, _MOST_PIECES)) for one in inside)


def _is_closing(text: str) -> bool:
    return is_closing(text, frozenset())
