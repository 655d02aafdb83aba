"""An index in float32 and in int8, side by side: ``python tests/benchmarks/formats.py INDEX``.

INDEX is a folder that ``qa index`` or ``news.py --embed N --keep FOLDER`` made, with the vectors
of real paragraphs. Prints whether candidates and fused ranking are the same, how many rows are
looked up, how long a search takes, and how much of the vectors' files is in memory.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from news_set import RANDOM, clip

from qa.config import VECTOR_FORMATS, Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.index import Candidates, nearest
from qa.index.folder import merge_folders
from qa.index.local import LocalIndex
from qa.index.nearest import Dense
from qa.reader.calibration import load_calibration
from qa.retrieval.fusion import rank
from qa.text import query_tokens
from qa.types import Floats

QUESTIONS = 200
LOOKED_AT = 50
LIMIT = Config().candidates
K = 10

RESIDENT = """
import json, re, sys, time
from pathlib import Path
import numpy as np
import torch
from qa.config import Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder
from qa.index.local import LocalIndex

folder, asked, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
vectors, queries = np.load(asked / "vectors.npy"), json.loads((asked / "queries.json").read_text())
index = LocalIndex.open(folder, SentenceTransformerEmbedder(Config().model))
for place, query in enumerate(queries):
    begun = time.perf_counter()
    index.candidates(vectors[place : place + 1], [query], limit)
    if place == 0:
        print(f"  the first search takes {1_000 * (time.perf_counter() - begun):.0f} ms")
    if place + 1 in (1, len(queries) // 10, len(queries)):
        found, name = {}, ""
        for line in open("/proc/self/smaps"):
            if re.match("[0-9a-f]+-[0-9a-f]+ ", line):
                name = Path(line.split()[-1]).stem
            elif line.startswith("Rss:") and name.startswith(("embeddings", "code")):
                found[name] = found.get(name, 0) + int(line.split()[1]) / 1024
        parts = ", ".join(f"{name} {size:.1f}" for name, size in sorted(found.items()))
        print(f"  MB in memory after {place + 1} questions: {sum(found.values()):.1f} ({parts})")
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path, metavar="INDEX")
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(Config().model)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary) / name for name in VECTOR_FORMATS}
        for name, folder in folders.items():
            begun = time.perf_counter()
            merge_folders([options.index], folder, embedder, name)
            print(f"{name}: written in {time.perf_counter() - begun:.1f} s", flush=True)
        indexes = [LocalIndex.open(folder, embedder) for folder in folders.values()]
        numbers = RANDOM.choice(len(indexes[0]), QUESTIONS).tolist()
        asked = [clip(indexes[0].paragraph(number).text) for number in numbers]
        vectors = embedder.encode_queries(asked)
        queries = [query_tokens(one) for one in asked]
        compare(indexes, vectors, queries)
        looked_up(indexes[1], vectors[:LOOKED_AT])
        np.save(Path(temporary) / "vectors.npy", vectors)
        (Path(temporary) / "queries.json").write_text(json.dumps(queries), encoding="utf-8")
        del indexes
        for name, folder in folders.items():
            print(f"{name}, from a cold cache:", flush=True)
            resident(folder, Path(temporary))


def compare(indexes: list[LocalIndex], vectors: Floats, queries: list[list[str]]) -> None:
    """Print how far what both find is the same, and the time of each."""
    scale = load_calibration(model_folder(Config().model)).dense_scale
    times: list[list[float]] = [[], []]
    found: list[list[Candidates]] = [[], []]
    for place, query in enumerate(queries):
        for index, own_times, own in zip(indexes, times, found, strict=True):
            # Rows that come from the disk are what the runs from a cold cache are for.
            index.candidates(vectors[place : place + 1], [query], LIMIT)
            begun = time.perf_counter()
            own += index.candidates(vectors[place : place + 1], [query], LIMIT)
            own_times.append(time.perf_counter() - begun)
    pairs = list(zip(*found, strict=True))
    same = [np.array_equal(one.numbers, other.numbers) for one, other in pairs]
    print(f"{len(indexes[0]):,} paragraphs, {len(queries)} questions, {LIMIT} candidates of each")
    print(f"  the same candidates: {np.mean(same):.4f} of the questions")
    ranks = [[[hit.number for hit in rank(one, scale, K)] for one in pair] for pair in pairs]
    recall = [len(set(one) & set(other)) / len(one) for one, other in ranks]
    print(f"  fused recall@{K}: {np.mean(recall):.4f}; in the same order: ", end="")
    print(f"{np.mean([one == other for one, other in ranks]):.4f}")
    for name in ("dense_mean", "dense_deviation"):
        most = max(abs(getattr(one, name) - getattr(other, name)) for one, other in pairs)
        print(f"  {name} differs by at most {most:.1e}")
    for name, own_times in zip(VECTOR_FORMATS, times, strict=True):
        print(f"  search in {name}: {1_000 * statistics.median(own_times):.1f} ms", flush=True)


def looked_up(small: LocalIndex, vectors: Floats) -> None:
    """Print how far off a cosine of the scan may be, and how many rows are looked up for it."""
    scan = Dense(small.segments).scan(vectors)
    share = min(1.0, nearest._DEVIATIONS / vectors.shape[1] ** 0.5)
    rows = [
        np.count_nonzero(own >= np.partition(own, -LIMIT)[-LIMIT] - 2 * share * error)
        for own, error in zip(scan.cosines, scan.errors, strict=True)
    ]
    print(f"  off by at most {scan.errors.mean():.4f}; rows looked up: ", end="")
    print(f"median {np.median(rows):.0f}, at most {max(rows)}", flush=True)


def resident(folder: Path, asked: Path) -> None:
    """Print how much of the vectors' files a process has in memory that asks all questions."""
    for path in folder.rglob("*.npy"):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    program = [sys.executable, "-c", RESIDENT, str(folder), str(asked), str(LIMIT)]
    subprocess.run(program, check=True)


if __name__ == "__main__":
    main()
