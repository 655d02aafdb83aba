"""Coverage-guided fuzzing of reading a PDF: ``python tests/fuzz/fuzz_pdf.py -runs=100000``.

It is read in this process. The first byte of an input chooses whether the rest is a whole file,
or what is drawn on the page of one: then coverage leads through rows, columns and paragraphs.
The library that reads the file is not instrumented. Needs ``pip install 'article-qa[fuzz]'``;
what it finds goes into ``tests/test_fuzz.py`` as an example.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["qa"]):
    from guided import run

    from support.soundness import pdf_of, read_pdf

LARGEST_SEED = 20_000
DOCUMENTS = Path(__file__).parents[1] / "data" / "documents"
HAN = "渡口的木船每天早上六点开出第一班。"
DRAWINGS = (
    "BT /F1 12 Tf 72 700 Td (The ferry leaves at 6.) Tj 0 -18 Td (It is never late.) Tj ET",
    f"BT /F2 12 Tf 72 700 Td <{HAN.encode('utf-16-be').hex()}> Tj 0 -20 Td "
    f"<{HAN[:5].encode('utf-16-be').hex()}> Tj ET",
    "q 1 0 0 -1 0 842 cm BT /F1 -12 Tf 1 0 0 1 72 100 Tm (Upside down) Tj ET Q",
    "BT /F1 10 Tf 14 TL "
    + " ".join(
        f"1 0 0 1 {left} {700 - 14 * row} Tm (words in a column of text {row}) Tj"
        for left in (60, 320)
        for row in range(6)
    )
    + " ET",
    " ".join(
        f"{60 + 90 * x} {640 - 30 * y} 90 30 re S BT /F2 10 Tf {63 + 90 * x} {650 - 30 * y} Td "
        f"<{HAN[x : x + 6].encode('utf-16-be').hex()}> Tj ET"
        for x in range(3)
        for y in range(3)
    ),
    " ".join(
        f"BT /F2 12 Tf {300 - 20 * (place // 6)} {700 - 13 * (place % 6)} Td "
        f"<{one.encode('utf-16-be').hex()}> Tj ET"
        for place, one in enumerate(HAN)
    ),
)


def one_input(data: bytes) -> None:
    """Read a whole file, or a file with the page that the input draws."""
    if data:
        read_pdf(pdf_of(data[1:]) if data[0] & 1 else data[1:])


def seeds() -> Iterator[bytes]:
    """Yield drawings, and the smaller documents of the tests."""
    for drawing in DRAWINGS:
        yield b"\1" + drawing.encode()
        yield b"\0" + pdf_of(drawing.encode())
    for path in sorted(DOCUMENTS.glob("*.pdf")):
        data = path.read_bytes()
        if len(data) <= LARGEST_SEED:
            yield b"\0" + data


if __name__ == "__main__":
    run(one_input, seeds())
