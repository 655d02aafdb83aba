"""The articles that the documents in ``tests/data/documents`` are made from, as blocks."""

import html
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "documents"
Item = tuple[str, str]


def original(name: str) -> list[Item]:
    """Return (kind, text) of each block; kind is h1…h3, p, li or tr (cells joined by tabs)."""
    items: list[Item] = []
    for line in (FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines():
        hashes = len(line) - len(line.lstrip("#"))
        if not line or set(line) <= set("| -"):
            continue
        if hashes:
            items.append((f"h{hashes}", line.lstrip("# ")))
        elif line.startswith("- "):
            items.append(("li", line[2:]))
        elif line.startswith("|"):
            items.append(("tr", "\t".join(cell.strip() for cell in line.strip("|").split("|"))))
        else:
            items.append(("p", line))
    return items


def body_html(items: Sequence[Item], indent: str = "") -> str:
    """Return plain HTML of the blocks, lists and tables closed."""
    written: list[str] = []
    opened = ""
    for kind, text in items:
        wanted = {"li": "ul", "tr": "table"}.get(kind, "")
        if opened != wanted:
            written.append(f"</{opened}>" if opened else "")
            written.append(f"<{wanted}>" if wanted else "")
            opened = wanted
        if kind == "tr":
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in text.split("\t"))
            written.append(f"<tr>{cells}</tr>")
        else:
            shift = indent if kind == "p" else ""
            written.append(f"<{kind}>{shift}{html.escape(text)}</{kind}>")
    written.append(f"</{opened}>" if opened else "")
    return "\n".join(filter(None, written))


def run(*command: str | Path, inside: Path | None = None) -> str:
    """Run a program, in a folder if one is given, and return what it printed."""
    given = [str(part) for part in command]
    done = subprocess.run(given, check=True, capture_output=True, timeout=180, cwd=inside)
    return done.stdout.decode()


def office(source: Path, kind: str, target: Path) -> None:
    """Convert with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", kind, "--outdir", folder, source,
        )  # fmt: skip
        made = next(path for path in Path(folder).iterdir() if path.stem == source.stem)
        target.write_bytes(made.read_bytes())
