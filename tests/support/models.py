"""The bundled model: its folder, a copy of it, one that counts and one that remembers."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding import Embedder, Progress
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.types import Floats

__all__ = ["BotMaker", "CountingEmbedder", "RememberingEmbedder", "bundled", "linked_model"]

BotMaker = Callable[[Mapping[str, str]], Chatbot]


def bundled() -> Path:
    folder = model_folder(Config().model)
    assert folder is not None
    return folder


def linked_model(folder: Path) -> Path:
    """Return a copy of the bundled model that shares its weights."""
    folder.mkdir()
    for path in sorted(bundled().rglob("*")):
        copy = folder / path.relative_to(bundled())
        if path.is_dir():
            copy.mkdir()
        elif path.suffix == ".safetensors":
            copy.symlink_to(path)
        else:
            shutil.copyfile(path, copy)
    return folder


class RememberingEmbedder:
    """The real model, which embeds each text and each question once."""

    def __init__(self, model: SentenceTransformerEmbedder) -> None:
        self._model = model
        self.name = model.name
        self.fingerprint = model.fingerprint
        self._documents: dict[str, Floats] = {}
        self._queries: dict[str, Floats] = {}

    def windows(self, text: str, context: str = "") -> list[str]:
        return self._model.windows(text, context)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self._remembered(self._documents, self._model.encode_documents, texts)

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        return self._remembered(self._queries, self._model.encode_queries, questions)

    def _remembered(
        self,
        rows: dict[str, Floats],
        encode: Callable[[Sequence[str]], Floats],
        texts: Sequence[str],
    ) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if not texts:
            return encode(texts)
        if new:
            rows.update(zip(new, encode(new), strict=True))
        return np.stack([rows[text] for text in texts])


class CountingEmbedder:
    """The real model, and what it was given to embed."""

    def __init__(self, model: Embedder, fingerprint: str = "") -> None:
        self._model = model
        self.name = model.name
        self.fingerprint = fingerprint or model.fingerprint
        self.embedded: list[str] = []
        self.asked: list[str] = []

    def windows(self, text: str, context: str = "") -> list[str]:
        return self._model.windows(text, context)

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        self.embedded += texts
        return self._model.encode_documents(texts, progress)

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        self.asked += questions
        return self._model.encode_queries(questions)
