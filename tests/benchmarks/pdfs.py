"""How much of what a PDF says is read, in order, beside other libraries.

``PYTHONPATH=. python tests/benchmarks/pdfs.py`` compares with those that are installed
(``pip install pdfplumber pymupdf4llm``).
"""

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from qa.errors import DocumentError
from qa.loaders import pdf
from support.made_pdfs import PDFS
from support.originals import FOLDER, original

_GRAM = 8
_LETTERS = re.compile(r"\w")
_SAVED = {
    "chromium": "greenhouse",
    "libreoffice": "night-market",
    "typst-columns": "greenhouse",
}


def ours(path: Path) -> str:
    try:
        (content,) = pdf.read(path.read_bytes(), path.name)
    except DocumentError as error:
        print(f"  {error}")
        return ""
    return content.text


def pypdfium2(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def pymupdf4llm(path: Path) -> str:
    import pymupdf4llm

    return pymupdf4llm.to_markdown(str(path), use_ocr=False)


def found_and_belonging(paragraphs: Sequence[str], text: str) -> tuple[float, float]:
    """Return the share of what is said that was read, and of what was read that is said.

    Counted are eight characters in a row, so that lines in a wrong order cost.
    """
    wanted, got = _grams("".join(paragraphs)), _grams(text)
    shared = (wanted & got).total()
    return shared / max(wanted.total(), 1), shared / max(got.total(), 1)


def _grams(text: str) -> Counter[str]:
    letters = "".join(_LETTERS.findall(text))
    return Counter(letters[place : place + _GRAM] for place in range(len(letters) - _GRAM + 1))


def main() -> None:
    readers: dict[str, Callable[[Path], str]] = {"ours": ours}
    for reader in (pypdfium2, pdfplumber, pymupdf4llm):
        if importlib.util.find_spec(reader.__name__):
            readers[reader.__name__] = reader
    given = [(one.path, one.paragraphs) for one in PDFS]
    for name, story in _SAVED.items():
        given.append((FOLDER / f"{name}.pdf", [text for _, text in original(story)]))
    print(f"{'':26}" + "".join(f"{name:>18}" for name in readers))
    for path, paragraphs in given:
        row = [found_and_belonging(paragraphs, read(path)) for read in readers.values()]
        print(f"{path.stem:26}" + "".join(f"{a:10.2f} {b:7.2f}" for a, b in row))


if __name__ == "__main__":
    main()
