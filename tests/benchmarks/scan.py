"""Dense search, in float32 and in int8, beside the best known ones and the memory's limit.

``python tests/benchmarks/scan.py`` (needs the extra ``bench``) prints a table and, with
``--picture FILE``, draws it. All are measured in turns in one process; medians.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.allocation import in_memory
from qa.index.codes import Codes
from qa.index.nearest import Dense
from qa.index.segment import Segment
from qa.types import Floats

DIMENSION = 384
SIZES = (1_000, 10_000, 100_000, 1_000_000)
K = 10
LIMIT_SECONDS = 12.0
REDUCED_QUESTIONS = 100
RESCORED = 4
RANDOM = np.random.default_rng(5)

Search = Callable[[Floats], NDArray[np.int64]]
"""From ``(1, dimension)`` to the places of the nearest rows."""


@dataclass(frozen=True)
class Measured:
    """Milliseconds for one question, by method; ``limit`` is to read the matrix once."""

    size: int
    limit: float
    methods: dict[str, float]


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--picture", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(size, Path(folder)) for size in options.sizes]
        print_table(measured)
        reduced(Path(folder), max(options.sizes))
    if options.picture:
        draw(measured, Path(options.picture))


def made_up(size: int, folder: Path) -> Floats:
    """Return ``(size, 384)`` unit rows in clusters, as embeddings are, mapped from a file."""
    path = folder / f"{size}.npy"
    matrix = np.lib.format.open_memmap(path, "w+", np.float32, (size, DIMENSION))
    centres = RANDOM.standard_normal((max(size // 50, 1), DIMENSION), np.float32)
    for start in range(0, size, 50_000):
        part = matrix[start : start + 50_000]
        part[:] = centres[RANDOM.integers(len(centres), size=len(part))]
        part += RANDOM.standard_normal(part.shape, np.float32)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    matrix.flush()
    del matrix
    found: Floats = np.load(path, mmap_mode="r")
    return found


def questions_near(matrix: Floats, count: int) -> Floats:
    """Return ``(count, 384)`` unit rows, each near a row of the matrix."""
    rows = matrix[np.sort(RANDOM.choice(len(matrix), count, replace=False))]
    moved = rows + 0.05 * RANDOM.standard_normal(rows.shape, np.float32)
    found: Floats = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return found


def measure(size: int, folder: Path) -> Measured:
    """Time every method on the same questions, in turns, after checking that they agree."""
    matrix = made_up(size, folder)
    methods = {"ours": ours(matrix), "ours int8": ours(matrix, small=True), **others(matrix)}
    asked = questions_near(matrix, 20)
    for vector in asked[:3]:
        expected = set(methods["ours"](vector[None]).tolist())
        for name, search in methods.items():
            if set(search(vector[None]).tolist()) != expected:
                raise SystemExit(f"{name} finds something else at {size:,}")
    flat = np.asarray(matrix).reshape(-1)
    times: dict[str, list[float]] = {name: [] for name in ("limit", *methods)}
    begun = time.perf_counter()
    rounds = 0
    while rounds < 5 or (time.perf_counter() - begun < LIMIT_SECONDS and rounds < 300):
        vector = asked[rounds % len(asked)][None]
        times["limit"].append(seconds(lambda: np.dot(flat, flat)))
        for name, search in methods.items():
            times[name].append(seconds(lambda search=search, vector=vector: search(vector)))
        rounds += 1
    medians = {name: 1_000 * statistics.median(found) for name, found in times.items()}
    return Measured(size, medians.pop("limit"), medians)


def ours(matrix: Floats, *, small: bool = False) -> Search:
    """Return the search of the embedded index; ``small`` scans a copy in bytes."""
    codes = Codes.of(matrix, in_memory) if small else None
    starts = np.arange(len(matrix) + 1)
    segment = replace(Segment.build([]), embeddings=matrix, window_starts=starts, codes=codes)
    dense = Dense([segment])
    nothing = np.empty(0, np.int64)

    def search(vector: Floats) -> NDArray[np.int64]:
        found = dense.scan(vector)
        return dense.nearest(vector[0], found.cosines[0], float(found.errors[0]), nothing, K)

    return search


def others(matrix: Floats) -> dict[str, Search]:
    """Return the exact searches of faiss, sentence-transformers and usearch."""
    try:
        import faiss
        from usearch.index import MetricKind
        from usearch.index import search as usearch_search
    except ImportError as error:
        raise SystemExit(f"{error}; run: pip install -e '.[bench]'") from error
    import torch
    from sentence_transformers.util import semantic_search

    flat = faiss.IndexFlatIP(DIMENSION)
    flat.add(np.asarray(matrix))
    rows = torch.from_numpy(np.array(matrix))

    def by_sentence_transformers(vector: Floats) -> NDArray[np.int64]:
        found = semantic_search(torch.from_numpy(vector), rows, top_k=K)[0]
        return np.array([hit["corpus_id"] for hit in found])

    def by_usearch(vector: Floats) -> NDArray[np.int64]:
        found = usearch_search(np.asarray(matrix), vector[0], K, MetricKind.IP, exact=True)
        return np.asarray(found.keys, np.int64)

    return {
        "faiss IndexFlatIP": lambda vector: flat.search(vector, K)[1][0],
        "semantic_search": by_sentence_transformers,
        "usearch exact": by_usearch,
    }


def seconds(action: Callable[[], object]) -> float:
    """Return how long ``action`` takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def print_table(measured: list[Measured]) -> None:
    """Print milliseconds a question, and what share of the memory's speed ours uses."""
    names = list(measured[0].methods)
    print(f"{'vectors':>10}{'limit, ms':>11}" + "".join(f"{name:>19}" for name in names), end="")
    print(f"{'ours/best':>11}{'of limit':>10}")
    for one in measured:
        rival = min(value for name, value in one.methods.items() if "ours" not in name)
        print(f"{one.size:10,}{one.limit:11.3f}", end="")
        print("".join(f"{one.methods[name]:19.3f}" for name in names), end="")
        print(f"{one.methods['ours'] / rival:11.2f}{one.limit / one.methods['ours']:10.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"peak memory of all of them together: {peak / 1e9:.2f} GB", flush=True)


def reduced(folder: Path, size: int) -> None:
    """Print what smaller number formats with exact rescoring of the nearest find and cost."""
    import faiss

    matrix: Floats = np.load(folder / f"{size}.npy", mmap_mode="r")
    asked = questions_near(matrix, REDUCED_QUESTIONS)
    exact = [ours(matrix)(vector[None]) for vector in asked]
    kinds = {
        "float16": faiss.IndexScalarQuantizer(
            DIMENSION, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        ),
        "int8": faiss.IndexScalarQuantizer(
            DIMENSION, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        ),
    }
    print(f"\n{'faiss':10}{'MB':>8}{'ms':>9}{'recall@10 alone':>18}{'rescored':>10}")
    for name, index in kinds.items():
        index.train(np.asarray(matrix[:100_000]))
        index.add(np.asarray(matrix))
        print_reduced(name, lambda v, n, i=index: i.search(v, n)[1][0], matrix, asked, exact)
    bits = np.packbits(np.asarray(matrix) > 0, axis=1)
    index = faiss.IndexBinaryFlat(DIMENSION)
    index.add(bits)
    print_reduced(
        "binary",
        lambda v, n: index.search(np.packbits(v > 0, axis=1), n)[1][0],
        matrix,
        asked,
        exact,
    )


def print_reduced(
    name: str,
    search: Callable[[Floats, int], NDArray[np.int64]],
    matrix: Floats,
    asked: Floats,
    exact: list[NDArray[np.int64]],
) -> None:
    """Print size, time and recall of one format."""
    bytes_each = {"float16": 2 * DIMENSION, "int8": DIMENSION, "binary": DIMENSION // 8}[name]
    alone: list[float] = []
    rescored: list[float] = []
    times: list[float] = []
    for vector, expected in zip(asked, exact, strict=True):
        begun = time.perf_counter()
        near = search(vector[None], (20 if name == "binary" else RESCORED) * K)
        scores = np.round(np.asarray(matrix[near]) @ vector, 6)
        final = near[np.argsort(-scores, kind="stable")[:K]]
        times.append(time.perf_counter() - begun)
        alone.append(len(set(near[:K].tolist()) & set(expected.tolist())) / K)
        rescored.append(len(set(final.tolist()) & set(expected.tolist())) / K)
    megabytes = len(matrix) * bytes_each / 1e6
    print(
        f"{name:10}{megabytes:8.0f}{1_000 * statistics.median(times):9.2f}"
        f"{statistics.mean(alone):18.4f}{statistics.mean(rescored):10.4f}",
        flush=True,
    )


def draw(measured: list[Measured], path: Path) -> None:
    """Write the picture of time against size."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    sizes = [one.size for one in measured]
    axes.plot(sizes, [one.limit for one in measured], "k--", label="reading the matrix once")
    for name in measured[0].methods:
        values = [one.methods[name] for one in measured]
        axes.plot(sizes, values, "o-", label=name, linewidth=2.5 if name == "ours" else 1)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="vectors of 384 float32",
        ylabel="milliseconds a question",
        title="Exact search for the nearest 10",
    )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
