"""The card of an exported model: origin, data, licences, steps, settings, figures and limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.training.data.records import LabelledArticle, Prepared, counts
from qa.training.run.folder import Run
from qa.training.run.settings import Settings
from qa.training.run.weights import Candidate

__all__ = ["CARD", "NOT_MEASURED", "Contents", "Origin", "card"]

CARD = "README.md"
NOT_MEASURED = "Not measured; run `python -m qa.training evaluate`."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where exported weights come from; ``note`` tells in words how they were made."""

    run: Run
    candidate: Candidate
    prepared: Prepared
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the card of one kind of model tells.

    ``base`` says what of the base was taken, ``counted`` what is among the questions shown;
    ``facts`` are rows of the table of the training, ``figures`` and ``limits`` Markdown.
    """

    introduction: str
    base: str
    counted: str
    facts: Mapping[str, str]
    figures: str
    limits: str


def card(name: str, origin: Origin, settings: Settings, base: Path, contents: Contents) -> str:
    """Return the card of a model in Markdown; ``base`` is the folder of its base."""
    steps = origin.run.steps()
    shown = sum(one.questions for one in steps)
    minutes = sum(one.seconds for one in steps) / 60
    facts = {
        "base": f"{contents.base}`{base.name}`, its own card is below",
        "weights": origin.candidate.name,
        "steps": f"{len(steps):,} in {minutes:,.0f} minutes, {shown:,} questions shown, "
        + contents.counted,
        **contents.facts,
        "seed": str(settings.seed),
        "repeats": ", ".join(f"{c} × {n}" for c, n in settings.repeats.items()) or "none",
    }
    sections = [
        f"# {name}",
        contents.introduction,
        "## Training",
        origin.note or "Made with the commands of `python -m qa.training`.",
        _fact_table(facts),
        "## Data",
        _data_table(origin.prepared),
        "## Figures",
        contents.figures,
        "## Limits",
        contents.limits,
        "## The base model's card",
        _quoted(base / CARD),
    ]
    return "\n\n".join(sections) + "\n"


def _fact_table(facts: Mapping[str, str]) -> str:
    """Return names and values as a Markdown table."""
    rows = [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(["| what | value |", "| --- | --- |", *rows])


def _data_table(prepared: Prepared) -> str:
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


def _quoted(path: Path) -> str:
    """Return the Markdown file at ``path`` as a quotation."""
    if not path.is_file():
        return "It has none."
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)
