"""The program of a process that embeds for another one: JSON lines in, vectors out.

The first line has the settings, each other one texts. A newline on the output says that the model
is loaded; each reply is two sizes and then the vectors, float32, row by row.
"""

import json
import os
import sys

from qa.embedding.compute import all_threads
from qa.embedding.helpers import SIZES
from qa.embedding.sentence_transformer import SentenceTransformerEmbedder

__all__ = ["main"]


def main() -> None:
    """Embed until the input ends."""
    # What a library prints must not come between the vectors.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    settings = json.loads(sys.stdin.buffer.readline())
    embedder = SentenceTransformerEmbedder(settings["model"], batch_size=settings["batch_size"])
    embedder.load()
    all_threads(settings["processes"])
    replies.write(b"\n")
    replies.flush()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        vectors = embedder.encode_here(asked["texts"], half=asked["half"])
        replies.write(SIZES.pack(*vectors.shape) + vectors.tobytes())
        replies.flush()


if __name__ == "__main__":
    main()
