"""The same questions about the same paragraphs in two languages (XQuAD)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.errors import LabelError
from qa.training.data.packed import read_text
from qa.training.prepare.sources import Source, from_entries

__all__ = ["from_translated"]

_BLANK = re.compile(r"\W+")
_COMPARED = 200
"""Characters, blanks and punctuation left out, by which two copies of a paragraph are one."""


def from_translated(
    path: Path, translated: Path, collection: str, others: Sequence[Path] = ()
) -> Source:
    """Read two files in SQuAD form with ids in common: ``translated`` in another language.

    The paragraphs are those of ``path``; they are asked the questions of both. ``others`` are
    files in SQuAD form in the language of ``translated``: what they ask of the same paragraph
    and it does not answer is asked too.

    Raises:
        LabelError: if a file has another form.

    """
    entries = _entries(path)
    try:
        asked = {q["id"]: q["question"] for _, part in _parts(_entries(translated)) for q in part}
        contexts = {
            q["id"]: context for context, part in _parts(_entries(translated)) for q in part
        }
        unanswered = _unanswered(others)
        for entry in entries:
            for part in entry["paragraphs"]:
                part["qas"] = list(_in_both(part["qas"], asked, contexts, unanswered))
    except (KeyError, TypeError) as error:
        raise LabelError(
            f"{path} and {translated} share no ids of questions ({error!r})"
        ) from error
    return from_entries(entries, collection)


def _in_both(
    labelled: Sequence[dict[str, Any]],
    asked: Mapping[str, str],
    contexts: Mapping[str, str],
    unanswered: Mapping[str, Sequence[str]],
) -> Iterator[dict[str, Any]]:
    for one in labelled:
        yield one
        yield one | {"question": asked[one["id"]], "kind": "e"}
    known = _key(contexts[labelled[0]["id"]]) if labelled else ""
    for question in unanswered.get(known, ()):
        yield {"question": question, "is_impossible": True, "kind": "g"}


def _unanswered(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Return the questions without an answer under the paragraph they are asked of."""
    return {
        _key(context): [one["question"] for one in part if one.get("is_impossible")]
        for path in paths
        for context, part in _parts(_entries(path))
    }


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads(read_text(path))["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise LabelError(f"{path} is not in SQuAD form ({error!r}); expected data[]") from error
    return entries


def _parts(entries: Sequence[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for entry in entries:
        for part in entry["paragraphs"]:
            yield part["context"], part["qas"]


def _key(context: str) -> str:
    return _BLANK.sub("", context)[:_COMPARED]
