"""Kill processes that build, update and save an index, and look what is left.

``PYTHONPATH=tests python -m support.crash 200`` kills 200 of them at random moments. After each one
the folder has to hold the old index or the new one, whole; before the first index is finished,
none at all.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from qa import loaders
from qa.chatbot import Chatbot
from qa.chatbot.cached import open_or_build
from qa.config import Config
from qa.embedding.cache import shared_embedder
from qa.errors import IndexDamaged
from qa.types import Document

Content = dict[str, Document]
SENTENCES = (
    "渡口的木船每天早上六点开出第一班。",
    "山上的索道去年修了三个月。",
    "镇里的小学有两百一十二个学生。",
    "夜市的摊位一共三百零八个。",
)
MOST_SAVES = 10_000


def run(work: Callable[[], object], kill_after: float | None = None) -> None:
    """Run ``work`` in a process, to its end or until it is killed after some seconds."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("the work failed by itself")


class Campaign:
    """One index folder, its corpus, and what may be in the index."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.corpus = folder / "corpus"
        self.corpus.mkdir(parents=True)
        self.index = folder / "index"
        self.config = Config()
        self.round = 0
        self.whole: Content | None = None
        self.found: Counter[str] = Counter()
        self._change()
        # The model is loaded once, here; each process that is killed has it from this one.
        self.embedder = shared_embedder(self.config)
        self.embedder.encode_queries(["?"])

    def _change(self) -> None:
        """Write, change and remove files of the corpus."""
        self.round += 1
        for number, sentence in enumerate(SENTENCES):
            if number == self.round % len(SENTENCES):
                text = f"{sentence}这是第{self.round}回。\n{SENTENCES[number - 1]}"
                (self.corpus / f"{number}.txt").write_text(text, encoding="utf-8")
        gone = self.corpus / f"{(self.round + 1) % len(SENTENCES)}.txt"
        if self.round % 3 == 0:
            gone.unlink(missing_ok=True)

    def corpus_content(self) -> Content:
        """Return what the index has to hold after an update."""
        return {one.id: one for one in loaders.load_paths([self.corpus]).documents}

    def moments(self, kills: int, longest: float) -> list[float]:
        """Return a random moment in each of ``kills`` equal parts of ``longest``, shuffled."""
        found = [(part + self.random.random()) * longest / kills for part in range(kills)]
        self.random.shuffle(found)
        return found

    def update(self) -> Chatbot:
        """Bring the index up to date with the corpus."""
        return open_or_build([self.corpus], self.config, self.index)

    def examine(self, allowed: list[Content | None]) -> Content | None:
        """Return what the index holds, which has to be one of ``allowed``, to the last letter."""
        try:
            opened = Chatbot.open(self.index, self.config)
        except IndexDamaged:
            held = None
        else:
            held = {one.id: one for one in opened.documents}
            for document in held.values():
                for paragraph in opened.paragraphs(document.id):
                    assert document.text[paragraph.start : paragraph.end] == paragraph.text
            assert opened.ask("第一班船几点开出?").passages
        assert held in allowed, f"the index holds {held and sorted(held)}, neither old nor new"
        self.found["none" if held is None else "old" if held == allowed[0] else "new"] += 1
        return held

    def update_round(self, moment: float) -> None:
        """Kill an update of the index, which embeds what changed and saves."""
        self._change()
        new = self.corpus_content()
        run(self.update, kill_after=moment)
        self.whole = self.examine([self.whole, new])

    def save_round(self, saved: list[Chatbot], moment: float) -> None:
        """Kill a process that does nothing but save one index over the other."""

        def save() -> None:
            for number in range(MOST_SAVES):
                saved[number % 2].save(self.index)

        run(save, kill_after=moment)
        contents = [{one.id: one for one in bot.documents} for bot in saved]
        self.whole = self.examine([self.whole, *contents])


def campaign(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kill ``kills`` processes and return what was found after them."""
    own = Campaign(folder, seed)
    begun = time.monotonic()
    # In a process like those that are killed, so that the moments lie within their work.
    run(lambda: open_or_build([own.corpus], own.config, folder / "timing"))
    longest = 1.3 * (time.monotonic() - begun)
    timing = open_or_build([own.corpus], own.config, folder / "timing")
    builds, updates = max(kills // 8, 1), kills // 2
    for moment in own.moments(builds, longest):
        if own.whole is not None:
            own.index.rename(folder / f"done-{own.round}")
            own.whole = None
        own.update_round(moment)
    own.update()
    own.whole = own.examine([own.corpus_content()])
    for moment in own.moments(updates, longest):
        own.update_round(moment)
    own._change()
    other = own.update()
    own.whole = own.examine([own.corpus_content()])
    for moment in own.moments(kills - builds - updates, 0.3):
        own.save_round([timing, other], moment)
    # The next save, if not before, clears away what those that were killed had begun.
    own._change()
    own.update()
    own.examine([own.corpus_content()])
    left = sorted(entry.name for entry in own.index.iterdir())
    assert len(left) == len(list((folder / "timing").iterdir())), f"left behind: {left}"
    return own.found


def main() -> None:
    """Run a campaign and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        found = campaign(Path(folder), options.kills, options.seed)
    print(json.dumps({"kills": options.kills, "seed": options.seed, "found": dict(found)}))


if __name__ == "__main__":
    sys.exit(main())
