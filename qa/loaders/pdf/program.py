"""The program that takes the parts out of one PDF: bytes on its input, JSON on its output.

It writes ``{"parts": [[text, kind, level, page], …]}`` or ``{"problem": why}``.
"""

import contextlib
import json
import sys
from dataclasses import astuple
from typing import Any

from qa.loaders.limits import MAX_PAGES, MAX_PDF_MEMORY
from qa.loaders.pdf.layout import parts_of_pages
from qa.loaders.pdf.runs import Page, read_page

__all__ = ["main"]

_PASSWORD_ERROR = 4
_UNREADABLE_SHARE = 0.3
_SCANNED = (
    "its pages are pictures without text (a scan); run text recognition (OCR) on it and "
    "load the result"
)
_UNMAPPED = (
    "its fonts do not say which characters they show; open it in a browser, print it to a new "
    "PDF, or run text recognition (OCR) on it"
)


def main() -> None:
    """Read a PDF from standard input."""
    _limit_memory()
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


def _limit_memory() -> None:
    # Not every system can limit a process.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_PDF_MEMORY, MAX_PDF_MEMORY))


def _read(data: bytes) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            return {"problem": "it is encrypted; save it without a password"}
        return {"problem": f"it is no whole PDF ({error}); print it to a new PDF and try again"}
    if len(document) > MAX_PAGES:
        return {"problem": f"it has {len(document):,} pages, at most {MAX_PAGES:,} are read"}
    pages: list[Page] = []
    for number in range(len(document)):
        # One broken page must not cost the others.
        with contextlib.suppress(pypdfium2.PdfiumError):
            pages += read_page(document, number)
    characters = sum(page.characters for page in pages)
    if not characters:
        has_pictures = any(page.has_pictures for page in pages)
        return {"problem": _SCANNED if has_pictures else "there is no text in it"}
    if sum(page.unreadable for page in pages) > _UNREADABLE_SHARE * characters:
        return {"problem": _UNMAPPED}
    return {"parts": [astuple(part) for part in parts_of_pages(pages)]}


if __name__ == "__main__":
    main()
