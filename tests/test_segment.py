"""Segments: merged ones are the same as if all had been built together."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import loaders
from qa.index import merging
from qa.index.allocation import in_memory
from qa.index.content import Prepared, content_hash
from qa.index.merging import merge
from qa.index.segment import NAMES, Segment, Texts, from_arrays, locate, to_arrays
from qa.loaders.split import split

ARTICLES = ("甲", "乙", "丙", "丁\ud83d", "戊'\"")
TEXTS = {
    "甲": "微乐贷平均额度达到6万。\n百信银行定位普惠金融。",
    "乙": "新市民是指来到城镇常住的群体。",
    "丙": "Weather is fine.\n新市民有3亿人。\n微乐贷很好。",
    "丁\ud83d": "黄山的温泉\udce4。\n𠮷野家。",
    "戊'\"": "金融机构提供服务。",
}


def prepared(name: str, text: str | None = None) -> Prepared:
    """Return a document with made-up vectors that tell where they belong."""
    document = loaders.from_text(name, text or TEXTS[name])
    paragraphs = split(document)
    windows = tuple((one.text,) * (1 + one.position % 2) for one in paragraphs)
    count = sum(map(len, windows))
    seed = np.random.default_rng(len(document.text))
    vectors = seed.standard_normal((count, 4)).astype(np.float32)
    return Prepared(document, content_hash(document), paragraphs, windows, vectors)


def assert_equal(one: Segment, other: Segment) -> None:
    left, right = to_arrays(one), to_arrays(other)
    assert left.keys() == right.keys()
    for name in left:
        assert left[name].dtype == right[name].dtype, name
        assert np.array_equal(left[name], right[name]), name


@pytest.mark.parametrize("at_once", [8_000_000, 5])
@given(
    names=st.lists(st.sampled_from(ARTICLES), unique=True, min_size=1),
    cut=st.integers(0, 5),
    data=st.data(),
)
def test_merging_equals_building_in_that_order(
    names: list[str], cut: int, data: st.DataObject, at_once: int
) -> None:
    segments = [
        Segment.build([prepared(name) for name in part]) for part in (names[:cut], names[cut:])
    ]
    order = data.draw(st.permutations(names))
    kept = order[: data.draw(st.integers(0, len(order)))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_POSTINGS_AT_ONCE", at_once)
        merged = merge(segments, locate(segments, kept), in_memory)
    built = Segment.build([prepared(name) for name in kept])
    if kept:
        assert_equal(merged, built)
    assert merged.n_documents == len(kept)


def test_the_newest_of_several_documents_of_an_id_is_found() -> None:
    segments = [
        Segment.build([prepared("甲"), prepared("乙")]),
        Segment.build([prepared("乙", "新的文字在这里。"), prepared("丙")]),
    ]
    found = locate(segments, ["甲", "乙", "丙", "无"])
    assert found.tolist() == [[0, 0], [1, 0], [1, 1], [-1, -1]]
    merged = merge(segments, found[:3], in_memory)
    assert [merged.ids.text(place) for place in range(3)] == ["甲", "乙", "丙"]
    assert "新的文字在这里" in merged.documents.text(1)
    assert merged.digest(1) == prepared("乙", "新的文字在这里。").digest


def test_texts_come_back_whatever_is_in_them() -> None:
    texts = ["甲\n乙", "", "\ud83d\0", "x" * 300]
    held = Texts.of(texts)
    assert [held.text(place) for place in range(4)] == texts


def test_arrays_and_back() -> None:
    built = Segment.build([prepared(name) for name in ARTICLES])
    assert tuple(to_arrays(built)) == NAMES
    assert_equal(from_arrays(to_arrays(built)), built)


@pytest.mark.parametrize("names", [[], ["甲"], ARTICLES])
def test_counts(names: Sequence[str]) -> None:
    built = Segment.build([prepared(name) for name in names])
    assert built.n_documents == len(names)
    assert built.n_paragraphs == sum(len(prepared(name).paragraphs) for name in names)
    assert built.places(["甲"]).tolist() == ([0] if names else [-1])
