"""Generated and mangled input: documents or an error that says why, offsets exact, nothing lost.

The long run: ``python -m pytest tests/test_fuzz.py --hypothesis-profile=long``.
"""

import io
import json
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from qa import loaders
from qa.errors import DocumentError
from qa.loaders.content import Content
from qa.loaders.encoding import decode
from qa.loaders.formats import KINDS, read_bytes
from qa.loaders.pdf.layout import parts_of_pages
from qa.loaders.pdf.runs import Page, Run
from qa.text import has_content
from support.mangling import mangled
from support.shown import assert_shown
from support.soundness import (
    assert_sound,
    assert_text_helpers,
    assert_windows,
    pdf_of,
    read,
    read_pdf,
)

DOCUMENTS = Path(__file__).parent / "data" / "documents"
SEEDS = {
    ".html": ["old-table-big5.html", "portal-gb18030.html", "messenger.html"],
    ".epub": ["hand-made.epub", "libreoffice.epub"],
    ".docx": ["libreoffice.docx", "pandoc.docx"],
    ".xlsx": ["made.xlsx"],
    ".pptx": ["made.pptx"],
    ".json": ["articles.json"],
    ".jsonl": ["articles.jsonl"],
    ".csv": ["spreadsheet-gb18030.csv"],
    ".md": ["pandoc-gfm.md"],
    ".txt": ["notepad-gb18030.txt", "libreoffice.txt"],
    ".zip": ["mixed.zip"],
}
# A PDF is read in a process of its own, which takes its time; read_pdf does it in this one.
SLOW_KINDS = (".pdf",)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
CHINESE = st.text(
    st.sampled_from("渡口的木船。！？“”’（）\n\r\t \u3000\xa0\u200b\x000aB1,.;:|#*<>&-"),
    max_size=120,
)
TEXTS = st.one_of(ANY_TEXT, CHINESE)


def made_xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["码头", "票价", None],
        [None, "平日", "假日"],
        ["东渡", 2, 3],
        ["西渡", 0.5, "免"],
    ):
        book.active.append(row)
    book.active.merge_cells("B1:C1")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def made_pptx() -> bytes:
    import pptx

    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "渡口", "早上六点开船。"
    table = slide.shapes.add_table(2, 2, 0, 0, 9, 9).table
    table.cell(0, 0).merge(table.cell(0, 1))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


MADE = {"made.xlsx": made_xlsx, "made.pptx": made_pptx}


@cache
def seed(name: str) -> bytes:
    return MADE[name]() if name in MADE else (DOCUMENTS / name).read_bytes()


