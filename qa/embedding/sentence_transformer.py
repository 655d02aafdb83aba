"""Embeddings by sentence-transformers; the one module of the retriever that imports it.

Questions to a model like the bundled one are encoded without it: importing it takes seconds, and
most processes only ask.

A paragraph longer than the model's window becomes several overlapping windows, cut at
sentence ends, each embedded on its own.
"""

import contextlib
import hashlib
import json
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from qa.config import MODELS
from qa.embedding import Progress
from qa.embedding.compute import (
    all_threads,
    computing,
    one_blas_thread,
    one_thread,
    thread_count,
    threads_sleep,
    torch_is_there,
)
from qa.embedding.helpers import LARGEST_POOL, Helpers, spread
from qa.embedding.manifest import ManifestCheck, file_hash, listed
from qa.embedding.questions import QuestionEncoder, can_encode
from qa.embedding.windows import cut_windows
from qa.errors import ModelError
from qa.memory import give_memory_back
from qa.text import without_surrogates
from qa.types import Floats

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceTransformerEmbedder", "model_folder"]

_PROMPT_TOKENS = 16
_LONGEST_CONTEXT = 120
_CHUNK = 64
_TEXTS_A_PROCESS = 200
"""From so many for each on, further processes are worth the seconds that they take to start."""
_FEW_QUESTIONS = 4
_MANY_TEXTS = 1_000
"""From so many on it is worth finding out which number format is faster."""
_WORTH_IT = 1.3
"""Times as fast as float32 that bfloat16 must be to be taken."""


