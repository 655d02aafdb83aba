"""Whether what a program hands over is what was asked for; each function raises QAError if not.

Called where the public functions begin, so that nothing of the wrong kind gets far enough to end
in an error that tells of something else.
"""

import math
import numbers
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.errors import QAError

__all__ = [
    "HISTORY",
    "check_callable",
    "check_choice",
    "check_count",
    "check_flag",
    "check_folder",
    "check_history",
    "check_instance",
    "check_k",
    "check_name",
    "check_paths",
    "check_question",
    "check_questions",
    "check_share",
    "check_text",
    "check_texts",
    "shown",
    "wrong",
]

HISTORY = 100
"""Most earlier questions that are taken."""

EARLIER_CHARACTERS = 20_000
"""Longest of them; it may have been refused as a question."""

_MOST = 1_000_000_000
_SHOWN = 60


def check_question(question: object) -> str:
    """Return a question, which has to be a text."""
    return check_text(question, "question")


def check_questions(questions: object) -> Iterator[str]:
    """Yield questions, which have to be texts in something that is none itself."""
    if isinstance(questions, str) or not isinstance(questions, Iterable):
        raise wrong("questions", questions, "several texts, as a list")
    return (check_text(one, "a question") for one in questions)


def check_history(history: object, longest: int = EARLIER_CHARACTERS) -> tuple[str, ...]:
    """Return the earlier questions, at most ``HISTORY`` of at most ``longest`` characters."""
    if isinstance(history, str) or not isinstance(history, Sequence):
        raise wrong("history", history, "a list of the earlier questions, oldest first")
    if len(history) > HISTORY:
        raise QAError(
            f"history has {len(history):,} questions; expected at most {HISTORY}, the latest ones"
        )
    texts = tuple(check_text(one, "an earlier question") for one in history)
    longer = max(map(len, texts), default=0)
    if longer > longest:
        raise QAError(
            f"an earlier question has {longer:,} characters, at most {longest:,} are accepted; "
            "leave it out"
        )
    return texts


def check_k(k: object) -> int | None:
    """Return the number of passages wanted, None for the default."""
    return None if k is None else check_count(k, "k", least=1)


def check_count(value: object, name: str, least: int = 0) -> int:
    """Return a whole number that is not below ``least``."""
    try:
        found = least - 1 if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        found = least - 1
    if found < least:
        raise wrong(name, value, f"a whole number, {least} or more")
    return min(found, _MOST)


def check_share(value: object, name: str, most: float) -> float:
    """Return a number from 0 to ``most``."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    found = float(value) if is_number else math.nan  # type: ignore[arg-type]
    if not 0 <= found <= most:
        raise wrong(name, value, f"a number from 0 to {most:g}")
    return found


def check_flag(value: object, name: str) -> bool:
    """Return True or False."""
    if not isinstance(value, bool):
        raise wrong(name, value, "True or False")
    return value


def check_name(value: object, name: str) -> str:
    """Return a text that has something in it."""
    text = check_text(value, name)
    if not text.strip() or "\0" in text:
        raise wrong(name, value, "a text that names something")
    return text


def check_choice(value: object, name: str, choices: Sequence[str]) -> str:
    """Return one of the choices."""
    if not (isinstance(value, str) and value in choices):
        raise wrong(name, value, " or ".join(map(repr, choices)))
    return value


def check_folder(value: object, name: str) -> Path:
    """Return the path of something that is named, which "" does not."""
    if not isinstance(value, str | Path) or (isinstance(value, str) and not value.strip()):
        raise wrong(name, value, "a path, as a text or pathlib.Path")
    if "\0" in str(value):
        raise wrong(name, value, "a path, which has no null character in it")
    return Path(value)


def check_paths(paths: object) -> list[str | Path]:
    """Return the paths of files and folders, given as one or as several."""
    if isinstance(paths, str | Path):
        paths = [paths]
    if isinstance(paths, bytes) or not isinstance(paths, Iterable):
        raise wrong("paths", paths, "a path or a list of paths")
    found: list[str | Path] = []
    for path in paths:
        check_folder(path, "a path")
        found.append(path)
    return found


def check_texts(texts: object) -> Mapping[str, str]:
    """Return texts by name."""
    if not isinstance(texts, Mapping):
        raise wrong("texts", texts, "a dict with the texts by their names")
    for name, text in texts.items():
        check_text(name, "the name of a text")
        check_text(text, f"the text {shown(name)}")
    return texts


def check_instance(value: object, name: str, kind: type[Any], *, optional: bool = True) -> None:
    """Refuse what is not of a kind, and without ``optional`` None too."""
    if not isinstance(value, kind) and not (optional and value is None):
        raise wrong(name, value, f"a qa.{kind.__name__}")


def check_callable(value: Callable[..., object] | None, name: str) -> None:
    """Refuse what is neither None nor can be called."""
    if value is not None and not callable(value):
        raise wrong(name, value, "a function")


def check_text(value: object, name: str) -> str:
    """Return a text, which may be empty."""
    if not isinstance(value, str):
        raise wrong(name, value, "a text")
    return value


def wrong(name: str, value: object, expected: str) -> QAError:
    """Return the error that tells of a parameter, its value and what was expected."""
    return QAError(f"{name} is {shown(value)}; expected {expected}")


def shown(value: object) -> str:
    """Return a value as it is written in Python, cut short, or its kind if that fails."""
    try:
        written = repr(value)
    except Exception:  # what somebody handed over may do anything
        return f"a {type(value).__name__}"
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}… ({type(value).__name__})"
