"""From a run to a reader's folder: weights in 16 bits, tokenizer, settings, model card."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.errors import ModelError
from qa.reader.cross import Windows
from qa.reader.files import READER_FILE, WEIGHTS_FILE
from qa.reader.tokens import TOKENIZER_FILE
from qa.training.card import CARD, data_table, fact_table, quoted
from qa.training.evaluate_reader import ReaderScore, table
from qa.training.model import reader_base
from qa.training.records import Prepared
from qa.training.run import Run
from qa.training.weights import Candidate, mean_of

__all__ = ["export_reader"]

CONFIG = "config.json"


def export_reader(
    run: Run,
    candidate: Candidate,
    prepared: Prepared,
    scores: Sequence[ReaderScore],
    folder: Path,
    note: str = "",
) -> None:
    """Write the reader's folder, put together aside and renamed; ``note`` is for the card.

    Raises:
        ModelError: if ``folder`` exists.

    """
    from safetensors.torch import save

    from qa.reader.network import Network

    if folder.exists():
        raise ModelError(f"{folder} exists already; name a new folder, or remove it first")
    settings = run.reader_settings()
    base = reader_base(settings.base)
    network = Network.of(base)
    network.load_state_dict(mean_of(candidate.snapshots), strict=False)
    aside = folder.with_name(folder.name + ".writing")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name in (CONFIG, TOKENIZER_FILE):
        shutil.copyfile(base / name, aside / name)
    windows = Windows(settings.longest)
    text = json.dumps({"longest": windows.longest, "overlap": windows.overlap}, indent=1)
    (aside / READER_FILE).write_text(text + "\n", encoding="utf-8")
    halves = {name: weight.half().contiguous() for name, weight in network.state_dict().items()}
    (aside / WEIGHTS_FILE).write_bytes(save(halves))
    card = _card(folder.name, run, candidate, prepared, scores, note)
    (aside / CARD).write_text(card, encoding="utf-8")
    aside.rename(folder)


def _card(
    name: str,
    run: Run,
    candidate: Candidate,
    prepared: Prepared,
    scores: Sequence[ReaderScore],
    note: str,
) -> str:
    settings = run.reader_settings()
    steps = run.steps()
    shown = sum(one.questions for one in steps)
    minutes = sum(one.seconds for one in steps) / 60
    facts = {
        "base": f"the encoder of `{reader_base(settings.base).name}`, its own card is below",
        "weights": candidate.name,
        "steps": f"{len(steps):,} in {minutes:,.0f} minutes, {shown:,} questions shown, "
        "repeats and unanswerable forms counted",
        "input": "question, title and passages in one sequence of at most "
        f"{settings.longest} tokens, in training 2 to {settings.passages} passages of one article",
        "loss": "cross-entropy of the answering passage among all of them and “none”, and of the "
        "first and last token of the answer among all tokens of the passages",
        "unanswerable": f"{settings.removed_share:.0%} of the questions again without the "
        f"paragraph that answers, {settings.swapped_share:.0%} again with a name, number or date "
        f"swapped for another one of the article, {settings.foreign_share:.0%} asked of another "
        "article",
        "optimiser": f"AdamW, batches of {settings.examples_per_batch}, rate "
        f"{settings.learning_rate:g} after {settings.warmup_steps} steps ({settings.head_rate:g} "
        "times that for the heads), falling in a straight line to 0, weight decay "
        f"{settings.weight_decay:g}; embedding tables and the lowest {settings.frozen_layers} "
        f"layers frozen; dropout {settings.dropout:g} before the heads only",
        "augmentation": f"{settings.augmented_share:.0%} of the questions varied (typing errors, "
        "the other Chinese script, keywords, small talk, other words of the same meaning), "
        f"{settings.glossed_share:.0%} of the Chinese ones in rough English instead, word by word "
        "from CC-CEDICT (CC BY-SA 4.0); traditional script is read as simplified",
        "seed": str(settings.seed),
        "repeats": ", ".join(f"{c} × {n}" for c, n in settings.repeats.items()) or "none",
    }
    sections = [
        f"# {name}",
        "Reads a question together with the passages found for it, and tells of each passage how "
        "likely it answers, which words answer, and how likely none does. `Config.reader` takes "
        "its name or folder. Weights are float16 on disk, computed in float32 or, where the "
        "processor has it, bfloat16.",
        "## Training",
        note or "Made with the commands of `python -m qa.training`.",
        fact_table(facts),
        "## Data",
        data_table(prepared),
        "## Figures",
        "In per cent, on held-out articles of at least three paragraphs, behind the bundled "
        "retriever; the areas are under the ROC curve of the reader's own log-odds.\n\n"
        + (table(scores) if scores else "Not measured; run `python -m qa.training evaluate`."),
        "## Limits",
        "- Trained on encyclopaedia articles, and on questions that one paragraph answers.\n"
        "- The figures are of articles of the same collections; expect a little less elsewhere.\n"
        "- Of questions in another language than the passages it has seen nothing but rough "
        "English about Chinese articles, made from a dictionary.",
        "## The base model's card",
        quoted(reader_base(settings.base) / CARD),
    ]
    return "\n\n".join(sections) + "\n"
