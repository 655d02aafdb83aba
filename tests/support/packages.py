"""Which package of ``qa`` may import which, and what each is for; the picture made from it.

``PYTHONPATH=tests python -m support.packages`` writes the picture into ``qa/README.md``.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from types import MappingProxyType

__all__ = ["HEAVY", "PACKAGES", "Package", "imports", "modules", "picture", "upward"]

ROOT = Path(__file__).resolve().parents[2] / "qa"
README = ROOT / "README.md"
FOUNDATION = ("types", "errors", "arguments", "config", "memory")
"""Modules that every package may import."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a package is for, and which others it may import besides the foundation."""

    purpose: str
    imports: tuple[str, ...] = ()


PACKAGES: Mapping[str, Package] = MappingProxyType(
    {
        "text": Package("sentences, search tokens, numbers, scripts"),
        "loaders": Package("files and pages to documents, documents to paragraphs", ("text",)),
        "question": Package("what is asked: tokens, subject, kind, follow-ups", ("text",)),
        "embedding": Package("texts to vectors", ("text",)),
        "index": Package(
            "paragraphs kept and searched, here or in Milvus", ("text", "loaders", "embedding")
        ),
        "retrieval": Package(
            "dense and lexical search in one ranking", ("text", "question", "embedding", "index")
        ),
        "reader": Package("how well a passage answers, with which words", ("text", "embedding")),
        "answering": Package(
            "from what was found to an answer or a refusal",
            ("text", "loaders", "question", "index", "retrieval", "reader"),
        ),
        "render": Package("answers as text", ("text", "loaders", "question", "answering")),
        "chatbot": Package(
            "the finished parts together",
            (
                "text", "loaders", "question", "embedding", "index", "retrieval", "reader",
                "answering", "render",
            ),
        ),
        "evaluate": Package(
            "how often it is right", ("text", "question", "index", "retrieval", "chatbot")
        ),
        "web": Package(
            "the page, its server and API",
            ("text", "loaders", "embedding", "index", "answering", "render", "chatbot"),
        ),
        "training": Package(
            "training and fitting the models",
            (
                "text", "loaders", "question", "embedding", "index", "retrieval", "reader",
                "answering", "evaluate",
            ),
        ),
        "cli": Package(
            "the command line",
            (
                "text", "loaders", "embedding", "index", "render", "chatbot", "evaluate", "web",
            ),
        ),
    }
)  # fmt: skip
"""In the order in which a question goes through them."""

ROOMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"web": ("gate", "visit", "html", "events")}
)
"""Packages within a package, each of which imports those before it alone."""

HEAVY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "torch": ("embedding", "reader", "training"),
        "sentence_transformers": ("embedding", "training"),
        "transformers": ("embedding", "training"),
        "gradio": ("web",),
        "fastapi": ("web",),
        "starlette": ("web",),
        "pymilvus": ("index",),
        "sklearn": ("training",),
        "matplotlib": ("evaluate", "training"),
    }
)
"""Libraries that take long to import, and the packages where they belong."""


def modules(root: Path = ROOT) -> dict[str, ast.Module]:
    """Return the parsed modules below a folder by their dotted name (``qa.text.tokens``)."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = ".".join((root.name, *path.relative_to(root).with_suffix("").parts))
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    """Yield what a module imports, wherever in it: a known module, or the library's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else node.module


def upward(root: Path = ROOT) -> list[str]:
    """Return each import that the table does not allow, as ``importer -> imported``."""
    known = modules(root)
    return [
        f"{name} -> {imported}"
        for name, tree in known.items()
        for imported in imports(tree, known)
        if not _is_allowed(_package(name), imported) or _is_room_above(name, imported)
    ]


def _is_allowed(importer: str, imported: str) -> bool:
    library, _, rest = imported.partition(".")
    if library != "qa":
        return importer in HEAVY.get(library, (importer,))
    target = rest.partition(".")[0]
    if not target:
        # The version, which the command line tells.
        return importer == "cli"
    if importer not in PACKAGES:
        return importer not in FOUNDATION or target in FOUNDATION
    return target in (importer, *FOUNDATION, *PACKAGES[importer].imports)


def _is_room_above(importer: str, imported: str) -> bool:
    package = _package(importer)
    rooms = ROOMS.get(package, ())
    own, other = ((*one.split("."), "", "")[2] for one in (importer, imported))
    if own not in rooms or _package(imported) != package or other not in rooms:
        return False
    return rooms.index(other) > rooms.index(own)


def _package(module: str) -> str:
    return (*module.split("."), "")[1]


def circles(root: Path = ROOT) -> None:
    """Look for modules that import each other; raises :class:`graphlib.CycleError` if there are."""
    known = modules(root)
    TopologicalSorter(
        {name: {one for one in imports(tree, known) if one != name} for name, tree in known.items()}
    ).prepare()


def picture() -> str:
    """Return the packages as a Mermaid graph, without the arrows that others imply."""
    lines = ["```mermaid", "graph BT"]
    lines += [f'    {name}["<b>{name}</b><br>{one.purpose}"]' for name, one in PACKAGES.items()]
    for name, one in PACKAGES.items():
        implied = {beyond for other in one.imports for beyond in _reached(other)}
        lines += [f"    {name} --> {other}" for other in one.imports if other not in implied]
    return "\n".join([*lines, "```"])


def _reached(name: str) -> set[str]:
    own = PACKAGES[name].imports
    return {*own, *(beyond for other in own for beyond in _reached(other))}


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition("```mermaid")
    README.write_text(f"{before}{picture()}{rest.partition('```')[2]}", encoding="utf-8")