@st.composite
def mangled_inside(draw: st.DrawFn, name: str) -> bytes:
    """Return a packed file with one of the files in it mangled."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed(name))) as old, zipfile.ZipFile(made, "w") as new:
        chosen = draw(st.sampled_from([one.filename for one in old.infolist()]))
        for member in old.infolist():
            data = old.read(member)
            new.writestr(
                member.filename, draw(mangled(data)) if member.filename == chosen else data
            )
    return made.getvalue()


MANGLED = st.sampled_from(
    [(kind, name) for kind, names in SEEDS.items() for name in names]
).flatmap(lambda one: st.tuples(st.just(one[0]), mangled(seed(one[1]))))
MANGLED_INSIDE = st.sampled_from(
    [(kind, name) for kind in (".epub", ".docx", ".xlsx", ".pptx", ".zip") for name in SEEDS[kind]]
).flatmap(lambda one: st.tuples(st.just(one[0]), mangled_inside(one[1])))


@given(st.sampled_from([kind for kind in KINDS if kind not in SLOW_KINDS]), st.binary(max_size=400))
def test_any_bytes_as_any_kind(kind: str, data: bytes) -> None:
    read(data, kind)


@given(MANGLED)
def test_mangled_files(case: tuple[str, bytes]) -> None:
    kind, data = case
    read(data, kind)


@given(MANGLED_INSIDE)
def test_packed_files_with_mangled_insides(case: tuple[str, bytes]) -> None:
    kind, data = case
    read(data, kind)


@pytest.mark.parametrize("name", ["libreoffice.pdf"])
@settings(max_examples=5)
@given(st.data())
def test_mangled_pdf(name: str, data: st.DataObject) -> None:
    read(data.draw(mangled(seed(name))), ".pdf")


NUMBERS = st.one_of(
    st.sampled_from(["0", "-1", "1", "12", "72", "700", "-12", "0.001", "1e9", "99999999999999"]),
    st.integers(-100, 900).map(str),
)
SHOWN = st.sampled_from(["(Hello world.) Tj", "(a) Tj", "<6e2153e37684> Tj", "[(a)9(b)] TJ"])
DRAWN = st.one_of(
    st.sampled_from(["BT", "ET", "q", "Q", "T*"]),
    SHOWN,
    st.builds(lambda font, size: f"/F{font} {size} Tf", st.integers(1, 2), NUMBERS),
    st.tuples(NUMBERS, NUMBERS).map(lambda by: f"{by[0]} {by[1]} Td"),
    st.builds(
        lambda numbers, sign: f"{' '.join(numbers)} {sign}",
        st.lists(NUMBERS, min_size=6, max_size=6),
        st.sampled_from(["Tm", "cm"]),
    ),
    st.tuples(NUMBERS, st.sampled_from(["Tc", "Tw", "Tz", "TL", "Ts", "Tr"])).map(" ".join),
)


@given(st.lists(DRAWN, max_size=40))
@example(["BT", "/F1 12 Tf", "72 700 Td", "(Hello world.) Tj", "/F1 0 Tf", "(a) Tj"])
def test_any_page_of_a_pdf(drawn: list[str]) -> None:
    read_pdf(pdf_of("\n".join(["BT /F1 12 Tf 72 700 Td", *drawn, "ET"]).encode()))


@given(TEXTS, st.sampled_from([".txt", ".md", ".html", ".csv", ".jsonl", ".json"]))
@example("\ud800", ".html")
@example("\0", ".csv")
def test_any_text_as_any_kind(text: str, kind: str) -> None:
    read(text.encode("utf-8", "surrogatepass"), kind)
    read(text.encode("utf-16-le", "surrogatepass"), kind)
    read(text.encode("gb18030", "ignore"), kind)


TAGS = st.sampled_from(
    "p div section span b table tr td th ul li h1 h2 h6 a br pre article nav aside ruby rt".split()
)
ATTRIBUTES = st.sampled_from(
    ["", ' class="nav"', ' id="comment"', " hidden", ' style="display:none"', ' href="#"', ' x="<"']
)
MARKUP = st.lists(
    st.one_of(
        TEXTS,
        st.builds(lambda tag, attribute: f"<{tag}{attribute}>", TAGS, ATTRIBUTES),
        TAGS.map(lambda tag: f"</{tag}>"),
        st.sampled_from(
            ["<!--", "-->", "<![CDATA[", "&lt;", "&#0;", "&#xd800;", "<?xml", "<!DOCTYPE"]
        ),
    ),
    max_size=40,
).map("".join)


@given(MARKUP)
@example("<p>甲。</p><nav>乙</nav>&#1;\x02丙。")
def test_any_markup(page: str) -> None:
    read(page.encode("utf-8", "surrogatepass"), ".html")


BLOCKS = st.recursive(
    st.sampled_from(["p", "p", "li", "td", "br"]).map(lambda tag: (tag, [])),
    lambda inner: st.tuples(
        st.sampled_from(["div", "section", "blockquote", "article", "center"]),
        st.lists(inner, min_size=1, max_size=5),
    ),
    max_leaves=15,
)


@given(st.lists(BLOCKS, min_size=1, max_size=6))
def test_every_sentence_of_a_page_is_there_once_and_in_order(blocks: list[Any]) -> None:
    count = 0

    def written(block: tuple[str, list[Any]]) -> str:
        nonlocal count
        tag, inner = block
        if inner:
            return f"<{tag}>{''.join(map(written, inner))}</{tag}>"
        count += 1
        sentence = f"这是第{count}句话，讲的是渡口的木船每天几点开。"
        if tag == "br":
            return f"{sentence}<br><br>"
        if tag == "td":
            return f"<table><tr><td>{sentence}</td></tr></table>"
        return f"<{tag}>{sentence}</{tag}>"

    page = "".join(map(written, blocks))
    # A twentieth of a page may be the site's.
    assume(count < 20)
    (content,) = read_bytes(f"<body>{page}</body>".encode(), ".html", "a.html")
    found = [int(number) for number in re.findall(r"第(\d+)句", content.text)]
    assert found == list(range(1, count + 1))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(["text", "标题", "id", "date", "data", "正文"]), TEXTS),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json(value: Any) -> None:  # noqa: ANN401
    data = json.dumps(value).encode()
    read(data, ".json")
    read(data, ".jsonl")


@given(TEXTS, TEXTS)
def test_a_text_of_a_record_keeps_all_its_characters(title: str, text: str) -> None:
    try:
        contents = read_bytes(
            json.dumps({"title": title, "text": text}).encode(), ".json", "a.json"
        )
    except DocumentError:
        return
    for content in contents:
        assert content.text.endswith(text)
    assert_sound(contents)


@given(TEXTS)
def test_text_helpers(text: str) -> None:
    assert_text_helpers(text)


@given(TEXTS, st.integers(2, 40), st.integers(0, 50))
def test_windows_leave_nothing_out(text: str, size: int, overlap: int) -> None:
    assert_windows(text, size, overlap)


@given(TEXTS)
def test_a_text_in_memory(text: str) -> None:
    try:
        document = loaders.from_text("a", text)
    except DocumentError:
        assert not has_content(text)
        return
    assert document.text == text
    assert_sound((Content(document.text, document.blocks),))


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_named(data: bytes) -> None:
    try:
        assert isinstance(decode(data, "a.txt"), str)
    except DocumentError as error:
        assert str(error).startswith("a.txt: ")


RUNS = st.builds(
    lambda text, left, width, baseline, size, bold, page: Run(
        text, left, left + width, baseline, size, bold, page
    ),
    st.text(st.sampled_from("渡口木船ab1。，-•|第页"), min_size=1, max_size=20),
    st.floats(-50, 650),
    st.floats(0, 600),
    st.floats(-50, 850),
    st.floats(0.1, 80),
    st.booleans(),
    st.integers(1, 3),
)


@given(st.lists(st.lists(RUNS, max_size=15), max_size=3))
def test_any_layout_of_runs_loses_nothing_between_the_margins(pages: list[list[Run]]) -> None:
    made = [
        Page(number, 600, 800, tuple(runs), sum(len(run.text) for run in runs), 0, False)
        for number, runs in enumerate(pages, 1)
    ]
    kept = "".join(part.text for part in parts_of_pages(made))
    inside = "".join(run.text for runs in pages for run in runs if 80 < run.baseline < 720)
    for character in "渡口木船":
        assert kept.count(character) >= inside.count(character)


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 200), st.integers(0, 200))
@example("甲\r\n乙", "", "", 0, 3)
@example("\x85甲\x1c", "\0", "\x0b乙", 0, 3)
def test_whatever_an_article_says_is_shown_and_never_interpreted(
    text: str, title: str, question: str, first: int, second: int
) -> None:
    assert_shown(text, title, question, first, second)
