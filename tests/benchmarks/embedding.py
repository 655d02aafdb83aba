"""Embedding beside what the model alone reaches: ``python tests/benchmarks/embedding.py``.

Number formats, threads and processes on the same paragraphs of news, and what bfloat16 does to
a ranking. The format that this processor is slower at is measured on few paragraphs. Each
setting runs in processes of its own, one after another. Two processes of ``qa`` are what two
jobs of ``qa index --shard`` do at the same time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from news_set import NEWS, clip, write_lines

from qa.config import Config
from qa.embedding.compute import fast_precision
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.types import Floats

COUNT = 2_400
"""So many that half of them are many enough for ``qa`` to look for the faster format."""
COUNT_SLOW = 240
"""For the slower of both formats."""
COUNT_RANKED = 600
BATCH = 32
ROUNDS = 2
QUESTIONS = 200
K = 10

ALONE = """
import json, sys, time
import torch
from sentence_transformers import SentenceTransformer
texts = sorted(json.load(open(sys.argv[1], encoding="utf-8")), key=len, reverse=True)
model = SentenceTransformer(sys.argv[2], device="cpu", local_files_only=True)
torch.set_num_threads(int(sys.argv[4]))
with torch.autocast("cpu", torch.bfloat16, enabled=sys.argv[3] == "bfloat16"):
    model.encode_document(texts[:32], batch_size=32)
    begun = time.perf_counter()
    model.encode_document(texts, batch_size=32)
print(time.perf_counter() - begun)
"""
OURS = """
import json, sys, time
import torch
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
texts = json.load(open(sys.argv[1], encoding="utf-8"))
embedder = SentenceTransformerEmbedder(Config().model)
torch.set_num_threads(int(sys.argv[2]))
embedder.encode_documents(texts[:32])
begun = time.perf_counter()
embedder.encode_documents(texts)
print(time.perf_counter() - begun)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, default=NEWS, metavar="FILE")
    parser.add_argument("--paragraphs", type=int, default=COUNT, metavar="N")
    options = parser.parse_args()
    if not options.news.is_file():
        raise SystemExit(f"skipped: the news set is not at {options.news}; give it with --news")
    with tempfile.TemporaryDirectory() as temporary:
        texts = paragraphs(options.news, Path(temporary))[: options.paragraphs]
        pace(texts, Path(temporary))
    ranking(texts[:COUNT_RANKED])


def paragraphs(news: Path, folder: Path) -> list[str]:
    """Return paragraphs of news."""
    lines = write_lines(news, folder / "some.jsonl", COUNT // 4).read_text(encoding="utf-8")
    articles = [json.loads(line)["text"] for line in lines.splitlines()]
    return [text for article in articles for text in article.split("\n")][:COUNT]


def pace(texts: list[str], folder: Path) -> None:
    """Print paragraphs a second, medians of runs in turns."""
    every = max(len(texts) // COUNT_SLOW, 1)
    sets = {"all": texts, "some": texts[::every], "first": texts[::2], "second": texts[1::2]}
    paths = {name: str(folder / f"{name}.json") for name in sets}
    for name, own in sets.items():
        Path(paths[name]).write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
    model = str(model_folder(Config().model))
    cores = os.cpu_count() or 1
    fast = "bfloat16" if fast_precision("auto") == torch.bfloat16 else "float32"
    slow = "float32" if fast == "bfloat16" else "bfloat16"
    settings = {
        f"model alone, {kind}, {threads} threads": [
            (ALONE, [paths[own], model, kind, str(threads)])
        ]
        for kind, own in ((slow, "some"), (fast, "all"))
        for threads in (1, cores)
    }
    settings[f"model alone, {fast}, 2 processes of 1 thread"] = [
        (ALONE, [paths[half], model, fast, "1"]) for half in ("first", "second")
    ]
    for threads in (1, cores):
        settings[f"qa, {threads} threads"] = [(OURS, [paths["all"], str(threads)])]
    settings["qa, 2 processes of 1 thread"] = [
        (OURS, [paths[half], "1"]) for half in ("first", "second")
    ]
    times: dict[str, list[float]] = {name: [] for name in settings}
    for _ in range(ROUNDS):
        for name, programs in settings.items():
            times[name].append(together(programs))
    length = statistics.mean(map(len, texts))
    print(f"{len(texts):,} paragraphs of {length:.0f} characters, paragraphs a second:")
    for name, found in times.items():
        count = len(sets["some"]) if slow in name else len(texts)
        print(f"  {name:50}{count / statistics.median(found):8.1f}", flush=True)


def together(programs: list[tuple[str, list[str]]]) -> float:
    """Return the seconds that the slowest of programs run at once reports."""
    runs = [
        subprocess.Popen([sys.executable, "-c", code, *values], stdout=subprocess.PIPE, text=True)
        for code, values in programs
    ]
    return max(float(run.communicate()[0].splitlines()[-1]) for run in runs)


def ranking(texts: list[str]) -> None:
    """Print how far bfloat16 changes vectors and the nearest paragraphs of questions."""
    embedder = SentenceTransformerEmbedder(Config().model)
    model = embedder.load()

    def encode(*, half: bool) -> Floats:
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            found = model.encode_document(texts, batch_size=BATCH, normalize_embeddings=True)
        return np.asarray(found, np.float32)

    single, half = encode(half=False), encode(half=True)
    random = np.random.default_rng(2)
    asked = [clip(texts[place]) for place in random.choice(len(texts), QUESTIONS, replace=False)]
    questions = embedder.encode_queries(asked)
    same, first = [], []
    for question in questions:
        one = np.argsort(-(single @ question), kind="stable")[:K].tolist()
        two = np.argsort(-(half @ question), kind="stable")[:K].tolist()
        same.append(len(set(one) & set(two)) / K)
        first.append(one[0] == two[0])
    print(f"bfloat16 vectors: cosine with float32 at least {(single * half).sum(axis=1).min():.5f}")
    print(f"  of the nearest {K} the same: {np.mean(same):.4f}, the first: {np.mean(first):.3f}")


if __name__ == "__main__":
    main()
