"""The embedded index at the size of a newsroom's archive: ``python tests/benchmarks/news.py``.

19,300 news articles as JSON lines, cut into paragraphs of whole sentences. By default their
vectors are made up (which changes no figure below but the passages), since embedding all of
them takes a while; ``--embed N`` embeds N articles with the bundled model and reports its pace.
``--paragraphs 1000000`` repeats the articles until there are so many, and leaves out what takes
as long as reading all of them.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from news_set import NEWS, RANDOM, MadeUp, clip, repeat, write_lines

from qa.chatbot import Chatbot
from qa.config import VECTOR_FORMATS, Config
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder, model_folder
from qa.index.access import open_store
from qa.index.ingest import Pace, ingest
from qa.index.local import LocalIndex
from qa.text import query_tokens
from support.memory import held, highest

QUESTIONS = 200
READ = 40
STARTS = 5

MODEL_ALONE = """
from sentence_transformers import SentenceTransformer
model = SentenceTransformer({folder!r}, device="cpu", local_files_only=True)
model.encode_query("何为新市民?")
"""
FIRST_ANSWER = """
from qa.chatbot import Chatbot
Chatbot.open({index!r}).ask("何为新市民?")
"""
OPENING = """
import re, time
from qa.chatbot import Chatbot
from qa.config import Config
def show(what):
    status = open("/proc/self/status").read()
    own, files = (int(re.search(name + r":\\s+(\\d+)", status)[1]) for name in ("Anon", "File"))
    print("  {{}}: {{:,.0f}} MB, {{:,.0f}} MB of files".format(what, own / 1024, files / 1024))
