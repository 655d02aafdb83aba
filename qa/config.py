"""Every setting, in one frozen record."""

from dataclasses import dataclass
from pathlib import Path

from qa.arguments import (
    check_choice,
    check_count,
    check_flag,
    check_folder,
    check_name,
    check_share,
)

__all__ = [
    "FLOAT32",
    "INT8",
    "MODELS",
    "NO_READER",
    "VECTOR_FORMATS",
    "Config",
    "chosen_reader",
    "default_corpus",
]

MODELS = Path(__file__).resolve().parent / "models"
"""The bundled models, one folder each."""
NO_READER = "none"
"""What to call going without a reader, where only a name can be given."""
FLOAT32, INT8 = "float32", "int8"
VECTOR_FORMATS = (FLOAT32, INT8)
"""How an index may keep its vectors."""
_MOST_OVERLAP = 0.9


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

    def __post_init__(self) -> None:
        """Raise QAError unless every setting is of its kind and within its bounds."""
        check_name(self.model, "Config.model")
        if self.reader is not None:
            check_name(self.reader, "Config.reader")
        for name in ("k", "max_question_characters", "batch_size", "candidates"):
            self._set(name, check_count(getattr(self, name), f"Config.{name}", least=1))
        for name in ("read_passages", "read_characters", "remembered_answers"):
            self._set(name, check_count(getattr(self, name), f"Config.{name}"))
        check_share(self.window_overlap, "Config.window_overlap", _MOST_OVERLAP)
        check_choice(self.vectors, "Config.vectors", VECTOR_FORMATS)
        check_flag(self.allow_addresses, "Config.allow_addresses")
        if self.cache_folder is not None:
            self._set("cache_folder", check_folder(self.cache_folder, "Config.cache_folder"))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


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
