"""What an owner's own questions are worth: ``python -m qa.training adapt``, before and after.

``PYTHONPATH=. python tests/benchmarks/adapting.py --base FOLDER --to FOLDER`` writes the informal
texts of the written questions (forum posts, guides, reviews, with search queries) as an owner
has them, a file an article and JSON lines of questions, and adapts a reader to half of them.
They are left out of everything else; ``--base`` must be a reader that was not trained on them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.training.data.records import LabelledArticle
from qa.training.data.written import written

SHARED = Path(__file__).resolve().parents[3] / "shared" / "models"


def main() -> None:
    """Write the articles and questions, and adapt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, default=SHARED / "reader-small-zh-2")
    parser.add_argument("--model", default=str(SHARED / "e5-small-zh-qa-2"))
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--minutes", default="12")
    options = parser.parse_args()
    if not options.base.is_dir():
        raise SystemExit(f"skipped: {options.base} is not there; give a reader with --base")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        questions = Path(place) / "informal.jsonl"
        with questions.open("w", encoding="utf-8") as lines:
            for number, article in enumerate(informal()):
                source = f"{number:02}.txt"
                (folder / source).write_text("\n\n".join(article.paragraphs), encoding="utf-8")
                lines.writelines(f"{json.dumps(one)}\n" for one in labels(article, source))
        command = [sys.executable, "-m", "qa.training", "adapt", str(questions)]
        command += ["--articles", str(folder), "--base", str(options.base), "--to", str(options.to)]
        subprocess.run(
            [*command, "--model", options.model, "--minutes", options.minutes], check=True
        )


def informal() -> list[LabelledArticle]:
    """Return the informal texts of both sides."""
    split = written()
    return [one for one in (*split.train, *split.held_out) if one.collection.endswith("informal")]


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
