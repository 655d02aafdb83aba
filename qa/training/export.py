"""From a run to a model folder: the chosen weights in 16 bits, the base's files, a model card."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.calibration import CALIBRATION_FILE
from qa.errors import ModelError
from qa.training.card import CARD, data_table, fact_table, quoted
from qa.training.evaluate import Score, table
from qa.training.model import base_folder
from qa.training.records import Prepared
from qa.training.run import Run
from qa.training.weights import WEIGHTS_NAME, Candidate, merged

__all__ = ["card", "export"]


def export(
    run: Run,
    candidate: Candidate,
    prepared: Prepared,
    scores: Sequence[Score],
    folder: Path,
    note: str = "",
) -> None:
    """Write the model folder, put together aside and renamed; ``note`` is for the card.

    Raises:
        ModelError: if ``folder`` exists.

    """
    from safetensors.torch import save

    if folder.exists():
        raise ModelError(f"{folder} exists already; name a new folder, or remove it first")
    base = base_folder(run.settings().base)
    aside = folder.with_name(folder.name + ".writing")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(
        base,
        aside,
        ignore=shutil.ignore_patterns(WEIGHTS_NAME, CARD, CALIBRATION_FILE),
        copy_function=shutil.copyfile,
    )
    halves = {name: weight.half() for name, weight in merged(base, candidate).items()}
    (aside / WEIGHTS_NAME).write_bytes(save(halves, metadata={"format": "pt"}))
    text = card(folder.name, run, candidate, prepared, scores, note)
    (aside / CARD).write_text(text, encoding="utf-8")
    aside.rename(folder)


def card(
    name: str,
    run: Run,
    candidate: Candidate,
    prepared: Prepared,
    scores: Sequence[Score],
    note: str = "",
) -> str:
    """Return the model card: origin, data, licences, steps, settings, figures and limits."""
    settings = run.settings()
    base = base_folder(settings.base)
    steps = run.steps()
    shown = sum(one.questions for one in steps)
    minutes = sum(one.seconds for one in steps) / 60
    facts = {
        "base": f"`{base.name}`, its own card is below",
        "weights": candidate.name,
        "steps": f"{len(steps):,} in {minutes:,.0f} minutes, "
        f"{shown:,} questions shown, repeats counted",
        "loss": f"InfoNCE over cosines, temperature {settings.temperature:g}, against the other "
        "paragraphs of the same article and those of the other articles in the batch",
        "batch": f"about {settings.paragraphs_per_batch} paragraphs of several articles with their "
        f"questions, drawn in groups of about {settings.paragraphs_per_group} paragraphs",
        "optimiser": f"AdamW, rate {settings.learning_rate:g} after {settings.warmup_steps} "
        f"steps, falling in a straight line to 0, weight decay {settings.weight_decay:g}; "
        "embedding tables frozen, no dropout",
        "augmentation": f"{settings.augmented_share:.0%} of the questions varied (typing errors, "
        "the other Chinese script, keywords, small talk), "
        f"{settings.converted_share:.0%} of the articles in the other script",
        "seed": str(settings.seed),
        "repeats": ", ".join(f"{c} × {n}" for c, n in settings.repeats.items()) or "none",
    }
    sections = [
        f"# {name}",
        'A sentence-transformers folder: `SentenceTransformer("<this folder>")` loads it with '
        "no network. It embeds questions and paragraphs so that a question is nearest to the "
        "paragraph that answers it, within an article above all. Weights are float16 on disk "
        "and computed in 32 bits; tokenizer and prompts are the base's.",
        "## Training",
        note or "Made with the commands of `python -m qa.training`.",
        fact_table(facts),
        "## Data",
        data_table(prepared),
        "## Figures",
        _figures(candidate, scores),
        "## Limits",
        _LIMITS,
        "## The base model's card",
        quoted(base / CARD),
    ]
    return "\n\n".join(sections) + "\n"


_LIMITS = (
    "- Trained on questions that one paragraph answers, in the languages of the data above; "
    "others are as good or bad as in the base, at best.\n"
    "- The weights were chosen by the figures above, on articles of the same collections; "
    "expect a little less elsewhere.\n"
    "- A score tells which paragraph is nearest, not whether it answers: refusal needs its own "
    "threshold, fitted for these weights."
)


def _figures(candidate: Candidate, scores: Sequence[Score]) -> str:
    shown = [one for one in scores if one.model in ("base", candidate.name)]
    if not shown:
        return "Not measured; run `python -m qa.training evaluate`."
    return (
        "Share of questions, in per cent, whose own paragraph comes first within its article by "
        "cosine alone, on held-out articles of at least three paragraphs; *varied*: the same "
        "questions with typing errors, in the other script, as keywords or with small talk.\n\n"
        + table(shown)
    )
