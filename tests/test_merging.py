"""Merging segments on the disk: memory does not grow with what is merged."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from qa import loaders
from qa.index import codes, merging, rows
from qa.index.codes import Codes
from qa.index.content import Prepared
from qa.index.files import PartWriter, let_go
from qa.index.merging import merge
from qa.index.opened import open_segment
from qa.index.parts import write_merged, write_segment
from qa.index.segment import Segment, locate
from qa.loaders.split import split
from support.memory import held

DIMENSION = 1_024
PARAGRAPHS = 20
ROW_BYTES = 4 * DIMENSION
MEGABYTE = 2**20


def article(name: str) -> Prepared:
    """Return an article of many paragraphs with made-up vectors."""
    text = "\n".join(f"第{place}号工程在第{name}街开工。" for place in range(PARAGRAPHS))
    document = loaders.from_text(name, text)
    paragraphs = split(document)
    vectors = np.zeros((len(paragraphs), DIMENSION), np.float32)
    vectors[np.arange(len(paragraphs)), np.arange(len(paragraphs))] = 1
    return Prepared(
        document, "0" * 32, paragraphs, tuple((one.text,) for one in paragraphs), vectors
    )


def stored(folder: Path, articles: int) -> list[Segment]:
    """Return two segments on the disk; the second has an article of the first anew."""
    names = [f"{number}" for number in range(articles)]
    half = articles // 2
    parts = (names[:half], [*names[half:], names[0]])
    built = (Segment.build(list(map(article, own))) for own in parts)
    return [open_segment(folder, write_segment(folder, one, "float32")) for one in built]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the blocks of merging be small against what the tests merge."""
    monkeypatch.setattr(rows, "_BYTES_AT_ONCE", MEGABYTE // 4)
    monkeypatch.setattr(merging, "_POSTINGS_AT_ONCE", 2_000)
    monkeypatch.setattr(codes, "_ROWS_ROUNDED_AT_ONCE", 64)


@pytest.mark.usefixtures("small_blocks")
def test_what_is_allocated_grows_by_some_numbers_a_paragraph(tmp_path: Path) -> None:
    peaks = []
    for articles in (100, 300):
        folder = tmp_path / f"{articles}"
        folder.mkdir()
        segments = stored(folder, articles)
        order = locate(segments, [f"{number}" for number in range(articles)])
        tracemalloc.start()
        write_merged(folder, segments, order, "int8")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    more = 200 * PARAGRAPHS
    assert peaks[1] - peaks[0] < 200 * more < ROW_BYTES * more / 20


@pytest.mark.skipif(held() is None, reason="the system does not tell what is in memory")
@pytest.mark.usefixtures("small_blocks")
def test_mapped_files_do_not_stay_in_memory(tmp_path: Path) -> None:
    segments = stored(tmp_path, 300)
    order = locate(segments, [f"{number}" for number in range(300)])
    for one in segments:
        let_go(one.embeddings)
    before = held()
    writer = PartWriter(tmp_path)
    merged = merge(segments, order, writer.allocate)
    made = Codes.of(merged.embeddings, writer.allocate)
    after = held()
    assert before is not None
    assert after is not None
    assert merged.embeddings.nbytes + made.numbers.nbytes > 28 * MEGABYTE
    assert after.files - before.files < 4


@pytest.mark.skipif(held() is None, reason="the system does not tell what is in memory")
def test_what_was_written_is_there_after_it_was_let_go(tmp_path: Path) -> None:
    array = PartWriter(tmp_path).allocate("embeddings", (4_096, DIMENSION), np.float32)
    array[...] = np.arange(4_096)[:, None]
    before = held()
    let_go(array, np.ones(3))
    after = held()
    assert before is not None
    assert after is not None
    assert before.files - after.files > 14
    assert array[:, 7].tolist() == list(range(4_096))
