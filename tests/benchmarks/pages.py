"""How much of an article is found on a page, and how much of what is found belongs to it.

``PYTHONPATH=. python tests/benchmarks/pages.py`` compares with the libraries that are installed
(``pip install trafilatura readability-lxml magic-html``; the last one needs Python 3.12).
"""

import importlib.util
import json
import logging
import lzma
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from qa.loaders import html
from support.made_pages import PAGES, UNSEEN, MadePage
from support.more_pages import MORE_PAGES
from support.originals import FOLDER, original

_GRAM = 4
_Extractor = Callable[[str], str]
_LETTERS = re.compile(r"\w")
_SAVED = {
    "portal-gb18030": "night-market",
    "old-table-big5": "old-street",
    "messenger": "greenhouse",
    "pandoc": "greenhouse",
    "libreoffice": "night-market",
}
_SITES = Path(__file__).parents[1] / "data" / "sites.jsonl.xz"
_ROW = re.compile(r"[^：；\n]{1,14}：[^；\n]*(?:；[^：；\n]{1,14}：[^；\n]*)+$", re.MULTILINE)
_ENCODINGS = {"portal-gb18030": "gb18030", "old-table-big5": "big5"}


def ours(page: str) -> str:
    (content,) = html.read(page.encode(), "page.html")
    texts = (block for block in content.blocks if block.kind in ("text", "heading"))
    return "\n".join(content.text[block.start : block.end] for block in texts)


def trafilatura(page: str) -> str:
    from trafilatura import extract

    return extract(page, include_comments=False) or ""


def readability(page: str) -> str:
    from readability import Document

    return _text_of(Document(page).summary())


def magic_html(page: str) -> str:
    from magic_html import GeneralExtractor

    return _text_of(GeneralExtractor().extract(page, base_url="http://x.test/")["html"])


def _text_of(markup: str) -> str:
    from lxml import html as lxml_html

    return "\n".join(lxml_html.fromstring(markup).itertext()) if markup.strip() else ""


def found_and_belonging(page: MadePage, text: str) -> tuple[float, float]:
    """Return the share of the article that was found, and the share of that which belongs.

    Title and byline count neither way: some name them apart, some with the text.
    """
    for line in page.head:
        text = text.replace(line, "\n", 1)
    wanted, got = _grams(_cells("\n".join(page.paragraphs))), _grams(_cells(text))
    shared = (wanted & got).total()
    return shared / max(wanted.total(), 1), shared / got.total() if got else 1.0


def _cells(text: str) -> str:
    """Return a text whose rows with the names of their columns are a row of names and of values."""
    lines: list[str] = []
    names: list[str] = []
    for line in text.split("\n"):
        if not _ROW.match(line):
            names = []
            lines.append(line)
            continue
        pairs = [cell.split("：", 1) for cell in line.split("；")]
        if names != [name for name, _ in pairs]:
            names = [name for name, _ in pairs]
            lines.append(" ".join(names))
        lines.append(" ".join(value for _, value in pairs))
    return "\n".join(lines)


def _grams(text: str) -> Counter[str]:
    letters = "".join(_LETTERS.findall(text))
    return Counter(letters[place : place + _GRAM] for place in range(len(letters) - _GRAM + 1))


def saved() -> list[MadePage]:
    """Return the saved pages of ``tests/data/documents``."""
    pages = []
    for name, story in _SAVED.items():
        data = (FOLDER / f"{name}.html").read_bytes()
        page = data.decode(_ENCODINGS.get(name, "utf-8"), errors="replace")
        # Decoded here, so that all are given the same.
        page = re.sub(r"charset=[\"']?[\w-]+", "charset=utf-8", page)
        head, texts = original(story)[:2], original(story)[2:]
        lines = [text.replace("\t", " ") for _, text in texts]
        pages.append(MadePage(name, page, lines, [text for _, text in head]))
    return pages


def sites() -> dict[str, list[MadePage]]:
    """Return pages as 36 kinds of sites serve them, in sets of 12."""
    sets: dict[str, list[MadePage]] = {}
    with lzma.open(_SITES, "rt", encoding="utf-8") as lines:
        for one in map(json.loads, lines):
            made = MadePage(one["name"], one["html"], one["paragraphs"], one["head"])
            sets.setdefault(one["set"], []).append(made)
    return sets


def main() -> None:
    logging.disable(logging.CRITICAL)
    extractors: dict[str, _Extractor] = {"ours": ours}
    for extractor in (trafilatura, readability, magic_html):
        if importlib.util.find_spec(extractor.__name__):
            extractors[extractor.__name__] = extractor
    sets = {"seen": PAGES, "saved": saved(), "unseen": UNSEEN, "more": MORE_PAGES}
    sets |= sites()
    chosen = sys.argv[1:] or list(sets)
    print(f"{'pages':16}" + "".join(f"{name:>18}" for name in extractors))
    for name in chosen:
        rows = []
        for page in sets[name]:
            values = [found_and_belonging(page, run(page.html)) for run in extractors.values()]
            rows.append(values)
            print(f"  {page.name:14}" + "".join(f"{a:10.3f} {b:7.3f}" for a, b in values))
        means = [
            [sum(one) / len(rows) for one in zip(*column, strict=True)]
            for column in zip(*rows, strict=True)
        ]
        print(f"{name:16}" + "".join(f"{a:10.3f} {b:7.3f}" for a, b in means))
        half = [sum(values[0] < 0.5 for values in column) for column in zip(*rows, strict=True)]
        print(f"{'under half':16}" + "".join(f"{count:18}" for count in half))


if __name__ == "__main__":
    main()
