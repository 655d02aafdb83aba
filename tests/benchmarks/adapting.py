"""What an owner's own questions are worth: ``python -m qa.training adapt``, before and after.

``PYTHONPATH=. python tests/benchmarks/adapting.py --to FOLDER`` writes articles of one genre of the
written questions as an owner has them, a file an article and JSON lines of questions, and adapts a
reader to half of them. Of the genres, the bundled reader was trained without "loose" (vague, spoken
questions) and "english"; another one needs a ``--base`` that has not seen it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from qa.config import Config
from qa.training.data.records import LabelledArticle
from qa.training.data.written import written


def main() -> None:
    """Write the articles and questions, and adapt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genre", default="loose", help="(%(default)s)")
    parser.add_argument("--articles", type=int, default=40, help="at most (%(default)s)")
    parser.add_argument("--base", default=Config().reader, help="(%(default)s)")
    parser.add_argument("--model", default=Config().model, help="(%(default)s)")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--minutes", default="12")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        questions = Path(place) / f"{options.genre}.jsonl"
        with questions.open("w", encoding="utf-8") as lines:
            for number, article in enumerate(islice(of_genre(options.genre), options.articles)):
                source = f"{number:03}.txt"
                (folder / source).write_text("\n\n".join(article.paragraphs), encoding="utf-8")
                lines.writelines(f"{json.dumps(one)}\n" for one in labels(article, source))
        command = [sys.executable, "-m", "qa.training", "adapt", str(questions)]
        command += ["--articles", str(folder), "--base", options.base, "--to", str(options.to)]
        subprocess.run(
            [*command, "--model", options.model, "--minutes", options.minutes], check=True
        )


def of_genre(genre: str) -> Iterator[LabelledArticle]:
    """Yield the articles of a genre that no certainty was fitted on."""
    return (one for one in written().train if one.collection == f"written {genre}")


def labels(article: LabelledArticle, source: str) -> Iterator[dict[str, Any]]:
    """Yield the questions in the form of ``qa eval``."""
    for one in article.questions:
        answer = one.answer.of(article.paragraphs[one.positives[0]]) if one.answer else ""
        yield {
            "question": one.text,
            "source": source,
            "evidence": [article.paragraphs[place] for place in one.positives],
            "answer": answer,
            "history": list(one.history),
            "kind": one.kind,
        }


if __name__ == "__main__":
    main()
