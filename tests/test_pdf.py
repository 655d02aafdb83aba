"""PDF: pages laid out by hand, made by a library, broken, looping, too large."""

import io
import random
import zlib
from collections.abc import Sequence

import pytest

from qa.errors import DocumentError
from qa.loaders import pdf
from qa.loaders.content import Part
from qa.loaders.pdf_layout import parts_of_pages
from qa.loaders.pdf_runs import Page, Run

FULL = "渡口的木船每天早上六点开出第一班船一直开到"
HEIGHT, WIDTH, SIZE, PITCH = 800.0, 600.0, 10.0, 15.0


def run(text: str, left: float, baseline: float, size: float = SIZE, *, bold: bool = False) -> Run:
    width = sum(size if ord(character) > 0x2E80 else size / 2 for character in text)
    return Run(text, left, left + width, baseline, size, bold, 1)


def lines(texts: Sequence[str], left: float = 60, top: float = 700) -> list[Run]:
    """Return one run a line; two leading blanks stand for an indent of two characters."""
    return [
        run(text.strip(), left + (20 if text.startswith("  ") else 0), top - PITCH * place)
        for place, text in enumerate(texts)
    ]


def page(runs: Sequence[Run], number: int = 1) -> Page:
    own = tuple(Run(r.text, r.left, r.right, r.baseline, r.size, r.bold, number) for r in runs)
    return Page(number, WIDTH, HEIGHT, own, sum(len(one.text) for one in runs), 0, False)


def texts(pages: Sequence[Page]) -> list[str]:
    return [part.text for part in parts_of_pages(pages)]


def test_indented_paragraphs_of_several_lines() -> None:
    made = lines(
        [f"  {FULL[:-2]}", FULL, "天黑。", f"  {FULL[:-2]}", f"{FULL[:-1]}。", "  最后一段。"]
    )
    assert texts([page(made)]) == [
        f"{FULL[:-2]}{FULL}天黑。",
        f"{FULL[:-2]}{FULL[:-1]}。",
        "最后一段。",
    ]


def test_paragraphs_with_a_gap_between_them() -> None:
    made = lines([FULL, f"{FULL[:-1]}。"]) + lines([FULL, f"{FULL[:-1]}。"], top=700 - 2.6 * PITCH)
    assert texts([page(made)]) == [f"{FULL}{FULL[:-1]}。"] * 2


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    pages = [page(lines([f"  {FULL[:-2]}", FULL])), page(lines([FULL, "天黑。", "  下一段。"]), 2)]
    parts = parts_of_pages(pages)
    assert [part.text for part in parts] == [f"{FULL[:-2]}{FULL}{FULL}天黑。", "下一段。"]
    assert [part.page for part in parts] == [1, 2]


def test_columns_are_read_one_after_the_other_below_what_crosses_them() -> None:
    left = lines([f"左{number}{FULL[:18]}" for number in range(6)], 40, 600)
    right = lines([f"右{number}{FULL[:18]}" for number in range(6)], 310, 604)
    title = run("横跨两栏的题目", 200, 700, 20)
    (first, second) = parts_of_pages([page([title, *right, *left])])
    assert first == Part("横跨两栏的题目", "heading", 1, 1)
    assert second.text.index("左5") < second.text.index("右0")


def test_a_short_last_page_has_the_columns_of_the_others() -> None:
    full = [
        *lines([FULL[:20] for _ in range(6)], 40, 600),
        *lines([FULL[:20] for _ in range(6)], 310, 600),
    ]
    short = [*lines(["甲甲甲甲。"], 40, 600), *lines(["乙乙乙乙。"], 310, 600)]
    assert "".join(texts([page(full), page(short, 2)])).endswith("甲甲甲甲。乙乙乙乙。")


def test_a_table_is_rows_and_no_columns() -> None:
    rows = [
        run(text, left, 600 - PITCH * row)
        for row, cells in enumerate([("班次", "时间"), ("头班", "六点"), ("末班", "九点")] * 3)
        for left, text in zip((60, 300), cells, strict=True)
    ]
    assert texts([page(rows)])[:3] == ["班次 | 时间", "头班 | 六点", "末班 | 九点"]


def test_running_lines_and_page_numbers_go() -> None:
    pages = [
        page(
            [
                run("渡口志 第一卷", 200, 780),
                *lines([FULL, "天黑。"]),
                run(f"— {number} —", 280, 20),
            ],
            number,
        )
        for number in (1, 2, 3)
    ]
    assert not any("渡口志" in text or "—" in text for text in texts(pages))


def test_a_line_near_the_edge_that_stands_once_is_kept() -> None:
    assert "注：船期以当天为准。" in texts(
        [page([*lines([FULL]), run("注：船期以当天为准。", 60, 30)])]
    )


def test_larger_and_bold_short_lines_are_headings_by_size() -> None:
    made = [
        run("渡口", 60, 740, 20),
        run("第一节", 60, 715, 14),
        *lines([FULL, FULL, "天黑。"], top=690),
        run("小节", 60, 630, bold=True),
        *lines([FULL, FULL, "天黑。"], top=610),
    ]
    assert [(part.kind, part.level) for part in parts_of_pages([page(made)])] == [
        ("heading", 1),
        ("heading", 2),
        ("text", 0),
        ("heading", 3),
        ("text", 0),
    ]