bot = Chatbot.open({small!r}, Config(reader=None))
bot.warm_up()
show("process with the model in memory")
begun = time.perf_counter()
bot = Chatbot.open({index!r}, Config(reader=None))
taken = time.perf_counter() - begun
show("with the index open")
begun = time.perf_counter()
bot.index.check()
checked = time.perf_counter() - begun
bot.ask("何为新市民?")
show("after a question")
print("opened in {{:.0f}} ms, checked in {{:.1f}} s".format(1000 * taken, checked))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, default=NEWS, metavar="FILE")
    parser.add_argument("--articles", type=int, default=None, metavar="N")
    parser.add_argument("--paragraphs", type=int, default=0, metavar="N")
    parser.add_argument("--vectors", choices=VECTOR_FORMATS, default=VECTOR_FORMATS[0])
    parser.add_argument("--embed", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the indexes stay")
    options = parser.parse_args()
    if not options.news.is_file():
        raise SystemExit(f"skipped: the news set is not at {options.news}; give it with --news")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        if options.embed:
            embed(write_lines(options.news, folder / "some.jsonl", options.embed), folder / "some")
            return
        lines = write_lines(options.news, folder / "news.jsonl", options.articles)
        if options.paragraphs:
            repeat(lines, options.paragraphs)
        size(lines, folder / "index", options.vectors)
        opening(folder / "index", folder / "small")
        answer(folder / "index")
        if not options.paragraphs:
            start(folder / "index")
            update(lines, folder / "index")


def size(lines: Path, folder: Path, vectors: str) -> None:
    """Index with made-up vectors; print time, disk and memory a paragraph."""
    embedder = MadeUp(Config().model)
    embedder.encode_queries(["何为新市民?"])
    before = held()
    store = open_store(folder, embedder, vectors=vectors)
    begun = time.perf_counter()
    with highest() as most:
        done = ingest([lines], store, embedder)
    taken = time.perf_counter() - begun
    store.close()
    index = LocalIndex.open(folder, embedder)
    count = len(index)
    print(
        f"{done.documents:,} articles, {count:,} paragraphs of {lines.stat().st_size / 1e6:.0f} MB"
    )
    print(f"indexed without embedding in {taken:.0f} s: {count / taken:,.0f} paragraphs a second")
    for name, pattern in {
        "vectors": "embeddings*",
        "codes": "code*",
        "postings": "[pt]o*_[sphc]*",
        "texts": "documents*",
    }.items():
        used = sum(path.stat().st_size for path in folder.glob(f"data-*/{pattern}"))
        print(f"  {name:10}{used / 1e6:8.1f} MB{used / count:8.0f} bytes a paragraph")
    total = sum(path.stat().st_size for path in folder.glob("data-*/*"))
    print(f"  {'all':10}{total / 1e6:8.1f} MB{total / count:8.0f} bytes a paragraph")
    if before is not None:
        (peak,) = most
        print(
            f"peak memory of indexing: {peak.own - before.own:,.0f} MB beyond the "
            f"{before.own:,.0f} MB of the process with the model; besides "
            f"{peak.files:,.0f} MB of mapped files, which the system takes back when it has to"
        )


def opening(index: Path, small: Path) -> None:
    """Print how long it takes a process of its own to open the index, and its memory."""
    Chatbot.from_texts({"一": "一段文字。"}, Config(reader=None)).save(small)
    program = OPENING.format(index=str(index), small=str(small))
    print(run(program), end="", flush=True)


def start(index: Path) -> None:
    """Print process start to first answer against importing and loading the model alone."""
    folder = str(model_folder(Config().model))
    ours: list[float] = []
    alone: list[float] = []
    for _ in range(STARTS):
        alone.append(seconds(lambda: run(MODEL_ALONE.format(folder=folder))))
        ours.append(seconds(lambda: run(FIRST_ANSWER.format(index=str(index)))))
    own, other = statistics.median(ours), statistics.median(alone)
    print(f"start to first answer {own:.2f} s, model alone {other:.2f} s: {own / other:.2f}")


def answer(folder: Path) -> None:
    """Print how long the parts of an answer take, without the reader and with it."""
    embedder = MadeUp(Config().model)
    bot = opened(folder, None)
    asked = [
        clip(bot.index.paragraph(int(number)).text)
        for number in RANDOM.choice(len(bot.index), QUESTIONS, replace=False)
    ]
    times: dict[str, list[float]] = {"encode": [], "search": [], "answer": []}
    for question in asked:
        vectors = embedder.encode_queries([question])
        times["encode"].append(seconds(lambda q=question: bot.embedder.encode_queries([q])))
        tokens = [query_tokens(question)]
        times["search"].append(seconds(lambda v=vectors, t=tokens: bot.index.candidates(v, t, 100)))
        times["answer"].append(seconds(lambda q=question: bot.ask(q)))
    besides = [whole - own for whole, own in zip(times["answer"], times["encode"], strict=True)]
    reading = opened(folder, Config().reader)
    read = [seconds(lambda q=question: reading.ask(q)) for question in asked[:READ]]
    found = {**times, "answer besides encoding": besides, "answer with the reader": read}
    for name, taken in found.items():
        print(
            f"  {name:26}{1_000 * statistics.median(taken):8.1f} ms median"
            f"{1_000 * sorted(taken)[int(0.95 * len(taken))]:8.1f} ms p95"
        )
    together = seconds(lambda: bot.ask_many(asked))
    print(f"  asked together: {QUESTIONS / together:,.0f} questions a second")
    for people in (1, 2, 8):
        with ThreadPoolExecutor(people) as pool:
            apart = seconds(lambda own=pool: list(own.map(bot.ask, asked)))
        print(f"  by {people} at once: {QUESTIONS / apart:,.0f} questions a second")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory of indexing and answering: {peak / 1024:,.0f} MB")


def opened(folder: Path, reader: str | None) -> Chatbot:
    """Return a chatbot on the index that is warm and remembers no answer."""
    bot = Chatbot.open(folder, Config(reader=reader, remembered_answers=0))
    bot.warm_up()
    return bot


def update(lines: Path, folder: Path) -> None:
    """Print how long it takes to add an article, and what is written for it."""
    embedder = MadeUp(Config().model)
    with lines.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "new", "text": "松花湖的冰面今天有42厘米厚。"}) + "\n")
    before = set(folder.glob("data-*"))
    store = open_store(folder, embedder)
    taken = seconds(lambda: ingest([lines], store, embedder))
    store.close()
    written = sum(
        path.stat().st_size for new in set(folder.glob("data-*")) - before for path in new.iterdir()
    )
    print(f"one article added in {taken:.1f} s ({written / 1e3:,.0f} kB written): all are read")


def embed(lines: Path, folder: Path) -> None:
    """Embed for real; print the pace and the share of what the model alone reaches."""
    embedder = SentenceTransformerEmbedder(Config().model)
    paces: list[Pace] = []
    store = open_store(folder, embedder)
    begun = time.perf_counter()
    ingest([lines], store, embedder, on_pace=paces.append)
    taken = time.perf_counter() - begun
    store.close()
    index = LocalIndex.open(folder, embedder)
    characters = sum(len(index.paragraph(number).text) for number in range(len(index)))
    print(
        f"{len(index):,} paragraphs of {characters / len(index):.0f} characters in {taken:.0f} s: "
        f"{len(index) / taken:.0f} a second"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak / 1024:,.0f} MB")


def seconds(action: Callable[[], object]) -> float:
    """Return how long ``action`` takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def run(code: str) -> str:
    """Run a program in a process of its own; return what it prints."""
    program = [sys.executable, "-c", code]
    return subprocess.run(program, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
