"""A small real index, changed as an accident or somebody who means it no good would change it."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from unittest.mock import patch

import numpy as np

from qa import loaders
from qa.config import FLOAT32
from qa.embedding import Embedder
from qa.index import folder as writing
from qa.index import storage
from qa.index.content import Prepared, content_hash
from qa.index.folder import FolderStore
from qa.index.local import LocalIndex
from qa.loaders.split import split
from qa.retrieval.fusion import rank
from qa.text import query_tokens
from qa.types import Document

__all__ = ["Change", "SmallIndex", "made_up", "open_and_read", "reseal", "write_small_index"]

TEXTS = {
    "旧文": "这一篇后来换成了别的。",
    "渡口": "渡口的木船\n\n渡口的木船每天早上六点开出第一班。\n\n船长叫周海平，他在渡口三十年了。",
    "索道": "山上的索道去年修了三个月。\n\n夜市的摊位一共三百零八个。",
    "竹林": "对岸是一片竹林。",
}
QUESTION = query_tokens("第一班木船几点开出?")
DIMENSION = 4


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file, chosen by number.

    ``way``: ``bytes`` puts ``data`` in its place; ``numbers`` makes each byte of ``data`` a
    number, from -128 to 127, of an array of the same kind; ``patch`` goes by the first three
    bytes of ``data``: from the place that two of them say on, as many bytes as the third says
    give way to the rest.
    """

    file: int
    way: Literal["bytes", "numbers", "patch"]
    data: bytes


def made_up(name: str, text: str) -> Prepared:
    """Return a document with vectors that no model made: one or two windows a paragraph."""
    document = loaders.from_text(name, text)
    paragraphs = split(document)
    windows = tuple((one.text,) * (1 + one.position % 2) for one in paragraphs)
    rows = np.random.default_rng(len(text)).standard_normal((sum(map(len, windows)), DIMENSION))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return Prepared(document, content_hash(document), paragraphs, windows, vectors)


def write_small_index(folder: Path, embedder: Embedder, vectors: str = FLOAT32) -> None:
    """Write an index of two segments, one of them with a void document.

    The model is only named in it: the vectors are made up, so that it takes no time.
    """
    store = FolderStore(folder, embedder, vectors)
    names = list(TEXTS)
    for part in (names[:2], names[2:]):
        store.put([made_up(name, TEXTS[name]) for name in part])
    # Otherwise so few paragraphs would become one segment.
    with patch.object(writing, "_CHEAP_TO_MERGE", 0):
        store.finish([*names[2:], names[1]], lambda name: name in names)
    store.close()


class SmallIndex:
    """The files of an index, to be changed and put back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        manifest = folder / storage.MANIFEST
        raw = json.loads(manifest.read_text(encoding="utf-8"))
        # In the order of the manifest: data folders have other names every time.
        named = [
            folder / part["name"] / name
            for part in (*raw["segments"], raw["catalog"])
            for name in sorted(part["files"])
        ]
        self._kept = {path: path.read_bytes() for path in (*named, manifest)}
        self.files = tuple(self._kept)

    def content(self, number: int) -> bytes:
        """Return what a file holds when nothing is changed."""
        return self._kept[self.files[number % len(self.files)]]

    def is_array(self, number: int) -> bool:
        """Tell whether a file holds an array."""
        return self.files[number % len(self.files)].suffix == ".npy"

    def change(self, changes: Sequence[Change], *, sealed: bool) -> None:
        """Change files; with ``sealed`` sizes and hashes are put right afterwards.

        So is the seal of a manifest that is changed itself, if it is JSON still.
        """
        manifest = self.folder / storage.MANIFEST
        others = [one for one in changes if self._path(one) != manifest]
        for one in others:
            self._path(one).write_bytes(self._content(one))
        if sealed and others:
            reseal(self.folder)
        for one in changes:
            if self._path(one) == manifest:
                content = self._content(one)
                manifest.write_bytes(_sealed(content) if sealed else content)

    def restore(self, changes: Sequence[Change]) -> None:
        """Put the files back that were changed."""
        for path in {self.folder / storage.MANIFEST, *map(self._path, changes)}:
            path.write_bytes(self._kept[path])

    def _path(self, change: Change) -> Path:
        return self.files[change.file % len(self.files)]

    def _content(self, change: Change) -> bytes:
        path = self._path(change)
        before = self._kept[path]
        if change.way == "patch":
            place = int.from_bytes(change.data[:2], "little") % (len(before) + 1)
            gone = sum(change.data[2:3])
            return before[:place] + change.data[3:] + before[place + gone :]
        if change.way == "bytes" or path.suffix != ".npy":
            return change.data
        kept = np.load(io.BytesIO(before))
        numbers = np.frombuffer(change.data, np.int8).astype(kept.dtype)
        if kept.ndim > 1:
            width = kept.shape[1]
            numbers = numbers[: len(numbers) // width * width].reshape(-1, width)
        made = io.BytesIO()
        np.save(made, numbers)
        return made.getvalue()


def _sealed(data: bytes) -> bytes:
    try:
        raw = json.loads(data)
        raw.pop("seal", None)
        return json.dumps(raw | {"seal": storage._seal(raw)}).encode()
    except (ValueError, RecursionError, AttributeError, TypeError):
        return data


def reseal(index: Path) -> None:
    """Write into the manifest what the files are now, as whoever made them up would."""
    path = index / storage.MANIFEST
    raw = json.loads(path.read_text(encoding="utf-8"))
    for part in (*raw["segments"], raw["catalog"]):
        for name in part["files"]:
            data = (index / part["name"] / name).read_bytes()
            part["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]
    raw.pop("seal")
    path.write_text(json.dumps(raw | {"seal": storage._seal(raw)}), encoding="utf-8")


def open_and_read(folder: Path, embedder: Embedder, *, large: bool = False) -> None:
    """Open an index, as one that counts as large if so wanted, read all of it and search it.

    Raises:
        QAError: if it is not whole, or a document in it is not.

    """
    most = 0 if large else storage.WHOLE_CHECK_BYTES
    with patch.object(storage, "WHOLE_CHECK_BYTES", most):
        index = LocalIndex.open(folder, embedder)
    names = index.document_ids()
    assert len(names) == index.document_count() == len(index.content_hashes())
    for name in names:
        _assert_whole(index.document(name), name)
    assert set(index.digests(names)) <= set(names)
    vectors = np.full((1, DIMENSION), 0.5, np.float32)
    if len(index):
        (found,) = index.candidates(vectors, [QUESTION], 100)
        for hit in rank(found, 20.0, 10):
            index.paragraph(hit.number)
    index.document_frequencies(QUESTION)


def _assert_whole(document: Document, name: str) -> None:
    assert document.id == name
    for paragraph in split(document):
        assert document.text[paragraph.start : paragraph.end] == paragraph.text
