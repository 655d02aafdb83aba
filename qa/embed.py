"""Embeddings by sentence-transformers; the one module of the retriever that imports it.

A paragraph longer than the model's window becomes several overlapping windows, cut at
sentence ends, each embedded on its own.
"""

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qa.errors import ModelError
from qa.text import without_surrogates
from qa.threads import one_thread
from qa.types import Floats
from qa.windows import cut_windows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["Embedder", "Progress", "SentenceTransformerEmbedder", "model_folder"]

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""

_PROMPT_TOKENS = 16
_LONGEST_CONTEXT = 120
_CHUNK = 256
_FEW_QUESTIONS = 4
_MANY_TEXTS = 1_000
"""From so many on it is worth finding out which number format is faster."""
_WORTH_IT = 1.3
"""Times as fast as float32 that bfloat16 must be to be taken."""


class Embedder(Protocol):
    """What the index and the retriever ask of a model."""

    @property
    def name(self) -> str:
        """The name an owner configured."""

    @property
    def fingerprint(self) -> str:
        """A hash that differs between models whose vectors must not be mixed."""

    def windows(self, text: str, context: str = "") -> list[str]:
        """Return what to embed for ``text``: ``context`` with all of it, or with each part."""

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows."""

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""


def model_folder(model: str) -> Path | None:
    """Return the folder of a bundled model's name or of a path; None for a hub name."""
    bundled = Path(__file__).parent / "models" / model
    if "/" not in model and (bundled / "modules.json").is_file():
        return bundled
    folder = Path(model).expanduser()
    return folder if folder.is_dir() else None


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, loaded at its first use and once.

    ``model`` is the name of a bundled model, a folder, or a hub name. Only a hub name makes
    it look at the network.
    """

    def __init__(self, model: str, *, batch_size: int = 32, overlap: float = 0.25) -> None:
        self.name = model
        self._folder = model_folder(model)
        self._batch_size = batch_size
        self._overlap = overlap
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._fingerprint: str | None = None
        self._prefers_bfloat16: bool | None = None

    @property
    def fingerprint(self) -> str:
        """A hash of the model's files; of its name, if it comes from a hub."""
        if self._fingerprint is None:
            self._fingerprint = _hash_folder(self._folder) if self._folder else _hash(self.name)
        return self._fingerprint

    def load(self) -> "SentenceTransformer":
        """Return the model, loaded on the first call.

        Raises:
            ModelError: if there is no such model, or its files cannot be read.

        """
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def windows(self, text: str, context: str = "") -> list[str]:
        """Return ``context`` with ``text``, or with each of its overlapping windows.

        A window with its context fits the model and is cut at sentence ends.
        """
        prefix = context[:_LONGEST_CONTEXT] + "\n" if context else ""
        model = self.load()
        limit = model.max_seq_length
        # A token is at least one character, but for signs that the tokenizer spells out.
        if limit is None or 2 * (len(prefix) + len(text)) <= limit - _PROMPT_TOKENS:
            return [prefix + text]
        size = limit - _PROMPT_TOKENS - len(self._token_ends(prefix))
        token_ends = self._token_ends(text)
        if len(token_ends) <= size:
            return [prefix + text]
        overlap = int(size * self._overlap)
        return [prefix + span.of(text) for span in cut_windows(text, token_ends, size, overlap)]

    def _token_ends(self, text: str) -> list[int]:
        """Return the character position after each token of ``text``."""
        encoded = self.load().tokenizer(
            without_surrogates(text),
            add_special_tokens=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        return [end for _, end in encoded["offset_mapping"]]

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return ``(n_texts, dimension)`` float32, unit rows; batches are sorted by length.

        Many texts are computed in bfloat16 where the processor is faster at it.
        """
        model = self.load()
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        parts: list[Floats] = []
        with self._number_format([texts[place] for place in order]):
            for start in range(0, len(order), _CHUNK):
                chunk = [texts[place] for place in order[start : start + _CHUNK]]
                parts.append(self._encode(model.encode_document, chunk))
                if progress is not None:
                    progress(min(start + _CHUNK, len(order)), len(order))
        if not parts:
            return np.empty((0, model.get_embedding_dimension() or 0), np.float32)
        vectors = np.concatenate(parts)
        result = np.empty_like(vectors)
        result[order] = vectors
        return result

    def _number_format(self, texts: Sequence[str]) -> contextlib.AbstractContextManager[object]:
        """Return the context to embed these texts in, the longest first."""
        if len(texts) < _MANY_TEXTS:
            return contextlib.nullcontext()
        import torch

        if self._prefers_bfloat16 is None:
            middle = len(texts) // 2
            sample = list(texts[middle : middle + self._batch_size])
            single, half = (self._seconds(sample, half=half) for half in (False, True))
            self._prefers_bfloat16 = half * _WORTH_IT < single
        return torch.autocast("cpu", torch.bfloat16, enabled=self._prefers_bfloat16)

    def _seconds(self, texts: list[str], *, half: bool) -> float:
        """Return how long it takes to embed ``texts`` in bfloat16 (``half``) or float32."""
        import torch

        encode = self.load().encode_document
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            # The first time in a format its weights are laid out for it.
            self._encode(encode, texts[:1])
            begun = time.perf_counter()
            self._encode(encode, texts)
            return time.perf_counter() - begun

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""
        model = self.load()
        with one_thread() if len(questions) <= _FEW_QUESTIONS else contextlib.nullcontext():
            return self._encode(model.encode_query, list(questions))

    def _encode(self, encode: Callable[..., Any], texts: list[str]) -> Floats:
        vectors = encode(
            list(map(without_surrogates, texts)),
            batch_size=self._batch_size,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _load(self) -> "SentenceTransformer":
        if self._folder is None and Path(self.name).is_absolute():
            raise ModelError(
                f"there is no folder {self.name}; give the folder of a sentence-transformers "
                "model, the name of a bundled model, or a hub name"
            )
        with _quiet():
            from sentence_transformers import SentenceTransformer

            try:
                model = SentenceTransformer(
                    str(self._folder or self.name),
                    device="cpu",
                    local_files_only=self._folder is not None,
                )
            except Exception as error:
                raise ModelError(
                    f"the model {self.name!r} could not be loaded ({error}); give the folder of a "
                    "sentence-transformers model, the name of a bundled model, or a hub name "
                    "that this machine can download"
                ) from error
        return model


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the loading report and progress bar of transformers off the user's terminal."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _hash_folder(folder: Path) -> str:
    """Return a hash of everything in a model folder that bears on its vectors."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
            if path.name == "calibration.json":
                continue
            digest.update(json.dumps(path.relative_to(folder).as_posix()).encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