@pytest.mark.parametrize("bullet", ["•", "●", "\uf0b7", "–"])
def test_items_lose_their_bullet(bullet: str) -> None:
    made = [
        *lines([FULL, f"{FULL}："]),
        run(bullet, 60, 660), run(FULL[:19], 80, 660), run("到对岸要一刻钟。", 80, 645),
        run(f"{bullet} 末班九点开。", 60, 630),
    ]  # fmt: skip
    assert texts([page(made)])[1:] == [f"{FULL[:19]}到对岸要一刻钟。", "末班九点开。"]


def test_no_character_is_lost_however_runs_lie() -> None:
    draw = random.Random(7)
    for _ in range(200):
        runs = [
            run("".join(draw.choices("甲乙丙丁abc", k=draw.randint(1, 20))), draw.uniform(0, 500),
                draw.uniform(100, 700), draw.choice([8, 10, 10, 16]), bold=draw.random() < 0.2)
            for _ in range(draw.randint(1, 40))
        ]  # fmt: skip
        kept = "".join(texts([page(runs)]))
        for character in "甲乙丙丁abc":
            assert kept.count(character) == sum(one.text.count(character) for one in runs)


# Whole files


def reported(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        list(pdf.read(data, "a.pdf"))
    return str(caught.value)


def hand_made(content: bytes, *, pages: str = "[4 0 R]", count: int = 1) -> bytes:
    """Return a PDF without a table of offsets, which readers build again."""
    objects = [
        b"1 0 obj << /Type /Catalog /Pages 3 0 R >> endobj",
        b"2 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj",
        f"3 0 obj << /Type /Pages /Kids {pages} /Count {count} >> endobj".encode(),
        b"4 0 obj << /Type /Page /Parent 3 0 R /MediaBox [0 0 600 800] /Contents 5 0 R "
        b"/Resources << /Font << /F 2 0 R >> >> >> endobj",
        b"5 0 obj << /Length %d /Filter /FlateDecode >> stream\n" % len(content)
        + content
        + b"\nendstream endobj",
        b"trailer << /Root 1 0 R >>",
    ]
    return b"%PDF-1.4\n" + b"\n".join(objects) + b"\n%%EOF"


SHOWN = zlib.compress(b"BT /F 12 Tf 60 700 Td (The boat leaves at six.) Tj ET")


def test_a_file_whose_table_of_offsets_is_gone_is_read() -> None:
    (content,) = pdf.read(hand_made(SHOWN), "a.pdf")
    assert content.text == "The boat leaves at six."


def test_text_drawn_twice_to_look_bold_is_there_once() -> None:
    twice = b"BT /F 12 Tf 60 700 Td (boat) Tj ET BT /F 12 Tf 60.4 700 Td (boat) Tj ET"
    (content,) = pdf.read(hand_made(zlib.compress(twice)), "a.pdf")
    assert content.text == "boat"


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"no pdf at all", hand_made(SHOWN)[:150], b"%PDF-1.4\n" + bytes(10_000)],
    ids=["empty", "head", "text", "cut", "nuls"],
)
def test_broken_files_are_named(data: bytes) -> None:
    assert reported(data).startswith("a.pdf: ")


def test_a_page_without_text_and_pictures() -> None:
    assert reported(hand_made(zlib.compress(b"0 0 m 10 10 l S"))) == "a.pdf: there is no text in it"


@pytest.mark.parametrize("pages", ["[3 0 R]", "[3 0 R 4 0 R]", "[4 0 R 4 0 R]"])
def test_page_trees_that_loop_come_to_an_end(pages: str) -> None:
    try:
        list(pdf.read(hand_made(SHOWN, pages=pages, count=2), "a.pdf"))
    except DocumentError as error:
        assert "a.pdf" in str(error)


def test_a_form_that_draws_itself_comes_to_an_end() -> None:
    data = hand_made(zlib.compress(b"/X Do " * 50))
    form = b"/XObject << /X 6 0 R >> /Font"
    data = data.replace(b"/Resources << /Font", b"/Resources << " + form)
    drawn = b"/X Do /X Do"
    own = (
        b"6 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject "
        b"<< /X 6 0 R >> >> /Length %d >> stream\n%s\nendstream endobj\ntrailer"
    )
    data = data.replace(b"trailer", own % (len(drawn), drawn))
    assert "a.pdf" in reported(data)


def test_more_pages_than_are_read() -> None:
    kids = "[" + "4 0 R " * 6_000 + "]"
    assert "6,000 pages, at most 5,000" in reported(hand_made(SHOWN, pages=kids, count=6_000))


def test_a_page_that_unpacks_to_more_than_there_is_memory_for() -> None:
    packer = zlib.compressobj(9)
    packed = io.BytesIO()
    part = b"(boat) Tj " * 100_000
    packed.write(packer.compress(b"BT /F 12 Tf 60 700 Td "))
    for _ in range(1_000):
        packed.write(packer.compress(part))
    packed.write(packer.flush())
    try:
        list(pdf.read(hand_made(packed.getvalue()), "a.pdf"))
    except DocumentError as error:
        assert str(error).startswith("a.pdf: ")
