"""The chatbot beside others with the same embedding model: ``python tests/benchmarks/peers.py``.

Each runs in a process of its own, one after another, on the same articles of the written questions
kept apart (``dev``), as far as they stand alone. Time to the first answer is from the start of the
process and includes indexing the first article; the time of a question is the median of the others.
The others are not installed with the project. Once, and then with ``--python``:

    python3 -m venv PEERS
    PEERS/bin/pip install torch==2.13.0 sentence-transformers txtai \\
        haystack-ai sentence-transformers-haystack
    PYTHONPATH=. python tests/benchmarks/peers.py --python PEERS/bin/python

Haystack's extractive reader is left out: it needs a model that is not here.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from balanced import labels

from qa.config import NO_READER, Config
from qa.embedding.sentence_transformer import model_folder
from qa.training.data.records import LabelledArticle
from qa.training.data.written import written

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, sys, time
folder, reader, path = sys.argv[1:]
{peer}
for article in json.load(open(path, encoding="utf-8")):
    ask = index(article["paragraphs"])
    for question in article["questions"]:
        begun = time.perf_counter()
        passage, answered = ask(question)
        seconds = time.perf_counter() - begun
        print(json.dumps([seconds, passage, answered]), flush=True)
"""
OURS = """
from qa import Chatbot
from qa.config import Config, chosen_reader
config = Config(model=folder, reader=chosen_reader(reader))
def index(paragraphs):
    bot = Chatbot.from_texts({"article": "\\n\\n".join(paragraphs)}, config)
    def ask(question):
        answer = bot.ask(question)
        return answer.passages[0].text if answer.passages else "", answer.answered
    return ask
"""
SENTENCE_TRANSFORMERS = """
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(folder, device="cpu", local_files_only=True)
def index(paragraphs):
    rows = model.encode_document(paragraphs, normalize_embeddings=True)
    def ask(question):
        row = model.encode_query(question, normalize_embeddings=True)
        return paragraphs[int((rows @ row).argmax())], True
    return ask
"""
TXTAI = """
from txtai import Embeddings
prompts = {"query": "query: ", "data": "passage: "}
models = {}
def index(paragraphs):
    embeddings = Embeddings(path=folder, instructions=prompts, gpu=False, models=models)
    embeddings.index(paragraphs)
    return lambda question: (paragraphs[embeddings.search(question, 1)[0][0]], True)
"""
HAYSTACK = """
from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders import sentence_transformers as embedders
settings = {"model": folder, "device": ComponentDevice.from_str("cpu"), "local_files_only": True}
settings |= {"progress_bar": False, "normalize_embeddings": True}
texts = embedders.SentenceTransformersDocumentEmbedder(prefix="passage: ", **settings)
questions = embedders.SentenceTransformersTextEmbedder(prefix="query: ", **settings)
texts.warm_up()
questions.warm_up()
def index(paragraphs):
    store = InMemoryDocumentStore(shared=False)
    store.write_documents(texts.run([Document(content=text) for text in paragraphs])["documents"])
    retriever = InMemoryEmbeddingRetriever(store, top_k=1)
    def ask(question):
        row = questions.run(question)["embedding"]
        return retriever.run(query_embedding=row)["documents"][0].content, True
    return ask
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is compared: what it needs, and how it indexes and asks."""

    name: str
    module: str
    program: str
    reader: str = NO_READER


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the paragraphs that answer it; none if the article does not say."""

    question: str
    evidence: tuple[str, ...]


PEERS = (
    Peer("this", "qa", OURS, str(Config().reader)),
    Peer("this, without the reader", "qa", OURS),
    Peer("sentence-transformers alone", "sentence_transformers", SENTENCE_TRANSFORMERS),
    Peer("txtai", "txtai", TXTAI),
    Peer("haystack", "haystack_integrations.components.embedders.sentence_transformers", HAYSTACK),
)


def main() -> None:
    """Ask all of them, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", type=float, default=0.3, help="of the articles (%(default)s)")
    parser.add_argument("--python", default=sys.executable, help="where the others are installed")
    options = parser.parse_args()
    articles = list(sample(options.part))
    asked = [one for article in articles for one in alone(article)]
    print(f"{len(asked)} questions on {len(articles)} articles, {os.cpu_count()} cores")
    print(f"{'':28}{'first answer':>13}{'a question':>12}{'right first':>12}", end="")
    print(f"{'answered right':>15}{'refused':>9}")
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(json.dumps([task_of(one) for one in articles]), encoding="utf-8")
        for peer in PEERS:
            python = sys.executable if peer.program is OURS else options.python
            if is_there(python, peer.module):
                row(peer, asked, *run(peer, python, task))
            else:
                print(f"{peer.name:28}skipped: not installed; the benchmark's docstring says how")


def sample(part: float) -> Iterator[LabelledArticle]:
    """Yield the articles that ``balanced.py --part`` asks of."""
    chosen = random.Random(0)
    return (article for article in written().held_out if chosen.random() < part)


def alone(article: LabelledArticle) -> Iterator[Asked]:
    """Yield the questions of an article but those that follow up another one."""
    return (Asked(one.question, one.evidence) for one in labels(article) if not one.history)


def task_of(article: LabelledArticle) -> dict[str, Any]:
    """Return what a peer is given of an article."""
    questions = [one.question for one in alone(article)]
    return {"paragraphs": article.paragraphs, "questions": questions}


def is_there(python: str, module: str) -> bool:
    """Tell whether a program can import a module."""
    code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    done = subprocess.run([python, "-c", code, module], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0


def run(peer: Peer, python: str, task: Path) -> tuple[float, list[tuple[float, str, bool]]]:
    """Return the seconds to the first answer, and each: its seconds, passage, whether it is one."""
    code = PROGRAM.format(peer=peer.program)
    command = [python, "-c", code, str(model_folder(Config().model)), peer.reader, str(task)]
    quiet = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    begun = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | quiet, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        first = time.perf_counter() - begun
        lines += process.stdout
    if process.returncode:
        raise SystemExit(f"{peer.name} ended with {process.returncode}")
    return first, [json.loads(line) for line in lines]


def row(
    peer: Peer, asked: Sequence[Asked], first: float, told: Sequence[tuple[float, str, bool]]
) -> None:
    """Print what became of the questions."""
    given, not_given = [], []
    for one, (_, passage, answered) in zip(asked, told, strict=True):
        right = any(evidence in passage for evidence in one.evidence)
        (given if one.evidence else not_given).append((right, answered))
    right_first = statistics.mean(right for right, _ in given)
    answered_right = statistics.mean(right and answered for right, answered in given)
    refused = statistics.mean(not answered for _, answered in not_given)
    milliseconds = 1_000 * statistics.median(seconds for seconds, _, _ in told[1:])
    print(
        f"{peer.name:28}{first:11.1f} s{milliseconds:9.0f} ms{right_first:12.3f}"
        f"{answered_right:15.3f}{f'{refused:.3f}' if refused else 'never':>9}",
        flush=True,
    )


if __name__ == "__main__":
    main()
