"""A long article that takes no time: its vectors are counted pairs of characters."""

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from qa import loaders
from qa.chatbot import Chatbot
from qa.config import Config
from qa.embedding import Progress
from qa.index.local import LocalIndex
from qa.reader.calibration import Calibration, Logistic
from qa.types import Floats

__all__ = ["PARAGRAPHS", "long_bot", "record"]

PARAGRAPHS = 3_000
_DIMENSION = 64
_ALWAYS = Logistic({}, bias=2.0, threshold=0.5)
_SHIPS = ("渡轮", "帆船", "货船", "渔船", "拖轮")
_PORTS = ("北港", "南湾", "东岛", "西礁", "长滩", "石门", "白沙")


class PairEmbedder:
    """Embeds a text by the pairs of characters that it has."""

    name = fingerprint = "pairs"

    def windows(self, text: str, context: str = "") -> list[str]:
        return [context + text]

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self.encode_queries(texts)

    def encode_queries(self, questions: Sequence[str]) -> Floats:
        vectors = np.ones((len(questions), _DIMENSION), np.float32)
        for row, text in zip(vectors, questions, strict=True):
            for first, second in pairwise(text):
                row[zlib.crc32((first + second).encode("utf-8")) % _DIMENSION] += 1
        norms: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / norms


def record(number: int) -> str:
    """Return the paragraph of the log that stands in that place, counted from 1."""
    ship, port = _SHIPS[number % len(_SHIPS)], _PORTS[number % len(_PORTS)]
    weather = "海面平静，能见度很好，" * (number % 6)
    return f"第{number}号记录：{ship}离开{port}，{weather}风向不变。"


def long_bot(paragraphs: int = PARAGRAPHS) -> Chatbot:
    """Return a chatbot on a log of so many paragraphs that has an answer to every question."""
    text = "\n\n".join(["航海日志", *map(record, range(2, paragraphs + 1))])
    index = LocalIndex.build([loaders.from_text("日志", text)], PairEmbedder())
    return Chatbot(index, PairEmbedder(), Calibration(_ALWAYS, _ALWAYS, "nothing"), Config())
