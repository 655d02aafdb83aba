"""Parts of a model card that every kind of model has."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from qa.training.records import LabelledArticle, Prepared, counts

__all__ = ["CARD", "data_table", "fact_table", "quoted"]

CARD = "README.md"


def fact_table(facts: Mapping[str, str]) -> str:
    """Return names and values as a Markdown table."""
    rows = [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(["| what | value |", "| --- | --- |", *rows])


def data_table(prepared: Prepared) -> str:
    """Return a table of the collections; no article is on both sides."""
    train, held_out = counts(prepared.split.train), counts(prepared.split.held_out)
    rows = [
        f"| {name} | {_size(prepared.split.train, name)} | {_size(prepared.split.held_out, name)}"
        f" | {prepared.licences.get(name, 'not told')} |"
        for name in dict.fromkeys([*train, *held_out])
    ]
    heads = ["| collection | for training | held out, by article | licence |"]
    return "\n".join([*heads, "| --- | --- | --- | --- |", *rows])


def _size(articles: Sequence[LabelledArticle], name: str) -> str:
    own = counts(articles).get(name)
    if own is None:
        return "nothing"
    return f"{own['questions']:,} questions on {own['articles']:,} articles"


def quoted(path: Path) -> str:
    """Return the Markdown file at ``path`` as a quotation."""
    if not path.is_file():
        return "It has none."
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)
