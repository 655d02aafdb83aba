"""What people think of answers, in files of the owner's choice.

A judgement that tells what is right becomes a labelled question, in the form that ``qa eval``
and ``qa.training prepare`` read. Every judgement, also one that only says "no", goes to a
second file beside it.
"""

import json
import os
import threading
from io import FileIO
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.types import Answer

__all__ = ["Feedback"]

LARGEST_FILE = 50_000_000
"""Bytes after which nothing more is written."""

_BLOCK_BYTES = 65_536


class Feedback:
    """Appends to ``path`` and to ``NAME-votes.jsonl`` beside it, which only their owner can read.

    A line is there whole or not at all: what is left of one that was cut off, as when the disk was
    full, is taken away before the next.

    Raises:
        QAError: if the file cannot be written.

    """

    def __init__(self, path: Path) -> None:
        self._labels = path
        self._votes = path.with_name(f"{path.stem}-votes.jsonl")
        self._lock = threading.Lock()
        try:
            with _opened(path):
                pass
        except OSError as error:
            raise QAError(
                f"feedback cannot be written to {path} ({error.strerror or error}); "
                "name a file in a folder that exists and can be written"
            ) from error

    def judge(self, answer: Answer, history: list[str], *, liked: bool) -> None:
        """Note whether an answer, or a refusal, was of use."""
        self._append(self._votes, _vote(answer, liked))
        if liked:
            best = answer.passages[0] if answer.answered and answer.passages else None
            self._append(self._labels, _label(answer, history, None if best is None else 0))

    def mark_right(self, answer: Answer, history: list[str], rank: int) -> None:
        """Note which of the passages is the right one; ``rank`` counts from 0."""
        self._append(self._labels, _label(answer, history, rank))

    def mark_absent(self, answer: Answer, history: list[str]) -> None:
        """Note that the article does not answer the question."""
        self._append(self._labels, _label(answer, history, None))

    def _append(self, path: Path, record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with self._lock, _opened(path) as file:
            end = _end_of_lines(file)
            file.seek(end)
            left = file.read()
            if _is_record(left):
                # Somebody else's last line, which lacks nothing but its end.
                end, line = end + len(left), b"\n" + line
            if end + len(line) > LARGEST_FILE:
                return
            file.truncate(end)
            try:
                file.seek(end)
                while line:
                    line = line[file.write(line) :]
            except OSError:
                file.truncate(end)
                raise


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _opened(path: Path) -> FileIO:
    """Return a file for reading and writing, made for its owner alone if it is not there."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    return FileIO(handle, "r+")


def _end_of_lines(file: FileIO) -> int:
    """Return where the last whole line of a file ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _BLOCK_BYTES)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _label(answer: Answer, history: list[str], rank: int | None) -> dict[str, Any]:
    label: dict[str, Any] = {
        "question": answer.asked,
        "source": answer.passages[0].paragraph.source if answer.passages else "",
        "evidence": [],
        "answer": "",
        "history": history if answer.question != answer.asked else [],
        "kind": "feedback",
    }
    if rank is not None:
        passage = answer.passages[rank]
        label["source"] = passage.paragraph.source
        label["evidence"] = [passage.text]
        if answer.answered and passage.answer is not None:
            label["answer"] = passage.answer.of(passage.text)
    return label


def _vote(answer: Answer, liked: bool) -> dict[str, Any]:
    return {"liked": liked, **answer.to_dict()}
