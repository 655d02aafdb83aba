"""The bundled kind of reader: a cross-encoder that sees the question with all passages."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from qa.config import MODELS
from qa.embedding.compute import (
    computing,
    fast_precision,
    free_threads,
    one_blas_thread,
    threads_sleep,
    torch_is_there,
)
from qa.embedding.manifest import ManifestCheck
from qa.errors import ModelError
from qa.reader import Reading, Text
from qa.reader.calibration import Calibration, load_calibration
from qa.reader.files import READER_FILE
from qa.reader.layout import Layout, Placed, lay_out
from qa.reader.numpy_network import NumpyNetwork
from qa.reader.tokens import plainly_asked, tokenize
from qa.text import strip
from qa.types import Floats, Span

if TYPE_CHECKING:
    from qa.reader.network import Network

__all__ = [
    "ENOUGH",
    "CrossReader",
    "Windows",
    "best_span",
    "open_reader",
    "tidy",
]

LONGEST_ANSWER = 96
"""In tokens."""

EMPTY = Reading(-20.0, None, 0.0)
"""Of a passage without any token."""

ENOUGH = 1.0
"""Log-odds of an answer from which nothing more is read. On questions kept apart it cost nothing:
whatever follows in the ranking is seldom better than what already answers well."""

_CLOSED_BY = dict(zip("”’」』）)】》〉〗］]", "“‘「『（(【《〈〖［[", strict=True))
_OPENED_BY = {opening: closing for closing, opening in _CLOSED_BY.items()}
_MARKS = "，,、；;：:。.！!？?"
_LOOSE_FIRST = {*_MARKS, *_CLOSED_BY}
_LOOSE_LAST = {*_MARKS, *_OPENED_BY}


@dataclass(frozen=True, slots=True)
class Windows:
    """Tokens in a sequence, and how many of them two windows of a long passage share."""

    longest: int = 384
    overlap: int = 64


def open_reader(name: str) -> "CrossReader":
    """Return the reader of a bundled name or a folder, the same one for the same folder.

    Raises:
        ModelError: if there is none.

    """
    for folder in (MODELS / name, Path(name).expanduser()):
        if (folder / READER_FILE).is_file():
            return _opened(folder.resolve())
    bundled = sorted(path.parent.name for path in MODELS.glob(f"*/{READER_FILE}"))
    raise ModelError(
        f"no reader {name!r}; expected the folder of one that `python -m qa.training` exported, "
        f"a bundled name ({', '.join(bundled) or 'none here'}), or None to go without"
    )


@cache
def _opened(folder: Path) -> "CrossReader":
    return CrossReader(folder)


class CrossReader:
    """A reader loaded from a folder, at its first use and once.

    A first question is read by numpy if nothing has imported torch so far, the others by torch in
    the faster number format of this processor, 32 bits or bfloat16; all rank alike.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._network: Network | NumpyNetwork | None = None
        self._first_question: str | None = None
        self._begun = False
        self._windows = Windows()

    @classmethod
    def of(cls, network: "Network", folder: Path, windows: "Windows") -> "CrossReader":
        """Return a reader with a network in memory and the tokenizer of ``folder``."""
        reader = cls(folder)
        reader._network, reader._windows = network, windows
        return reader

    def read(self, question: str, passages: Sequence[Text]) -> list[Reading | None]:
        """Return a reading for each passage, in their order; None where reading was not needed.

        What does not fit into one sequence is read only while nothing before it answers well.
        """
        network = self._ready_network(question)
        asked, *rest = tokenize(
            [
                plainly_asked(question),
                *(passage.text for passage in passages),
                *(passage.context for passage in passages),
            ],
            self.folder,
        )
        tokens, contexts = rest[: len(passages)], rest[len(passages) :]
        full = [place for place, own in enumerate(tokens) if len(own)]
        layouts = lay_out(
            asked,
            [tokens[place] for place in full],
            [contexts[place] for place in full],
            self._windows.longest,
            self._windows.overlap,
        )
        readings: list[Reading | None] = [None] * len(passages)
        for place, own in enumerate(tokens):
            if not len(own):
                readings[place] = EMPTY
        with one_blas_thread() if isinstance(network, NumpyNetwork) else free_threads():
            for layout in layouts:
                for window, found in _read(network, layout):
                    place = full[window.passage]
                    known = readings[place]
                    if known is None or found.score > known.score:
                        answer = tidy(found.answer, passages[place].text) if found.answer else None
                        readings[place] = replace(found, answer=answer)
                if any(one is not None and one.score >= ENOUGH for one in readings):
                    break
        return readings

    @cached_property
    def calibration(self) -> Calibration:
        """What was fitted for this reader; a rough guess if nothing was."""
        return load_calibration(self.folder)

    def begin(self) -> None:
        """Begin to load the network in a thread, so that it is there for the first reading."""
        if self._network is None and not self._begun:
            self._begun = True
            threading.Thread(target=self._load_early, name="reader-loader").start()

    def _load_early(self) -> None:
        # Whoever reads is told.
        with contextlib.suppress(ModelError), computing(), self._lock:
            self._open_alone()

    def _ready_network(self, question: str) -> "Network | NumpyNetwork":
        """Return the network by torch, or by numpy for the first question without torch."""
        with computing(), self._lock:
            self._open_alone()
            is_first = self._first_question in (None, question)
            if isinstance(self._network, NumpyNetwork) and is_first:
                self._first_question = question
                return self._network
        return self.load()

    def _open_alone(self) -> None:
        """Load the network for a first reading; without torch, if nothing has imported it."""
        if self._network is None:
            self._network = self._load(without_torch=not torch_is_there())

    def load(self) -> "Network":
        """Return the network by torch, loaded on the first call.

        Raises:
            ModelError: if the folder holds no reader, or its files cannot be read.

        """
        with computing(), self._lock:
            if isinstance(self._network, NumpyNetwork):
                self._network = _by_torch(self._network)
            known = self._network or self._load(without_torch=False)
            self._network = known
            return cast("Network", known)

    def _load(self, *, without_torch: bool) -> "Network | NumpyNetwork":
        check = ManifestCheck(self.folder)
        try:
            settings = json.loads((self.folder / READER_FILE).read_text(encoding="utf-8"))
            self._windows = Windows(int(settings["longest"]), int(settings["overlap"]))
            network = _opened_network(self.folder, without_torch)
        except Exception as error:  # the library that reads weights has kinds of its own
            check.finish()
            raise ModelError(
                f"{self.folder} holds no reader that can be loaded ({error!r}); give the folder "
                "of one that `python -m qa.training` exported, or None to go without"
            ) from error
        check.finish()
        return network


