"""Every setting, in one frozen record."""

from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "FLOAT32",
    "INT8",
    "NO_READER",
    "VECTOR_FORMATS",
    "Config",
    "chosen_reader",
    "default_corpus",
]

NO_READER = "none"
"""What to call going without a reader, where only a name can be given."""
FLOAT32, INT8 = "float32", "int8"
VECTOR_FORMATS = (FLOAT32, INT8)
"""How an index may keep its vectors."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a chatbot; the defaults are the measured best."""

    model: str = "e5-small-zh-qa"
    """Bundled model name, folder of a sentence-transformers model, or hub name."""

    reader: str | None = "reader-small-zh"
    """Bundled reader name, or folder of a reader; None goes without: faster, less often right."""

    k: int = 5
    """Passages in an answer."""

    max_question_characters: int = 2_000
    """Longest accepted question, in characters."""

    batch_size: int = 32
    """Windows embedded together."""

    window_overlap: float = 0.25
    """Share of a window that the next window of the same paragraph repeats, in tokens."""

    candidates: int = 100
    """Paragraphs taken from each of dense and lexical search before fusion."""

    vectors: str = FLOAT32
    """How a new index keeps its vectors: "float32", or "int8" to scan a small copy of them."""

    read_passages: int = 8
    """The reader reads at most so many of the passages found."""

    read_characters: int = 1_500
    """It stops before the passage with which it would have read more, in characters."""

    allow_addresses: bool = False
    """Whether http and https addresses may be read as documents; local ones never are."""

    remembered_answers: int = 256
    """Answers kept for when the same question is asked again; of an index in Milvus none."""

    cache_folder: Path | None = None
    """Where the default chatbot keeps its index; None means the user's cache folder."""


def chosen_reader(name: str | None) -> str | None:
    """Return ``Config.reader`` for a name from outside: "none" is None, nothing the default."""
    return None if name == NO_READER else name or Config().reader


def default_corpus() -> Path:
    """Return the folder that the default chatbot answers from.

    An installed package carries the folder inside itself; a checkout has it beside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / "corpus"
    return inside if inside.is_dir() else package.parent / "corpus"
