"""PDF: pages laid out by hand, made by a library, broken, looping, too large."""

import io
import random
import zlib
from collections.abc import Sequence

import pytest

from qa.errors import DocumentError
from qa.loaders import pdf
from qa.loaders.content import Part
from qa.loaders.pdf.layout import parts_of_pages
from qa.loaders.pdf.rules import Box, Rules
from qa.loaders.pdf.runs import Page, Run
from support.made_pdfs import PDFS, MadePdf
from support.soundness import pdf_of

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
    assert texts([page(rows)])[:2] == ["班次：头班；时间：六点", "班次：末班；时间：九点"]


def test_a_table_with_long_and_empty_cells_has_each_under_its_column() -> None:
    header = [run("路线", 60, 600), run("票价", 200, 600), run("说明", 300, 600)]
    first = [run("一号线", 60, 575), run("4元", 203, 575), run("经过码头和", 300, 575)]
    rest = [run("渔市。", 300, 561)]
    second = [run("二号线", 60, 536), run("只在假日开。", 300, 536)]
    below = lines(["天黑了船就不开。"], top=480)
    assert texts([page([*header, *first, *rest, *second, *below])]) == [
        "路线：一号线；票价：4元；说明：经过码头和渔市。",
        "路线：二号线；说明：只在假日开。",
        "天黑了船就不开。",
    ]


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
            # The name of a column stands before each of its values.
            assert kept.count(character) >= sum(one.text.count(character) for one in runs)


# Whole files


def drawn(content: str, page: bytes = b"/Type/Page/") -> list[str]:
    """Return the paragraphs of a page that draws ``content`` and has these entries."""
    data = pdf_of(content.encode()).replace(b"/Type/Page/", page)
    (found,) = pdf.read(data, "a.pdf")
    return [found.text[block.start : block.end] for block in found.blocks]


ENGLISH = "The ferry leaves the east pier at six in the morning."


@pytest.mark.parametrize("narrower", [0, 1, 1.8, 2.4])
def test_words_are_apart_however_narrow_their_spaces_are(narrower: float) -> None:
    content = f"BT /F1 12 Tf -{narrower} Tw 72 700 Td ({ENGLISH}) Tj ET"
    assert drawn(content) == [ENGLISH]


def test_letters_set_apart_are_no_words_where_the_file_has_no_space() -> None:
    assert drawn("BT /F1 12 Tf 1.2 Tc 72 700 Td (Ferry) Tj ET") == ["Ferry"]


CHINESE = "".join(f"{ord(one):04x}" for one in "东渡口的船早上六点开。")
TURNED = ["1 0 0 1 72 700", "0 1 -1 0 400 72", "-1 0 0 -1 500 700", "0 -1 1 0 200 700"]


@pytest.mark.parametrize("matrix", TURNED)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_is_read_however_it_is_turned(matrix: str, rotation: int) -> None:
    content = f"BT /F2 12 Tf {matrix} Tm 20 TL <{CHINESE}> Tj T* <{CHINESE}> Tj ET"
    page = f"/Type/Page/Rotate {rotation}/".encode()
    assert "".join(drawn(content, page)) == "东渡口的船早上六点开。" * 2


def test_a_page_with_a_line_up_its_margin_is_read_without_it() -> None:
    content = (
        f"BT /F2 12 Tf 72 700 Td 20 TL <{CHINESE}> Tj T* <{CHINESE}> Tj "
        "0 1 -1 0 30 300 Tm (arXiv 2401) Tj ET"
    )
    assert "".join(drawn(content)) == "东渡口的船早上六点开。" * 2


def test_a_table_drawn_sideways_is_read_beside_the_line_above_it() -> None:
    content = (
        "BT /F1 12 Tf 72 700 Td (Fares.) Tj /F2 12 Tf 0 1 -1 0 300 72 Tm 20 TL "
        f"<{CHINESE}> Tj T* <{CHINESE}> Tj ET"
    )
    assert drawn(content)[0] == "Fares."
    assert "".join(drawn(content)[1:]) == "东渡口的船早上六点开。" * 2


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
    data = hand_made(zlib.compress(b"/X Do " * 5))
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


@pytest.mark.slow
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


@pytest.mark.parametrize("made", PDFS, ids=lambda made: made.name)
def test_what_a_browser_printed_is_read_in_order(made: MadePdf) -> None:
    (content,) = pdf.read(made.path.read_bytes(), made.path.name)
    found = [content.text[block.start : block.end] for block in content.blocks]
    assert [one.replace(" ", "") for one in found] == [
        one.replace(" ", "") for one in made.paragraphs
    ]


def ruled(cells: Sequence[tuple[float, float, float, float]]) -> str:
    """Return the frames of cells (left, bottom, width, height) as a page draws them."""
    return " ".join(f"{x} {y} {w} {h} re S" for x, y, w, h in cells)


def words(text: str, x: float, y: float) -> str:
    code = text.encode("utf-16-be").hex()
    return f"BT /F2 10 Tf {x} {y} Td <{code}> Tj ET"


def test_a_drawn_table_is_read_by_its_cells() -> None:
    frames = [(60, 700, 60, 20), (120, 700, 70, 20), (190, 700, 70, 20)]
    frames += [(60, 640, 60, 60), (120, 670, 70, 30), (190, 670, 70, 30)]
    frames += [(120, 640, 140, 30)]
    drawn_words = [
        words("区域", 63, 706), words("早上可以停", 123, 706), words("晚上可以停", 193, 706),
        words("东门", 63, 686), words("二十辆大车和", 123, 686), words("四十辆小车和", 193, 686),
        words("三轮车", 123, 674), words("自行车", 193, 674),
        words("下雪天都不可以停", 123, 650),
    ]  # fmt: skip
    found = drawn(f"{ruled(frames)} {' '.join(drawn_words)}")
    assert found == [
        "区域：东门；早上可以停：二十辆大车和三轮车；晚上可以停：四十辆小车和自行车",
        "区域：东门；早上可以停：下雪天都不可以停",
    ]


def test_a_frame_around_a_text_is_no_table() -> None:
    text = [words(FULL, 63, 700), words(f"{FULL[:-1]}。", 63, 685)]
    framed = drawn(f"{ruled([(60, 600, 240, 120), (60, 500, 240, 100)])} {' '.join(text)}")
    assert framed == drawn(" ".join(text))


def test_lines_without_an_end_are_no_cells() -> None:
    rules = Rules([Box(10, 0, 10, 50), Box(40, 0, 40, 20), Box(0, 5, 50, 5), Box(0, 45, 50, 45)])
    assert rules.cell(20, 10) == Box(10, 5, 40, 45)
    assert rules.cell(20, 30) is None
    assert rules.cell(5, 10) is None
    assert Rules([]).cell(1, 1) is None


def test_pieces_of_a_line_are_one() -> None:
    pieces = [Box(left, 9.5, left + 9, 10.5) for left in range(0, 100, 10)]
    sides = [Box(0, 0, 1, 60), Box(99, 0, 100, 60), Box(0, 50, 100, 50)]
    assert Rules([*pieces, *sides]).cell(50, 30) == Box(0.5, 10, 99.5, 50)