def model_folder(model: str) -> Path | None:
    """Return the folder of a bundled model's name or of a path; None for a hub name."""
    bundled = MODELS / model
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
        self._question_lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        self._questions: QuestionEncoder | None = None
        self._questions_opened = False
        self._fingerprint: str | None = None
        self._prefers_bfloat16: bool | None = None
        self._helpers = Helpers(
            {
                "model": str(self._folder and self._folder.resolve()),
                "batch_size": batch_size,
                "processes": LARGEST_POOL,
            }
        )
        # Not a method of its own: it would keep what it is to end for.
        weakref.finalize(self, self._helpers.end)

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
                with computing():
                    model = self._load()
                    self._share_weights(model)
                self._loaded = model
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

        Many texts are computed in bfloat16 where the processor is faster at it, and by several
        processes where there are several cores.
        """
        model = self.load()
        processes = self._processes(len(texts))
        all_threads(processes)
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        ordered = [texts[place] for place in order]
        half = self._is_half_faster(ordered)
        parts = spread(
            [ordered[start : start + _CHUNK] for start in range(0, len(order), _CHUNK)],
            partial(self.encode_here, half=half),
            self._helpers,
            processes - 1,
            half=half,
            done=lambda count: progress(count, len(order)) if progress is not None else None,
        )
        if not parts:
            return np.empty((0, model.get_embedding_dimension() or 0), np.float32)
        vectors = np.concatenate(parts)
        result = np.empty_like(vectors)
        result[order] = vectors
        return result

    def encode_here(self, texts: Sequence[str], *, half: bool) -> Floats:
        """Return what :meth:`encode_documents` does, by this thread, in bfloat16 with ``half``."""
        import torch

        with computing(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            return self._encode(self.load().encode_document, list(texts))

    def _processes(self, count: int) -> int:
        """Return how many processes embed so many texts, this one included."""
        # Of a hub's model each would ask the network.
        if self._folder is None:
            return 1
        return max(1, min(count // _TEXTS_A_PROCESS, thread_count(), LARGEST_POOL))

    def _is_half_faster(self, texts: Sequence[str]) -> bool:
        """Tell whether to embed these texts, the longest first, in bfloat16."""
        if len(texts) < _MANY_TEXTS:
            return False
        if self._prefers_bfloat16 is None:
            middle = len(texts) // 2
            sample = list(texts[middle : middle + self._batch_size])
            single, half = (self._seconds(sample, half=half) for half in (False, True))
            self._prefers_bfloat16 = half * _WORTH_IT < single
        return self._prefers_bfloat16

    def _seconds(self, texts: list[str], *, half: bool) -> float:
        """Return how long it takes to embed ``texts`` in bfloat16 (``half``) or float32."""
        # The first time in a format its weights are laid out for it.
        self.encode_here(texts[:1], half=half)
        begun = time.perf_counter()
        self.encode_here(texts, half=half)
        return time.perf_counter() - begun

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        """Return ``(n_questions, dimension)`` float32, unit rows."""
        own = self._question_encoder(len(questions))
        with _threads(own, len(questions)):
            if own is not None:
                return own.encode(list(map(without_surrogates, questions)), self._batch_size)
            return self._encode(self.load().encode_query, list(questions))

    def _question_encoder(self, count: int) -> "QuestionEncoder | None":
        """Return what encodes ``count`` questions without sentence-transformers, if anything can.

        A first one is encoded without torch too, if nothing has imported it so far.
        """
        with computing(), self._question_lock:
            if self._questions is not None:
                self._questions.use_torch()
            elif not self._questions_opened and self._folder is not None:
                alone = count == 1 and not torch_is_there()
                self._questions = self._open_questions(self._folder, without_torch=alone)
            self._questions_opened = True
            return self._questions

    def _open_questions(self, folder: Path, *, without_torch: bool) -> "QuestionEncoder | None":
        check = ManifestCheck(folder)
        threads_sleep()
        try:
            found = QuestionEncoder(folder, without_torch) if can_encode(folder) else None
        except Exception as error:  # the libraries that read weights have kinds of their own
            check.finish()
            raise self._not_loaded(error) from error
        check.finish()
        return found

    def _share_weights(self, model: "SentenceTransformer") -> None:
        """Let a model that nobody uses yet have the weights that questions have already.

        They are some 85 MB, and are kept once.
        """
        import torch

        same = self._questions.torch_weights() if self._questions is not None else {}
        for name, parameter in cast("Any", model[0]).auto_model.named_parameters() if same else ():
            own = same.get(name)
            if own is not None and own.dtype == parameter.dtype and torch.equal(own, parameter):
                parameter.data = own
        give_memory_back()

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
        check = ManifestCheck(self._folder)
        threads_sleep()
        with _quiet():
            from sentence_transformers import SentenceTransformer

            try:
                model = SentenceTransformer(
                    str(self._folder or self.name),
                    device="cpu",
                    local_files_only=self._folder is not None,
                )
            except Exception as error:
                check.finish()
                raise self._not_loaded(error) from error
        check.finish()
        return model

    def _not_loaded(self, error: Exception) -> ModelError:
        if isinstance(error, MemoryError):
            return ModelError(
                f"there is not enough memory to load the model {self.name!r}; close other "
                "programs, or choose a smaller one"
            )
        return ModelError(
            f"the model {self.name!r} could not be loaded ({error}); give the folder of a "
            "sentence-transformers model, the name of a bundled model, or a hub name "
            "that this machine can download"
        )


def _threads(encoder: QuestionEncoder | None, count: int) -> AbstractContextManager[None]:
    """Return a context with the threads that so many questions are encoded by."""
    if encoder is not None and encoder.without_torch:
        return one_blas_thread()
    return one_thread() if count <= _FEW_QUESTIONS else contextlib.nullcontext()


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
    """Return a hash of everything in a model folder that bears on its vectors.

    Weights that a manifest lists are taken at its word: they are checked when they are loaded.
    """
    digest = hashlib.sha256()
    weights = _written_hashes(folder)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
            if path.name == "calibration.json":
                continue
            name = path.relative_to(folder).as_posix()
            digest.update(json.dumps(name).encode())
            digest.update(bytes.fromhex(weights.get(name) or file_hash(path)))
    return digest.hexdigest()[:16]


def _written_hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of weights that a manifest lists."""
    try:
        written = listed(folder)
    except (OSError, ValueError):
        # Told when the model is loaded.
        return {}
    return {
        name: value
        for name, value in written.items()
        if name.endswith(".safetensors") and re.fullmatch("[0-9a-f]{64}", value)
    }


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
