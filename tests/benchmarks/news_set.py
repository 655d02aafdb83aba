"""The news set as JSON lines of articles with paragraphs, and vectors made up for them."""

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from itertools import count as counting
from pathlib import Path

import numpy as np

from qa.embedding import Progress
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.text import sentences
from qa.types import Floats

__all__ = ["NEWS", "RANDOM", "MadeUp", "clip", "repeat", "write_lines"]

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "news" / "news_2023.txt.xz"
SHORTEST = 45
RANDOM = np.random.default_rng(3)
LONGEST_HEADLINE = 30
DATELINE = re.compile(r"^.{0,24}(?:[日月]电|日报道|讯)\s*(?:[（(][^）)]{0,30}[）)])?\s*")
CLAUSES = re.compile(r"(?<=.{10})[，。！？；\s]")


class MadeUp(SentenceTransformerEmbedder):
    """The bundled model for questions; unit vectors out of thin air for paragraphs."""

    def encode_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        rows = RANDOM.standard_normal((len(texts), 384), np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def write_lines(news: Path, path: Path, count: int | None) -> Path:
    """Write the articles as JSON lines, a paragraph a line of their text."""
    with lzma.open(news, "rt", encoding="utf-8") as source, path.open("w", encoding="utf-8") as to:
        for number, line in enumerate(source):
            if number == count:
                break
            date, _, text = line.partition("，正文：")
            article = {
                "id": f"news-{number}",
                "title": headline(text) or date.strip("[ ]"),
                "text": "\n".join(paragraphs(text.strip())),
            }
            to.write(json.dumps(article, ensure_ascii=False) + "\n")
    return path


def repeat(path: Path, least: int) -> None:
    """Append the articles again, under other ids, until there are ``least`` paragraphs."""
    size = path.stat().st_size
    written = 0
    with path.open("rb") as once, path.open("a", encoding="utf-8") as to:
        for turn in counting():
            once.seek(0)
            while once.tell() < size:
                article = json.loads(once.readline())
                written += article["text"].count("\n") + 1
                if turn:
                    again = article | {"id": f"{article['id']}-{turn}"}
                    to.write(json.dumps(again, ensure_ascii=False) + "\n")
                    if written >= least:
                        return
            if written >= least:
                return


def headline(text: str) -> str:
    """Return what an article opens with, without its dateline: the set has no titles."""
    return CLAUSES.split(DATELINE.sub("", text.strip()), maxsplit=1)[0][:LONGEST_HEADLINE]


def paragraphs(text: str) -> Iterator[str]:
    """Yield runs of sentences of at least ``SHORTEST`` characters."""
    run = ""
    for span in sentences(text):
        run += span.of(text)
        if len(run) >= SHORTEST:
            yield run
            run = ""
    if run:
        yield run


def clip(text: str) -> str:
    """Return 12 to 24 characters of a paragraph."""
    length = int(RANDOM.integers(12, 25))
    start_at = int(RANDOM.integers(0, max(len(text) - length, 1)))
    return text[start_at : start_at + length]
