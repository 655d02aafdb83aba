"""From a retriever's run to a model folder: chosen weights in 16 bits, the base's files, a card."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.reader.calibration import CALIBRATION_FILE
from qa.training.retriever.evaluate import table
from qa.training.run.card import CARD, NOT_MEASURED, Contents, Origin, card
from qa.training.run.encoder import base_folder
from qa.training.run.exported import new_folder
from qa.training.run.scores import RetrieverScore
from qa.training.run.settings import RetrieverSettings
from qa.training.run.weights import WEIGHTS_NAME, Candidate, merged

__all__ = ["export"]


def export(origin: Origin, scores: Sequence[RetrieverScore], folder: Path) -> None:
    """Write the model folder; of the ``scores`` those of the base and the chosen weights are told.

    Raises:
        ModelError: if ``folder`` exists.

    """
    from safetensors.torch import save

    settings = origin.run.settings(RetrieverSettings)
    base = base_folder(settings.base)
    with new_folder(folder) as aside:
        shutil.copytree(
            base,
            aside,
            ignore=shutil.ignore_patterns(WEIGHTS_NAME, CARD, CALIBRATION_FILE),
            copy_function=shutil.copyfile,
            dirs_exist_ok=True,
        )
        halves = {name: weight.half() for name, weight in merged(base, origin.candidate).items()}
        (aside / WEIGHTS_NAME).write_bytes(save(halves, metadata={"format": "pt"}))
        contents = _contents(settings, origin.candidate, scores)
        text = card(folder.name, origin, settings, base, contents)
        (aside / CARD).write_text(text, encoding="utf-8")


def _contents(
    settings: RetrieverSettings, candidate: Candidate, scores: Sequence[RetrieverScore]
) -> Contents:
    return Contents(
        introduction='A sentence-transformers folder: `SentenceTransformer("<this folder>")` loads '
        "it with no network. It embeds questions and paragraphs so that a question is nearest to "
        "the paragraph that answers it, within an article above all. Weights are float16 on disk "
        "and computed in 32 bits; tokenizer and prompts are the base's.",
        base="",
        counted="repeats counted",
        facts={
            "loss": f"InfoNCE over cosines, temperature {settings.temperature:g}, against the "
            "other paragraphs of the same article and those of the other articles in the batch",
            "batch": f"about {settings.paragraphs_per_batch} paragraphs of several articles with "
            "their questions, drawn in groups of about "
            f"{settings.paragraphs_per_group} paragraphs",
            "optimiser": f"AdamW, rate {settings.learning_rate:g} after {settings.warmup_steps} "
            f"steps, falling in a straight line to 0, weight decay {settings.weight_decay:g}; "
            "embedding tables frozen, no dropout",
            "augmentation": f"{settings.augmented_share:.0%} of the questions varied (typing "
            "errors, the other Chinese script, keywords, small talk), "
            f"{settings.converted_share:.0%} of the articles in the other script",
        },
        figures=_figures(candidate, scores),
        limits=_LIMITS,
    )


_LIMITS = (
    "- Trained on questions that one paragraph answers, in the languages of the data above; "
    "others are as good or bad as in the base, at best.\n"
    "- The weights were chosen by the figures above, on articles of the same collections; "
    "expect a little less elsewhere.\n"
    "- A score tells which paragraph is nearest, not whether it answers: refusal needs its own "
    "threshold, fitted for these weights."
)


def _figures(candidate: Candidate, scores: Sequence[RetrieverScore]) -> str:
    shown = [one for one in scores if one.model in ("base", candidate.name)]
    if not shown:
        return NOT_MEASURED
    return (
        "Share of questions, in per cent, whose own paragraph comes first within its article by "
        "cosine alone, on held-out articles of at least three paragraphs; *varied*: the same "
        "questions with typing errors, in the other script, as keywords or with small talk.\n\n"
        + table(shown)
    )
