"""From a reader's run to its folder: weights in 16 bits, tokenizer, lengths of windows, a card."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from qa.embedding.tokenizer import TOKENIZER_FILE
from qa.reader.cross import Windows
from qa.reader.files import READER_FILE, WEIGHTS_FILE
from qa.training.reader.evaluate import table
from qa.training.run.card import CARD, NOT_MEASURED, Contents, Origin, card
from qa.training.run.encoder import reader_base
from qa.training.run.exported import new_folder
from qa.training.run.scores import ReaderScore
from qa.training.run.settings import ReaderSettings
from qa.training.run.weights import trained_network

__all__ = ["export_reader"]

CONFIG = "config.json"


def export_reader(origin: Origin, scores: Sequence[ReaderScore], folder: Path) -> None:
    """Write the reader's folder; of the ``scores`` those of the chosen weights are told.

    Raises:
        ModelError: if ``folder`` exists.

    """
    from safetensors.torch import save

    settings = origin.run.settings(ReaderSettings)
    base = reader_base(settings.base)
    with new_folder(folder) as aside:
        for name in (CONFIG, TOKENIZER_FILE):
            shutil.copyfile(base / name, aside / name)
        windows = json.dumps(asdict(Windows(settings.longest)), indent=1)
        (aside / READER_FILE).write_text(windows + "\n", encoding="utf-8")
        weights = trained_network(base, origin.candidate).weights()
        halves = {name: weight.half().contiguous() for name, weight in weights.items()}
        (aside / WEIGHTS_FILE).write_bytes(save(halves))
        own = [one for one in scores if one.reader == origin.candidate.name]
        text = card(folder.name, origin, settings, base, _contents(settings, base, own))
        (aside / CARD).write_text(text, encoding="utf-8")


def _contents(settings: ReaderSettings, base: Path, scores: Sequence[ReaderScore]) -> Contents:
    return Contents(
        introduction="Reads a question together with the passages found for it, and tells of each "
        "passage how likely it answers, which words answer, and how likely none does. "
        "`Config.reader` takes its name or folder. Weights are float16 on disk, computed in "
        "float32 or, where the processor has it, bfloat16.",
        base="all weights of " if (base / READER_FILE).is_file() else "the encoder of ",
        counted="repeats and unanswerable forms counted",
        facts=_facts(settings),
        figures="In per cent, on held-out articles of at least three paragraphs, behind the "
        "bundled retriever; the areas are under the ROC curve of the reader's own log-odds.\n\n"
        + (table(scores) if scores else NOT_MEASURED),
        limits=_LIMITS,
    )


def _facts(settings: ReaderSettings) -> dict[str, str]:
    return {
        "input": "question, title and passages in one sequence of at most "
        f"{settings.longest} tokens, in training 2 to {settings.passages} passages of one article",
        "loss": "cross-entropy of the answering passage among all of them and “none”, and of the "
        "first and last token of the answer among all tokens of the passages",
        "unanswerable": f"{settings.removed_share:.0%} of the questions again without the "
        f"paragraph that answers, {settings.swapped_share:.0%} again with a name, number or date "
        f"swapped for another one of the article, {settings.foreign_share:.0%} asked of another "
        "article; questions that people wrote for an article that does not answer them; of forms "
        "that are mostly one or the other some left out",
        "variety": f"{settings.joined_share:.0%} of the articles with neighbouring paragraphs "
        f"joined up to 200 to {settings.joined_characters} characters, "
        f"{settings.unpunctuated_share:.0%} without full stops, {settings.mixed_share:.0%} of the "
        "questions with a paragraph of another article among their own, nonsense asked of "
        f"{settings.nonsense_share:.0%} of the articles",
        "optimiser": f"AdamW, batches of about {settings.tokens_per_batch:,} tokens, rate "
        f"{settings.learning_rate:g} after {settings.warmup_steps} steps ({settings.head_rate:g} "
        "times that for the heads), falling in a straight line to 0, weight decay "
        f"{settings.weight_decay:g}; embedding tables and the lowest {settings.frozen_layers} "
        f"layers frozen; dropout {settings.dropout:g} before the heads, "
        f"{settings.encoder_dropout:g} inside the encoder; the running mean of the weights "
        f"(decay {settings.average:g}) is kept; "
        f"{settings.masked_share:.0%} of the tokens masked, but not of answers",
        "augmentation": f"{settings.augmented_share:.0%} of the questions varied (typing errors, "
        "the other Chinese script, keywords, small talk, other words of the same meaning), "
        f"{settings.glossed_share:.0%} of the Chinese ones in rough English instead, word by word "
        "from CC-CEDICT (CC BY-SA 4.0); traditional script is read as simplified",
    }


_LIMITS = (
    "- Trained on questions that one paragraph answers, and on no others than those of the "
    "collections above.\n"
    "- The figures are of articles of the same collections; expect a little less elsewhere.\n"
    "- Of questions in another language than the passages it has seen English about Chinese "
    "articles only."
)
