"""Indexes that were changed or made up: opened whole, or refused by an error of the project's own.

The long run: ``python -m pytest tests/test_fuzz_index.py --hypothesis-profile=long``; guided by
coverage: ``python tests/fuzz/fuzz_index.py -runs=100000``.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.errors import IndexDamaged, QAError
from qa.index.lexical import token_hash
from qa.index.local import LocalIndex
from qa.index.segment import Segment, Texts, locate
from support.mangling import mangled
from support.small_index import (
    DIMENSION,
    TEXTS,
    Change,
    SmallIndex,
    made_up,
    open_and_read,
    write_small_index,
)


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    """The bundled model, not loaded: these indexes only name it."""
    return SentenceTransformerEmbedder(Config().model)


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder
) -> SmallIndex:
    folder = tmp_path_factory.mktemp("index")
    write_small_index(folder, embedder)
    return SmallIndex(folder)


@st.composite
def changes(draw: st.DrawFn, index: SmallIndex) -> Change:
    """Return a file with some bytes mangled, or an array with other small numbers."""
    file = draw(st.integers(0, len(index.files) - 1))
    if index.is_array(file) and draw(st.booleans()):
        numbers = draw(st.lists(st.integers(-2, 20), max_size=30))
        return Change(file, "numbers", np.array(numbers, np.int8).tobytes())
    return Change(file, "bytes", draw(mangled(index.content(file))))


def assert_whole_or_refused(
    index: SmallIndex,
    embedder: SentenceTransformerEmbedder,
    changed: Sequence[Change],
    *,
    sealed: bool,
    large: bool = False,
) -> str:
    """Return what is told about the index; "" if it is opened and read."""
    index.change(changed, sealed=sealed)
    try:
        open_and_read(index.folder, embedder, large=large)
    except QAError as error:
        assert "index" in str(error)
        return str(error)
    finally:
        index.restore(changed)
    return ""


def file_of(index: SmallIndex, name: str) -> int:
    """Return the number of the first file of that name."""
    return next(place for place, path in enumerate(index.files) if path.name == name)


def test_the_small_index_is_whole(index: SmallIndex, embedder: SentenceTransformerEmbedder) -> None:
    opened = LocalIndex.open(index.folder, embedder)
    assert opened.document_ids() == ["索道", "竹林", "渡口"]
    assert len(opened.segments) == 2
    assert assert_whole_or_refused(index, embedder, [], sealed=True) == ""


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@given(data=st.data(), sealed=st.booleans(), large=st.booleans())
def test_a_changed_index_is_opened_whole_or_refused(
    index: SmallIndex,
    embedder: SentenceTransformerEmbedder,
    data: st.DataObject,
    sealed: bool,
    large: bool,
) -> None:
    changed = data.draw(st.lists(changes(index), min_size=1, max_size=3))
    assert_whole_or_refused(index, embedder, changed, sealed=sealed, large=large)


def numbers(*values: int) -> bytes:
    return np.array(values, np.int8).tobytes()


def header(kind: str, shape: str) -> bytes:
    written = f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(written).to_bytes(2, "little") + written


def test_a_paragraph_without_a_window_is_refused(
    index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "window_starts.npy")
    count = len(np.load(io.BytesIO(index.content(place))))
    last = int(np.load(io.BytesIO(index.content(place)))[-1])
    for starts in ([0] * (count - 1) + [last], [0] + [last] * (count - 1)):
        told = assert_whole_or_refused(
            index, embedder, [Change(place, "numbers", numbers(*starts))], sealed=True
        )
        assert "a paragraph without a window" in told


@pytest.mark.parametrize("columns", [1, DIMENSION + 1])
def test_rows_of_another_dimension_are_refused(
    columns: int, index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "embeddings.npy")
    rows = len(np.load(io.BytesIO(index.content(place))))
    made = io.BytesIO()
    np.save(made, np.ones((rows, columns), np.float32))
    told = assert_whole_or_refused(
        index, embedder, [Change(place, "bytes", made.getvalue())], sealed=True
    )
    assert f"{columns} columns, expected {DIMENSION}" in told


@pytest.mark.parametrize(
    "field",
    [{"documents": "2"}, {"documents": None}, {"documents": 2.0}, {"dimension": -1},
     {"windows": True}, {"paragraphs": []}, {"model": 5}, {"fingerprint": ["x"]}],
)  # fmt: skip
def test_counts_that_are_none_are_refused(
    field: dict[str, object], index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "manifest.json")
    changed = json.dumps(json.loads(index.content(place)) | field).encode()
    told = assert_whole_or_refused(index, embedder, [Change(place, "bytes", changed)], sealed=True)
    assert "is not the manifest of an index" in told


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("('<f4',)", "(1,)"), ("()", "()"),
     # With these numpy itself divides by zero, which ends the process.
     ("[]", "(-1,)"), ("'V0'", "(-1,)"), ("'S0'", "(-1,)"),
     ("'<f4'", "(-1,)"), ("'<f4'", "(4294967296, 4294967296)"), ("'<f4'", "(True, 5)")],
)  # fmt: skip
def test_headers_made_up_are_refused(
    kind: str, shape: str, index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "embeddings.npy")
    changed = Change(place, "bytes", header(kind, shape))
    assert "embeddings.npy cannot be read" in assert_whole_or_refused(
        index, embedder, [changed], sealed=True
    )


def test_a_document_under_another_id_is_refused(embedder: SentenceTransformerEmbedder) -> None:
    segment = Segment.build([made_up("渡口", TEXTS["渡口"])])
    other = replace(
        segment,
        ids=Texts.of(["索道"]),
        id_hashes=np.array([token_hash("索道")], np.uint64),
    )
    index = LocalIndex([other], locate([other], ["索道"]), embedder)
    with pytest.raises(IndexDamaged, match="goes by another id"):
        index.document("索道")


@pytest.mark.parametrize("large", [False, True])
def test_ids_that_are_no_text_are_refused(
    large: bool, index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "ids.jsonl")
    changed = Change(place, "bytes", b"\xe7\x01" + index.content(place)[2:])
    told = assert_whole_or_refused(index, embedder, [changed], sealed=True, large=large)
    assert "text 0 of the index cannot be read" in told


@pytest.mark.parametrize("large", [False, True])
def test_two_documents_of_one_id_are_refused(
    large: bool, index: SmallIndex, embedder: SentenceTransformerEmbedder
) -> None:
    place = file_of(index, "ids.jsonl")
    (first, second) = index.content(place).splitlines(keepends=True)
    assert len(first) == len(second)
    hashes = np.full(2, token_hash(second.decode().strip()), np.uint64)
    made = io.BytesIO()
    np.save(made, hashes)
    told = assert_whole_or_refused(
        index,
        embedder,
        [
            Change(place, "bytes", second * 2),
            Change(file_of(index, "id_hashes.npy"), "bytes", made.getvalue()),
        ],
        sealed=True,
        large=large,
    )
    assert "id_hashes are not those of the ids" in told