def _opened_network(folder: Path, without_torch: bool) -> "Network | NumpyNetwork":
    if without_torch:
        # What numpy cannot read torch may, or it says what is wrong.
        with contextlib.suppress(Exception):
            return NumpyNetwork(folder)
    threads_sleep()
    from qa.reader.network import Network

    return Network.of(folder, dtype=fast_precision("auto")).train(mode=False)


def _by_torch(network: NumpyNetwork) -> "Network":
    """Return what reads by torch, with the weights that are here already."""
    threads_sleep()
    import torch

    from qa.reader.network import Network

    weights = {name: torch.from_numpy(one) for name, one in network.weights().items()}
    found = Network.made_of(network.config, weights, dtype=fast_precision("auto"))
    return found.train(mode=False)


def _read(network: "Network | NumpyNetwork", layout: Layout) -> Iterator[tuple[Placed, Reading]]:
    """Yield each window with what the network makes of it."""
    scores = network.score(layout)
    for window, score in zip(layout.windows, scores.answering.tolist(), strict=True):
        part = slice(window.first, window.last)
        span, certainty = best_span(scores.starts[part], scores.ends[part])
        answer = Span(window.tokens.starts[span.start], window.tokens.ends[span.end - 1])
        yield window, Reading(score, answer, certainty)


def best_span(starts: Floats, ends: Floats) -> tuple[Span, float]:
    """Return the likeliest first and last token together, half-open, and their probability.

    ``starts`` and ``ends`` are ``(n_tokens,)`` float32 logits.
    """
    shape = (len(starts), len(ends))
    allowed = np.triu(np.ones(shape, bool)) & np.tril(np.ones(shape, bool), LONGEST_ANSWER - 1)
    pairs = np.where(allowed, starts[:, None] + ends[None, :], -np.inf)
    first, last = divmod(int(pairs.argmax()), len(ends))
    certainty = 1 / float(np.exp(pairs - pairs[first, last]).sum())
    return Span(first, last + 1), certainty


def tidy(span: Span, text: str) -> Span:
    """Return ``span`` without outer blanks, loose punctuation and brackets of one side only.

    A token may hold a punctuation mark beside the last letter of the answer.
    """
    start, end = span.start, span.end
    while start < end:
        inside = strip(text, start, end)
        start, end = inside.start, inside.end
        words = text[start:end]
        if words and (words[-1] in _LOOSE_LAST or _alone(words[-1], words, _CLOSED_BY)):
            end -= 1
        elif words and (words[0] in _LOOSE_FIRST or _alone(words[0], words, _OPENED_BY)):
            start += 1
        else:
            break
    return Span(start, end) if start < end else span


def _alone(bracket: str, words: str, partners: Mapping[str, str]) -> bool:
    return bracket in partners and partners[bracket] not in words
