"""Times the chatbot against the model it stands on: ``python tests/benchmarks/speed.py``.

Each pair is measured side by side, in turns, and reported as medians and their ratio.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qa.chatbot import Chatbot
from qa.chatbot.cached import open_or_build
from qa.config import MODELS, Config, default_corpus
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder

QUESTIONS = ("何为新市民?", "微乐贷的平均额度是多少?", "百信银行支持哪些行业?", "今天天气怎么样?")
ROUNDS = 25
STARTS = 5
EMBEDDED = 256

MODELS_READ = """
import torch
from safetensors.torch import load_file
for path in {weights!r}:
    for weight in load_file(path).values():
        weight.float()
"""
FIRST_ANSWER = """
from pathlib import Path
from qa.chatbot.cached import open_or_build
from qa.config import Config
open_or_build([{corpus!r}], Config(), Path({index!r})).ask("何为新市民?")
"""


def main() -> None:
    """Measure and print the table."""
    folder = model_folder(Config().model)
    if folder is None:
        raise SystemExit("the bundled model is missing")
    print(f"{'what':34}{'ours':>12}{'model alone':>14}{'ratio':>8}{'wanted':>10}")
    with tempfile.TemporaryDirectory() as temporary:
        index = str(Path(temporary) / "index")
        bot = open_or_build([default_corpus()], Config(reader=None), Path(index))
        reading = open_or_build([default_corpus()], Config(), Path(index))
        warm_question("one warm question, no reader, ms", bot, "<= 1.3")
        warm_question("one warm question, ms", reading, "< 250 ms")
        start(index)
        embedding(bot)


def warm_question(name: str, bot: Chatbot, wanted: str) -> None:
    """Time one warm question against encoding the same question."""
    bot.warm_up()
    model = SentenceTransformerEmbedder(bot.config.model).load()
    ours: list[float] = []
    alone: list[float] = []
    for turn in range(ROUNDS):
        # A question asked before is answered from memory; blanks make it another one.
        question = QUESTIONS[turn % len(QUESTIONS)] + " " * turn
        alone.append(_seconds(lambda asked=question: model.encode_query(asked)))
        ours.append(_seconds(lambda asked=question: bot.ask(asked)))
    _row(name, ours[2:], alone[2:], 1_000, wanted)


def start(index: str) -> None:
    """Time process start to first answer against importing torch and reading both models."""
    weights = sorted(map(str, MODELS.glob("*/*.safetensors")))
    code = FIRST_ANSWER.format(corpus=str(default_corpus()), index=index)
    ours: list[float] = []
    alone: list[float] = []
    for _ in range(STARTS):
        alone.append(_seconds(lambda: _run(MODELS_READ.format(weights=weights))))
        ours.append(_seconds(lambda: _run(code)))
    _row("process start to first answer, s", ours, alone, 1, "<= 1.15")


def embedding(bot: Chatbot) -> None:
    """Time embedding windows of mixed lengths against ``encode`` on them sorted by length."""
    paragraphs = [p.text for d in bot.documents for p in bot.paragraphs(d.id) if p.kind == "text"]
    texts = [
        paragraphs[number % len(paragraphs)][: 20 + number * 37 % 180] for number in range(EMBEDDED)
    ]
    embedder = SentenceTransformerEmbedder(bot.config.model, batch_size=bot.config.batch_size)
    model = embedder.load()
    longest_first = sorted(texts, key=len, reverse=True)
    ours: list[float] = []
    alone: list[float] = []
    for _ in range(3):
        alone.append(
            _seconds(lambda: model.encode_document(longest_first, batch_size=bot.config.batch_size))
        )
        ours.append(_seconds(lambda: embedder.encode_documents(texts)))
    _row(f"embedding {EMBEDDED} windows, s", ours, alone, 1, "<= 1.11")


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def _row(name: str, ours: list[float], alone: list[float], unit: float, wanted: str) -> None:
    own, other = statistics.median(ours), statistics.median(alone)
    print(
        f"{name:34}{own * unit:12.2f}{other * unit:14.2f}{own / other:8.2f}{wanted:>10}", flush=True
    )


if __name__ == "__main__":
    main()
